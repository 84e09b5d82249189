"""From stamps as text to instants in UTC seconds, and back to the site's wall clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

QUARTER_S = 15 * 60
"""Offsets of time zones change on quarters of an hour, so one look-up serves a quarter."""

YEARS = (1900, 2199)
"""Stamps outside these years are typing errors or placeholders, such as 9999-12-31, and never instants."""

NOT_STAMPS = ("now", "today")
"""Words that pandas takes for stamps."""

NEXT_DAY_AFTER_S = 12 * 3600
"""A clock time belongs to the next day only when it is more than 12 h before the one it follows."""

Seconds = npt.NDArray[np.float64]
OffsetOf = Callable[[int], float]


def parse(text: pd.Series, format_: str) -> Seconds:
    """Return stamps as seconds on their own wall clock, or of UTC when the format holds their offset (%z).

    NaN where empty, not of the format, or outside the years that a record can speak of.
    """
    stamped = text.mask(text.isin(NOT_STAMPS), None)
    stamps = pd.to_datetime(stamped, format=format_, errors="coerce", utc="%z" in format_)
    if stamps.dt.tz is not None:
        stamps = stamps.dt.tz_localize(None)
    is_sound = stamps.dt.year.between(*YEARS).to_numpy()
    whole = stamps.to_numpy("datetime64[s]").astype(np.int64)
    return np.where(is_sound, whole.astype(np.float64), np.nan)


def across_midnight(stamp: Seconds, followed: Seconds) -> Seconds:
    """Move a stamp built on the same date as the one it follows to the next day where it belongs."""
    return np.where(followed - stamp > NEXT_DAY_AFTER_S, stamp + 86_400, stamp)


def to_utc(wall: Seconds, zone: ZoneInfo) -> Seconds:
    """Return wall-clock seconds as UTC seconds; of a clock hour that happens twice, the first (fold=0)."""
    return shifted(wall, lambda second: -offset_of_wall(second, zone))


def to_wall(utc: Seconds, zone: ZoneInfo) -> Seconds:
    """Return UTC seconds as seconds on the zone's wall clock."""
    return shifted(utc, lambda second: offset_of_instant(second, zone))


def shifted(seconds: Seconds, offset: OffsetOf) -> Seconds:
    """Add to each instant the offset of its quarter of an hour, looked up once a quarter."""
    known = ~np.isnan(seconds)
    quarters, which = np.unique(np.floor(seconds[known] / QUARTER_S), return_inverse=True)
    offsets = np.array([offset(int(q) * QUARTER_S) for q in quarters], np.float64)
    result = np.full(len(seconds), np.nan)
    result[known] = seconds[known] + (offsets[which] if len(quarters) else 0)
    return result


@cache
def offset_of_wall(second: int, zone: ZoneInfo) -> float:
    """Return the zone's offset from UTC (s) at a wall-clock second."""
    wall = datetime(1970, 1, 1, tzinfo=zone) + timedelta(seconds=second)  # wall-clock arithmetic, PEP 495
    return offset_s(wall.replace(fold=0))


@cache
def offset_of_instant(second: int, zone: ZoneInfo) -> float:
    """Return the zone's offset from UTC (s) at an instant."""
    return offset_s(datetime.fromtimestamp(second, zone))


def offset_s(moment: datetime) -> float:
    """Return the offset (s) of an aware moment."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"{moment} names no time zone")
    return offset.total_seconds()
