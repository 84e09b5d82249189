"""The least and the most that a number could be if a few of the rows behind it were others.

Of the rows that a number comes from, up to `changed` may each be another row, may not be there, or may have one more beside
them. What is returned is exact: nothing outside of the ends is possible, and the ends themselves are. It is the number itself
that is bounded, whether or not enough rows would be left to show it.
"""

import math
from typing import NamedTuple

import numpy as np

from cockpit.statistics import Numbers, Wholes, interpolated, sorted_between


class Extremes(NamedTuple):
    """The least and the most that a number could be; an end is None where nothing bounds it."""

    low: float | None
    high: float | None


def count(found: int, changed: int) -> Extremes:
    """Return the extremes of a count: every changed row may be one more, or one less."""
    return Extremes(float(max(0, found - changed)), float(found + changed))


def share(hit_count: int, total_count: int, changed: int) -> Extremes:
    """Return the extremes of a share, in percent, of at least one row.

    A miss that turns into a hit moves a share further than a hit that comes or a miss that goes: (h + 1) / n is at least
    (h + 1) / (n + 1), and at least h / (n - 1) as long as there is a miss.
    """
    low, high = max(0, hit_count - changed), min(total_count, hit_count + changed)
    return Extremes(100 * low / total_count, 100 * high / total_count)


def quantile(values: Numbers | Wholes, q: float, changed: int, *, most: float | None, is_sorted: bool = False) -> Extremes:
    """Return the extremes of a quantile by linear interpolation, of at least one value.

    Each changed value moves the quantile by one rank at most, when one from its one side turns into one of the other side,
    and no value is below 0 or above `most`: it lies between the values `changed` ranks below and above its place.
    """
    n = len(values)
    place = (n - 1) * q
    below, above = math.floor(place), math.ceil(place)
    first, last = max(below - changed, 0), min(above + changed, n - 1)
    between = (values[first : last + 1] if is_sorted else sorted_between(values, first, last)).tolist()

    def ranked(rank: int, beyond: float) -> float:
        return float(between[rank - first]) if first <= rank <= last else beyond

    low = interpolated(ranked(below - changed, 0.0), ranked(above - changed, 0.0), place % 1)
    if most is None and above + changed >= n:
        return Extremes(low, None)
    beyond = math.inf if most is None else most
    return Extremes(low, interpolated(ranked(below + changed, beyond), ranked(above + changed, beyond), place % 1))


def mean(values: Numbers, changed: int, *, most: float | None) -> Extremes:
    """Return the extremes of a mean of at least one value, none of them below 0 or above `most`.

    A mean is least when the greatest values turn into 0, and most when the least turn into `most`: a value that turns moves
    it further than one that comes or goes.
    """
    n = len(values)
    turned = min(changed, n)
    ordered = np.partition(values, sorted({min(turned, n - 1), max(n - 1 - turned, 0)}))
    kept_low, kept_high = (math.fsum(kept.tolist()) for kept in (ordered[: n - turned], ordered[turned:]))
    return Extremes(kept_low / n, None if most is None else (kept_high + turned * most) / n)
