"""From words to values: the value maps of `site.toml`, and what a word means in a column of each kind."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.ledger.tables import Column, Kind
from cockpit.scope import UNKNOWN_TOWN
from cockpit.site import Field_
from etl.known import Known

TRUE, FALSE = ("true", "1"), ("false", "0")
Mask = npt.NDArray[np.bool_]
LONGEST_INTEGER = 18
"""Digits that always fit the store's 64 bits."""


def looked_up(field: Field_, text: pd.Series) -> pd.Series:
    """Return text through the field's value map; NaN marks a value the map does not know."""
    if not field.values:
        return text
    known = text.map({**field.values, "": field.values.get("", "")})
    return known if field.otherwise is None else known.fillna(field.otherwise)


def converted(column: Column, words: pd.Series, known: Known) -> tuple[pd.Series, Mask]:
    """Return words as values of the column's kind, and which of them are none."""
    convert = CONVERT[column.kind]
    values: list[object] = []
    bad: list[bool] = []
    for word in words.tolist():
        if column.kind is Kind.TOWN:
            code = known.aliases.get(word, word)
            value: object = code if code in known.towns else UNKNOWN_TOWN
            is_bad = False
        elif not isinstance(word, str) or word == "":
            value, is_bad = None, False
        else:
            value = convert(word)
            is_bad = value is None or outside(column, value)
        values.append(None if is_bad else value)
        bad.append(is_bad)
    return pd.Series(values, words.index, dtype=object), np.array(bad, np.bool_)


def outside(column: Column, value: object) -> bool:
    """Whether a number lies outside the column's bounds."""
    if column.bounds is None or not isinstance(value, int | float):
        return False
    low, high = column.bounds
    return not low <= value <= high


def integer(word: str) -> int | None:
    """Read a whole number; anything else, `1E5` among it, is none."""
    digits = word.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_INTEGER
    return int(word) if is_number else None


def real(word: str) -> float | None:
    """Read a decimal number."""
    try:
        return float(word)
    except ValueError:
        return None


def boolean(word: str) -> bool | None:
    """Read true, false, 1 or 0."""
    lower = word.lower()
    return True if lower in TRUE else False if lower in FALSE else None


CONVERT: dict[Kind, Callable[[str], object]] = {
    Kind.TEXT: str,
    Kind.TOWN: str,
    Kind.INTEGER: integer,
    Kind.LOCAL: integer,
    Kind.REAL: real,
    Kind.BOOLEAN: boolean,
}
