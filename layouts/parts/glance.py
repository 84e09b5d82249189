"""What is read at a glance, from five metres: one number and one comparison, a sign where something may be wrong.

How many, how sure and how many refused rows stand behind each number's link; here a mark says that there are such rows.
"""

from typing import Any

from dash import html

from cockpit.metric import Reading, Status
from cockpit.panel import Values
from cockpit.text import Language, Text
from layouts.parts.reading import badge, opened, reason_text, value_text
from layouts.parts.refused import REFUSED_GLYPH, effect_text, refused_text

WARNING = (Status.LATE, Status.STALE, Status.SHORT)
"""States that take the place of a comparison: what is compared with old news misleads."""

OVER = "◆ "
WITHHELD = Text("数少，不显示", "too few to show")


def doubt(language: Language, *readings: Reading) -> Any:
    """Return the mark of refused rows, which tells when pointed at how many and what they could do; nothing without any."""
    text = refused_text(readings, language)
    if not text:
        return None
    effect = effect_text(next(reading for reading in readings if reading.quarantined), language)
    return html.Span(REFUSED_GLYPH, className="doubt", title=f"{text}: {effect}")


def why_none(reading: Reading, language: Language) -> str:
    """Return why a reading has no value, in as few words as a card has room for."""
    return WITHHELD(language) if reading.is_withheld else reason_text(reading, language)


def glance_card(
    values: Values, reading: Reading, language: Language, *, title: Text, line: Any, window: Text | None = None
) -> html.Div:
    """Return a key figure: its title, which opens it, the value with its unit, and the one comparison that matters."""
    number = [
        html.Span(value_text(reading, language), className="card-value"),
        html.Span("" if reading.value is None else reading.metric.unit_text(language), className="card-unit"),
        doubt(language, reading),
    ]
    return glance_box(
        head=opened(title(language), values, reading, language),
        window="" if window is None else window(language),
        number=number,
        line=why_none(reading, language) if reading.value is None else line,
        reading=reading,
        language=language,
    )


def glance_box(*, head: Any, window: str, number: list[Any], line: Any, reading: Reading, language: Language) -> html.Div:
    """Return a card of three lines; where its reading is old or of too few, that is said in place of the comparison."""
    said = badge(reading, language) if reading.status in WARNING else line
    thin = " is-thin" if reading.is_thin else ""
    return html.Div(
        [
            html.Div([head, html.Small(window)], className="card-title"),
            html.Div(number, className=f"card-number{thin}"),
            html.Div(said or "\u00a0", className="card-line card-last"),
        ],
        className=f"card glance card-{reading.status.value}",
        title=reading.metric.definition(language),
    )


def marked(text: str, *, is_over: bool = True) -> list[Any]:
    """Return a comparison, with the sign of an exception where it is one."""
    return [html.Span([html.I(OVER, className="is-over") if is_over else "", text])]
