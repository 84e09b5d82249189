"""What of a table's rows a person may see, and how each cell is written (domain specification, section 9.2).

What says nothing of anybody is shown as it is. Of what is personal, a moment is shown to the hour; codes, truths and
lengths of time are shown, for they are what a number is made of; free text is not. Of what is sensitive nothing is shown.
Identifiers of cases, persons, vehicles and firms, which lead to one of them, have no column at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cockpit.code_names import CODE_NAMES
from cockpit.interval import State
from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text

IDENTIFIES = ("_id", "_key", "_no")
PLACES = ("station_id", "hospital_id")
"""Codes of places that serve everybody: their names are told where the row does not tell anybody's health."""

NOT_TOLD = ("rev", "digest", "raw", "origin", "detail")
"""What only the machinery reads; a refused row is shown on the page of data, cell by cell."""

TIME = "_s"
"""How a column of seconds is named."""


class Form(StrEnum):
    """How a cell is written."""

    MOMENT = "moment"
    HOUR = "hour"
    DAY = "day"
    SECONDS = "seconds"
    NUMBER = "number"
    MONEY = "money"
    SCALED = "scaled"
    TRUTH = "truth"
    CODE = "code"
    STATE = "state"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class ShownColumn:
    """One column as it is shown; `dimension` is what its codes are named by."""

    name: str
    title: Text
    form: Form
    dimension: str


FORMS: Mapping[Kind, Form] = {
    Kind.INTEGER: Form.NUMBER,
    Kind.REAL: Form.NUMBER,
    Kind.BOOLEAN: Form.TRUTH,
    Kind.MONEY: Form.MONEY,
    Kind.SCALED: Form.SCALED,
    Kind.INSTANT: Form.MOMENT,
    Kind.DAY: Form.DAY,
}
"""How a value is written that may be seen; every other kind is a code, or text."""


def shown_columns_of(table: Table) -> tuple[ShownColumn, ...]:
    """Return the columns of a table that a person is shown, those among them whose cells are masked."""
    return tuple(shown_as(column) for column in table.columns if not is_internal(table, column))


def shown_as(column: Column) -> ShownColumn:
    """Return how a column is shown."""
    dimension = "town" if column.kind is Kind.TOWN else column.name
    return ShownColumn(column.name, column.meaning, form_of(column), dimension)


def is_internal(table: Table, column: Column) -> bool:
    """Whether a column only identifies something, or repeats another one for the machinery."""
    is_identifier = column.kind is Kind.TEXT and column.name.endswith(IDENTIFIES) and column.name not in PLACES
    is_json = column.kind in (Kind.JSON, Kind.LOCAL)
    return is_identifier or is_json or column.name in NOT_TOLD or (table.key == (column.name,) and column.kind is Kind.TEXT)


def form_of(column: Column) -> Form:
    """Return how a cell of a column is written."""
    if column.pii is Pii.SENSITIVE:
        return Form.HIDDEN
    form = FORMS.get(column.kind, Form.CODE)
    if column.pii is Pii.PERSONAL:
        form = Form.HOUR if form is Form.MOMENT else Form.HIDDEN if is_free_text(column) else form
    if form is Form.NUMBER and column.name.endswith(TIME):
        return Form.SECONDS
    return Form.STATE if form is Form.CODE and {*column.allowed} == {*State} else form


def is_free_text(column: Column) -> bool:
    """Whether a text could say anything: it is neither a town's code nor one of those that are fixed."""
    is_fixed = column.allowed or column.name in CODE_NAMES or column.name in PLACES
    return column.kind in (Kind.TEXT, Kind.JSON) and not is_fixed
