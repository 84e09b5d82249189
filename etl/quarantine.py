"""The quarantine and held batches: what waits for a person, shown and let through."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd
import sqlalchemy as sa

from cockpit.errors import UnknownName
from cockpit.failpoint import failpoint
from cockpit.ledger.read import frame, source_states
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.site import Site
from etl.batch import LINE, Batch, Extract
from etl.books import held_messages, let_go, note_source, unpacked
from etl.known import known_to
from etl.load import load
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of

WAIVABLE = frozenset({"late", "before_floor", "in_future"})
"""Reasons that a person may set aside: the row can be read, and only its time is doubted."""

TRIED_AGAIN = ("unknown_reference",)
"""Reasons that may be over once something else has arrived: a case that came before its enterprise."""

MOST_TRIED = 10_000
"""Refused rows that are tried again in one pass."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which refused rows are meant: those of a source, perhaps of one file, reason or digest (its beginning)."""

    source: str
    origin: str | None = None
    reasons: Collection[str] = ()
    digest: str = ""

    def condition(self, ledger: Ledger) -> sa.ColumnElement[bool]:
        """Return it as a condition on what is in quarantine now."""
        c = ledger.tables[QUARANTINE.name].c
        parts = [c.known_to.is_(None), c.source == self.source, c.digest.startswith(self.digest, autoescape=True)]
        parts += [c.origin == self.origin] if self.origin is not None else []
        parts += [c.reason.in_(self.reasons)] if self.reasons else []
        return sa.and_(*parts)


def held_batches(connection: sa.Connection, ledger: Ledger) -> pd.DataFrame:
    """Return the batches that wait, newest first. Grain: one row per batch; `is_whole` says that it can be released."""
    books, held = ledger.batches, ledger.held
    is_kept = sa.exists().where(held.c.batch == books.c.id).label("can_be_released")
    query = sa.select(books, is_kept).where(books.c.state == "held").order_by(books.c.id.desc())
    return frame(connection, query)


def refused_groups(connection: sa.Connection, ledger: Ledger) -> pd.DataFrame:
    """Return how many rows are refused. Grain: one row per source, table, reason and field."""
    c = ledger.tables[QUARANTINE.name].c
    names = (c.source, c.into, c.reason, c.field)
    count = sa.func.count().label("rows")
    query = sa.select(*names, count).where(c.known_to.is_(None)).group_by(*names).order_by(count.desc())
    return frame(connection, query)


def refused_rows(connection: sa.Connection, ledger: Ledger, choice: Choice, limit: int = MOST_TRIED) -> pd.DataFrame:
    """Return refused rows as they came. Grain: one row per refused row."""
    table = ledger.tables[QUARANTINE.name]
    query = sa.select(*(table.c[name] for name in QUARANTINE.names)).where(choice.condition(ledger))
    return frame(connection, query.order_by(table.c.origin, table.c.line, table.c.digest).limit(limit))


def release_batch(ledger: Ledger, site: Site, number: int, *, as_of: int, now: float) -> int | None:
    """Load a held batch as it was read, past the guards, and return its tick. Raises: UnknownName."""
    with ledger.reading() as connection:
        row = waiting_batch(connection, ledger, number)
        stored = connection.scalars(sa.select(ledger.held.c.extract).where(ledger.held.c.batch == number)).first()
        before = source_states(connection, ledger).get(row.source)
    if stored is None:
        raise UnknownName(
            f"batch {number} ({row.origin or row.source}) could not be read, so nothing can be released: {row.message}"
        )
    source = site.source(row.source)
    mapper = Mapper(site, source, known_to(ledger, before), as_of + FUTURE_TOLERANCE_S, heard_at=as_of)
    kept = unpacked(stored)
    batch = replace(batch_of(kept.extract, mapper, cursor={}, is_whole=kept.is_whole), complete=kept.complete)
    tick = load(ledger, batch, as_of=as_of, now=now, again=True)
    failpoint("released")
    heard_at = max(row.finished_at, before.loaded_at or 0.0) if before else row.finished_at
    finish(ledger, row.source, number, "released", now=now, loaded_at=heard_at)
    return tick


def discard_batch(ledger: Ledger, number: int, *, now: float) -> None:
    """Give a held batch up. Raises: UnknownName."""
    with ledger.reading() as connection:
        row = waiting_batch(connection, ledger, number)
    finish(ledger, row.source, number, "discarded", now=now)


def waiting_batch(connection: sa.Connection, ledger: Ledger, number: int) -> sa.Row[tuple[object, ...]]:
    """Return a batch that waits for a person. Raises: UnknownName."""
    books = ledger.batches
    row = connection.execute(sa.select(books).where(books.c.id == number, books.c.state == "held")).first()
    if row is None:
        raise UnknownName(f"no batch {number} waits; `cockpit etl quarantine list` names those that do")
    return row


def finish(ledger: Ledger, source: str, number: int, state: str, *, now: float, **changes: object) -> None:
    """Say what became of a held batch; a source of which nothing waits any more is well."""
    with ledger.writing() as connection:
        let_go(connection, ledger, [number], state)
        waiting = held_messages(connection, ledger, source)
        note_source(
            connection, ledger, source, now=now, state="held" if waiting else "ok", message="; ".join(waiting), **changes
        )


def release_rows(ledger: Ledger, site: Site, choice: Choice, *, waived: frozenset[str], as_of: int, now: float) -> int:
    """Map refused rows again, as site and contracts are now, load what passes, and return how many passed.

    `waived`: doubts that a person sets aside. What is still refused stays, with the reason that it has now. A row whose
    cells could not be told apart stays in any case.
    """
    with ledger.reading() as connection:
        rows = refused_rows(connection, ledger, choice)
        before = source_states(connection, ledger).get(choice.source)
    mapper = Mapper(site, site.source(choice.source), known_to(ledger, before), as_of + FUTURE_TOLERANCE_S, waived=waived)
    passed = 0
    for (origin, into), part in rows[rows["into"] != ""].groupby(["origin", "into"], sort=True):
        batch = mapped_again(part, mapper, origin=str(origin), into=str(into))
        load(ledger, batch, as_of=as_of, now=now, again=True)
        failpoint("tried")
        passed += len(part) - len(batch.refused)
    return passed


def mapped_again(rows: pd.DataFrame, mapper: Mapper, *, origin: str, into: str) -> Batch:
    """Map refused rows of one origin and table into a batch that decides upon them anew, and upon nothing else."""
    header = [*mapper.source.header, LINE]
    cells = [{**json.loads(raw), LINE: line} for raw, line in zip(rows["raw"], rows["line"], strict=True)]
    raw = pd.DataFrame(cells, columns=header, dtype=object).fillna("")
    told = hashlib.sha256("".join(sorted(rows["digest"])).encode()).hexdigest()
    extract = Extract(
        origin=origin, content=told, raw=raw.drop_duplicates(), ragged=rows.iloc[:0], read_count=0, duplicate_count=0
    )
    batch = batch_of(extract, mapper, cursor={})
    settled = rows[list(QUARANTINE.key)].reset_index(drop=True)
    is_asked = pd.MultiIndex.from_frame(batch.refused[list(QUARANTINE.key)]).isin(pd.MultiIndex.from_frame(settled))
    return replace(
        batch,
        origin=f"released: {origin}",
        rows={into: batch.rows[into]},
        deleted={},
        complete={},
        refused=batch.refused[is_asked],
        settled=settled,
    )


def try_again(ledger: Ledger, site: Site, *, as_of: int, now: float) -> None:
    """Map again what was refused only because something else had not arrived yet."""
    c = ledger.tables[QUARANTINE.name].c
    waiting = sa.select(c.source).where(c.reason.in_(TRIED_AGAIN), c.known_to.is_(None)).distinct().order_by(c.source)
    with ledger.reading() as connection:
        sources = connection.scalars(waiting).all()
    for source in sources:
        release_rows(ledger, site, Choice(source=source, reasons=TRIED_AGAIN), waived=frozenset(), as_of=as_of, now=now)
