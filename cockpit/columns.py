"""The columns that metrics read, held in memory as arrays: loaded once, then changed by each tick.

Versions are kept in the order of their `id`, which only grows, so that a closed version is found by
bisection and an opened one is appended. That is nearly the order of `event_at` too: what lies before
the first version whose time reaches a window is never compared with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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

CODED = (Kind.TEXT, Kind.TOWN, Kind.MONTH)
COMPACT_AT_SHARE = 0.25
"""Closed versions are dropped from memory when they are this share of all."""

KEPT_ROWS = 96
"""How many windows' rows are kept until the next tick: those of every table, scope and window that the screens show."""

USUAL_PLACE = "event_at"
"""The column by which rows fall into a window, where a metric names no other."""


class TableColumns:
    """One table's columns. Text is held as codes into a vocabulary, -1 for missing; numbers as float64.

    Codes take as few bytes as the vocabulary allows: the fewer, the faster they are gathered and sorted.

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
        self.latest_upto: npt.NDArray[np.float64] = np.empty(0, np.float64)  # the latest event_at up to each version

    def values(self, name: str) -> Array:
        """Return one column of every version held."""
        return self.arrays[name][: self.count]

    def encode(self, name: str, values: pd.Series) -> Array:
        """Return one column of a frame as its array."""
        kind = self.table.column(name).kind
        if kind not in CODED:
            return values.to_numpy(object).astype(np.float64)  # None becomes NaN
        words = self.vocabulary[name]
        places, found = pd.factorize(values)
        codes = [*(words.setdefault(word, len(words)) for word in found.tolist()), -1]  # a missing word stands at place -1
        return np.array(codes, code_type(len(words)))[places]

    def append(self, rows: pd.DataFrame) -> None:
        """Add newly opened versions; their ids are above all that are here."""
        held, count = self.count, self.count + len(rows)
        self.ids = room(self.ids, count)
        self.ids[held:count] = rows["id"].to_numpy(np.int64)
        self.is_known = room(self.is_known, count)
        self.is_known[held:count] = True
        for name, values in self.arrays.items():
            added = self.encode(name, rows[name])
            self.arrays[name] = room(values.astype(np.result_type(values, added), copy=False), count)
            self.arrays[name][held:count] = added
        self.count = count
        self.note_latest(held)

    def note_latest(self, held: int) -> None:
        """Carry on the latest event up to each version, from the first one added."""
        if "event_at" in self.arrays:
            self.latest_upto = room(self.latest_upto, self.count)
            before = self.latest_upto[held - 1] if held else -np.inf
            added = np.maximum.accumulate(self.arrays["event_at"][held : self.count])
            self.latest_upto[held : self.count] = np.fmax(added, before)

    def close(self, ids: list[int]) -> None:
        """Forget versions that are no longer known."""
        closed = np.searchsorted(self.ids[: self.count], np.array(ids, np.int64))
        self.is_known[closed] = False
        kept = np.flatnonzero(self.is_known[: self.count])
        if len(kept) < (1 - COMPACT_AT_SHARE) * self.count:
            self.ids, self.is_known = self.ids[kept], self.is_known[kept]
            self.arrays = {name: values[kept] for name, values in self.arrays.items()}
            self.latest_upto = self.latest_upto[kept] if len(self.latest_upto) else self.latest_upto
            self.count = len(kept)


def dtype(kind: Kind) -> type[np.generic]:
    """Return what a kind is held as while nothing is held."""
    return code_type(0) if kind in CODED else np.float64


def code_type(word_count: int) -> type[np.signedinteger[Any]]:
    """Return the smallest integer that holds the codes of so many words."""
    return next(kind for kind in (np.int8, np.int16, np.int32) if word_count <= np.iinfo(kind).max)


def room(values: Array, count: int) -> Array:
    """Return an array with room for `count` values, grown by half when it is too short."""
    if count <= len(values):
        return values
    longer = np.empty(max(count, len(values) * 3 // 2), values.dtype)
    longer[: len(values)] = values
    return longer


@dataclass(frozen=True)
class Rows:
    """Some rows of one table: what a formula reads. A column is gathered once, and rows are split once.

    `at` are places in the table's columns, or in the rows that these are a part of.
    """

    columns: TableColumns
    at: npt.NDArray[np.intp]
    whole: "Rows | None" = None
    gathered: dict[str, Array] = field(default_factory=dict, repr=False, compare=False)
    found: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.at)

    def values(self, name: str) -> Array:
        """Return one column of these rows: codes, or numbers."""
        if name not in self.gathered:
            self.gathered[name] = (self.whole or self.columns).values(name)[self.at]
        return self.gathered[name]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a column of numbers, NaN where missing."""
        return self.values(name)

    def is_any(self, name: str, values: Iterable[str]) -> Mask:
        """Return which rows have one of these words in a text column."""
        words = self.columns.vocabulary[name]
        codes = self.values(name)
        mask = np.zeros(len(codes), np.bool_)
        for code in (words[v] for v in values if v in words):
            mask |= codes == code
        return mask

    def counts(self, name: str) -> dict[str, int]:
        """Return how many rows have each word of a text column of few words."""
        codes = self.values(name)
        words = list(self.columns.vocabulary[name].items())  # at once: columns of a newer tick may learn words meanwhile
        return {word: int(np.count_nonzero(codes == code)) for word, code in words}

    def has(self, name: str) -> Mask:
        """Return which rows have a value in a column."""
        values = self.values(name)
        return values >= 0 if name in self.columns.vocabulary else ~np.isnan(values)

    def texts(self, name: str) -> list[str | None]:
        """Return a text column as words."""
        words: list[str | None] = [*self.columns.vocabulary[name], None]
        return [words[code] for code in self.values(name).tolist()]

    def where(self, mask: Mask) -> "Rows":
        """Return the rows that a mask keeps."""
        return Rows(self.columns, self.at[mask], self.whole)

    def take(self, places: npt.NDArray[np.intp]) -> "Rows":
        """Return the rows at some places of these."""
        return Rows(self.columns, self.at[places], self.whole)

    def column_of(self, dimension: str) -> str:
        """Return the column that holds a dimension; `town` is what the table says it is."""
        return (self.columns.table.town or dimension) if dimension == "town" else dimension

    def groups(self, name: str) -> Iterator[tuple[str | None, "Rows"]]:
        """Split by a text column: each word that stands in these rows, with its rows."""
        if ("groups", name) not in self.found:
            codes = self.values(name)
            order = np.argsort(codes, kind="stable")
            ordered = codes[order]
            ends = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
            words = [*self.columns.vocabulary[name], None]
            parts = np.split(order, ends) if len(order) else []
            held = (words[code] for code in ordered[[0, *ends][: len(parts)]])
            self.found["groups", name] = [
                (word, Rows(self.columns, part, self)) for word, part in zip(held, parts, strict=True)
            ]
        return iter(self.found["groups", name])


class Columns:
    """All tables that metrics read, as they were known at one tick."""

    def __init__(self, tick: Tick, tables: Mapping[str, TableColumns], declared: Mapping[str, Table] | None = None) -> None:
        """Hold what was loaded; `declared` are all tables of the ledger, those that no metric reads among them."""
        self.tick, self.declared = tick, declared or {}
        self.tables = dict(tables)
        self.kept: dict[tuple[str, Scope, Window, str], Rows] = {}
        self.read: dict[tuple[str, str, Scope, str | None], Any] = {}  # what metrics gave of these rows, until the next tick

    def rows(self, table: str, scope: Scope, window: Window, placed_by: str = USUAL_PLACE) -> Rows:
        """Return the rows of a table in a window that a scope may see; they are found once a tick.

        `placed_by` is the instant, or the day, by which rows fall into the window; a table without it has no time.
        Raises: ScopeError when the table names no town and the scope is not the whole city.
        """
        asked = (table, scope, window, placed_by)
        if asked not in self.kept:
            while len(self.kept) >= KEPT_ROWS:
                del self.kept[next(iter(self.kept))]
            self.kept[asked] = self.found(*asked)
        return self.kept[asked]

    def may_read(self, table: str, scope: Scope) -> bool:
        """Whether a scope may read a table at all."""
        return scope.is_city or not self.tables[table].table.is_city_wide

    def found(self, table: str, scope: Scope, window: Window, placed_by: str) -> Rows:
        """Find the rows of a table in a window that a scope may see. Raises: ScopeError as `rows`."""
        if not self.may_read(table, scope):
            raise ScopeError(f"{table} names no town, so only the whole city may read it")
        held = self.tables[table]
        is_ordered = placed_by == USUAL_PLACE and placed_by in held.arrays
        first = int(np.searchsorted(held.latest_upto[: held.count], window.from_at)) if is_ordered else 0
        mask = held.is_known[first : held.count].copy()
        if scope.towns is not None and held.table.town is not None:
            words = held.vocabulary[held.table.town]
            mask &= np.isin(held.values(held.table.town)[first:], [words[t] for t in scope.towns if t in words])
        if placed_by in held.arrays:
            mask &= is_in(held.values(placed_by)[first:], window, is_day=held.table.column(placed_by).kind is Kind.DAY)
        at = np.flatnonzero(mask)
        at += first
        return Rows(held, at)

    def advance(self, connection: sa.Connection, ledger: Ledger, tick: Tick) -> None:
        """Apply what the ticks since this one changed; all is read before anything is applied, for a read may fail."""
        after, upto = self.tick.number, tick.number
        closed = {name: ids_closed(connection, ledger, name, after=after, upto=upto) for name in self.tables}
        opened = {name: rows_opened(connection, ledger, name, CITY, after=after, upto=upto) for name in self.tables}
        self.kept.clear()
        self.read.clear()
        for name, held in self.tables.items():
            held.close(closed[name])
            held.append(opened[name])
        self.tick = tick


def is_in(placed: Array, window: Window, *, is_day: bool) -> Mask:
    """Return which instants, or days, lie in a window."""
    from_, to = window.days if is_day else (window.from_at, window.to_at)
    mask: Mask = (placed >= from_) & (placed < to)
    if window.left_out is not None:
        left = window.left_out
        from_, to = (left.from_on, left.to_on) if is_day else (left.from_at, left.to_at)
        mask &= ~((placed >= from_) & (placed < to))
    return mask


def load_columns(connection: sa.Connection, ledger: Ledger, names: Iterable[str], tick: Tick) -> Columns:
    """Load the named tables as they were known at a tick."""
    tables: dict[str, TableColumns] = {}
    for name in names:
        held = TableColumns(ledger.declared[name])
        held.append(rows_known(connection, ledger, name, CITY, at=tick.number, columns=held.table.names))
        tables[name] = held
    return Columns(tick, tables, ledger.declared)
