"""Reading the books for people: what became of each batch, what waits in the quarantine, how many rows are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.store import QUARANTINE, Ledger

MOST_HELD = 50


@dataclass(frozen=True)
class Counts:
    """How many rows of each table are known at a tick; the next count starts from it."""

    tick: int
    rows: Mapping[str, int]


def newest_batches(connection: sa.Connection, ledger: Ledger, sources: Iterable[str], each: int) -> list[dict[str, Any]]:
    """Return so many of the newest batches of each source, newest first. Grain: one row per batch."""
    books = ledger.batches
    found: list[dict[str, Any]] = []
    for source in sources:
        query = sa.select(books).where(books.c.source == source).order_by(books.c.id.desc()).limit(each)
        found += plain(connection, query)
    return sorted(found, key=lambda row: row["id"], reverse=True)


def held_batches(connection: sa.Connection, ledger: Ledger) -> list[dict[str, Any]]:
    """Return the batches that wait for a person, newest first; one whose rows are kept can be released."""
    books, held = ledger.batches, ledger.held
    is_kept = sa.exists().where(held.c.batch == books.c.id).label("can_be_released")
    return plain(
        connection, sa.select(books, is_kept).where(books.c.state == "held").order_by(books.c.id.desc()).limit(MOST_HELD)
    )


def batches_of_content(connection: sa.Connection, ledger: Ledger, source: str, content: str) -> list[dict[str, Any]]:
    """Return the batches of a source that brought this very content (a hash), newest first."""
    books = ledger.batches
    query = sa.select(books).where(books.c.source == source, books.c.content == content).order_by(books.c.id.desc())
    return plain(connection, query)


def batches_of_origin(connection: sa.Connection, ledger: Ledger, source: str, origin: str) -> list[dict[str, Any]]:
    """Return the batches that a source read from one file or address, newest first."""
    books = ledger.batches
    query = sa.select(books).where(books.c.source == source, books.c.origin == origin).order_by(books.c.id.desc())
    return plain(connection, query)


def intakes(connection: sa.Connection, ledger: Ledger, since: float) -> dict[str, tuple[int, int]]:
    """Return rows read and rows refused of each source, in the batches loaded since an instant (UTC s)."""
    books = ledger.batches
    counted = sa.and_(books.c.id >= first_since(connection, ledger, since), books.c.state == "loaded")
    query = sa.select(books.c.source, sa.func.sum(books.c.read_count), sa.func.sum(books.c.refused_count))
    return {
        source: (int(read), int(refused))
        for source, read, refused in connection.execute(query.where(counted).group_by(books.c.source))
    }


def first_since(connection: sa.Connection, ledger: Ledger, since: float) -> int:
    """Return the number of the first batch since an instant (UTC s), found by halves: batches are numbered in order of time."""
    books = ledger.batches.c
    low, high = connection.execute(
        sa.select(sa.func.coalesce(sa.func.min(books.id), 0), sa.func.coalesce(sa.func.max(books.id), 0))
    ).one()
    high += 1
    while low < high:
        middle = (low + high) // 2
        query = sa.select(books.id, books.finished_at).where(books.id >= middle).order_by(books.id).limit(1)
        found = connection.execute(query).first()
        if found is None or found.finished_at >= since:
            high = middle
        else:
            low = found.id + 1
    return int(low)


def refused_groups(connection: sa.Connection, ledger: Ledger) -> list[tuple[str, str, str, int]]:
    """Return source, table, reason and number of the refused rows, the most first."""
    table = ledger.tables[QUARANTINE.name]
    names = (table.c.source, table.c.into, table.c.reason)
    count = sa.func.count()
    query = sa.select(*names, count).where(table.c.known_to.is_(None)).group_by(*names).order_by(count.desc(), *names)
    return [(row[0], row[1], row[2], int(row[3])) for row in connection.execute(query)]


def refused_rows(
    connection: sa.Connection, ledger: Ledger, *, source: str, into: str, reason: str, limit: int
) -> list[dict[str, Any]]:
    """Return the newest refused rows of a group, as the quarantine keeps them; they may hold personal data."""
    table = ledger.tables[QUARANTINE.name]
    is_group = sa.and_(table.c.source == source, table.c.into == into, table.c.reason == reason, table.c.known_to.is_(None))
    query = sa.select(*(table.c[name] for name in QUARANTINE.names)).where(is_group)
    return plain(connection, query.order_by(table.c.id.desc()).limit(limit))


def row_counts(connection: sa.Connection, ledger: Ledger, names: Sequence[str], tick: int, before: Counts | None) -> Counts:
    """Count the rows of tables known at a tick; from an earlier count only what was opened and closed since is looked at."""
    if before is None or before.tick > tick or set(before.rows) != set(names):
        return Counts(tick, {name: count_of(connection, ledger.tables[name].c.known_to.is_(None)) for name in names})
    if before.tick == tick:
        return before
    return Counts(
        tick, {name: before.rows[name] + change(connection, ledger.tables[name], before.tick, tick) for name in names}
    )


def change(connection: sa.Connection, table: sa.Table, after: int, upto: int) -> int:
    """Return how many more rows are known at one tick than at another."""
    opened = sa.and_(table.c.known_from > after, table.c.known_from <= upto)
    stays = sa.or_(table.c.known_to.is_(None), table.c.known_to > upto)
    closed = sa.and_(table.c.known_to > after, table.c.known_to <= upto, table.c.known_from <= after)
    return count_of(connection, sa.and_(opened, stays)) - count_of(connection, closed)


def count_of(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Return how many rows are such."""
    return int(connection.scalars(sa.select(sa.func.count()).where(which)).one())


def plain(connection: sa.Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    """Run a query into records."""
    return [dict(row) for row in connection.execute(query).mappings()]
