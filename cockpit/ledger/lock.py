"""Who runs the schedule: a lock that ends with its process, beside a SQLite file or in a session of a PostgreSQL server."""

import os
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from filelock import FileLock, Timeout

SCHEDULE_LOCK = 7_310_582_111
"""Key of the advisory lock of the schedule in a PostgreSQL database; any number that nobody else uses."""

GONE_WITHIN_S = 5
"""A session that was told to end is gone after this long; it takes milliseconds."""

STOPPED_AFTER_S = 5
"""Rows are copied by the thousand a second: a session that takes none for this long has stopped."""


class Lock(Protocol):
    """The lock of one store's schedule. It keeps no secret: who breaks it must have been let in by the fence."""

    def take(self) -> bool:
        """Take the lock if nobody holds it, or this one does; it waits for nobody."""

    def end_stopped(self) -> None:
        """End a process that was stopped in the middle of a transaction, in which it would keep everybody out for ever."""

    def wrest(self) -> bool:
        """Take the lock from a process that stands still. Whether it was to be had."""

    def release(self) -> None:
        """Give the lock back."""


def lock_of(engine: sa.Engine) -> Lock:
    """Return the lock of a store's schedule, not yet taken."""
    return FileBeside(engine) if engine.dialect.name == "sqlite" else AdvisoryLock(engine)


class FileBeside:
    """A locked file beside the store's file."""

    def __init__(self, engine: sa.Engine) -> None:
        """Remember where it lies."""
        self.store = Path(engine.url.database or "")
        self.path = self.store.with_suffix(".schedule.lock")
        self.lock = FileLock(self.path, thread_local=False)

    def take(self) -> bool:
        """Lock the file."""
        try:
            if not self.lock.is_locked:
                self.lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def end_stopped(self) -> None:
        """Kill whoever was stopped (SIGSTOP) with the locked file and the store's write lock in its hands."""
        if self.is_writable():
            return
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended meanwhile, or is another user's
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
                if state == "T" and any(file.resolve() == self.path.resolve() for file in (process / "fd").iterdir()):
                    os.kill(int(process.name), signal.SIGKILL)

    def is_writable(self) -> bool:
        """Whether nobody is writing to the store right now."""
        try:
            with closing(sqlite3.connect(self.store, timeout=0, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE").execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        return True

    def wrest(self) -> bool:
        """Put another file in the place of the one that is locked."""
        self.path.unlink(missing_ok=True)
        return self.take()

    def release(self) -> None:
        """Unlock the file."""
        self.lock.release()


class AdvisoryLock:
    """An advisory lock of a session of its own; it ends with the session."""

    def __init__(self, engine: sa.Engine) -> None:
        """Remember the server; the session is opened when the lock is asked for."""
        self.engine = engine
        self.session: sa.PoolProxiedConnection | None = None
        self.driver: Any = None

    def take(self) -> bool:
        """Ask the server for the lock; a session that was lost took its lock along."""
        if self.session is not None and self.is_alive():
            return True
        self.release()
        self.session = self.engine.raw_connection()
        self.driver = self.session.driver_connection
        self.session.detach()
        self.driver.autocommit = True
        if not self.asked("SELECT pg_try_advisory_lock(%s)", SCHEDULE_LOCK):
            self.release()
        return self.session is not None

    def is_alive(self) -> bool:
        """Whether the session still stands."""
        try:
            return bool(self.asked("SELECT %s", 1))
        except self.engine.dialect.loaded_dbapi.Error:
            return False

    def asked(self, question: str, value: int) -> Any:
        """Ask the server something in the session of the lock."""
        return self.driver.execute(question, (value,)).fetchone()[0]

    def end_stopped(self) -> None:
        """End a session that has stopped in the middle of a COPY; one that idles between statements the server ends itself."""
        before = self.copied()
        if not before:
            return
        time.sleep(STOPPED_AFTER_S)
        with self.engine.connect() as connection:
            for process, _ in before & self.copied():
                connection.execute(sa.select(sa.func.pg_terminate_backend(process)))

    def copied(self) -> set[tuple[int, int]]:
        """Return the sessions that wait for the next row of a COPY, and how many bytes each has taken."""
        copying = sa.text(
            "SELECT pid, bytes_processed FROM pg_stat_progress_copy JOIN pg_stat_activity USING (pid, datname)"
            " WHERE datname = current_database() AND command = 'COPY FROM' AND wait_event = 'ClientRead'"
        )
        with self.engine.connect() as connection:
            return {(process, taken) for process, taken in connection.execute(copying)}

    def wrest(self) -> bool:
        """End the session that holds the lock; the server lets a role end its own."""
        holder = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid::bigint << 32) + objid::bigint = :key"
        )
        with self.engine.connect() as connection:
            connection.execute(holder, {"key": SCHEDULE_LOCK})
        ends_at = time.monotonic() + GONE_WITHIN_S
        while not (taken := self.take()) and time.monotonic() < ends_at:
            time.sleep(0.05)
        return taken

    def release(self) -> None:
        """Give the lock back and close the session; the server would take its time to notice that it is closed."""
        session, self.session = self.session, None
        if session is not None:
            with suppress(self.engine.dialect.loaded_dbapi.Error):
                self.driver.execute("SELECT pg_advisory_unlock_all()")
            session.close()
