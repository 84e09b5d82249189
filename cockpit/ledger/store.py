"""Opening the store, and the few plain tables that keep its books: ticks, batches, sources."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from cockpit.errors import Fenced
from cockpit.ledger.engine import WRITER_TIMEOUT_S, open_engine
from cockpit.ledger.tables import Column, Kind, Table, history
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text

NEWS = "cockpit_news"
"""The channel on which writers of a PostgreSQL store say that they commit."""

SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""What a reader of a PostgreSQL store asks for: one committed state for all of its statements."""

TAKEN_OVER = "another process has taken over the schedule of this store, for this one stood still; it ends here"

ONE = 1
"""The id of the one row of the lease."""

JULIAN_EPOCH, SECONDS_A_DAY = 2_440_587.5, 86_400.0

QUARANTINE = Table(
    name="quarantine",
    title=Text("隔离区", "Quarantine"),
    grain="one row per refused row of a source, as it was read",
    key=("source", "into", "digest"),
    by=("origin", "reason"),
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
            sa.Column("is_signed", sa.Boolean, nullable=False, server_default=sa.false()),  # a signed brief names it
        )
        self.batches = sa.Table(
            "batch",
            self.metadata,
            sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
            sa.Column("source", sa.Text, nullable=False, index=True),
            sa.Column("content", sa.Text, nullable=False),  # sha256 of what was read
            sa.Column("origin", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),  # loaded | held | released | discarded | superseded
            sa.Column("finished_at", sa.Double, nullable=False),
            sa.Column("tick", sa.BigInteger),  # empty: it changed nothing
            sa.Column("read_count", sa.BigInteger, nullable=False),
            sa.Column("duplicate_count", sa.BigInteger, nullable=False),
            sa.Column("refused_count", sa.BigInteger, nullable=False),
            sa.Column("opened_count", sa.BigInteger, nullable=False),
            sa.Column("closed_count", sa.BigInteger, nullable=False),
            sa.Column("message", sa.Text, nullable=False),
        )
        self.held = sa.Table(
            "held",
            self.metadata,
            sa.Column("batch", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("extract", sa.LargeBinary, nullable=False),  # what was read, as text, compressed
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
        self.stretches = sa.Table(
            "source_stretch",
            self.metadata,
            sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
            sa.Column("source", sa.Text, nullable=False),
            sa.Column("began_at", sa.Double, nullable=False),  # since when it stood like this
            sa.Column("first_loaded_at", sa.Double),  # read whole again and again, never late in between, from here …
            sa.Column("loaded_at", sa.Double),  # … to here
            sa.Column("observed_at", sa.BigInteger),  # what the book of sources said of it all the while
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("message", sa.Text, nullable=False),
        )
        sa.Index("source_stretch_began", self.stretches.c.source, self.stretches.c.began_at)
        sa.Index("batch_content", self.batches.c.source, self.batches.c.content)
        sa.Index("batch_origin", self.batches.c.source, self.batches.c.origin)
        self.lease = sa.Table(
            "lease",
            self.metadata,
            sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # one row, ONE
            sa.Column("fence", sa.BigInteger, nullable=False),  # grows by one with every schedule that begins
            sa.Column("owner", sa.Text, nullable=False),  # who holds it, for people
            sa.Column("renewed_at", sa.Double, nullable=False),  # UTC s by the store's clock
        )
        self.about = sa.Table(
            "about",
            self.metadata,
            sa.Column("key", sa.Text, primary_key=True),
            sa.Column("value", sa.Text, nullable=False),
        )
        self.fence: int | None = None
        self.engine = open_engine(url)

    @property
    def own_books(self) -> tuple[sa.Table, ...]:
        """The tables that speak of this store itself, and not of what the city knows: no copy takes them along."""
        return self.lease, self.about

    def create(self) -> None:
        """Make the store whole: create it, or bring what an earlier version left to this one's schema. Raises: StoreError."""
        from cockpit.ledger.upgrade import create  # noqa: PLC0415 it reads the ledger itself

        create(self)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open one write transaction; it commits whole or leaves the store as it was.

        One writes at a time, whoever it is. Raises: Fenced when this process ran the schedule and another one took it over.
        """
        with self.engine.connect().execution_options(is_writer=True) as connection, connection.begin():
            self.take_turn(connection)
            yield connection
            self.renew(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_notify(NEWS, "")))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open one read transaction, which sees one committed state; keep it short."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(**SNAPSHOT)  # noqa: PLW2901 the same one, set
            with connection.begin():
                yield connection

    def take_turn(self, connection: sa.Connection) -> None:
        """Wait until no other writes: SQLite did so when the transaction began, PostgreSQL at the one row of the lease."""
        if connection.dialect.name == "postgresql":
            limit = sa.func.set_config("statement_timeout", f"{WRITER_TIMEOUT_S}s", sa.true())
            connection.execute(sa.select(limit))
        elif self.fence is None:
            return
        fence = connection.scalars(sa.select(self.lease.c.fence).where(self.lease.c.id == ONE).with_for_update()).first()
        if self.fence is not None and fence != self.fence:
            raise Fenced(TAKEN_OVER)

    def renew(self, connection: sa.Connection) -> None:
        """Say that the schedule of this process is alive, if it runs one."""
        if self.fence is not None:
            connection.execute(self.lease.update().values(renewed_at=clock(connection.dialect.name)))


def clock(dialect: str) -> sa.ColumnElement[float]:
    """Return the store's own clock (UTC s), as it shows when the statement runs."""
    if dialect == "sqlite":
        return (sa.func.julianday("now") - JULIAN_EPOCH) * SECONDS_A_DAY
    return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double)
