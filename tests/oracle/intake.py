"""Silence and outage, day by day (section 10.3)."""

import math
from collections.abc import Callable, Mapping
from statistics import median

RATE_DAYS, SILENT_BELOW = 26 * 7, 0.001
OUTAGE_BELOW, MEDIAN_WEEKS, FURTHEST_WEEKS = 0.4, 8, 104

Counts = Mapping[int, int]
Works = Callable[[int], bool]


def is_silent(counts: Counts, works: Works, last: int) -> bool:
    """Whether the empty working days that end with a day are too many for the rate of the 26 weeks before them."""
    first = min(counts, default=last + 1)
    empty, day = 0, last
    while day >= first and not counts.get(day):
        empty += works(day)
        day -= 1
    worked = [on for on in range(day - RATE_DAYS + 1, day + 1) if works(on)]
    rate = sum(counts.get(on, 0) for on in worked) / len(worked) if worked else 0.0
    return math.exp(-rate * empty) < SILENT_BELOW


def is_outage(counts: Counts, works: Works, last: int) -> bool:
    """Whether less than 40 % of the usual came in the week that ends with a day, by working days.

    Usual is the median of the eight newest weeks before that were no outage, none older than 104 weeks.
    """
    first, normal = min(counts, default=last), []
    for back in range((last - first) // 7, -1, -1):
        here = per_workday(counts, works, last - 7 * back)
        usual = [intake for week, intake in normal[-MEDIAN_WEEKS:] if week - back <= FURTHEST_WEEKS]
        is_low = here is not None and len(usual) == MEDIAN_WEEKS and here < OUTAGE_BELOW * median(usual)
        if here is not None and not is_low:
            normal.append((back, here))
    return is_low


def per_workday(counts: Counts, works: Works, last: int) -> float | None:
    """Return what came for each working day of seven days, or of as many more, up to six weeks, as hold five of them."""
    for length in range(7, 43):
        days = range(last - length + 1, last + 1)
        worked = sum(map(works, days))
        if worked >= 5 or (length == 42 and worked):
            return sum(counts.get(day, 0) for day in days) / worked
    return None
