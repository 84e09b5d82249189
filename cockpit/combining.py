"""What is made of other metrics' values: rates, changes, improvements, and whether a stock is what it must be."""

from collections.abc import Sequence

from cockpit import statistics
from cockpit.formula_combined import Outcome, amount
from cockpit.marks import MINIMUM_N, Sums
from cockpit.statistics import Estimate
from cockpit.text import Text
from cockpit.window import DAY_S

NOTHING_BEFORE = Text("上年同期为0", "none last year")
NOT_SIGNIFICANT = Text("变化不显著", "the change is not significant")
NO_EXPOSURE = Text("参保人数未知", "headcount not known")
EXPOSED_IN_PART = Text("参保人数未覆盖整个时段", "headcount known in part")
TOO_FEW = Text(f"样本不足 n<{MINIMUM_N}", f"too few, n<{MINIMUM_N}")
YEAR_DAYS = 365
OFF_PERCENT = 25.0
"""A stock that is further off Little's law is a sign of wrong data (domain specification, section 2.4)."""

IS_OFF = Text("偏差超过25%，数据可能有误", "off by more than 25 %: the data may be wrong")


def rate(parts: Sequence[Sums]) -> Outcome:
    """Return a count to 1,000 of an exposure, with its exact Poisson interval."""
    count, exposure = (amount(part) for part in parts)
    missing = unexposed(*parts[1:])
    return Outcome(None, missing) if missing else Outcome(statistics.rate_permille(round(count), exposure))


def rate_change(parts: Sequence[Sums]) -> Outcome:
    """Return the change, in percent, of a count to an exposure on another count to another exposure."""
    count, exposure, count_before, exposure_before = (amount(part) for part in parts)
    missing = unexposed(parts[1], parts[3])
    return Outcome(None, missing) if missing else changed(round(count), exposure, round(count_before), exposure_before)


def unexposed(*exposures: Sums) -> Text | None:
    """Return why nothing can be held against some exposures, if it cannot: they are not known, or not for the whole window."""
    if not all(amount(part) for part in exposures):
        return NO_EXPOSURE
    return None if all(part.is_covered for part in exposures) else EXPOSED_IN_PART


def change(parts: Sequence[Sums]) -> Outcome:
    """Return the change, in percent, of a count on that of a window of the same length."""
    count, before = (round(amount(part)) for part in parts)
    return changed(count, 1.0, before, 1.0)


def changed(count: int, exposure: float, count_before: int, exposure_before: float) -> Outcome:
    """Return the change of a rate in percent with its exact interval, and say when it is not significant."""
    if not count_before:
        return Outcome(None, NOTHING_BEFORE)
    found = statistics.rate_change(count, exposure, count_before, exposure_before)
    is_sure = (found.high is not None and found.high < 0) or (found.low is not None and found.low > 0)
    return Outcome(found, None if is_sure else NOT_SIGNIFICANT)


def improvement(parts: Sequence[Sums]) -> Outcome:
    """Return by how many percent of what was before something fell: 提速率 = (before − after) / before."""
    if any(part.n < MINIMUM_N for part in parts):
        return Outcome(None, TOO_FEW)
    after, before = (amount(part) for part in parts)
    return Outcome(Estimate(statistics.improvement(before, after), None, None) if before else None)


def little(parts: Sequence[Sums]) -> Outcome:
    """Return by how many percent a stock is off arrivals a day × mean days, of twelve months."""
    stock, arrived, mean_s = parts
    if mean_s.n < MINIMUM_N:
        return Outcome(None, TOO_FEW)
    expected = amount(arrived) / YEAR_DAYS * amount(mean_s) / DAY_S
    if not expected:
        return Outcome(None)
    off = 100 * (amount(stock) / expected - 1)
    return Outcome(Estimate(off, None, None), IS_OFF if abs(off) > OFF_PERCENT else None)


def per_day(parts: Sequence[Sums]) -> Outcome:
    """Return a count to each day of another count."""
    count, days = (amount(part) for part in parts)
    return Outcome(Estimate(count / days, None, None) if days else None)
