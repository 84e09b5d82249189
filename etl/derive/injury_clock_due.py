"""When each span of a clock is due, when its warnings begin, and what became of it (domain specification, 2.2 and 2.4)."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.injury_clock import ClockKind, ClockState
from cockpit.injury_clocks import CLOCKS
from cockpit.window import DAY_S
from etl.derive.injury_clock_calendar import FIRST_DAY, LAST_DAY, Calendar, Days, Mask, calendar
from etl.derive.injury_clock_rules import UNITS, limits, versions

BLUE, YELLOW, ORANGE = 0.3, 0.2, 0.1
"""What of the limit remains when each warning begins. [DEF]"""

DAY, WORKDAY, MONTH, YEAR = range(len(UNITS))
LONGEST_DAYS = np.array([1, 3, 31, 366], np.int64)
"""More calendar days than one of a unit ever takes, the longest holiday among them."""

IS_DEADLINE = np.array([clock.kind in (ClockKind.AGENCY, ClockKind.PARTY) for clock in CLOCKS], np.bool_)
"""Something has to be done by their last day, so that it moves on when that is no working day."""

IS_EARLIEST = np.array([clock.kind == ClockKind.NOT_BEFORE for clock in CLOCKS], np.bool_)

STATES = tuple(str(one) for one in (ClockState.MET, ClockState.LATE, ClockState.VOID, ClockState.SUSPENDED, ClockState.RUNNING))
"""In the order in which they are decided."""

Values = npt.NDArray[Any]


def judged(found: pd.DataFrame, workdays: pd.DataFrame, config: pd.DataFrame) -> pd.DataFrame:
    """Return spans with their due days, warnings and state, as `injury_clock` has them.

    Instants of midnights are taken by the span's own offset from UTC: China keeps one the whole year.
    """
    began = (found["from_local"].to_numpy(np.float64) // DAY_S).astype(np.int64)
    clock = found["clock"].to_numpy()
    limit = limits(versions(config), clock, began)
    is_rolled = limit["is_rolled"] & IS_DEADLINE[clock]
    days = calendar_of(workdays, began, limit, found)
    plain = added(days, began, limit) + found["extension_days"].to_numpy(np.int64)
    strict = np.minimum(plain + found["paused_days"].to_numpy(np.int64), LAST_DAY)
    due = np.where(is_rolled, days.not_before(strict), strict)
    dates = {"strict_due_on": strict, "due_on": due, **instants(found, days, strict=strict, due=due, limit_days=plain - began)}
    is_counted = limit["unit"] == WORKDAY
    is_certain = days.is_known(np.where(is_counted, np.minimum(began, strict), strict), due) | ~(is_rolled | is_counted)
    return told(found, began, due).assign(
        limit_days=plain - began,
        is_provisional=~is_certain & ~found["is_suspended"].to_numpy(np.bool_),
        **{name: hidden(values, found["is_suspended"]) for name, values in dates.items()},
    )


def calendar_of(workdays: pd.DataFrame, began: Days, limit: dict[str, Values], found: pd.DataFrame) -> Calendar:
    """Return a calendar that reaches from the first start to the last day that may be due."""
    longest = LONGEST_DAYS[limit["unit"]] * limit["limit"]
    reach = began + longest + found["extension_days"].to_numpy(np.int64) + found["paused_days"].to_numpy(np.int64)
    return calendar(workdays, int(began.min(initial=LAST_DAY)), int(reach.max(initial=FIRST_DAY)))


def added(days: Calendar, began: Days, limit: dict[str, Values]) -> Days:
    """Return the last day of each limit: that of the start is not counted."""
    unit, count = limit["unit"], limit["limit"]
    later = months_later(began, np.where(unit == YEAR, count * 12, count))
    by_unit = [days.after(began, count), later, later]
    return np.asarray(np.select([unit == WORKDAY, unit == MONTH, unit == YEAR], by_unit, began + count), np.int64)


def months_later(began: Days, count: Days) -> Days:
    """Return the corresponding day of a later month, or the last of a month that has none."""
    start = began.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    place = (start - month.astype("datetime64[D]")).astype(np.int64)
    then = (month.astype(np.int64) + count).astype("datetime64[M]")
    last = (then + 1).astype("datetime64[D]").astype(np.int64) - 1
    return np.asarray(np.minimum(then.astype("datetime64[D]").astype(np.int64) + place, last), np.int64)


def instants(
    found: pd.DataFrame, days: Calendar, *, strict: Days, due: Days, limit_days: Days
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the first instants after the due days, and those at which the warnings of the strict one begin.

    No warning begins before its clock, and none after a graver one; of what must not be done earlier there are none.
    """
    from_at = found["from_at"].to_numpy(np.float64)
    offset = found["from_local"].to_numpy(np.float64) - from_at
    end = (strict + 1) * DAY_S - offset
    last_working_day = days.not_after(strict) * DAY_S - offset
    orange = np.minimum(end - np.round(ORANGE * limit_days * DAY_S), last_working_day)
    yellow = np.minimum(end - np.round(YELLOW * limit_days * DAY_S), orange)
    blue = np.minimum(end - np.round(BLUE * limit_days * DAY_S), yellow)
    is_warned = ~IS_EARLIEST[found["clock"].to_numpy()]
    warned = {"blue_at": blue, "yellow_at": yellow, "orange_at": orange}
    warnings = {name: np.where(is_warned, np.maximum(at, from_at), np.nan) for name, at in warned.items()}
    return {"strict_due_at": end, "due_at": (due + 1) * DAY_S - offset, **warnings}


def hidden(values: Values, is_hidden: pd.Series) -> npt.NDArray[np.float64]:
    """Return values, but none where a clock is suspended."""
    return np.where(is_hidden.to_numpy(np.bool_), np.nan, values.astype(np.float64))


def told(found: pd.DataFrame, began: Days, due: Days) -> pd.DataFrame:
    """Return spans with the state, and how long the clock ran where that is over."""
    ended = found["to_local"].to_numpy(np.float64) // DAY_S
    is_stopped: Mask = found["is_stopped"].to_numpy(np.bool_) & (ended >= began)
    is_over = found["to_at"].notna().to_numpy()
    is_kept = np.where(IS_EARLIEST[found["clock"].to_numpy()], ended >= due, ended <= due)
    is_suspended = found["is_suspended"].to_numpy(np.bool_)
    conditions = [is_stopped & is_kept, is_stopped, is_over, is_suspended]
    state = np.select(conditions, range(len(conditions)), len(conditions))
    used = (ended - began - found["paused_days"].to_numpy(np.float64)) * DAY_S
    return found.assign(state=np.array(STATES, object)[state], used_s=np.where(is_stopped, used, np.nan))
