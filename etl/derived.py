"""Derived tables: rows that follow from other rows, derived again only where those were touched."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from cockpit.ledger.merge import Delta, Rows, fill, merge, temporary
from cockpit.ledger.read import frame
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import SQL_TYPES, Kind, Table, listing

Query = Callable[[Mapping[str, sa.Subquery]], sa.Select[Any]]
Frame = Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]

FRAME_TYPES: dict[Kind, pd.Int64Dtype | pd.BooleanDtype] = {
    **{kind: pd.Int64Dtype() for kind, stored in SQL_TYPES.items() if stored is sa.BigInteger},
    Kind.BOOLEAN: pd.BooleanDtype(),
}
"""What whole numbers and truths are in a frame; one that lacks some of them tends to hold them as floats, or objects."""


class Lookup(NamedTuple):
    """A list whose key of one column a `column` of a `source` holds: the stations of the vehicles.

    Without source and column it is a whole lookup: every row may matter to every row derived, as the calendar and the
    configuration do, so that any change of it touches all values of `by`. Such a list has to be small.
    """

    table: str
    source: str | None = None
    column: str | None = None


@dataclass(frozen=True, kw_only=True)
class Derived:
    """One derived table: its sources, the column `by` that they share, and one SELECT, or one function of frames.

    Either gets the current rows of each source, by name, and nothing but those whose `by` was touched, and each looked-up
    list; it gives all rows of the table for these, with the table's columns in order. `query` does it in SQL. `frame` does
    where SQL will not: it gets frames of Python objects with the declared columns, None where a value is missing, of a
    looked-up list that a source refers to only the rows that are referred to; it may be given empty ones.
    """

    table: Table
    sources: tuple[str, ...]
    by: str
    query: Query | None = None
    frame: Frame | None = None
    lookups: tuple[Lookup, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is one way to derive it."""
        if (self.query is None) == (self.frame is None):
            raise ValueError(f"{self.table.name}: give a query or a frame function, one of them")

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables it follows from."""
        return (*self.sources, *(lookup.table for lookup in self.lookups))


def derive(connection: sa.Connection, ledger: Ledger, derived: Derived, tick: int, changed: Collection[str]) -> Delta:
    """Derive again the rows that follow from what the `changed` tables opened or closed at `tick`."""
    values = touched_values(ledger, derived, tick, changed)
    return derive_values(connection, ledger, derived, tick, values)


def derive_values(connection: sa.Connection, ledger: Ledger, derived: Derived, tick: int, values: sa.Select[Any]) -> Delta:
    """Derive at `tick` the rows of the values of `by` that a SELECT lists, each once."""
    touched = touched_list(derived)
    with temporary(connection, touched):
        fill(connection, touched, (derived.by,), values)
        if derived.frame is not None and connection.scalars(sa.select(touched).limit(1)).first() is None:
            return Delta(derived.table.name, tick, 0, 0)  # no list is read for nothing
        rows = derived_rows(connection, ledger, derived)
        return merge(connection, ledger, derived.table.name, rows, tick=tick, within=sa.select(touched.c[derived.by]))


def derived_rows(connection: sa.Connection, ledger: Ledger, derived: Derived) -> Rows:
    """Return the rows of the touched values: the SELECT of them, or the frame that the function makes of theirs."""
    if derived.frame is None:
        return derivation(ledger, derived)
    current = {name: frame(connection, query) for name, query in readings(ledger, derived).items()}
    return stored(derived.table, derived.frame(current))


def touched_list(derived: Derived) -> sa.Table:
    """Return the temporary table that lists the touched values."""
    return listing("touched", derived.table, (derived.by,))


@lru_cache(maxsize=64)
def derivation(ledger: Ledger, derived: Derived) -> sa.Select[Any]:
    """Return the SELECT of a table that is derived by a query, built once: building it costs more than running it."""
    if derived.query is None:
        raise ValueError(f"{derived.table.name} is derived by a function, not by a query")
    values = sa.select(touched_list(derived).c[derived.by])
    rows = {name: current_rows(ledger, name, derived.by, values) for name in derived.sources}
    lists = {lookup.table: whole_list(ledger, lookup.table) for lookup in derived.lookups}
    return derived.query({**rows, **lists})


@lru_cache(maxsize=64)
def readings(ledger: Ledger, derived: Derived) -> dict[str, sa.Select[Any]]:
    """Return what a frame function is given, as SELECTs of the declared columns."""
    values = sa.select(touched_list(derived).c[derived.by])
    rows = {name: current_rows(ledger, name, derived.by, values) for name in derived.sources}
    lists = {lookup.table: referred_list(ledger, derived, lookup, values) for lookup in derived.lookups}
    return {
        name: sa.select(*(row.c[column] for column in ledger.declared[name].names)) for name, row in {**rows, **lists}.items()
    }


def stored(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Return derived rows as the store takes them: whole numbers are whole though pandas made floats of them.

    Raises: TypeError when a whole number has a fraction, KeyError when a column is missing.
    """
    return pd.DataFrame(
        {
            column.name: rows[column.name].astype(FRAME_TYPES[column.kind]) if column.kind in FRAME_TYPES else rows[column.name]
            for column in table.columns
        },
        copy=False,
    )


def touched_values(ledger: Ledger, derived: Derived, tick: int, changed: Collection[str]) -> sa.Select[Any]:
    """Return the `by` values of every source row that was opened or closed at `tick`, or whose looked-up row was."""
    parts = []
    for name in derived.sources:
        if name in changed:
            parts += at_tick(ledger.tables[name], derived.by, tick)
    for lookup in derived.lookups:
        if lookup.table not in changed:
            continue
        if lookup.source is None or lookup.column is None:
            return all_values(ledger, derived)
        (key,) = ledger.declared[lookup.table].key
        keys = sa.union(*at_tick(ledger.tables[lookup.table], key, tick)).subquery()
        source = ledger.tables[lookup.source]
        held = source.c[lookup.column].in_(sa.select(keys.c[key]))
        parts.append(sa.select(source.c[derived.by]).where(held, source.c.known_to.is_(None)))
    return each_once(derived, parts)


def all_values(ledger: Ledger, derived: Derived) -> sa.Select[Any]:
    """Return every `by` value that a current row of a source, or of the table itself, has."""
    histories = [ledger.tables[name] for name in (*derived.sources, derived.table.name)]
    return each_once(derived, [sa.select(h.c[derived.by]).where(h.c.known_to.is_(None)) for h in histories])


def each_once(derived: Derived, parts: list[sa.Select[Any]]) -> sa.Select[Any]:
    """Return the `by` values of several SELECTs, each once, and none that is missing."""
    value = sa.union(*parts).subquery().c[derived.by]
    return sa.select(value).distinct().where(value.is_not(None))


def at_tick(history: sa.Table, column: str, tick: int) -> list[sa.Select[Any]]:
    """Return the values of a column in the versions that a tick opened, and in those that it closed."""
    return [sa.select(history.c[column]).where(end == tick) for end in (history.c.known_from, history.c.known_to)]


def current_rows(ledger: Ledger, name: str, by: str, values: sa.Select[Any]) -> sa.Subquery:
    """Return the current rows of a table for the touched values."""
    history = ledger.tables[name]
    return sa.select(history).where(history.c[by].in_(values), history.c.known_to.is_(None)).subquery(name)


def whole_list(ledger: Ledger, name: str) -> sa.Subquery:
    """Return all current rows of a small list."""
    history = ledger.tables[name]
    return sa.select(history).where(history.c.known_to.is_(None)).subquery(name)


def referred_list(ledger: Ledger, derived: Derived, lookup: Lookup, values: sa.Select[Any]) -> sa.Subquery:
    """Return the current rows of a list that the touched rows refer to, or of a whole lookup all of them."""
    if lookup.source is None or lookup.column is None:
        return whole_list(ledger, lookup.table)
    source = ledger.tables[lookup.source]
    is_touched = sa.and_(source.c[derived.by].in_(values), source.c.known_to.is_(None))
    (key,) = ledger.declared[lookup.table].key
    return current_rows(ledger, lookup.table, key, sa.select(source.c[lookup.column]).where(is_touched))
