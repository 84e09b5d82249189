"""How a metric comes from rows: a formula says of each row what part it plays, and estimates from those that count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from cockpit import statistics
from cockpit.columns import Mask, Rows
from cockpit.interval import COUNTED_IN_TOTAL, OPEN_EXPIRES_S, Interval, State

MINIMUM_N = 20
"""Fewest valid values for a quantile or a share (domain specification, section 6.5, rule 8)."""


@dataclass(frozen=True)
class Marks:
    """Which rows are in n total, which of them have a value, which of those hit the target."""

    is_total: Mask
    is_valid: Mask
    is_hit: Mask


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

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return the value in rows, seconds or percent, or None when no row gives one."""
        ...

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Count the rows by state."""
        ...


class Tally:
    """What formulas that count rows share: every counted row is total, valid and hit, and zero is a count."""

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return the count, without an interval."""
        return statistics.Estimate(float(np.count_nonzero(marks.is_total)), None, None)

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: a count has no states."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Count(Tally):
    """How many rows have certain words in certain columns, and a value in others."""

    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    minimum_n: int = 0

    def stamps(self) -> tuple[str, ...]:
        """Name the columns that must be present."""
        return self.present

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Every counted row is total, valid and hit."""
        mask = np.ones(len(rows), np.bool_)
        for name, values in self.where.items():
            mask &= rows.is_any(name, values)
        for name in self.present:
            mask &= rows.has(name)
        return Marks(mask, mask, mask)


@dataclass(frozen=True, kw_only=True)
class OfInterval:
    """What formulas over one interval share: which rows count, and in which state they are."""

    interval: Interval
    minimum_n: int = MINIMUM_N

    def stamps(self) -> tuple[str, ...]:
        """Name its stamps."""
        return self.interval.stamps

    def expired(self, rows: Rows, as_of: int) -> Mask:
        """Return the open rows whose time is up: they count as missing."""
        is_old = rows.numbers("event_at") < as_of - OPEN_EXPIRES_S
        return is_old & rows.is_any(self.interval.state, [State.OPEN])

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Total: what should have had a value. Valid: what has one."""
        total = rows.is_any(self.interval.state, COUNTED_IN_TOTAL) | self.expired(rows, as_of)
        valid = rows.is_any(self.interval.state, [State.VALID])
        return Marks(total, valid, self.hits(rows, valid))

    def hits(self, rows: Rows, valid: Mask) -> Mask:
        """Without a target every valid row counts."""
        return valid

    def seconds(self, rows: Rows, marks: Marks) -> statistics.Numbers:
        """Return the valid lengths in seconds."""
        return rows.numbers(self.interval.value)[marks.is_valid]

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Count every state; an expired open row is missing."""
        counts = {s.value: int(np.count_nonzero(rows.is_any(self.interval.state, [s]))) for s in State}
        expired = int(np.count_nonzero(self.expired(rows, as_of)))
        counts[State.OPEN] -= expired
        counts[State.MISSING] += expired
        return counts


@dataclass(frozen=True, kw_only=True)
class InState(Tally, OfInterval):
    """How many rows have an interval in one state; an open one whose time is up is missing."""

    state: State
    minimum_n: int = 0

    def stamps(self) -> tuple[str, ...]:
        """Return nothing: that a stamp is never there can be counted too."""
        return ()

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Every counted row is total, valid and hit."""
        mask = rows.is_any(self.interval.state, [self.state])
        if self.state is State.MISSING:
            mask |= self.expired(rows, as_of)
        elif self.state is State.OPEN:
            mask &= ~self.expired(rows, as_of)
        return Marks(mask, mask, mask)


@dataclass(frozen=True, kw_only=True)
class Quantile(OfInterval):
    """A quantile of the valid lengths, with its order-statistics interval."""

    q: float

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return seconds."""
        values = self.seconds(rows, marks)
        return statistics.quantile(values, self.q) if len(values) else None


@dataclass(frozen=True, kw_only=True)
class Mean(OfInterval):
    """The mean of the valid lengths."""

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return seconds."""
        values = self.seconds(rows, marks)
        return statistics.mean(values) if len(values) else None


@dataclass(frozen=True, kw_only=True)
class Within(OfInterval):
    """The share of the valid lengths that are at most `limit_s`, with Wilson's interval."""

    limit_s: int

    def hits(self, rows: Rows, valid: Mask) -> Mask:
        """Return the valid rows within the limit."""
        return valid & (rows.numbers(self.interval.value) <= self.limit_s)

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return percent."""
        n = int(np.count_nonzero(marks.is_valid))
        return statistics.share(int(np.count_nonzero(marks.is_hit)), n) if n else None


@dataclass(frozen=True, kw_only=True)
class Completeness(OfInterval):
    """The share of rows that should have a value and have a valid one."""

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Every row that should have a value is valid here; those that have one are the hits."""
        marks = OfInterval.marks(self, rows, as_of)
        return Marks(marks.is_total, marks.is_total, marks.is_valid)

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return percent."""
        n = int(np.count_nonzero(marks.is_total))
        return statistics.share(int(np.count_nonzero(marks.is_hit)), n) if n else None
