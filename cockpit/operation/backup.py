"""A backup: every row of the store as it is at one moment, the site's configuration, and what the city's metrics were.

A table is a member of JSON lines, one row each: whole and real numbers as Python writes them, which is exact, text as it
is, bytes in base64. So it is the road from one kind of store to the other too.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cockpit.answer import metrics_answer
from cockpit.environment import ENVIRONMENT
from cockpit.ledger.read import tick_at
from cockpit.ledger.store import Ledger
from cockpit.operation.archive import new_archive
from cockpit.scope import CITY
from cockpit.site import Site
from cockpit.view import open_view

FORMAT = 1
METRICS = "metrics.json"
SITE = "site/"
ROWS_A_PIECE = 5_000


def kept_tables(ledger: Ledger) -> dict[str, sa.Table]:
    """Return the tables that a backup holds, by name: all that say what the city knows."""
    return {table.name: table for table in ledger.metadata.sorted_tables if table not in ledger.own_books}


def member_of(table: str) -> str:
    """Name the member that holds a table."""
    return f"tables/{table}.jsonl"


def back_up(ledger: Ledger, site: Site, target: Path, *, version: str, now: float) -> Mapping[str, Any]:
    """Write a backup and return its manifest; all tables are read in one transaction, while writes go on.

    Raises: BackupError.
    """
    with new_archive(target) as archive:
        tables: dict[str, Any] = {}
        with ledger.reading() as connection:
            tick = tick_at(connection, ledger)
            for name, table in kept_tables(ledger).items():
                counted = Counted(connection, table)
                archive.add(member_of(name), counted.pieces())
                tables[name] = {"columns": list(table.columns.keys()), "rows": counted.count}
        archive.add(METRICS, iter([metrics_told(ledger, site, tick.number)]))
        for path in configuration(site):
            archive.add(SITE + path.relative_to(site.folder).as_posix(), iter([path.read_bytes()]))
        made_at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "version": version, "site": site.key, "made_at": made_at, "tick": tick.number}
        archive.close({**manifest, "tables": tables})
        return {**manifest, "tables": tables, "members": archive.members}


class Counted:
    """The rows of one table, in the order of its key, as JSON lines; they are counted on the way."""

    def __init__(self, connection: sa.Connection, table: sa.Table) -> None:
        """Remember what to read."""
        self.connection, self.table, self.count = connection, table, 0

    def pieces(self) -> Iterator[bytes]:
        """Yield some thousands of rows at a time."""
        for rows in self.portions():
            self.count += len(rows)
            yield "".join(json.dumps(row, ensure_ascii=False, default=as_text) + "\n" for row in rows).encode()

    def portions(self) -> Iterator[list[list[Any]]]:
        """Yield rows in the order of their key; text is ordered here, for every store orders it in a way of its own."""
        key = list(self.table.primary_key.columns)
        if all(isinstance(column.type, sa.Integer) for column in key):
            found = self.connection.execution_options(yield_per=ROWS_A_PIECE).execute(sa.select(self.table).order_by(*key))
            for rows in found.partitions():
                yield [list(row) for row in rows]
        else:
            places = [list(self.table.columns).index(column) for column in key]
            rows = self.connection.execute(sa.select(self.table)).all()
            yield sorted((list(row) for row in rows), key=lambda row: [row[i] for i in places])


def table_digest(connection: sa.Connection, table: sa.Table) -> str:
    """Return the sha256 that a table's member would have."""
    digest = hashlib.sha256()
    for piece in Counted(connection, table).pieces():
        digest.update(piece)
    return digest.hexdigest()


def as_text(value: object) -> dict[str, str]:
    """Return bytes as JSON can hold them; no other value is unknown to it."""
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    raise TypeError(f"a store holds no {type(value).__name__}")


def metrics_told(ledger: Ledger, site: Site, number: int) -> bytes:
    """Return all city metrics and their parts as they were known at a tick, which no clock changes any more."""
    if number == 0:
        return b"null"
    view = replace(open_view(ledger, site, 0.0, number=number), is_aged=False)
    answer = metrics_answer(view, CITY, "en", with_parts=True)
    return json.dumps(answer, ensure_ascii=False, sort_keys=True).encode()


def configuration(site: Site) -> list[Path]:
    """Return what a site folder says of the city: `site.toml` and the lists that it names; no records, and no secrets."""
    named = ["site.toml", *(source.path for source in site.sources if source.path and source.static)]
    named += [site.boundaries] if site.boundaries else []
    named += ["*.csv"] if site.simulation else []  # simulated departments know more lists than they send
    found = {path for name in named if not Path(name).is_absolute() for path in site.folder.glob(name) if path.is_file()}
    return sorted(path for path in found if path.resolve().is_relative_to(site.folder) and path.name != ENVIRONMENT)
