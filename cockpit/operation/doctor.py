"""The health of one site: what is well, what is not, and what to do about it."""

import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version as package_version

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from cockpit.environment import ENVIRONMENT
from cockpit.errors import CockpitError
from cockpit.freshness import AGE_TEXT, CLOCK_SLACK_S, Age, source_ages
from cockpit.ledger.engine import masked
from cockpit.ledger.read import source_states, tick_at
from cockpit.ledger.size import disk_free_bytes, file_of, store_bytes, wal_bytes
from cockpit.ledger.store import Ledger, clock
from cockpit.ledger.upgrade import is_current
from cockpit.operation.running import is_scheduled
from cockpit.site import Site

MB = 1_000_000
LEAST_FREE_BYTES = 500 * MB
LARGE_WAL_BYTES = 64 * MB
"""A log is written back at 4 MB; one that has grown so far is held by a reader that does not end."""

QUIET_S = 180
"""Time itself makes a tick once a minute; three minutes without one are no chance."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("city-cockpit", "dash", "sqlalchemy", "pandas", "uvicorn")


class Status(StrEnum):
    """How one thing stands. Only a failure makes the command fail."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the examination: what was looked at, how it stands, and what to do."""

    about: str
    status: Status
    says: str


@dataclass(frozen=True)
class Patient:
    """What is examined. `now` is UTC seconds."""

    site: Site
    ledger: Ledger
    now: float


def examine(patient: Patient) -> Iterator[Finding]:
    """Yield the findings, those of the machine and the site first, and of the store only when it can be opened."""
    for look in (versions, time_zone, secrets, fonts, browser):
        yield from look(patient)
    if not is_there(patient.ledger):
        yield Finding("store", Status.WARN, f"{at(patient)}: there is none yet; `cockpit serve` or `cockpit etl run` makes it")
        return
    try:
        opened = list(store(patient))
    except (CockpitError, SQLAlchemyError) as error:
        reason = getattr(error, "orig", None) or error
        yield Finding("store", Status.FAIL, f"{at(patient)} cannot be opened: {reason}; repair it, or restore the last backup")
        return
    yield from opened
    if all(finding.status is not Status.FAIL for finding in opened):
        for look in (disk, log, newest_tick, schedule, sources, held):
            yield from look(patient)


def at(patient: Patient) -> str:
    """Return the store's address without its password."""
    return masked(patient.ledger.engine.url)


def is_there(ledger: Ledger) -> bool:
    """Whether there is a store to open: opening a file that is not there would make one."""
    file = file_of(ledger)
    return file is None or file.exists()


def versions(_patient: Patient) -> Iterator[Finding]:
    """Say what runs here."""
    known = ", ".join(f"{name} {package_version(name)}" for name in PACKAGES)
    yield Finding("versions", Status.OK, f"{known}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")


def time_zone(patient: Patient) -> Iterator[Finding]:
    """Say which clock the site goes by; `load_site` has found its zone."""
    shown = patient.site.zone.key
    yield Finding("time zone", Status.OK, f"{shown} is known; time-zone data of the package are {package_version('tzdata')}")


def secrets(patient: Patient) -> Iterator[Finding]:
    """Look at who may read `.env`; one that everybody may read was refused before."""
    path = patient.site.folder / ENVIRONMENT
    if not path.exists():
        yield Finding("secrets", Status.OK, f"{path} does not exist; secrets come from the environment alone")
    elif path.stat().st_mode & 0o020:
        yield Finding("secrets", Status.WARN, f"{path} can be changed by its group: run chmod 640 {path}")
    else:
        yield Finding("secrets", Status.OK, f"{path} has mode {path.stat().st_mode & 0o777:o}")


def fonts(_patient: Patient) -> Iterator[Finding]:
    """Look for a font with Chinese characters, which pages that are printed or photographed on this machine need."""
    command = shutil.which("fc-list")
    found = "" if command is None else output([command, ":lang=zh", "family"])
    if found.strip():
        yield Finding("fonts", Status.OK, f"Chinese: {found.splitlines()[0].strip()}")
    else:
        yield Finding(
            "fonts", Status.WARN, "no font with Chinese characters: install one (Debian: fonts-noto-cjk) where pages are shown"
        )


def browser(_patient: Patient) -> Iterator[Finding]:
    """Look for a Chromium; only tests and pictures need one."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    yield Finding("browser", Status.OK, found or "no Chromium on this machine; only its tests and screenshots need one")


def output(command: list[str]) -> str:
    """Return what a command prints, nothing when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 our own words
    return done.stdout if done.returncode == 0 else ""


def store(patient: Patient) -> Iterator[Finding]:
    """Open the store, compare its schema, and let it look through itself. Raises what opening raises."""
    ledger = patient.ledger
    with ledger.reading() as connection:
        current = is_current(connection, ledger)
        problems = quick_check(connection)
    yield Finding("store", Status.OK, f"{at(patient)}, {store_bytes(ledger) / MB:,.1f} MB")
    if current:
        yield Finding("schema", Status.OK, "that of this version")
    else:
        yield Finding(
            "schema", Status.FAIL, "not that of this version: stop the cockpit, back up, and start it; it upgrades by itself"
        )
    if problems:
        yield Finding("integrity", Status.FAIL, f"{problems[0]}: stop the cockpit and restore the last backup into a new store")
    else:
        yield Finding("integrity", Status.OK, "quick check passed")


def quick_check(connection: sa.Connection) -> list[str]:
    """Return what is wrong inside a SQLite file; a server looks after its own."""
    if connection.dialect.name != "sqlite":
        connection.execute(sa.select(1)).one()
        return []
    return [line for line in connection.exec_driver_sql("PRAGMA quick_check(5)").scalars() if line != "ok"]


def disk(patient: Patient) -> Iterator[Finding]:
    """Compare what is free with what a copy of the store takes: compacting needs one, a backup beside it another."""
    free, size = disk_free_bytes(patient.ledger), store_bytes(patient.ledger)
    if free is None:
        return
    told = f"{free / MB:,.0f} MB free beside a store of {size / MB:,.1f} MB"
    if free < max(size, LEAST_FREE_BYTES):
        yield Finding("disk", Status.FAIL, f"{told}: make room now, or writing will stop")
    elif free < 2 * size:
        yield Finding("disk", Status.WARN, f"{told}: a backup and a compaction need twice the store; make room")
    else:
        yield Finding("disk", Status.OK, told)


def log(patient: Patient) -> Iterator[Finding]:
    """Look at the write-ahead log."""
    size = wal_bytes(patient.ledger)
    if size is not None:
        is_large = size > max(LARGE_WAL_BYTES, store_bytes(patient.ledger) // 2)
        advice = ": a reader has not ended for long; restart the web process" if is_large else ""
        yield Finding("write-ahead log", Status.WARN if is_large else Status.OK, f"{size / MB:,.1f} MB{advice}")


def newest_tick(patient: Patient) -> Iterator[Finding]:
    """Compare this machine's clock with the newest tick."""
    with patient.ledger.reading() as connection:
        tick = tick_at(connection, patient.ledger)
    age_s = patient.now - tick.committed_at
    if tick.number == 0:
        yield Finding("newest tick", Status.WARN, "nothing was ever loaded; start the cockpit, or look at `cockpit etl status`")
    elif age_s < -CLOCK_SLACK_S:
        yield Finding("newest tick", Status.FAIL, f"{-age_s:,.0f} s in the future: set this machine's clock right (NTP)")
    elif age_s > QUIET_S:
        yield Finding(
            "newest tick",
            Status.WARN,
            f"tick {tick.number} is {age_s:,.0f} s old, though one comes every minute: is etl running?",
        )
    else:
        yield Finding("newest tick", Status.OK, f"tick {tick.number}, {age_s:,.0f} s old")


def schedule(patient: Patient) -> Iterator[Finding]:
    """Look whether somebody runs the schedule."""
    ledger = patient.ledger
    with ledger.reading() as connection:
        silent_s = clock(ledger.engine.dialect.name) - ledger.lease.c.renewed_at
        owner, silence_s = connection.execute(sa.select(ledger.lease.c.owner, silent_s)).one()
    if is_scheduled(ledger):
        yield Finding("schedule", Status.OK, f"run by {owner}, last heard {max(0.0, silence_s):,.0f} s ago")
    else:
        yield Finding("schedule", Status.WARN, "nobody runs it, so nothing new is read: start `cockpit serve`")


JUDGED = {Age.FRESH: Status.OK, Age.ENDED: Status.OK, Age.LATE: Status.WARN, Age.HELD: Status.WARN}
"""What an age is to a person who looks after the machine; every other one is a failure."""


def sources(patient: Patient) -> Iterator[Finding]:
    """Say how old every source is."""
    with patient.ledger.reading() as connection:
        states = source_states(connection, patient.ledger)
    for age in source_ages(patient.site, states, patient.now):
        known = "never read" if age.age_s is None else f"read whole {age.age_s:,.0f} s ago"
        message = f": {age.message}" if age.message else ""
        yield Finding(f"source {age.key}", JUDGED.get(age.age, Status.FAIL), f"{AGE_TEXT[age.age].en}, {known}{message}")


def held(patient: Patient) -> Iterator[Finding]:
    """Count the batches that wait for a person."""
    books = patient.ledger.batches
    with patient.ledger.reading() as connection:
        count = connection.scalars(sa.select(sa.func.count()).where(books.c.state == "held")).one()
    advice = ": see `cockpit etl quarantine list`" if count else ""
    yield Finding("held batches", Status.WARN if count else Status.OK, f"{count}{advice}")
