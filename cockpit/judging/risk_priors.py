"""What a city's own record suggests for the priors of the index, once a year; nothing here is applied by itself.

A person who finds a suggestion right writes it into a new version of the rules (`config`), with the day it holds from.
"""

from typing import NamedTuple

import numpy as np

from cockpit.judging.risk_index import FirmFigures
from cockpit.statistics import Numbers

LEAST_VARIANCE = 0.01
"""ε: firms that differ less than this are taken to differ by it, or a prior would let no evidence count. [DEF]"""


class Priors(NamedTuple):
    """Suggested priors: α, K of severity (person-years), K of the cost ratio (yuan)."""

    alpha: float
    severity_k: float
    premium_k: float


def estimated(figures: FirmFigures, *, severity_squares: float, benefit_squares: float) -> Priors:
    """Return the priors by moments, each a variance within firms by one between them (Bühlmann–Straub, Marshall 1991).

    Each firm is held against what its category expects of it. The squares are sums over all cases of the squared weight in
    months, and of the squared benefits (yuan²): what a single case adds to the chance in a firm's sum.
    """
    severity_usual = figures.person_years_both * figures.severity_rate
    cost_usual = figures.premium_yuan * figures.cost_rate
    of_count = moment_prior(figures.observed, figures.person_years * figures.case_rate, float(figures.observed.sum()))
    of_severity = moment_prior(figures.severity_sum, severity_usual, severity_squares)
    of_cost = moment_prior(figures.benefits_yuan, cost_usual, benefit_squares)
    return Priors(
        alpha=of_count,
        severity_k=of_severity * per_unit(figures.person_years_both, severity_usual),
        premium_k=of_cost * per_unit(figures.premium_yuan, cost_usual),
    )


def moment_prior(totals: Numbers, usual: Numbers, squares: float) -> float:
    """Return how much of what is usual weighs as much as a firm's own record: variance of chance / variance between firms.

    For counts it is α = 1/max(ε, Var(SIR)). Firms of which nothing is expected say nothing; without cases it is NaN.
    """
    is_known = (usual > 0) & ~np.isnan(totals)
    total, base = totals[is_known], usual[is_known]
    if not total.sum() > 0:
        return np.nan
    mean, chance = total.sum() / base.sum(), squares / base.sum()
    spread = (base * (total / base - mean) ** 2).sum() / base.sum()
    between = max(LEAST_VARIANCE, float((spread - chance / base.mean()) / mean**2))
    return float(chance / mean**2 / between)


def per_unit(amounts: Numbers, usual: Numbers) -> float:
    """Return how much of an amount one unit of what is usual is, over the firms of which anything is expected."""
    is_known = usual > 0
    return float(amounts[is_known].sum() / usual[is_known].sum()) if is_known.any() else np.nan
