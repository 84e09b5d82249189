"""ISO weeks: Monday to Sunday, named by the year that has their Thursday (2024-12-30 is in 2025-W01)."""

from datetime import date, timedelta
from typing import TypeVar

from cockpit.statistics import Numbers, Wholes

Days = TypeVar("Days", int, Wholes, Numbers)

EPOCH_MONDAY = date(1969, 12, 29)
"""The Monday of week 0, so that week numbers and days since 1970-01-01 belong together."""

EPOCH_SHIFT_DAYS = 3
"""1970-01-01 is a Thursday: three days into week 0."""

WEEK_DAYS = 7

EPOCH_SUNDAY = 3
"""The first Sunday, 1970-01-04, in days since 1970-01-01."""


def week_of_day(day_on: Days) -> Days:
    """Return the running number of the week of a day, or of each day of an array. Units: days since 1970-01-01."""
    return (day_on + EPOCH_SHIFT_DAYS) // WEEK_DAYS


def week_of(day: date) -> int:
    """Return the running number of a day's week."""
    return (day - EPOCH_MONDAY).days // WEEK_DAYS


def monday(week: int) -> date:
    """Return the day on which a week begins."""
    return EPOCH_MONDAY + timedelta(weeks=week)


def sunday_from(day_on: int) -> int:
    """Return the first Sunday that is not before a day. Units: days since 1970-01-01."""
    return day_on + (EPOCH_SUNDAY - day_on) % WEEK_DAYS


def sunday_before(day_on: int) -> int:
    """Return the last Sunday before a day. Units: days since 1970-01-01."""
    return sunday_from(day_on) - WEEK_DAYS


def week_label(week: int) -> str:
    """Return a week's name, such as `2025-W01`."""
    year, number, _ = monday(week).isocalendar()
    return f"{year:04}-W{number:02}"


def week_named(label: str) -> int:
    """Return the running number of a week by its name. Raises: ValueError, when there is no such week."""
    return week_of(date.fromisoformat(f"{label}-1"))
