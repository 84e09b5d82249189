"""The days on which China works: of the library of notices day by day, and beyond it by the statutory holidays."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache

import chinese_calendar
import holidays

from tests.oracle.injury_clock import Calendar

Workdays = Mapping[date, tuple[bool, str]]


def announced() -> frozenset[int]:
    """Return the years whose notice the library has."""
    return frozenset(on.year for on in chinese_calendar.constants.holidays)


def workdays(years: Collection[int]) -> Workdays:
    """Return of each day of some announced years whether it is worked, and the holiday that gives it off."""
    first = date(min(years), 1, 1)
    every = (first + timedelta(days=n) for n in range((date(max(years) + 1, 1, 1) - first).days))
    return {on: (chinese_calendar.is_workday(on), holiday(on)) for on in every}


def holiday(on: date) -> str:
    is_off, name = chinese_calendar.get_holiday_detail(on)
    return str(chinese_calendar.Holiday(name).chinese) if is_off and name else ""


def calendar(known: Workdays) -> Calendar:
    """Return which days are worked: known ones as announced, others by the week and the statutory holidays."""

    @cache
    def works(on: date) -> bool:
        return known[on][0] if on in known else on.isoweekday() < 6 and on not in statutory(on.year)

    return Calendar(works, frozenset(on.year for on in known))


@cache
def statutory(year: int) -> frozenset[date]:
    """Return the holidays that the regulation itself names, without days off in lieu."""
    return frozenset(holidays.country_holidays("CN", years=year, observed=False))
