"""`hearing`: the arbitration hearings 仲裁庭审 of work-injury cases, each with the town of its case."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from etl.contracts.work_injury_care import HEARING_MODES
from etl.derived import Derived, Lookup

HEARING_TABLE = Table(
    name="hearing",
    title=Text("仲裁庭审（含乡镇）", "Arbitration hearing with its town"),
    grain="one row per hearing that was held",
    key=("hearing_id",),
    by=("case_id",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("hearing_id", Kind.TEXT, Text("庭审编号", "Hearing"), required=True, pii=Pii.PERSONAL),
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True, pii=Pii.PERSONAL),
        Column("town", Kind.TOWN, Text("单位所在乡镇", "Town of the employer's production site"), required=True),
        Column("event_at", Kind.INSTANT, Text("开庭时刻", "When it began"), required=True, pii=Pii.PERSONAL),
        EVENT_LOCAL,
        Column("mode", Kind.TEXT, Text("庭审方式", "Who was in the room"), allowed=HEARING_MODES),
        Column("minute_count", Kind.INTEGER, Text("时长", "How long it took, minutes"), unit="min"),
        Column("is_cross_region", Kind.BOOLEAN, Text("跨区域", "The parties are of two regions")),
        Column("is_tolerance_accepted", Kind.BOOLEAN, Text("容缺受理", "Accepted before its papers were whole")),
    ),
)


def hearings(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per hearing: its town is the enterprise's, else what the case says; of a case unknown it is unknown."""
    held, cases, firms = current["arb_hearing"], current["work_injury_case"], current["enterprise"]
    town = sa.func.coalesce(sa.func.nullif(firms.c.prod_town, UNKNOWN_TOWN), cases.c.employer_town, UNKNOWN_TOWN)
    columns = {**{column.name: column for column in held.c}, "town": town.label("town")}
    return (
        sa.select(*(columns[name] for name in HEARING_TABLE.names))
        .join_from(held, cases, cases.c.case_id == held.c.case_id, isouter=True)
        .join(firms, firms.c.enterprise_id == cases.c.enterprise_id, isouter=True)
    )


HEARING = Derived(
    table=HEARING_TABLE,
    sources=("arb_hearing", "work_injury_case"),
    by="case_id",
    query=hearings,
    lookups=(Lookup("enterprise", "work_injury_case", "enterprise_id"),),
)
