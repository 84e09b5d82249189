"""How a metric comes from rows: a formula says of each row what part it plays, and estimates from those that count."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from cockpit.columns import Rows
from cockpit.extremes import Extremes
from cockpit.formula_cohort import Nowcast, OfCohort, SurvivalQuantile
from cockpit.formula_count import Count, Ratio, Share, Tally
from cockpit.formula_interval import Completeness, InState, Mean, OfInterval, Quantile, Within
from cockpit.formula_sum import Average, Distinct, Total
from cockpit.marks import MINIMUM_N, Marks, Sums
from cockpit.parts import parts_of
from cockpit.statistics import Estimate

__all__ = [
    "MINIMUM_N",
    "Average",
    "Completeness",
    "Count",
    "Distinct",
    "Formula",
    "InState",
    "Marks",
    "Mean",
    "Nowcast",
    "OfInterval",
    "Quantile",
    "Ratio",
    "Share",
    "Sums",
    "SurvivalQuantile",
    "Tally",
    "Total",
    "Within",
    "sums",
    "sums_by",
]


class Formula(Protocol):
    """How a metric comes from rows."""

    @property
    def minimum_n(self) -> int:
        """The fewest valid values for a value to be given."""
        ...

    def stamps(self) -> tuple[str, ...]:
        """Name the columns without which it cannot be known."""
        ...

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Say of each row what part it plays."""
        ...

    def estimate(self, rows: Rows, marks: Marks) -> Estimate | None:
        """Return the value in rows, seconds or percent, or None when no row gives one."""
        ...

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Count the rows by state."""
        ...

    def asks_others(self) -> bool:
        """Whether the part that a row plays hangs on other rows too."""
        ...

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return what the value, of at least one valid row, could be if so many rows were others; None: anything."""
        ...


def sums(formula: Formula, rows: Rows, as_of: int, changed: int = 0) -> Sums:
    """Return what a formula makes of rows, and what it could make of them if so many of them were others."""
    if isinstance(formula, OfCohort):
        return formula.sums(rows, as_of)
    marks = formula.marks(rows, as_of)
    n, n_total, hit_count = (int(np.count_nonzero(mask)) for mask in (marks.is_valid, marks.is_total, marks.is_hit))
    estimate = formula.estimate(rows, marks)
    extremes = formula.extremes(rows, marks, changed) if changed and estimate else None
    return Sums(n, n_total, hit_count, estimate, formula.states(rows, as_of), extremes)


def sums_by(formula: Formula, rows: Rows, by: str, as_of: int, changed: int = 0) -> Iterator[tuple[str | None, Sums]]:
    """Yield what a formula makes of the rows of each word of a text column, and could make of them as `sums` says."""
    if isinstance(formula, Quantile):
        yield from formula.by_part(parts_of(rows, by), as_of, changed)
    else:
        yield from ((word, sums(formula, part, as_of, changed)) for word, part in rows.groups(by))
