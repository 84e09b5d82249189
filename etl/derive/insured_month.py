"""`insured_month`: how many workers are insured in each town, industry and risk category, month by month."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.industries import UNKNOWN_CODE
from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derived import Derived, Lookup

STRATUM = (
    Column("town", Kind.TOWN, Text("生产乡镇", "Town of the production site"), required=True),
    Column("division", Kind.TEXT, Text("行业大类", "Industry, two digits of GB/T 4754-2017; ?: not known"), required=True),
    Column("risk_cat", Kind.TEXT, Text("风险类别", "Risk category, 1 to 8; ?: not known"), required=True),
)
"""What workers are counted by."""

STRATUM_NAMES = tuple(column.name for column in STRATUM)

INSURED_MONTH_TABLE = Table(
    name="insured_month",
    title=Text("参保人数", "Insured workers"),
    grain="one row per town, industry, risk category and month of which somebody told something",
    key=(*STRATUM_NAMES, "month"),
    by=("month", "town"),
    town="town",
    pii=Pii.NONE,
    columns=(
        *STRATUM,
        Column("month", Kind.MONTH, Text("月份", "Month"), required=True),
        Column("headcount", Kind.INTEGER, Text("参保人数", "Insured, known and carried; none: of no firm")),
        Column("carried_headcount", Kind.INTEGER, Text("其中沿用人数", "Of these, carried from an earlier month")),
        Column("firm_count", Kind.INTEGER, Text("企业数", "Firms whose headcount is known or carried")),
        Column("unknown_firm_count", Kind.INTEGER, Text("人数不明企业数", "Firms whose headcount is neither")),
    ),
)

COUNTS = INSURED_MONTH_TABLE.names[len(INSURED_MONTH_TABLE.key) :]


def insured_months(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per stratum and month: a firm's workers belong to the stratum that is known of it now.

    A firm that has no row in a month, nor in one after it, adds nothing there, neither workers nor an unknown firm: that a
    month is told in part is seen by fewer firms than the month before.
    """
    strata, gaps = current["enterprise_stratum"], current["headcount_gap"]
    told = current["enterprise_month"]
    known = sa.select(told).where(told.c.headcount.is_not(None)).subquery("known_month")
    parts = sa.union_all(counted(known, strata, is_carried=False), counted(gaps, strata, is_carried=True)).subquery("part")
    place = [parts.c[name] for name in INSURED_MONTH_TABLE.key]
    sums = (sa.func.sum(parts.c[name]).cast(sa.BigInteger).label(name) for name in COUNTS)
    return sa.select(*place, *sums).group_by(*place)


def counted(months: sa.Subquery, strata: sa.Subquery, *, is_carried: bool) -> sa.Select[Any]:
    """Return what months of firms, known or carried, add to each stratum and month."""
    stratum = [sa.func.coalesce(strata.c[name], UNKNOWN_CODE).label(name) for name in STRATUM_NAMES]
    headcount, firm_count = sa.func.sum(months.c.headcount), sa.func.count(months.c.headcount)
    carried = sa.func.coalesce(headcount, 0) if is_carried else sa.literal(0)
    counts = dict(zip(COUNTS, (headcount, carried, firm_count, sa.func.count() - firm_count), strict=True))
    return (
        sa.select(*stratum, months.c.month, *(count.label(name) for name, count in counts.items()))
        .join_from(months, strata, strata.c.enterprise_id == months.c.enterprise_id, isouter=True)
        .group_by(*stratum, months.c.month)
    )


INSURED_MONTH = Derived(
    table=INSURED_MONTH_TABLE,
    sources=("enterprise_month", "headcount_gap"),
    by="month",
    query=insured_months,
    lookups=(
        Lookup("enterprise_stratum", "enterprise_month", "enterprise_id"),
        Lookup("enterprise_stratum", "headcount_gap", "enterprise_id"),
    ),
)
