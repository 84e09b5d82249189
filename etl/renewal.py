"""Derived tables whose definition changed: after an upgrade they are derived anew, once, from all that is known."""

import hashlib
import logging

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from cockpit.ledger.merge import Delta, fill, merge, temporary
from cockpit.ledger.read import newest_tick_number, tick_at
from cockpit.ledger.store import Ledger
from cockpit.ledger.upgrade import note, noted
from etl.catalogue import derivations
from etl.derived import Derived, derivation
from etl.load import derive_all, write_tick

LOG = logging.getLogger("cockpit.etl")


def derive_changed(ledger: Ledger, *, now: float) -> int | None:
    """Derive anew, in one tick, every table whose definition is not the one that it was derived by; return the tick.

    `now` is the real clock (UTC s). Rows that come out as they were write nothing, and without a change there is no tick.
    """
    with ledger.reading() as connection:
        if not outdated(connection, ledger):
            return None
    with ledger.writing() as connection:
        changed = outdated(connection, ledger)
        tick = newest_tick_number(connection, ledger) + 1
        deltas = [delta for derived in changed if (delta := derive_whole(connection, ledger, derived, tick))]
        if deltas:
            derive_all(connection, ledger, deltas, tick)
            names = ", ".join(derived.table.name for derived in changed)
            LOG.info("tick %d: derived anew, since their definition changed: %s", tick, names)
            as_of = tick_at(connection, ledger).as_of
            write_tick(connection, ledger, tick, as_of=as_of, now=now, cause=f"upgrade: {names}")
        for derived in changed:
            note(connection, ledger, noted_as(derived), definition(ledger, derived))
    return tick if deltas else None


def outdated(connection: sa.Connection, ledger: Ledger) -> list[Derived]:
    """Return the derived tables whose definition changed, sources before what follows from them."""
    return [d for d in derivations() if noted(connection, ledger, noted_as(d)) != definition(ledger, d)]


def noted_as(derived: Derived) -> str:
    """Return the key under which a store says by which definition a table was derived."""
    return f"derived {derived.table.name}"


def definition(ledger: Ledger, derived: Derived) -> str:
    """Return the hash of a derived table's columns and of its SELECT, the same on every store."""
    _, rows = derivation(ledger, derived)
    columns = [f"{column.name} {column.kind}" for column in derived.table.columns]
    select = rows.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return hashlib.sha256("\n".join([*columns, str(select)]).encode()).hexdigest()


def derive_whole(connection: sa.Connection, ledger: Ledger, derived: Derived, tick: int) -> Delta:
    """Derive all rows of a table at `tick`, whatever was touched."""
    touched, rows = derivation(ledger, derived)
    histories = [ledger.tables[name] for name in (*derived.sources, derived.table.name)]
    values = [sa.select(h.c[derived.by]).where(h.c.known_to.is_(None), h.c[derived.by].is_not(None)) for h in histories]
    with temporary(connection, touched):
        fill(connection, touched, (derived.by,), sa.select(sa.union(*values).subquery()))
        return merge(connection, ledger, derived.table.name, rows, tick=tick, within=sa.select(touched.c[derived.by]))
