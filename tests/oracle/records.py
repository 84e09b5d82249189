"""What a city tells: plain rows of each contract, and which of their revisions is current."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Records = Mapping[str, Sequence[Row]]
UNKNOWN_TOWN = "?"


class City(NamedTuple):
    """What holds for a city at all times: its clock, the stamps it never has, the contracts that some source fills."""

    zone: ZoneInfo
    cannot_know: frozenset[str]
    fed: frozenset[str]


def current(rows: Iterable[Row], *key: str) -> list[Row]:
    """Return the current row of each key: of the highest revision, and of equal ones the first that came."""
    newest: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        named = tuple([row[k] for k in key])
        held = newest.get(named)
        if held is None or row.get("rev", 0) > held.get("rev", 0):
            newest[named] = row
    return list(newest.values())


def grouped(rows: Iterable[Row], *key: str) -> dict[Any, list[Row]]:
    """Return rows by the value, or values, of some fields."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        named = row[key[0]] if len(key) == 1 else tuple([row[k] for k in key])
        found.setdefault(named, []).append(row)
    return found
