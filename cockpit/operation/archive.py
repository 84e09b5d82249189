"""The file of a backup: a zip that any tool can open, whose every byte is accounted for.

Its last member, `manifest.json`, has the sha256 of every other one. The file ends with the sha256 of all before it, as the
comment of the zip. It is written under another name and renamed when it lies whole on the disk.
"""

import fcntl
import hashlib
import json
import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from cockpit.errors import BackupError

MANIFEST = "manifest.json"
DIRECTORY = "its table of contents"
SEAL_BYTES = 64
"""Length of the closing comment, a sha256 in hexadecimal."""

LENGTH_BYTES = 2
"""Where a zip says how long its comment is: right before it."""

PIECE_BYTES = 1 << 20


class Writing:
    """An archive being written; it keeps account of what goes in."""

    def __init__(self, bundle: ZipFile) -> None:
        """Begin with nothing."""
        self.bundle = bundle
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterator[bytes]) -> None:
        """Write one member, piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self.bundle.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def close(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, which names every member."""
        told = json.dumps({**manifest, "members": self.members}, ensure_ascii=False, indent=1)
        self.bundle.writestr(MANIFEST, told)


@contextmanager
def new_archive(target: Path) -> Iterator[Writing]:
    """Write an archive inside the block; only when it lies whole on the disk does it get its name. Raises: BackupError."""
    if target.exists():
        raise BackupError(f"{target} exists; a backup is never overwritten: give another name with --out")
    partial = target.with_name(f"{target.name}.partial")
    with alone_in(partial) as file:
        try:
            with ZipFile(file, "w", ZIP_DEFLATED) as bundle:
                yield Writing(bundle)
            seal(file)
            os.fsync(file.fileno())
            partial.replace(target)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
    sync_folder(target.parent)


@contextmanager
def alone_in(partial: Path) -> Iterator[IO[bytes]]:
    """Open the unfinished file, readable by its owner only; what a killed backup left is begun anew. Raises: BackupError."""
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BackupError(f"{partial} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"another backup is writing {partial} at this moment") from error
        file.truncate(0)
        yield file


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(file: IO[bytes]) -> None:
    """Append the digest of everything before it, as the comment of the zip, whose length stands before it."""
    end = file.seek(0, os.SEEK_END)
    digest = digest_of(file, end - LENGTH_BYTES)
    file.seek(end - LENGTH_BYTES)
    file.write(struct.pack("<H", SEAL_BYTES) + digest.encode())
    file.flush()


def digest_of(file: IO[bytes], size: int) -> str:
    """Return the sha256 of the first bytes of a file."""
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0 and (piece := file.read(min(size, PIECE_BYTES))):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()


def is_sealed(path: Path) -> bool:
    """Whether every byte of an archive is what was written."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END) - SEAL_BYTES - LENGTH_BYTES
        if end < 0:
            return False
        digest = digest_of(file, end)
        return file.read() == struct.pack("<H", SEAL_BYTES) + digest.encode()


def checked_manifest(path: Path) -> dict[str, Any]:
    """Return an archive's manifest when every byte is what was written. Raises: BackupError naming the damaged member."""
    if not path.is_file():
        raise BackupError(f"{path}: there is no such file")
    if not is_sealed(path):
        raise BackupError(f"{path}: {damaged_part(path)} is damaged; nothing was restored, take another backup")
    return read_manifest(path)


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of a sound archive."""
    with ZipFile(path) as bundle:
        return dict(json.loads(bundle.read(MANIFEST)))


def damaged_part(path: Path) -> str:
    """Name the member that is not what was written, or the part of the file that holds none."""
    name = DIRECTORY
    try:
        with ZipFile(path) as bundle:
            name = MANIFEST
            for name, written in json.loads(bundle.read(MANIFEST))["members"].items():
                if hashlib.sha256(bundle.read(name)).hexdigest() != written["sha256"]:
                    return str(name)
    except Exception:  # noqa: BLE001 there is no telling what a damaged archive makes its reader raise
        return name
    return DIRECTORY
