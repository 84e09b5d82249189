"""How many cases a week will have once all are reported: an estimate of the last weeks, which are never complete.

For series by accident date only: by acceptance date a week is complete at once. Source: domain specification,
section 2.9; a gamma prior and a thinned Poisson count give a negative binomial for what is still to come.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from cockpit.reporting_delay import ReportingLaw, Triangle, listed, reporting_law
from cockpit.statistics import Numbers, Wholes
from cockpit.text import Text

COMPLETE = 0.95
"""From this completeness on a week is drawn as it is; before, it is hatched (section 2.9)."""

JUDGED = 0.85
"""From this completeness on a week's estimate takes part in a control chart; no trend is read from the weeks after.

本平台默认口径. Measured on a law with a long tail: a fall by a fifth is seen after 9 weeks, and with weeks from 0.95 on only
after 17, while a flat truth is called improving as seldom (2 %). From 0.8 on, a change of the law that is not announced
yet would call a flat truth improving in 6 % of the weeks after it.
"""

PRIOR_WEEKS, PRIOR_WEEKS_LEAST = 52, 12
LOW, HIGH = 0.05, 0.95
RAW = Text("未报全", "not all reported yet")


@dataclass(frozen=True)
class Prior:
    """What is thought of a week's true count before it is seen: Gamma(a, b), with mean a / b."""

    a: float
    b: float


VAGUE = Prior(0.5, 0.0)
"""Jeffreys' prior of a Poisson mean, for a record too short to have a better one."""


class WeekEstimate(NamedTuple):
    """One week of accidents.

    `observed` is what is known; `late_count` of it are the cases reported after more weeks than the triangle has, which
    newer weeks cannot have yet. `mean`, `low` and `high` (5 and 95 %) are of the count once all is reported; None when
    the law is not known. A week whose completeness is 1 is exact. `is_judged`: fit for a control chart.
    """

    week: int
    observed: int
    late_count: int
    completeness: float | None
    mean: float | None
    low: float | None
    high: float | None
    is_raw: bool
    is_judged: bool


@dataclass(frozen=True)
class Nowcast:
    """The weeks of a triangle, oldest first, with the law and the prior they were estimated by."""

    weeks: tuple[WeekEstimate, ...]
    law: ReportingLaw
    prior: Prior

    @property
    def is_law_changed(self) -> bool:
        """Whether last month's reports came otherwise than those before (上报规律变化)."""
        return self.law.is_law_changed

    def judged(self) -> tuple[float | None, ...]:
        """Return a control chart's values: estimates like for like, without what came too late for newer weeks to have.

        None for the raw tail, where no trend may be read.
        """
        return tuple(week.mean - week.late_count if week.is_judged and week.mean is not None else None for week in self.weeks)


def nowcast(known: Triangle, law: ReportingLaw | None = None) -> Nowcast:
    """Return an estimate of each week.

    Give the city's law for a town: a small town's own cases tell too little of it. The estimates of towns do not add up
    to the city's. When the law has changed, the interval spans what its last 8 rows and last month alone say.
    """
    law = law or reporting_law(known)
    within = known.counts.sum(axis=1)
    shares = [known_share(known, each) for each in (law.completeness, law.month_completeness) if each is not None]
    least = np.fmin.reduce(shares)
    prior = prior_of(within, shares[0])
    ends = [posterior(prior, within, share) for share in shares]
    low, high = np.fmin.reduce([each[1] for each in ends]), np.fmax.reduce([each[2] for each in ends])
    late, weeks = known.late_counts, range(known.first_week, known.first_week + len(within))
    numbers = map(listed, (shares[0], ends[0][0] + late, low + late, high + late))
    counts, flags = ((within + late).tolist(), late.tolist()), ((~(least >= COMPLETE)).tolist(), (least >= JUDGED).tolist())
    return Nowcast(tuple(map(WeekEstimate, weeks, *counts, *numbers, *flags)), law, prior)


def known_share(known: Triangle, completeness: tuple[float | None, ...]) -> Numbers:
    """Return the share of each week's cases that is known; between two weeks' ends it grows evenly."""
    shares: Numbers = np.array([*completeness, 1.0], np.float64)
    lags = np.minimum(known.lags, len(completeness) - 1)
    here, next_week = shares[lags], shares[lags + 1]
    known_now: Numbers = here + known.elapsed * (next_week - here)
    return known_now


def prior_of(counts: Wholes, shares: Numbers) -> Prior:
    """Return the prior by the moments of the last 52 complete weeks; a vague one when fewer than 12 are."""
    is_complete = shares >= COMPLETE
    seen = (counts[is_complete] / shares[is_complete])[-PRIOR_WEEKS:]
    if len(seen) < PRIOR_WEEKS_LEAST:
        return VAGUE
    mean = float(seen.mean())
    if mean == 0:
        return Prior(VAGUE.a, float(len(seen)))  # what so many empty weeks leave of the vague one
    b = mean / max(float(seen.var(ddof=1)) - mean, 0.05 * mean)
    return Prior(b * mean, b)


def posterior(prior: Prior, observed: Wholes | Numbers, shares: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return mean, 5 % and 95 % of the true counts, given what is observed of them and which share that is.

    What is still to come is NegBin(a + observed, (b + share) / (b + 1)). Not a number where the share is not known, or
    where neither it nor the prior says anything.
    """
    is_open = ~(shares >= 1)
    size: Numbers = prior.a + observed[is_open].astype(np.float64)
    p = (prior.b + shares[is_open]) / (prior.b + 1)
    p = np.where(p > 0, p, np.nan)
    to_come = (size * (1 - p) / p, *(negative_binomial_quantile(q, size, p) for q in (LOW, HIGH)))
    mean, low, high = np.tile(observed.astype(np.float64), (3, 1))
    for estimate, more in zip((mean, low, high), to_come, strict=True):
        estimate[is_open] += more
    return mean, low, high


def negative_binomial_quantile(q: float, size: Numbers, p: Numbers) -> Numbers:
    """Return the smallest k with P(X <= k) >= q for X ~ NegBin(size, p), by halving; not a number where p is not one."""
    below, upto = np.full(size.shape, -1.0), np.ones(size.shape)
    while (is_short := special.betainc(size, upto + 1, p) < q).any():
        below, upto = np.where(is_short, upto, below), np.where(is_short, 2 * upto, upto)
    while (upto - below > 1).any():
        middle = np.floor((below + upto) / 2)
        is_enough = special.betainc(size, middle + 1, p) >= q
        below, upto = np.where(is_enough, below, middle), np.where(is_enough, middle, upto)
    return np.where(np.isnan(p), np.nan, upto)
