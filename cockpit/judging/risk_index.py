"""The enterprise risk index 企业风险指数: five indicators, stabilised, scored, weighted, and held back where evidence is thin.

All enterprises are judged in one pass of arrays, one value for each. Source: domain specification, section 4.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from cockpit.judging.risk_rules import GRADES, Knots, RiskRules
from cockpit.judging.rounding import half_up
from cockpit.statistics import Numbers

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]
Words = npt.NDArray[np.object_]

NONE = -1
"""The place of a grade, or of a step, that is not there."""

GREEN, ORANGE, RED = GRADES.index("绿"), GRADES.index("橙"), GRADES.index("红")
STEPS = ("50", "80", "100", "120", "150")
"""Per cent of the base rate. Source: domain specification, section 4.1 (Huainan)."""

BASE_STEP = STEPS.index("100")
LOWEST_CATEGORY = 1
"""Risk category 一, whose rate is never lowered (人社部发〔2015〕71号)."""


@dataclass(frozen=True, kw_only=True)
class FirmFigures:
    """What is known of enterprises, one value for each; NaN is unknown. Units: yuan, person-years, cases.

    Year 1 is the last one, year 0 the one before. The last three rates are those of the firm's risk category: cases to a
    person-year, severity to a person-year, benefits to premium. Benefits come with their death items capped already.
    """

    risk_cat: Numbers
    person_years: Numbers
    person_years_before: Numbers
    observed: Numbers
    observed_before: Numbers
    severity_sum: Numbers
    premium_yuan: Numbers
    benefits_yuan: Numbers
    deaths: Numbers
    severe: Numbers
    case_rate: Numbers
    severity_rate: Numbers
    cost_rate: Numbers

    @property
    def person_years_both(self) -> Numbers:
        """Person-years of both years; a year of which nothing is known adds nothing."""
        return np.nan_to_num(self.person_years) + np.nan_to_num(self.person_years_before)


@dataclass(frozen=True, kw_only=True)
class FirmIndices:
    """What is judged of enterprises, one value for each; NaN and None are what cannot be said.

    `scores` has a column for each indicator, in the order of INDICATORS. `expected` are E₁, `trend` is t, `severity_ratio` q.
    """

    expected: Numbers
    theta: Numbers
    p_gt_15: Numbers
    trend: Numbers
    severity_ratio: Numbers
    cost_ratio: Numbers
    scores: Numbers
    idx: Numbers
    grade: Words
    floor: Words
    is_gated: Mask
    is_watched: Mask
    rate_advice: Words


def firm_indices(figures: FirmFigures, rules: RiskRules) -> FirmIndices:
    """Judge all enterprises. Of one whose person-years are unknown there is no index, and a grade only where deaths demand one.

    Grades are decided on the index as it is printed, to a tenth.
    """
    expected = figures.person_years * figures.case_rate
    theta = shrunk_ratio(figures.observed, expected, rules.alpha)
    severity, cost = severity_ratio(figures, rules), cost_ratio(figures, rules)
    change = trend(figures, rules)
    scores = np.column_stack(
        [
            scored(figures.observed, rules.count_knots),
            scored(theta, rules.rate_knots),
            scored(change, rules.trend_knots),
            scored(severity, rules.severity_knots),
            scored(cost, rules.cost_knots),
        ]
    )
    idx = half_up(weighted(scores, rules.weights), 1)
    low, floor = graded(idx, rules.cuts), floors(figures, rules)
    is_gated = (low > GREEN) & (figures.observed + figures.observed_before < rules.gate_cases) & (floor == NONE)
    return FirmIndices(
        expected=expected,
        theta=theta,
        p_gt_15=exceedance(figures.observed, expected, rules),
        trend=change,
        severity_ratio=severity,
        cost_ratio=cost,
        scores=scores,
        idx=idx,
        grade=words(GRADES, np.maximum(np.where(is_gated, GREEN, low), floor)),
        floor=words(GRADES, floor),
        is_gated=is_gated,
        is_watched=figures.person_years < rules.least_person_years,
        rate_advice=words(STEPS, rate_steps(figures, cost, rules)),
    )


def shrunk_ratio(observed: Numbers, expected: Numbers, alpha: float) -> Numbers:
    """Return θ, the posterior mean of the ratio O/E under a Gamma(α, α) prior: without evidence it is 1."""
    return (alpha + observed) / (alpha + expected)


def exceedance(observed: Numbers, expected: Numbers, rules: RiskRules) -> Numbers:
    """Return P(θ > 1.5 | data): the tail of Gamma(α+O, α+E)."""
    tail: Numbers = special.gammaincc(rules.alpha + observed, (rules.alpha + expected) * rules.high_theta)
    return tail


def trend(figures: FirmFigures, rules: RiskRules) -> Numbers:
    """Return t, the logarithm of this year's shrunk ratio to the last one's; of a year without person-years E is 0."""
    prior, before = rules.trend_prior, np.nan_to_num(figures.person_years_before)
    now = (figures.observed + prior) / (figures.person_years * figures.case_rate + prior)
    then = (figures.observed_before + prior) / (before * figures.case_rate + prior)
    return np.log(now) - np.log(then)


def severity_ratio(figures: FirmFigures, rules: RiskRules) -> Numbers:
    """Return q, shrunk severity in times the category's: S/s̄ of 24 months and K person-years of the mean.

    A category in which nothing was severe gives a firm without severity K/(PY+K), as the formula tends to.
    """
    severity, usual = np.broadcast_arrays(figures.severity_sum, figures.severity_rate)
    years = np.where(severity > 0, np.inf, 0.0)
    np.divide(severity, usual, out=years, where=(severity > 0) & ~(usual <= 0))
    ratio = (years + rules.severity_k) / (figures.person_years_both + rules.severity_k)
    return np.where(np.isnan(figures.person_years), np.nan, ratio)


def cost_ratio(figures: FirmFigures, rules: RiskRules) -> Numbers:
    """Return P̃ = Z·P + (1−Z)·P̄, Z = premium / (premium + K): benefits to premium due, shrunk to the category's.

    Of a firm whose premium is unknown Z is 0 and P̃ is the category's. The fraction is written so that a premium of 0 has one.
    """
    blended = (figures.benefits_yuan + rules.premium_k * figures.cost_rate) / (figures.premium_yuan + rules.premium_k)
    return np.where(np.isnan(figures.premium_yuan), figures.cost_rate, blended)


def scored(values: Numbers, knots: Knots) -> Numbers:
    """Return the scores of figures, linear between knots and level beyond them; of what is unknown none."""
    figures, scores = zip(*knots, strict=True)
    return np.where(np.isnan(values), np.nan, np.interp(values, figures, scores))


def weighted(scores: Numbers, weights: tuple[float, ...]) -> Numbers:
    """Return the weighted mean of scores. Where only the cost ratio is unknown the other four weigh in its place. [DEF]"""
    weight = np.where(np.isnan(scores), 0.0, weights)
    total, given = (np.nan_to_num(scores) * weight).sum(axis=1), weight.sum(axis=1)
    is_judged = ~np.isnan(scores[:, :-1]).any(axis=1) & (given > 0)
    index: Numbers = np.divide(total, given, out=np.full(len(total), np.nan), where=is_judged)
    return index


def graded(idx: Numbers, cuts: tuple[float, ...]) -> Codes:
    """Return the place in GRADES of each index by itself, NONE where there is no index."""
    place: Codes = np.searchsorted(np.asarray(cuts), idx, side="right")
    return np.where(np.isnan(idx), NONE, place)


def floors(figures: FirmFigures, rules: RiskRules) -> Codes:
    """Return the lowest grade that deaths and grades 1 to 4 of 12 months leave: orange, from two deaths on red; mostly NONE."""
    orange = np.where(figures.deaths + figures.severe >= rules.orange_severe, ORANGE, NONE)
    return np.where(figures.deaths >= rules.red_deaths, RED, orange)


def rate_steps(figures: FirmFigures, cost: Numbers, rules: RiskRules) -> Codes:
    """Return the place in STEPS that a cost ratio suggests, by its printed value; advice only: the agency decides.

    There is none without premium, or category: advice on a firm's rate has to rest on the firm's own figures.
    """
    place = np.searchsorted(np.asarray(rules.rate_cuts), half_up(cost, 3), side="right")
    place = np.where(figures.risk_cat == LOWEST_CATEGORY, np.maximum(place, BASE_STEP), place)
    lacks = np.isnan(figures.premium_yuan) | np.isnan(cost) | np.isnan(figures.risk_cat) | np.isnan(figures.person_years)
    return np.where(lacks, NONE, place)


def words(named: tuple[str, ...], places: Codes) -> Words:
    """Return names by their places, None at NONE, which is the last."""
    return np.array([*named, None], object)[places]
