"""One transaction a batch: facts, quarantine, what follows from them, and the books, or nothing at all."""

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.errors import AlreadyLoaded
from cockpit.failpoint import failpoint
from cockpit.ledger.merge import Delta, merge
from cockpit.ledger.read import frame, newest_tick_number, tick_at
from cockpit.ledger.store import QUARANTINE, Ledger
from etl.batch import Batch
from etl.books import book, move_source
from etl.catalogue import derivations
from etl.derived import derive

WRONG_BY_S = 86_400
"""Ticks that lie further in the future than this (s) were written by a clock that was wrong; nobody waits until then. [DEF]"""


def load(ledger: Ledger, batch: Batch, *, as_of: int, now: float, again: bool = False) -> int | None:
    """Load a batch and return its tick, or None when it changed nothing.

    `as_of` is the site's clock (UTC s), `now` the real one. `again`: this is no news from the source but something it said
    before, which moves neither its cursor nor its age. Raises: AlreadyLoaded.
    """
    with ledger.writing() as connection:
        failpoint("begun")
        if not again:
            refuse_loaded(connection, ledger, batch)
        tick = newest_tick_number(connection, ledger) + 1
        deltas = write_facts(connection, ledger, batch, tick)
        changed = [delta for delta in deltas if delta]
        if changed:
            changed += derive_all(connection, ledger, changed, tick)
            failpoint("derived")
            write_tick(connection, ledger, tick, as_of=as_of, now=now, cause=f"{batch.source}: {batch.origin}")
            failpoint("ticked")
        book(connection, ledger, batch, deltas=deltas, tick=tick if changed else None, now=now)
        failpoint("booked")
        if not again:
            move_source(connection, ledger, batch, now=now)
        failpoint("moved")
    failpoint("committed")
    return tick if changed else None


def refuse_loaded(connection: sa.Connection, ledger: Ledger, batch: Batch) -> None:
    """Raise AlreadyLoaded when this very content was loaded from this source before.

    A file that was changed and is now what it was is news: only the newest content of an origin counts.
    """
    books = ledger.batches.c
    loaded = sa.select(books.content).where(books.source == batch.source, books.state == "loaded")
    of_origin = loaded.where(books.origin == batch.origin).order_by(books.id.desc()).limit(1)
    newest = connection.scalars(of_origin).first()
    is_known = connection.scalars(loaded.where(books.content == batch.content)).first() is not None
    if newest == batch.content or (is_known and newest is None):
        raise AlreadyLoaded(f"{batch.source}: {batch.origin} was loaded before; nothing changes")


def write_facts(connection: sa.Connection, ledger: Ledger, batch: Batch, tick: int) -> list[Delta]:
    """Merge the batch's rows and refusals; what a file read whole refuses no more leaves the quarantine."""
    place = pd.DataFrame({"source": [batch.source], "origin": [batch.origin]}) if batch.is_whole else batch.settled
    deltas = [merge(connection, ledger, QUARANTINE.name, batch.refused, tick=tick, within=place)]
    failpoint("quarantined")
    for name, rows in batch.rows.items():
        within = unnamed_keys(connection, ledger, batch, name) if name in batch.complete else None
        deleted = batch.deleted.get(name)
        if len(rows) or within is not None or (deleted is not None and len(deleted)):
            deltas.append(merge(connection, ledger, name, rows, tick=tick, within=within, deleted=deleted))
    failpoint("merged")
    return deltas


def unnamed_keys(connection: sa.Connection, ledger: Ledger, batch: Batch, name: str) -> pd.DataFrame:
    """Return the keys of the current rows that a complete read should have named, but for those that it names and refuses.

    When a refused row's key cannot be read, any row may be the one that it means, and none is taken for gone.
    """
    table, (begin, end) = ledger.tables[name], batch.complete[name]
    key = list(ledger.declared[name].key)
    spared = batch.spared.get(name, pd.DataFrame(columns=key))
    query = sa.select(*(table.c[k] for k in key)).where(table.c.known_to.is_(None))
    if begin is not None:
        query = query.where(table.c.event_at >= begin)
    if end is not None:
        query = query.where(table.c.event_at < end)
    current = frame(connection, query)
    if spared.isna().any(axis=None) or current.empty:
        return current.iloc[:0]
    is_spared = pd.MultiIndex.from_frame(current).isin(pd.MultiIndex.from_frame(spared)) if len(spared) else False
    return current[~np.broadcast_to(is_spared, len(current))]


def derive_all(connection: sa.Connection, ledger: Ledger, changed: list[Delta], tick: int) -> list[Delta]:
    """Derive again what follows from the changed tables, sources before what follows from them."""
    touched = {delta.table for delta in changed}
    deltas = []
    for derived in derivations():
        if touched.isdisjoint(derived.reads):
            continue
        delta = derive(connection, ledger, derived, tick, touched)
        if delta:
            touched.add(delta.table)
            deltas.append(delta)
    return deltas


def write_tick(connection: sa.Connection, ledger: Ledger, number: int, *, as_of: int, now: float, cause: str) -> None:
    """Write one tick; its time never runs backwards, unless the clock was wrong by more than a day and is so no more."""
    newest = tick_at(connection, ledger).as_of
    row = {
        "number": number,
        "as_of": as_of if newest - as_of > WRONG_BY_S else max(as_of, newest),
        "committed_at": now,
        "cause": cause,
    }
    connection.execute(ledger.ticks.insert(), row)
