"""From words to values: the value maps of `site.toml`, and what a word means in a column of each kind."""

import json
import re
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.ledger.tables import Column, Kind
from cockpit.scope import UNKNOWN_TOWN
from cockpit.site import Field_
from etl.identifiers import CHECKS, is_destroyed
from etl.known import Known
from etl.quantities import integer, money, real, scaled

TRUE, FALSE = ("true", "1"), ("false", "0")
Mask = npt.NDArray[np.bool_]

UNPARSABLE, NOT_ALLOWED, UNKNOWN_REFERENCE = "unparsable", "not_allowed", "unknown_reference"
REASONS = (UNPARSABLE, NOT_ALLOWED, UNKNOWN_REFERENCE)
"""Why a word is no value of its column; they are said in this order."""


def looked_up(field: Field_, text: pd.Series) -> pd.Series:
    """Return text through the field's value map; NaN marks a value the map does not know."""
    if not field.values:
        return text
    known = text.map({**field.values, "": field.values.get("", "")})
    return known if field.otherwise is None else known.fillna(field.otherwise)


def converted(column: Column, words: pd.Series, known: Known, fed: frozenset[str]) -> tuple[pd.Series, Mapping[str, Mask]]:
    """Return words as values of the column's kind, and for each reason which of them are none.

    A key that a list must have is looked for where the site feeds that list.
    """
    read = [value_of(column, word, known, fed) for word in words.tolist()]
    values = pd.Series([value for value, _ in read], words.index, dtype=object)
    return values, {name: np.array([reason == name for _, reason in read], np.bool_) for name in REASONS}


def value_of(column: Column, word: object, known: Known, fed: frozenset[str]) -> tuple[object, str | None]:
    """Return one word as a value, or why it is none; an empty word is unknown."""
    if not isinstance(word, str):
        return None, NOT_ALLOWED  # the value map does not know it
    if column.kind is Kind.TOWN:
        return town_of(column, word, known, fed)
    if word == "":
        return None, None
    value = CONVERT[column.kind](column, word)
    why_not = UNPARSABLE if value is None else why_refused(column, value, known, fed)
    return (value, None) if why_not is None else (None, why_not)


def why_refused(column: Column, value: object, known: Known, fed: frozenset[str]) -> str | None:
    """Return why a value of the right kind is none of its column, if it is not."""
    if not is_allowed(column, value):
        return NOT_ALLOWED
    is_strange = column.references in fed and value not in known.keys.get(str(column.references), ())
    return UNKNOWN_REFERENCE if is_strange else None


def town_of(column: Column, word: str, known: Known, fed: frozenset[str]) -> tuple[str | None, str | None]:
    """Return the town that a code stands for; a code of no town is unknown, or refused where the column asks for one."""
    code = known.aliases.get(word, word)
    if code in known.towns:
        return code, None
    is_refused = column.references in fed and code not in ("", UNKNOWN_TOWN)
    return (None, UNKNOWN_REFERENCE) if is_refused else (UNKNOWN_TOWN, None)


def is_allowed(column: Column, value: object) -> bool:
    """Whether a value lies within the column's bounds, matches its pattern and passes its check."""
    if isinstance(value, int | float):
        return column.bounds is None or column.bounds[0] <= value <= column.bounds[1]
    word = str(value)
    if column.pattern is not None and re.fullmatch(column.pattern, word) is None:
        return False
    return column.check is None or CHECKS[column.check](word)


def text(word: str) -> str | None:
    """Read a text byte for byte, unless it is no longer what was written."""
    return None if is_destroyed(word) else word


def boolean(word: str) -> bool | None:
    """Read true, false, 1 or 0."""
    lower = word.lower()
    return True if lower in TRUE else False if lower in FALSE else None


def valid_json(word: str) -> str | None:
    """Read a text that is JSON; NaN and infinities, which other readers refuse, are none."""
    try:
        json.loads(word, parse_constant=refused_constant)
    except (ValueError, RecursionError):
        return None
    return text(word)


def refused_constant(word: str) -> float:
    """Refuse a number that JSON does not know. Raises: ValueError."""
    raise ValueError(f"{word} is no JSON")


CONVERT: Mapping[Kind, Callable[[Column, str], object]] = {
    Kind.TEXT: lambda _, word: text(word),
    Kind.JSON: lambda _, word: valid_json(word),
    Kind.INTEGER: lambda column, word: integer(word, column.unit),
    Kind.LOCAL: lambda _, word: integer(word),
    Kind.REAL: lambda column, word: real(word, column.unit),
    Kind.MONEY: lambda _, word: money(word),
    Kind.SCALED: lambda column, word: scaled(word, column.unit),
    Kind.BOOLEAN: lambda _, word: boolean(word),
}
"""What is read from one word alone; instants, days and months are read with the format of their field."""
