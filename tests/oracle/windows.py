"""Windows of time in a city's local days (domain specification, section 6.5, rule 10, and section 2.8)."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_S = 24 * 3600
FREEZE = timedelta(hours=2)
LIVE = ("today", "h24")
FROZEN_DAYS = {"d7": 7, "d28": 28, "d365": 365}
PLACED = (*LIVE, *FROZEN_DAYS)
NOW = ("now",)
COMPARED = ("today", "week", "month", "ytd", "r12")
PERIODS = (*COMPARED, *(f"{name}_ly" for name in COMPARED))
IN_WEEKS = "w156"
BY_WEEKDAY = ("today", "week")
"""Windows that are held against those 52 weeks before, weekday by weekday; the others go by the calendar."""


class Stretch(NamedTuple):
    """A window: instants from one to another and local days from one to another, ends outside, less one 29 February."""

    start: float
    end: float
    first: date
    last: date  # the day after the last
    is_live: bool = False
    without: date | None = None


def windows(as_of: int, zone: ZoneInfo) -> Mapping[str, tuple[float, float]]:
    """Return every window as [from, to): the live ones end now, the others at the last frozen midnight."""
    now = datetime.fromtimestamp(as_of, zone).replace(tzinfo=None)
    frozen_on = (now - FREEZE).date()
    end = midnight(frozen_on, zone)
    frozen = {name: (midnight(frozen_on - timedelta(days=n), zone), end) for name, n in FROZEN_DAYS.items()}
    live = {"today": (midnight(now.date(), zone), as_of + 1), "h24": (as_of + 1 - DAY_S, as_of + 1)}
    return {**live, **frozen, "now": (-math.inf, math.inf)}


def midnight(on: date, zone: ZoneInfo) -> int:
    return utc(datetime.combine(on, time()), zone)


def utc(local: datetime, zone: ZoneInfo) -> int:
    """Return a wall time in UTC seconds; of two instants the earlier (PEP 495, fold=0)."""
    return int(local.replace(tzinfo=zone).timestamp())


def stretches(as_of: int, zone: ZoneInfo) -> Mapping[str, Stretch]:
    """Return every window of an office that reports by the calendar, as it stands at an instant."""
    now = datetime.fromtimestamp(as_of, zone).replace(tzinfo=None)
    frozen = (now - FREEZE).date()
    tomorrow = now.date() + timedelta(days=1)
    begins = {
        "today": now.date(),
        "week": now.date() - timedelta(days=now.weekday()),
        "month": date(now.year, now.month, 1),
        "ytd": date(now.year, 1, 1),
    }
    monday = frozen - timedelta(days=frozen.weekday())
    return {
        "now": Stretch(-math.inf, math.inf, date.min, tomorrow),
        "h24": Stretch(as_of + 1 - DAY_S, as_of + 1, now.date() - timedelta(days=1), tomorrow, is_live=True),
        **{name: Stretch(midnight(day, zone), as_of + 1, day, tomorrow, is_live=True) for name, day in begins.items()},
        **{f"{name}_ly": before(name, day, now, zone) for name, day in begins.items()},
        **{name: of_days(frozen - timedelta(days=n), frozen, zone) for name, n in FROZEN_DAYS.items()},
        "r12": of_days(a_year_before(frozen), frozen, zone),
        "r12_ly": without_leap_day(of_days(a_year_before(frozen, 2), a_year_before(frozen), zone)),
        "w53": of_days(monday - timedelta(weeks=53), monday, zone),
        IN_WEEKS: of_days(monday - timedelta(weeks=156), monday, zone),
    }


def before(name: str, begin: date, now: datetime, zone: ZoneInfo) -> Stretch:
    """Return the same of last year up to the same time of day: by the weekday for days and weeks, else by the calendar."""
    if name in BY_WEEKDAY:
        return upto(begin - timedelta(weeks=52), now - timedelta(weeks=52), zone)
    if (now.month, now.day) == (2, 29):  # compared are January and the 28 days of February that both years have
        return of_days(date(begin.year - 1, begin.month, 1), date(begin.year - 1, 3, 1), zone)
    return without_leap_day(upto(begin.replace(year=begin.year - 1), now.replace(year=now.year - 1), zone))


def upto(first: date, then: datetime, zone: ZoneInfo) -> Stretch:
    """Return a window from a midnight to a wall time, its second inside."""
    return Stretch(midnight(first, zone), utc(then, zone) + 1, first, then.date() + timedelta(days=1))


def compared(name: str, told: Stretch) -> Stretch:
    """Return a window as it is held against the same of last year: a week has its seven days, a year 365."""
    return told if name in BY_WEEKDAY else without_leap_day(told)


def of_days(first: date, last: date, zone: ZoneInfo) -> Stretch:
    """Return a window of whole days, the last one outside."""
    return Stretch(midnight(first, zone), midnight(last, zone), first, last)


def a_year_before(day: date, years: int = 1) -> date:
    """Return the day of the calendar years before; of a 29 February that is none, the day after the 28th."""
    year = day.year - years
    is_there = (day.month, day.day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return date(year, day.month, day.day) if is_there else date(year, 3, 1)


def without_leap_day(told: Stretch) -> Stretch:
    """Leave the 29 February out that lies in a window, if one does."""
    days = (told.first + timedelta(days=n) for n in range((told.last - told.first).days))
    return told._replace(without=next((day for day in days if (day.month, day.day) == (2, 29)), None))


def weeks(told: Stretch, zone: ZoneInfo) -> Mapping[str, Stretch]:
    """Return the weeks, Monday to Sunday, of a window of whole weeks, by the year and number that ISO 8601 gives them."""
    mondays = (told.first + timedelta(weeks=n) for n in range((told.last - told.first).days // 7))
    return {f"{day:%G-W%V}": of_days(day, day + timedelta(days=7), zone) for day in mondays}


def lies_in(stamp: float | date, told: Stretch, zone: ZoneInfo) -> bool:
    """Return whether an instant, or a day, lies in a window."""
    if isinstance(stamp, date):
        return told.first <= stamp < told.last and stamp != told.without
    is_left_out = told.without is not None and datetime.fromtimestamp(stamp, zone).date() == told.without
    return told.start <= stamp < told.end and not is_left_out
