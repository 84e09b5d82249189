"""A lease for the schedule, what a store says about itself, and refused rows that are known by their cells.

A refused row was known by its place in a file; it is known by a hash of its cells now, so that the same row that comes
again in another file is the same refused row. Of rows that are one by this, the first stays, and the others become
versions that were never current: nothing is lost.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBERED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KEY = ("source", "into", "digest")
KEPT = ("id", "source", "into", "origin", "line", "reason", "field", "detail", "raw", "town", "known_from", "known_to")
ROWS_AT_ONCE = 10_000


def upgrade() -> None:
    """Make the lease and the book, and the quarantine anew."""
    make_lease()
    op.create_table("about", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.execute("CREATE TABLE quarantine_before AS SELECT * FROM quarantine")  # a renamed table would keep its names
    op.drop_table("quarantine")
    fill(make_quarantine())
    op.drop_table("quarantine_before")


def make_lease() -> None:
    """Make the one row that every writer and every schedule passes by."""
    lease = op.create_table(
        "lease",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("renewed_at", sa.Double, nullable=False),
    )
    op.bulk_insert(lease, [{"id": 1, "fence": 0, "owner": "", "renewed_at": 0.0}])


def make_quarantine() -> sa.Table:
    """Make the table of refused rows."""
    made = op.create_table(
        "quarantine",
        sa.Column("id", NUMBERED, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in KEY),
        sa.Column("origin", TEXT),
        sa.Column("line", sa.BigInteger),
        *(sa.Column(name, TEXT) for name in ("reason", "field", "detail", "raw")),
        sa.Column("claimed_at", sa.BigInteger),
        sa.Column("town", TEXT),
        sa.Column("known_from", sa.BigInteger, nullable=False),
        sa.Column("known_to", sa.BigInteger),
    )
    is_open, is_closed = sa.text("known_to IS NULL"), sa.text("known_to IS NOT NULL")
    op.create_index("quarantine_current", "quarantine", [*KEY], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("quarantine_opened", "quarantine", ["known_from"])
    op.create_index("quarantine_closed", "quarantine", ["known_to"], sqlite_where=is_closed, postgresql_where=is_closed)
    op.create_index("quarantine_by_origin", "quarantine", ["origin", "known_to"])
    return made


def fill(quarantine: sa.Table) -> None:
    """Carry every version over, in order."""
    before = sa.table("quarantine_before", *(sa.column(name) for name in KEPT))
    connection = op.get_bind()
    current: set[tuple[str, ...]] = set()
    last = 0
    while rows := connection.execute(
        sa.select(before).where(before.c.id > last).order_by(before.c.id).limit(ROWS_AT_ONCE)
    ).all():
        connection.execute(quarantine.insert(), [carried(row._asdict(), current) for row in rows])
        last = rows[-1].id
    if connection.dialect.name == "postgresql":  # rows that brought their numbers did not count
        op.execute("SELECT setval(pg_get_serial_sequence('quarantine', 'id'), coalesce(max(id), 0) + 1, false) FROM quarantine")


def carried(row: dict[str, object], current: set[tuple[str, ...]]) -> dict[str, object]:
    """Return a version with its new key; one that is current twice by that is so once."""
    row["digest"] = hashlib.sha256(str(row["raw"]).encode()).hexdigest()[:32]
    key = tuple(str(row[name]) for name in KEY)
    if row["known_to"] is None and key in current:
        row["known_to"] = row["known_from"]
    elif row["known_to"] is None:
        current.add(key)
    return row
