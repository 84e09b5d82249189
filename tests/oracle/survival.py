"""Kaplan and Meier's curve, day by day: of those at risk on a day, what share ends on it."""

import math
from collections.abc import Sequence
from fractions import Fraction

from tests.oracle.estimates import Z_95

Step = tuple[int, float, float, float | None, int]
"""A day, the share that goes on for longer, the ends of its 95 % interval, and how many were at risk."""


def steps(told: Sequence[tuple[int, bool]]) -> list[Step]:
    """Return the days on which something ended; `told` are days and whether each ended then or only left."""
    share, spread = Fraction(1), 0.0
    found: list[Step] = []
    for day in sorted({length for length, is_end in told if is_end}):
        risk = sum(1 for length, _ in told if length >= day)
        ended = sum(1 for length, is_end in told if is_end and length == day)
        share *= Fraction(risk - ended, risk)
        if share == 0:
            found.append((day, 0.0, 0.0, None, risk))
            break
        spread += ended / (risk * (risk - ended))
        error = math.sqrt(spread) / -math.log(share)
        ends = (float(share) ** math.exp(sign * Z_95 * error) for sign in (1, -1))
        found.append((day, float(share), *ends, risk))
    return found


def reached(curve: Sequence[Step], q: float) -> tuple[int | None, int | None, int | None]:
    """Return the day by which a share has ended, and those by which the ends of the interval have (Brookmeyer, Crowley)."""
    left = 1 - q + 1e-9
    return (
        next((day for day, share, *_ in curve if share <= left), None),
        next((day for day, _, low, _, _ in curve if low <= left), None),
        next((day for day, _, _, high, _ in curve if high is not None and high <= left), None),
    )
