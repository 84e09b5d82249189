"""`csv`: delimited text files, plain or gzipped, one file or a glob.

The declared header must match to the letter, and the encoding is declared and never guessed, or the whole file is held. A
file passes through in pieces, so that no gzip bomb, endless line or other hostility takes more than its bound of memory.
"""

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cockpit.errors import BatchHeld
from cockpit.site import Site, SourceConfig
from etl.batch import Extract
from etl.delimited import extract_of, split
from etl.sources.files import Folder

MARKS = {
    codecs.BOM_UTF8: ("utf-8", "utf-8-sig"),
    codecs.BOM_UTF16_LE: ("utf-16", "utf-16-le"),
    codecs.BOM_UTF16_BE: ("utf-16", "utf-16-be"),
}
"""Byte order marks, and the encodings that a file that begins so can have."""

LIKELY = ("utf-8", "gb18030")
"""Encodings that a file may have instead of the declared one: only ever said as a hint."""

PIECE = 1 << 16
"""Bytes that are read at a time."""


class Source(Folder):
    """The delimited files of one source."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to read."""
        super().__init__(config, site, read_text)


def read_text(path: Path, config: SourceConfig, name: str = "") -> Extract:
    """Read a file as text cells. Raises: BatchHeld, naming file and line, when it is not what was declared."""
    name = name or path.name
    with path.open("rb") as stored:
        check_stored(name, stored, config)
        content = hashlib.file_digest(stored, "sha256").hexdigest()
        check_mark(name, stored, config)
        try:
            with plain(name, stored, config) as stream:
                text = io.TextIOWrapper(stream, config.encoding, "strict", newline="")
                return extract_of(config, name, content, split(name, text, config.header))
        except UnicodeDecodeError as error:
            raise undecodable(name, stored, config) from error


def check_stored(name: str, stored: BinaryIO, config: SourceConfig) -> None:
    """Check that a file is not too large as it is stored. Raises: BatchHeld."""
    if stored.seek(0, io.SEEK_END) > config.max_mb << 20:
        raise too_large(name, config.max_mb)
    stored.seek(0)


def too_large(name: str, max_mb: int) -> BatchHeld:
    """Say that a file is too large."""
    return BatchHeld(f"{name}: more than {max_mb} MB unpacked; deliver it in pieces, or raise max_mb in site.toml")


class Bounded(io.RawIOBase):
    """A stream of bytes that refuses to become larger than its source may be."""

    def __init__(self, name: str, inner: BinaryIO | gzip.GzipFile, max_mb: int) -> None:
        """Begin at the beginning."""
        self.name, self.inner, self.max_mb = name, inner, max_mb
        self.given = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the declared type is of Python 3.12 and later
        """Read a piece. Raises: BatchHeld when the whole is too large."""
        piece = self.inner.read(len(buffer))
        self.given += len(piece)
        if self.given > self.max_mb << 20:
            raise too_large(self.name, self.max_mb)
        buffer[: len(piece)] = piece
        return len(piece)


@contextmanager
def plain(name: str, stored: BinaryIO, config: SourceConfig) -> Iterator[io.BufferedReader]:
    """Unpack a file where it is gzipped, piece by piece. Raises: BatchHeld when it is damaged, or too large."""
    stored.seek(0)
    inner = gzip.GzipFile(fileobj=stored) if name.endswith(".gz") else stored
    try:
        yield io.BufferedReader(Bounded(name, inner, config.max_mb), PIECE)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BatchHeld(f"{name}: not a whole gzip file ({error}); deliver it again") from error


def check_mark(name: str, stored: BinaryIO, config: SourceConfig) -> None:
    """Check that a byte order mark does not speak against the declared encoding. Raises: BatchHeld."""
    with plain(name, stored, config) as stream:
        first = stream.read(4)
    for mark, encodings in MARKS.items():
        if first.startswith(mark) and codecs.lookup(config.encoding).name not in encodings:
            raise BatchHeld(
                f"{name}: it begins with the byte order mark of {encodings[0]}, but {config.encoding} is declared; "
                "declare the file's encoding in site.toml, or deliver it again"
            )


def undecodable(name: str, stored: BinaryIO, config: SourceConfig) -> BatchHeld:
    """Say where a file is not of the declared encoding, and which it could be."""
    place = first_bad(name, stored, config, config.encoding)
    line, byte = place or (1, 0)
    likely = [
        other
        for other in LIKELY
        if other != codecs.lookup(config.encoding).name and first_bad(name, stored, config, other) is None
    ]
    hint = f" (it could be {likely[0]})" if likely else ""
    return BatchHeld(
        f"{name}, line {line}: byte 0x{byte:02x} is not {config.encoding}{hint}; "
        "declare the file's encoding in site.toml, or deliver it again"
    )


def first_bad(name: str, stored: BinaryIO, config: SourceConfig, encoding: str) -> tuple[int, int] | None:
    """Return line and value of the first byte that is not of an encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with plain(name, stored, config) as stream:
        while True:
            piece = stream.read(PIECE)
            try:
                line += decoder.decode(piece, final=not piece).count("\n")
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "replace")
                return line + before.count("\n"), error.object[error.start]
            if not piece:
                return None
