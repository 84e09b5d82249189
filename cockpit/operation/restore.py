"""A backup put back: into an empty store, whole or not at all; and the proof that it is what it was."""

import base64
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

import sqlalchemy as sa

from cockpit.errors import BackupError
from cockpit.ledger.store import Ledger
from cockpit.operation.archive import checked_manifest
from cockpit.operation.backup import FORMAT, METRICS, ROWS_A_PIECE, SITE, kept_tables, member_of, metrics_told, table_digest
from cockpit.site import load_site


@dataclass(frozen=True)
class Archive:
    """A backup whose every byte was checked."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """What the manifest says of each table."""
        return dict(self.manifest["tables"])

    @property
    def row_count(self) -> int:
        """How many rows it holds."""
        return sum(told["rows"] for told in self.tables.values())

    def sha256(self, member: str) -> str:
        """Return what a member was written as."""
        return str(self.manifest["members"][member]["sha256"])


def opened(path: Path) -> Archive:
    """Open a backup. Raises: BackupError when a byte of it is not what was written, or another version made it."""
    manifest = checked_manifest(path)
    if manifest["format"] != FORMAT:
        raise BackupError(f"{path} was made by version {manifest['version']}, in a format that this one does not read")
    return Archive(path, manifest)


def restore(archive: Archive, ledger: Ledger) -> None:
    """Put a backup into an empty store, in one transaction. Raises: BackupError, and nothing is written."""
    tables = kept_tables(ledger)
    refuse_foreign(archive, tables)
    with ledger.writing() as connection, ZipFile(archive.path) as bundle:
        refuse_filled(connection, ledger)
        for table in reversed(tables.values()):
            connection.execute(table.delete())  # what a new store notes of itself, the backup notes too
        for name, told in archive.tables.items():
            with bundle.open(member_of(name)) as member:
                count = fill(connection, tables[name], told["columns"], member)
            if count != told["rows"]:
                raise BackupError(f"{archive.path}: {member_of(name)} has {count} rows, its manifest says {told['rows']}")
        go_on_counting(connection, tables)


def refuse_foreign(archive: Archive, tables: Mapping[str, sa.Table]) -> None:
    """Raise BackupError when a backup has what this version does not know, or has not what it needs."""
    wrong = [f"table {name}" for name in archive.tables if name not in tables]
    for name in archive.tables.keys() & tables.keys():
        held, known = set(archive.tables[name]["columns"]), tables[name].columns
        wrong += [f"column {name}.{column}" for column in sorted(held - set(known.keys()))]
        wrong += [f"no {name}.{c.name}" for c in known if c.name not in held and not c.nullable and c.server_default is None]
    if wrong:
        raise BackupError(
            f"{archive.path} has {', '.join(wrong)}, unlike this version: restore it with the version that made it, "
            f"{archive.manifest['version']}, and upgrade that store"
        )


def refuse_filled(connection: sa.Connection, ledger: Ledger) -> None:
    """Raise BackupError when a store knows something already."""
    for table in (ledger.ticks, ledger.batches, ledger.sources):
        if connection.execute(sa.select(table).limit(1)).first() is not None:
            raise BackupError("the store is not empty; nothing was restored: give the URL of a new one with --store")


def fill(connection: sa.Connection, table: sa.Table, columns: list[str], member: IO[bytes]) -> int:
    """Insert the rows of a member and return how many there were. Raises: BackupError."""
    count = 0
    try:
        while rows := list(islice(member, ROWS_A_PIECE)):
            connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in decoded(rows)])
            count += len(rows)
    except sa.exc.DBAPIError as error:
        raise BackupError(f"table {table.name}: the store refuses a row: {error.orig}") from error
    return count


def decoded(lines: list[bytes]) -> Iterator[list[Any]]:
    """Yield rows as they were."""
    for line in lines:
        yield [base64.b64decode(value["base64"]) if isinstance(value, dict) else value for value in json.loads(line)]


def go_on_counting(connection: sa.Connection, tables: Mapping[str, sa.Table]) -> None:
    """Let a server's own counters go on behind the numbers that were put in; SQLite looks at its table."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        if table.autoincrement_column is not None:
            column = table.autoincrement_column
            counter = sa.func.pg_get_serial_sequence(table.name, column.name)
            newest = sa.select(sa.func.max(column)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(counter, sa.func.coalesce(newest, 1), newest.is_not(None))))


def proven(archive: Archive, ledger: Ledger) -> str:
    """Compare a restored store with what its backup was made of, bit for bit, and say what was compared.

    Raises: BackupError naming what differs.
    """
    tables = kept_tables(ledger)
    with ledger.reading() as connection:
        for name in archive.tables:
            if table_digest(connection, tables[name]) != archive.sha256(member_of(name)):
                raise BackupError(f"{archive.path}: the rows of {name} are not those of the backup")
    count = compare_metrics(archive, ledger)
    return (
        f"compared and equal: {archive.row_count:,} rows of {len(archive.tables)} tables, "
        f"and {count:,} readings of the city and its parts at tick {archive.manifest['tick']}"
    )


def compare_metrics(archive: Archive, ledger: Ledger) -> int:
    """Compute all metrics anew, compare every reading that the backup has, and return how many. Raises: BackupError."""
    with tempfile.TemporaryDirectory() as folder, ZipFile(archive.path) as bundle:
        put_site(archive, Path(folder) / "site")
        now = json.loads(metrics_told(ledger, load_site(Path(folder) / "site"), archive.manifest["tick"]))
        then = json.loads(bundle.read(METRICS))
    if then is None:
        return 0
    found = {named(reading): reading for reading in now["metrics"]}
    differing = {reading["key"] for reading in then["metrics"] if json.dumps(found.get(named(reading))) != json.dumps(reading)}
    differing |= {name for name in then if name != "metrics" and now[name] != then[name]}
    if differing:
        raise BackupError(
            f"{archive.path} was made by version {archive.manifest['version']}, and after the restore these are not what they "
            f"were: {', '.join(sorted(differing))}"
        )
    return len(then["metrics"])


def named(reading: Mapping[str, Any]) -> str:
    """Return what tells a reading from all others: metric, window and part."""
    return json.dumps([reading["key"], reading["window"]["name"], reading["dims"]])


def put_site(archive: Archive, folder: Path) -> None:
    """Put the site's configuration into a new folder. Raises: BackupError when there is something."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty; give a new folder for the site")
    with ZipFile(archive.path) as bundle:
        for name in bundle.namelist():
            if name.startswith(SITE):
                path = folder / name.removeprefix(SITE)
                if not path.resolve().is_relative_to(folder.resolve()):
                    raise BackupError(f"{archive.path}: {name} points outside of its folder")
                path.parent.mkdir(parents=True, exist_ok=True)
                with bundle.open(name) as member, path.open("wb") as file:
                    shutil.copyfileobj(member, file)
