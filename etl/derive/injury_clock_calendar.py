"""Days of work: how many of them a clock counts, and where a last day that is none moves to (民法典 201, 203).

A year of which `cn_workday` has no row was not announced: its Saturdays, Sundays and statutory holidays are taken for days off,
without the days that are worked to make up for them, and what depends on it is provisional.
"""

from dataclasses import dataclass
from functools import cache

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MARGIN_DAYS = 800
"""How far beyond the first and the last day that is asked for the calendar reaches: a limit, and a long holiday."""

IN_LIEU = "Day off"
"""How the library calls a day that is off because another one is worked."""

FIRST_DAY, LAST_DAY = -7305, 47_482
"""1950 to 2099, as days since 1970: what lies outside was never meant, and the lunar calendar is not known there."""


@dataclass(frozen=True)
class Calendar:
    """The working days (since 1970) of a stretch of days, and whether each day, from the `first`, lies in an announced year."""

    first: int
    working: Days
    is_announced: Mask

    def after(self, days: Days, count: Days) -> Days:
        """Return the working day that is so many working days after each day, which itself is not counted; 0: that day."""
        places = np.searchsorted(self.working, days, side="right") + count - 1
        return np.where(count > 0, self.working[np.clip(places, 0, len(self.working) - 1)], days)

    def not_before(self, days: Days) -> Days:
        """Return each day, or the first working day after it."""
        return self.working[np.searchsorted(self.working, days, side="left")]

    def not_after(self, days: Days) -> Days:
        """Return each day, or the last working day before it."""
        return self.working[np.searchsorted(self.working, days, side="right") - 1]

    def is_known(self, begin: Days, end: Days) -> Mask:
        """Return whether every day from each `begin` to its `end`, both included, lies in an announced year."""
        unknown = np.append(0, np.cumsum(~self.is_announced))
        return np.asarray(unknown[end + 1 - self.first] == unknown[begin - self.first])


def calendar(told: pd.DataFrame, first: int, last: int) -> Calendar:
    """Return the calendar from day `first` to day `last` and beyond, as the rows of `cn_workday` tell it.

    A day of an announced year that has no row of its own is worked from Monday to Friday.
    """
    begin, end = max(first, FIRST_DAY) - MARGIN_DAYS, min(last, LAST_DAY) + MARGIN_DAYS
    days = np.arange(begin, end + 1, dtype=np.int64)
    is_worked = (days + 3) % 7 < 5  # 1970-01-01 was a Thursday
    year = years_of(days)
    told_on = told["day_on"].to_numpy(np.int64)
    is_announced = np.isin(year, np.unique(years_of(told_on)))
    for one in np.unique(year[~is_announced]):
        is_worked[np.isin(days, statutory(int(one)))] = False
    inside = (told_on >= begin) & (told_on <= end)
    is_worked[told_on[inside] - begin] = told["is_workday"].to_numpy(np.bool_)[inside]
    return Calendar(begin, days[is_worked], is_announced)


def years_of(days: Days) -> Days:
    """Return the years of days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


@cache
def statutory(year: int) -> Days:
    """Return the statutory holidays of a year, as days since 1970: those that the regulation fixes, before any notice.

    Without the days off in lieu of those that fall on a Saturday or Sunday: a notice says which these are, and the library's
    own knowledge of it is no use without the days that are worked instead.
    """
    told = holidays.country_holidays("CN", years=year, observed=False, language="en_US")
    fixed = sorted(on for on, name in told.items() if not name.startswith(IN_LIEU))
    return np.array(fixed, "datetime64[D]").astype(np.int64)
