"""Exact sums; and exact intervals of counts and of their ratios, from the sums of probabilities that define them (2.8)."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache

from tests.oracle.estimates import Estimate, log_binomial

TAIL = 0.025
FAR = 12
"""What lies so many standard deviations off weighs nothing."""


def exact_sum(values: Iterable[Fraction | int]) -> Fraction:
    """Return an exact sum: those of one denominator are added as whole numbers, which costs a tenth."""
    above: Counter[int] = Counter()
    for value in values:
        above[value.denominator] += value.numerator
    return sum((Fraction(numerator, below) for below, numerator in above.items()), Fraction(0))


def rate_permille(cases: int, years: float) -> Estimate:
    """Return cases to 1,000 years, with the ends of Garwood's interval."""
    low, high = poisson_ends(cases)
    return 1000 * cases / years, 1000 * low / years, 1000 * high / years


def change(cases: int, years: float, before: int, years_before: float) -> Estimate:
    """Return by how many percent a rate changed; of all cases of both the new ones are binomial."""
    low, high = binomial_ends(cases, cases + before)
    scale = years_before / years
    ends = (math.inf if p >= 1 else 100 * (scale * p / (1 - p) - 1) for p in (low, high))
    return 100 * (scale * cases / before - 1), *ends


@cache
def poisson_ends(cases: int) -> tuple[float, float]:
    """Return the means at which so many cases or more, or so many or fewer, are as rare as 2.5 %."""
    reach = cases + 12 * math.sqrt(cases + 1) + 20
    low = falling(lambda mean: poisson_upto(cases - 1, mean) - (1 - TAIL), 0.0, reach) if cases else 0.0
    return low, falling(lambda mean: poisson_upto(cases, mean) - TAIL, 0.0, reach)


def poisson_upto(k: int, mean: float) -> float:
    """Return the chance of at most k cases."""
    if mean == 0:
        return 1.0
    return summed_upto(k, mean, math.sqrt(mean), lambda n: n * math.log(mean) - mean - math.lgamma(n + 1))


@cache
def binomial_ends(cases: int, n: int) -> tuple[float, float]:
    """Return the shares at which so many of n or more, or so many or fewer, are as rare as 2.5 % (Clopper and Pearson)."""
    low = falling(lambda p: binomial_upto(cases - 1, n, p) - (1 - TAIL), 0.0, 1.0) if cases else 0.0
    high = falling(lambda p: binomial_upto(cases, n, p) - TAIL, 0.0, 1.0) if cases < n else 1.0
    return low, high


def binomial_upto(k: int, n: int, p: float) -> float:
    """Return the chance of at most k of n, which are more."""
    if p in {0.0, 1.0}:
        return 1 - p
    return summed_upto(k, n * p, math.sqrt(n * p * (1 - p)), lambda i: log_binomial(n, i, p))


def summed_upto(k: int, mean: float, deviation: float, log_chance: Callable[[int], float]) -> float:
    """Return the sum of chances from 0 to k, without those that lie too far from the mean to weigh anything."""
    reach = FAR * (deviation + 1)
    counts = range(max(0, math.floor(mean - reach)), min(k, math.ceil(mean + reach)) + 1)
    return math.fsum(math.exp(log_chance(n)) for n in counts)


def falling(excess: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function becomes 0, by halving to the last digit."""
    while (middle := (low + high) / 2) not in {low, high}:
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
    return middle
