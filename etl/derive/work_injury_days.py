"""`work_injury_days`: the days between the stamps of each work-injury case."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.metrics.work_injury_intervals import REPORT_DELAY
from cockpit.text import Text
from etl.derive.timing import interval_columns, is_date_only, timed_in_days
from etl.derived import Derived

WORK_INJURY_DAYS_TABLE = Table(
    name="work_injury_days",
    title=Text("工伤案件用时", "Days of a work-injury case"),
    grain="one row per case",
    key=("case_id",),
    by=("case_id",),
    town="town",
    pii=Pii.PERSONAL,
    columns=(
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        Column("town", Kind.TOWN, Text("单位所在乡镇", "Town of the production site"), required=True),
        Column("event_at", Kind.INSTANT, Text("事故时刻", "When the accident happened"), required=True),
        EVENT_LOCAL,
        Column("reported_at", Kind.INSTANT, Text("快报时刻", "When it was reported")),
        *interval_columns((REPORT_DELAY,)),
    ),
)


def work_injury_days(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per case; one that was applied for or decided and never reported lacks its stamp."""
    case = current["work_injury_case"].c
    delay = timed_in_days(
        REPORT_DELAY,
        start=(case.event_at, case.event_local),
        end=(case.reported_at, case.reported_local),
        is_open=sa.and_(case.applied_at.is_(None), case.decided_at.is_(None)),
        ends_on_a_date=is_date_only(case.reported_local),
    )
    plain = (case.case_id, case.employer_town.label("town"), case.event_at, case.event_local, case.reported_at)
    return sa.select(*plain, *delay)


WORK_INJURY_DAYS = Derived(
    table=WORK_INJURY_DAYS_TABLE,
    sources=("work_injury_case",),
    by="case_id",
    query=work_injury_days,
)
