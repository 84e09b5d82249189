"""`headcount_gap`: the months of a firm whose headcount nobody told, and what stands in for it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derived import Derived
from etl.months import month_number, month_numbered

CARRIED_MONTHS = 2
"""How many months a headcount stands in for the unknown ones after it: lists of a month come up to two late. [DEF]"""

HEADCOUNT_GAP_TABLE = Table(
    name="headcount_gap",
    title=Text("人数缺月", "Month without a headcount"),
    grain="one row per enterprise and month whose headcount is unknown",
    key=("enterprise_id", "month"),
    by=("enterprise_id", "month"),
    pii=Pii.NONE,
    columns=(
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise"), required=True),
        Column("month", Kind.MONTH, Text("月份", "Month"), required=True),
        Column("headcount", Kind.INTEGER, Text("沿用人数", "Headcount carried here; none: no month near enough is known")),
        Column("carried_from", Kind.MONTH, Text("沿用自月份", "Month that it is carried from")),
    ),
)


def headcount_gaps(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the unknown months from a firm's first row to its last: rows without a headcount, and months without a row.

    Each carries the newest known headcount of the 2 months before it, or none. After its last row a firm has no unknown
    month: nobody can tell one that left from one that was not told yet.
    """
    months = current["enterprise_month"]
    gap = unknown_months(months)
    origins = [month_numbered(gap.c.number - step) for step in range(1, CARRIED_MONTHS + 1)]
    earlier = [months.alias(f"before_{step}") for step in range(1, CARRIED_MONTHS + 1)]
    carried_from = sa.case(*((month.c.headcount.is_not(None), month.c.month) for month in earlier))
    rows = sa.select(
        gap.c.enterprise_id,
        month_numbered(gap.c.number).label("month"),
        sa.func.coalesce(*(month.c.headcount for month in earlier)).label("headcount"),
        carried_from.label("carried_from"),
    ).select_from(gap)
    for month, origin in zip(earlier, origins, strict=True):
        rows = rows.join(month, sa.and_(month.c.enterprise_id == gap.c.enterprise_id, month.c.month == origin), isouter=True)
    return rows


def unknown_months(months: sa.Subquery) -> sa.CTE:
    """Return firms and numbers of unknown months: each row is followed by those up to the next one, and may be one itself."""
    number = month_number(months.c.month)
    row = (
        sa.select(
            months.c.enterprise_id,
            number.label("number"),
            months.c.headcount,
            sa.func.lead(number, 1, number + 1)
            .over(partition_by=months.c.enterprise_id, order_by=months.c.month)
            .label("next_number"),
        )
        .where(months.c.enterprise_id.in_(lacking(months)))
        .subquery("row")
    ).c
    first = sa.case((row.headcount.is_(None), row.number), else_=row.number + 1)
    gap = sa.select(row.enterprise_id, first.label("number"), row.next_number).where(first < row.next_number)
    run = gap.cte("gap", recursive=True)
    after = sa.select(run.c.enterprise_id, run.c.number + 1, run.c.next_number).where(run.c.number + 1 < run.c.next_number)
    return run.union_all(after)


def lacking(months: sa.Subquery) -> sa.Select[Any]:
    """Return the firms that have fewer headcounts than months: mostly few, and to count is cheaper than to look at each row."""
    first, last = (month_number(end(months.c.month)) for end in (sa.func.min, sa.func.max))
    is_lacking = sa.func.count(months.c.headcount) < last - first + 1
    return sa.select(months.c.enterprise_id).group_by(months.c.enterprise_id).having(is_lacking)


HEADCOUNT_GAP = Derived(
    table=HEADCOUNT_GAP_TABLE,
    sources=("enterprise_month",),
    by="enterprise_id",
    query=headcount_gaps,
)
