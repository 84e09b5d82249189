"""The few estimators that metrics use, each with its interval."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2
Z = float(special.ndtri(1 - TAIL))


class Estimate(NamedTuple):
    """A value with the ends of its 95 % interval; an end that the sample cannot give is None."""

    value: float
    low: float | None
    high: float | None


def quantile(values: Numbers, q: float) -> Estimate:
    """Return a quantile by linear interpolation, with its distribution-free interval.

    The ends are the order statistics x(r) and x(s) with P(B < r) <= 2.5 % and P(B >= s) <= 2.5 %
    for B ~ Binomial(n, q). Source: Conover, Practical Nonparametric Statistics, section 3.2.
    """
    ordered = np.sort(values)
    n = len(ordered)
    r = binomial_quantile(TAIL, n, q)
    s = binomial_quantile(1 - TAIL, n, q) + 1
    low = float(ordered[r - 1]) if r >= 1 else None
    high = float(ordered[s - 1]) if s <= n else None
    return Estimate(float(np.percentile(ordered, q * 100)), low, high)


def binomial_quantile(p: float, n: int, q: float) -> int:
    """Return the smallest k with P(B <= k) >= p for B ~ Binomial(n, q)."""
    k = math.ceil(special.bdtrik(p, n, q))
    return k - 1 if k > 0 and special.bdtr(k - 1, n, q) >= p else k


def share(hit_count: int, total_count: int) -> Estimate:
    """Return a share in percent with Wilson's score interval. Source: Wilson 1927, JASA 22."""
    p, n = hit_count / total_count, total_count
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Estimate(100 * hit_count / n, 100 * max(0.0, centre - half), 100 * min(1.0, centre + half))


def mean(values: Numbers) -> Estimate:
    """Return a mean with the normal interval of its standard error; one value has none."""
    centre = math.fsum(values.tolist()) / len(values)
    if len(values) < 2:
        return Estimate(centre, None, None)
    half = Z * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return Estimate(centre, centre - half, centre + half)
