"""Shrinkage of standardised ratios: a small town's ratio is drawn towards the city's (domain specification, section 3.3).

Source: Marshall 1991, Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40; global.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.statistics import Numbers


class EmpiricalBayes(NamedTuple):
    """The city's mean m and variance s², what of it lies between towns (A), and of each town the weight w and the ratio θ̂."""

    mean: float
    variance: float
    between: float
    weight: Numbers
    theta: Numbers


def empirical_bayes(observed: npt.ArrayLike, expected: npt.ArrayLike) -> EmpiricalBayes:
    """Return towns' ratios of observed to expected cases, shrunk; without any difference between towns all are the mean.

    >>> empirical_bayes([10, 30], [20, 20]).theta.round(3).tolist()
    [0.6, 1.4]
    """
    o, e = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    total = float(e.sum())
    mean = float(o.sum()) / total if total > 0 else 1.0
    variance = float((e * (ratio(o, e, otherwise=mean) - mean) ** 2).sum()) / total if total > 0 else 0.0
    between = max(0.0, variance - mean / (total / len(e))) if total > 0 else 0.0
    weight, theta = shrunk(o, e, mean=mean, between=between)
    return EmpiricalBayes(mean, variance, between, weight, theta)


def shrunk(observed: npt.ArrayLike, expected: npt.ArrayLike, *, mean: float, between: float) -> tuple[Numbers, Numbers]:
    """Return each town's weight w = A/(A + m/E) and its ratio θ̂ = m + w(r - m); of no expected cases w is 0."""
    o, e = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    weight = ratio(between * e, between * e + mean, otherwise=0.0)
    return weight, mean + weight * (ratio(o, e, otherwise=mean) - mean)


def ratio(above: Numbers, below: Numbers, *, otherwise: float) -> Numbers:
    """Return quotients, and another value where there is nothing to divide by."""
    quotients: Numbers = np.full(np.broadcast(above, below).shape, otherwise)
    np.divide(above, below, out=quotients, where=np.asarray(below) > 0)
    return quotients
