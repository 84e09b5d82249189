"""The columns as they were known at an earlier tick, made of newer ones: what came since is forgotten, what went is put back.

Nothing that is held is copied but the marks of what is known, and the tables into which something must be put back, so that
a past moment costs what changed since. The newer columns may go on meanwhile: they write behind what is shared, never into it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from cockpit.columns import Array, Columns, TableColumns, load_columns
from cockpit.ledger.books import count_of
from cockpit.ledger.read import Tick, frame, has_tick
from cockpit.ledger.store import Ledger

UNDONE_UPTO_SHARE = 0.5
"""When more versions than this share of all that are held came or went since, loading is quicker than undoing. [DEF]"""


def forked(columns: Columns) -> Columns:
    """Return columns that stay as they are now, whatever ticks these go on to. Nobody may advance these meanwhile."""
    return Columns(columns.tick, {name: forked_table(held) for name, held in columns.tables.items()}, columns.declared)


def forked_table(held: TableColumns) -> TableColumns:
    """Return one table's columns that share what is held."""
    fork = TableColumns(held.table)
    fork.count, fork.ids, fork.latest_upto = held.count, held.ids[: held.count], held.latest_upto[: held.count]
    fork.is_known = held.is_known[: held.count].copy()
    fork.arrays = {name: values[: held.count] for name, values in held.arrays.items()}
    fork.vocabulary = dict(held.vocabulary)
    return fork


def columns_at(fork: Columns, connection: sa.Connection, ledger: Ledger, tick: Tick) -> Columns:
    """Return the columns as they were known at a tick before that of a fork, which is used up."""
    newer = fork.tick
    if newer.number < tick.number or not has_tick(connection, ledger, newer.number) or is_far(fork, connection, ledger, tick):
        return load_columns(connection, ledger, fork.tables, tick)
    for name, held in fork.tables.items():
        table = ledger.tables[name]
        came = sa.and_(table.c.known_from > tick.number, table.c.known_from <= newer.number)
        forget(held, connection.scalars(sa.select(table.c.id).where(came).order_by(table.c.id)).all())
        names = (table.c[column] for column in held.table.names)
        put_back(held, frame(connection, sa.select(table.c.id, *names).where(went(table, tick, newer)).order_by(table.c.id)))
    return Columns(tick, fork.tables, fork.declared)


def is_far(fork: Columns, connection: sa.Connection, ledger: Ledger, tick: Tick) -> bool:
    """Whether so much came and went since a tick that it is quicker to load what was known then."""
    newer, changed_count = fork.tick, 0
    for name in fork.tables:
        table = ledger.tables[name]
        changed_count += count_of(connection, sa.and_(table.c.known_from > tick.number, table.c.known_from <= newer.number))
        changed_count += count_of(connection, went(table, tick, newer))
    return changed_count > UNDONE_UPTO_SHARE * sum(held.count for held in fork.tables.values())


def went(table: sa.Table, tick: Tick, newer: Tick) -> sa.ColumnElement[bool]:
    """Return the condition that a version was known at a tick, and no longer at a newer one."""
    closed = sa.and_(table.c.known_to > tick.number, table.c.known_to <= newer.number)
    return sa.and_(closed, table.c.known_from <= tick.number)


def forget(held: TableColumns, ids: Sequence[int]) -> None:
    """Let versions be unknown, those of them that are held."""
    held.is_known[places(held, np.array(ids, np.int64))[0]] = False


def put_back(held: TableColumns, rows: pd.DataFrame) -> None:
    """Let versions be known again: those that are still held, and those that were dropped since, each in the order of ids."""
    ids = rows["id"].to_numpy(np.int64)
    at, is_held = places(held, ids)
    held.is_known[at] = True
    missing = rows[~is_held]
    if not missing.empty:
        insert(held, missing)


def places(held: TableColumns, ids: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Return where versions are held, and of each whether it is."""
    at = np.searchsorted(held.ids, ids)
    is_held = at < held.count
    is_held[is_held] = held.ids[at[is_held]] == ids[is_held]
    return at[is_held], is_held


def learn_apart(held: TableColumns, name: str, values: pd.Series) -> None:
    """Give a column a vocabulary of its own before it learns words: the newer columns count the same words on."""
    if not {word for word in values if word is not None} <= held.vocabulary[name].keys():
        held.vocabulary[name] = dict(held.vocabulary[name])


def insert(held: TableColumns, rows: pd.DataFrame) -> None:
    """Put versions that are not held where their ids belong; what others share is left as it is."""
    ids = rows["id"].to_numpy(np.int64)
    at = np.searchsorted(held.ids, ids)
    for name in held.vocabulary:
        learn_apart(held, name, rows[name])
    added: Mapping[str, Array] = {name: held.encode(name, rows[name]) for name in held.arrays}
    held.ids, held.is_known = np.insert(held.ids, at, ids), np.insert(held.is_known, at, np.True_)
    for name, values in held.arrays.items():
        held.arrays[name] = np.insert(values.astype(np.result_type(values, added[name]), copy=False), at, added[name])
    held.count = len(held.ids)
    if "event_at" in held.arrays:
        held.latest_upto = np.fmax.accumulate(held.arrays["event_at"])
