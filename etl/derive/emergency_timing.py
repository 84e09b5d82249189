"""What runs and incidents share: their place in time, and the call they follow from."""

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii
from cockpit.text import Text
from etl.derive.timing import Value

NOT_DISPATCHED = ("指导", "重复", "误拨", "骚扰", "转他台")
"""Outcomes of a call that ask for no vehicle."""

CROSSINGS = ("same", "cross")
"""Whether a vehicle's station stands in the town of the scene."""

PLACE = (
    Column("town", Kind.TOWN, Text("乡镇", "Town, from the call's own record"), required=True, pii=Pii.NONE),
    Column("event_at", Kind.INSTANT, Text("呼叫时刻", "Instant that places it in a window"), required=True),
    Column("event_local", Kind.LOCAL, Text("呼叫当地时刻", "The same on the site's wall clock"), required=True),
)


def first_call(call: sa.Subquery) -> sa.Subquery:
    """Keep the earliest call of each incident."""
    order = sa.func.row_number().over(partition_by=call.c.incident_id, order_by=(call.c.event_at, call.c.call_id))
    ranked = sa.select(*call.c, order.label("place")).subquery("ranked_call")
    return sa.select(*(ranked.c[c.name] for c in call.c)).where(ranked.c.place == 1).subquery("first_call")


def no_dispatch(needs_dispatch: Value, outcome: Value) -> Value:
    """Return the condition that a call asks for no vehicle."""
    return sa.or_(needs_dispatch.is_not_distinct_from(sa.false()), sa.func.coalesce(outcome.in_(NOT_DISPATCHED), sa.false()))
