"""How late cases are reported: the weekly reporting triangle, and the share of a week that is known after so many weeks.

A case belongs to the week of its accident and comes to be known in the week of its acceptance; the weeks between
are its delay. Source: domain specification, section 2.9; reverse-time hazards after Lawless 1994, Canadian Journal
of Statistics 22.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from cockpit.statistics import Numbers, Wholes
from cockpit.text import Text

MAX_DELAY_WEEKS = 26
LAW_WEEKS, CHANGED_LAW_WEEKS, MONTH_WEEKS = 26, 8, 4
"""How many rows tell the law; how many do once it has changed; how many are last month's."""

CHANGE_P = 0.01
EXPECTED_LEAST = 5
"""A χ² test counts a cell only from so many expected cases on. Source: Cochran 1954, Biometrics 10."""

LAW_CHANGED = Text("上报规律变化", "reporting pattern changed")

Week = npt.NDArray[np.signedinteger] | Sequence[int]


@dataclass(frozen=True, eq=False)
class Triangle:
    """Cases by week of accident and delay, as known at one instant.

    Shape: `counts[i, d]` is of week `first_week + i`; the last row is the last week that is over. `late_counts` are
    the cases with a longer delay than the triangle has. `elapsed` is the share of the running week that has gone by.
    """

    first_week: int
    counts: Wholes
    late_counts: Wholes
    elapsed: float

    @property
    def lags(self) -> Wholes:
        """How many weeks that are over follow each week."""
        return np.arange(len(self.counts))[::-1]


@dataclass(frozen=True)
class ReportingLaw:
    """What is reported when.

    `hazards[d]` is the share of the cases known after d weeks that came in the d-th; `completeness[l]` the share of a
    week's cases that is known l weeks after it; None where no week that has been watched for so long has a case.
    `month_completeness` is the same by last month's reports alone, and there only when the law has changed.
    `p_value` is that of no change; None when too few cases tell.
    """

    hazards: tuple[float | None, ...]
    completeness: tuple[float | None, ...]
    month_completeness: tuple[float | None, ...] | None
    p_value: float | None
    is_law_changed: bool


def triangle(
    accident_weeks: Week,
    delay_weeks: Week,
    *,
    first_week: int,
    running_week: int,
    elapsed: float = 0.0,
    max_delay: int = MAX_DELAY_WEEKS,
) -> Triangle:
    """Return the triangle of the weeks from the first to the one before the running one.

    Weeks are running numbers (`cockpit.weeks`). The first must be one from which on the record has all acceptances:
    a record that begins with acceptances has too few early reports before. What is accepted in the running week counts
    once some of it has elapsed; what is accepted later is not known yet; accidents of the running week are still
    happening; all three are left out. A case accepted before its accident is known at once.
    """
    weeks, delays = np.asarray(accident_weeks, np.int64), np.maximum(np.asarray(delay_weeks, np.int64), 0)
    known_until = running_week if elapsed > 0 else running_week - 1
    is_in = (first_week <= weeks) & (weeks < running_week) & (weeks + delays <= known_until)
    width = max_delay + 2
    cells = (weeks[is_in] - first_week) * width + np.minimum(delays[is_in], max_delay + 1)
    row_count = max(running_week - first_week, 0)
    counts = np.bincount(cells, minlength=row_count * width).reshape(row_count, width)
    return Triangle(first_week, counts[:, :-1], counts[:, -1], elapsed)


def reporting_law(known: Triangle) -> ReportingLaw:
    """Return the law by the newest 26 weeks that tell each delay, or, when it has changed, by the newest 8."""
    month, before = sums(known, 0, MONTH_WEEKS), sums(known, MONTH_WEEKS, LAW_WEEKS)
    p_value = p_of_no_change(month, before)
    is_changed = p_value is not None and p_value < CHANGE_P
    hazards = hazards_of(*sums(known, 0, CHANGED_LAW_WEEKS if is_changed else LAW_WEEKS))
    return ReportingLaw(
        hazards=listed(hazards),
        completeness=listed(completeness_of(hazards)),
        month_completeness=listed(completeness_of(hazards_of(*month))) if is_changed else None,
        p_value=p_value,
        is_law_changed=is_changed,
    )


def sums(known: Triangle, newest: int, oldest: int) -> tuple[Numbers, Numbers]:
    """Return for each delay how many cases came with it, and how many with it or sooner.

    Counted are the weeks that have been watched for so long, from the newest-th newest of them to the oldest-th.
    """
    row_count, width = known.counts.shape
    delays = np.arange(width)
    watched = np.clip(row_count - delays, 0, None)
    to_row, from_row = np.clip(watched - newest, 0, None), np.clip(watched - oldest, 0, None)
    came = np.zeros((row_count + 1, width))
    came[1:] = known.counts.cumsum(axis=0)
    sooner = came.cumsum(axis=1)
    return came[to_row, delays] - came[from_row, delays], sooner[to_row, delays] - sooner[from_row, delays]


def hazards_of(came: Numbers, sooner: Numbers) -> Numbers:
    """Return the reverse-time hazards; not a number where no case tells."""
    hazards: Numbers = np.full(len(came), np.nan)
    return np.divide(came, sooner, out=hazards, where=sooner > 0)


def completeness_of(hazards: Numbers) -> Numbers:
    """Return the share known after each number of weeks: what no longer delay takes away."""
    return np.append(np.cumprod(1 - hazards[:0:-1])[::-1], 1.0)


def p_of_no_change(month: tuple[Numbers, Numbers], before: tuple[Numbers, Numbers]) -> float | None:
    """Return how likely hazards are to differ by chance as much as last month's from those of the weeks before.

    One 2 × 2 table a delay; reverse-time hazards of several delays are independent, so their χ² add up.
    """
    (new, new_of), (old, old_of) = month, before
    share = hazards_of(new + old, new_of + old_of)
    fewest = np.minimum(new_of, old_of) * np.minimum(share, 1 - share)
    is_told = fewest >= EXPECTED_LEAST
    if not is_told.any():
        return None
    new, new_of, old, old_of, share = (each[is_told] for each in (new, new_of, old, old_of, share))
    square = (new / new_of - old / old_of) ** 2 / (share * (1 - share) * (1 / new_of + 1 / old_of))
    return float(special.chdtrc(len(square), square.sum()))


def listed(numbers: Numbers) -> tuple[float | None, ...]:
    """Return numbers one by one, with None for what is not one."""
    given = numbers.astype(np.object_)
    given[np.isnan(numbers)] = None
    return tuple(given.tolist())
