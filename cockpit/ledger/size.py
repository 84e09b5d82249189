"""The room that a store takes on its disk, and giving back what it no longer needs. All sizes are bytes."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from cockpit.ledger.store import Ledger


def file_of(ledger: Ledger) -> Path | None:
    """Return the store's file, None for a store that a server keeps."""
    is_file = ledger.engine.dialect.name == "sqlite"
    return Path(ledger.engine.url.database or "") if is_file else None


def store_bytes(ledger: Ledger) -> int:
    """Return the size of the store, without what waits in its write-ahead log."""
    file = file_of(ledger)
    if file is not None:
        return file.stat().st_size if file.exists() else 0
    with ledger.reading() as connection:
        return int(connection.scalars(sa.select(sa.func.pg_database_size(sa.func.current_database()))).one())


def wal_bytes(ledger: Ledger) -> int | None:
    """Return the size of the write-ahead log beside the file; None for a store that a server keeps."""
    file = file_of(ledger)
    if file is None:
        return None
    log = file.with_name(f"{file.name}-wal")
    return log.stat().st_size if log.exists() else 0


def disk_free_bytes(ledger: Ledger) -> int | None:
    """Return what is free on the disk of the file; None for a store that a server keeps."""
    file = file_of(ledger)
    return None if file is None else shutil.disk_usage(file.parent).free


def give_back(ledger: Ledger) -> None:
    """Give the room of removed rows back: SQLite writes its file anew while writers wait, PostgreSQL marks it free."""
    raw = ledger.engine.raw_connection()
    try:
        if file_of(ledger) is None:
            raw.rollback()  # whatever was begun at connect
            raw.driver_connection.autocommit = True  # type: ignore[union-attr] # psycopg's own connection
            raw.cursor().execute("VACUUM (ANALYZE)")
        else:
            raw.cursor().execute("VACUUM")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.detach()  # its settings were changed, and nobody else may get it
        raw.close()
