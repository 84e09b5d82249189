"""Bringing a store to the schema of this version: made anew, or moved on from what an earlier version left.

What changed in the books has a revision of its own, written by hand. Contracts and derived tables are declared in one
place: what they gained since is found by comparing, and added. All of it is one transaction.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, CreateTable

from cockpit.errors import StoreError
from cockpit.failpoint import failpoint
from cockpit.ledger.engine import WRITER_TIMEOUT_S
from cockpit.ledger.lock import lock_of
from cockpit.ledger.store import ONE, Ledger

LOG = logging.getLogger("cockpit.store")
MIGRATIONS = Path(__file__).parent / "migrations"
FIRST = "0001"
"""The revision of the first schema, which did not say what it was."""

SCHEMA = "schema"
"""Under this key a store says what its schema was last brought to."""

UPGRADE_LOCK = 7_310_582_112
"""Key of the advisory lock that makes one upgrade of a PostgreSQL store wait for another; any number that nobody else uses."""


def create(ledger: Ledger) -> None:
    """Make a store whole: create it, or upgrade it; one that is current is only read.

    Raises: StoreError when it was made by a newer version, changed in a way that needs a revision, or is in use.
    """
    with ledger.reading() as connection:
        if is_current(connection, ledger):
            return
    with alone_with(ledger) as connection:
        if is_current(connection, ledger):  # another process was quicker
            return
        if sa.inspect(connection).has_table(ledger.ticks.name):
            refuse_while_scheduled(ledger)
            LOG.info("upgraded the store: %s", "; ".join(upgrade(connection, ledger)) or "nothing had to be changed")
        else:
            ledger.metadata.create_all(connection)
            connection.execute(ledger.lease.insert(), {"id": ONE, "fence": 0, "owner": "", "renewed_at": 0.0})
            MigrationContext.configure(connection).stamp(ScriptDirectory(str(MIGRATIONS)), "head")
        note(connection, ledger, SCHEMA, digest(ledger))
        failpoint("created")


def is_current(connection: sa.Connection, ledger: Ledger) -> bool:
    """Whether the store says that it has the schema of this version."""
    return sa.inspect(connection).has_table(ledger.about.name) and noted(connection, ledger, SCHEMA) == digest(ledger)


def digest(ledger: Ledger) -> str:
    """Return the hash of the whole declared schema, and of the newest revision."""
    dialect = ledger.engine.dialect
    tables = sorted(ledger.metadata.tables.values(), key=lambda table: table.name)
    parts = [str(CreateTable(table).compile(dialect=dialect)) for table in tables]
    parts += sorted(str(CreateIndex(index).compile(dialect=dialect)) for table in tables for index in table.indexes)
    parts.append(str(ScriptDirectory(str(MIGRATIONS)).get_current_head()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def noted(connection: sa.Connection, ledger: Ledger, key: str) -> str | None:
    """Return what a store says about itself."""
    about = ledger.about.c
    return connection.scalars(sa.select(about.value).where(about.key == key)).first()


def note(connection: sa.Connection, ledger: Ledger, key: str, value: str) -> None:
    """Let a store say something about itself."""
    connection.execute(ledger.about.delete().where(ledger.about.c.key == key))
    connection.execute(ledger.about.insert(), {"key": key, "value": value})


@contextmanager
def alone_with(ledger: Ledger) -> Iterator[sa.Connection]:
    """Open one transaction in which nobody else writes or upgrades; of an old PostgreSQL store too, which has no lease yet."""
    with ledger.engine.connect().execution_options(is_writer=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            limits = [
                sa.func.set_config(name, f"{WRITER_TIMEOUT_S}s", sa.true()) for name in ("statement_timeout", "lock_timeout")
            ]
            connection.execute(sa.select(*limits))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))
            if sa.inspect(connection).has_table(ledger.lease.name):
                ledger.take_turn(connection)
        yield connection


def refuse_while_scheduled(ledger: Ledger) -> None:
    """Raise StoreError when a schedule of another version runs: it would go on writing what it knows."""
    lock = lock_of(ledger.engine)
    if not lock.take():
        raise StoreError("the store must be upgraded, but another version's schedule is running on it; stop that one first")
    lock.release()


def upgrade(connection: sa.Connection, ledger: Ledger) -> list[str]:
    """Run the revisions that are missing, then add what the declared tables gained; return what was done."""
    script = ScriptDirectory(str(MIGRATIONS))
    context = MigrationContext.configure(connection)
    before = context.get_current_revision()
    known = [revision.revision for revision in script.walk_revisions()]
    if before is not None and before not in known:
        raise StoreError(f"the store was made by a newer version (its revision is {before}); install that version")
    if before is None:
        context.stamp(script, FIRST)
    if before != known[0]:
        command.upgrade(config_of(connection), "head")
    done = [] if before == known[0] else [f"revision {before or FIRST} became {known[0]}"]
    return done + add_missing(connection, ledger)


def config_of(connection: sa.Connection) -> Config:
    """Return how Alembic finds the revisions, and the connection that it runs them on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def add_missing(connection: sa.Connection, ledger: Ledger) -> list[str]:
    """Add what the declared tables have and the store has not; return what was added. Raises: StoreError."""
    context = MigrationContext.configure(connection, opts={"include_name": lambda name, kind, _: is_ours(ledger, name, kind)})
    differences = [flat for found in compare_metadata(context, ledger.metadata) for flat in flattened(found)]
    refused = [told(difference) for difference in differences if not is_addition(difference)]
    if refused:
        raise StoreError(
            f"the store cannot be brought to this version: {'; '.join(refused)}; install the version that made it, "
            "or a newer one that has a revision for this"
        )
    operations = Operations(context)
    made: set[str] = set()
    for difference in sorted(differences, key=lambda found: ORDER.index(found[0])):
        add(connection, ledger, operations, difference, made)
    return [
        told(difference) for difference in differences if difference[0] != "add_index" or difference[1].table.name not in made
    ]


ORDER = ("add_table", "add_column", "add_index")


def is_ours(ledger: Ledger, name: str | None, kind: str) -> bool:
    """Whether a table is one of the store's; others in the same database are nobody's business here."""
    return kind != "table" or name in ledger.metadata.tables


def flattened(found: Any) -> list[Any]:
    """Return one difference as a list; Alembic gives the changes of one column as a list of them."""
    return found if isinstance(found, list) else [found]


def is_addition(difference: Any) -> bool:
    """Whether a difference can be added without touching a row."""
    kind = difference[0]
    if kind == "add_column":
        return bool(difference[3].nullable) or difference[3].server_default is not None
    return kind in ORDER


def told(difference: Any) -> str:
    """Say what a difference is."""
    kind, *rest = difference
    what = kind.replace("_", " ")
    if kind.endswith(("_table", "_index")):
        return f"{what} {rest[0].name}"
    if kind.endswith("_column"):
        return f"{what} {rest[1]}.{rest[2].name}"
    return f"{what} of {rest[1]}.{rest[2]}" if len(rest) > 2 else what


def add(connection: sa.Connection, ledger: Ledger, operations: Operations, difference: Any, made: set[str]) -> None:
    """Add a table with its indexes, a column, or an index."""
    kind, *rest = difference
    if kind == "add_table":
        ledger.metadata.tables[rest[0].name].create(connection)  # the difference holds a copy without indexes
        made.add(rest[0].name)
    elif kind == "add_column":
        default = getattr(rest[2].server_default, "arg", None)
        column = sa.Column(rest[2].name, rest[2].type, nullable=rest[2].nullable, server_default=default)
        operations.add_column(rest[1], column)
    elif rest[0].table.name not in made:
        rest[0].create(connection)
