"""What the store must hold after some files were loaded in some order, worked out from the ledger alone, line by line."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.conftest import HEADERS
from tests.oracle.records import UNKNOWN_TOWN, Row
from tests.torture.city import Delivered

Value = Callable[[str], Any]


def text(cell: str) -> str | None:
    return cell or None


def instant(cell: str) -> int | None:
    return int(datetime.fromisoformat(cell).replace(tzinfo=UTC).timestamp()) if cell else None


def town(cell: str) -> str:
    return cell if cell in {"A", "B"} else UNKNOWN_TOWN


SHAPE: Mapping[str, Sequence[tuple[str, Value]]] = {
    "town": (("town_code", text), ("name", text)),
    "station": (("station_id", text), ("name", text), ("town_code", town)),
    "emergency_call": (
        ("call_id", text),
        ("rev", int),
        ("incident_id", text),
        ("event_at", instant),
        ("t_answer", instant),
        ("t_accept_end", instant),
        ("town_code", town),
        ("outcome", text),
        ("time_precision", text),
    ),
    "vehicle_status": (
        ("event_id", text),
        ("rev", int),
        ("run_id", text),
        ("incident_id", text),
        ("station_id", text),
        ("status", text),
        ("event_at", instant),
        ("source", text),
    ),
}
"""The fields that the cells of each source's lines mean, in order; the first is the key."""


class Version(NamedTuple):
    """One version of one row: its revision and its fields."""

    rev: int
    fields: tuple[Any, ...]


class Refused(NamedTuple):
    """One line in quarantine."""

    source: str
    origin: str
    line: int
    reason: str
    raw: str


class Outcome(NamedTuple):
    """What became of the lines of one batch."""

    rows_in: int
    inserted: int
    updated: int
    unchanged: int
    outdated: int
    refused: int
    duplicate: int
    opened: int
    closed: int


@dataclass
class Book:
    """All that is known after some deliveries: of each key every version, and which one is current."""

    versions: dict[str, Counter[tuple[Any, ...]]] = field(default_factory=dict)
    current: dict[str, dict[str, Version]] = field(default_factory=dict)
    newest: dict[tuple[str, str], int] = field(default_factory=dict)
    quarantine: dict[tuple[str, str], Refused] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    def take(self, delivered: Delivered) -> Outcome:
        """Load one version of a file, and return what becomes of its lines."""
        good = [line.cells for line in delivered.lines.values() if line.fate == "row"]
        told: dict[str, dict[int, Version]] = {}
        for cells in good:
            version = version_of(delivered.source, cells)
            told.setdefault(version.fields[0], {})[version.rev] = version
        counts: Counter[str] = Counter()
        for key, versions in told.items():
            self.told(delivered.source, key, versions, counts)
        opened, closed = self.refuse(delivered)
        fates = Counter(line.fate for line in delivered.lines.values())
        outcome = Outcome(
            rows_in=len(delivered.lines),
            inserted=counts["inserted"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            outdated=counts["outdated"],
            refused=fates["refused"],
            duplicate=fates["duplicate"],
            opened=opened + counts["inserted"] + counts["updated"] + counts["new outdated"],
            closed=closed + counts["updated"],
        )
        self.outcomes.append(outcome)
        return outcome

    def told(self, source: str, key: str, versions: Mapping[int, Version], counts: Counter[str]) -> None:
        """Take in every version of one key that a file holds."""
        current = self.current.setdefault(source, {})
        best = max(versions)
        known_upto = self.newest.get((source, key), -1)
        for rev, version in sorted(versions.items()):
            if current.get(key) == version:
                counts["unchanged"] += 1
            elif rev < best or rev < known_upto:
                counts["outdated"] += 1
                counts["new outdated"] += self.keep(source, version, is_current=False)
            else:
                counts["updated" if key in current else "inserted"] += 1
                self.keep(source, version, is_current=True)
                current[key] = version
        self.newest[source, key] = max(best, known_upto)

    def keep(self, source: str, version: Version, *, is_current: bool) -> bool:
        """Keep a version, one that never was current only once; whether it is new."""
        kept = self.versions.setdefault(source, Counter())
        if not is_current and kept[version.fields]:
            return False
        kept[version.fields] += 1
        return True

    def refuse(self, delivered: Delivered) -> tuple[int, int]:
        """Put the refused lines of a file into quarantine, and take out what it refuses no more; count both."""
        refused = {}
        for number, line in delivered.lines.items():
            if line.fate == "refused":
                raw = raw_of(delivered.source, line.cells, line.reason)
                row = Refused(delivered.source, delivered.file, number, line.reason, raw)
                refused.setdefault((delivered.source, raw), row)
        gone = [k for k, row in self.quarantine.items() if row[:2] == (delivered.source, delivered.file) and k not in refused]
        changed = [k for k, row in refused.items() if k in self.quarantine and self.quarantine[k] != row]
        opened = [k for k, row in refused.items() if self.quarantine.get(k) != row]
        for key in gone:
            del self.quarantine[key]
        self.quarantine.update(refused)
        return len(opened), len(gone) + len(changed)

    def records(self) -> dict[str, list[Row]]:
        """Return the current rows as plain records, as the oracle of the metrics takes them."""
        return {
            source: [dict(zip((name for name, _ in SHAPE[source]), v.fields, strict=True)) for v in rows.values()]
            for source, rows in {name: self.current.get(name, {}) for name in SHAPE}.items()
        } | {"quarantine": [row._asdict() for row in self.quarantine.values()]}


def version_of(source: str, cells: Sequence[str]) -> Version:
    """Return what the cells of a line mean."""
    fields = tuple(value(cell) for (_, value), cell in zip(SHAPE[source], cells, strict=True))
    names = [name for name, _ in SHAPE[source]]
    return Version(fields[names.index("rev")] if "rev" in names else 0, fields)


def raw_of(source: str, cells: Sequence[str], reason: str) -> str:
    """Return a refused line as the quarantine must keep it: every cell under its column, or the bare cells."""
    return json.dumps(
        {"cells": list(cells)} if reason == "ragged" else dict(zip(HEADERS[source], cells, strict=True)), ensure_ascii=False
    )


def book_of(loaded: Iterable[Delivered]) -> Book:
    """Return what is known after these files were loaded in this order."""
    book = Book()
    for delivered in loaded:
        book.take(delivered)
    return book
