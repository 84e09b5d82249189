"""The figures of all enterprises at one close: what is theirs, and what is usual in their risk category."""

from typing import NamedTuple

import numpy as np

from cockpit.judging.risk_index import FirmFigures
from cockpit.judging.risk_rules import RiskRules
from cockpit.judging.rounding import half_up
from cockpit.statistics import Numbers
from etl.models.enterprise_facts import COST_MONTHS, RATE_MONTHS, Benefits, FirmFacts, closed_month, spans
from etl.models.enterprise_months import FEN_A_YUAN, MONTHS_A_YEAR, first_day_of, month_of_day

YEAR_DAYS = 365
SEVERE_GRADE = 4
"""Grades 1 to 4: no capacity for work is left (domain specification, section 4)."""

CATEGORIES = 9
"""Risk categories 1 to 8, and 0 for the firms whose category is unknown, which are held against the whole city. [DEF]"""

RATE_DIGITS, COST_DIGITS = 6, 4
"""What rates of a category are rounded to: 0.001 to 1,000 person-years, and 0.01 % of the premium. [DEF]"""


class Usual(NamedTuple):
    """What is usual in the risk category of each firm: per person-year, per yuan of premium, and its mean premium (yuan)."""

    case_rate: Numbers
    severity_rate: Numbers
    cost_rate: Numbers
    premium_yuan: Numbers


def firm_figures(facts: FirmFacts, close: int, rules: RiskRules) -> FirmFigures:
    """Return the figures of all firms at a close (the last day that counts, since 1970)."""
    usual, month = usual_of(facts, close, rules), month_of_day(close)
    ends = [facts.begins_at(close + 1 - days) for days in (2 * YEAR_DAYS, YEAR_DAYS, 0)]
    case = facts.cases
    is_severe = (case.grade > 0) & (case.grade <= SEVERE_GRADE) & ~(case.died_at < ends[2])
    return FirmFigures(
        risk_cat=facts.risk_cat,
        person_years=person_years(facts, month - MONTHS_A_YEAR + 1, month),
        person_years_before=person_years(facts, month - 2 * MONTHS_A_YEAR + 1, month - MONTHS_A_YEAR),
        observed=cases_between(facts, case.accepted_at, ends[1], ends[2]),
        observed_before=cases_between(facts, case.accepted_at, ends[0], ends[1]),
        severity_sum=severity(facts, ends[0], ends[2], rules),
        premium_yuan=premiums(facts, month - COST_MONTHS + 1, month),
        benefits_yuan=capped(facts.benefits[spans(close)[0]], usual.premium_yuan, rules),
        deaths=cases_between(facts, accepted(facts, case.died_at, ends[2]), ends[1], ends[2]),
        severe=cases_between(facts, accepted(facts, np.where(is_severe, case.graded_at, np.nan), ends[2]), ends[1], ends[2]),
        case_rate=usual.case_rate,
        severity_rate=usual.severity_rate,
        cost_rate=usual.cost_rate,
    )


def usual_of(facts: FirmFacts, close: int, rules: RiskRules) -> Usual:
    """Return what is usual in each firm's category, by whole months only, so that it stands still between two months."""
    last = closed_month(close)
    known = np.flatnonzero(~np.isnan(facts.months.headcount).all(axis=0))
    earliest = facts.months.first + int(known[0]) if len(known) else last
    rate_from, cost_from = max(earliest, last - RATE_MONTHS + 1), max(earliest, last - COST_MONTHS + 1)
    starts, end = (
        [facts.begins_at(first_day_of(month)) for month in (rate_from, cost_from)],
        facts.begins_at(first_day_of(last + 1)),
    )
    seen = cases_between(facts, facts.cases.accepted_at, starts[0], end)
    case_rate = by_category(facts, seen, person_years(facts, rate_from, last))
    severity_rate = by_category(facts, severity(facts, starts[1], end, rules), person_years(facts, cost_from, last))
    due = premiums(facts, last - COST_MONTHS + 1, last)
    premium = half_up(by_category(facts, due, np.where(np.isnan(due), np.nan, 1.0)), 0)
    paid = capped(facts.benefits[spans(close)[1]], premium, rules)
    cost_rate = by_category(facts, paid, due)
    return Usual(half_up(case_rate, RATE_DIGITS), half_up(severity_rate, RATE_DIGITS), half_up(cost_rate, COST_DIGITS), premium)


def by_category(facts: FirmFacts, amounts: Numbers, bases: Numbers) -> Numbers:
    """Return for each firm the sum of amounts to the sum of bases over its risk category, over firms whose base is known.

    Where the category is unknown, or has no base, it is the whole city's; NaN where that has none either.
    """
    category = np.nan_to_num(facts.risk_cat).astype(np.intp)
    is_known = ~np.isnan(bases)
    above, below = (np.bincount(category[is_known], of[is_known], CATEGORIES) for of in (amounts, bases))
    city = above.sum() / below.sum() if below.sum() > 0 else np.nan
    rate = np.divide(above, below, out=np.full(CATEGORIES, city), where=below > 0)
    rate[0] = city
    found: Numbers = rate[category]
    return found


def person_years(facts: FirmFacts, begin: int, end: int) -> Numbers:
    """Return the person-years of each firm in some months: headcounts / 12; NaN where no month is known or carried."""
    return known_sum(facts.months.headcount[:, facts.months.columns(begin, end)]) / MONTHS_A_YEAR


def premiums(facts: FirmFacts, begin: int, end: int) -> Numbers:
    """Return the premium due (yuan) of each firm in some months; NaN where no month is known or carried."""
    return known_sum(facts.months.premium_fen[:, facts.months.columns(begin, end)]) / FEN_A_YUAN


def known_sum(values: Numbers) -> Numbers:
    """Return the sum of what is known in each row; of nothing known it is unknown, and not 0."""
    return np.where(np.isnan(values).all(axis=1), np.nan, np.nansum(values, axis=1))


def is_carried(facts: FirmFacts, close: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which firms have a carried headcount among the twelve months that end with that of the close."""
    month = month_of_day(close)
    carried = facts.months.is_carried[:, facts.months.columns(month - MONTHS_A_YEAR + 1, month)]
    return np.asarray(carried.any(axis=1), np.bool_)


def cases_between(facts: FirmFacts, at: Numbers, begin: float, end: float) -> Numbers:
    """Return how many cases of each firm have an instant in [begin, end)."""
    return np.bincount(facts.cases.firm[(at >= begin) & (at < end)], minlength=len(facts.firms)).astype(np.float64)


def accepted(facts: FirmFacts, at: Numbers, end: float) -> Numbers:
    """Return instants of cases, NaN for those that were not accepted by then."""
    return np.where(facts.cases.accepted_at < end, at, np.nan)


def severity(facts: FirmFacts, begin: float, end: float, rules: RiskRules) -> Numbers:
    """Return the severity S of each firm in [begin, end): each case once, by what was known of it by the end.

    A death weighs on its day, else a grade on the day of its conclusion, else the case on the day of its acceptance.
    """
    case = facts.cases
    is_dead = case.died_at < end
    is_graded = ~is_dead & (case.graded_at < end) & (case.grade > 0)
    at = np.where(is_dead, case.died_at, np.where(is_graded, case.graded_at, case.accepted_at))
    of_grade = np.array([rules.ungraded_weight, *rules.grade_weights])[np.where(is_graded, case.grade, 0)]
    counted = (accepted(facts, at, end) >= begin) & (at < end)
    weight = np.where(is_dead, rules.death_weight, of_grade)
    return np.bincount(case.firm[counted], weight[counted], len(facts.firms)).astype(np.float64)


def capped(benefits: Benefits, premium_yuan: Numbers, rules: RiskRules) -> Numbers:
    """Return benefits in which a firm's death items count up to a few mean premiums of its category; or hide the rest."""
    return benefits.others_yuan + np.fmin(benefits.deaths_yuan, rules.death_cap * premium_yuan)
