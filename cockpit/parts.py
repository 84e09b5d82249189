"""What every part of some rows is asked for, counted and sorted once for all parts.

Sixteen towns asked one by one would gather each column sixteen times from all over the year. Numbers are
kept as narrow as they may be: getting fresh memory costs more here than reckoning in it.
"""

from itertools import pairwise

import numpy as np

from cockpit.columns import Array, Mask, Rows, code_type
from cockpit.statistics import Numbers, Wholes

MOST_INT32 = 2**31


class Parts:
    """Rows told apart by a text column. Part 0 is of the rows that have no word in it."""

    def __init__(self, rows: Rows, by: str) -> None:
        """Give each row the number of its part."""
        self.rows = rows
        self.words: list[str | None] = [None, *rows.columns.vocabulary[by]]
        self.number: Wholes = rows.values(by).astype(code_type(len(self.words)))
        self.number += 1
        self.counted: dict[str, Array] = {}
        self.sorted: dict[tuple[str, str, str], list[Wholes]] = {}

    def counts(self, name: str) -> Array:
        """Return how many rows have each word of another text column: one line a part, the last place being no word."""
        if name not in self.counted:
            width = len(self.rows.columns.vocabulary[name]) + 1
            both = self.number.astype(code_type(len(self.words) * width)) * width
            both += self.rows.values(name) + 1
            counted = np.bincount(both, minlength=len(self.words) * width).reshape(-1, width)
            self.counted[name] = np.roll(counted, -1, axis=1)
        return self.counted[name]

    def sizes(self, mask: Mask) -> list[int]:
        """Return, of each part, how many rows a mask keeps."""
        return [int(size) for size in np.bincount(self.number[np.flatnonzero(mask)], minlength=len(self.words))]

    def ordered(self, name: str, state: str, word: str) -> list[Wholes]:
        """Return, of each part, the sorted whole numbers of a column in the rows that have a word in another."""
        if (name, state, word) not in self.sorted:
            at = np.flatnonzero(self.rows.is_any(state, [word]))
            self.sorted[name, state, word] = sorted_by_part(self.number[at], self.rows.numbers(name)[at], len(self.words))
        return self.sorted[name, state, word]


def parts_of(rows: Rows, by: str) -> Parts:
    """Return the parts of rows by a text column, told apart once."""
    if ("parts", by) not in rows.found:
        rows.found["parts", by] = Parts(rows, by)
    parts: Parts = rows.found["parts", by]
    return parts


def sorted_by_part(number: Wholes, values: Numbers, count: int) -> list[Wholes]:
    """Sort whole numbers within each part by one sort of part and number together, as integers that hold both."""
    least = int(values.min()) if len(values) else 0
    span = int(values.max()) - least + 1 if len(values) else 1
    wide = np.int32 if count * span < MOST_INT32 else np.int64
    together = number * wide(span)
    together += (values - least).astype(wide)
    together.sort()
    bounds = np.searchsorted(together, np.arange(count + 1) * span)
    for place, (first, last) in enumerate(pairwise(bounds)):
        together[first:last] -= place * span - least
    return [together[first:last] for first, last in pairwise(bounds)]
