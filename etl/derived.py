"""Derived tables: rows that follow from other rows, derived again only where those were touched."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from cockpit.ledger.merge import Delta, fill, merge, temporary
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table, listing

Query = Callable[[Mapping[str, sa.Subquery]], sa.Select[Any]]


class Lookup(NamedTuple):
    """A small list, read whole, whose key a `column` of a `source` holds: the stations of the vehicles."""

    table: str
    source: str
    column: str


@dataclass(frozen=True, kw_only=True)
class Derived:
    """One derived table: its sources, the column `by` that they share, and one SELECT.

    `query` gets the current rows of each source, by name, and nothing but those whose `by` was
    touched, and each looked-up list; it returns all rows of the table for these, with the table's columns in order.
    """

    table: Table
    sources: tuple[str, ...]
    by: str
    query: Query
    lookups: tuple[Lookup, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables it follows from."""
        return (*self.sources, *(lookup.table for lookup in self.lookups))


def derive(connection: sa.Connection, ledger: Ledger, derived: Derived, tick: int, changed: Collection[str]) -> Delta:
    """Derive again the rows that follow from what the `changed` tables opened or closed at `tick`."""
    touched, rows = derivation(ledger, derived)
    with temporary(connection, touched):
        fill(connection, touched, (derived.by,), touched_values(ledger, derived, tick, changed))
        return merge(connection, ledger, derived.table.name, rows, tick=tick, within=sa.select(touched.c[derived.by]))


@lru_cache(maxsize=64)
def derivation(ledger: Ledger, derived: Derived) -> tuple[sa.Table, sa.Select[Any]]:
    """Return the list of touched values and the SELECT over it, built once: building it costs more than running it."""
    touched = listing("touched", derived.table, (derived.by,))
    values = sa.select(touched.c[derived.by])
    rows = {name: current_rows(ledger, name, derived.by, values) for name in derived.sources}
    lists = {lookup.table: whole_list(ledger, lookup.table) for lookup in derived.lookups}
    return touched, derived.query({**rows, **lists})


def touched_values(ledger: Ledger, derived: Derived, tick: int, changed: Collection[str]) -> sa.Select[Any]:
    """Return the `by` values of every source row that was opened or closed at `tick`, or whose looked-up row was."""
    parts = []
    for name in derived.sources:
        if name in changed:
            parts += at_tick(ledger.tables[name], derived.by, tick)
    for lookup in derived.lookups:
        if lookup.table in changed:
            (key,) = ledger.declared[lookup.table].key
            keys = sa.union(*at_tick(ledger.tables[lookup.table], key, tick)).subquery()
            source = ledger.tables[lookup.source]
            held = source.c[lookup.column].in_(sa.select(keys.c[key]))
            parts.append(sa.select(source.c[derived.by]).where(held, source.c.known_to.is_(None)))
    listed = sa.union(*parts).subquery()
    value = listed.c[derived.by]
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
