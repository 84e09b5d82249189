"""`request_state`: what became of each service request, as far as its record can be believed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.interval import State
from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.metrics.service_request_intervals import CLOSING
from cockpit.text import Text
from etl.contracts.service_request import PRECISIONS, STATUSES
from etl.derive.timing import interval_columns, is_date_only, timed_in_days
from etl.derived import Derived

REQUEST_STATE_TABLE = Table(
    name="request_state",
    title=Text("诉求办理状态", "State of a service request"),
    grain="one row per request",
    key=("service_request_id",),
    by=("service_request_id",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("service_request_id", Kind.TEXT, Text("工单编号", "Service request"), required=True),
        Column("town", Kind.TOWN, Text("乡镇", "Town it is about"), required=True),
        Column("event_at", Kind.INSTANT, Text("诉求时刻", "When it was requested"), required=True),
        EVENT_LOCAL,
        Column("service_name", Kind.TEXT, Text("事项名称", "Name of the service asked for")),
        Column("agency_responsible", Kind.TEXT, Text("承办单位", "Agency responsible")),
        Column("channel", Kind.TEXT, Text("受理渠道", "Channel it came by")),
        Column("status", Kind.TEXT, Text("登记状态", "Status that the record says"), allowed=STATUSES),
        Column("state", Kind.TEXT, Text("办理状态", "open or closed, as its stamps say"), allowed=("open", "closed")),
        Column(
            "contradiction",
            Kind.TEXT,
            Text("状态与时间矛盾", "How status and stamp contradict each other"),
            allowed=("status_behind", "stamp_void"),
        ),
        Column("closed_at", Kind.INSTANT, Text("办结时刻", "When it was closed, as far as that is believed")),
        Column("closed_precision", Kind.TEXT, Text("办结时间精度", "s, or day"), allowed=PRECISIONS),
        *interval_columns((CLOSING,)),
    ),
)


def request_states(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per request: whether it is closed, and the local days from its day to that of its closure."""
    row = believed(current["service_request"]).c
    state = sa.case((row.closed_at.is_not(None), "closed"), (row.status == "closed", "closed"), else_="open")
    interval = timed_in_days(
        CLOSING,
        start=(row.event_at, row.event_local),
        end=(row.closed_at, row.closed_local),
        is_open=state == "open",
        ends_on_a_date=row.closed_precision == "day",
        first=((sa.and_(row.is_copied == 1, state == "closed"), State.ZERO),),
    )
    columns = {
        **dict(row.items()),
        "town": row.town_code,
        "state": state,
        **{column.name: column for column in interval},
    }
    return sa.select(*(columns[name].label(name) for name in REQUEST_STATE_TABLE.names))


def believed(request: sa.Subquery) -> sa.Subquery:
    """Return requests with the precision of their closure, and without a closing stamp that is none.

    A status is a word that somebody has to change, a stamp is left by the closing itself: where they contradict each
    other the stamp wins. But nobody closes a request in the very second it is made: such a stamp was copied from the
    request, and would make what nobody has touched the fastest of all. Then the status alone says whether it is closed.
    """
    r = request.c
    precision = sa.case(
        (r.closed_at.is_(None), sa.null()),
        (r.closed_precision.is_not(None), r.closed_precision),
        (is_date_only(r.closed_local), "day"),
        else_="s",
    )
    is_copied = sa.func.coalesce(sa.and_(precision == "s", r.closed_at == r.event_at), sa.false())
    is_said_open = sa.func.coalesce(r.status.in_(("open", "assigned")), sa.false())
    contradiction = sa.case(
        (sa.and_(is_said_open, is_copied), "stamp_void"), (sa.and_(is_said_open, r.closed_at.is_not(None)), "status_behind")
    )
    changed = {
        "closed_at": sa.case((is_copied, sa.null()), else_=r.closed_at),
        "closed_local": sa.case((is_copied, sa.null()), else_=r.closed_local),
        "closed_precision": sa.case((is_copied, sa.null()), else_=precision),
        "contradiction": contradiction,
        "is_copied": sa.case((is_copied, 1), else_=0),
    }
    kept = [column for column in r if column.name not in changed]
    return sa.select(*kept, *(value.label(name) for name, value in changed.items())).subquery("believed")


REQUEST_STATE = Derived(
    table=REQUEST_STATE_TABLE,
    sources=("service_request",),
    by="service_request_id",
    query=request_states,
)
