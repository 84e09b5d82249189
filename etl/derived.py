"""Derived tables: rows that follow from other rows, derived again only where those were touched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.merge import Delta, fill, merge, temporary
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table, listing

Query = Callable[[Mapping[str, sa.Subquery]], sa.Select[Any]]


@dataclass(frozen=True, kw_only=True)
class Derived:
    """One derived table: its sources, the column `by` that they share, and one SELECT.

    `query` gets the current rows of each source, by name, and nothing but those whose `by` was
    touched; it returns all rows of the table for these, with the table's columns in order.
    """

    table: Table
    sources: tuple[str, ...]
    by: str
    query: Query


def derive(connection: sa.Connection, ledger: Ledger, derived: Derived, tick: int) -> Delta:
    """Derive again the rows whose sources changed at `tick`."""
    touched, rows = derivation(ledger, derived)
    with temporary(connection, touched):
        fill(connection, touched, (derived.by,), touched_values(ledger, derived, tick))
        return merge(connection, ledger, derived.table.name, rows, tick=tick, within=sa.select(touched.c[derived.by]))


@lru_cache(maxsize=64)
def derivation(ledger: Ledger, derived: Derived) -> tuple[sa.Table, sa.Select[Any]]:
    """Return the list of touched values and the SELECT over it, built once: building it costs more than running it."""
    touched = listing("touched", derived.table, (derived.by,))
    values = sa.select(touched.c[derived.by])
    return touched, derived.query({name: current_rows(ledger, name, derived.by, values) for name in derived.sources})


def touched_values(ledger: Ledger, derived: Derived, tick: int) -> sa.Select[Any]:
    """Return the `by` values of every source row that was opened or closed at `tick`."""
    ends = []
    for name in derived.sources:
        history = ledger.tables[name]
        ends.append(sa.select(history.c[derived.by].label("value")).where(history.c.known_from == tick))
        ends.append(sa.select(history.c[derived.by]).where(history.c.known_to == tick))
    listed = sa.union(*ends).subquery()
    return sa.select(listed.c.value).where(listed.c.value.is_not(None))


def current_rows(ledger: Ledger, name: str, by: str, values: sa.Select[Any]) -> sa.Subquery:
    """Return the current rows of a table for the touched values."""
    history = ledger.tables[name]
    return sa.select(history).where(history.c[by].in_(values), history.c.known_to.is_(None)).subquery(name)
