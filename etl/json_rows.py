"""Rows out of JSON, every value as the text that stood there: 18 digits stay 18 digits, and 0.10 stays 0.10."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from cockpit.errors import BatchHeld, SourceError
from etl.garbled import storable


class Number(str):
    """A number as it was written, which is no word of a language."""

    __slots__ = ()


def parsed(body: bytes) -> Any:
    """Return what an answer says, numbers as they were written. Raises: SourceError."""
    try:
        return json.loads(body, parse_float=Number, parse_int=Number, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        begins = body[:40].decode("utf-8", "replace")
        raise SourceError(f"it answers with what is no JSON ({str(error)[:100]}; it begins {begins!r})") from error


def no_number(word: str) -> NoReturn:
    """Refuse what is no number in JSON, such as NaN."""
    raise ValueError(f"{word} is no JSON")


def inside(value: Any, path: str) -> Any:
    """Return what stands at a path such as "data.items" or "data.0"; None where there is nothing."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for part in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def listed(answer: Any, path: str) -> list[Mapping[str, Any]]:
    """Return the rows of an answer. Raises: SourceError when there is no list of them."""
    rows = inside(answer, path)
    where = f"at {path!r}" if path else "at its top"
    if not isinstance(rows, list):
        raise SourceError(f"its answer holds no list {where}; has it changed? Correct rows in site.toml")
    if not all(isinstance(row, Mapping) for row in rows):
        raise SourceError(f"its answer holds a list {where}, but not of objects; correct rows in site.toml")
    return rows


def cells_of(rows: Sequence[Mapping[str, Any]], header: tuple[str, ...], origin: str) -> list[list[str]]:
    """Return the declared values of rows as text. Raises: BatchHeld when a column is in no row, or is no single value."""
    found = [[inside(row, column) for column in header] for row in rows]
    gone = [column for place, column in enumerate(header) if rows and not any(has(row, column) for row in rows)]
    if gone:
        raise BatchHeld(
            f"{origin}: no row has {', '.join(gone)}; nothing was loaded: adapt header in site.toml, or ask for them"
        )
    for number, values in enumerate(found, start=1):
        for column, value in zip(header, values, strict=True):
            if isinstance(value, Mapping | list):
                raise BatchHeld(f"{origin}, row {number}: {column} is no single value; name one inside it, such as {column}.0")
    return [[text_of(value) for value in values] for values in found]


def has(row: Mapping[str, Any], column: str) -> bool:
    """Whether a row names a column, be it with null."""
    if column in row:
        return True
    outer, _, last = column.rpartition(".")
    within = inside(row, outer) if outer else None
    return last in within if isinstance(within, Mapping) else isinstance(within, list)


def text_of(value: Any) -> str:
    """Return a single value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return storable(str(value))
