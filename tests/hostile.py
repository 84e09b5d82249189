"""Files that are made to harm, and a process that reads them all and tells what that took.

`python -m tests.hostile FOLDER NAME…` makes each file in turn, reads it as a source would, and prints one line of JSON for it.
"""

import gzip
import json
import os
import random
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as arrow
from pyarrow import parquet

from cockpit.errors import BatchHeld
from cockpit.site import SourceConfig
from etl.sources import csv as csv_source
from etl.sources import excel as excel_source
from etl.sources import parquet as parquet_source

HEADER = b"id,word\n"
MB = 1 << 20

READ = {"csv": csv_source.read_text, "excel": excel_source.read_text, "parquet": parquet_source.read_text}

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
ROOT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
CELLS = '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>word</v></c></row>'


def package(path: Path, sheet: str | bytes, **more: str | bytes) -> None:
    """Write a workbook by hand: one sheet, and whatever else."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", WORKBOOK)
        book.writestr("_rels/.rels", ROOT)
        book.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        book.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            book.writestr(f"xl/{name}.xml", content)


def gzip_bomb(path: Path) -> None:
    path.write_bytes(gzip.compress(HEADER) + gzip.compress((b"a" * 1000 + b",b\n") * 16_000) * 64)


def line_of_a_gb_packed(path: Path) -> None:
    path.write_bytes(gzip.compress(HEADER) + gzip.compress(b"a" * (16 * MB)) * 64)


def line_of_a_gb(path: Path) -> None:
    path.write_bytes(HEADER + b"a")
    os.truncate(path, 1024 * MB)


def row_without_end(path: Path) -> None:
    path.write_bytes(HEADER + b'"a\n",' * (4 * MB))


def open_quote(path: Path) -> None:
    path.write_bytes(HEADER + b'1,"' + b"a\n" * (8 * MB))


def many_columns(path: Path) -> None:
    path.write_bytes(HEADER + b"," * 10_001)


def many_cells(path: Path) -> None:
    path.write_bytes(HEADER + (b"," * 9_999 + b"\n") * 2_100)


def many_rows(path: Path) -> None:
    path.write_bytes(HEADER + b"1\n" * 3_000_002)


def utf_16(path: Path) -> None:
    path.write_bytes("id,word\n1,火警\n".encode("utf-16-le"))


def far_cell(path: Path) -> None:
    package(path, SHEET.format(CELLS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def far_row(path: Path) -> None:
    package(path, SHEET.format(CELLS + '<row r="1048576"><c><v>1</v></c>' + "<c><v>1</v></c>" * 100 + "</row>"))


def far_column_that_says_little(path: Path) -> None:
    package(
        path,
        SHEET.format(
            "<dimension ref='A1:B2'/>"
            + CELLS
            + "<row  r='9'><c s='1'\n r='XFD9'><v>1</v></c></row><row r='400000'><c><v>2</v></c></row>"
        ),
    )


def zip_bomb(path: Path) -> None:
    package(path, b" " * (250 * MB))


def zip_bomb_that_lies(path: Path) -> None:
    package(path, SHEET.format(CELLS) + " " * (20 * MB))
    stored = bytearray(path.read_bytes())
    size = struct.pack("<I", len(SHEET.format(CELLS)) + 20 * MB)
    while (at := stored.find(size)) >= 0:
        stored[at : at + 4] = struct.pack("<I", 100_000)
    path.write_bytes(stored)


def says_it_is_large(path: Path) -> None:
    package(path, SHEET.format(CELLS))
    stored = path.read_bytes()
    size = struct.pack("<I", len(SHEET.format(CELLS)))
    path.write_bytes(stored.replace(size, struct.pack("<I", 400 * MB)))


def five_million_cells(path: Path) -> None:
    write_rows(path, 550_000, "ABCDEFGHIJ", lambda number: f"<v>{number % 10**9}</v>")


def write_rows(path: Path, count: int, columns: str, cell: Callable[[int], str]) -> None:
    """Write a workbook with many cells."""
    draw = random.Random(1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/workbook.xml", WORKBOOK)
        book.writestr("_rels/.rels", ROOT)
        book.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((SHEET.partition("{}")[0] + CELLS).encode())
            for first in range(2, count, 1000):
                number = draw.getrandbits(64)
                sheet.write("".join(row_of(row, number + row, columns, cell) for row in range(first, first + 1000)).encode())
            sheet.write(SHEET.partition("{}")[2].encode())


def row_of(row: int, number: int, columns: str, cell: Callable[[int], str]) -> str:
    """Return the XML of a row."""
    cells = "".join(f'<c r="{column}{row}" t="str">{cell(number * place)}</c>' for place, column in enumerate(columns, 1))
    return f'<row r="{row}">{cells}</row>'


def twenty_eight_mb(path: Path) -> None:
    write_rows(path, 290 * MB // 260, "AB", lambda number: f"<v>{'padding ' * 10}{number % 10**9:09}</v>")


def many_parts(path: Path) -> None:
    package(path, SHEET.format(CELLS), **{f"part{i}": "" for i in range(1_000)})


def entities(path: Path) -> None:
    nested = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
    package(path, f'<!DOCTYPE x [<!ENTITY a "ha">{nested}]>' + SHEET.format("<row r='1'><c r='A1'><v>&m;</v></c></row>"))


def wide_text(path: Path) -> None:
    package(path, ('<?xml version="1.0" encoding="UTF-16"?>' + SHEET.format(CELLS)).encode("utf-16"))


def password(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096)


def no_workbook(path: Path) -> None:
    path.write_bytes(HEADER + b"1,a\n")


def half_a_workbook(path: Path) -> None:
    package(path, SHEET.format(CELLS))
    path.write_bytes(path.read_bytes()[:-200])


def workbook_of_nothing(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("a", "b")


def parquet_bomb(path: Path) -> None:
    column = arrow.array([7], arrow.int8()).take(arrow.array([0] * 1000))
    table = arrow.table({"id": arrow.chunked_array([column] * 4000), "word": arrow.chunked_array([column] * 4000)})
    parquet.write_table(table, path)


RECIPES: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    made.__name__: (kind, suffix, made)
    for kind, suffix, made in [
        ("csv", ".csv.gz", gzip_bomb),
        ("csv", ".csv.gz", line_of_a_gb_packed),
        ("csv", ".csv", line_of_a_gb),
        ("csv", ".csv", row_without_end),
        ("csv", ".csv", open_quote),
        ("csv", ".csv", many_columns),
        ("csv", ".csv", many_cells),
        ("csv", ".csv", many_rows),
        ("csv", ".csv", utf_16),
        ("excel", ".xlsx", far_cell),
        ("excel", ".xlsx", far_row),
        ("excel", ".xlsx", far_column_that_says_little),
        ("excel", ".xlsx", zip_bomb),
        ("excel", ".xlsx", zip_bomb_that_lies),
        ("excel", ".xlsx", many_parts),
        ("excel", ".xlsx", entities),
        ("excel", ".xlsx", wide_text),
        ("excel", ".xlsx", password),
        ("excel", ".xlsx", no_workbook),
        ("excel", ".xlsx", half_a_workbook),
        ("excel", ".xlsx", workbook_of_nothing),
        ("parquet", ".parquet", parquet_bomb),
        ("excel", ".xlsx", says_it_is_large),
        ("excel", ".xlsx", five_million_cells),
        ("excel", ".xlsx", twenty_eight_mb),
    ]
}


def own_peak_mb() -> int:
    """Return the largest resident size of this program so far; `getrusage` would tell that of whoever started it."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) >> 10


def children_peak_mb() -> int:
    """Return the largest resident size of a child so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10


def met(folder: Path, name: str) -> dict[str, object]:
    """Make one file, read it, and return what became of it and what it took."""
    kind, suffix, make = RECIPES[name]
    path = folder / f"{name}{suffix}"
    make(path)
    told = {"path": "*", "header": ("id", "word"), "interval_s": 60} | (
        {"encoding": "utf-8", "max_mb": 256} if kind == "csv" else {}
    )
    reads = ({"table": "town", "fields": {"town_code": "id", "name": "word"}},)
    config = SourceConfig(key="s", kind=kind, title="s", reads=reads, **told)
    begun = time.monotonic()
    try:
        said = f"read {READ[kind](path, config).read_count} rows"
    except BatchHeld as held:
        said = str(held)
    path.unlink()
    took = {"seconds": time.monotonic() - begun, "own_mb": own_peak_mb()}
    return {"name": name, "said": said, **took, "child_mb": children_peak_mb()}


if __name__ == "__main__":
    for wanted in sys.argv[2:]:
        print(json.dumps(met(Path(sys.argv[1]), wanted)), flush=True)  # noqa: T201
