"""The child that reads a workbook: the rows of one sheet as text, after a look at what kind of file this is."""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from etl.limited import Objection, Row, be_limited

ENTRY_LIMIT = 1_000
UNPACKED_LIMIT = 300 << 20
RATIO_LIMIT = 200
RATIO_FROM = 1 << 20
"""How many parts a workbook may have, how large it may be unpacked (bytes), and how much denser packed, from a size on."""

SPAN_LIMIT = 5_000_000
"""Cells between the first and the last one of a sheet; readers reserve memory for each."""

EXACT_BELOW = 1e15
"""Excel keeps 15 digits of a number; the later ones of a longer one are lost before anybody reads it."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

PIECE = 1 << 20
OVERLAP = 512
"""Bytes that are looked at in one piece, and how many of them once more with the next."""

UNSAFE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How XML begins in which nothing can be looked for byte by byte."""

CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*\s)?r=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]*(?<!/)>""")
ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^<>]*\s)?r=["']([0-9]{1,7})["'][^<>]*(?<!/)>""")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")

Merged = dict[int, list[tuple[int, int]]]
"""By its first row: the column and the last row of each merged block of one column."""


def rows_of(path: Path, options: Mapping[str, Any]) -> Iterator[list[str] | Row]:
    """Yield the header and the rows of a sheet. Raises: Objection."""
    check_package(path)
    import python_calamine as calamine  # noqa: PLC0415 nothing of it runs before the file was looked at

    try:
        book = calamine.load_workbook(str(path))
        names = book.sheet_names
        name = options["name"] or names[0]
        if name not in names:
            listed = ", ".join(map(repr, names[:20]))
            raise Objection(f"there is no sheet {name!r}; it has {listed}: name the right one in site.toml, or rename it back")
        yield from sheet_rows(book.get_sheet_by_name(name), options)
    except calamine.PasswordError as error:
        raise Objection("it is protected by a password; save it without one") from error
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as error:
        raise Objection(f"it is no whole workbook ({str(error)[:200]}); save and deliver it again") from error


def sheet_rows(sheet: Any, options: Mapping[str, Any]) -> Iterator[list[str] | Row]:
    """Yield the header and every row below it that is not empty, hidden ones among them, with its number in the sheet."""
    _, first_column = sheet.start or (0, 0)  # empty rows at the top are given, empty columns at the left are not
    header_at = options["header_row"] - 1
    merged = blocks(sheet) if options["fill_merged"] else {}
    filling: dict[int, tuple[int, Any]] = {}
    width = None
    for at, values in enumerate(sheet.iter_rows()):
        row = [""] * first_column + values
        if at == header_at:
            header = trimmed([text_of(value) for value in row])
            width = len(header)
            yield header
        elif width is not None and any(value != "" for value in row):
            fill(row, at, merged, filling)
            yield (at + 1, inexact(row), fitted([text_of(value) for value in row], width))
    if width is None:
        yield []


def fill(row: list[Any], at: int, merged: Merged, filling: dict[int, tuple[int, Any]]) -> None:
    """Repeat the value of a merged block of one column in each of its rows."""
    for column, (last, value) in filling.items():
        if at <= last and row[column] == "":
            row[column] = value
    for column, last in merged.get(at, ()):
        filling[column] = (last, row[column])


def blocks(sheet: Any) -> Merged:
    """Return the merged blocks of a sheet that are one column wide."""
    found: Merged = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right:
            found.setdefault(top, []).append((left, bottom))
    return found


def text_of(value: Any) -> str:
    """Return a cell as text. An instant is always written with its time of day: a cell cannot tell a date from midnight."""
    return next(write(value) for kind, write in WRITTEN if isinstance(value, kind))


def duration(value: dt.timedelta) -> str:
    """Return a length of time as hours, minutes and seconds, of which hours may be many."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def number(value: float) -> str:
    """Return a number with the digits that Excel keeps, and without an exponent as long as they suffice."""
    return format(Decimal(f"{value:.15g}"), "f") if abs(value) < EXACT_BELOW else f"{value:.15G}"


WRITTEN: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (str, str),
    (bool, lambda value: "true" if value else "false"),
    (dt.datetime, dt.datetime.isoformat),
    (dt.date, lambda value: f"{value.isoformat()}T00:00:00"),
    (dt.time, dt.time.isoformat),
    (dt.timedelta, duration),
    (object, number),
)
"""How a value of each type is written: the first that fits; a truth is also a number, and an instant also a date."""


def inexact(row: list[Any]) -> int | None:
    """Return the place of a number that lost digits in the workbook, such as an identity number that is no text."""
    for place, value in enumerate(row):
        if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) >= EXACT_BELOW:
            return place
    return None


def trimmed(cells: list[str]) -> list[str]:
    """Return cells without the empty ones at their end."""
    count = len(cells)
    while count and cells[count - 1] == "":
        count -= 1
    return cells[:count]


def fitted(cells: list[str], width: int) -> list[str]:
    """Return cells as wide as the header, or wider where something stands beside it."""
    kept = trimmed(cells)
    return kept if len(kept) > width else kept + [""] * (width - len(kept))


def check_package(path: Path) -> None:
    """Check that a file is a workbook that can be read safely. Raises: Objection."""
    with path.open("rb") as stored:
        first = stored.read(8)
    if first.startswith(OLE):
        raise Objection("it is protected by a password, or an old .xls; save it as .xlsx without a password")
    if not first.startswith(ZIP):
        raise Objection("it is no .xlsx workbook; save it as one")
    try:
        with zipfile.ZipFile(path) as package:
            check_sizes(package.infolist())
            for part in package.infolist():
                check_part(package, part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise Objection(f"it is no whole workbook ({error}); save and deliver it again") from error


def check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Check what a package says of its own size. Raises: Objection."""
    if len(parts) > ENTRY_LIMIT:
        raise Objection(f"it has {len(parts):,} parts, more than {ENTRY_LIMIT:,}; no spreadsheet program makes such a file")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_LIMIT:
        raise Objection(
            f"it is {unpacked >> 20} MB unpacked, more than {UNPACKED_LIMIT >> 20}; deliver it in pieces, or as csv"
        )
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > RATIO_LIMIT * max(1, part.compress_size):
            raise Objection(f"{part.filename} is packed more than {RATIO_LIMIT} times denser: a bomb, not a workbook")
        if part.flag_bits & 1:
            raise Objection("it is protected by a password; save it without one")


def check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Look through one part, however it is packed. Raises: Objection."""
    is_sheet = SHEET.fullmatch(part.filename) is not None
    last_row = last_column = size = 0
    carried = b""
    with package.open(part) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > part.file_size:
                raise Objection(f"{part.filename} is larger than it says: a bomb, not a workbook")
            if size == len(piece) and piece.startswith(WIDE):
                raise Objection(f"{part.filename} is not written in UTF-8, as workbooks are; save it again")
            looked = carried + piece
            if UNSAFE.search(looked):
                raise Objection(f"{part.filename} declares entities, as no workbook does; save it again")
            if is_sheet:
                last_row, last_column = spanned(looked, last_row, last_column)
                check_span(part.filename, last_row, last_column)
            carried = piece[-OVERLAP:]


def spanned(piece: bytes, last_row: int, last_column: int) -> tuple[int, int]:
    """Return the last row and column that hold a value, of those known before and those in a piece of a sheet."""
    found = CELL.findall(piece)
    rows = [int(row) for _, row in found] + [int(row) for row in ROW.findall(piece)]
    columns = {letters for letters, _ in found}
    return max([last_row, *rows]), max([last_column, *map(column_number, columns)])


def column_number(letters: bytes) -> int:
    """Return the number of a column: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def check_span(name: str, last_row: int, last_column: int) -> None:
    """Check that a sheet does not reach too far. Raises: Objection."""
    if last_row * last_column > SPAN_LIMIT:
        raise Objection(
            f"{name} reaches to row {last_row:,} and column {last_column:,}, over {SPAN_LIMIT:,} cells; "
            "delete what stands far outside, or deliver it in pieces"
        )


if __name__ == "__main__":
    be_limited(rows_of)
