"""When hearing nothing, or little, is not news but silence (domain specification, section 10.3).

Everything is counted by working days: a quiet small town or a holiday is not silence.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import exp
from statistics import median

SILENT_BELOW = 0.001
RATE_WEEKS = 26
OUTAGE_BELOW = Fraction(2, 5)
"""Of the median of the weeks before: less is taken for a source that failed, and colours are frozen."""
MEDIAN_WEEKS = 8
FURTHEST_WEEKS = 104
"""Outages are passed over, but nobody looks further back than this."""

WEEK_DAYS, LEAST_WORKDAYS, LONGEST_DAYS = 7, 5, 42
"""A week that is judged; what it must hold, or it is longer; and how long it may be. [DEF]"""

Counts = Mapping[date, int]
"""How many came on each local day; a day that is not named had none."""

IsWorkday = Callable[[date], bool]


@dataclass(frozen=True)
class EmptyRun:
    """Working days in a row on which nothing came, and how probable that was at the rate of the 26 weeks before."""

    day_count: int
    probability: float

    @property
    def is_silent(self) -> bool:
        """Whether something is wrong, rather than quiet."""
        return self.probability < SILENT_BELOW


def empty_run(counts: Counts, is_workday: IsWorkday, last: date) -> EmptyRun:
    """Return the run of empty working days that ends with a day, as a Poisson process of the town's own rate has it.

    The rate is that of the 26 weeks before the run, however long it is, so that a long silence does not make itself probable.

    >>> empty_run({date(2026, 6, 1) - timedelta(days=i): 1 for i in range(200)}, lambda day: True, date(2026, 6, 8)).is_silent
    True
    """
    newest = max((day for day, count in counts.items() if count and day <= last), default=None)
    if newest is None:
        return EmptyRun(0, 1.0)  # nothing ever came, so that nothing is missed
    day_count = sum(is_workday(day) for day in days_back(last, (last - newest).days))
    before = [day for day in days_back(newest, RATE_WEEKS * 7) if is_workday(day)]
    rate = sum(counts.get(day, 0) for day in before) / len(before) if before else 0.0
    return EmptyRun(day_count, exp(-rate * day_count))


@dataclass(frozen=True)
class WeekIntake:
    """What came in a week and in the median of 8 weeks before it, each per working day; None: it cannot be said."""

    per_workday: Fraction | None
    usual_per_workday: Fraction | None

    @property
    def is_outage(self) -> bool:
        """Whether so little came that the source is taken to have failed: a banner is shown and colours are frozen."""
        if self.per_workday is None or self.usual_per_workday is None:
            return False
        return self.per_workday < OUTAGE_BELOW * self.usual_per_workday


def week_intake(counts: Counts, is_workday: IsWorkday, last: date) -> WeekIntake:
    """Return the intake of the week that ends with a day, and what is usual."""
    return week_intakes(counts, is_workday, last)[-1]


def week_intakes(counts: Counts, is_workday: IsWorkday, last: date) -> list[WeekIntake]:
    """Return the intake of each week from that of the first day that is named, the one that ends with a day last.

    Usual is the median of the 8 newest weeks before that were no outage themselves, so that a long outage stays one; before
    8 such weeks, none older than 104, nobody can say.
    """
    first = min(counts, default=last)
    found: list[WeekIntake] = []
    normal: deque[tuple[int, Fraction]] = deque(maxlen=MEDIAN_WEEKS)
    for back in range(max(0, (last - first).days // 7), -1, -1):
        before = [intake for week, intake in normal if week - back <= FURTHEST_WEEKS]
        usual = median(before) if len(before) == MEDIAN_WEEKS else None
        week = WeekIntake(per_workday(counts, is_workday, last - timedelta(weeks=back)), usual)
        found.append(week)
        if week.per_workday is not None and not week.is_outage:
            normal.append((back, week.per_workday))
    return found


def per_workday(counts: Counts, is_workday: IsWorkday, last: date) -> Fraction | None:
    """Return what came for each working day of the week that ends with a day; None where nobody works.

    A week is seven days, or as many more before them as hold five working days: what comes on the two working days between
    holidays is no measure of a source.
    """
    stretch = list(days_back(last, WEEK_DAYS))
    while sum(map(is_workday, stretch)) < LEAST_WORKDAYS and len(stretch) < LONGEST_DAYS:
        stretch.append(last - timedelta(days=len(stretch)))
    workdays = sum(map(is_workday, stretch))
    return Fraction(sum(counts.get(day, 0) for day in stretch), workdays) if workdays else None


def days_back(last: date, day_count: int) -> Iterator[date]:
    """Yield so many days, the last first."""
    return (last - timedelta(days=back) for back in range(day_count))
