"""A disk without room at any write: no success is claimed, the old picture stays, and it goes on when there is room again."""

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from cockpit.cli import app
from cockpit.ledger.read import newest_tick_number, source_states
from tests.full import IS_FULL
from tests.torture.conftest import Report
from tests.torture.passes import Torture
from tests.torture.reader import digest_of, look

PAGE = 4096
SIZE_MB = 32
MOST_PAGES = 600
PAGES = range(MOST_PAGES) if IS_FULL else (0, 2, 8, 32, 64, 512)


class Disk:
    """A small disk of its own, and a file on it that takes all the room but so many bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    def leave(self, free: int) -> None:
        """Leave just so much room."""
        self.ballast.unlink(missing_ok=True)
        stat = os.statvfs(self.folder)
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, stat.f_bavail * stat.f_frsize - free))

    def clear(self) -> None:
        """Give all the room back."""
        self.ballast.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount a small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "cockpit-torture", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk to fill")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # the command that was run may hold its store


@pytest.mark.torture
def test_a_disk_that_is_full_at_the_nth_page_claims_nothing_and_loses_nothing(
    disk: Disk, tmp_path: Path, report: Report
) -> None:
    line = report.line("A3 disk full after n pages, until a pass succeeds, sqlite")
    torture = Torture(tmp_path, f"sqlite:///{disk.folder / 'store' / 'cockpit.db'}", seed=report.seed)
    torture.departments.drop()
    torture.heal()
    for pages in PAGES:
        torture.departments.drop()
        before = picture(torture)
        empty_log(torture)
        disk.leave(pages * PAGE)
        has_failed = torture.attempt()
        torture.note([*claims(torture, before), *torture.cursors()])
        disk.clear()
        torture.heal()
        torture.check()
        line.times += 1
        if not has_failed:
            break
    torture.note([] if not has_failed else [f"A3: {pages} pages are not enough for a pass"])
    line.add(torture)
    line.end()


def empty_log(torture: Torture) -> None:
    """Let the write-ahead log take no room, so that every page that is written needs some; the reader's connection stays."""
    with torture.ledger.reading():
        pass  # the pool keeps this connection, as the web process keeps its own
    raw = torture.ledger.engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()


def picture(torture: Torture) -> tuple[int, str]:
    """Return the newest tick, and the hash of all that is known at it."""
    with torture.ledger.reading() as connection:
        number = newest_tick_number(connection, torture.ledger)
        return number, digest_of(connection, torture.ledger, number)


def claims(torture: Torture, before: tuple[int, str]) -> list[str]:
    """Find, on the full disk, what reads otherwise than before, half a tick, and sources that claim what is not there."""
    found = [f"A3: {wrong}" for wrong in look(torture.ledger, {before[0]: before[1]}, random.Random(0))]
    with torture.ledger.reading() as connection:
        batches = torture.ledger.batches.c
        for key, state in source_states(connection, torture.ledger).items():
            loaded = sa.select(sa.func.max(batches.finished_at)).where(batches.source == key)
            newest = connection.scalars(loaded).one() or 0.0
            if state.loaded_at is not None and state.loaded_at > newest:
                found.append(f"A3: {key} says it was loaded at {state.loaded_at}, its last batch is of {newest}")
    return found


@pytest.mark.torture
def test_a_disk_without_any_room_is_said_in_one_line_and_is_no_success(disk: Disk, tmp_path: Path, report: Report) -> None:
    line = report.line("A3 no room at all at the start, sqlite")
    torture = Torture(tmp_path, f"sqlite:///{disk.folder / 'store' / 'cockpit.db'}", seed=report.seed)
    torture.departments.drop()
    for turn in range(2):  # without a store, then with one
        disk.leave(0)
        done = CliRunner().invoke(app, ["etl", "run", "--site", str(torture.departments.inbox), "--store", torture.url])
        said = [text for text in done.stderr.splitlines() if text.startswith("cockpit: ")]
        wrong = (
            []
            if done.exit_code != 0 and len(said) == 1
            else [f"exit {done.exit_code}, said {done.output!r} {done.exception!r}"]
        )
        disk.clear()
        torture.heal()
        torture.check()
        torture.departments.drop()
        line.judge(f"turn {turn}", wrong)
    line.add(torture)
    line.end()
