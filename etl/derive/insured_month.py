"""`insured_month`: how many workers are insured in each town, month by month."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from etl.derived import Derived, Lookup

INSURED_MONTH_TABLE = Table(
    name="insured_month",
    title=Text("参保人数", "Insured workers"),
    grain="one row per town and month of which somebody told something",
    key=("town", "month"),
    by=("month", "town"),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("town", Kind.TOWN, Text("生产乡镇", "Town of the production site"), required=True),
        Column("month", Kind.MONTH, Text("月份", "Month"), required=True),
        Column("headcount", Kind.INTEGER, Text("参保人数", "Insured, known and carried; none: of no firm")),
        Column("carried_headcount", Kind.INTEGER, Text("其中沿用人数", "Of these, carried from an earlier month")),
        Column("firm_count", Kind.INTEGER, Text("企业数", "Firms whose headcount is known or carried")),
        Column("unknown_firm_count", Kind.INTEGER, Text("人数不明企业数", "Firms whose headcount is neither")),
    ),
)

COUNTS = INSURED_MONTH_TABLE.names[2:]


def insured_months(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per town and month: a firm's workers belong to the town of its production site, as it is known now.

    A firm that has no row in a month, nor in one after it, adds nothing there, neither workers nor an unknown firm: that a
    month is told in part is seen by fewer firms than the month before.
    """
    towns, gaps = current["enterprise_town"], current["headcount_gap"]
    told = current["enterprise_month"]
    known = sa.select(told).where(told.c.headcount.is_not(None)).subquery("known_month")
    parts = sa.union_all(counted(known, towns, is_carried=False), counted(gaps, towns, is_carried=True)).subquery("part")
    sums = (sa.func.sum(parts.c[name]).cast(sa.BigInteger).label(name) for name in COUNTS)
    return sa.select(parts.c.town, parts.c.month, *sums).group_by(parts.c.town, parts.c.month)


def counted(months: sa.Subquery, towns: sa.Subquery, *, is_carried: bool) -> sa.Select[Any]:
    """Return what months of firms, known or carried, add to each town and month."""
    town = sa.func.coalesce(towns.c.town, UNKNOWN_TOWN).label("town")
    headcount, firm_count = sa.func.sum(months.c.headcount), sa.func.count(months.c.headcount)
    carried = sa.func.coalesce(headcount, 0) if is_carried else sa.literal(0)
    counts = dict(zip(COUNTS, (headcount, carried, firm_count, sa.func.count() - firm_count), strict=True))
    return (
        sa.select(town, months.c.month, *(count.label(name) for name, count in counts.items()))
        .join_from(months, towns, towns.c.enterprise_id == months.c.enterprise_id, isouter=True)
        .group_by(town, months.c.month)
    )


INSURED_MONTH = Derived(
    table=INSURED_MONTH_TABLE,
    sources=("enterprise_month", "headcount_gap"),
    by="month",
    query=insured_months,
    lookups=(
        Lookup("enterprise_town", "enterprise_month", "enterprise_id"),
        Lookup("enterprise_town", "headcount_gap", "enterprise_id"),
    ),
)
