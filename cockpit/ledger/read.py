"""Reading the ledger: what was known, as of any tick, within a scope."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cockpit.errors import ScopeError, UnknownName
from cockpit.ledger.store import Ledger
from cockpit.scope import Scope


@dataclass(frozen=True)
class Tick:
    """One committed state of knowledge. `as_of` and `committed_at` are UTC seconds."""

    number: int
    as_of: int
    committed_at: float
    cause: str


CLOCK = "clock"
"""The cause of a tick that only says that time has passed."""

NO_TICK = Tick(0, 0, 0.0, "nothing is known yet")


@dataclass(frozen=True)
class SourceState:
    """What became of the last read of a source; instants are UTC seconds."""

    key: str
    checked_at: float
    loaded_at: float | None
    observed_at: int | None
    cursor: dict[str, Any]
    state: str
    message: str


def newest_tick_number(connection: sa.Connection, ledger: Ledger) -> int:
    """Return the newest tick's number, 0 when nothing was ever committed."""
    return int(connection.scalars(sa.select(sa.func.coalesce(sa.func.max(ledger.ticks.c.number), 0))).one())


def tick_at(connection: sa.Connection, ledger: Ledger, *, number: int | None = None, as_of: int | None = None) -> Tick:
    """Return the tick of a number, the last one at an instant (UTC s), or the newest.

    Raises: UnknownName when there is no such tick.
    """
    ticks = ledger.ticks
    query = sa.select(ticks).order_by(ticks.c.number.desc()).limit(1)
    if number is not None:
        query = query.where(ticks.c.number == number)
    if as_of is not None:
        query = query.where(ticks.c.as_of <= as_of)
    row = connection.execute(query).first()
    if row is None and number is None and as_of is None:
        return NO_TICK
    if row is None:
        raise UnknownName(
            f"nothing is known as of {number if number is not None else as_of}: no tick is that old, or so numbered"
        )
    return Tick(row.number, row.as_of, row.committed_at, row.cause)


def first_tick(connection: sa.Connection, ledger: Ledger) -> Tick | None:
    """Return the oldest tick that is in the store, if anything was ever committed."""
    row = connection.execute(sa.select(ledger.ticks).order_by(ledger.ticks.c.number).limit(1)).first()
    return None if row is None else Tick(row.number, row.as_of, row.committed_at, row.cause)


def as_of_each(connection: sa.Connection, ledger: Ledger, begin: int, end: int) -> list[int]:
    """Return the instants (UTC s) of the ticks in [begin, end) that something was told in, and not only time passed."""
    ticks = ledger.ticks.c
    before = sa.select(sa.func.coalesce(sa.func.max(ticks.number), 0)).where(ticks.as_of < begin).scalar_subquery()
    told = sa.and_(ticks.number > before, ticks.as_of >= begin, ticks.as_of < end, ticks.cause != CLOCK)
    return list(connection.scalars(sa.select(ticks.as_of).where(told).order_by(ticks.number)))


def has_tick(connection: sa.Connection, ledger: Ledger, number: int) -> bool:
    """Whether a tick is in the store; a compaction removes old ones, and what only they could see."""
    return connection.scalars(sa.select(ledger.ticks.c.number).where(ledger.ticks.c.number == number)).first() is not None


def source_states(connection: sa.Connection, ledger: Ledger) -> dict[str, SourceState]:
    """Return the state of every source that was ever tried, by its key."""
    rows = connection.execute(sa.select(ledger.sources)).all()
    return {
        r.key: SourceState(r.key, r.checked_at, r.loaded_at, r.observed_at, json.loads(r.cursor), r.state, r.message)
        for r in rows
    }


def rows_known(
    connection: sa.Connection,
    ledger: Ledger,
    name: str,
    scope: Scope,
    *,
    at: int | None = None,
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the rows of a table known at a tick (default: now), with `id`, ordered by it.

    Raises: ScopeError when the table has no town to filter by and the scope is not the city.
    """
    table = ledger.tables[name]
    names = columns or ledger.declared[name].names
    query = sa.select(table.c.id, *(table.c[c] for c in names)).where(visible(ledger, name, scope), known(table, at))
    return frame(connection, query.order_by(table.c.id))


def rows_opened(connection: sa.Connection, ledger: Ledger, name: str, scope: Scope, *, after: int, upto: int) -> pd.DataFrame:
    """Return the versions opened by the ticks in (after, upto] that are still known at `upto`.

    Raises: ScopeError as `rows_known`.
    """
    table = ledger.tables[name]
    opened = sa.and_(table.c.known_from > after, table.c.known_from <= upto, known(table, upto))
    query = sa.select(table.c.id, *(table.c[c] for c in ledger.declared[name].names))
    return frame(connection, query.where(visible(ledger, name, scope), opened).order_by(table.c.id))


def ids_closed(connection: sa.Connection, ledger: Ledger, name: str, *, after: int, upto: int) -> list[int]:
    """Return the versions known at tick `after` that were closed by tick `upto`."""
    table = ledger.tables[name]
    closed = sa.and_(table.c.known_to > after, table.c.known_to <= upto, table.c.known_from <= after)
    return list(connection.scalars(sa.select(table.c.id).where(closed).order_by(table.c.id)))


def known(table: sa.Table, at: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that a version was known at a tick, or is known now."""
    if at is None:
        return table.c.known_to.is_(None)
    return sa.and_(table.c.known_from <= at, sa.or_(table.c.known_to.is_(None), table.c.known_to > at))


def visible(ledger: Ledger, name: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a scope may see a row."""
    table = ledger.declared[name]
    if scope.towns is None:
        return sa.true()
    if table.is_city_wide:
        raise ScopeError(f"{name} names no town, so only the whole city may read it")
    return sa.true() if table.town is None else ledger.tables[name].c[table.town].in_(scope.towns)


def frame(connection: sa.Connection, query: sa.Select[Any]) -> pd.DataFrame:
    """Run a query into a frame of Python objects; nothing is guessed about types."""
    result = connection.execute(query)
    names, rows = list(result.keys()), result.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * len(names)  # by column: pandas would look at every row
    return pd.DataFrame(dict(zip(names, columns, strict=True)), columns=names, dtype=object)
