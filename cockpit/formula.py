"""How a metric comes from rows: a formula says of each row what part it plays, and estimates from those that count."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from cockpit import statistics
from cockpit.columns import Mask, Rows
from cockpit.interval import COUNTED_IN_TOTAL, Interval, State
from cockpit.parts import Parts, parts_of

MINIMUM_N = 20
"""Fewest valid values for a quantile or a share (domain specification, section 6.5, rule 8)."""
NO_STATES = {state.value: 0 for state in State}


@dataclass(frozen=True)
class Marks:
    """Which rows are in n total, which of them have a value, which of those hit the target."""

    is_total: Mask
    is_valid: Mask
    is_hit: Mask


@dataclass(frozen=True)
class Sums:
    """What a formula makes of some rows: valid of total, how many hit, the value in rows, seconds or percent, the states."""

    n: int
    n_total: int
    hit_count: int
    estimate: statistics.Estimate | None
    states: Mapping[str, int]


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


def sums(formula: Formula, rows: Rows, as_of: int) -> Sums:
    """Return what a formula makes of rows."""
    marks = formula.marks(rows, as_of)
    n, n_total, hit_count = (int(np.count_nonzero(mask)) for mask in (marks.is_valid, marks.is_total, marks.is_hit))
    return Sums(n, n_total, hit_count, formula.estimate(rows, marks), formula.states(rows, as_of))


def sums_by(formula: Formula, rows: Rows, by: str, as_of: int) -> Iterator[tuple[str | None, Sums]]:
    """Yield what a formula makes of the rows of each word of a text column."""
    if isinstance(formula, Quantile):
        yield from formula.by_part(parts_of(rows, by), as_of)
    else:
        yield from ((word, sums(formula, part, as_of)) for word, part in rows.groups(by))


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
    """How many rows there are of one kind.

    `where`: these words, or truths, stand in these columns; `present`: these columns have a value;
    `at_least`, `at_most`: these numbers keep a limit; `within_s`: these instants lie at most so many seconds
    back, `beyond_s`: further back, or never. `needs` are stamps without which the count would mislead.
    """

    where: Mapping[str, tuple[str | bool, ...]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    within_s: Mapping[str, int] = field(default_factory=dict)
    beyond_s: Mapping[str, int] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    minimum_n: int = 0

    def stamps(self) -> tuple[str, ...]:
        """Name the columns that must be present."""
        return (*self.present, *self.needs)

    def mask(self, rows: Rows, as_of: int) -> Mask:
        """Return which rows are of this kind."""
        parts = [
            *(stands_in(rows, name, values) for name, values in self.where.items()),
            *(rows.has(name) for name in self.present),
            *(rows.numbers(name) >= limit for name, limit in self.at_least.items()),
            *(rows.numbers(name) <= limit for name, limit in self.at_most.items()),
            *(rows.numbers(name) >= as_of - age_s for name, age_s in self.within_s.items()),
            *(~(rows.numbers(name) >= as_of - age_s) for name, age_s in self.beyond_s.items()),
        ]
        mask = np.ones(len(rows), np.bool_)
        for part in parts:
            mask &= part
        return mask

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Every counted row is total, valid and hit."""
        mask = self.mask(rows, as_of)
        return Marks(mask, mask, mask)


def stands_in(rows: Rows, name: str, values: tuple[str | bool, ...]) -> Mask:
    """Return which rows have one of these words, or truths, in a column."""
    words = [value for value in values if isinstance(value, str)]
    if words:
        return rows.is_any(name, words)
    return np.isin(rows.numbers(name), [float(value) for value in values])


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

    def by_part(self, parts: Parts, as_of: int) -> Iterator[tuple[str | None, Sums]]:
        """Yield what `sums` gives of each part; the parts are counted and sorted together, and once for every quantile."""
        state, value = self.interval.state, self.interval.value
        expired = parts.sizes(state, lambda: self.expired(parts.rows, as_of))
        ordered = parts.ordered(value, state, State.VALID)
        for part, found in parts.counts(state):
            counts = {**NO_STATES, **found}
            counts[State.OPEN] -= expired[part]
            counts[State.MISSING] += expired[part]
            n, n_total = counts[State.VALID], sum(counts[state] for state in COUNTED_IN_TOTAL)
            estimate = statistics.quantile(ordered[part], self.q, is_sorted=True) if n else None
            yield parts.words[part], Sums(n, n_total, n, estimate, counts)


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


@dataclass(frozen=True, kw_only=True)
class Share:
    """The share of `hit` among `valid` rows, with Wilson's interval; n total are those `among` which one asks.

    Rows that are `still_open` and at most `open_expires_s` old are not asked yet; None: however old they are.
    """

    among: Count
    hit: Count
    valid: Count = field(default_factory=Count)
    still_open: Count | None = None
    open_expires_s: int | None = None
    minimum_n: int = MINIMUM_N

    def stamps(self) -> tuple[str, ...]:
        """Name the columns without which it cannot be known."""
        return (*self.among.stamps(), *self.valid.stamps(), *self.hit.stamps())

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Total: what is asked. Valid: what answers. Hit: what answers yes."""
        total = self.among.mask(rows, as_of)
        if self.still_open is not None:
            is_young = rows.numbers("event_at") >= as_of - (math.inf if self.open_expires_s is None else self.open_expires_s)
            total &= ~(self.still_open.mask(rows, as_of) & is_young)
        valid = total & self.valid.mask(rows, as_of)
        return Marks(total, valid, valid & self.hit.mask(rows, as_of))

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return percent."""
        n = int(np.count_nonzero(marks.is_valid))
        return statistics.share(int(np.count_nonzero(marks.is_hit)), n) if n else None

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: its rows are in no state of an interval."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """The sum of one column over the sum of another, in percent, over rows that have both."""

    numerator: str
    denominator: str
    minimum_n: int = MINIMUM_N

    def stamps(self) -> tuple[str, ...]:
        """Name both columns."""
        return (self.numerator, self.denominator)

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Every row is total; those with both numbers are valid."""
        valid = rows.has(self.numerator) & rows.has(self.denominator)
        return Marks(np.ones(len(rows), np.bool_), valid, valid)

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return percent."""
        some = rows.where(marks.is_valid)
        below = some.numbers(self.denominator)
        return statistics.ratio(some.numbers(self.numerator), below) if below.any() else None

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: its rows are in no state of an interval."""
        return {}
