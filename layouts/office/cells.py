"""The cells of a table of rows, each written as its column says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dash import html

from cockpit.interval import STATE_TEXT, State
from cockpit.metric import SCALE, UNIT_TEXT, Unit
from cockpit.numbers import NOTHING, written
from cockpit.panel import Values
from cockpit.shown import Form, ShownColumn
from cockpit.text import Language, Text
from cockpit.window import EPOCH
from layouts import words
from layouts.parts.moment import moment

HIDDEN = "***"
YES, NO = Text("是", "yes"), Text("否", "no")
HOUR = Text("时", " h")
STATE = Text("{}·状态", "{}, state")
IN_SECONDS, IN_YUAN = Text("{}（秒）", "{} (s)"), Text("{}（元）", "{} (yuan)")
FEN, TEN_THOUSANDTHS = 100, 10_000
CROSSING = {"same": Text("同镇", "same town"), "cross": Text("跨镇", "another town")}
FIXED: Mapping[str, Text] = {**words.STAGE, **words.INCIDENT_STATE, **CROSSING}
"""Names of codes that no list of the city has."""

NUMBERS = (Form.SECONDS, Form.NUMBER, Form.MONEY, Form.SCALED)


def heads(columns: Sequence[ShownColumn], unit: Unit, language: Language) -> list[str]:
    """Return what stands above each column; lengths of time are in the number's own unit where that is one of time."""
    return [head(column, unit, language) for column in columns]


def head(column: ShownColumn, unit: Unit, language: Language) -> str:
    """Return what stands above a column."""
    title = column.title(language)
    if column.form is Form.STATE:
        return STATE(language).format(title)
    if column.form is Form.MONEY:
        return IN_YUAN(language).format(title)
    if column.form is not Form.SECONDS:
        return title
    return f"{title}（{UNIT_TEXT[unit](language)}）" if is_of_time(unit) else IN_SECONDS(language).format(title)


def is_of_time(unit: Unit) -> bool:
    """Whether a unit is one of time, so that lengths are told in it."""
    return unit in (Unit.MINUTES, Unit.HOURS, Unit.DAYS)


def numbers_in(columns: Sequence[ShownColumn]) -> list[int]:
    """Return the places of the columns of numbers."""
    return [place for place, column in enumerate(columns) if column.form in NUMBERS]


def cells(columns: Iterable[ShownColumn], row: Mapping[str, Any], values: Values, unit: Unit, language: Language) -> list[Any]:
    """Return the cells of one row."""
    return [cell(column, row[column.name], values, unit, language) for column in columns]


def cell(column: ShownColumn, value: Any, values: Values, unit: Unit, language: Language) -> Any:
    """Return one cell."""
    if value is None:
        return NOTHING
    if column.form is Form.HIDDEN:
        return html.Span(HIDDEN, className="soft", title=words.MASKED(language))
    if column.form in NUMBERS:
        return number_text(column.form, float(value), unit, language)
    if column.form in (Form.MOMENT, Form.HOUR, Form.DAY):
        return time_text(column.form, float(value), values, language)
    if column.form is Form.TRUTH:
        return (YES if value else NO)(language)
    return STATE_TEXT[State(value)](language) if column.form is Form.STATE else code_text(column, str(value), values, language)


def number_text(form: Form, value: float, unit: Unit, language: Language) -> str:
    """Return a number in the unit that its head names."""
    if form is Form.SECONDS:
        return (
            written(value / SCALE[unit], unit, language, "text")
            if is_of_time(unit)
            else written(value, Unit.SECONDS, language, "text")
        )
    if form is Form.MONEY:
        return f"{value / FEN:,.2f}"
    exact = value / TEN_THOUSANDTHS if form is Form.SCALED else value
    return f"{exact:,.0f}" if exact == int(exact) else f"{exact:,.2f}"


def time_text(form: Form, value: float, values: Values, language: Language) -> str:
    """Return a moment on the site's clock, or a day; what is personal is told to the hour."""
    if form is Form.DAY:
        return str(EPOCH + timedelta(days=int(value)))
    when = values.local_time(value)
    return moment(when) if when is None or form is Form.MOMENT else f"{when:%Y-%m-%d %H}{HOUR(language)}"


def code_text(column: ShownColumn, code: str, values: Values, language: Language) -> str:
    """Return the name of a code."""
    named = values.label(column.dimension, code)(language)
    return FIXED[code](language) if named == code and code in FIXED else named
