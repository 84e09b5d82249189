"""How many cases a week will have once all are told (domain specification, section 2.9), week by week and delay by delay.

A case belongs to the week of its accident and is known from the week of its acceptance on. The law of delays is the city's.
"""

import math
from collections.abc import Sequence
from statistics import fmean, variance
from typing import NamedTuple

from tests.oracle.records import Row

DAY_S = 24 * 3600
LONGEST = 26
COMPLETE, RARE = 0.95, 0.01
VAGUE = (0.5, 0.0)


class Known(NamedTuple):
    """Cases of whole weeks by delay, and what share of the running week is over; the last row is last week's."""

    first: int
    cases: list[list[int]]
    late: list[int]
    elapsed: float


class Law(NamedTuple):
    """What share of a week is known after so many weeks; besides, by last month alone where that differs."""

    shares: list[float]
    month: list[float] | None


class Week(NamedTuple):
    """One week: how many are known, and how many there will be, in the mean and between 5 and 95 %."""

    observed: int
    mean: float | None
    low: float | None
    high: float | None


def week_of(local: int) -> int:
    """Return the running number of the week of a wall time; 1970-01-01 was a Thursday."""
    return (local // DAY_S + 3) // 7


def known(rows: Sequence[Row], first: int, running: int, begins_at: float, as_of: int) -> Known:
    """Return the cases of the weeks from the first to the one before the running one, which begins at an instant.

    The first week that has a case may have lost others, told before the record began: the next is the first that counts.
    """
    told = [row for row in rows if row["accepted_at"] is not None]
    begun = min((week_of(row["event_local"]) for row in told), default=running - 1) + 1
    first = max(first, begun)
    elapsed = min(max((as_of - begins_at) / (7 * DAY_S), 0.0), 1.0)
    cases = [[0] * (LONGEST + 1) for _ in range(first, running)]
    late = [0] * len(cases)
    for row in told:
        week = week_of(row["event_local"])
        heard = max(week, week_of(row["accepted_at"] + row["event_local"] - row["event_at"]))
        if first <= week < running and heard <= (running if elapsed > 0 else running - 1):
            if heard - week > LONGEST:
                late[week - first] += 1
            else:
                cases[week - first][heard - week] += 1
    return Known(first, cases, late, elapsed)


def law(city: Known) -> Law:
    """Return the law by the newest 26 weeks that tell each delay; by the newest 8 where last month was told otherwise."""
    month, before = counts(city, 0, 4), counts(city, 4, 26)
    is_changed = chance_of_no_change(month, before) < RARE
    shares = completeness(counts(city, 0, 8 if is_changed else 26))
    return Law(shares, completeness(month) if is_changed else None)


def counts(city: Known, newest: int, oldest: int) -> list[tuple[int, int]]:
    """Return for each delay how many cases came with it, and how many with it or sooner, of weeks watched for so long."""
    found = []
    for delay in range(LONGEST + 1):
        watched = city.cases[: max(0, len(city.cases) - delay)]
        weeks = watched[max(0, len(watched) - oldest) : max(0, len(watched) - newest)]
        found.append((sum(week[delay] for week in weeks), sum(sum(week[: delay + 1]) for week in weeks)))
    return found


def completeness(told: Sequence[tuple[int, int]]) -> list[float]:
    """Return the share that is known after 0, 1, 2 … weeks: what no longer delay will add."""
    hazards = [came / sooner if sooner else math.nan for came, sooner in told]
    return [math.prod(1 - hazard for hazard in hazards[lag + 1 :]) for lag in range(LONGEST + 1)]


def chance_of_no_change(month: Sequence[tuple[int, int]], before: Sequence[tuple[int, int]]) -> float:
    """Return the chance of the two to differ so much (χ²), delay by delay where five cases or more are expected."""
    square, degrees = 0.0, 0
    for (new, new_of), (old, old_of) in zip(month, before, strict=True):
        if not new_of or not old_of:
            continue
        p = (new + old) / (new_of + old_of)
        if min(new_of, old_of) * min(p, 1 - p) >= 5:
            square += (new / new_of - old / old_of) ** 2 / (p * (1 - p) * (1 / new_of + 1 / old_of))
            degrees += 1
    return chance_beyond(square, degrees) if degrees else 1.0


def chance_beyond(square: float, degrees: int) -> float:
    """Return the chance of a χ² variable to be greater, by the recursion from one or two degrees of freedom on."""
    half = square / 2
    if half == 0:
        return 1.0
    found = math.erfc(math.sqrt(half)) if degrees % 2 else math.exp(-half)
    for twice in range(degrees % 2 or 2, degrees, 2):
        found += math.exp(twice / 2 * math.log(half) - half - math.lgamma(twice / 2 + 1))
    return found


def weeks(known: Known, of_city: Law) -> list[Week]:
    """Return what each week will come to; where last month was told otherwise, the interval spans what both laws say."""
    laws = [of_city.shares, *([of_city.month] if of_city.month else [])]
    by_law = [[share_known(known, each, row) for row in range(len(known.cases))] for each in laws]
    within = [sum(row) for row in known.cases]
    a, b = prior(within, by_law[0])
    found = []
    for row, (observed, late) in enumerate(zip(within, known.late, strict=True)):
        ends = [to_come(a, b, observed, shares[row]) for shares in by_law]
        told = [end for end in ends if end is not None]
        mean = None if ends[0] is None else observed + late + ends[0][0]
        low = min((observed + late + end[1] for end in told), default=None)
        high = max((observed + late + end[2] for end in told), default=None)
        found.append(Week(observed + late, mean, low, high))
    return found


def share_known(known: Known, shares: Sequence[float], row: int) -> float:
    """Return what share of a week is known; within the running week it grows evenly."""
    lag = min(len(known.cases) - 1 - row, LONGEST)
    after = [*shares, 1.0]
    return after[lag] + known.elapsed * (after[lag + 1] - after[lag])


def prior(observed: Sequence[int], shares: Sequence[float]) -> tuple[float, float]:
    """Return a and b of the gamma prior, by the moments of the last 52 complete weeks."""
    seen = [count / share for count, share in zip(observed, shares, strict=True) if share >= COMPLETE][-52:]
    if len(seen) < 12:
        return VAGUE
    m = fmean(seen)
    if m == 0:
        return VAGUE[0], float(len(seen))
    b = m / max(variance(seen) - m, 0.05 * m)
    return b * m, b


def to_come(a: float, b: float, observed: int, share: float) -> tuple[float, int, int] | None:
    """Return how many are still to come, in the mean and at 5 and 95 %: NegBin(a + o, (b + F) / (b + 1))."""
    if math.isnan(share):
        return None
    if share >= 1:
        return 0.0, 0, 0
    r, p = a + observed, (b + share) / (b + 1)
    if p <= 0:
        return None
    return r * (1 - p) / p, *(negative_binomial(q, r, p) for q in (0.05, 0.95))


def negative_binomial(q: float, r: float, p: float) -> int:
    """Return the smallest number that q of the chances lie at or below."""
    upto, number = 0.0, 0
    while True:
        upto += math.exp(
            math.lgamma(number + r) - math.lgamma(r) - math.lgamma(number + 1) + r * math.log(p) + number * math.log1p(-p)
        )
        if upto >= q:
            return number
        number += 1
