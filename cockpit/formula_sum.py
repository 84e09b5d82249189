"""Formulas over one number, or one name, of each row: a sum, a mean, how many different ones there are."""

import math
from dataclasses import dataclass

import numpy as np

from cockpit import statistics
from cockpit.columns import Rows
from cockpit.extremes import Extremes
from cockpit.marks import MINIMUM_N, Marks


@dataclass(frozen=True, kw_only=True)
class OfColumn:
    """What formulas over one column share: every row is total, and those that have something in it are valid."""

    column: str
    minimum_n: int = 0

    def stamps(self) -> tuple[str, ...]:
        """Name the column."""
        return (self.column,)

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Total: every row. Valid: those with a value."""
        valid = rows.has(self.column)
        return Marks(np.ones(len(rows), np.bool_), valid, valid)

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: its rows are in no state of an interval."""
        return {}

    def asks_others(self) -> bool:
        """Say no: each row is asked for itself."""
        return False

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return nothing: no number is known to bound what one row adds."""
        return None


@dataclass(frozen=True, kw_only=True)
class Total(OfColumn):
    """The sum of a column; of no rows it is zero, and of rows that all say nothing it is unknown."""

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return the sum, in the column's unit."""
        if len(rows) and not marks.is_valid.any():
            return None
        return statistics.Estimate(math.fsum(rows.numbers(self.column)[marks.is_valid].tolist()), None, None)


@dataclass(frozen=True, kw_only=True)
class Average(OfColumn):
    """The mean of a column over the rows that have a value in it."""

    minimum_n: int = MINIMUM_N

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return the mean, in the column's unit."""
        values = rows.numbers(self.column)[marks.is_valid]
        return statistics.mean(values) if len(values) else None


@dataclass(frozen=True, kw_only=True)
class Distinct(OfColumn):
    """How many different words stand in a text column."""

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return the count, without an interval."""
        return statistics.Estimate(float(len(np.unique(rows.values(self.column)[marks.is_valid]))), None, None)
