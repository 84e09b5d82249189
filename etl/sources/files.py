"""Folders: which files of a source are whole and new; what is in them is the business of their kind.

A file is taken when it has not changed for a while, or when its marker is there, and is thrown away when it changed while
it was read. One that was taken is known by its size and the time of its last change; one that is held also by the
declaration that it did not fit, so that it is tried again when either of them changes.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from cockpit.errors import BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from etl.batch import Batch, Extract
from etl.known import Known
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of

UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")
"""How programs name what they are still writing."""

NOT_FILES = (".", "~$")
"""How hidden files begin, and the locks that Excel leaves beside an open workbook."""

GB18030_BOM = b"\x84\x31\x95\x33"

Reader = Callable[[Path, SourceConfig, str], Extract]
"""Turns a file into an extract of a name. Raises: BatchHeld."""


@dataclass(frozen=True)
class File:
    """A file, the name it is known by, and how it looked: size, and when it was last changed (ns)."""

    path: Path
    name: str
    mark: tuple[int, int]
    touched_at: float


def looked_at(path: Path, name: str) -> File:
    """Look at a file. Raises: OSError when it is gone."""
    stamp = path.stat()
    touched_at = max(stamp.st_mtime, stamp.st_ctime)  # a copy may keep the time of the original, but not this one
    return File(path, name, (stamp.st_size, stamp.st_mtime_ns), touched_at)


class Folder:
    """The files of one source. Every new one is a batch of its own."""

    def __init__(
        self,
        config: SourceConfig,
        site: Site,
        extract: Reader,
        *,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Remember what to read. `clock` is that of the files' stamps, whatever the site's clock shows."""
        self.config, self.site, self.extract = config, site, extract
        self.clock, self.wait = clock, wait
        self.declared = hashlib.sha256(repr(config).encode()).hexdigest()[:16]

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield a batch for each file that is new or changed since the cursor. Raises: SourceError at last for lost ones."""
        seen, lost = dict(cursor), []
        mapper = Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S, heard_at=as_of)
        for file in self.whole(self.new(self.listed(seen), seen)):
            try:
                extract = self.extract(file.path, self.config, file.name)
                is_same = looked_at(file.path, file.name).mark == file.mark
            except BatchHeld as held:
                seen[file.name] = [*file.mark, self.declared]
                yield BatchHeld(str(held), origin=file.name, cursor=dict(seen))
            except OSError as error:
                lost.append(f"{file.name} was lost while it was read ({error.strerror or error})")
            else:
                if is_same:  # otherwise it is still being written, and the next read takes it
                    seen[file.name] = [*file.mark]
                    yield batch_of(extract, mapper, cursor=dict(seen), is_whole=True)
        if lost:
            raise SourceError(
                f"source {self.config.key}: {'; '.join(lost)}; nothing of it was loaded, it is read when it is back"
            )

    def history(self, span: tuple[int, int], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield the rows of a span (UTC s) once more, from every file that is there. Raises: SourceError, BatchHeld."""
        mapper = Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S)
        for file in self.whole(self.listed({})):
            batch = batch_of(self.extract(file.path, self.config, file.name), mapper, cursor={}, is_whole=True)
            yield replace(batch, rows={name: inside(rows, span) for name, rows in batch.rows.items()}, complete={})

    def listed(self, seen: Mapping[str, Any]) -> list[File]:
        """Return the files that are there, by name. Raises: SourceError when there are none, though there should be."""
        found = [(path, path.relative_to(base).as_posix()) for base, path in named(self.config, self.site)]
        brought = self.site.inbox(self.config.key)
        uploads = [(path, f"inbox/{path.name}") for path in sorted(brought.glob("*"))] if self.config.upload else []
        was_there = any(not name.startswith("inbox/") for name in seen)
        if not found and self.config.path and (was_there or not self.config.upload):
            raise nothing_there(self.config, self.site)
        return [looked_at(path, name) for path, name in [*found, *uploads] if is_meant(path, self.config.done_suffix)]

    def new(self, files: list[File], seen: Mapping[str, Any]) -> list[File]:
        """Return the files that were neither loaded nor held as they are."""
        return [file for file in files if seen.get(file.name) not in ([*file.mark], [*file.mark, self.declared])]

    def whole(self, files: list[File]) -> list[File]:
        """Return the files that nobody is writing any more."""
        if self.config.done_suffix:
            return [file for file in files if is_done(file, self.config.done_suffix)]
        young = [file.name for file in files if self.clock() - file.touched_at < self.config.settle_s]
        if young and self.config.settle_s:
            self.wait(self.config.settle_s)
        return [file for file in files if file.name not in young or is_as_it_was(file)]


def inside(rows: pd.DataFrame, span: tuple[int, int]) -> pd.DataFrame:
    """Return the rows of a table that happened in a span; those of a list have no time and are all returned."""
    return rows[rows["event_at"].between(*span, inclusive="left")] if "event_at" in rows else rows


def is_done(file: File, suffix: str) -> bool:
    """Whether the marker of a file is there, and no older than the file."""
    marker = file.path.with_name(file.path.name + suffix)
    return marker.is_file() and marker.stat().st_mtime_ns >= file.mark[1]


def is_as_it_was(file: File) -> bool:
    """Whether a file still looks as it did; one that is gone does not."""
    try:
        return looked_at(file.path, file.name).mark == file.mark
    except OSError:
        return False


def is_meant(path: Path, done_suffix: str) -> bool:
    """Whether something in a folder is a file to be read, and neither a marker nor a program's own."""
    is_marker = bool(done_suffix) and path.name.endswith(done_suffix)
    return path.is_file() and not is_marker and not path.name.startswith(NOT_FILES) and path.suffix not in UNFINISHED


def named(config: SourceConfig, site: Site) -> list[tuple[Path, Path]]:
    """Return the files that a source's path names, by name, each with the folder that its name is told from."""
    if not config.path:
        return []
    parts = (site.folder / config.path).parts
    fixed = next((i for i, part in enumerate(parts) if set(part) & set("*?[")), len(parts) - 1)
    base = Path(*parts[:fixed])
    return [(base, path) for path in sorted(base.glob(str(Path(*parts[fixed:])))) if path.is_file()]


def files(config: SourceConfig, site: Site) -> list[Path]:
    """Return the files that a source's path names, by name. Raises: SourceError when there are none."""
    found = [path for _, path in named(config, site)]
    if not found:
        raise nothing_there(config, site)
    return found


def nothing_there(config: SourceConfig, site: Site) -> SourceError:
    """Say that a folder is empty, or gone."""
    return SourceError(f"source {config.key}: no file matches {config.path} in {site.folder}")
