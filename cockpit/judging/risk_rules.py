"""The rules of the enterprise risk index, as a city's `config` sets them: `{"risk": {"alpha": 2, "cuts": [40, 55, 75], …}}`.

What a version does not name is the default; what it says wrongly is logged once, and the default stands.
"""

import json
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

LOG = logging.getLogger("cockpit.judging")

Knots = tuple[tuple[float, float], ...]
"""Points of a map from a figure to its score, linear between them, rising, and level beyond the first and the last."""

INDICATORS = ("count", "rate", "trend", "severity", "cost")
"""The five indicators, in the order of their weights and of all arrays with one column for each."""

GRADES = ("绿", "黄", "橙", "红")
"""低, 一般, 较高, 高, rising."""

LN_1_5 = math.log(1.5)


@dataclass(frozen=True, kw_only=True)
class RiskRules:
    """One version of the rules. Units: money in yuan, K in person-years, ratios as such (0.6 is 60 %), scores 0 to 100.

    Source: domain specification, section 4 [DEF]; the authority of single knots is named there.
    """

    version: str = ""
    weights: tuple[float, ...] = (0.09, 0.30, 0.155, 0.30, 0.155)
    count_knots: Knots = ((0, 0), (1, 20), (2, 35), (3, 50), (5, 70), (10, 100))
    rate_knots: Knots = ((0.5, 0), (1, 30), (2, 70), (3, 90), (4, 100))
    trend_knots: Knots = ((0, 0), (LN_1_5, 50), (2 * LN_1_5, 100))
    severity_knots: Knots = ((0.5, 0), (1, 25), (2, 60), (3, 80), (5, 100))
    cost_knots: Knots = ((0.2, 0), (0.6, 30), (0.8, 40), (1.2, 60), (2, 80), (5, 100))
    alpha: float = 2.0
    trend_prior: float = 2.0
    severity_k: float = 200.0
    premium_k: float = 100_000.0
    death_cap: float = 3.0  # death benefits count at most so many times the mean premium of the category
    death_weight: float = 60.0
    grade_weights: tuple[float, ...] = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)  # statutory months, grades 1 to 10
    ungraded_weight: float = 1.0
    cuts: tuple[float, ...] = (40.0, 55.0, 75.0)  # from which a firm is yellow, orange, red
    gate_cases: int = 2  # of 24 months, for a grade above green
    least_person_years: float = 5.0  # below it a firm is watched, not ranked
    high_theta: float = 1.5
    orange_severe: int = 1  # deaths or grades 1 to 4 in 12 months
    red_deaths: int = 2
    rate_cuts: tuple[float, ...] = (0.2, 0.6, 0.8, 1.2)  # of the cost ratio, between the steps 50, 80, 100, 120, 150


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a finite number from 0 on."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def is_like(value: Any, default: Any) -> bool:
    """Whether a value of JSON may stand for a default: numbers for numbers, as many of them, knots that rise."""
    if not isinstance(default, tuple):
        return is_number(value) and (isinstance(default, float) or isinstance(value, int))
    if not isinstance(value, list):
        return False
    if isinstance(default[0], tuple):
        return is_knots(value)
    return len(value) == len(default) and all(map(is_number, value))


def is_knots(value: list[Any]) -> bool:
    """Whether these are pairs of a figure and a score of at most 100, figures strictly rising and scores never falling."""
    if len(value) < 2 or not all(isinstance(pair, list) and len(pair) == 2 and all(map(is_number, pair)) for pair in value):
        return False
    figures, scores = zip(*value, strict=True)
    return rises(figures) and list(scores) == sorted(scores) and scores[-1] <= 100


def rises(values: Sequence[float]) -> bool:
    """Whether numbers rise strictly."""
    return all(a < b for a, b in pairwise(values))


MEANT: dict[str, Callable[[Any], bool]] = {
    "weights": lambda weights: math.isclose(sum(weights), 1, abs_tol=1e-6),
    "cuts": lambda cuts: rises(cuts) and cuts[-1] <= 100,
    "rate_cuts": rises,
    "alpha": lambda value: value > 0,
    "trend_prior": lambda value: value > 0,
    "severity_k": lambda value: value > 0,
    "premium_k": lambda value: value > 0,
    "orange_severe": lambda value: value > 0,
    "red_deaths": lambda value: value > 0,
}
"""What a value has to be besides being like its default; without it a formula would divide by nothing, or an order break."""

SHAPES = {field.name: getattr(RiskRules(), field.name) for field in fields(RiskRules) if field.name != "version"}


def risk_rules(version: str, told: object) -> RiskRules:
    """Return the rules that a version of the configuration sets in its section `risk`; without one, the defaults."""
    if told is not None and not isinstance(told, dict):
        warn(version, "risk", told, "write an object of rules")
    said = told if isinstance(told, dict) else {}
    chosen: dict[str, Any] = {}
    for name, value in said.items():
        if name not in SHAPES:
            warn(version, f"risk.{name}", value, f"there is no such rule; there are {', '.join(SHAPES)}")
        elif not is_like(value, SHAPES[name]) or not MEANT.get(name, lambda _value: True)(value):
            warn(version, f"risk.{name}", value, f"write it like {json.dumps(SHAPES[name])}")
        else:
            chosen[name] = as_default(value, SHAPES[name])
    return replace(RiskRules(version=version), **chosen)


def as_default(value: Any, default: Any) -> Any:
    """Return a value of JSON as the rules hold it: lists as tuples, numbers as they are."""
    if isinstance(value, list):
        return tuple(tuple(one) if isinstance(one, list) else one for one in value)
    return float(value) if isinstance(default, float) else value


def warn(version: str, key: str, said: Any, what: str) -> None:
    """Say that a rule was not understood."""
    LOG.warning("config version %s: %s is %s: %s; its default stands", version, key, json.dumps(said, ensure_ascii=False), what)
