"""Calendar months in portable SQL: whole numbers only, since every store has functions of its own for dates."""

from typing import Any

import sqlalchemy as sa

DAY_S = 86_400
DAYS_TO_EPOCH = 719_468
"""From 0000-03-01, where the arithmetic begins so that leap days come last, to 1970-01-01."""

DAYS_IN_400_YEARS, DAYS_IN_100_YEARS, DAYS_IN_4_YEARS = 146_097, 36_524, 1_460
DAYS_IN_5_MONTHS = 153
"""From March on, any five months in a row but the last have so many days."""

Value = sa.ColumnElement[Any]


def month_of(local: Value) -> Value:
    """Return the month of a wall-clock second, as text: 2026-04.

    Source: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    """
    days = local // DAY_S + DAYS_TO_EPOCH
    era_day = days % DAYS_IN_400_YEARS
    leaps = era_day // DAYS_IN_4_YEARS - era_day // DAYS_IN_100_YEARS + era_day // (DAYS_IN_400_YEARS - 1)
    era_year = (era_day - leaps) // 365
    year_day = era_day - (365 * era_year + era_year // 4 - era_year // 100)
    from_march = (5 * year_day + 2) // DAYS_IN_5_MONTHS
    number = sa.case((from_march < 10, from_march + 3), else_=from_march - 9)
    year = days // DAYS_IN_400_YEARS * 400 + era_year + sa.case((from_march >= 10, 1), else_=0)
    return written(year, number)


def written(year: Value, number: Value) -> Value:
    """Return a year and the number of a month in it as text: 2026-04."""
    return year.cast(sa.Text) + sa.case((number < 10, "-0"), else_="-") + number.cast(sa.Text)


def month_number(month: Value) -> Value:
    """Return a month, written 2026-04, as months since the year 0, so that neighbours differ by one."""
    year, number = sa.func.substr(month, 1, 4), sa.func.substr(month, 6, 2)
    return year.cast(sa.BigInteger) * 12 + number.cast(sa.BigInteger)


def month_numbered(number: Value) -> Value:
    """Return the month that `month_number` numbers so, as text: 2026-04."""
    year = (number - 1) // 12
    return written(year, number - 12 * year)


def first_day(number: Value) -> Value:
    """Return the first day of a month, given as months since the year 0, as days since 1970-01-01.

    Source: as `month_of`, `days_from_civil`.
    """
    from_march = number - 3
    year, month = from_march // 12, from_march % 12
    leaps = year // 4 - year // 100 + year // 400
    return 365 * year + leaps + (DAYS_IN_5_MONTHS * month + 2) // 5 - DAYS_TO_EPOCH
