"""Somebody who looks at the city all the while: what was seen once is seen again, and never half a tick."""

import hashlib
import random
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from cockpit.ledger.read import known, newest_tick_number
from cockpit.ledger.store import Ledger
from etl.catalogue import tables

SEEN = ("town", "station", "emergency_call", "vehicle_status", "incident", "unit_run", "quarantine")
PAUSE_S = 0.1
MOST_REMEMBERED = 40


class Watched(NamedTuple):
    """What a reader has to say at the end: how often it looked, what was wrong, and its longest wait (s)."""

    looks: int
    violations: list[str]
    slowest_s: float


def watch(url: str, stop: Any, told: Any, seed: int) -> None:
    """Look at a store until told to stop, then tell what was seen; runs in a process of its own."""
    ledger, dice = Ledger(url, tables()), random.Random(seed)
    remembered: dict[int, str] = {}
    looks, slowest_s, violations = 0, 0.0, []
    while not stop.wait(PAUSE_S):
        began = time.monotonic()
        violations += [f"I3: {wrong}" for wrong in look(ledger, remembered, dice)]
        slowest_s = max(slowest_s, time.monotonic() - began)
        looks += 1
    told.put(Watched(looks, violations[:20], slowest_s))


def look(ledger: Ledger, remembered: dict[int, str], dice: random.Random) -> Iterator[str]:
    """Look once, at the newest tick and at one seen before, in one transaction."""
    with ledger.reading() as connection:
        newest = newest_tick_number(connection, ledger)
        if newest == 0:
            return
        yield from half_ticks(connection, ledger, newest)
        for tick in {newest, dice.choice([*remembered, newest])}:
            content = digest_of(connection, ledger, tick)
            if remembered.setdefault(tick, content) != content:
                yield f"tick {tick} reads otherwise than before"
        if len(remembered) > MOST_REMEMBERED:
            del remembered[dice.choice(list(remembered))]


def half_ticks(connection: sa.Connection, ledger: Ledger, newest: int) -> Iterator[str]:
    """Find what says that a tick is not whole: rows that no tick has, and facts without what follows from them."""
    for name in SEEN:
        table = ledger.tables[name].c
        for column in (table.known_from, table.known_to):
            last = connection.scalars(sa.select(sa.func.max(column))).one()
            if last is not None and last > newest:
                yield f"{name} has rows of tick {last}, and the newest is {newest}"
    last = connection.scalars(sa.select(sa.func.max(ledger.batches.c.tick))).one()
    if last is not None and last > newest:
        yield f"a batch names tick {last}, and the newest is {newest}"
    for fact, derived, key in (("emergency_call", "incident", "incident_id"), ("vehicle_status", "unit_run", "run_id")):
        told, followed = (values(connection, ledger, name, key) for name in (fact, derived))
        if told != followed:
            yield f"{derived} does not follow {fact} at tick {newest}: {sorted(told ^ followed)[:3]}"


def values(connection: sa.Connection, ledger: Ledger, name: str, column: str) -> set[str]:
    """Return the values that a column has now."""
    table = ledger.tables[name]
    return set(connection.scalars(sa.select(table.c[column]).where(table.c.known_to.is_(None))))


def digest_of(connection: sa.Connection, ledger: Ledger, tick: int) -> str:
    """Return the hash of every row that is known at a tick."""
    told = hashlib.sha256()
    for name in SEEN:
        table = ledger.tables[name]
        columns = [table.c[column] for column in ledger.declared[name].names]
        rows = connection.execute(sa.select(*columns).where(known(table, tick)))
        told.update(repr(sorted(map(repr, map(tuple, rows)))).encode())
    return told.hexdigest()
