"""Where the cockpit and the oracle differ."""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from cockpit.by_week import read_by
from cockpit.columns import Columns
from cockpit.evaluate import catalogue
from cockpit.metric import Reading
from cockpit.scope import CITY, Scope
from cockpit.site import Site
from tests.oracle.oracle import WHOLE, Answer, Oracle

FIELDS = ("value", "n", "n_total", "hit_count", "low", "high", "states", "status")


class Difference(NamedTuple):
    """One field of one reading that differs."""

    key: str
    window: str
    part: str | None
    field: str
    cockpit: Any
    oracle: Any


def readings(columns: Columns, site: Site, key: str, window: str, by: str | None, scope: Scope = CITY) -> dict[Any, Reading]:
    """Return what the cockpit reads: of the scope, or of each part of it."""
    found = read_by(columns, site, catalogue()[key], scope, window, by)
    return {reading.dims[by] if by else WHOLE: reading for reading in found}


def differences(columns: Columns, site: Site, oracle: Oracle, key: str, scope: Scope = CITY) -> tuple[list[Difference], int]:
    """Return where a metric differs, in every window and part, and how many readings were compared."""
    metric = catalogue()[key]
    found: list[Difference] = []
    count = 0
    for window in metric.windows:
        for by in (None, *metric.by):
            ours = readings(columns, site, key, window, by, scope)
            theirs = oracle.answers(key, window, by)
            of_nothing = oracle.nothing(key, window)
            for part in ours.keys() | theirs:
                read, expected = ours.get(part, of_nothing), theirs.get(part, of_nothing)
                found += [Difference(key, window, f"{by}={part}", *field) for field in differing(read, expected)]
                count += 1
    return found, count


def differing(read: Reading | Answer, expected: Answer) -> list[tuple[str, Any, Any]]:
    """Return the fields that differ, with what the cockpit reads and what the oracle says."""
    pairs = [(field, getattr(read, field), getattr(expected, field)) for field in FIELDS]
    return [(field, ours, theirs) for field, ours, theirs in pairs if not agree(ours, theirs)]


def agree(ours: Any, theirs: Any) -> bool:
    """Return whether a field says the same, up to rounding."""
    if isinstance(theirs, Mapping):
        return Counter(ours) == Counter(theirs)
    if ours is None or theirs is None or isinstance(theirs, str):
        return ours == theirs
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)


def said(
    columns: Columns, site: Site, scope: Scope = CITY, *, keys: Collection[str] | None = None
) -> dict[tuple[str, str, str | None, Any], tuple[Any, ...]]:
    """Return what the cockpit reads, all of it or of some metrics, as plain values."""
    return {
        (key, window, by, part): tuple(getattr(reading, field) for field in FIELDS)
        for key, metric in catalogue().items()
        if keys is None or key in keys
        for window in metric.windows
        for by in (None, *metric.by)
        for part, reading in readings(columns, site, key, window, by, scope).items()
    }
