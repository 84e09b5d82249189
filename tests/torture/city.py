"""A small city whose departments deliver files, and a ledger of every line that they deliver.

The ledger is plain CSV, written by this file alone: what the cockpit makes of the files is held against it.
"""

import csv
import hashlib
import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cockpit.site import Site, load_site
from tests.conftest import FIELDS, HEADERS

BEGAN = int(datetime(2026, 3, 4, 9, tzinfo=UTC).timestamp())
INTERVAL_S = 60
LEDGER_HEADER = ("source", "file", "content", "size", "mtime_ns", "line", "fate", "reason", "cells")
CALL, STATUS = "emergency_call", "vehicle_status"


class Line(NamedTuple):
    """One line of a file as it was meant: `fate` is row, duplicate or refused, `reason` why it must be refused."""

    cells: Sequence[str]
    fate: str = "row"
    reason: str = ""


class Delivered(NamedTuple):
    """One version of one file, as it was delivered."""

    source: str
    file: str
    content: str
    size: int
    mtime_ns: int
    lines: Mapping[int, Line]


def stamp(at: float) -> str:
    """Return an instant as the files write it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def encoded(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a file; no cell needs a quote."""
    return "".join(",".join(row) + "\n" for row in (header, *rows)).encode()


@dataclass
class Departments:
    """Who delivers: calls and their status events, corrections, lines that must be refused, files written anew."""

    folder: Path
    seed: int
    calls_a_file: int = 6
    dice: random.Random = field(init=False)
    told: int = 0
    now: float = float(BEGAN)
    files: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.dice = random.Random(self.seed)
        self.inbox = self.folder / "site"
        self.inbox.mkdir()
        self.ledger = self.folder / "ledger.csv"
        with self.ledger.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(LEDGER_HEADER)
        self.write_site()
        self.deliver("town", "town.csv", [Line(("A", "Anning")), Line(("B", "Beihe"))])
        self.deliver("station", "station.csv", [Line(("s1", "North", "A")), Line(("s2", "South", "B"))])

    def write_site(self, more: Mapping[str, str] | None = None) -> Site:
        """Write `site.toml`, with more said of some sources, and read it."""
        parts = ['key = "torture"', 'title = "A city under torture"', 'time_zone = "UTC"', "date_floor = 2020-01-01"]
        for table, header in HEADERS.items():
            parts += [f'[[sources]]\nkey = "{table}"\nkind = "csv"\ntitle = "{table}"\npath = "{table}*.csv*"']
            parts += [
                f'encoding = "utf-8"\nheader = {list(header)}\ninterval_s = {INTERVAL_S}\nsettle_s = 0',
                (more or {}).get(table, ""),
            ]
            parts += [f'[[sources.reads]]\ntable = "{table}"\nfields = {{ {FIELDS[table]} }}']
        (self.inbox / "site.toml").write_text("\n".join(parts), encoding="utf-8")
        return load_site(self.inbox)

    def deliver(self, source: str, name: str, lines: Sequence[Line]) -> Path:
        """Put a file into its folder at once, and every line of it into the ledger."""
        return self.place(source, name, encoded(HEADERS[source], (line.cells for line in lines)), lines)

    def place(self, source: str, name: str, content: bytes, lines: Sequence[Line]) -> Path:
        """Put bytes that mean these lines into their folder, as if written a while ago; the ledger has them first."""
        self.files += 1
        path, mtime_ns = self.inbox / name, int(self.now - 3600) * 10**9 + self.files
        with self.ledger.open("a", encoding="utf-8", newline="") as file:
            digest, shared = hashlib.sha256(content).hexdigest(), (len(content), mtime_ns)
            rows = [(n, line.fate, line.reason, json.dumps(line.cells, ensure_ascii=False)) for n, line in enumerate(lines, 2)]
            csv.writer(file).writerows((source, name, digest, *shared, *row) for row in rows or [(0, "empty", "", "[]")])
        written = self.folder / f"{name}.writing"
        written.write_bytes(content)
        os.utime(written, ns=(mtime_ns, mtime_ns))
        return written.replace(path)

    def drop(self) -> None:
        """Deliver a file of calls and one of status events; now and then one that was delivered before is written anew."""
        numbers = range(self.told, self.told + self.calls_a_file)
        self.told += self.calls_a_file
        piece = numbers[0] // self.calls_a_file
        self.deliver(CALL, f"{CALL}-{piece:05d}.csv", [*self.calls(numbers), *self.faults(piece)])
        self.deliver(STATUS, f"{STATUS}-{piece:05d}.csv", self.statuses(numbers))
        if piece and self.dice.random() < 0.25:
            self.rewrite(piece - 1)

    def rewrite(self, piece: int) -> None:
        """Deliver a file of calls once more, every call corrected."""
        numbers = range(piece * self.calls_a_file, (piece + 1) * self.calls_a_file)
        rev = 2 * self.told + 1
        self.deliver(CALL, f"{CALL}-{piece:05d}.csv", [self.call(n, rev=rev, later_s=7) for n in numbers])

    def calls(self, numbers: Iterable[int]) -> Iterator[Line]:
        """Yield calls, one of them twice, and a correction of an earlier one."""
        lines = [self.call(n) for n in numbers]
        yield from lines
        yield Line(lines[0].cells, "duplicate")
        corrected = self.told - self.calls_a_file - 5
        if corrected >= 0:
            yield self.call(corrected, rev=2 * self.told, later_s=3)

    def call(self, number: int, *, rev: int = 0, later_s: int = 0) -> Line:
        """Return one call; the same number and revision is always the same line."""
        at = self.called_at(number)
        town, outcome = "AB?"[number % 3], ("派车", "派车", "取消", "")[number % 4]
        return Line((f"c{number}", str(rev), f"i{number}", stamp(at), stamp(at + 5 + later_s), "", town, outcome, "s"))

    def called_at(self, number: int) -> int:
        """Return when a call came (UTC s): the last two hours before the departments began to deliver, again and again."""
        return BEGAN - 7200 + 11 * number % 7000

    def faults(self, piece: int) -> Iterator[Line]:
        """Yield lines that must be refused, each for a reason of its own, or none."""
        at, kind = stamp(BEGAN), self.dice.randrange(5)
        head = (f"b{piece}", "0", f"j{piece}")
        if kind == 0:
            yield Line((*head, "no time", at, "", "A", "", "s"), "refused", "unparsable")
        if kind == 1:
            yield Line((*head, at, at, "", "A", "送达", "s"), "refused", "not_allowed")
        if kind == 2:
            yield Line((*head, at, at, "", "A"), "refused", "ragged")
        if kind == 3:
            yield Line((*head, at, at, "", "A", "", "s"), "refused", "conflict")
            yield Line((*head, at, at, "", "B", "", "s"), "refused", "conflict")

    def statuses(self, numbers: Iterable[int]) -> list[Line]:
        """Return the status events of the calls' runs."""
        after = {"DISPATCHED": 60, "EN_ROUTE": 150, "ON_SCENE": 500, "AVAILABLE": 2000}
        return [self.status(n, status, after_s + n % 90) for n in numbers for status, after_s in after.items()]

    def status(self, number: int, status: str, after_s: int) -> Line:
        """Return one status event."""
        at = stamp(self.called_at(number) + after_s)
        return Line((f"{number}-{status}", "0", f"r{number}", f"i{number}", f"s{1 + number % 2}", status, at, "按键"))

    def delivered(self) -> list[Delivered]:
        """Read the ledger back: every version of every file, in the order of delivery."""
        found: dict[tuple[str, ...], dict[int, Line]] = {}
        with self.ledger.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                lines = found.setdefault(tuple(row[name] for name in LEDGER_HEADER[:5]), {})
                if row["fate"] != "empty":
                    lines[int(row["line"])] = Line(tuple(json.loads(row["cells"])), row["fate"], row["reason"])
        return [Delivered(*key[:3], int(key[3]), int(key[4]), lines) for key, lines in found.items()]
