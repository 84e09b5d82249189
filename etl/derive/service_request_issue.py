"""Doubtful service requests 诉求数据疑点: what status and stamps say against each other."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit import quality
from cockpit.interval import State
from cockpit.ledger.tables import Column, Kind, Pii
from cockpit.metrics.service_request_intervals import CLOSING
from cockpit.text import Text
from etl.derived import Derived
from etl.issues import all_of, breaking, issue_table


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of the requests that were touched."""
    state = current["request_state"].c
    key = state.service_request_id
    closing = state[CLOSING.state]
    copied = sa.or_(closing == State.ZERO.value, state.contradiction == "stamp_void")
    return all_of(
        breaking(quality.SR_STATUS_BEHIND, key, state.town, key).where(state.contradiction == "status_behind"),
        breaking(quality.SR_STAMP_COPIED, key, state.town, key).where(copied),
        breaking(quality.SR_STAMP_ORDER, key, state.town, key).where(closing == State.NEG.value),
    )


SERVICE_REQUEST_ISSUE = Derived(
    table=issue_table(
        "service_request_issue",
        Text("诉求数据疑点", "Doubtful service requests"),
        Column("service_request_id", Kind.TEXT, Text("工单编号", "Service request"), required=True, pii=Pii.NONE),
    ),
    sources=("request_state",),
    by="service_request_id",
    query=issues,
)
