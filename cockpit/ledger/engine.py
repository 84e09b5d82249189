"""Opening a database: SQLite in one file on a local disk, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection

from cockpit.errors import StoreError

NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.s3fs", "afs", "ceph", "gluster")
BUSY_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 10
"""How long a reader waits for a connection when all are taken; it then keeps its last picture and asks again."""

POOL_RECYCLE_S = 86_400
"""How long a session with a server lives: its temporary tables, which no other may vacuum, go with it."""

SETTINGS = {
    "statement_timeout": "60s",
    "lock_timeout": f"{BUSY_TIMEOUT_S}s",
    "idle_in_transaction_session_timeout": "30s",  # a process that stands still must not hold the store for ever
    "timezone": "UTC",
    "jit": "off",  # compiling the derivations takes seconds, running them milliseconds
}
"""What every session of a PostgreSQL store is told first."""

WRITER_TIMEOUT_S = 3600
"""How long one statement of a writer may take: the first load of years is one batch."""

KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""A server that went without a word is missed within half a minute."""


def open_engine(url: str) -> sa.Engine:
    """Return an engine for the store; nothing is connected yet.

    Raises: StoreError when the URL is not one, or names a database that the cockpit cannot keep its store in.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:  # the text is not repeated: it may hold a password
        raise StoreError(
            "--store is not a database URL, such as sqlite:////var/lib/cockpit.db or postgresql://cockpit@host/cockpit"
        ) from error
    openers = {"sqlite": open_sqlite, "postgresql": open_postgresql}
    if parsed.get_backend_name() not in openers:
        raise StoreError(f"--store {masked(parsed)}: the cockpit keeps its store in SQLite or PostgreSQL")
    return openers[parsed.get_backend_name()](parsed)


def masked(url: sa.URL) -> str:
    """Return a URL for people to read, without its password."""
    return url.difference_update_query(["password", "sslpassword"]).render_as_string(hide_password=True)


def open_sqlite(url: sa.URL) -> sa.Engine:
    """Return an engine for a file, in WAL mode with full synchronisation. Raises: StoreError on a network file system."""
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_network_file_system(path)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)
    sa.event.listen(engine, "connect", prepare_sqlite)
    sa.event.listen(engine, "begin", begin_sqlite)
    return engine


def open_postgresql(url: sa.URL) -> sa.Engine:
    """Return an engine for a server; statements are not prepared by the driver: a temporary table goes with a failed batch."""
    chosen = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "cockpit", "prepare_threshold": None, **KEEPALIVES}
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={name: value for name, value in chosen.items() if name not in url.query} | {"client_encoding": "utf8"},
        pool_pre_ping=True,
        pool_timeout=POOL_TIMEOUT_S,
        pool_recycle=POOL_RECYCLE_S,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", prepare_postgresql)
    return engine


def prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Set a new SQLite connection up; the driver's own transaction control is switched off."""
    raw: Any = connection
    raw.isolation_level = None
    mode = raw.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(f"the store could not be put in WAL mode (it is in {mode!r}): use a local disk")
    for pragma in ("synchronous=FULL", "temp_store=MEMORY", "cache_size=-65536"):
        raw.execute(f"PRAGMA {pragma}")


def prepare_postgresql(connection: DBAPIConnection, _record: object) -> None:
    """Set a new session of a PostgreSQL store up. Raises: StoreError when its database cannot hold every text."""
    raw: Any = connection
    encoding = raw.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreError(f"the database {raw.info.dbname} is encoded in {encoding}; create it with ENCODING 'UTF8'")
    chosen = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in SETTINGS.items())
    raw.execute(f"SELECT {chosen}")
    raw.commit()


def begin_sqlite(connection: sa.Connection) -> None:
    """Begin: a writer takes its lock at once, since a reader that turns writer fails without waiting."""
    immediate = connection.get_execution_options().get("is_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def refuse_network_file_system(path: Path) -> None:
    """Raise StoreError when the path lies on a file system where WAL corrupts."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return
    entries = [line.split()[1:3] for line in mounts.read_text(encoding="utf-8").splitlines()]
    under = [(point, kind) for point, kind in entries if path.resolve().is_relative_to(point)]
    point, kind = max(under, key=lambda entry: len(entry[0]), default=("/", ""))
    if kind.startswith(NETWORK_FILE_SYSTEMS):
        raise StoreError(f"{path} lies on {point}, a network file system ({kind}); put the store on a local disk")
