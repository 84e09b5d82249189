"""`exposure`: the person-years 人年 at risk in each town, industry and risk category, day by day."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derive.insured_month import STRATUM, STRATUM_NAMES
from etl.derived import Derived
from etl.months import first_day, month_number

MONTHS_A_YEAR = 12

EXPOSURE_TABLE = Table(
    name="exposure",
    title=Text("人年", "Person-years"),
    grain="one row per town, industry, risk category and local day whose headcount is known or carried",
    key=(*STRATUM_NAMES, "day_on"),
    by=("month",),
    town="town",
    pii=Pii.NONE,
    columns=(
        *STRATUM,
        Column("day_on", Kind.DAY, Text("日期", "Local day"), required=True),
        Column("month", Kind.MONTH, Text("月份", "Month of the day"), required=True),
        Column("person_years", Kind.REAL, Text("人年", "Workers of the month / 12 / days of the month")),
        Column("is_carried", Kind.BOOLEAN, Text("含沿用", "Some of its workers, or its whole month, are carried")),
    ),
)


def exposures(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per stratum and day: person-years are the sum of monthly headcounts / 12 (section 2.8), by day.

    Months are told to their end, and so into the future.
    """
    told, day = current["exposed_month"].c, days_of(current["exposed_month"]).c
    a_day = told.headcount.cast(sa.Double) / (MONTHS_A_YEAR * day.day_count)
    stratum = (told[name] for name in STRATUM_NAMES)
    return sa.select(*stratum, day.day_on, told.month, a_day.label("person_years"), told.is_carried).where(
        told.month == day.month
    )


def days_of(months: sa.Subquery) -> sa.CTE:
    """Return every day of the months, with the count of its month's days; every store counts them alike."""
    month = sa.select(months.c.month, month_number(months.c.month).label("number")).distinct().subquery("number").c
    begin_on, end_on = first_day(month.number), first_day(month.number + 1)
    first = sa.select(month.month, (end_on - begin_on).label("day_count"), begin_on.label("day_on"), end_on.label("end_on"))
    day = first.cte("day", recursive=True)
    row = day.c
    after = sa.select(row.month, row.day_count, row.day_on + 1, row.end_on)
    return day.union_all(after.where(row.day_on + 1 < row.end_on))


EXPOSURE = Derived(
    table=EXPOSURE_TABLE,
    sources=("exposed_month",),
    by="month",
    query=exposures,
)
