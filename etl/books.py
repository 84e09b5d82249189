"""The books of the kitchen: what became of each batch, and how each source stands."""

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from cockpit.errors import BatchHeld
from cockpit.failpoint import failpoint
from cockpit.ledger.merge import Delta
from cockpit.ledger.store import QUARANTINE, Ledger
from etl.batch import Batch, Extract, Span


def book(connection: sa.Connection, ledger: Ledger, batch: Batch, *, deltas: list[Delta], tick: int | None, now: float) -> None:
    """Write the batch row, unless it brought nothing; what was held of the same origin needs nobody any more."""
    if batch.read_count or tick is not None:  # a source is asked every few seconds, and mostly has nothing to say
        counts = {
            "opened_count": sum(delta.opened_count for delta in deltas),
            "closed_count": sum(delta.closed_count for delta in deltas),
        }
        written = {**batch_row(batch, "loaded", now), **counts, "tick": tick, "message": batch.message}
        connection.execute(ledger.batches.insert(), written)
        let_go(connection, ledger, held_rows(connection, ledger, batch.source, batch.origin), "superseded")


def move_source(connection: sa.Connection, ledger: Ledger, batch: Batch, *, now: float) -> None:
    """Record that a source was read whole, up to a new cursor."""
    state = {"cursor": json.dumps(batch.cursor), "state": batch.state, "message": batch.message, "loaded_at": now}
    if batch.observed_at is not None:
        state["observed_at"] = batch.observed_at
    note_source(connection, ledger, batch.source, now=now, **state)


def batch_row(batch: Batch, state: str, now: float) -> dict[str, Any]:
    """Return what the books say of a batch that has changed nothing so far."""
    return {
        "source": batch.source,
        "content": batch.content,
        "origin": batch.origin,
        "state": state,
        "finished_at": now,
        "tick": None,
        "read_count": batch.read_count,
        "duplicate_count": batch.duplicate_count,
        "refused_count": len(batch.refused),
        "opened_count": 0,
        "closed_count": 0,
        "message": "",
    }


def hold(ledger: Ledger, batch: Batch, why: str, *, now: float) -> None:
    """Keep a batch that a person must look at, whole, so that it can be released; one of the same origin takes its place.

    A file is not read again, its cursor moves on; rows behind a cursor are, for the next read may be sound.
    """
    with ledger.writing() as connection:
        row = {**batch_row(batch, "held", now), "message": why}
        write_held(connection, ledger, row, None if batch.extract is None else packed(batch, batch.extract))
        cursor = {"cursor": json.dumps(batch.cursor)} if batch.is_whole else {}
        note_source(connection, ledger, batch.source, now=now, state="held", **cursor)
        failpoint("held")


def hold_unread(ledger: Ledger, source: str, held: BatchHeld, *, now: float) -> None:
    """Write down that a file or an answer could not be taken for rows at all: only another one helps."""
    nothing = pd.DataFrame(columns=list(QUARANTINE.names))
    unread = Batch(source=source, content="", origin=held.origin, read_count=0, duplicate_count=0, rows={}, refused=nothing)
    with ledger.writing() as connection:
        write_held(connection, ledger, {**batch_row(unread, "held", now), "message": str(held)}, None)
        moved = {} if held.cursor is None else {"cursor": json.dumps(held.cursor)}
        note_source(connection, ledger, source, now=now, state="held", **moved)
        failpoint("unread")


def write_held(connection: sa.Connection, ledger: Ledger, row: Mapping[str, Any], extract: bytes | None) -> None:
    """Write a held batch into the books, in place of one of the same origin that still waits."""
    books, held = ledger.batches, ledger.held
    waiting = held_rows(connection, ledger, row["source"], row["origin"])
    if waiting:
        number = waiting[-1]
        since = {name: value for name, value in row.items() if name != "finished_at"}
        connection.execute(books.update().where(books.c.id == number).values(**since))
        connection.execute(held.delete().where(held.c.batch == number))
    else:
        connection.execute(books.insert(), dict(row))
        number = held_rows(connection, ledger, row["source"], row["origin"])[-1]
    if extract is not None:
        connection.execute(held.insert(), {"batch": number, "extract": extract})


def held_rows(connection: sa.Connection, ledger: Ledger, source: str, origin: str | None = None) -> Sequence[int]:
    """Return the numbers of the batches of a source, perhaps of one origin, that wait for a person."""
    books = ledger.batches.c
    query = sa.select(books.id).where(books.source == source, books.state == "held").order_by(books.id)
    return connection.scalars(query if origin is None else query.where(books.origin == origin)).all()


def held_messages(connection: sa.Connection, ledger: Ledger, source: str) -> Sequence[str]:
    """Return what is to be said of the batches of a source that wait for a person, the newest first."""
    books = ledger.batches.c
    query = sa.select(books.message).where(books.source == source, books.state == "held").order_by(books.id.desc())
    return connection.scalars(query).all()


def let_go(connection: sa.Connection, ledger: Ledger, numbers: Sequence[int], state: str) -> None:
    """Say what became of held batches, and keep what they brought no longer."""
    if numbers:
        books, held = ledger.batches, ledger.held
        connection.execute(books.update().where(books.c.id.in_(numbers)).values(state=state))
        connection.execute(held.delete().where(held.c.batch.in_(numbers)))


def note_source(connection: sa.Connection, ledger: Ledger, key: str, *, now: float, **changes: Any) -> None:
    """Record that a source was tried, and what became of it."""
    sources = ledger.sources
    values: Mapping[str, Any] = {"checked_at": now, **changes}
    if connection.execute(sa.select(sources.c.key).where(sources.c.key == key)).first() is None:
        connection.execute(sources.insert(), {"key": key, "cursor": "{}", "state": "ok", "message": "", **values})
    else:
        connection.execute(sources.update().where(sources.c.key == key).values(**values))


class Kept(NamedTuple):
    """What is kept of a held batch: what was read, and what that claims to be."""

    extract: Extract
    is_whole: bool
    complete: Mapping[str, Span]


def packed(batch: Batch, extract: Extract) -> bytes:
    """Return what was read as compressed JSON."""
    told = {
        "origin": extract.origin,
        "content": extract.content,
        "counts": [extract.read_count, extract.duplicate_count],
        "raw": extract.raw.to_dict("split"),
        "ragged": extract.ragged.to_dict("split"),
        "is_whole": batch.is_whole,
        "complete": batch.complete,
    }
    return gzip.compress(json.dumps(told, ensure_ascii=False).encode(), mtime=0)


def unpacked(stored: bytes) -> Kept:
    """Return what `packed` kept."""
    told = json.loads(gzip.decompress(stored))
    read_count, duplicate_count = told["counts"]
    extract = Extract(
        origin=told["origin"],
        content=told["content"],
        raw=pd.DataFrame(**told["raw"], dtype=object),
        ragged=pd.DataFrame(**told["ragged"], dtype=object),
        read_count=read_count,
        duplicate_count=duplicate_count,
    )
    return Kept(extract, told["is_whole"], {table: (span[0], span[1]) for table, span in told["complete"].items()})
