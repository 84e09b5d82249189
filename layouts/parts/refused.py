"""How a screen says that refused rows may concern its numbers: a mark, how many, and what they could do."""

from collections.abc import Iterable
from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.numbers import whole_number, written
from cockpit.text import Language
from layouts import words

REFUSED_GLYPH = "※"
"""A mark that every font with Chinese has."""


def refused_text(readings: Iterable[Reading], language: Language) -> str:
    """Return how many refused rows may concern some readings, from the fewest to the most; nothing when there are none."""
    counts = sorted({reading.quarantined for reading in readings})
    if not counts or not counts[-1]:
        return ""
    said = "…".join(whole_number(count) for count in dict.fromkeys((counts[0], counts[-1])))
    return f"{REFUSED_GLYPH} {words.REFUSED(language).format(said)}"


def refused_mark(language: Language, *readings: Reading) -> Any:
    """Return the mark that stands beside n, or nothing; of one reading it tells, when pointed at, what they could do."""
    text = refused_text(readings, language)
    told = effect_text(readings[0], language) if len(readings) == 1 else words.REFUSED_ROWS(language)
    return html.Span(text, className="refused", title=told) if text else None


def effect_text(reading: Reading, language: Language) -> str:
    """Return between which ends a value would lie whatever the refused rows would have said, an open end as a dash."""
    rows = words.REFUSED_ROWS(language)
    if not reading.is_bounded:
        return f"{rows}{words.NO_BOUND(language)}"
    low, high = (written(end, reading.metric.unit, language) for end in (reading.least, reading.most))
    return f"{rows}{words.BOUND(language).format(low, high, reading.metric.unit_text(language))}"
