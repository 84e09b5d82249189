"""`request_state`: what became of each service request, as far as its record can be believed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.interval import State
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.metrics.service_request_intervals import CLOSING
from cockpit.text import Text
from cockpit.window import DAY_S
from etl.contracts.service_request import PRECISIONS, STATUSES
from etl.derive.timing import Value, day_began, interval_columns, timed
from etl.derived import Derived

REQUEST_STATE_TABLE = Table(
    name="request_state",
    title=Text("诉求办理状态", "State of a service request"),
    grain="one row per request",
    key=("service_request_id",),
    by=("service_request_id",),
    town="town",
    columns=(
        Column("service_request_id", Kind.TEXT, Text("工单编号", "Service request"), required=True),
        Column("town", Kind.TOWN, Text("乡镇", "Town it is about"), required=True),
        Column("event_at", Kind.INSTANT, Text("诉求时刻", "When it was requested"), required=True),
        Column("event_local", Kind.LOCAL, Text("诉求当地时刻", "The same on the site's wall clock"), required=True),
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
        Column("closed_at", Kind.INSTANT, Text("办结时刻", "When it was closed; midnight when only the day is known")),
        Column("closed_precision", Kind.TEXT, Text("办结时间精度", "s, or day"), allowed=PRECISIONS),
        *interval_columns((CLOSING,)),
    ),
)


def request_states(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per request: whether it is closed, and the local days from its day to that of its closure."""
    row = believed(current["service_request"]).c
    state = sa.case((row.closed_at.is_not(None), "closed"), (row.status == "closed", "closed"), else_="open")
    too_early = sa.and_(row.closed_precision == "s", row.closed_at < row.event_at)  # on the same day too
    interval = timed(
        CLOSING,
        [day_began(row.event_local), day_began(row.closed_local)],
        first=[(sa.func.coalesce(too_early, sa.false()), State.NEG)],
        is_open=state == "open",
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
    other the stamp wins. But a stamp that has no time of day and only repeats the day of the request, while the status
    says that it is open, was filled in at the request: it would make what nobody has touched the fastest of all.
    """
    r = request.c
    at_midnight = r.closed_local % DAY_S == 0
    precision = sa.case(
        (r.closed_at.is_(None), sa.null()),
        (r.closed_precision.is_not(None), r.closed_precision),
        (at_midnight, "day"),
        else_="s",
    )
    is_said_open = sa.func.coalesce(r.status.in_(("open", "assigned")), sa.false())
    is_stamped_open = sa.and_(r.closed_at.is_not(None), is_said_open)
    repeats_its_day = sa.and_(precision == "day", day_began(r.closed_local) == day_began(r.event_local))
    is_void = sa.and_(is_stamped_open, repeats_its_day)
    contradiction = sa.case((is_void, "stamp_void"), (is_stamped_open, "status_behind"))
    changed = {
        "closed_at": unless(is_void, r.closed_at),
        "closed_local": unless(is_void, r.closed_local),
        "closed_precision": unless(is_void, precision),
    }
    kept = [column for column in r if column.name not in changed]
    said = [*(value.label(name) for name, value in changed.items()), contradiction.label("contradiction")]
    return sa.select(*kept, *said).subquery("believed")


def unless(condition: Value, value: Value) -> Value:
    """Return a value, or nothing where a condition holds."""
    return sa.case((condition, sa.null()), else_=value)


REQUEST_STATE = Derived(
    table=REQUEST_STATE_TABLE,
    sources=("service_request",),
    by="service_request_id",
    query=request_states,
)
