"""Towns held against what their industries expect: shrunk ratios and funnel z, one town after the other (section 3.3)."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from tests.oracle.exact import poisson_upto

GATE_EXPECTED, GATE_MID_P = 5, 0.001


class Placed(NamedTuple):
    """One town in the funnel."""

    ratio: float
    theta: float
    z: float
    zstar: float


def placed(observed: Sequence[int], expected: Sequence[float]) -> list[Placed]:
    """Return where each town stands; the expected add up to the observed."""
    mean, between = marshall(observed, expected)
    tau2 = overdispersion(observed, expected)
    found = []
    for o, e in zip(observed, expected, strict=True):
        weight = between / (between + mean / e) if e else 0.0
        ratio = o / e if e else math.nan
        y, s2 = math.log((o + 0.5) / (e + 0.5)), 1 / (e + 0.5)
        theta = mean + weight * (ratio - mean) if e else mean
        found.append(Placed(ratio, theta, y / math.sqrt(s2), y / math.sqrt(s2 + tau2)))
    return found


def marshall(observed: Sequence[int], expected: Sequence[float]) -> tuple[float, float]:
    """Return the mean ratio, and by how much towns truly differ (Marshall 1991)."""
    whole = math.fsum(expected)
    mean = sum(observed) / whole
    s2 = math.fsum(e * (o / e - mean) ** 2 for o, e in zip(observed, expected, strict=True) if e) / whole
    return mean, max(0.0, s2 - mean / (whole / len(expected)))


def overdispersion(observed: Sequence[int], expected: Sequence[float]) -> float:
    """Return τ² of Spiegelhalter 2005, the outer tenths of z drawn in."""
    n = len(observed)
    zs = [math.log((o + 0.5) / (e + 0.5)) * math.sqrt(e + 0.5) for o, e in zip(observed, expected, strict=True)]
    low, high = quantile(zs, 0.1), quantile(zs, 0.9)
    phi = math.fsum(min(high, max(low, z)) ** 2 for z in zs) / n
    v = [e + 0.5 for e in expected]
    total = math.fsum(v)
    spread = total - math.fsum(one * one for one in v) / total
    return max(0.0, (n * phi - (n - 1)) / spread) if spread else 0.0


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile, straight between the two values nearest to it."""
    order, at = sorted(values), share * (len(values) - 1)
    low = math.floor(at)
    return order[low] + (at - low) * (order[min(low + 1, len(order) - 1)] - order[low])


def is_beyond_chance(observed: int, expected: float) -> bool:
    """Whether so many or more are too many for a town of which fewer than 5 are expected: mid-P < 0.001."""
    upto_before = poisson_upto(observed - 1, expected) if observed else 0.0
    return 1 - (poisson_upto(observed, expected) + upto_before) / 2 < GATE_MID_P


def is_thin(expected: float) -> bool:
    return expected < GATE_EXPECTED
