"""Readings as lines of a table on an office page: each opens its number."""

from typing import Any

from dash import html

from cockpit.metric import Reading, Unit
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Values
from cockpit.text import Language
from cockpit.window import WINDOW_TEXT
from layouts.office import number_words as words
from layouts.parts.address import number_address
from layouts.parts.reading import badge, reason_text
from layouts.parts.refused import refused_mark

FEW = "…"
"""What stands for a value that too few persons would be told by."""


def reading_heads(first: str, language: Language) -> list[str]:
    """Return what stands above the columns of `reading_row`."""
    return [first, words.WINDOW(language), words.VALUE(language), "n", words.INTERVAL(language), words.STATUS(language)]


def reading_row(values: Values, reading: Reading, name: str, language: Language) -> list[Any]:
    """Return one reading: its name, which opens it, window, value with unit, n, interval and status."""
    return [
        html.A(name, href=number_address(values, reading, language)),
        WINDOW_TEXT[reading.window.name](language),
        html.B(value_text(reading, language)),
        FEW if reading.is_withheld else counted(reading),
        interval_text(reading, language),
        status(reading, language),
    ]


def unit_after(reading: Reading, language: Language) -> str:
    """Return the unit as it stands behind a value: per cent close to it."""
    return reading.metric.unit_text(language)


def value_text(reading: Reading, language: Language) -> str:
    """Return the value in full, with its unit."""
    if reading.value is None:
        return FEW if reading.is_withheld else NOTHING
    between = "" if reading.metric.unit in (Unit.PERCENT, Unit.PERMILLE) else " "
    return f"{written(reading.value, reading.metric.unit, language, 'text')}{between}{unit_after(reading, language)}"


def counted(reading: Reading) -> str:
    """Return n valid of n total."""
    if reading.n == reading.n_total:
        return whole_number(reading.n)
    return f"{whole_number(reading.n)} / {whole_number(reading.n_total)}"


def interval_text(reading: Reading, language: Language) -> str:
    """Return the 95 % interval in full, an open end as a dash."""
    if reading.low is None and reading.high is None:
        return NOTHING
    low, high = (written(end, reading.metric.unit, language, "text") for end in (reading.low, reading.high))
    return f"{low} – {high}"


def status(reading: Reading, language: Language) -> Any:
    """Return the status with why there is no value, and refused rows that may concern it."""
    told = [
        badge(reading, language),
        html.Span(reason_text(reading, language), className="soft"),
        refused_mark(language, reading),
    ]
    return html.Span([part for part in told if part is not None], className="status")
