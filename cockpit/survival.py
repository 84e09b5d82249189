"""How long something takes when some of it is still going on: Kaplan and Meier's curve, so that a backlog cannot hide.

Source: Kaplan and Meier 1958, JASA 53; Greenwood's variance, with limits on the log(−log) scale (Kalbfleisch and
Prentice, section 1.4); quantiles with the interval of Brookmeyer and Crowley (Biometrics 38, 1982).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.statistics import Numbers, Wholes, Z

ROUNDING = 1e-9
"""A share that differs by less is the same: products of fractions are not exact."""


@dataclass(frozen=True)
class Step:
    """A day on which something ended.

    `survival` is the share that goes on for longer, and `low` to `high` its 95 % interval; without any left, the high
    end is None. `at_risk` counts what had gone on until this day, `ended` what ended on it. Units: days since the
    beginning of each.
    """

    day: float
    survival: float
    low: float
    high: float | None
    at_risk: int
    ended: int


@dataclass(frozen=True)
class Reached:
    """The day by which a share has ended, with its 95 % interval; None for what the record does not reach."""

    day: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Curve:
    """The share that goes on: 1 until the first step, and falling with each; `n` began, `ended` of them have ended."""

    steps: tuple[Step, ...]
    n: int
    ended: int

    def reached(self, share: float) -> Reached:
        """Return the day by which a share, such as 0.5 or 0.9, has ended."""
        left = 1 - share + ROUNDING
        return Reached(
            next((step.day for step in self.steps if step.survival <= left), None),
            next((step.day for step in self.steps if step.low <= left), None),
            next((step.day for step in self.steps if step.high is not None and step.high <= left), None),
        )

    def median(self) -> Reached:
        """Return the day by which half has ended."""
        return self.reached(0.5)


def curve(durations: Sequence[float] | Numbers | Wholes, has_ended: Sequence[bool] | npt.NDArray[np.bool_]) -> Curve:
    """Return the curve of what took, or has gone on for, so many days (0 or more); what ends on a day is at risk on it."""
    lengths, is_end = np.asarray(durations, np.float64), np.asarray(has_ended, np.bool_)
    days, ended = np.unique(lengths[is_end], return_counts=True)
    at_risk = len(lengths) - np.searchsorted(np.sort(lengths), days, side="left")
    survival: Numbers = np.cumprod(1 - ended / at_risk, dtype=np.float64)
    low, high = limits(survival, ended, at_risk)
    columns = (days, survival, low, high, at_risk, ended)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    steps = tuple(Step(day, left, lo, hi if left > 0 else None, *counts) for day, left, lo, hi, *counts in rows)
    return Curve(steps, len(lengths), int(ended.sum()))


def limits(survival: Numbers, ended: Wholes, at_risk: Wholes) -> tuple[Numbers, Numbers]:
    """Return the ends of the 95 % interval of each share; 0 and 0 where none is left."""
    is_left = survival > 0
    share, died, risk = survival[is_left], ended[is_left], at_risk[is_left]
    error = np.sqrt(np.cumsum(died / (risk * (risk - died)))) / -np.log(share)
    low, high = np.zeros_like(survival), np.zeros_like(survival)
    low[is_left], high[is_left] = share ** np.exp(Z * error), share ** np.exp(-Z * error)
    return low, high
