"""Everything that can happen to a file on its way, in one table: what is done to it, and what must become of it."""

import gzip
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.conftest import HEADERS

HEADER = HEADERS["emergency_call"]
NAME = "emergency_call-1.csv"
CALLED, TOWN = HEADER.index("called"), HEADER.index("town")
LOADED: frozenset[int] = frozenset()
HELD = None

Cells = list[list[str]]
Fate = frozenset[int] | None
"""The lines that must be refused, all others being loaded as they were meant; None: the whole file must be held."""


class Mutated(NamedTuple):
    """A file as it arrives: its bytes, what must become of it, and its name."""

    content: bytes
    fate: Fate
    name: str = NAME


Change = Callable[[Cells, random.Random], Mutated]


def written(rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER, by: str = ",", end: str = "\n") -> bytes:
    """Return rows as delimited text."""
    return "".join(by.join(row) + end for row in (header, *rows)).encode()


def cut(share: float) -> Change:
    """Return what cuts a file after a share of its bytes: the row that was cut must be refused, the others are there."""

    def change(rows: Cells, dice: random.Random) -> Mutated:
        whole = written(rows)
        content = whole[: round(share * len(whole))]
        lines = content.count(b"\n")
        if lines == 0 or not is_text(content):
            return Mutated(content, HELD)
        return Mutated(content, LOADED if content.endswith(b"\n") else frozenset({lines + 1}))

    return change


def is_text(content: bytes) -> bool:
    """Whether bytes end with a whole character."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def cut_in_last_row(chars: int) -> Change:
    """Return what takes the last characters of a file away."""

    def change(rows: Cells, dice: random.Random) -> Mutated:
        return Mutated(written(rows)[:-chars], frozenset({len(rows) + 1}))

    return change


def in_one_row(damage: Callable[[list[str]], Sequence[str]]) -> Change:
    """Return what damages one row, which must be refused."""

    def change(rows: Cells, dice: random.Random) -> Mutated:
        at = dice.randrange(len(rows))
        return Mutated(written([*rows[:at], damage(rows[at]), *rows[at + 1 :]]), frozenset({at + 2}))

    return change


def in_every_row(damage: Callable[[list[str]], Sequence[str]], *, fate: Fate = HELD) -> Change:
    """Return what damages every row: a matter of the whole file."""
    return lambda rows, dice: Mutated(written([damage(row) for row in rows]), fate)


def with_header(rename: Callable[[list[str]], list[str]], damage: Callable[[list[str]], list[str]] = list) -> Change:
    """Return what changes the header, and the rows with it."""
    return lambda rows, dice: Mutated(written([damage(row) for row in rows], header=rename(list(HEADER))), HELD)


def encoded_as(encoding: str, fate: Fate) -> Change:
    """Return what writes a file in another encoding than the declared one."""
    return lambda rows, dice: Mutated(written(rows).decode().encode(encoding), fate)


def replaced(row: list[str], at: int, cell: str) -> list[str]:
    """Return a row with another cell at a place."""
    return [*row[:at], cell, *row[at + 1 :]]


def of_bytes(change: Callable[[bytes], bytes], fate: Fate) -> Change:
    """Return what changes the bytes of a file."""
    return lambda rows, dice: Mutated(change(written(rows)), fate)


def twice(rows: Cells, dice: random.Random) -> Mutated:
    """Write some rows twice."""
    return Mutated(written([*rows, *dice.sample(rows, 5)]), LOADED)


def contradicted(rows: Cells, dice: random.Random) -> Mutated:
    """Write one row twice, with two towns: nobody knows which is right."""
    at = dice.randrange(len(rows))
    other = replaced(rows[at], TOWN, "B" if rows[at][TOWN] == "A" else "A")
    return Mutated(written([*rows, other]), frozenset({at + 2, len(rows) + 2}))


def inserted(row: Sequence[str]) -> Change:
    """Return what puts a strange row among the others, which must be refused."""

    def change(rows: Cells, dice: random.Random) -> Mutated:
        at = dice.randrange(1, len(rows))
        return Mutated(written([*rows[:at], row, *rows[at:]]), frozenset({at + 2}))

    return change


def day_first(stamp: str) -> str:
    """Return 2026-03-04T09:00:00 as 04/03/2026 09:00:00."""
    return f"{stamp[8:10]}/{stamp[5:7]}/{stamp[:4]} {stamp[11:]}"


def shuffled(rows: Cells, dice: random.Random) -> Mutated:
    """Write the rows in another order."""
    return Mutated(written(dice.sample(rows, len(rows))), LOADED)


def half_zipped(rows: Cells, dice: random.Random) -> Mutated:
    """Cut a gzip file."""
    packed = gzip.compress(written(rows), mtime=0)
    return Mutated(packed[: dice.randrange(20, len(packed) - 1)], HELD, "emergency_call-1.csv.gz")


def zipped(rows: Cells, dice: random.Random) -> Mutated:
    """Gzip a file."""
    return Mutated(gzip.compress(written(rows), mtime=0), LOADED, "emergency_call-1.csv.gz")


MUTATIONS: dict[str, Change] = {
    **{f"cut after {n}/20": cut(n / 20) for n in range(1, 20)},
    **{f"the last {n} characters missing": cut_in_last_row(n) for n in (1, 2, 3, 5)},
    "a column renamed": with_header(lambda header: [*header[:-1], "genauigkeit"]),
    "columns in another order": with_header(lambda header: header[::-1], lambda row: row[::-1]),
    "a column dropped": with_header(lambda header: header[:-1], lambda row: row[:-1]),
    "a column added": with_header(lambda header: [*header, "remark"], lambda row: [*row, "x"]),
    "the header in capitals": with_header(lambda header: [name.upper() for name in header]),
    "the header gone": of_bytes(lambda content: content.partition(b"\n")[2], HELD),
    "the header repeated": inserted(HEADER),
    "in gb18030": encoded_as("gb18030", HELD),
    "in utf-16": encoded_as("utf-16", HELD),
    "with a byte order mark": encoded_as("utf-8-sig", LOADED),
    "one byte that is no text": of_bytes(lambda content: content[:-40] + b"\xff" + content[-40:], HELD),
    "read as gb18030 and saved": of_bytes(lambda content: content.decode("gb18030", "replace").encode(), HELD),
    "lines that end with CR LF": lambda rows, dice: Mutated(written(rows, end="\r\n"), LOADED),
    "lines that end with CR": lambda rows, dice: Mutated(written(rows, end="\r"), LOADED),
    "blank lines between": of_bytes(lambda content: content.replace(b"\n", b"\n\n"), LOADED),
    "every cell quoted": in_every_row(lambda row: [f'"{cell}"' for cell in row], fate=LOADED),
    "a quote never closed": of_bytes(lambda content: content[:-60] + b',"' + content[-60:], HELD),
    "cells shifted right": in_one_row(lambda row: ["", *row]),
    "cells shifted left within the row": in_one_row(lambda row: [*row[:CALLED], *row[CALLED + 1 :], ""]),
    "a cell missing": in_one_row(lambda row: row[:-1]),
    "a delimiter at the end of one line": in_one_row(lambda row: [*row, ""]),
    "a delimiter at the end of every row": in_every_row(lambda row: [*row, ""]),
    "a delimiter at the end of every line": with_header(lambda header: [*header, ""], lambda row: [*row, ""]),
    "another delimiter": lambda rows, dice: Mutated(written(rows, by=";"), HELD),
    "tabs": lambda rows, dice: Mutated(written(rows, by="\t"), HELD),
    "lines twice": twice,
    "two lines that contradict each other": contradicted,
    "a line of sums at the end": lambda rows, dice: Mutated(written([*rows, ["合计", "40"]]), frozenset({len(rows) + 2})),
    "nothing at all": lambda rows, dice: Mutated(b"", HELD),
    "NUL bytes": of_bytes(lambda content: content[:-80] + b"\0\0" + content[-80:], HELD),
    "zeros where the disk lost its pages": of_bytes(lambda content: content[:-200] + b"\0" * 200, HELD),
    "a very long cell": of_bytes(lambda content: content[:-40] + b"x" * 2_000_000 + content[-40:], HELD),
    "a revision as 1E5": in_one_row(lambda row: replaced(row, 1, "1E5")),
    "revisions as 1E5": in_every_row(lambda row: replaced(row, 1, "1E5")),
    "a revision with a part": in_one_row(lambda row: replaced(row, 1, "0.5")),
    "a date in another format": in_one_row(lambda row: replaced(row, CALLED, day_first(row[CALLED]))),
    "dates in another format": in_every_row(lambda row: replaced(row, CALLED, day_first(row[CALLED]))),
    "dates as serial numbers": in_every_row(lambda row: replaced(row, CALLED, "46085.375")),
    "a day that does not exist": in_one_row(lambda row: replaced(row, CALLED, "2026-02-30T09:00:00")),
    "a row of a year ago its clock was wrong": in_one_row(lambda row: replaced(row, CALLED, "1970-01-01T00:00:00")),
    "a row of the day after tomorrow": in_one_row(lambda row: replaced(row, CALLED, "2026-03-06T09:00:00")),
    "rows in another order": shuffled,
    "a gzip file cut": half_zipped,
    "a gzip file": zipped,
}
