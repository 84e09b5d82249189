"""`csv`: delimited text files, plain or gzipped, one file or a glob.

A file is known by its content: one seen before changes nothing. The declared header must match to the
letter, or the whole file is held.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cockpit.errors import BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from etl.batch import LINE, Batch, Extract, Refusal, quarantine_rows
from etl.known import Known
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of, raw_frame

FIELD_LIMIT = 1_000_000
"""Longest cell in characters; a longer one means a broken quote, and the file is held."""


class Source:
    """The files of one source. Every new one is a batch of its own."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to read."""
        self.config, self.site = config, site

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield a batch for each file that is new or changed since the cursor; one that is held is tried again."""
        seen = dict(cursor)
        for path in files(self.config, self.site):
            stamp = path.stat()
            mark = [stamp.st_size, stamp.st_mtime_ns]
            if seen.get(path.name) == mark:
                continue
            try:
                text = read_text(path, self.config)
            except BatchHeld as held:
                yield held
                continue
            seen[path.name] = mark
            mapper = Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S, heard_at=as_of)
            yield batch_of(text, mapper, cursor=dict(seen), is_whole=True)


def files(config: SourceConfig, site: Site) -> list[Path]:
    """Return the files a source names, by name. Raises: SourceError when there are none."""
    found = sorted(path for path in site.folder.glob(config.path) if path.is_file())
    if not found:
        raise SourceError(f"source {config.key}: no file matches {config.path} in {site.folder}")
    return found


def read_text(path: Path, config: SourceConfig) -> Extract:
    """Read a file as text cells. Raises: BatchHeld, naming file and line, when it is not what was declared."""
    stored = path.read_bytes()
    try:
        plain = gzip.decompress(stored) if path.suffix == ".gz" else stored
    except (OSError, EOFError, zlib.error) as error:
        raise BatchHeld(f"{path.name}: not a whole gzip file ({error}); deliver it again") from error
    lines, cells = split(path.name, decoded(path.name, plain, config.encoding), config.header)
    width = len(config.header)
    raw = raw_frame(config.header, *keep(lines, cells, lambda row: len(row) == width))
    odd_lines, odd = keep(lines, cells, lambda row: len(row) != width)
    unique = raw.drop_duplicates(subset=list(config.header))
    ragged = ragged_rows(config, path.name, odd_lines, odd)
    return Extract(
        origin=path.name,
        content=hashlib.sha256(stored).hexdigest(),
        raw=unique,
        ragged=ragged,
        read_count=len(cells),
        duplicate_count=len(cells) - len(unique) - len(ragged),
    )


def decoded(name: str, stored: bytes, encoding: str) -> str:
    """Decode strictly in the declared encoding."""
    try:
        return stored.decode(encoding, "strict")
    except UnicodeDecodeError as error:
        line = stored[: error.start].count(b"\n") + 1
        raise BatchHeld(
            f"{name}, line {line}: byte 0x{stored[error.start]:02x} is not {encoding}; "
            "declare the file's encoding in site.toml, or deliver it again"
        ) from error


def split(name: str, text: str, header: tuple[str, ...]) -> tuple[list[int], list[list[str]]]:
    """Return the line each row began on, and its cells; the first row must be the declared header."""
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    cells: list[list[str]] = []
    try:
        found = next(reader, [])
        if tuple(found) != header:
            raise BatchHeld(header_changed(name, header, tuple(found)))
        began = reader.line_num + 1
        for row in reader:
            if row:
                lines.append(began)
                cells.append(row)
            began = reader.line_num + 1
    except csv.Error as error:
        raise BatchHeld(f"{name}, line {reader.line_num}: {error}; repair the file and deliver it again") from error
    return lines, cells


def header_changed(name: str, declared: tuple[str, ...], found: tuple[str, ...]) -> str:
    """Say in one sentence how a header differs from the declared one."""
    gone = [column for column in declared if column not in found]
    new = [column for column in found if column not in declared]
    parts = [f"without {', '.join(gone)}" if gone else "", f"with {', '.join(map(repr, new))}" if new else ""]
    how = " and ".join(part for part in parts if part) or "in another order"
    return f"{name}, line 1: the header came {how}; nothing was loaded: adapt header in site.toml, or deliver the old format"


def keep(lines: list[int], cells: list[list[str]], wanted: Any) -> tuple[list[int], list[list[str]]]:
    """Return the lines and cells of the wanted rows."""
    kept = [i for i, row in enumerate(cells) if wanted(row)]
    return [lines[i] for i in kept], [cells[i] for i in kept]


def ragged_rows(config: SourceConfig, origin: str, lines: list[int], cells: list[list[str]]) -> pd.DataFrame:
    """Return rows with too few or too many cells as quarantine rows."""
    raw = pd.DataFrame({"cells": cells, LINE: lines}, dtype=object)
    refusals = [Refusal(i, "ragged", "", f"{len(row)} cells, not {len(config.header)}") for i, row in enumerate(cells)]
    return quarantine_rows(config.key, origin, into="", raw=raw, refusals=refusals, claimed_at={})
