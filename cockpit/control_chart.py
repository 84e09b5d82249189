"""XmR control charts: whether a weekly series does what it always did, or something has changed.

Limits and rules are those of the domain specification, section 2.9, after NHS England's "Making Data Count". Weeks that
are left out (holidays) and weeks without a value (the source was silent, the week is not complete) are passed over, as if
the weeks beside them were neighbours: of a process that has not changed, the points left are still such a process, so a
run, a rise or a moving range goes on across the gap, and no rule fires more often for it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import fsum
from types import MappingProxyType
from typing import Literal, NamedTuple

from cockpit.text import Text

BASELINE_WEEKS, BASELINE_WEEKS_LEAST = 26, 12
LIMIT_FACTOR = 2.66
"""Three standard deviations in mean moving ranges, 3 / 1.128. Source: Wheeler and Chambers, table A.1."""

RUN_LENGTH, TREND_LENGTH = 7, 6
ROUNDING = 1e-9
"""What counts as no difference, as a share of the values' size: sums of fractions are not exact."""

Side = Literal["high", "low"]
Direction = Literal["up", "down", "context"]
Variation = Literal["common", "improvement", "concern", "change"]
Assurance = Literal["met", "may", "never", "none"]


class Rule(StrEnum):
    """A sign of a special cause."""

    OUTSIDE = "outside"
    RUN = "run"
    TREND = "trend"
    NEAR = "near"


RULE_TEXT: Mapping[Rule, Text] = MappingProxyType(
    {
        Rule.OUTSIDE: Text("一点超出控制限", "one point outside the limits"),
        Rule.RUN: Text("连续7点在中心线同侧", "7 in a row on one side of the centre"),
        Rule.TREND: Text("连续6点上升或下降", "6 in a row rising or falling"),
        Rule.NEAR: Text("3点中有2点接近同侧控制限", "2 of 3 beyond two thirds of the way to the same limit"),
    }
)
VARIATION_TEXT: Mapping[Variation, Text] = MappingProxyType(
    {
        "common": Text("正常波动", "common cause variation"),
        "improvement": Text("向好", "improvement"),
        "concern": Text("异常", "concern"),
        "change": Text("变化", "special cause, neither good nor bad"),
    }
)
ASSURANCE_TEXT: Mapping[Assurance, Text] = MappingProxyType(
    {
        "met": Text("稳定达标", "the target will be met"),
        "may": Text("时达时不达", "the target may or may not be met"),
        "never": Text("不能达标", "the target will not be met"),
        "none": Text("无目标", "no target"),
    }
)
DISTANCE_RULES = ((Rule.OUTSIDE, 1.0, 1, 1), (Rule.RUN, 0.0, RUN_LENGTH, RUN_LENGTH), (Rule.NEAR, 2 / 3, 3, 2))
"""Rule, share of the way to the limit, and how many points of how many in a row lie further out on one side."""

SHORT_BASELINE = Text("基线不足", "baseline too short")


class Signal(NamedTuple):
    """A rule that a point takes part in, and the side to which it points: a rise points high, a fall low."""

    rule: Rule
    side: Side


@dataclass(frozen=True)
class Limits:
    """What the baseline's weeks say of all."""

    centre: float
    mean_moving_range: float

    @property
    def low(self) -> float:
        """The lower limit; of counts it may lie below 0, where nothing comes."""
        return self.centre - LIMIT_FACTOR * self.mean_moving_range

    @property
    def high(self) -> float:
        """The upper limit."""
        return self.centre + LIMIT_FACTOR * self.mean_moving_range

    def beyond(self, value: float, share: float, slack: float) -> Side | None:
        """Return on which side a value lies further from the centre than a share of the way to the limit."""
        way = share * LIMIT_FACTOR * self.mean_moving_range + slack
        return "high" if value > self.centre + way else "low" if value < self.centre - way else None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A series with its limits.

    `signals[i]` are the rules that point i takes part in. Without 12 weeks for a baseline (`is_short`, 基线不足) there are no
    limits and no signals, and `variation` is None. `variation` speaks of the newest point that is judged, at
    `newest_index`: it is special when that point takes part in a rule, and of concern as soon as one rule is.
    """

    limits: Limits | None
    baseline_n: int
    signals: tuple[tuple[Signal, ...], ...]
    variation: Variation | None
    assurance: Assurance
    newest_index: int | None

    @property
    def is_short(self) -> bool:
        """Whether there are too few weeks for limits."""
        return self.limits is None

    @property
    def text(self) -> Text:
        """What the chart says, in a word."""
        return SHORT_BASELINE if self.variation is None else VARIATION_TEXT[self.variation]


def chart(
    values: Sequence[float | None],
    *,
    direction: Direction,
    left_out: Collection[int] = (),
    start: int = 0,
    target: float | None = None,
) -> Chart:
    """Return the chart of a weekly series: counts per working day, rates, medians.

    The baseline is the first 26 weeks with a value from `start` on, at least 12; what stands before `start` is an older
    process and is not judged. `left_out` are the places of holiday weeks.
    """
    judged = [place for place in range(start, len(values)) if values[place] is not None and place not in left_out]
    points = [value for place in judged if (value := values[place]) is not None]
    baseline = points[:BASELINE_WEEKS]
    limits = limits_of(baseline) if len(baseline) >= BASELINE_WEEKS_LEAST else None
    found = signals_of(points, limits) if limits else [()] * len(points)
    at = dict(zip(judged, found, strict=True))
    return Chart(
        limits=limits,
        baseline_n=len(baseline),
        signals=tuple(at.get(place, ()) for place in range(len(values))),
        variation=variation_of(found[-1], direction) if limits else None,
        assurance=assurance_of(limits, direction, target),
        newest_index=judged[-1] if judged else None,
    )


def limits_of(baseline: Sequence[float]) -> Limits:
    """Return the centre and the mean moving range of a baseline."""
    ranges = [abs(after - before) for before, after in pairwise(baseline)]
    return Limits(fsum(baseline) / len(baseline), fsum(ranges) / len(ranges))


def signals_of(points: Sequence[float], limits: Limits) -> list[tuple[Signal, ...]]:
    """Return the rules that each point takes part in."""
    slack = ROUNDING * max(map(abs, points))
    found: list[dict[Signal, None]] = [{} for _ in points]
    for rule, share, span, least in DISTANCE_RULES:
        for member, side in members([limits.beyond(value, share, slack) for value in points], span, least):
            found[member][Signal(rule, side)] = None
    for step, side in members([way(*pair, slack) for pair in pairwise(points)], TREND_LENGTH - 1, TREND_LENGTH - 1):
        found[step][Signal(Rule.TREND, side)] = found[step + 1][Signal(Rule.TREND, side)] = None
    return [tuple(signals) for signals in found]


def way(before: float, after: float, slack: float) -> Side | None:
    """Return whether a series rises or falls from one point to the next."""
    return "high" if after - before > slack else "low" if before - after > slack else None


def members(sides: Sequence[Side | None], span: int, least: int) -> Iterator[tuple[int, Side]]:
    """Yield the places that stand on one side where at least so many of so many in a row do."""
    for upto in range(1, len(sides) + 1):
        last = sides[upto - 1]
        if last is not None:
            same = [place for place in range(max(upto - span, 0), upto) if sides[place] == last]
            if len(same) >= least:
                yield from ((place, last) for place in same)


def variation_of(signals: Collection[Signal], direction: Direction) -> Variation:
    """Return what a point's signals mean."""
    if not signals:
        return "common"
    if direction == "context":
        return "change"
    good = "high" if direction == "up" else "low"
    return "improvement" if all(signal.side == good for signal in signals) else "concern"


def assurance_of(limits: Limits | None, direction: Direction, target: float | None) -> Assurance:
    """Return whether a process as it is keeps to a target: at least it when up is good, at most it when down is."""
    if limits is None or target is None or direction == "context":
        return "none"
    worst, best = (
        (limits.low - target, limits.high - target) if direction == "up" else (target - limits.high, target - limits.low)
    )
    return "met" if worst >= 0 else "never" if best < 0 else "may"
