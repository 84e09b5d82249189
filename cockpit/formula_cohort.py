"""Formulas that look at rows as a cohort: how long those take that have not ended, and how many of a week are still to come."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import astuple, dataclass

import numpy as np

from cockpit.columns import Mask, Rows
from cockpit.extremes import Extremes
from cockpit.interval import Interval, State
from cockpit.marks import MINIMUM_N, Marks, Sums
from cockpit.nowcast import nowcast
from cockpit.reporting_delay import LAW_CHANGED, ReportingLaw, Triangle, reporting_law, triangle
from cockpit.statistics import Estimate, Numbers
from cockpit.survival import curve
from cockpit.text import Text
from cockpit.weeks import week_of_day
from cockpit.window import DAY_S, Window

UNKNOWN = Sums(0, 0, 0, None, {})
NOT_REACHED = Text("未决占比仍高于一半，中位数未到", "so many are undecided that the median is not reached")


class OfCohort(ABC):
    """What formulas over a cohort share: no row speaks for itself alone, and nothing bounds what a refused one would do."""

    @abstractmethod
    def sums(self, rows: Rows, as_of: int) -> Sums:
        """Return what comes of rows."""

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: rows are counted, not told apart."""
        return {}

    def asks_others(self) -> bool:
        """Say yes: what one row says changes the part of others."""
        return True

    def estimate(self, rows: Rows, marks: Marks) -> Estimate | None:
        """Return nothing: a cohort is estimated as of an instant, by `sums`."""
        return None

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return nothing."""
        return None


@dataclass(frozen=True, kw_only=True)
class SurvivalQuantile(OfCohort):
    """The Kaplan–Meier quantile of an interval over all rows that began, ended or not.

    Rows that have not ended are censored at their age since the instant `since`; those that left otherwise, at `censored_at`.
    Where the stamps contradict each other, or that of the end is lost, nobody knows how long it took: no length, and no age.
    The detail is the curve: days, share not ended, its 95 % interval, rows at risk.
    """

    interval: Interval
    since: str
    censored_at: str
    q: float
    minimum_n: int = MINIMUM_N

    def stamps(self) -> tuple[str, ...]:
        """Name the stamps of its interval."""
        return self.interval.stamps

    def durations(self, rows: Rows, as_of: int) -> tuple[Numbers, Mask]:
        """Return whole days of each row, and which of them ended."""
        has_ended = rows.is_any(self.interval.state, [State.VALID])
        left_at = rows.numbers(self.censored_at)
        upto = np.where(np.isnan(left_at), as_of, left_at)
        aged = np.floor((upto - rows.numbers(self.since)) / DAY_S)
        aged[~rows.is_any(self.interval.state, [State.OPEN, State.OUTSIDE])] = np.nan
        return np.where(has_ended, rows.numbers(self.interval.value) / DAY_S, aged), has_ended

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Total: what began. Valid: what has a length or an age. Hit: what ended."""
        days, has_ended = self.durations(rows, as_of)
        valid = days >= 0
        return Marks(np.ones(len(rows), np.bool_), valid, valid & has_ended)

    def sums(self, rows: Rows, as_of: int) -> Sums:
        """Return the quantile in seconds, and the curve."""
        marks = self.marks(rows, as_of)
        days, has_ended = self.durations(rows, as_of)
        n, hit_count = int(np.count_nonzero(marks.is_valid)), int(np.count_nonzero(marks.is_hit))
        found = curve(days[marks.is_valid], has_ended[marks.is_valid])
        day, low, high = (None if end is None else end * DAY_S for end in astuple(found.reached(self.q)))
        ends = None if day is None else Estimate(day, low, high)
        steps = tuple((s.day, s.survival, s.low, s.survival if s.high is None else s.high, s.at_risk) for s in found.steps)
        return Sums(n, len(rows), hit_count, ends, {}, note=None if ends else NOT_REACHED, detail=steps)


@dataclass(frozen=True, kw_only=True)
class Nowcast(OfCohort):
    """How many rows a week will have once all are told, by the week they happened in and the week they were `told` in.

    The detail of a week is its completeness, whether it is still raw, whether a chart may judge it, and how many came too late.
    """

    told: str
    minimum_n: int = 0

    def stamps(self) -> tuple[str, ...]:
        """Name the stamp by which a row is known."""
        return (self.told,)

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Every row that was told is total, valid and hit."""
        told = rows.has(self.told)
        return Marks(told, told, told)

    def sums(self, rows: Rows, as_of: int) -> Sums:
        """Return how many were told so far; what is to come is a question of weeks."""
        n = int(np.count_nonzero(rows.has(self.told)))
        return Sums(n, n, n, Estimate(float(n), None, None), {})

    def law(self, rows: Rows, span: Window, as_of: int) -> ReportingLaw:
        """Return how late rows are told, by those of a whole city: a town's own are too few to tell."""
        return reporting_law(self.triangle(rows, span, as_of))

    def triangle(self, rows: Rows, span: Window, as_of: int) -> Triangle:
        """Return the reporting triangle from the first whole week that has a row."""
        rows = rows.where(rows.has(self.told))
        ahead_s = rows.numbers("event_local") - rows.numbers("event_at")
        weeks = week_of_day(np.floor(rows.numbers("event_local") / DAY_S))
        told_in = week_of_day(np.floor((rows.numbers(self.told) + ahead_s) / DAY_S))
        first, running = (week_of_day(day) for day in span.days)
        begun = int(weeks.min()) + 1 if len(rows) else running
        elapsed = min(max((as_of - span.to_at) / (7 * DAY_S), 0.0), 1.0)
        whole = weeks.astype(np.int64)
        return triangle(
            whole, told_in.astype(np.int64) - whole, first_week=max(first, begun), running_week=running, elapsed=elapsed
        )

    def by_week(self, rows: Rows, span: Window, as_of: int, law: ReportingLaw) -> Iterator[Sums]:
        """Yield each week of a window, oldest first; of weeks before the record began nothing is known."""
        known = self.triangle(rows, span, as_of)
        found = nowcast(known, law)
        for _ in range(week_of_day(span.days[0]), known.first_week):
            yield UNKNOWN
        for week in found.weeks:
            ends = None if week.mean is None else Estimate(week.mean, week.low, week.high)
            detail = (float(week.completeness or 0), float(week.is_raw), float(week.is_judged), float(week.late_count))
            note = LAW_CHANGED if found.is_law_changed else None
            yield Sums(week.observed, week.observed, week.observed, ends, {}, note=note, detail=(detail,))
