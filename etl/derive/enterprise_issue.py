"""Doubtful headcounts 企业人数疑点: months that cases need and nobody told, and sudden jumps."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit import quality
from cockpit.ledger.tables import Column, Kind
from cockpit.text import Text
from etl.derived import Derived
from etl.issues import all_of, breaking, issue_table
from etl.months import month_number, month_of

SMALLEST_FIRM = 20
"""Insured workers below which a jump says nothing (section 10.3)."""


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of the enterprises that were touched."""
    return all_of(missing_months(current), jumps(current))


def missing_months(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Return the months in which somebody insured had an accident and no headcount is known.

    A month is missing when a later one is there or the firm has none at all: the newest month always comes late.
    """
    firms, months, cases = current["enterprise"], current["enterprise_month"], current["work_injury_case"]
    needed = (
        sa.select(cases.c.enterprise_id, month_of(cases.c.event_local).label("month"))
        .where(cases.c.is_insured_at_accident.is_(sa.true()))
        .distinct()
        .subquery("needed")
    )
    newest = (
        sa.select(months.c.enterprise_id, sa.func.max(months.c.month).label("month"))
        .group_by(months.c.enterprise_id)
        .subquery("newest")
    )
    need = needed.c
    told = sa.and_(months.c.enterprise_id == need.enterprise_id, months.c.month == need.month, months.c.headcount.is_not(None))
    found = breaking(quality.ENT_NO_HEADCOUNT, need.enterprise_id + "/" + need.month, firms.c.prod_town, need.enterprise_id)
    return (
        found.join_from(needed, months, told, isouter=True)
        .join(newest, newest.c.enterprise_id == need.enterprise_id, isouter=True)
        .join(firms, firms.c.enterprise_id == need.enterprise_id, isouter=True)
        .where(months.c.id.is_(None), sa.or_(newest.c.month.is_(None), newest.c.month >= need.month))
    )


def jumps(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Return the months whose headcount is more than half above or below that of the month before."""
    firms, months = current["enterprise"], current["enterprise_month"]
    month = months.c

    def previous(value: Any) -> Any:
        return sa.func.lag(value).over(partition_by=month.enterprise_id, order_by=month.month)

    number = month_number(month.month)
    pairs = (
        sa.select(
            month.enterprise_id,
            month.month,
            month.headcount,
            previous(month.headcount).label("headcount_before"),
            (number - previous(number)).label("month_gap"),
        )
        .where(month.headcount.is_not(None))
        .subquery("pair")
    )
    pair = pairs.c
    change = pair.headcount - pair.headcount_before
    found = breaking(quality.ENT_HEADCOUNT_JUMP, pair.enterprise_id + "/" + pair.month, firms.c.prod_town, pair.enterprise_id)
    return found.join_from(pairs, firms, firms.c.enterprise_id == pair.enterprise_id, isouter=True).where(
        pair.month_gap == 1,
        pair.headcount_before >= SMALLEST_FIRM,
        sa.or_(2 * change > pair.headcount_before, -2 * change > pair.headcount_before),
    )


ENTERPRISE_ISSUE = Derived(
    table=issue_table(
        "enterprise_issue",
        Text("企业数据疑点", "Doubtful rows of enterprises"),
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise"), required=True),
    ),
    sources=("enterprise", "enterprise_month", "work_injury_case"),
    by="enterprise_id",
    query=issues,
)
