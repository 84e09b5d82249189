"""What a formula says of rows: the part each plays, and what comes of them all."""

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.columns import Mask
from cockpit.extremes import Extremes
from cockpit.statistics import Estimate
from cockpit.text import Text

Detail = tuple[tuple[float, ...], ...]
"""Rows of plain numbers; what each means is said by the formula that gives them."""

MINIMUM_N = 20
"""Fewest valid values for a quantile or a share (domain specification, section 6.5, rule 8)."""


@dataclass(frozen=True)
class Marks:
    """Which rows are in n total, which of them have a value, which of those hit the target."""

    is_total: Mask
    is_valid: Mask
    is_hit: Mask


@dataclass(frozen=True)
class Sums:
    """What a formula makes of some rows: valid of total, how many hit, the value in rows, seconds or percent, the states.

    `extremes` say what the value could be if as many rows as were asked for were others, where that can be said;
    `note` is what must be said of the value, or why there is none; `detail` is what a picture of it needs besides. Of rows that
    stand for days, `is_covered` says whether they speak of every day of the window.
    """

    n: int
    n_total: int
    hit_count: int
    estimate: Estimate | None
    states: Mapping[str, int]
    extremes: Extremes | None = None
    note: Text | None = None
    is_covered: bool = True
    detail: Detail = ()
