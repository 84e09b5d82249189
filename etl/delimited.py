"""Delimited text: rows of cells from a stream, within bounds of memory, and the extract that they make."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

import pandas as pd

from cockpit.errors import BatchHeld
from cockpit.source_config import SourceConfig
from etl.batch import LINE, Extract, Refusal, quarantine_rows
from etl.garbled import is_garbled
from etl.mapping import raw_frame

ROW_LIMIT = 1_000_000
"""Longest row in characters; a longer one means a broken quote, or no rows at all."""

COLUMN_LIMIT = 10_000
"""Most cells in a row; no department has so many columns."""

CELL_LIMIT = 20_000_000
"""Most cells in a file: about 2 GB of memory; more must come in several files."""

ROWS_LIMIT = 3_000_000
"""Most rows in a file, however few cells they have: about 1 GB of memory."""

GARBLED_LIMIT = 0.01
"""A larger share of garbled cells speaks of a whole file in a wrong encoding. [DEF]"""


@dataclass
class Rows:
    """Cells as text, the line that each row began on, and why some of the rows cannot be believed.

    `is_open`: the last line does not end, so that nobody knows whether its last cell is whole.
    """

    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    doubts: dict[int, Refusal] = field(default_factory=dict)
    is_open: bool = False


class Feed:
    """The lines of a text for `csv.reader`, counted; one row never takes more of them than a row may be long."""

    def __init__(self, name: str, text: TextIO) -> None:
        """Begin before the first line."""
        self.name, self.text = name, text
        self.count = 0
        self.length = 0
        self.is_open = False

    def __iter__(self) -> Iterator[str]:
        """Yield lines. Raises: BatchHeld for a row that is too long, or no text."""
        while line := self.text.readline(ROW_LIMIT + 1):
            self.count += 1
            self.length += len(line)
            self.is_open = not line.endswith(("\n", "\r"))
            if self.length > ROW_LIMIT:
                longest = f"the row is longer than {ROW_LIMIT:,} characters"
                raise BatchHeld(
                    f"{self.name}, line {self.count}: {longest}; repair quotes and line breaks, and deliver it again"
                )
            if "\0" in line:
                raise BatchHeld(f"{self.name}, line {self.count}: a NUL byte is no text; was the file meant to be utf-16?")
            yield line.removeprefix("\ufeff") if self.count == 1 else line


def split(name: str, text: TextIO, header: tuple[str, ...], *, before: int = 0) -> Rows:
    """Return the rows below the header, which must be the declared one after `before` other cells. Raises: BatchHeld."""
    csv.field_size_limit(ROW_LIMIT)
    feed = Feed(name, text)
    reader = csv.reader(iter(feed), strict=True)
    rows = Rows()
    cell_count = 0
    try:
        check_header(name, header, tuple(next(reader, [])[before:]))
        began, feed.length = feed.count + 1, 0
        for row in reader:
            if row:
                cell_count += len(row)
                check_size(name, began, len(row), cell_count, len(rows.cells))
                rows.lines.append(began)
                rows.cells.append(row)
            began, feed.length = feed.count + 1, 0
    except csv.Error as error:
        raise BatchHeld(f"{name}, line {feed.count}: {error}; repair the file and deliver it again") from error
    rows.is_open = feed.is_open
    return rows


def split_numbered(name: str, text: TextIO, header: tuple[str, ...]) -> Rows:
    """Return the rows that a child wrote: before each its number, and the place of a cell that is not exact."""
    told = split(name, text, header, before=2)
    rows = Rows([int(row[0]) for row in told.cells], [row[2:] for row in told.cells])
    for i, row in enumerate(told.cells):
        if row[1]:
            column = int(row[1])
            field = header[column] if column < len(header) else ""
            rows.doubts[i] = Refusal(i, "inexact", field, row[2 + column])
    return rows


def check_header(name: str, declared: tuple[str, ...], found: tuple[str, ...]) -> None:
    """Check that a header is the declared one. Raises: BatchHeld."""
    if found == declared:
        return
    garbled = [column for column in found if is_garbled(column)]
    if garbled:
        raise BatchHeld(
            f"{name}, line 1: the header is garbled ({garbled[0]!r}): somebody read it in a wrong encoding and saved it; "
            "export it again"
        )
    raise BatchHeld(header_changed(name, declared, found))


def header_changed(name: str, declared: tuple[str, ...], found: tuple[str, ...]) -> str:
    """Say in one sentence how a header differs from the declared one."""
    gone = [column for column in declared if column not in found]
    new = [column[:80] for column in found[:COLUMN_LIMIT] if column not in declared]
    listed = ", ".join(map(repr, new[:10])) + (f" and {len(new) - 10} more" if len(new) > 10 else "")
    parts = [f"without {', '.join(gone)}" if gone else "", f"with {listed}" if new else ""]
    how = " and ".join(part for part in parts if part) or "in another order"
    return f"{name}, line 1: the header came {how}; nothing was loaded: adapt header in site.toml, or deliver the old format"


def check_size(name: str, line: int, width: int, cell_count: int, row_count: int) -> None:
    """Check that a row, and all of them, can be held in memory. Raises: BatchHeld."""
    if width > COLUMN_LIMIT:
        raise BatchHeld(
            f"{name}, line {line}: {width:,} cells in a row, more than {COLUMN_LIMIT:,}; deliver the declared format"
        )
    if cell_count > CELL_LIMIT:
        raise BatchHeld(f"{name}: more than {CELL_LIMIT:,} cells; deliver it in several files")
    if row_count > ROWS_LIMIT:
        raise BatchHeld(f"{name}: more than {ROWS_LIMIT:,} rows; deliver it in several files")


def extract_of(config: SourceConfig, origin: str, content: str, rows: Rows) -> Extract:
    """Return rows as an extract: what is ragged or cannot be believed aside, each row once. Raises: BatchHeld."""
    width = len(config.header)
    note_garbled(config, origin, rows)
    if rows.is_open and rows.cells and not config.open_end:
        last = len(rows.cells) - 1
        rows.doubts.setdefault(last, Refusal(last, "unfinished", config.header[-1], rows.cells[last][-1]))
    good = [i for i, row in enumerate(rows.cells) if len(row) == width and i not in rows.doubts]
    raw = raw_frame(config.header, [rows.lines[i] for i in good], [rows.cells[i] for i in good])
    unique = raw.drop_duplicates(subset=list(config.header))
    refused = pd.concat([ragged_rows(config, origin, rows), doubted_rows(config, origin, rows)], ignore_index=True)
    return Extract(
        origin=origin,
        content=content,
        raw=unique,
        ragged=refused,
        read_count=len(rows.cells),
        duplicate_count=len(rows.cells) - len(unique) - len(refused),
    )


def note_garbled(config: SourceConfig, origin: str, rows: Rows) -> None:
    """Doubt the rows that hold garbled text. Raises: BatchHeld when they are too many to be single accidents."""
    verdicts: dict[str, bool] = {}
    count = cell_count = 0
    for i, row in enumerate(rows.cells):
        cell_count += len(row)
        for column, cell in enumerate(row):
            if cell.isascii() or not verdicts.setdefault(cell, is_garbled(cell)):
                continue
            count += 1
            name = config.header[column] if column < len(config.header) else ""
            rows.doubts.setdefault(i, Refusal(i, "mojibake", name, cell))
    if count > GARBLED_LIMIT * cell_count:
        first = rows.doubts[min(i for i, doubt in rows.doubts.items() if doubt.reason == "mojibake")]
        raise BatchHeld(
            f"{origin}, line {rows.lines[first.row]}: {first.detail!r} is garbled, and {count} of {cell_count} cells are: "
            "somebody read the file in a wrong encoding and saved it; export it again"
        )


def ragged_rows(config: SourceConfig, origin: str, rows: Rows) -> pd.DataFrame:
    """Return rows with too few or too many cells as quarantine rows."""
    width = len(config.header)
    odd = [i for i, row in enumerate(rows.cells) if len(row) != width]
    raw = pd.DataFrame({"cells": [rows.cells[i] for i in odd], LINE: [rows.lines[i] for i in odd]}, dtype=object)
    refusals = [Refusal(i, "ragged", "", f"{len(cells)} cells, not {width}") for i, cells in enumerate(raw["cells"])]
    return quarantine_rows(config.key, origin, into="", raw=raw, refusals=refusals, claimed_at={})


def doubted_rows(config: SourceConfig, origin: str, rows: Rows) -> pd.DataFrame:
    """Return rows that cannot be believed as quarantine rows."""
    width = len(config.header)
    doubted = [i for i in sorted(rows.doubts) if len(rows.cells[i]) == width]
    raw = raw_frame(config.header, [rows.lines[i] for i in doubted], [rows.cells[i] for i in doubted])
    refusals = [
        Refusal(i, rows.doubts[row].reason, rows.doubts[row].field, rows.doubts[row].detail) for i, row in enumerate(doubted)
    ]
    return quarantine_rows(config.key, origin, into="", raw=raw, refusals=refusals, claimed_at={})
