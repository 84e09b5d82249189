"""Doubtful emergency rows 急救数据疑点: stamps of a run or an incident out of order."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit import quality
from cockpit.interval import State
from cockpit.ledger.tables import Column, Kind, Pii
from cockpit.metrics.emergency_intervals import INCIDENT_INTERVALS, RUN_INTERVALS
from cockpit.text import Text
from etl.derived import Derived
from etl.issues import all_of, breaking, issue_table


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of the incidents that were touched."""
    incident, run = current["incident"].c, current["unit_run"].c
    of_incident = breaking(quality.EM_INCIDENT_ORDER, incident.incident_id, incident.town, incident.incident_id)
    of_run = breaking(quality.EM_RUN_ORDER, run.incident_id + "/" + run.run_id, run.town, run.incident_id)
    return all_of(
        of_incident.where(sa.or_(*(incident[interval.state] == State.NEG.value for interval in INCIDENT_INTERVALS))),
        of_run.where(sa.or_(*(run[interval.state] == State.NEG.value for interval in RUN_INTERVALS))),
    )


EMERGENCY_ISSUE = Derived(
    table=issue_table(
        "emergency_issue",
        Text("急救数据疑点", "Doubtful emergency rows"),
        Column("incident_id", Kind.TEXT, Text("事件", "Incident"), required=True, pii=Pii.PERSONAL),
    ),
    sources=("incident", "unit_run"),
    by="incident_id",
    query=issues,
)
