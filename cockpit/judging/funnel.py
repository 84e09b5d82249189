"""Funnels: how far a town's cases lie from what is expected of it, given how much towns differ anyway (section 3.3).

Source: Spiegelhalter 2005, Funnel plots for comparing institutional performance, Statistics in Medicine 24; the additive model.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from cockpit.statistics import TAIL, Numbers

WINSORISED = (0.1, 0.9)
"""z beyond these quantiles (linear between the order statistics [DEF]) counts as these, lest outliers hide themselves."""


class Funnel(NamedTuple):
    """Of each town z, and z* with over-dispersion; of all, the dispersion φ and what of it is variance between towns, τ²."""

    z: Numbers
    zstar: Numbers
    phi: float
    tau2: float


def funnel(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Funnel:
    """Return how far each town lies from the city, in standard deviations of chance, and of chance and what towns differ by."""
    z = overdispersed(observed, expected, 0.0)
    if not len(z):
        return Funnel(z, z, 0.0, 0.0)
    low, high = np.quantile(z, WINSORISED)
    phi = float((np.clip(z, low, high) ** 2).mean())
    tau2 = between(phi, np.asarray(expected, np.float64) + 0.5)
    return Funnel(z, overdispersed(observed, expected, tau2), phi, tau2)


def between(phi: float, precision: Numbers) -> float:
    """Return τ² of a dispersion φ of towns, by the method of moments; precision is v = 1/s²."""
    count, total = len(precision), float(precision.sum())
    room = total - float((precision**2).sum()) / total
    return max(0.0, (count * phi - (count - 1)) / room) if room > 0 else 0.0


def overdispersed(observed: npt.ArrayLike, expected: npt.ArrayLike, tau2: float) -> Numbers:
    """Return z* = y/√(s² + τ²) with y = ln((O + ½)/(E + ½)) and s² = 1/(E + ½); z itself with τ² = 0."""
    o, e = np.asarray(observed, np.float64) + 0.5, np.asarray(expected, np.float64) + 0.5
    scores: Numbers = np.log(o / e) / np.sqrt(1 / e + tau2)
    return scores


def limits(expected: npt.ArrayLike, tau2: float, z: float) -> tuple[Numbers, Numbers]:
    """Return between which ratios O/E towns lie whose z* is at most z either way: the curves of the funnel plot, E above 0."""
    e = np.asarray(expected, np.float64)
    half = z * np.sqrt(1 / (e + 0.5) + tau2)
    low, high = (((e + 0.5) * np.exp(way * half) - 0.5) / e for way in (-1, 1))
    return np.maximum(low, 0.0), high


def poisson_limits(expected: npt.ArrayLike, confidence: float) -> tuple[Numbers, Numbers]:
    """Return the counts between which a town's cases lie by chance: the exact Poisson quantiles, each tail equally."""
    e, tail = np.asarray(expected, np.float64), (1 - confidence) / 2
    return poisson_quantile(e, tail), poisson_quantile(e, 1 - tail)


def poisson_quantile(expected: Numbers, p: float) -> Numbers:
    """Return the smallest counts k with P(X ≤ k) ≥ p."""
    k = np.maximum(np.ceil(special.pdtrik(p, expected)), 0.0)
    lower = np.maximum(k - 1, 0.0)
    return np.where(special.pdtr(lower, expected) >= p, lower, k)


def sir_interval(observed: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the exact 95 % interval of O/E, E above 0. Source: Garwood 1936, Biometrika 28."""
    o, e = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    low = np.where(o > 0, special.gammaincinv(np.maximum(o, 1), TAIL), 0.0)
    return low / e, special.gammaincinv(o + 1, 1 - TAIL) / e
