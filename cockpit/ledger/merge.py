"""The one primitive that writes versioned rows.

Rows go to a stage whose primary key is the table's key, and every look-up runs from the stage to the
history, so that the cost follows what was touched and not what is stored.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.schema import CreateTable

from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table, listing, stage

Rows = pd.DataFrame | sa.Select[Any]

NOTHING = np.array(None, object)
"""What stands for a missing value in a row that goes to a driver."""


@dataclass(frozen=True)
class Delta:
    """What one merge changed: how many versions it opened and closed at its tick."""

    table: str
    tick: int
    opened_count: int
    closed_count: int

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return self.opened_count + self.closed_count > 0


def merge(
    connection: sa.Connection,
    ledger: Ledger,
    name: str,
    rows: Rows,
    *,
    tick: int,
    within: Rows | None = None,
    deleted: pd.DataFrame | None = None,
    stamps: Collection[str] = (),
) -> Delta:
    """Make `rows` the current rows of a table at `tick`, and close what they replace.

    `within` lists the keys or partitions, by columns of the table, that `rows` lists completely:
    current rows in them that `rows` does not name are closed. `deleted` lists keys, with their revisions, of rows that
    are gone: a deletion is kept as a version that was never current, so that an earlier revision that comes later
    does not bring the row back. Rows equal to the current ones write nothing, and neither do those that differ in
    nothing but `stamps`, columns that only say when or by what a row was made. In a
    table with revisions a row whose `rev` is below the newest known one is kept as a version that
    was never current.
    """
    table = ledger.declared[name]
    staged = stage(table)
    with temporary(connection, staged):
        fill(connection, staged, table.names, rows)
        merging = Merging(connection, table, ledger.tables[name], staged, tick, frozenset(stamps))
        if deleted is not None and len(deleted):
            merging.close_deleted(deleted)
        if within is not None:
            merging.close_vanished(within)
        merging.drop_unchanged()
        if table.is_revised:
            merging.keep_outdated()
        merging.close_replaced()
        merging.insert(sa.select(staged), known_to=None)
        return merging.delta()


@contextmanager
def temporary(connection: sa.Connection, table: sa.Table) -> Iterator[None]:
    """Let an empty temporary table exist inside the block; after an error it is as the transaction found it.

    It stays with the session: to make it anew and to drop it would cost more than all that a small batch does in it.
    """
    connection.exec_driver_sql(creation(table, connection.dialect.name))
    yield
    connection.execute(table.delete())


@cache
def creation(table: sa.Table, dialect: str) -> str:
    """Return the statement that makes a table where it is not there yet; SQLAlchemy would compile it every time."""
    return str(CreateTable(table, if_not_exists=True).compile(dialect=registry.load(dialect)()))


def fill(connection: sa.Connection, staged: sa.Table, names: Sequence[str], rows: Rows) -> None:
    """Put rows, a frame or a SELECT, into a temporary table."""
    if isinstance(rows, sa.Select):
        connection.execute(staged.insert().from_select(list(names), rows))
    elif len(rows):
        put = copy_rows if connection.dialect.name == "postgresql" else insert_rows
        put(connection, staged, names, rows)


def insert_rows(connection: sa.Connection, staged: sa.Table, names: Sequence[str], rows: pd.DataFrame) -> None:
    """Insert rows as the driver takes them: SQLAlchemy would build a dictionary a row, three times the cost of the insert."""
    insert = sa.insert(staged).values({name: sa.bindparam(name) for name in names}).compile(dialect=connection.dialect)
    connection.exec_driver_sql(str(insert), records(rows, insert.positiontup or list(names)))


def copy_rows(connection: sa.Connection, staged: sa.Table, names: Sequence[str], rows: pd.DataFrame) -> None:
    """Copy rows as PostgreSQL takes many at once. Raises: DBAPIError, as any other statement."""
    quote = connection.dialect.identifier_preparer.quote
    command = f"COPY {quote(staged.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for row in records(rows, names):
                copy.write_row(row)
    except psycopg.Error as error:
        raise sa.exc.DBAPIError.instance(
            command, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def records(frame: pd.DataFrame, names: Iterable[str]) -> list[tuple[Any, ...]]:
    """Return a frame as plain rows, every missing value as None."""
    columns = (frame[name].to_numpy(dtype=object) for name in names)
    return list(zip(*(np.where(pd.isna(values), NOTHING, values).tolist() for values in columns), strict=True))


@dataclass(frozen=True)
class Merging:
    """One merge under way: the declared table, its history, and the stage that holds the rows."""

    connection: sa.Connection
    table: Table
    history: sa.Table
    staged: sa.Table
    tick: int
    stamps: frozenset[str]

    def same_key(self, left: sa.FromClause, right: sa.FromClause) -> sa.ColumnElement[bool]:
        """Return the condition that two rows share the declared key."""
        return sa.and_(*(left.c[k] == right.c[k] for k in self.table.key))

    def same_row(self) -> sa.ColumnElement[bool]:
        """Return the condition that a version and a staged row agree in every declared column but the stamps."""
        rest = [name for name in self.table.names if name not in self.table.key and name not in self.stamps]
        equal = [self.history.c[name].is_not_distinct_from(self.staged.c[name]) for name in rest]
        return sa.and_(self.same_key(self.history, self.staged), *equal)

    @property
    def is_current(self) -> sa.ColumnElement[bool]:
        """The condition that a version is known now."""
        return self.history.c.known_to.is_(None)

    def close_vanished(self, within: Rows) -> None:
        """Close the current rows of the listed keys or partitions that the stage does not name."""
        names = tuple(within.selected_columns.keys()) if isinstance(within, sa.Select) else tuple(within.columns)
        listed = listing("within", self.table, names)
        with temporary(self.connection, listed):
            fill(self.connection, listed, names, within)
            old = self.history.alias("old")
            named = sa.exists().where(self.same_key(self.staged, old))
            columns = [old.c[name] for name in names]
            place = sa.tuple_(*columns) if len(columns) > 1 else columns[0]
            vanished = sa.select(old.c.id).where(place.in_(sa.select(listed)), old.c.known_to.is_(None), ~named)
            self.close(vanished)

    def close_deleted(self, deleted: pd.DataFrame) -> None:
        """Close the current rows that a deletion of the same or a later revision names, and keep the deletion."""
        names = [*self.table.key, "rev"] if self.table.is_revised else [*self.table.key]
        listed = listing("gone", self.table, tuple(names))
        with temporary(self.connection, listed):
            fill(self.connection, listed, names, deleted[names])
            old = self.history.alias("old")
            is_later = old.c.rev <= listed.c.rev if self.table.is_revised else sa.true()
            found = sa.select(old.c.id).where(self.same_key(old, listed), old.c.known_to.is_(None), is_later)
            self.close(sa.select(found.scalar_subquery()).select_from(listed))
            if self.table.is_revised:
                kept = sa.exists().where(self.same_key(self.history, listed), self.history.c.rev >= listed.c.rev)
                self.insert(sa.select(listed).where(~kept), known_to=self.tick, names=tuple(names))

    def drop_unchanged(self) -> None:
        """Take from the stage what the current rows say already."""
        self.connection.execute(self.staged.delete().where(sa.exists().where(self.same_row(), self.is_current)))

    def keep_outdated(self) -> None:
        """Move staged rows older than the newest revision into the history, each version once."""
        other = self.staged.alias("other")
        is_newer = self.history.c.rev > self.staged.c.rev  # a current version, or a deletion
        newer_known = sa.exists().where(self.same_key(self.history, self.staged), is_newer)
        newest = sa.select(sa.func.max(other.c.rev)).where(self.same_key(other, self.staged)).scalar_subquery()
        outdated = sa.or_(newer_known, self.staged.c.rev < newest)
        if self.connection.scalars(sa.select(sa.true()).select_from(self.staged).where(outdated).limit(1)).first() is None:
            return  # as nearly always: one pass over the stage instead of two
        kept = sa.exists().where(self.same_row())
        self.insert(sa.select(self.staged).where(outdated, ~kept), known_to=self.tick)
        self.connection.execute(self.staged.delete().where(outdated))

    def close_replaced(self) -> None:
        """Close the current rows that the stage replaces; one look-up a staged row, never a walk of the history."""
        old = self.history.alias("old")
        found = sa.select(old.c.id).where(self.same_key(old, self.staged), old.c.known_to.is_(None))
        self.close(sa.select(found.scalar_subquery()).select_from(self.staged))

    def close(self, ids: sa.Select[tuple[int]]) -> None:
        """End the versions with these ids at this tick."""
        self.connection.execute(self.history.update().where(self.history.c.id.in_(ids)).values(known_to=self.tick))

    def insert(self, rows: sa.Select[Any], known_to: int | None, names: Sequence[str] = ()) -> None:
        """Append rows to the history as versions opened at this tick."""
        listed, names = rows.subquery(), names or self.table.names
        known = [sa.literal(self.tick, sa.BigInteger), sa.literal(known_to, sa.BigInteger)]
        chosen = sa.select(*(listed.c[name] for name in names), *known)
        self.connection.execute(self.history.insert().from_select([*names, "known_from", "known_to"], chosen))

    def delta(self) -> Delta:
        """Count what this tick opened and closed; drivers' row counts are not to be trusted for INSERT … SELECT."""
        c, tick = self.history.c, self.tick
        opened = sa.select(sa.func.count()).where(c.known_from == tick)
        closed = sa.select(sa.func.count()).where(c.known_to == tick, c.known_from < tick)
        scalars = self.connection.scalars
        return Delta(self.table.name, tick, scalars(opened).one(), scalars(closed).one())
