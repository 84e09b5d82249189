"""Weights of indicators: from the judgement of people, compared two by two (AHP), and from the data's own spread (entropy)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.statistics import Numbers

RANDOM_INDEX = {1: 0.0, 2: 0.0, 3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45}
"""The consistency index of comparisons made at random, by their number. Source: Saaty 1980, The Analytic Hierarchy Process."""

RISK_COMPARISONS = (
    (1, 1 / 3, 1 / 2, 1 / 3, 1 / 2),
    (3, 1, 2, 1, 2),
    (2, 1 / 2, 1, 1 / 2, 1),
    (3, 1, 2, 1, 2),
    (2, 1 / 2, 1, 1 / 2, 1),
)
"""Count, rate, trend, severity and cost ratio of an enterprise, each against each (domain specification, section 4)."""


class Priorities(NamedTuple):
    """Weights that pairwise comparisons give, and how far these agree with each other: a ratio below 0.1 is good enough."""

    weights: Numbers
    lambda_max: float
    consistency_index: float
    consistency_ratio: float


def ahp(matrix: npt.ArrayLike) -> Priorities:
    """Return the weights of a matrix of pairwise comparisons: its principal eigenvector, which adds up to 1.

    Source: Saaty 1980. Raises: KeyError for more than nine things, which nobody compares consistently.
    """
    compared = np.asarray(matrix, np.float64)
    count = len(compared)
    values, vectors = np.linalg.eig(compared)
    principal = int(np.argmax(values.real))
    weights = np.abs(vectors[:, principal].real)
    largest = float(values[principal].real)
    index = (largest - count) / (count - 1) if count > 1 else 0.0
    by_chance = RANDOM_INDEX[count]
    return Priorities(weights / weights.sum(), largest, index, index / by_chance if by_chance else 0.0)


def entropy_weights(scores: npt.ArrayLike) -> Numbers:
    """Return a weight for each column of scores (one row per firm, none below 0), the larger the more the column tells apart.

    They move with the data, so an index by them could not be compared over time: they only show how much the weights matter.
    Where nothing tells apart, all weigh the same. Source: domain specification, section 4.
    """
    given = np.asarray(scores, np.float64)
    count, width = given.shape
    total = given.sum(axis=0)
    share = np.divide(given, total, out=np.full_like(given, 1 / max(count, 1)), where=total > 0)
    surprise = -(share * np.log(share, out=np.zeros_like(share), where=share > 0)).sum(axis=0)
    spread = np.maximum(0.0, 1 - surprise / np.log(count)) if count > 1 else np.zeros(width)
    weights: Numbers = spread / spread.sum() if spread.sum() > 0 else np.full(width, 1 / width)
    return weights
