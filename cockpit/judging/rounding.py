"""Rounding of what is stored: half up, as cockpit.numbers rounds what is shown, but of whole arrays."""

import numpy as np
import numpy.typing as npt

from cockpit.statistics import Numbers

NEARLY = 1e-9
"""What binary fractions fall short of a half, in units of the last digit: 1.005 is stored as a little less."""


def half_up(values: npt.ArrayLike, digits: int) -> Numbers:
    """Return values rounded to some digits after the point, halves away from zero; what is unknown (NaN) stays so."""
    given, scale = np.asarray(values, np.float64), 10.0**digits
    return np.copysign(np.floor(np.abs(given) * scale + 0.5 + NEARLY) / scale, given) + 0.0
