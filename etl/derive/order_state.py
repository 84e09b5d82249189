"""`order_state`: how each order to put things right 整改指令 stands: its limits, which were kept, how long steps took."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.interval import Interval, State
from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.metrics.rectification_intervals import INSPECTION, RECTIFICATION, SIGN_IN
from cockpit.text import Text
from cockpit.window import DAY_S
from etl.derive.injury_clock_calendar import FIRST_DAY, LAST_DAY, Calendar, calendar
from etl.derive.timing import instants, interval_columns
from etl.derived import Derived, Lookup

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

INSPECT_WITHIN: Mapping[str | None, float] = {"红": 5, "橙": 10}
"""Working days from the push (domain specification, section 4.1); it asks nothing of 黄."""

STEPS = ("signed_at", "inspected_at", "rectified_at", "rechecked_at", "closed_at")
"""In their order: a step without a stamp is missing once a later one has it."""

ORDER_STATE_TABLE = Table(
    name="order_state",
    title=Text("整改指令状态", "State of an order to put right"),
    grain="one row per order",
    key=("order_id",),
    by=("order_id",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("order_id", Kind.TEXT, Text("指令编号", "Order"), required=True),
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise")),
        Column("town", Kind.TOWN, Text("乡镇", "Town"), required=True),
        Column("kind", Kind.TEXT, Text("类别", "Kind")),
        Column("level", Kind.TEXT, Text("级别", "Level"), allowed=("红", "橙", "黄")),
        Column("event_at", Kind.INSTANT, Text("推送时刻", "When it was pushed"), required=True),
        EVENT_LOCAL,
        *instants(
            signed_at=Text("签收时刻", "When it was signed for"),
            inspected_at=Text("检查时刻", "When the firm was inspected"),
            rectified_at=Text("整改时刻", "When it was put right"),
            rechecked_at=Text("复查时刻", "When it was checked again"),
            closed_at=Text("销号时刻", "When it was closed"),
        ),
        Column("due_on", Kind.DAY, Text("整改期限", "Day by which it is due")),
        Column("due_at", Kind.INSTANT, Text("整改届满时刻", "First instant after that day: overdue")),
        Column("inspect_due_at", Kind.INSTANT, Text("检查届满时刻", "First instant after the last day for the inspection")),
        Column("is_open", Kind.BOOLEAN, Text("在办", "It is not closed"), required=True),
        Column("is_inspected_on_time", Kind.BOOLEAN, Text("按时检查", "Inspected in time; none: not yet, or no limit")),
        Column("is_closed_on_time", Kind.BOOLEAN, Text("按时销号", "Closed by the day due; none: open, or no day given")),
        *interval_columns((SIGN_IN, INSPECTION, RECTIFICATION)),
    ),
)


def order_states(current: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Derive one row per order. Instants of midnights are taken by the offset from UTC that the push had."""
    orders = current["rectification_order"]
    at = {name: orders[name].to_numpy(np.float64) for name in ("event_at", *STEPS)}
    offset = orders["event_local"].to_numpy(np.float64) - at["event_at"]
    on = {name: np.floor((instant + offset) / DAY_S) for name, instant in at.items()}
    days = calendar_of(current["cn_workday"], on)
    within = np.array([INSPECT_WITHIN.get(level, np.nan) for level in orders["level"]], np.float64)
    found = orders.rename(columns={"town_code": "town"}).assign(
        due_at=(orders["due_on"].to_numpy(np.float64) + 1) * DAY_S - offset,
        inspect_due_at=(days_after(days, on["event_at"], within) + 1) * DAY_S - offset,
        is_open=np.isnan(at["closed_at"]),
    )
    kept = {
        "is_inspected_on_time": before(at["inspected_at"], found["inspect_due_at"].to_numpy(np.float64)),
        "is_closed_on_time": before(at["closed_at"], found["due_at"].to_numpy(np.float64)),
    }
    return found.assign(**kept, **lengths(days, at, on))[list(ORDER_STATE_TABLE.names)]


def calendar_of(workdays: pd.DataFrame, on: Mapping[str, Numbers]) -> Calendar:
    """Return a calendar that reaches from the first to the last day on which anything was done."""
    told = np.concatenate([values[~np.isnan(values)] for values in on.values()])
    return calendar(workdays, int(told.min(initial=LAST_DAY)), int(told.max(initial=FIRST_DAY)))


def days_after(days: Calendar, on: Numbers, count: Numbers) -> Numbers:
    """Return the working day that is so many working days after each day, NaN where there is no count."""
    is_asked = ~np.isnan(count)
    found = np.full(len(on), np.nan)
    found[is_asked] = days.after(on[is_asked].astype(np.int64), count[is_asked].astype(np.int64))
    return found


def before(done_at: Numbers, limit_at: Numbers) -> Words:
    """Return whether things were done before their limit, none where they are not done or have none."""
    found: Words = (done_at < limit_at).astype(object)
    found[np.isnan(done_at) | np.isnan(limit_at)] = None
    return found


def lengths(days: Calendar, at: Mapping[str, Numbers], on: Mapping[str, Numbers]) -> dict[str, Words | Numbers]:
    """Return seconds and state of each interval; seconds are NaN unless it is valid."""
    found: dict[str, Words | Numbers] = {}
    for interval in (SIGN_IN, INSPECTION, RECTIFICATION):
        begin, end = on[interval.start], on[interval.end]
        counted = end - begin if interval is RECTIFICATION else working_days(days, begin, end)
        state = state_of(interval, at)
        found[interval.value] = np.where(state == State.VALID.value, counted * DAY_S, np.nan)
        found[interval.state] = state
    return found


def working_days(days: Calendar, begin: Numbers, end: Numbers) -> Numbers:
    """Return how many working days lie after each first day, up to and with the last; NaN where one is unknown."""
    is_known = ~(np.isnan(begin) | np.isnan(end))
    first, last = (np.where(is_known, one, 0).astype(np.int64) for one in (begin, end))
    counted = np.searchsorted(days.working, last, side="right") - np.searchsorted(days.working, first, side="right")
    return np.where(is_known, counted, np.nan)


def state_of(interval: Interval, at: Mapping[str, Numbers]) -> Words:
    """Return the state of an interval; without an end it is missing where a later step is stamped, and open where none is."""
    start, end = at[interval.start], at[interval.end]
    later = STEPS[STEPS.index(interval.end) + 1 :]
    is_past: Mask = np.logical_or.reduce([~np.isnan(at[name]) for name in later])
    rules = [
        (~np.isnan(start) & ~np.isnan(end) & (end < start), State.NEG),
        (~np.isnan(start) & ~np.isnan(end), State.VALID),
        (~np.isnan(end) | is_past, State.MISSING),
    ]
    return np.select([rule for rule, _ in rules], [state.value for _, state in rules], State.OPEN.value).astype(object)


ORDER_STATE = Derived(
    table=ORDER_STATE_TABLE,
    sources=("rectification_order",),
    by="order_id",
    frame=order_states,
    lookups=(Lookup("cn_workday"),),
)
