"""The word *metric*: a named formula over derived rows, and what it gives, a *reading*."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from cockpit.formula import Formula
from cockpit.text import Text
from cockpit.window import PLACED, Window

THIN_BELOW_SHARE = 0.8
"""Below this share of valid values a number is shown grey (section 6.5, rule 6)."""

USUAL_WINDOW = "d28"

Direction = Literal["up", "down", "context"]


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    SECONDS = "s"
    MINUTES = "min"
    DAYS = "d"
    PERCENT = "%"


UNIT_TEXT: Mapping[Unit, Text] = {
    Unit.COUNT: Text("件", "cases"),
    Unit.SECONDS: Text("秒", "s"),
    Unit.MINUTES: Text("分钟", "min"),
    Unit.DAYS: Text("天", "days"),
    Unit.PERCENT: Text("%", "%"),
}
SCALE = {Unit.COUNT: 1, Unit.SECONDS: 1, Unit.MINUTES: 60, Unit.DAYS: 86_400, Unit.PERCENT: 1}
"""How many of the estimated unit (rows, seconds, percent) make one of the shown unit."""


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
    """Rows as the table has them, and what the metric makes of them, in its own unit."""

    rows: tuple[Mapping[str, object], ...]
    value: float


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One named number: what it is, where it comes from, how it is read.

    `sources` are the contracts whose age is its age; `by` are the columns it is also given for;
    `bounds` are the values it can ever take, in its unit; `noun` is what a count counts.
    """

    key: str
    title: Text
    definition: Text
    unit: Unit
    direction: Direction
    table: str
    formula: Formula
    sources: tuple[str, ...]
    bounds: tuple[float, float]
    example: Example
    windows: tuple[str, ...] = PLACED
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
        """The window it is read in when none is named: four weeks, or now."""
        return USUAL_WINDOW if USUAL_WINDOW in self.windows else self.windows[0]

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

    @property
    def is_thin(self) -> bool:
        """Whether too many of the rows that should have a value have none."""
        return self.n < THIN_BELOW_SHARE * self.n_total
