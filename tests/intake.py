"""A simulated intake of cases in sixteen towns, accepted on working days only, by which silence is judged."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from math import exp, log

from tests.oracle.workdays import announced, calendar, workdays

YEARLY = {
    "泽国": 715, "大溪": 760, "太平": 480, "城北": 364, "新河": 290, "松门": 270, "城东": 265, "箬横": 260, "横峰": 240,
    "温峤": 212, "城西": 200, "石塘": 150, "城南": 135, "滨海": 130, "石桥头": 52, "坞根": 26,
}  # fmt: skip
"""Cases a year: 26 in the smallest town and 760 in the biggest (domain specification, sections 3.2 and 3.5)."""

WEEKDAY = {1: 1.25, 2: 1.05, 3: 1.0, 4: 0.95, 5: 0.75, 6: 0.6, 7: 0.6}
"""Mondays bring what the weekend left; Saturdays and Sundays are worked in lieu only."""

FESTIVAL_LULL = 0.6
"""Of the usual, in the working week before the Spring Festival and in the two after it: factories stand still for longer."""

Counts = dict[date, int]


@cache
def works() -> Callable[[date], bool]:
    """Return whether a day is worked, as the notices say."""
    return calendar(workdays(range(2004, max(announced()) + 1))).works


@cache
def spring_festivals() -> tuple[date, ...]:
    """Return the first day off of each Spring Festival."""
    known = workdays(range(2004, max(announced()) + 1))
    return tuple(day for day, (_, name) in known.items() if name == "春节" and known[day - timedelta(days=1)][1] != "春节")


def lull(on: date) -> float:
    """Return the share of the usual that comes on a working day around the Spring Festival."""
    near = (first for first in spring_festivals() if -7 <= (on - first).days <= 21)
    return FESTIVAL_LULL if next(near, None) else 1.0


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days from one to another, both of them."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def intake(seed: int, first: date, last: date, yearly: dict[str, int] = YEARLY) -> dict[str, Counts]:
    """Return the cases of each town on each day that has any: Poisson, on working days only."""
    chance, usual = random.Random(seed), 250 * sum(WEEKDAY[n] for n in range(1, 6)) / 5
    worked = [(on, WEEKDAY[on.isoweekday()] * lull(on) / usual) for on in days(first, last) if works()(on)]
    drawn = {town: {on: poisson(chance, a_year * weight) for on, weight in worked} for town, a_year in yearly.items()}
    return {town: {on: count for on, count in counts.items() if count} for town, counts in drawn.items()}


def poisson(chance: random.Random, mean: float) -> int:
    """Return a Poisson number, by multiplying until the product is too small."""
    floor, product, count = exp(-mean), chance.random(), 0
    while product > floor:
        product *= chance.random()
        count += 1
    return count


def city_wide(towns: Sequence[Counts]) -> Counts:
    """Return the cases of all towns together."""
    total: Counter[date] = Counter()
    for counts in towns:
        total.update(counts)
    return dict(total)


def empty_days_needed(counts: Counts, begins: date) -> float:
    """Return how many empty working days it takes, at the rate of the 26 weeks before a day, until silence is proved."""
    before = [on for on in days(begins - timedelta(days=182), begins - timedelta(days=1)) if works()(on)]
    rate = sum(counts.get(on, 0) for on in before) / len(before)
    return log(1000) / rate if rate else float("inf")
