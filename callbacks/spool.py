"""Files that were uploaded and wait for a word of confirmation, and the way from there into a source's inbox.

What a browser calls a file never becomes a path: here it is named by chance, there by its time and its hash.
"""

import hashlib
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cockpit.errors import UnknownName
from cockpit.site import Site
from cockpit.source_config import SourceConfig

KEPT_S = 1_800
"""How long a file waits for confirmation."""

MOST_KEPT = 8

ENDINGS = {"csv": ".csv", "excel": ".xlsx", "parquet": ".parquet"}
GZIP_MARK = b"\x1f\x8b"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Spooled:
    """One uploaded file that waits. `name` is what its browser calls it, for people to read; `came_at` is monotonic."""

    token: str
    source: SourceConfig
    name: str
    path: Path
    came_at: float


@dataclass(frozen=True)
class Submitted:
    """One file that was confirmed: what the books call it, and the hash of what it holds."""

    source: SourceConfig
    origin: str
    content: str


class Spool:
    """The folder of waiting files, on the same file system as the inboxes, so that a move is whole or not at all."""

    def __init__(self, site: Site) -> None:
        """Remember where; what an earlier process left is swept away when the first file comes."""
        self.site = site
        self.folder = site.inbox("x").parent / f".spool-{os.getpid()}"
        self.waiting: dict[str, Spooled] = {}

    def place(self) -> Path:
        """Return a new folder that holds one file."""
        if not self.folder.exists():
            self.sweep()
        place = self.folder / secrets.token_urlsafe(16)
        place.mkdir(parents=True, mode=0o700)
        return place

    def sweep(self) -> None:
        """Remove the folders of processes that are gone."""
        for left in self.folder.parent.glob(".spool-*"):
            number = left.name.removeprefix(".spool-")
            if not (number.isdigit() and Path(f"/proc/{number}").exists()):
                shutil.rmtree(left, ignore_errors=True)

    def keep(self, source: SourceConfig, name: str, path: Path) -> Spooled:
        """Remember a file that can be confirmed; of those that wait too long, or are too many, the oldest go."""
        spooled = Spooled(path.parent.name, source, shown_name(name), path, time.monotonic())
        self.waiting[spooled.token] = spooled
        many = list(self.waiting.values())[:-MOST_KEPT]
        for old in [*many, *(one for one in self.waiting.values() if spooled.came_at - one.came_at > KEPT_S)]:
            self.drop(old.token)
        return spooled

    def named(self, token: str) -> Spooled:
        """Return a file that waits. Raises: UnknownName."""
        if token not in self.waiting:
            raise UnknownName("this upload is no longer waiting; choose the file again")
        return self.waiting[token]

    def drop(self, token: str) -> None:
        """Forget a file, and remove it."""
        self.waiting.pop(token, None)
        shutil.rmtree(self.folder / token, ignore_errors=True)

    def submit(self, token: str, content: str, now: float) -> Submitted:
        """Move a file into its source's inbox, where the schedule finds it whole. Raises: UnknownName."""
        spooled = self.named(token)
        inbox = self.site.inbox(spooled.source.key)
        inbox.mkdir(parents=True, exist_ok=True)
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        origin = f"{stamp}-{digest(spooled.path)[:12]}{''.join(spooled.path.suffixes)}"
        synchronise(spooled.path)
        spooled.path.rename(inbox / origin)
        if spooled.source.done_suffix:  # this source takes a file only when its marker is there
            (inbox / f"{origin}{spooled.source.done_suffix}").touch()
        synchronise(inbox)
        self.drop(token)
        return Submitted(spooled.source, f"inbox/{origin}", content)


def shown_name(name: str) -> str:
    """Return what a browser calls a file, fit to be shown: one short line, without anything that cannot be seen."""
    seen = "".join(letter for letter in name if letter.isprintable()) or "?"
    return seen if len(seen) <= LONGEST_NAME else f"{seen[:LONGEST_NAME]}…"


def ending_as(name: str, path: Path) -> str:
    """Return a name with the ending of a received file, for by that it is known what is in it, packed or not."""
    ending = "".join(path.suffixes)
    return name if name.lower().endswith(ending) else f"{name}{path.suffix if name.lower().endswith('.csv') else ending}"


def file_name(source: SourceConfig, first: bytes) -> str:
    """Return what a received file is called here, by its source's kind and its first bytes."""
    packed = ".gz" if source.kind == "csv" and first.startswith(GZIP_MARK) else ""
    return f"upload{ENDINGS[source.kind]}{packed}"


def digest(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def synchronise(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
