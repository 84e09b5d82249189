"""Doubtful bills 医疗结算疑点: stays that end before they begin, and lines outside of them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit import quality
from cockpit.ledger.tables import Column, Kind, Pii
from cockpit.text import Text
from etl.derived import Derived
from etl.issues import all_of, breaking, issue_table

DAY_S = 86_400
LABORATORY = "04"
"""化验, whose lines are closed up to a day after the stay (section 5.1, H08)."""

NO_TOWN = sa.null().cast(sa.Text)
"""A bill names no town: a hospital serves the whole city."""


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of the visits and stays that were touched."""
    bills, lines = current["claim"], current["claim_line"]
    turned = breaking(quality.MED_ENDS_BEFORE, bills.c.setl_id, NO_TOWN, bills.c.mdtrt_id)
    first_day = sa.func.min(bills.c.begin_local) // DAY_S
    last_day = sa.func.max(bills.c.end_local) // DAY_S
    stays = (
        sa.select(bills.c.mdtrt_id, first_day.label("first_day"), last_day.label("last_day"))
        .group_by(bills.c.mdtrt_id)
        .subquery("stay")
    )
    day = lines.c.event_local // DAY_S
    grace = sa.case((lines.c.med_chrgitm_type == LABORATORY, 1), else_=0)
    outside = breaking(quality.MED_OUTSIDE_STAY, lines.c.feedetl_sn, NO_TOWN, lines.c.mdtrt_id)
    return all_of(
        turned.where(bills.c.end_at < bills.c.begin_at),
        outside.join_from(lines, stays, stays.c.mdtrt_id == lines.c.mdtrt_id).where(
            sa.or_(day < stays.c.first_day, day > stays.c.last_day + grace)
        ),
    )


MEDICAL_ISSUE = Derived(
    table=issue_table(
        "medical_issue",
        Text("医疗数据疑点", "Doubtful bills"),
        Column("mdtrt_id", Kind.TEXT, Text("就诊", "Visit or stay"), required=True, pii=Pii.PERSONAL),
    ),
    sources=("claim", "claim_line"),
    by="mdtrt_id",
    query=issues,
)
