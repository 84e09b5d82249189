"""What a department sends about things that go on for years: a block a month, kept in arrays, made text when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import ModuleType

import numpy as np
import pandas as pd

from etl.simulation.draws import Codes, Instants
from etl.simulation.injury.city import City, month_of
from etl.simulation.injury.days import EPOCH
from etl.simulation.sending import Cells

KEPT_MONTHS = 50 * 12
"""Of each stream. A block is some hundred kB at most, and whoever reads on asks them all whether there is news."""


@dataclass(frozen=True)
class Block:
    """Rows of one month, in the order they are sent (UTC s); `text` makes cells of those at some places.

    `began_on` is the local day (from 1970-01-01) on which each row's matter was brought in: a history that begins later
    does not tell of it.
    """

    sent_at: Instants
    began_on: Codes
    text: Callable[[Codes], Cells]


def block(sent_at: Instants, began_on: Codes, text: Callable[[Codes], Cells]) -> Block:
    """Put rows in the order they are sent; `text` goes on to know them by their first places."""
    order = np.argsort(sent_at, kind="stable")
    return Block(sent_at[order], began_on[order], lambda places: text(order[places]))


class LongStream:
    """One department's system whose rows come in blocks, one a month: its module's `block_of(city, month)`."""

    def __init__(self, name: str, module: ModuleType, city: City) -> None:
        """Remember the module; nothing is simulated yet."""
        self.name, self.module, self.world = name, module, city
        self.block: Callable[[int], Block] = lru_cache(maxsize=KEPT_MONTHS)(self.new_block)

    @property
    def header(self) -> tuple[str, ...]:
        """The columns it sends."""
        header: tuple[str, ...] = self.module.HEADER
        return header

    def new_block(self, month: int) -> Block:
        """Return a month's rows."""
        found: Block = self.module.block_of(self.world, month)
        return found

    def told(self, begin: date, after: int | None, upto: int) -> pd.DataFrame:
        """Return the rows of what was brought in from `begin` on that were sent in (after, upto], in UTC seconds."""
        begin_on = (begin - EPOCH).days
        first = month_of(begin_on) - self.module.MONTHS_BEFORE
        last = month_of(int(self.world.year.day_of(np.array(upto)))) + self.module.MONTHS_AHEAD
        parts = [cells for month in range(first, last + 1) if (cells := told_of(self.block(month), begin_on, after, upto))]
        return pd.DataFrame(by_number(self.header, parts), columns=list(self.header), dtype=object)


def by_number(header: tuple[str, ...], parts: list[Cells]) -> Cells:
    """Return rows of several blocks by what stands in the first column: a store takes many rows so in half the time."""
    if not parts:
        return {name: np.zeros(0, object) for name in header}
    joined = {name: np.concatenate([part[name] for part in parts]) for name in header}
    order = np.argsort(joined[header[0]], kind="stable")
    return {name: values[order] for name, values in joined.items()}


def told_of(one: Block, begin_on: int, after: int | None, upto: int) -> Cells | None:
    """Return the rows of a block that were sent in (after, upto], if there are any."""
    low = 0 if after is None else int(np.searchsorted(one.sent_at, after, side="right"))
    high = int(np.searchsorted(one.sent_at, upto, side="right"))
    places = np.arange(low, high)[one.began_on[low:high] >= begin_on]
    return one.text(places) if len(places) else None
