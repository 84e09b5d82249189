"""Opening the store, and the few plain tables that keep its books: ticks, batches, sources."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection

from cockpit.errors import StoreError
from cockpit.ledger.tables import Column, Kind, Table, history
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text

NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.s3fs", "afs", "ceph", "gluster")
BUSY_TIMEOUT_S = 30

QUARANTINE = Table(
    name="quarantine",
    title=Text("隔离区", "Quarantine"),
    grain="one row per refused row of a source, as it was read",
    key=("source", "into", "digest"),
    by=("origin",),
    columns=(
        Column("source", Kind.TEXT, Text("来源", "Source")),
        Column("into", Kind.TEXT, Text("目标表", "Table it was meant for")),
        Column("digest", Kind.TEXT, Text("摘要", "Hash of its cells: the same row read again is the same refused row")),
        Column("origin", Kind.TEXT, Text("文件", "File or address it was read from")),
        Column("line", Kind.INTEGER, Text("行号", "Line in the file, the header being line 1; 0 where lines have no number")),
        Column("reason", Kind.TEXT, Text("原因", "Rule that refused it")),
        Column("field", Kind.TEXT, Text("字段", "Column that broke the rule")),
        Column("detail", Kind.TEXT, Text("取值", "Offending value")),
        Column("raw", Kind.TEXT, Text("原始行", "The row byte for byte, as JSON")),
        Column("claimed_at", Kind.INSTANT, Text("自称时刻", "When it says it happened, if that can be read")),
        Column("town", Kind.TOWN, Text("乡镇", "Town; a refused row names none"), required=True),
    ),
    town="town",
)
"""A refused row can name no town that could be trusted, so it counts in the city only."""

REFUSED_TOWN = UNKNOWN_TOWN


class Ledger:
    """The store of one site: an engine, the declared tables, and the books of ticks and batches."""

    def __init__(self, url: str, declared: Mapping[str, Table]) -> None:
        """Describe the store at `url`; nothing is opened before the first connection."""
        self.declared = {**declared, QUARANTINE.name: QUARANTINE}
        self.metadata = sa.MetaData()
        self.tables = {name: history(table, self.metadata) for name, table in self.declared.items()}
        self.ticks = sa.Table(
            "tick",
            self.metadata,
            sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("committed_at", sa.Double, nullable=False),  # UTC s, when it was committed
            sa.Column("as_of", sa.BigInteger, nullable=False),  # UTC s, the instant the site's clock showed
            sa.Column("cause", sa.Text, nullable=False),
        )
        self.batches = sa.Table(
            "batch",
            self.metadata,
            sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
            sa.Column("source", sa.Text, nullable=False, index=True),
            sa.Column("content", sa.Text, nullable=False),  # sha256 of what was read
            sa.Column("origin", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),  # loaded | held
            sa.Column("finished_at", sa.Double, nullable=False),
            sa.Column("tick", sa.BigInteger),  # empty: it changed nothing
            sa.Column("read_count", sa.BigInteger, nullable=False),
            sa.Column("duplicate_count", sa.BigInteger, nullable=False),
            sa.Column("refused_count", sa.BigInteger, nullable=False),
            sa.Column("opened_count", sa.BigInteger, nullable=False),
            sa.Column("closed_count", sa.BigInteger, nullable=False),
            sa.Column("message", sa.Text, nullable=False),
        )
        self.sources = sa.Table(
            "source",
            self.metadata,
            sa.Column("key", sa.Text, primary_key=True),
            sa.Column("checked_at", sa.Double, nullable=False),  # last attempt, whatever came of it
            sa.Column("loaded_at", sa.Double),  # last batch that was read whole
            sa.Column("observed_at", sa.BigInteger),  # newest event it has told of
            sa.Column("cursor", sa.Text, nullable=False),  # where the next read begins, JSON
            sa.Column("state", sa.Text, nullable=False),  # ok | held | lost | ended
            sa.Column("message", sa.Text, nullable=False),
        )
        sa.Index("batch_content", self.batches.c.source, self.batches.c.content)
        sa.Index("batch_origin", self.batches.c.source, self.batches.c.origin)
        self.engine = open_engine(url)

    @property
    def path(self) -> Path:
        """The store's file."""
        return Path(self.engine.url.database or "")

    def create(self) -> None:
        """Create whatever is not there yet; a store that is whole is only read."""
        with self.reading() as connection:
            if not set(self.metadata.tables) - set(sa.inspect(connection).get_table_names()):
                return
        with self.writing() as connection:
            self.metadata.create_all(connection)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open one write transaction; it commits whole or leaves the store as it was."""
        with self.engine.connect().execution_options(is_writer=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open one read transaction, which sees one committed state; keep it short."""
        with self.engine.connect() as connection, connection.begin():
            yield connection


class Pulse:
    """A connection kept to feel whether anything was committed, by whichever process: far cheaper than a look.

    Nothing is ever missed for good by it: a store that cannot be felt is felt anew the next time.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Remember the store; the connection is opened when it is first needed."""
        self.ledger = ledger
        self.connection: sa.PoolProxiedConnection | None = None
        self.felt: int | None = None

    def __enter__(self) -> Self:
        """Feel it for as long as the block lasts."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()

    def has_beaten(self) -> bool:
        """Whether anything was committed since this was last asked; the first answer is yes."""
        try:
            self.connection = self.connection or self.opened()
            felt = self.connection.cursor().execute("PRAGMA data_version").fetchone()[0]
        except Exception:  # noqa: BLE001 whatever it is, the look that follows twice a second tells of it
            if self.connection is not None:
                self.connection.invalidate()
            self.connection = self.felt = None  # another connection counts on its own
            return False
        before, self.felt = self.felt, felt
        return bool(before != felt)

    def opened(self) -> sa.PoolProxiedConnection:
        """Open a connection of its own, which waits for nobody: whoever feels has other things to do."""
        connection = self.ledger.engine.raw_connection()
        connection.detach()
        connection.cursor().execute("PRAGMA busy_timeout=0")
        return connection


def open_engine(url: str) -> sa.Engine:
    """Return an engine for the store; SQLite in WAL mode with full synchronisation.

    Raises: StoreError when the URL is not one, or the file lies on a network file system.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise StoreError(f"--store {url!r} is not a database URL, such as sqlite:////var/lib/cockpit.db") from error
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"--store {url!r}: this version keeps its store in SQLite only")
    path = Path(parsed.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_network_file_system(path)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    sa.event.listen(engine, "connect", prepare_sqlite)
    sa.event.listen(engine, "begin", begin_sqlite)
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
