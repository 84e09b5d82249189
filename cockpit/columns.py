"""The columns that metrics read, held in memory as arrays: loaded once, then changed by each tick.

Versions are kept in the order of their `id`, which only grows, so that a closed version is found by
bisection and an opened one is appended.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from cockpit.errors import ScopeError
from cockpit.ledger.read import Tick, ids_closed, rows_known, rows_opened
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Kind, Table
from cockpit.scope import CITY, Scope
from cockpit.window import Window

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

CODED = (Kind.TEXT, Kind.TOWN)
COMPACT_AT_SHARE = 0.25
"""Closed versions are dropped from memory when they are this share of all."""


class TableColumns:
    """One table's columns. Text is held as codes into a vocabulary, -1 for missing; numbers as float64.

    Arrays are longer than what they hold, so that a tick appends in place and copies nothing.
    """

    def __init__(self, table: Table) -> None:
        """Start empty."""
        self.table = table
        self.count = 0
        self.ids: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.is_known: Mask = np.empty(0, np.bool_)
        self.arrays: dict[str, Array] = {c.name: np.empty(0, dtype(c.kind)) for c in table.columns}
        self.vocabulary: dict[str, dict[str, int]] = {c.name: {} for c in table.columns if c.kind in CODED}

    def values(self, name: str) -> Array:
        """Return one column of every version held."""
        return self.arrays[name][: self.count]

    def encode(self, name: str, values: pd.Series) -> Array:
        """Return one column of a frame as its array."""
        kind = self.table.column(name).kind
        if kind not in CODED:
            return np.array([np.nan if v is None else float(v) for v in values.tolist()], np.float64)
        words = self.vocabulary[name]
        codes = [-1 if v is None else words.setdefault(v, len(words)) for v in values.tolist()]
        return np.array(codes, np.int32)

    def append(self, rows: pd.DataFrame) -> None:
        """Add newly opened versions; their ids are above all that are here."""
        held, count = self.count, self.count + len(rows)
        self.ids = room(self.ids, count)
        self.ids[held:count] = rows["id"].to_numpy(np.int64)
        self.is_known = room(self.is_known, count)
        self.is_known[held:count] = True
        for name, values in self.arrays.items():
            self.arrays[name] = room(values, count)
            self.arrays[name][held:count] = self.encode(name, rows[name])
        self.count = count

    def close(self, ids: list[int]) -> None:
        """Forget versions that are no longer known."""
        closed = np.searchsorted(self.ids[: self.count], np.array(ids, np.int64))
        self.is_known[closed] = False
        kept = np.flatnonzero(self.is_known[: self.count])
        if len(kept) < (1 - COMPACT_AT_SHARE) * self.count:
            self.ids, self.is_known = self.ids[kept], self.is_known[kept]
            self.arrays = {name: values[kept] for name, values in self.arrays.items()}
            self.count = len(kept)


def dtype(kind: Kind) -> type[np.generic]:
    """Return what a kind is held as."""
    return np.int32 if kind in CODED else np.float64


def room(values: Array, count: int) -> Array:
    """Return an array with room for `count` values, grown by half when it is too short."""
    if count <= len(values):
        return values
    longer = np.empty(max(count, len(values) * 3 // 2), values.dtype)
    longer[: len(values)] = values
    return longer


@dataclass(frozen=True)
class Rows:
    """Some rows of one table: what a formula reads."""

    columns: TableColumns
    at: npt.NDArray[np.intp]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.at)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a column of numbers, NaN where missing."""
        return self.columns.arrays[name][self.at]

    def is_any(self, name: str, values: Iterable[str]) -> Mask:
        """Return which rows have one of these words in a text column."""
        words = self.columns.vocabulary[name]
        codes = [words[v] for v in values if v in words]
        return np.isin(self.columns.arrays[name][self.at], codes)

    def has(self, name: str) -> Mask:
        """Return which rows have a value in a column."""
        values = self.columns.arrays[name][self.at]
        return values >= 0 if name in self.columns.vocabulary else ~np.isnan(values)

    def texts(self, name: str) -> list[str | None]:
        """Return a text column as words."""
        words: list[str | None] = [*self.columns.vocabulary[name], None]
        return [words[code] for code in self.columns.arrays[name][self.at].tolist()]

    def where(self, mask: Mask) -> "Rows":
        """Return the rows that a mask keeps."""
        return Rows(self.columns, self.at[mask])

    def groups(self, name: str) -> Iterator[tuple[str | None, "Rows"]]:
        """Split by a text column: each word that stands in these rows, with its rows."""
        codes = self.columns.arrays[name][self.at]
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-2))
        words = list(self.columns.vocabulary[name])
        for part in np.split(order, starts[1:]):
            if len(part):
                code = int(codes[part[0]])
                yield (words[code] if code >= 0 else None), Rows(self.columns, self.at[part])


class Columns:
    """All tables that metrics read, as they were known at one tick."""

    def __init__(self, tick: Tick, tables: Mapping[str, TableColumns]) -> None:
        """Hold what was loaded."""
        self.tick = tick
        self.tables = dict(tables)

    def rows(self, table: str, scope: Scope, window: Window) -> Rows:
        """Return the rows of a table in a window that a scope may see.

        Raises: ScopeError when the table names no town and the scope is not the whole city.
        """
        held = self.tables[table]
        mask = held.is_known[: held.count].copy()
        if scope.towns is not None:
            if held.table.town is None:
                raise ScopeError(f"{table} names no town, so only the whole city may read it")
            words = held.vocabulary[held.table.town]
            mask &= np.isin(held.values(held.table.town), [words[t] for t in scope.towns if t in words])
        if "event_at" in held.arrays:
            event_at = held.values("event_at")
            mask &= (event_at >= window.from_at) & (event_at < window.to_at)
        return Rows(held, np.flatnonzero(mask))

    def advance(self, connection: sa.Connection, ledger: Ledger, tick: Tick) -> None:
        """Apply what the ticks since this one changed; all is read before anything is applied, for a read may fail."""
        after, upto = self.tick.number, tick.number
        closed = {name: ids_closed(connection, ledger, name, after=after, upto=upto) for name in self.tables}
        opened = {name: rows_opened(connection, ledger, name, CITY, after=after, upto=upto) for name in self.tables}
        for name, held in self.tables.items():
            held.close(closed[name])
            held.append(opened[name])
        self.tick = tick


def load_columns(connection: sa.Connection, ledger: Ledger, names: Iterable[str], tick: Tick) -> Columns:
    """Load the named tables as they were known at a tick."""
    tables: dict[str, TableColumns] = {}
    for name in names:
        held = TableColumns(ledger.declared[name])
        held.append(rows_known(connection, ledger, name, CITY, at=tick.number, columns=held.table.names))
        tables[name] = held
    return Columns(tick, tables)
