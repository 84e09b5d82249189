"""The word *metric*: a named formula over derived rows, and what it gives, a *reading*."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from cockpit.columns import USUAL_PLACE
from cockpit.formula import Count, Formula
from cockpit.formula_combined import Combined
from cockpit.marks import Detail
from cockpit.text import Text
from cockpit.window import PLACED, Window

THIN_BELOW_SHARE = 0.8
"""Below this share of valid values a number is shown grey (section 6.5, rule 6)."""

USUAL_WINDOWS = ("d28", "r12")

Direction = Literal["up", "down", "context"]


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    MEAN_COUNT = "count/1"  # so many of something to each of something else
    SECONDS = "s"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "d"
    PERCENT = "%"
    PERMILLE = "‰"
    YUAN = "CNY"
    PERSON_YEARS = "person-years"


UNIT_TEXT: Mapping[Unit, Text] = {
    Unit.COUNT: Text("件", "cases"),
    Unit.MEAN_COUNT: Text("件/件", "each"),
    Unit.SECONDS: Text("秒", "s"),
    Unit.MINUTES: Text("分钟", "min"),
    Unit.HOURS: Text("小时", "h"),
    Unit.DAYS: Text("天", "days"),
    Unit.PERCENT: Text("%", "%"),
    Unit.PERMILLE: Text("‰", "‰"),
    Unit.YUAN: Text("元", "yuan"),
    Unit.PERSON_YEARS: Text("人年", "person-years"),
}
SCALE: Mapping[Unit, float] = {Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: 86_400, Unit.YUAN: 100}
"""How many of the estimated unit (seconds, 分) make one of the shown unit, where they differ."""


class Status(StrEnum):
    """How far a reading may be trusted."""

    OK = "ok"
    PROVISIONAL = "provisional"
    SHORT = "short"
    LATE = "late"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a value is held against, and who says so."""

    value: float
    basis: Text


@dataclass(frozen=True, kw_only=True)
class Example:
    """Rows as the table has them, and what the metric makes of them, in its own unit.

    `parts` are the rows of each part, one after another, of a metric that is made of other metrics.
    """

    rows: tuple[Mapping[str, object], ...] = ()
    value: float
    parts: tuple[tuple[Mapping[str, object], ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One named number: what it is, where it comes from, how it is read.

    `sources` are the contracts whose age is its age; `by` are the columns it is also given for;
    `bounds` are the values it can ever take, in its unit; `noun` is what a count counts; `placed_by` is the instant,
    or the day, by which rows fall into a window, and `among` which of them it is about, where that is not all.
    """

    key: str
    title: Text
    definition: Text
    unit: Unit
    direction: Direction
    table: str
    formula: Formula | Combined
    sources: tuple[str, ...]
    bounds: tuple[float, float]
    example: Example
    windows: tuple[str, ...] = PLACED
    placed_by: str = USUAL_PLACE
    among: Count | None = None
    by: tuple[str, ...] = ()
    target: Target | None = None
    is_platform_default: bool = False
    noun: Text | None = None

    @property
    def unit_text(self) -> Text:
        """What stands behind its value: the unit, or what is counted."""
        return self.noun or UNIT_TEXT[self.unit]

    @property
    def usual_window(self) -> str:
        """The window it is read in when none is named: four weeks, twelve months, or now."""
        return next((name for name in USUAL_WINDOWS if name in self.windows), self.windows[0])

    @property
    def needs(self) -> tuple[str, ...]:
        """The stamps without which it cannot be known."""
        return self.formula.stamps()


@dataclass(frozen=True)
class Reading:
    """One value of one metric, with all that is needed to trust it or not.

    `value`, `low`, `high` are in the metric's unit; `n` valid of `n_total`, `hit_count` of `n` within
    the limit; `reason` says why there is no value. `quarantined` refused rows may concern it; where it `is_bounded`,
    they could bring the value down to `least` or up to `most`, an end that is open being None (`cockpit.effect`).
    `detail` is what a picture of it needs besides, as its formula says: the steps of a curve. One that `is_withheld` rests on
    too few for those who look: neither its value nor its n is told (`cockpit.disclosure`). `up_to` is the local time up to
    which it counts, where the day, week, month or year that its window is named after is over by now.
    """

    metric: Metric
    window: Window
    dims: Mapping[str, str | None]
    value: float | None
    n: int
    n_total: int
    hit_count: int
    low: float | None
    high: float | None
    status: Status
    states: Mapping[str, int]
    reason: Text | None = None
    quarantined: int = 0
    is_bounded: bool = False
    least: float | None = None
    most: float | None = None
    detail: Detail = ()
    is_withheld: bool = False
    up_to: datetime | None = None

    @property
    def is_thin(self) -> bool:
        """Whether too many of the rows that should have a value have none."""
        return self.n < THIN_BELOW_SHARE * self.n_total
