"""The laws that hold after every fault, whatever it was: each function returns what violates one, in sentences.

I1 every line that came is inserted, updated, unchanged, outdated, refused or a duplicate, and in the store once.
I2 the metrics are those of an oracle.  I3 is held by `tests.torture.reader`, which reads all the while.
I4 the quarantine is exactly the lines that must be refused.  I5 no cursor is ahead of what was committed.
I6 one pass without a fault is enough (whoever calls this has run just one).  I8 no file is left that nobody needs.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cockpit.columns import load_columns
from cockpit.evaluate import catalogue
from cockpit.ledger.read import source_states, tick_at
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from tests.oracle.comparison import differences
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import Oracle
from tests.oracle.records import City
from tests.torture.city import Delivered, Departments
from tests.torture.expected import SHAPE, Book, Refused, book_of

CITY = City(zone=ZoneInfo("UTC"), cannot_know=frozenset(), fed=frozenset(SHAPE))
STORE_SUFFIXES = ("", "-wal", "-shm")


class Checker:
    """Holds one store against one ledger of what was delivered."""

    def __init__(self, departments: Departments, ledger: Ledger, *, is_held: frozenset[str] = frozenset()) -> None:
        self.departments, self.ledger = departments, ledger
        self.delivered = departments.delivered()
        self.is_held = is_held

    def violations(self, site: Site, *, with_metrics: bool = True) -> list[str]:
        """Return all that is wrong with the store, after a pass that was to heal it."""
        with self.ledger.reading() as connection:
            batches = list(self.batches(connection))
            book = book_of(delivered for _, delivered in batches if delivered)
            found = [*self.i1_batches(batches, book), *self.i1_whole(batches), *self.i1_versions(connection, book)]
            found += [*self.i4(connection, book), *cursors_ahead(connection, self.ledger, self.delivered)]
            found += self.i2(connection, book, site) if with_metrics else []
        return found

    def batches(self, connection: sa.Connection) -> Iterator[tuple[Mapping[str, Any], Delivered | None]]:
        """Yield every batch that was loaded, in order, with what was delivered."""
        known = {(d.source, d.file, d.content): d for d in self.delivered}
        books = self.ledger.batches
        query = sa.select(books).where(books.c.state == "loaded").order_by(books.c.id)
        for row in connection.execute(query).mappings():
            if row["origin"].startswith("released: "):
                continue
            yield row, known.get((row["source"], row["origin"], row["content"]))

    def i1_batches(self, batches: list[tuple[Mapping[str, Any], Delivered | None]], book: Book) -> Iterator[str]:
        """Hold the counts of each batch against its lines."""
        outcomes = iter(book.outcomes)
        for row, delivered in batches:
            if delivered is None:
                yield f"I1: batch {row['id']} ({row['origin']}) holds what nobody delivered"
                continue
            told = next(outcomes)
            parts = told.inserted + told.updated + told.unchanged + told.outdated + told.refused + told.duplicate
            names = ("read_count", "duplicate_count", "refused_count", "opened_count", "closed_count")
            expected = (told.rows_in, told.duplicate, told.refused, told.opened, told.closed)
            if parts != told.rows_in or tuple(row[name] for name in names) != expected:
                yield f"I1: batch {row['id']} ({row['origin']}) says {[row[n] for n in names]}, its lines say {list(expected)}"

    def i1_whole(self, batches: list[tuple[Mapping[str, Any], Delivered | None]]) -> Iterator[str]:
        """Find what was loaded twice in a row, and files whose last version never was."""
        newest = {d.file: d for d in self.delivered}
        loaded: dict[str, str] = {}
        for row, _ in batches:
            if loaded.get(row["origin"]) == row["content"]:
                yield f"I1: {row['origin']} was loaded twice"
            loaded[row["origin"]] = row["content"]
        for name, delivered in newest.items():
            if delivered.lines and name not in self.is_held and loaded.get(name) != delivered.content:
                yield f"I1: {name} was not loaded as it is now"

    def unloaded(self) -> list[str]:
        """Return what was delivered and is not loaded as it is now."""
        with self.ledger.reading() as connection:
            return list(self.i1_whole(list(self.batches(connection))))

    def i1_versions(self, connection: sa.Connection, book: Book) -> Iterator[str]:
        """Hold every version of every row, and the current ones, as multisets against the lines."""
        for source, shape in SHAPE.items():
            table = self.ledger.tables[source]
            query = sa.select(*(table.c[name] for name, _ in shape), table.c.known_to)
            rows = [tuple(row) for row in connection.execute(query)]
            kept, current = Counter(row[:-1] for row in rows), Counter(row[:-1] for row in rows if row[-1] is None)
            yield from differing(f"I1: versions of {source}", kept, +book.versions.get(source, Counter()))
            expected = Counter(version.fields for version in book.current.get(source, {}).values())
            yield from differing(f"I1: current rows of {source}", current, expected)

    def i2(self, connection: sa.Connection, book: Book, site: Site) -> list[str]:
        """Hold every metric against the oracle, of the city and of its parts, in every window."""
        tick = tick_at(connection, self.ledger)
        columns = load_columns(connection, self.ledger, sorted({catalogue()[key].table for key in METRICS}), tick)
        oracle = Oracle(book.records(), CITY, tick.as_of)
        found = [difference for key in METRICS for difference in differences(columns, site, oracle, key)[0]]
        return [f"I2: {difference}" for difference in found]

    def i4(self, connection: sa.Connection, book: Book) -> Iterator[str]:
        """Hold the quarantine against the lines that must be refused."""
        table = self.ledger.tables["quarantine"].c
        query = sa.select(table.source, table.origin, table.line, table.reason, table.raw).where(table.known_to.is_(None))
        rows = Counter(
            Refused(*row[:4], json.dumps(json.loads(row[4]), ensure_ascii=False)) for row in connection.execute(query)
        )
        yield from differing("I4: quarantine", rows, Counter(book.quarantine.values()))


def differing(what: str, found: Counter[Any], expected: Counter[Any]) -> Iterator[str]:
    """Say what is too many and what is missing."""
    for row, count in (found - expected).items():
        yield f"{what}: {count} too many of {row}"
    for row, count in (expected - found).items():
        yield f"{what}: {count} missing of {row}"


def cursors_ahead(connection: sa.Connection, ledger: Ledger, delivered: list[Delivered]) -> Iterator[str]:
    """Find files that a cursor passes over though the books have nothing of what they held then."""
    marked = {(d.source, d.file, d.size, d.mtime_ns): d for d in delivered}
    books = ledger.batches.c
    known = {tuple(row) for row in connection.execute(sa.select(books.source, books.origin, books.content))}
    unread = {tuple(row) for row in connection.execute(sa.select(books.source, books.origin).where(books.content == ""))}
    for source, state in source_states(connection, ledger).items():
        for name, size, mtime_ns in passed_over(state.cursor):
            read = marked.get((source, name, size, mtime_ns))
            if read is not None and not read.lines:
                continue  # a read that brought nothing is not written down
            if read is None or ((source, name, read.content) not in known and (source, name) not in unread):
                yield f"I5: the cursor of {source} has passed {name}, which is not in the books"


def passed_over(cursor: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Yield the files that a cursor says need not be read again: name, bytes, and when they were written (ns)."""
    for name, mark in cursor.items():
        if isinstance(mark, list):
            yield name, mark[0], mark[1]


def left_behind(store: Path, departments: Departments, scratch: Path) -> Iterator[str]:
    """Find files that nobody needs: beside the store, in the folder of the files, in the folder for temporary ones."""
    needed = {f"{store.name}{suffix}" for suffix in STORE_SUFFIXES} | {f"{store.stem}.schedule.lock", f"{store.name}.lock"}
    delivered = {d.file for d in departments.delivered()} | {"site.toml"}
    for folder, names in ((store.parent, needed), (departments.inbox, delivered), (scratch, set())):
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in names:
                yield f"I8: {path} is left behind"
