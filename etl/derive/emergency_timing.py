"""What runs and incidents share: their place in time, the call they follow from, and the rules of bad times.

The rules are those of the domain specification, section 6.5.
"""

from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from cockpit.interval import Interval, State
from cockpit.ledger.tables import Column, Kind
from cockpit.text import Text

NOT_DISPATCHED = ("指导", "重复", "误拨", "骚扰", "转他台")
"""Outcomes of a call that ask for no vehicle."""

Value = ColumnElement[Any]

PLACE = (
    Column("town", Kind.TOWN, Text("乡镇", "Town, from the call's own record"), required=True),
    Column("event_at", Kind.INSTANT, Text("呼叫时刻", "Instant that places it in a window"), required=True),
    Column("event_local", Kind.LOCAL, Text("呼叫当地时刻", "The same on the site's wall clock"), required=True),
)


def interval_columns(intervals: tuple[Interval, ...]) -> tuple[Column, ...]:
    """Return the two columns, seconds and state, of each interval."""
    columns: list[Column] = []
    for interval in intervals:
        columns.append(Column(interval.value, Kind.INTEGER, interval.title))
        columns.append(Column(interval.state, Kind.TEXT, interval.title, allowed=tuple(State)))
    return tuple(columns)


def instants(**meanings: Text) -> tuple[Column, ...]:
    """Return one instant column for each name."""
    return tuple(Column(name, Kind.INSTANT, meaning) for name, meaning in meanings.items())


def first_call(call: sa.Subquery) -> sa.Subquery:
    """Keep the earliest call of each incident."""
    order = sa.func.row_number().over(partition_by=call.c.incident_id, order_by=(call.c.event_at, call.c.call_id))
    ranked = sa.select(*call.c, order.label("place")).subquery("ranked_call")
    return sa.select(*(ranked.c[c.name] for c in call.c)).where(ranked.c.place == 1).subquery("first_call")


def no_dispatch(needs_dispatch: Value, outcome: Value) -> Value:
    """Return the condition that a call asks for no vehicle."""
    return sa.or_(needs_dispatch.is_not_distinct_from(sa.false()), sa.func.coalesce(outcome.in_(NOT_DISPATCHED), sa.false()))


def timed(
    interval: Interval,
    stamps: list[Value],
    *,
    first: list[tuple[Value, State]],
    is_open: Value,
    is_coarse: Value,
    is_backfilled: Value,
) -> tuple[sa.Label[Any], sa.Label[Any]]:
    """Return an interval's seconds and state; the first rule that applies decides."""
    unstamped = sa.or_(*(stamp.is_(None) for stamp in stamps))
    total = stamps[-1] - stamps[0]
    rules = [*first]
    if interval.needs_seconds:
        rules.append((is_coarse, State.COARSE))
    rules += [(sa.and_(unstamped, is_open), State.OPEN), (unstamped, State.MISSING)]
    rules.append((sa.or_(*(later < earlier for earlier, later in pairwise(stamps))), State.NEG))
    if interval.rejects_zero:
        rules.append((sa.and_(total == 0, is_backfilled), State.ZERO))
    if interval.cap_s is not None:
        rules.append((total > interval.cap_s, State.OUT))
    state = sa.case(*((condition, state.value) for condition, state in rules), else_=State.VALID.value)
    names = list(interval.stamps)
    length = stamps[names.index(interval.end)] - stamps[names.index(interval.start)]
    seconds = sa.case((sa.or_(*(condition for condition, _ in rules)), sa.null()), else_=length)
    return seconds.label(interval.value), state.label(interval.state)
