"""How intervals stand in a derived table: their columns, and the rules of bad times that judge them.

The rules are those of the domain specification, section 6.5.
"""

from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from cockpit.interval import Interval, State
from cockpit.ledger.tables import Column, Kind
from cockpit.text import Text
from cockpit.window import DAY_S

Value = ColumnElement[Any]


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


def day_began(local: Value) -> Value:
    """Return the wall-clock second (since 1970) at which the local day of a wall-clock second began.

    Two of these differ by whole days of 86,400 s whatever summer time did between them.
    """
    return local - (local % DAY_S + DAY_S) % DAY_S  # of what lies before 1970 SQL's remainder is negative


def timed_in_days(
    interval: Interval,
    *,
    start: tuple[Value, Value],
    end: tuple[Value, Value],
    is_open: Value,
    ends_on_a_date: Value,
    first: tuple[tuple[Value, State], ...] = (),
) -> tuple[sa.Label[Any], sa.Label[Any]]:
    """Return an interval's whole local days, as seconds, and its state; `start` and `end` are instant and wall clock each.

    An end that has a time of day may lie before its start on the same day; of one that is only a date nobody knows.
    """
    (start_at, start_local), (end_at, end_local) = start, end
    is_before = sa.func.coalesce(sa.and_(sa.not_(ends_on_a_date), end_at < start_at), sa.false())
    days = [day_began(start_local), day_began(end_local)]
    return timed(interval, days, first=[*first, (is_before, State.NEG)], is_open=is_open)


def is_date_only(local: Value) -> Value:
    """Return the condition that a wall-clock second is midnight sharp: systems that know the day alone write that."""
    return local % DAY_S == 0


def timed(
    interval: Interval,
    stamps: list[Value],
    *,
    first: list[tuple[Value, State]],
    is_open: Value,
    is_coarse: Value | None = None,
    is_backfilled: Value | None = None,
) -> tuple[sa.Label[Any], sa.Label[Any]]:
    """Return an interval's seconds and state; the first rule that applies decides."""
    unstamped = sa.or_(*(stamp.is_(None) for stamp in stamps))
    total = stamps[-1] - stamps[0]
    rules = [*first]
    if interval.needs_seconds and is_coarse is not None:
        rules.append((is_coarse, State.COARSE))
    rules += [(sa.and_(unstamped, is_open), State.OPEN), (unstamped, State.MISSING)]
    rules.append((sa.or_(*(later < earlier for earlier, later in pairwise(stamps))), State.NEG))
    if interval.rejects_zero and is_backfilled is not None:
        rules.append((sa.and_(total == 0, is_backfilled), State.ZERO))
    if interval.cap_s is not None:
        rules.append((total > interval.cap_s, State.OUT))
    state = sa.case(*((condition, state.value) for condition, state in rules), else_=State.VALID.value)
    names = list(interval.stamps)
    length = stamps[names.index(interval.end)] - stamps[names.index(interval.start)]
    seconds = sa.case((sa.or_(*(condition for condition, _ in rules)), sa.null()), else_=length)
    return seconds.label(interval.value), state.label(interval.state)
