"""`exposed_month`: the workers at risk in each town, industry and risk category, month by month, known and carried.

It stands between `insured_month` and `exposure`, for how far a month is carried is a matter of its whole town, while the days
of one month follow from that month alone: a corrected headcount moves the days of its month and not three years of its town.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derive.headcount_gap import CARRIED_MONTHS
from etl.derive.insured_month import STRATUM, STRATUM_NAMES
from etl.derived import Derived
from etl.months import month_number, month_numbered

EXPOSED_MONTH_TABLE = Table(
    name="exposed_month",
    title=Text("在险人数", "Workers at risk"),
    grain="one row per town, industry, risk category and month whose headcount is known or carried",
    key=(*STRATUM_NAMES, "month"),
    by=("town", "month"),
    town="town",
    pii=Pii.NONE,
    columns=(
        *STRATUM,
        Column("month", Kind.MONTH, Text("月份", "Month"), required=True),
        Column("headcount", Kind.INTEGER, Text("在险人数", "Workers, known and carried")),
        Column("is_carried", Kind.BOOLEAN, Text("含沿用", "Some of its workers, or its whole month, are carried")),
    ),
)


def exposed_months(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the months of each stratum that have a headcount, and those that the last one of its town is carried to.

    After a town's last known month the headcounts of its last month are carried for 2 months; later months, and those of no
    headcount, have no row, which is not a row of 0. An industry that has nobody in its town's last month has ended, and is
    not late.
    """
    insured = current["insured_month"]
    last = last_months(insured)
    told, town = insured.c, last.c
    stratum = [told[name] for name in STRATUM_NAMES]
    known = sa.select(*stratum, told.month, told.headcount, (told.carried_headcount > 0).label("is_carried"))
    carried = (
        sa.select(*stratum, month_numbered(town.number + step), told.headcount, sa.true())
        .join_from(insured, last, sa.and_(told.town == town.town, told.month == town.month))
        .where(told.headcount.is_not(None), town.number + step <= town.known_until + CARRIED_MONTHS)
        for step in range(1, CARRIED_MONTHS + 1)
    )
    row = sa.union_all(known.where(told.headcount.is_not(None)), *carried).subquery("exposed").c
    return sa.select(*(row[name] for name in EXPOSED_MONTH_TABLE.names))


def last_months(insured: sa.Subquery) -> sa.CTE:
    """Return for each town its last month that has a headcount, with its number, and the number of its last known one.

    A month is known when not all of its workers are carried: what is carried already is not carried on.
    """
    told = insured.c
    headcount, carried = sa.func.sum(told.headcount), sa.func.sum(told.carried_headcount)
    month = (
        sa.select(told.town, told.month, month_number(told.month).label("number"))
        .add_columns(sa.or_(headcount > carried, carried == 0).label("is_known"))
        .where(told.headcount.is_not(None))
        .group_by(told.town, told.month)
        .subquery("town_month")
    ).c
    known_until = sa.func.max(sa.case((month.is_known, month.number))).label("known_until")
    last = sa.func.max(month.month).label("month"), sa.func.max(month.number).label("number")
    return sa.select(month.town, *last, known_until).group_by(month.town).cte("last")


EXPOSED_MONTH = Derived(
    table=EXPOSED_MONTH_TABLE,
    sources=("insured_month",),
    by="town",
    query=exposed_months,
)
