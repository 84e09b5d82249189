"""Derived tables whose definition changed: after an upgrade they are derived anew, once, from all that is known.

A SELECT says by itself what it does. A function does not, so what stands for it is the text of its module and of every
module of the house that it leans on: a changed rule there changes rows though no column does. A comment changes the text
too; that costs one derivation which writes nothing, where a change that went unnoticed would leave wrong rows for ever.
"""

import ast
import hashlib
import importlib.util
import logging
from collections.abc import Iterator
from functools import cache
from importlib.abc import InspectLoader

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from cockpit.ledger.merge import Delta
from cockpit.ledger.read import newest_tick_number, tick_at
from cockpit.ledger.store import Ledger
from cockpit.ledger.upgrade import note, noted
from etl.catalogue import derivations
from etl.derived import Derived, Frame, all_values, derivation, derive_values
from etl.load import derive_all, write_tick

LOG = logging.getLogger("cockpit.etl")

FOLLOWED = ("etl.", "cockpit.injury", "cockpit.case_events", "cockpit.interval", "cockpit.metrics.")
"""How modules are named whose text can decide what a row says; the rest of the ground stores and reads rows as they are."""


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
    """Return the hash of a derived table's columns and of what derives it, the same on every store.

    That is its SELECT, or the text of the modules that its function stands on, with what the function is given.
    """
    told = [f"{column.name} {column.kind}" for column in derived.table.columns]
    if derived.frame is None:
        rows = derivation(ledger, derived)
        told.append(str(rows.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})))
    else:
        told += [derived.by, *derived.sources, *(repr(lookup) for lookup in derived.lookups), *texts(derived.frame)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def texts(function: Frame) -> Iterator[str]:
    """Yield the name of a function, and the text of its module and of those that it leans on, by their names."""
    yield function.__qualname__
    for name in sorted(leaning(function.__module__)):
        yield from (name, text_of(name))


def leaning(name: str) -> set[str]:
    """Return a module's name, and the names of the followed modules that it imports, these import, and so on."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += imported(one)
    return found


@cache
def imported(name: str) -> tuple[str, ...]:
    """Return the followed modules that a module imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(text_of(name))))
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            named += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names if is_package(node.module))]
    return tuple(one for one in named if one.startswith(FOLLOWED) and importlib.util.find_spec(one))


def is_package(name: str) -> bool:
    """Whether a module is a package of the house, so that what is imported from it may be a module."""
    found = importlib.util.find_spec(name) if name.partition(".")[0] in ("cockpit", "etl") else None
    return found is not None and found.submodule_search_locations is not None


@cache
def text_of(name: str) -> str:
    """Return a module's text, empty where it has none."""
    found = importlib.util.find_spec(name)
    loader = found.loader if found else None
    return (loader.get_source(name) or "") if isinstance(loader, InspectLoader) else ""


def derive_whole(connection: sa.Connection, ledger: Ledger, derived: Derived, tick: int) -> Delta:
    """Derive all rows of a table at `tick`, whatever was touched."""
    return derive_values(connection, ledger, derived, tick, all_values(ledger, derived))
