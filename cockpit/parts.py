"""What every part of some rows is asked for, counted and sorted once for all parts.

Sixteen towns asked one by one would gather each column sixteen times from all over the year. Numbers are
kept as narrow as they may be: getting fresh memory costs more here than reckoning in it.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from cockpit.columns import Mask, Rows, code_type
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
        self.counted: dict[str, list[tuple[int, dict[str, int]]]] = {}
        self.sized: dict[str, list[int]] = {}
        self.sorted: dict[tuple[str, str, str], list[Wholes]] = {}

    def counts(self, name: str) -> list[tuple[int, dict[str, int]]]:
        """Return, of each part that has rows, its number and how many have each word of another text column."""
        if name not in self.counted:
            words = self.rows.columns.vocabulary[name]
            width = len(words) + 1
            both = self.number.astype(code_type(len(self.words) * width)) * width
            both += self.rows.values(name) + 1
            lines = np.bincount(both, minlength=len(self.words) * width).reshape(-1, width).tolist()
            held = [(part, line) for part, line in enumerate(lines) if any(line)]
            self.counted[name] = [(part, dict(zip(words, line[1:], strict=True))) for part, line in held]
        return self.counted[name]

    def sizes(self, name: str, mask: Callable[[], Mask]) -> list[int]:
        """Return, of each part, how many rows a mask keeps; it is known by a name and made once."""
        if name not in self.sized:
            self.sized[name] = np.bincount(self.number[np.flatnonzero(mask())], minlength=len(self.words)).tolist()
        return self.sized[name]

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
