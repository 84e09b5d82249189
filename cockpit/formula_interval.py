"""Formulas over one interval of each row: quantiles, means and shares of its lengths, and how many are in a state."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cockpit import extremes, statistics
from cockpit.columns import Mask, Rows
from cockpit.extremes import Extremes
from cockpit.formula_count import Tally
from cockpit.interval import COUNTED_IN_TOTAL, Interval, State
from cockpit.marks import MINIMUM_N, Marks, Sums
from cockpit.parts import Parts

NO_STATES = {state.value: 0 for state in State}


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
        if self.interval.open_expires_s is None:
            return np.zeros(len(rows), np.bool_)
        expired = rows.is_any(self.interval.state, [State.OPEN])
        few = np.flatnonzero(expired)
        expired[few] = rows.take(few).numbers("event_at") < as_of - self.interval.open_expires_s
        return expired

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Total: what should have had a value. Valid: what has one."""
        total = rows.is_any(self.interval.state, COUNTED_IN_TOTAL) | self.expired(rows, as_of)
        valid = rows.is_any(self.interval.state, [State.VALID])
        return Marks(total, valid, self.hits(rows, valid))

    def hits(self, rows: Rows, valid: Mask) -> Mask:
        """Without a target every valid row counts."""
        return valid

    def asks_others(self) -> bool:
        """Say yes where a cancelled run counts if another of its incident was not cancelled: one stamp can change them all."""
        return self.interval.in_cancelled_runs

    def seconds(self, rows: Rows, marks: Marks) -> statistics.Numbers:
        """Return the valid lengths in seconds."""
        return rows.numbers(self.interval.value)[np.flatnonzero(marks.is_valid)]  # twice as fast as by the mask itself

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Count every state; an expired open row is missing."""
        counts = {**NO_STATES, **rows.counts(self.interval.state)}
        if not counts[State.OPEN]:
            return counts
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

    def asks_others(self) -> bool:
        """Say what its interval says."""
        return OfInterval.asks_others(self)

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

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the least and the most seconds: no valid length is negative or above the cap."""
        return extremes.quantile(self.seconds(rows, marks), self.q, changed, most=self.interval.cap_s)

    def by_part(self, parts: Parts, as_of: int, changed: int) -> Iterator[tuple[str | None, Sums]]:
        """Yield what `sums` gives of each part; the parts are counted and sorted together, and once for every quantile."""
        state, value = self.interval.state, self.interval.value
        expired = parts.sizes(state, lambda: self.expired(parts.rows, as_of))
        ordered = parts.ordered(value, state, State.VALID)
        for part, found in parts.counts(state):
            counts = {**NO_STATES, **found}
            counts[State.OPEN] -= expired[part]
            counts[State.MISSING] += expired[part]
            n, n_total = counts[State.VALID], sum(counts[state] for state in COUNTED_IN_TOTAL)
            lengths, most = ordered[part], self.interval.cap_s
            estimate = statistics.quantile(lengths, self.q, is_sorted=True) if n else None
            reach = extremes.quantile(lengths, self.q, changed, most=most, is_sorted=True) if n and changed else None
            yield parts.words[part], Sums(n, n_total, n, estimate, counts, reach)


@dataclass(frozen=True, kw_only=True)
class Mean(OfInterval):
    """The mean of the valid lengths."""

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return seconds."""
        values = self.seconds(rows, marks)
        return statistics.mean(values) if len(values) else None

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the least and the most seconds: no valid length is negative or above the cap."""
        return extremes.mean(self.seconds(rows, marks), changed, most=self.interval.cap_s)


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

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the least and the most percent."""
        return extremes.share(int(np.count_nonzero(marks.is_hit)), int(np.count_nonzero(marks.is_valid)), changed)


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

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the least and the most percent."""
        return extremes.share(int(np.count_nonzero(marks.is_hit)), int(np.count_nonzero(marks.is_total)), changed)
