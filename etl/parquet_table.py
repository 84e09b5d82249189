"""The child that reads a Parquet file: its rows as text."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from etl.limited import Objection, Row, be_limited

MAGIC = b"PAR1"

ROWS_AT_ONCE = 8_192

ROWS_LIMIT = 3_000_000
"""Most rows in a file, as of delimited text."""

EXACT_BELOW = 1e15
"""A whole number that was kept as a fraction has lost digits from here on, as in Excel."""


def rows_of(path: Path, options: Mapping[str, Any]) -> Iterator[list[str] | Row]:
    """Yield the header and the rows of a file. Raises: Objection."""
    check_ends(path)
    import pyarrow as arrow  # noqa: PLC0415 nothing of it runs before the file was looked at
    from pyarrow import parquet  # noqa: PLC0415

    try:
        table = parquet.ParquetFile(path, memory_map=False, pre_buffer=False)
        check_size(table.metadata, options["max_mb"])
        yield [check_flat(field, arrow) for field in table.schema_arrow]
        number = 0
        for batch in table.iter_batches(ROWS_AT_ONCE, use_threads=False):
            doubts: dict[int, int] = {}
            columns = [texts(column, place, doubts, arrow) for place, column in enumerate(batch.columns)]
            for row, cells in enumerate(zip(*columns, strict=True)):
                yield (number + row + 1, doubts.get(row), list(cells))
            number += len(batch)
    except (MemoryError, arrow.ArrowMemoryError) as error:
        raise MemoryError from error
    except (arrow.ArrowException, OSError) as error:
        raise Objection(f"it is no whole Parquet file ({str(error).splitlines()[0][:200]}); deliver it again") from error


def check_ends(path: Path) -> None:
    """Check that a file begins and ends as Parquet does. Raises: Objection."""
    with path.open("rb") as stored:
        first = stored.read(4)
        stored.seek(0, 2)
        stored.seek(max(0, stored.tell() - 4))
        last = stored.read(4)
    if (first, last) != (MAGIC, MAGIC):
        raise Objection("it is no whole Parquet file; deliver it again")


def check_size(metadata: Any, max_mb: int) -> None:
    """Check what a file says of its own size. Raises: Objection."""
    if metadata.num_rows > ROWS_LIMIT:
        raise Objection(f"it has {metadata.num_rows:,} rows, more than {ROWS_LIMIT:,}; deliver it in several files")
    unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if unpacked > max_mb << 20:
        raise Objection(
            f"it is {unpacked >> 20} MB unpacked, more than {max_mb}; deliver it in pieces, or raise max_mb in site.toml"
        )


def check_flat(field: Any, arrow: Any) -> str:
    """Return the name of a column that holds one value a row. Raises: Objection."""
    if arrow.types.is_nested(field.type) or arrow.types.is_binary(field.type) or arrow.types.is_large_binary(field.type):
        raise Objection(f"column {field.name!r} is of type {field.type}, which is no single value; deliver it flat")
    return str(field.name)


def texts(column: Any, place: int, doubts: dict[int, int], arrow: Any) -> list[str]:
    """Return the values of a column as text; note the rows in which one of them is not exact."""
    if arrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if arrow.types.is_timestamp(column.type):
        column = column.cast(arrow.timestamp("us", column.type.tz), safe=False)
    if arrow.types.is_floating(column.type):
        short = column.cast(arrow.string()).cast(arrow.float64())  # the text of a short float, not its long tail
        values = short.to_pylist()
        doubts.update({row: place for row, value in enumerate(values) if value is not None and abs(value) >= EXACT_BELOW})
        return [number(value) for value in values]
    if arrow.types.is_integer(column.type) or arrow.types.is_boolean(column.type):
        column = column.cast(arrow.string())
    return [text_of(value) for value in column.to_pylist()]


def number(value: float | None) -> str:
    """Return a fraction as its shortest text, a whole one without a point; what is not a number is nothing."""
    if value is None or value != value:  # noqa: PLR0124 a value that does not equal itself is none
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < EXACT_BELOW else repr(value)


def text_of(value: Any) -> str:
    """Return a value as text."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


if __name__ == "__main__":
    be_limited(rows_of)
