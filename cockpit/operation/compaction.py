"""Making a store smaller: which ticks stay, and which versions no tick that stays can see.

Ticks go first, then the versions that none of the rest can see, in small transactions. So the picture of every tick that
is in the store is whole at every moment, whenever the process dies, and running again goes on where it ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from cockpit.failpoint import failpoint
from cockpit.ledger.read import tick_at
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table

ROWS_A_TRANSACTION = 2_000
"""Rows that one transaction removes: some 50 ms of lock, and whoever wants to write waits no longer."""


@dataclass(frozen=True)
class Plan:
    """Which ticks go: those before the local day `whole_from` that are neither signed nor the last of their day."""

    whole_from: date | None
    removed: tuple[int, ...]
    kept_count: int


@dataclass(frozen=True)
class Removed:
    """What a compaction removed, or would remove: ticks, and versions by table."""

    plan: Plan
    versions: Mapping[str, int]


def planned(ledger: Ledger, zone: ZoneInfo, keep_days: int) -> Plan:
    """Choose the ticks that go; days are the site's local days, counted back from its newest tick."""
    with ledger.reading() as connection:
        newest = tick_at(connection, ledger)
        ticks = ledger.ticks
        listed = connection.execute(sa.select(ticks.c.number, ticks.c.as_of, ticks.c.is_signed).order_by(ticks.c.number)).all()
    if not listed:
        return Plan(None, (), 0)
    whole_from = local_day(newest.as_of, zone) - timedelta(days=keep_days)
    removed: list[int] = []
    for day, of_day in groupby(listed, key=lambda tick: local_day(tick.as_of, zone)):
        *earlier, _last = of_day
        if day < whole_from:
            removed += [tick.number for tick in earlier if not tick.is_signed]
    return Plan(whole_from, tuple(removed), len(listed) - len(removed))


def local_day(instant: int, zone: ZoneInfo) -> date:
    """Return the local day of an instant (UTC s)."""
    return datetime.fromtimestamp(instant, UTC).astimezone(zone).date()


def compact(ledger: Ledger, plan: Plan, *, at_once: int = ROWS_A_TRANSACTION) -> Removed:
    """Remove the planned ticks, and then every version that no tick in the store can see, so many rows at once."""
    ticks, removed = ledger.ticks, list(plan.removed)
    for begin in range(0, len(removed), at_once):
        with ledger.writing() as connection:
            connection.execute(ticks.delete().where(ticks.c.number.in_(removed[begin : begin + at_once])))
        failpoint("forgotten")
    return Removed(plan, {name: remove_unseen(ledger, name, at_once) for name in ledger.declared})


def foreseen(ledger: Ledger, plan: Plan) -> Removed:
    """Count what `compact` would remove; nothing is written and nobody waits."""
    with ledger.reading() as connection:
        numbers = connection.scalars(sa.select(ledger.ticks.c.number).order_by(ledger.ticks.c.number)).all()
        kept = np.setdiff1d(np.array(numbers, np.int64), np.array(plan.removed, np.int64))
        return Removed(plan, {name: unseen_count(connection, ledger, name, kept) for name in ledger.declared})


def unseen_count(connection: sa.Connection, ledger: Ledger, name: str, kept: npt.NDArray[np.int64]) -> int:
    """Count the versions of one table that none of the kept ticks can see."""
    c, count = ledger.tables[name].c, 0
    found = sa.select(c.known_from, c.known_to).where(is_dispensable(ledger, name))
    for rows in connection.execution_options(yield_per=ROWS_A_TRANSACTION).execute(found).partitions():
        known = np.array([tuple(row) for row in rows], np.int64)
        begin, end = np.searchsorted(kept, known[:, 0]), np.searchsorted(kept, known[:, 1])
        count += int(np.count_nonzero(begin == end))
    return count


def remove_unseen(ledger: Ledger, name: str, at_once: int) -> int:
    """Remove the versions of one table that no tick in the store can see, and return how many there were."""
    history, ticks, removed, upto = ledger.tables[name], ledger.ticks, 0, 0
    is_seen = sa.exists().where(ticks.c.number >= history.c.known_from, ticks.c.number < history.c.known_to)
    found = sa.select(history.c.id).where(is_dispensable(ledger, name), ~is_seen).order_by(history.c.id)
    while True:
        with ledger.reading() as connection:
            ids = connection.scalars(found.where(history.c.id > upto).limit(at_once)).all()
        if not ids:
            return removed
        with ledger.writing() as connection:
            connection.execute(history.delete().where(history.c.id.in_(ids)))
        failpoint("compacted")
        removed, upto = removed + len(ids), ids[-1]


def is_dispensable(ledger: Ledger, name: str) -> sa.ColumnElement[bool]:
    """Return the condition that a version may go once no tick sees it: it is over, and no merge will ask for it.

    A merge asks for the highest revision of a key, whether it was ever current or not: without it an old revision that
    comes late would bring back a row that is gone. The last version of a table stays, for its id must not be given again.
    """
    history, table = ledger.tables[name], ledger.declared[name]
    last = sa.select(sa.func.max(history.alias("last").c.id)).scalar_subquery()
    is_over = sa.and_(history.c.known_to.is_not(None), history.c.id < last)
    return sa.and_(is_over, has_later(history, table)) if table.is_revised else is_over


def has_later(history: sa.Table, table: Table) -> sa.ColumnElement[bool]:
    """Return the condition that a version is not the last of the highest revision of its key."""
    c, other = history.c, history.alias("other")
    same_key = sa.and_(*(other.c[name] == c[name] for name in table.key))
    is_later = sa.or_(other.c.rev > c.rev, sa.and_(other.c.rev == c.rev, other.c.id > c.id))
    return sa.exists().where(same_key, is_later)
