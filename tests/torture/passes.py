"""Passes of a schedule in processes of their own, which may have to die on the way, and somebody who reads meanwhile."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import sqlalchemy as sa

from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from tests.torture.city import INTERVAL_S, Departments
from tests.torture.invariants import Checker, cursors_ahead, left_behind
from tests.torture.nursery import Asked, nurse
from tests.torture.reader import Watched, watch

SEED = int(os.environ.get("COCKPIT_SEED", "20261121"))
ENDS_WITHIN_S = 120
PRELOADED = ["etl.sources.csv", "cockpit.ledger.upgrade", "tests.torture.nursery", "tests.torture.reader"]


def processes() -> ForkServerContext:
    """Return where processes come from that have everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def one_creation(url: str, fail: str) -> None:
    """Make a store whole, or die on the way."""
    os.environ["COCKPIT_FAIL"] = fail
    Ledger(url, tables()).create()


@dataclass
class Torture:
    """One city, one store, and the processes that fill it."""

    folder: Path
    url: str
    seed: int = SEED
    context: ForkServerContext = field(default_factory=processes)
    kills: int = 0
    slowest_s: float = 0.0
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.departments = Departments(self.folder / "city", self.seed)
        self.site = load_site(self.departments.inbox)
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()
        self.ledger = Ledger(self.url, tables())
        self.now = self.departments.now
        self.pipe, theirs = self.context.Pipe()
        self.nursery = self.context.Process(target=nurse, args=(self.url, str(self.scratch), theirs))
        self.nursery.start()
        theirs.close()

    def close(self) -> None:
        """Let the processes end."""
        self.pipe.send(None)
        self.nursery.join(ENDS_WITHIN_S)
        self.ledger.engine.dispose()

    def ask(self, fail: str = "", *, is_mortal: bool) -> None:
        """Let a pass begin, one interval later."""
        self.now += INTERVAL_S
        self.departments.now = self.now
        self.pipe.send(Asked(str(self.departments.inbox), self.now, fail, is_mortal))

    def strike(self, fail: str = "", after_s: float | None = None, *, meanwhile: int = 0) -> bool:
        """Let a pass die at a named place, or after a while, and so many files come meanwhile; whether it died."""
        self.ledger.engine.dispose()
        self.ask(fail, is_mortal=True)
        child = self.pipe.recv()
        for _ in range(meanwhile):
            self.departments.drop()
        if not self.pipe.poll(ENDS_WITHIN_S if after_s is None else after_s):
            os.kill(child, signal.SIGKILL)
        has_died = self.pipe.recv() == -signal.SIGKILL
        self.kills += has_died
        if has_died and self.is_made():
            self.note(self.cursors())
        return has_died

    def attempt(self) -> bool:
        """Let a pass end as it may; whether any file is not loaded, or the pass failed."""
        self.ask(is_mortal=True)
        self.pipe.recv()
        if not self.pipe.poll(ENDS_WITHIN_S):
            raise TimeoutError("a pass does not end")
        has_failed = self.pipe.recv() != 0
        return has_failed or bool(Checker(self.departments, self.ledger).unloaded())

    def heal(self) -> None:
        """Run one pass without a fault, which must be enough."""
        began = time.monotonic()
        self.ask(is_mortal=False)
        if not self.pipe.poll(ENDS_WITHIN_S):
            raise TimeoutError("a pass without a fault does not end")
        if wrong := self.pipe.recv():
            self.note([f"I6: the pass after the fault failed: {wrong}"])
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)

    def check(self, *, with_metrics: bool = False, is_held: frozenset[str] = frozenset()) -> None:
        """Hold the store against the ledger of what was delivered."""
        checker = Checker(self.departments, self.ledger, is_held=is_held)
        self.note(checker.violations(self.site, with_metrics=with_metrics))
        if self.ledger.engine.dialect.name == "sqlite":
            store = Path(self.ledger.engine.url.database or "")
            self.note(list(left_behind(store, self.departments, self.scratch)))

    def cursors(self) -> list[str]:
        """Find cursors that are ahead of what was committed."""
        with self.ledger.reading() as connection:
            return list(cursors_ahead(connection, self.ledger, self.departments.delivered()))

    def is_made(self) -> bool:
        """Whether the store is there."""
        with self.ledger.reading() as connection:
            return sa.inspect(connection).has_table(self.ledger.ticks.name)

    def note(self, violations: list[str]) -> None:
        """Write down what was violated, and after how many kills."""
        self.violations += [f"{wrong} (seed {self.seed}, after {self.kills} kills)" for wrong in violations]

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Let somebody read the store for as long as the block lasts, and note what was wrong."""
        stop, told = self.context.Event(), self.context.SimpleQueue()
        process = self.context.Process(target=watch, args=(self.url, stop, told, self.seed))
        process.start()
        try:
            yield
        finally:
            stop.set()
            seen: Watched = told.get() if is_answered(process, told) else Watched(0, ["I3: the reader died"], 0.0)
            process.join(ENDS_WITHIN_S)
            self.note([*seen.violations, *([] if seen.looks else ["I3: nobody looked"])])
            self.slowest_s = max(self.slowest_s, seen.slowest_s)


def is_answered(process: ForkServerProcess, told: object) -> bool:
    """Wait for what a process has to say; whether it says anything before it ends."""
    until = time.monotonic() + ENDS_WITHIN_S
    while time.monotonic() < until:
        if not told.empty():  # type: ignore[attr-defined]
            return True
        process.join(0.05)
        if not process.is_alive():
            return not told.empty()  # type: ignore[attr-defined]
    return False
