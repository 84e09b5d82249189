"""`exposure`: the person-years 人年 at risk in each town, day by day."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text
from etl.derive.headcount_gap import CARRIED_MONTHS
from etl.derived import Derived
from etl.months import first_day, month_number

MONTHS_A_YEAR = 12

EXPOSURE_TABLE = Table(
    name="exposure",
    title=Text("人年", "Person-years"),
    grain="one row per town and local day whose headcount is known or carried",
    key=("town", "day_on"),
    by=("town",),
    town="town",
    pii=Pii.NONE,
    columns=(
        Column("town", Kind.TOWN, Text("生产乡镇", "Town of the production site"), required=True),
        Column("day_on", Kind.DAY, Text("日期", "Local day"), required=True),
        Column("person_years", Kind.REAL, Text("人年", "Workers of the month / 12 / days of the month")),
        Column("is_carried", Kind.BOOLEAN, Text("含沿用", "Some of its workers, or its whole month, are carried")),
    ),
)


def exposures(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive one row per town and day: person-years are the sum of monthly headcounts / 12 (section 2.8), by day.

    After a town's last known month its headcount is carried for 2 months; later days, and months of no headcount, have no
    row, which is not a row of 0. Months are told to their end, and so into the future.
    """
    row = days_of(months_of(current["insured_month"])).c
    a_day = row.headcount.cast(sa.Double) / (MONTHS_A_YEAR * row.day_count)
    return sa.select(row.town, row.day_on, a_day.label("person_years"), row.is_carried)


def months_of(insured: sa.Subquery) -> sa.Subquery:
    """Return the months of each town that have a headcount, and those that the last of them is carried to."""
    told = told_months(insured)
    month = told.c
    carried = (
        sa.select(month.town, month.number + step, month.headcount, sa.true()).where(
            month.number == month.last_number, month.number + step <= month.known_until + CARRIED_MONTHS
        )
        for step in range(1, CARRIED_MONTHS + 1)
    )
    return sa.union_all(sa.select(month.town, month.number, month.headcount, month.is_carried), *carried).subquery("month")


def told_months(insured: sa.Subquery) -> sa.CTE:
    """Return the months of each town that have a headcount, with the number of its last one, and of the last known one.

    A month is known when not all of its workers are carried: what is carried already is not carried on.
    """
    month, number = insured.c, month_number(insured.c.month)
    is_known = sa.or_(month.headcount > month.carried_headcount, month.carried_headcount == 0)
    columns = {
        "number": number,
        "is_carried": month.carried_headcount > 0,
        "last_number": sa.func.max(number).over(partition_by=month.town),
        "known_until": sa.func.max(sa.case((is_known, number))).over(partition_by=month.town),
    }
    named = (column.label(name) for name, column in columns.items())
    return sa.select(month.town, month.headcount, *named).where(month.headcount.is_not(None)).cte("told")


def days_of(months: sa.Subquery) -> sa.CTE:
    """Return each month once for each of its days; every store counts them alike."""
    month = months.c
    begin_on, end_on = first_day(month.number), first_day(month.number + 1)
    of_month = (month.town, month.headcount, month.is_carried, (end_on - begin_on).label("day_count"))
    day = sa.select(*of_month, begin_on.label("day_on"), end_on.label("end_on")).cte("day", recursive=True)
    row = day.c
    after = sa.select(row.town, row.headcount, row.is_carried, row.day_count, row.day_on + 1, row.end_on)
    return day.union_all(after.where(row.day_on + 1 < row.end_on))


EXPOSURE = Derived(
    table=EXPOSURE_TABLE,
    sources=("insured_month",),
    by="town",
    query=exposures,
)
