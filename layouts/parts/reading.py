"""How one reading is written: its value with unit, its interval, its n, and how far it may be trusted."""

from typing import Any

from dash import html

from cockpit.metric import Reading, Status
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Values
from cockpit.text import Language
from layouts import words
from layouts.parts.address import number_address
from layouts.parts.refused import refused_mark
from layouts.theme import STATUS_GLYPH, STATUS_TEXT

WITHHELD_N = "n=…"

USUAL_LINES = 2
"""How many lines stand under the number of a card; one with more has a smaller number."""


def value_text(reading: Reading, language: Language) -> str:
    """Return the value as a screen shows it, a dash when there is none."""
    return written(reading.value, reading.metric.unit, language)


def with_unit(reading: Reading, language: Language) -> str:
    """Return value and unit in one string."""
    unit = reading.metric.unit_text(language)
    if reading.value is None:
        return NOTHING
    return f"{value_text(reading, language)}{'' if unit == '%' else ' '}{unit}"


def interval_text(reading: Reading, language: Language) -> str:
    """Return the 95 % interval, an open end as a dash."""
    if reading.low is None and reading.high is None:
        return ""
    unit = reading.metric.unit
    low, high = (written(end, unit, language) for end in (reading.low, reading.high))
    return f"{words.INTERVAL_95(language)} {low}–{high}"


def n_text(reading: Reading) -> str:
    """Return n valid of n total."""
    if reading.is_withheld:
        return WITHHELD_N
    if reading.n == reading.n_total:
        return f"n={whole_number(reading.n)}"
    return f"n={whole_number(reading.n)}/{whole_number(reading.n_total)}"


def badge(reading: Reading, language: Language) -> Any:
    """Return glyph and word of a status that a reader must know of; nothing when all is well.

    A number whose day is over says up to when it counts.
    """
    if reading.status is Status.OK:
        return None
    said = STATUS_TEXT[reading.status](language)
    if reading.up_to is not None:
        said = f"{said} {words.ENDED(language).format(reading.up_to)}"
    return html.Span([html.I(STATUS_GLYPH[reading.status]), said], className=f"badge badge-{reading.status.value}")


def reason_text(reading: Reading, language: Language) -> str:
    """Return why there is no value."""
    return reading.reason(language) if reading.reason else ""


def signed_text(reading: Reading, language: Language) -> str:
    """Return a change in percent with its sign, a dash when there is none."""
    return NOTHING if reading.value is None else f"{signed(reading.value, reading, language)}%"


def signed(value: float, reading: Reading, language: Language) -> str:
    """Return a number in a reading's unit with its sign, as it is printed: a minus as wide as a plus."""
    text = written(value, reading.metric.unit, language)
    return f"\u2212{text[1:]}" if text.startswith("-") else f"+{text}" if value > 0 else text


def card(values: Values, reading: Reading, language: Language, *, title: Any, lines: tuple[Any, ...], window: str) -> html.Div:
    """Return a key figure: title, value with unit and window, two or three lines of what it means, and its status.

    Its title opens the number.

    The status stands beside the last line; one that warns takes its place. Refused rows stand above the window.
    """
    number = [
        html.Span(value_text(reading, language), className="card-value"),
        html.Span(reading.metric.unit_text(language), className="card-unit"),
        html.Span(window, className="card-window"),
        refused_mark(language, reading),
    ]
    *others, last = lines if reading.value is not None else missing_lines(reading, language)
    is_warning = reading.status not in (Status.OK, Status.PROVISIONAL, Status.MISSING)
    return html.Div(
        [
            html.Div(opened(title, values, reading, language), className="card-title"),
            html.Div(number, className="card-number" + (" is-thin" if reading.is_thin else "")),
            *(html.Div(line or "\u00a0", className="card-line") for line in others),
            html.Div([html.Span("" if is_warning else last), badge(reading, language)], className="card-line card-last"),
        ],
        className=f"card card-{reading.status.value}{' is-full' if len(lines) > USUAL_LINES else ''}",
        title=reading.metric.definition(language),
    )


def opened(title: Any, values: Values, reading: Reading, language: Language) -> html.A:
    """Return what opens a number: its definition, its weeks, its rows."""
    return html.A(title, href=number_address(values, reading, language), className="open-number")


def missing_lines(reading: Reading, language: Language) -> tuple[str, str]:
    """Return what stands under a dash."""
    return reason_text(reading, language), n_text(reading) if reading.n_total else NOTHING
