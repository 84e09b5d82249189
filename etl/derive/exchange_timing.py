"""`exchange_timing`: how long each call between departments waited for its answer."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.metrics.exchange_intervals import EXCHANGE_LATENCY
from cockpit.text import Text
from etl.derive.timing import interval_columns, timed
from etl.derived import Derived

EXCHANGE_TIMING_TABLE = Table(
    name="exchange_timing",
    title=Text("数据共享用时", "Time of a call between departments"),
    grain="one row per call",
    key=("call_id",),
    by=("call_id",),
    pii=Pii.NONE,
    columns=(
        Column("call_id", Kind.TEXT, Text("调用编号", "Call"), required=True),
        Column("event_at", Kind.INSTANT, Text("调用时刻", "When it was asked"), required=True),
        EVENT_LOCAL,
        Column("from_dept", Kind.TEXT, Text("调用部门", "Department that asked")),
        Column("to_dept", Kind.TEXT, Text("被调用部门", "Department that was asked")),
        Column("item", Kind.TEXT, Text("事项", "What was asked for")),
        Column("is_ok", Kind.BOOLEAN, Text("成功", "Whether the answer could be used")),
        Column("answered_at", Kind.INSTANT, Text("应答时刻", "When it was answered")),
        *interval_columns((EXCHANGE_LATENCY,)),
    ),
)


def exchange_timings(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per call; what is not answered is open, and missing for whoever reads it after the time-out."""
    call = current["exchange_call"].c
    is_open = call.answered_at.is_(None)
    latency = timed(EXCHANGE_LATENCY, [call.event_at, call.answered_at], first=[], is_open=is_open)
    plain = EXCHANGE_TIMING_TABLE.names[: -len(latency)]
    return sa.select(*(call[name] for name in plain), *latency)


EXCHANGE_TIMING = Derived(
    table=EXCHANGE_TIMING_TABLE,
    sources=("exchange_call",),
    by="call_id",
    query=exchange_timings,
)
