"""The few kinds of random draw that the simulator needs, each for a whole day at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from etl.simulation.parameters import Shares

Floats = npt.NDArray[np.float64]
Instants = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
Names = npt.NDArray[np.object_]
Random = np.random.Generator

MISSING = np.int64(-1)
"""An instant that was not stamped."""

FARTHEST_SIGMA = 3.5
"""Draws further out are drawn in: it costs a lognormal at most 0.1 % of its mean and bounds the longest run."""


def standard(random: Random, n: int) -> Floats:
    """Return standard normal draws, none far out."""
    return np.clip(random.standard_normal(n), -FARTHEST_SIGMA, FARTHEST_SIGMA)


def lognormal(z: Floats, mean: float, sigma: float) -> Floats:
    """Return lognormal values with this mean from standard normal draws."""
    return mean * np.exp(sigma * z - sigma**2 / 2)


def whole_s(seconds: Floats) -> Instants:
    """Return durations as whole seconds."""
    return np.rint(seconds).astype(np.int64)


def happens(random: Random, share: float, n: int) -> Mask:
    """Return whether something that happens in this share of cases happened, for each case."""
    return random.random(n) < share


def between(random: Random, low_s: float, high_s: float, n: int) -> Instants:
    """Return whole seconds, evenly between two bounds."""
    return random.integers(int(low_s), int(high_s) + 1, n)


def pick_codes(random: Random, weights: Sequence[float] | Floats, n: int) -> Codes:
    """Return positions, each as often as its weight says."""
    edges: Floats = np.cumsum(np.asarray(weights, np.float64))
    found: Codes = np.searchsorted(edges, random.random(n) * edges[-1], side="right").astype(np.int64)
    return found


def pick(random: Random, shares: Shares, n: int) -> Names:
    """Return names, each as often as its share says."""
    return np.array(list(shares.parts), object)[pick_codes(random, list(shares.parts.values()), n)]


def without(random: Random, instants: Instants, share: float) -> Instants:
    """Return instants, a share of them not stamped."""
    return np.where(happens(random, share, len(instants)), MISSING, instants)
