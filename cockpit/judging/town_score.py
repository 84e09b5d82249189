"""The score of a town, 0 to 100, high is worse, of five parts (domain specification, section 3.4)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from cockpit.judging.colour_rules import COLOURS, ColourRules
from cockpit.judging.funnel import funnel
from cockpit.judging.rounding import half_up
from cockpit.judging.shrinkage import empirical_bayes, ratio
from cockpit.judging.town_reason import reason
from cockpit.statistics import Numbers

__all__ = [
    "TownFigures",
    "TownScores",
    "change",
    "level",
    "mid_p",
    "overdue",
    "raw_colour",
    "reason",
    "repeat",
    "severity",
    "severity_ratio",
    "town_scores",
]

SCORE_DIGITS = 1
"""A colour is decided on the score as it is shown: what one reads decides. [DEF]"""


@dataclass(frozen=True, kw_only=True)
class TownFigures:
    """What is counted of towns in the 365 days that end with a week, and `_before` in the 365 before.

    Shape: one value a town. `expected` is already scaled to all observed; `severity_sum` are months, `city_severity` the
    whole city's months a person-year.
    """

    observed: Numbers
    person_years: Numbers
    expected: Numbers
    observed_before: Numbers
    person_years_before: Numbers
    severity_sum: Numbers
    open_orders: Numbers
    overdue_orders: Numbers
    repeat_cases: Numbers
    city_severity: float


@dataclass(frozen=True)
class TownScores:
    """How towns stand: ratios, the five parts, the score to 0.1 and the colour that it alone gives. Shape: one value a town."""

    sir: Numbers
    weight: Numbers
    theta: Numbers
    z: Numbers
    zstar: Numbers
    level: Numbers
    change: Numbers
    severity: Numbers
    overdue: Numbers
    repeat: Numbers
    score: Numbers
    severity_ratio: Numbers
    is_thin: npt.NDArray[np.bool_]
    raw_colour: list[str]
    tau2: float


def town_scores(figures: TownFigures, rules: ColourRules) -> TownScores:
    """Return the scores of all towns that are judged at one close."""
    f = figures
    shrunk, spread = empirical_bayes(f.observed, f.expected), funnel(f.observed, f.expected)
    quotient = severity_ratio(f.severity_sum, f.person_years, f.city_severity, rules)
    parts = (
        level(spread.zstar, f.observed, f.expected, rules),
        change(f.observed, f.person_years, f.observed_before, f.person_years_before, rules=rules),
        severity(quotient, rules),
        overdue(f.overdue_orders, f.open_orders, rules),
        repeat(ratio(f.repeat_cases, f.observed, otherwise=0.0), rules),
    )
    score = half_up(sum(parts), SCORE_DIGITS)
    return TownScores(
        ratio(f.observed, f.expected, otherwise=np.nan),
        shrunk.weight,
        shrunk.theta,
        spread.z,
        spread.zstar,
        *parts,
        score,
        quotient,
        np.asarray(f.expected) < rules.gate_expected,
        [raw_colour(one, rules) for one in score.tolist()],
        spread.tau2,
    )


def raw_colour(score: float, rules: ColourRules) -> str:
    """Return the colour of a score alone."""
    return COLOURS[sum(score >= cut for cut in rules.cuts)]


def level(zstar: Numbers, observed: Numbers, expected: Numbers, rules: ColourRules) -> Numbers:
    """Return part A: how far above what is expected; none under 5 expected cases, unless chance is all but excluded."""
    is_heard = (np.asarray(expected) >= rules.gate_expected) | (mid_p(observed, expected) < rules.gate_mid_p)
    return np.where(is_heard, rules.level_max * np.clip(np.asarray(zstar) / rules.z_full, 0, 1), 0.0)


def mid_p(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Numbers:
    """Return P(X > O) + ½·P(X = O) of Poisson counts: how probable so many cases are, by the exact upper mid-P. [DEF]"""
    o, e = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    at_least = np.where(o > 0, special.gammainc(np.maximum(o, 1), e), 1.0)
    more: Numbers = special.gammainc(o + 1, e)
    return (at_least + more) / 2


def change(
    observed: Numbers, person_years: Numbers, observed_before: Numbers, person_years_before: Numbers, *, rules: ColourRules
) -> Numbers:
    """Return part B: how much above last year's rate; 0 where either year has no person-years."""
    now, then = (np.asarray(count, np.float64) for count in (observed, observed_before))
    half = np.where((now == 0) | (then == 0), 0.5, 0.0)
    now, then = now + half, then + half
    years = ratio(np.asarray(person_years_before), np.asarray(person_years), otherwise=0.0)
    is_known = (years > 0) & np.isfinite(years)
    z = np.log(now / then * np.where(is_known, years, 1.0)) / np.sqrt(1 / now + 1 / then)
    return np.where(is_known, rules.change_max * np.clip(z / rules.z_full, 0, 1), 0.0)


def severity_ratio(severity_sum: Numbers, person_years: Numbers, city_severity: float, rules: ColourRules) -> Numbers:
    """Return q: months of severity a person-year, shrunk by K person-years of the city's, in times the city's."""
    sums, years = np.asarray(severity_sum, np.float64), np.asarray(person_years, np.float64)
    if city_severity <= 0:
        return np.ones_like(years)
    quotient: Numbers = (sums + rules.severity_k * city_severity) / (years + rules.severity_k) / city_severity
    return quotient


def severity(quotient: Numbers, rules: ColourRules) -> Numbers:
    """Return part C: full at twice the city's severity."""
    points: Numbers = rules.severity_max * np.clip(np.asarray(quotient) - 1, 0, 1)
    return points


def overdue(overdue_orders: Numbers, open_orders: Numbers, rules: ColourRules) -> Numbers:
    """Return part D: overdue of open orders to rectify; 0 where none is open."""
    share = ratio(np.asarray(overdue_orders, np.float64), np.asarray(open_orders, np.float64), otherwise=0.0)
    return rules.overdue_max * np.minimum(1.0, share / rules.overdue_full)


def repeat(share: Numbers, rules: ColourRules) -> Numbers:
    """Return part E: the share of cases that come from firms with three or more."""
    return rules.repeat_max * np.clip((np.asarray(share) - rules.repeat_from) / rules.repeat_full, 0, 1)
