"""The few estimators that metrics use, each with its interval."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.signedinteger[Any]]

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2
Z = float(special.ndtri(1 - TAIL))


class Estimate(NamedTuple):
    """A value with the ends of its 95 % interval; an end that the sample cannot give is None."""

    value: float
    low: float | None
    high: float | None


def quantile(values: Numbers | Wholes, q: float, *, is_sorted: bool = False) -> Estimate:
    """Return a quantile by linear interpolation, with its distribution-free interval.

    The ends are the order statistics x(r) and x(s) with P(B < r) <= 2.5 % and P(B >= s) <= 2.5 %
    for B ~ Binomial(n, q). Source: Conover, Practical Nonparametric Statistics, section 3.2.
    """
    n = len(values)
    r = binomial_quantile(TAIL, n, q)
    s = binomial_quantile(1 - TAIL, n, q) + 1
    place = (n - 1) * q
    first, last = min(max(r - 1, 0), math.floor(place)), max(min(s - 1, n - 1), math.ceil(place))
    between = (values[first : last + 1] if is_sorted else sorted_between(values, first, last)).tolist()
    low = float(between[r - 1 - first]) if r >= 1 else None
    high = float(between[s - 1 - first]) if s <= n else None
    below, above = between[math.floor(place) - first], between[math.ceil(place) - first]
    return Estimate(interpolated(below, above, place % 1), low, high)


def sorted_between(values: Numbers | Wholes, first: int, last: int) -> Numbers | Wholes:
    """Return what stands from one place to another once sorted: about a thousand of a million, so that few are sorted."""
    upto_last = np.partition(values, last)[: last + 1]
    return np.sort(np.partition(upto_last, first)[first:])


def interpolated(below: float, above: float, share: float) -> float:
    """Return the value a share of the way between two, rounded exactly as numpy's percentile does."""
    step = above - below
    return below + step * share if share < 0.5 else above - step * (1 - share)


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


def ratio(above: Numbers, below: Numbers) -> Estimate:
    """Return a ratio of sums in percent, with its linearised interval. Source: Cochran 1977, Sampling Techniques, ch. 6."""
    n, total = len(below), math.fsum(below.tolist())
    centre = math.fsum(above.tolist()) / total
    if n < 2:
        return Estimate(100 * centre, None, None)
    half = Z * math.sqrt(n / (n - 1) * math.fsum(((above - centre * below) ** 2).tolist())) / total
    return Estimate(100 * centre, 100 * max(0.0, centre - half), 100 * min(1.0, centre + half))


def linear(estimate: Estimate, factor: float, shift: float = 0.0) -> Estimate:
    """Return an estimate and its ends in another unit; the factor is above 0."""
    low, high = (None if end is None else end * factor + shift for end in estimate[1:])
    return Estimate(estimate.value * factor + shift, low, high)


def poisson(count: int) -> Estimate:
    """Return a count with the exact interval of its expected value. Source: Garwood 1936, Biometrika 28."""
    low = float(special.gammaincinv(count, TAIL)) if count else 0.0
    return Estimate(float(count), low, float(special.gammaincinv(count + 1, 1 - TAIL)))


def rate_permille(count: int, exposure: float) -> Estimate:
    """Return a count to 1,000 of an exposure above 0 (person-years), with its exact interval."""
    return linear(poisson(count), 1000 / exposure)


def rate_ratio(count: int, exposure: float, count_before: int, exposure_before: float) -> Estimate:
    """Return one rate in another, which counts at least 1 case, with its exact interval.

    Of all cases of both, those of the first are binomial, so the ends are Clopper and Pearson's.
    Source: Przyborowski and Wilenski 1940, Biometrika 31.
    """
    low = special.betaincinv(count, count_before + 1, TAIL) if count else 0.0
    high = special.betaincinv(count + 1, count_before, 1 - TAIL)
    scale = exposure_before / exposure
    return Estimate(count / count_before * scale, scale * float(low / (1 - low)), scale * float(high / (1 - high)))


def rate_change(count: int, exposure: float, count_before: int, exposure_before: float) -> Estimate:
    """Return the change of a rate in percent of the one before, which counts at least 1 case, with its exact interval.

    It is significant when the interval leaves 0 out.
    """
    return linear(rate_ratio(count, exposure, count_before, exposure_before), 100, -100)


def improvement(before: float, after: float) -> float:
    """Return by how many percent of what was before, and is not 0, something fell: 提速率."""
    return 100 * (before - after) / before
