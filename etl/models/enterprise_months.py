"""Headcounts and premiums of enterprises as matrices: a row for each firm, a column for each calendar month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.ledger.store import Ledger
from cockpit.statistics import Numbers
from cockpit.window import EPOCH, number
from etl.derive.headcount_gap import CARRIED_MONTHS

UNTOLD = -1
"""How a month tells that it does not know: headcounts and premiums due are never below 0."""

FIELDS = 3
"""Month, headcount, premium due."""

MONTHS_A_YEAR = 12
FEN_A_YUAN = 100


@dataclass(frozen=True)
class FirmMonths:
    """Headcounts, and premiums due (fen), of firms by month, NaN where neither known nor carried.

    `first` is the month of the first column, as months since the year 0; `is_carried` says where a headcount is carried.
    """

    first: int
    headcount: Numbers
    is_carried: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    premium_fen: Numbers

    def columns(self, begin: int, end: int) -> slice:
        """Return the columns of the months from `begin` to `end`, both included."""
        return slice(begin - self.first, end + 1 - self.first)


def month_of_day(day_on: int) -> int:
    """Return the month of a day (since 1970), as months since the year 0."""
    day = date.fromordinal(EPOCH.toordinal() + day_on)
    return day.year * MONTHS_A_YEAR + day.month


def first_day_of(month: int) -> int:
    """Return the first day (since 1970) of a month."""
    return number(date((month - 1) // MONTHS_A_YEAR, (month - 1) % MONTHS_A_YEAR + 1, 1))


def label(month: int) -> str:
    """Return a month as the contracts write it: 2026-04."""
    return f"{(month - 1) // MONTHS_A_YEAR:04}-{(month - 1) % MONTHS_A_YEAR + 1:02}"


def read_months(connection: sa.Connection, ledger: Ledger, firms: pd.Index, first: int, last: int) -> FirmMonths:
    """Read the months from `first` to `last`; an unknown one carries the newest known of the two before it."""
    begin = first - CARRIED_MONTHS
    month, firm, headcount, premium = told_months(connection, ledger, firms, begin, last)
    shape = (len(firms), last + 1 - begin)
    known, due = np.full(shape, np.nan), np.full(shape, np.nan)
    known[firm, month - begin], due[firm, month - begin] = headcount, premium
    carried = carry(known)
    return FirmMonths(
        first=first,
        headcount=carried[:, CARRIED_MONTHS:],
        is_carried=(np.isnan(known) & ~np.isnan(carried))[:, CARRIED_MONTHS:],
        premium_fen=carry(due)[:, CARRIED_MONTHS:],
    )


def carry(values: Numbers) -> Numbers:
    """Return a matrix in which an unknown month repeats the newest known of the two before it."""
    found = values.copy()
    for step in range(1, CARRIED_MONTHS + 1):
        later = found[:, step:]
        np.copyto(later, values[:, :-step], where=np.isnan(later))
    return found


def told_months(
    connection: sa.Connection, ledger: Ledger, firms: pd.Index, first: int, last: int
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return month, place of the firm, headcount and premium (fen) of each told month of the firms listed.

    The store gives one text a firm, so that half a million months are never half a million rows of objects.
    """
    row = ledger.tables["enterprise_month"].c
    cells = [
        sa.func.replace(row.month, "-", ""),
        *(sa.func.coalesce(one, UNTOLD) for one in (row.headcount, row.premium_due_fen)),
    ]
    written = [cell.cast(sa.Text) for cell in cells]
    text = sa.func.aggregate_strings(written[0] + "," + written[1] + "," + written[2], ",")
    query = sa.select(row.enterprise_id, sa.func.count(), text).group_by(row.enterprise_id)
    told = connection.execute(query.where(row.known_to.is_(None), row.month >= label(first), row.month <= label(last))).all()
    months = parsed([text for _, _, text in told])
    places = firms.get_indexer(pd.Index([firm for firm, _, _ in told], dtype=object))
    place = np.repeat(places, [count for _, count, _ in told])
    year_month, headcount, premium = months[place >= 0].T
    month = (year_month // 100 * MONTHS_A_YEAR + year_month % 100).astype(np.int64)
    return month, place[place >= 0], *(np.where(one == UNTOLD, np.nan, one) for one in (headcount, premium))


def parsed(texts: Sequence[str]) -> Numbers:
    """Return numbers written with commas between them, as rows of month, headcount and premium."""
    return np.fromstring(",".join(texts), np.float64, sep=",").reshape(-1, FIELDS)
