"""Five hundred faults of feeds: after the bound of section 10.3 none is shown as if all were well.

The bound is three intervals for a source without a successful batch. For the intake of cases, which may bring nothing and
still be sound, it is the rule's own: a week of five working days for the city, and for a town the working days that its rate
of the 26 weeks before makes improbable (p < 0.001).
"""

import random
from collections import Counter
from datetime import date, timedelta
from functools import cache
from math import floor

import pytest

from cockpit.freshness import Age, aged, source_age
from cockpit.ledger.read import SourceState
from cockpit.metric import Status
from cockpit.silence import empty_run, week_intake
from cockpit.site import load_site
from tests.intake import YEARLY, city_wide, days, empty_days_needed, intake, works

SEED = 20_261_122
FIRST, LAST = date(2019, 7, 1), date(2026, 6, 28)
EARLIEST, LATEST = date(2020, 7, 6), date(2026, 4, 30)
LONGEST_DAYS = 800
LOOKS = 6
STOPPED, EMPTY, AGAIN, MISSING = 100, 70, 70, 220
"""How many of the 500 are judged here; the other 40 go through a real store."""


@cache
def sound() -> dict:
    """Return the intake of each town without any fault."""
    return intake(SEED, FIRST, LAST)


@cache
def whole_city() -> dict:
    return city_wide([*sound().values()])


class Fault:
    """A stretch of days on which nothing new comes, and some of the days on which one looks at it."""

    def __init__(self, number: int, shortest: int = 8, begin: date | None = None) -> None:
        self.chance = random.Random(SEED + number)
        self.begins = begin or EARLIEST + timedelta(days=self.chance.randrange((LATEST - EARLIEST).days))
        longest = min(LONGEST_DAYS, (LAST - self.begins).days)
        self.ends = self.begins + timedelta(days=self.chance.choice([shortest, 40, 200, 420, longest]) % (longest + 1))

    def silenced(self, counts: dict) -> dict:
        """Return what comes of a feed that has the fault."""
        return {on: count for on, count in counts.items() if not self.begins <= on <= self.ends}

    def looks(self, earliest: date) -> list[date]:
        """Return days from the bound to the end of the fault: the first, the last, some between."""
        if earliest > self.ends:
            return []
        some = [earliest + timedelta(days=self.chance.randrange((self.ends - earliest).days + 1)) for _ in range(LOOKS)]
        return [earliest, *some, self.ends]


def is_outage(counts: dict, on: date) -> bool:
    return week_intake(counts, works(), on).is_outage


def is_told(fault: Fault, on: date) -> bool:
    """Whether no town looks well on a day: the city's intake is called an outage, or each town by itself is silent."""
    if is_outage(fault.silenced(whole_city()), on):
        return True
    return all(empty_run(fault.silenced(counts), works(), on).is_silent for counts in sound().values())


@pytest.mark.parametrize("first", range(0, STOPPED, 20))
def test_a_source_that_stopped_is_interrupted_after_three_of_its_intervals(first):
    sources = [source for source in load_site("wenling").sources if not source.static]
    for number in range(first, first + 20):
        chance = random.Random(SEED + number)
        source, heard_at = chance.choice(sources), chance.uniform(0, 2e9)
        state = SourceState(source.key, heard_at, heard_at, None, {}, chance.choice(["ok", "lost", "held"]), "")
        late, stale = (heard_at + share * source.news_within_s for share in (1.5, 3))
        after = [chance.uniform(1, 10**7) for _ in range(LOOKS)]
        assert {source_age(source, state, stale + more).age for more in after} == {Age.STALE}
        assert {aged(Status.OK, source_age(source, state, stale + more).age) for more in after} == {Status.STALE}
        assert source_age(source, state, late + 0.01).age in {Age.LATE, Age.HELD, Age.STALE}


@pytest.mark.parametrize("first", range(0, EMPTY + AGAIN, 20))
def test_a_feed_that_brings_nothing_new_is_an_outage_after_a_week_and_as_long_as_it_lasts(first):
    shown = Counter()
    for number in range(first, first + 20):
        fault = Fault(1000 + number)
        for on in fault.looks(fault.begins + timedelta(days=first_outage(fault.begins))):
            shown[on - fault.begins > timedelta(days=300)] += 1
            assert is_told(fault, on), f"fault {number}, {fault.begins} to {fault.ends}: nothing is wrong on {on}"
    assert min(shown.values()) > 5


def first_outage(begins: date) -> int:
    """Return after how many days a week of the fault is over, which is seven days and five working days."""
    return next(n for n in range(6, 40) if sum(map(works(), days(begins, begins + timedelta(days=n)))) >= 5)


@pytest.mark.parametrize("first", range(0, MISSING, 20))
def test_a_town_that_goes_missing_is_silent_once_its_rate_makes_it_improbable_and_as_long_as_it_lasts(first):
    for number in range(first, first + 20):
        fault = Fault(3000 + number, shortest=150)
        town = fault.chance.choice([*YEARLY])
        counts = fault.silenced(sound()[town])
        heard = max(on for on in counts if on < fault.begins)
        bound = nth_working_day(heard, floor(empty_days_needed(counts, heard + timedelta(days=1))) + 1)
        for on in fault.looks(max(bound, fault.begins)):
            run = empty_run(counts, works(), on)
            assert run.is_silent, f"fault {number}: {town}, {fault.begins} to {fault.ends}: {run} on {on}"


def nth_working_day(after: date, n: int) -> date:
    """Return the n-th working day after a day."""
    on = after
    while n:
        on += timedelta(days=1)
        n -= works()(on)
    return on


@pytest.mark.parametrize("town", ["大溪", "石桥头", "坞根"])
def test_a_town_that_is_missing_for_three_years_is_silent_to_the_last_day(town):
    fault = Fault(1, begin=date(2023, 1, 9))
    fault.ends = LAST
    counts = fault.silenced(sound()[town])
    silent = [empty_run(counts, works(), on).is_silent for on in days(fault.begins + timedelta(weeks=26), LAST)]
    assert all(silent), f"{town}: silent on {sum(silent)} of {len(silent)} days"


def test_an_outage_of_forty_weeks_does_not_become_usual():
    counts = {on: count for on, count in whole_city().items() if on < date(2024, 3, 4)}
    judged = [is_outage(counts, on) for on in days(date(2024, 3, 10), date(2024, 12, 15))]
    assert all(judged), f"an outage on {sum(judged)} of {len(judged)} days"


@pytest.mark.parametrize("begins", [date(2024, 9, 23), date(2026, 2, 9), date(2023, 9, 20)])
def test_a_holiday_does_not_end_an_outage_that_began_before_it(begins):
    counts = {on: count for on, count in whole_city().items() if on < begins}
    bound = begins + timedelta(days=first_outage(begins))
    judged = {on: is_outage(counts, on) for on in days(bound, bound + timedelta(days=28))}
    assert all(judged.values()), [on.isoformat() for on, found in judged.items() if not found]
