"""The weekly cumulative sum of a town's cases: an early alarm beside the colour (domain specification, section 3.3)."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.judging.colour_rules import ColourRules
from cockpit.statistics import Numbers

MEAN_WEEKS, MEAN_WEEKS_LEAST = 104, 52


class CusumWeek(NamedTuple):
    """The sum after a week, None while nothing can be expected yet, and whether it raises the alarm."""

    value: float | None
    is_alarm: bool


def cusum(
    observed: Sequence[int],
    expected: Sequence[float | None],
    is_skipped: Sequence[bool],
    rules: ColourRules,
    *,
    begin: float = 0.0,
) -> list[CusumWeek]:
    """Return the sum C = max(0, C + O·lnρ - (ρ - 1)·E) after each of a town's weeks, oldest first, from what it was before.

    The limit is 3.5 where 2 or more cases are expected, else 2.5. After an alarm the next week begins at 0: to have been shown
    is to have been acknowledged [DEF]. In a skipped week and in one without a working day (0 expected) the sum stays.
    """
    rise, fall = log(rules.cusum_rho), rules.cusum_rho - 1
    total, found = begin, []
    for o, e, skip in zip(observed, expected, is_skipped, strict=True):
        if e is None or not e >= 0:
            found.append(CusumWeek(None, is_alarm=False))
            continue
        if skip or e == 0:
            found.append(CusumWeek(total, is_alarm=False))
            continue
        total = max(0.0, total + o * rise - fall * e)
        is_alarm = total >= (rules.cusum_high if e >= rules.cusum_from else rules.cusum_low)
        found.append(CusumWeek(total, is_alarm))
        total = 0.0 if is_alarm else total
    return found


def weeks_expected(observed: npt.ArrayLike, workdays: npt.ArrayLike | None = None) -> Numbers:
    """Return the cases that each week's own past expects: the mean of the 104 weeks before it times its season; NaN: under 52.

    Shape: the last axis is weeks, oldest first. The season is the week's working days over the mean of those weeks; 1 where
    the calendar does not know (None, or NaN in a week).
    """
    counts = np.asarray(observed, np.float64)
    mean = means_before(counts)
    if workdays is None:
        return mean
    days = np.asarray(workdays, np.float64)
    usual = means_before(days)
    season = np.divide(days, usual, out=np.ones_like(usual), where=usual > 0)
    return mean * np.where(np.isnan(season), 1.0, season)


def means_before(values: Numbers) -> Numbers:
    """Return of each week the mean of the up to 104 weeks before it, those without a value left out; NaN: under 52 weeks."""
    known = ~np.isnan(values)
    places = np.arange(values.shape[-1])
    first = np.maximum(places - MEAN_WEEKS, 0)
    ran = [
        np.insert(np.cumsum(each, axis=-1), 0, 0.0, axis=-1)
        for each in (np.where(known, values, 0.0), known.astype(np.float64))
    ]
    total, count = (each[..., places] - each[..., first] for each in ran)
    means: Numbers = np.full(values.shape, np.nan)
    np.divide(total, count, out=means, where=(places >= MEAN_WEEKS_LEAST) & (count > 0))
    return means
