"""Estimators, each with its 95 % interval (domain specification, section 6.5, rule 8)."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from statistics import fmean, stdev

Z_95 = 1.959963984540054
Estimate = tuple[float, float | None, float | None]


def quantile(ordered: Sequence[int], q: float) -> Estimate:
    """Return a quantile by linear interpolation, and its interval by order statistics."""
    rank = (len(ordered) - 1) * q
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    value = ordered[below] + (rank - below) * (ordered[above] - ordered[below])
    r, s = order_ranks(len(ordered), q)
    return value, ordered[r - 1] if r > 0 else None, ordered[s - 1] if s <= len(ordered) else None


@cache
def order_ranks(n: int, q: float) -> tuple[int, int]:
    """Return the ranks (from 1) between which a quantile lies in 95 %; 0 and n + 1 stand for no bound."""
    reach = 10 + 10 * math.sqrt(n * q * (1 - q))  # what lies ten standard deviations off weighs nothing
    counts = range(max(0, math.floor(n * q - reach)), min(n, math.ceil(n * q + reach)) + 1)
    below = list(running_sums(math.exp(log_binomial(n, k, q)) for k in counts))
    r = next(k for k, chance in zip(counts, below, strict=True) if chance >= 0.025)
    s = next(k for k, chance in zip(counts, below, strict=True) if chance >= 0.975) + 1
    return r, s


def log_binomial(n: int, k: int, q: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.fsum((ways, k * math.log(q), (n - k) * math.log1p(-q)))


def running_sums(values: Iterable[float]) -> Iterator[float]:
    """Yield running sums, with what rounding loses carried along (Neumaier)."""
    total, lost = 0.0, 0.0
    for value in values:
        longer = total + value
        lost += (total - longer) + value if total >= value else (value - longer) + total
        total = longer
        yield total + lost


def mean(seconds: Sequence[int]) -> Estimate:
    """Return the mean and its normal interval, by the sample's standard deviation."""
    value = fmean(seconds)
    margin = Z_95 * stdev(seconds) / math.sqrt(len(seconds))
    return value, value - margin, value + margin


def share(hits: int, n: int) -> Estimate:
    """Return a share in percent and its Wilson score interval."""
    p, z2 = hits / n, Z_95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    margin = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return 100 * p, 100 * (centre - margin), 100 * (centre + margin)


def ratio(pairs: Sequence[tuple[float, float]]) -> Estimate:
    """Return the sum of the first over the sum of the second in percent, and its interval by linearisation, within 0 to 100."""
    n, whole = len(pairs), math.fsum(below for _, below in pairs)
    value = math.fsum(above for above, _ in pairs) / whole
    residuals = [above - value * below for above, below in pairs]
    margin = Z_95 * math.sqrt(n / (n - 1) * math.fsum(r * r for r in residuals)) / whole
    return 100 * value, 100 * max(0.0, value - margin), 100 * min(1.0, value + margin)
