"""Formulas that ask of each row whether it is of a kind: counts and shares, and the ratio of two sums."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cockpit import extremes, statistics
from cockpit.columns import Mask, Rows
from cockpit.extremes import Extremes
from cockpit.marks import MINIMUM_N, Marks


class Tally:
    """What formulas that count rows share: every counted row is total, valid and hit, and zero is a count."""

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return the count, without an interval."""
        return statistics.Estimate(float(np.count_nonzero(marks.is_total)), None, None)

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: a count has no states."""
        return {}

    def asks_others(self) -> bool:
        """Say no: each row is counted for itself."""
        return False

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the fewest and the most rows."""
        return extremes.count(int(np.count_nonzero(marks.is_total)), changed)


@dataclass(frozen=True, kw_only=True)
class Count(Tally):
    """How many rows there are of one kind.

    `where`: these words, or truths, stand in these columns; `present`, `absent`: these columns have a value, or none;
    `at_least`, `at_most`: these numbers keep a limit; `within_s`: these instants lie at most so many seconds
    back, `beyond_s`: further back, or never. `needs` are stamps without which the count would mislead.
    """

    where: Mapping[str, tuple[str | bool, ...]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
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
            *(~rows.has(name) for name in self.absent),
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
class Share:
    """The share of `hit` among `valid` rows, with Wilson's interval; n total are those `among` which one asks.

    Rows that are `still_open` and at most `open_expires_s` old are not asked yet; None: however old they are. With `each`, a
    text column, it is a share of the different words there, as of workers who have several cases: one hit is a hit.
    """

    among: Count
    hit: Count
    valid: Count = field(default_factory=Count)
    still_open: Count | None = None
    open_expires_s: int | None = None
    each: str | None = None
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
        hit = valid & self.hit.mask(rows, as_of)
        if self.each is None:
            return Marks(total, valid, hit)
        one = first_of_each(rows, self.each, total, valid, hit)
        return Marks(total & one, valid & one, hit & one)

    def estimate(self, rows: Rows, marks: Marks) -> statistics.Estimate | None:
        """Return percent."""
        n = int(np.count_nonzero(marks.is_valid))
        return statistics.share(int(np.count_nonzero(marks.is_hit)), n) if n else None

    def states(self, rows: Rows, as_of: int) -> dict[str, int]:
        """Return nothing: its rows are in no state of an interval."""
        return {}

    def asks_others(self) -> bool:
        """Say whether rows are asked together, since they speak of the same word."""
        return self.each is not None

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the least and the most percent."""
        return extremes.share(int(np.count_nonzero(marks.is_hit)), int(np.count_nonzero(marks.is_valid)), changed)


def first_of_each(rows: Rows, name: str, *order: Mask) -> Mask:
    """Return one row of each word of a text column, the one that most of these masks keep, and every row without a word."""
    codes = rows.values(name)
    rank = np.sum([mask.astype(np.int8) for mask in order], axis=0)
    best = np.lexsort((np.arange(len(codes)), -rank, codes))
    is_first = np.ones(len(codes), np.bool_)
    is_first[1:] = codes[best][1:] != codes[best][:-1]
    mask = np.zeros(len(codes), np.bool_)
    mask[best[is_first]] = True
    return mask | (codes < 0)


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

    def asks_others(self) -> bool:
        """Say no: each row is asked for itself."""
        return False

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return nothing: no number is known to bound what one row adds to either sum."""
        return None
