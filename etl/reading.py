"""A read in a thread of its own, so that a source that is slow, or never answers, keeps nobody else waiting.

Only the reading happens there: it goes on to the next batch when it is asked for one, and whoever asks loads it.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cockpit.errors import BatchHeld, SourceError
from cockpit.ledger.read import SourceState
from cockpit.source_config import SourceConfig
from etl.batch import Batch

PATIENCE_S = {"http": 0.5, "sql": 0.5}
FILE_PATIENCE_S = 5.0
"""How long the schedule waits for a source before it turns to the next one; what comes later is loaded when it is there.

Another machine is often slow; a folder is only when its drive is dead, or a file large.
"""

FIRST_PATIENCE_S = 30.0
"""How long it waits for a list that was never loaded, since the rows of other sources are held against it."""

LONGEST_S = 600.0
"""A read that takes longer is spoken of. Every kind of source has a deadline of its own; a dead network drive has none."""

INSIDE = ("demo", "replay")
"""Kinds that wait for nobody outside this process: they are always waited for."""


class Over:
    """What comes after the last batch of a read."""


@dataclass(frozen=True)
class Failed:
    """What comes instead of it when the read failed."""

    error: BaseException


OVER: Final = Over()

Brought = Batch | BatchHeld


class Reading:
    """One read of one source. `before` is the state it began from, `as_of` the site's clock (UTC s) then."""

    def __init__(
        self,
        brought: Callable[[], Iterator[Brought]],
        before: SourceState | None,
        as_of: int,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin; nothing is read before it is asked for."""
        self.before, self.as_of = before, as_of
        self.elapsed, self.begun = elapsed, elapsed()
        self.brought = brought
        self.wanted = threading.Semaphore(0)
        self.is_asked = False
        self.spoken = 0
        self.given: queue.SimpleQueue[Brought | Over | Failed] = queue.SimpleQueue()
        threading.Thread(target=self.read, name="reading", daemon=True).start()

    @property
    def elapsed_s(self) -> float:
        """How long it has been going on."""
        return self.elapsed() - self.begun

    def check(self) -> None:
        """Speak of it when it takes too long, once each time that long has passed. Raises: SourceError."""
        if self.elapsed_s > LONGEST_S * (self.spoken + 1):
            self.spoken += 1
            raise SourceError(f"no answer for more than {LONGEST_S / 60:.0f} minutes; is its drive, or its machine, there?")

    def read(self) -> None:
        """Give one thing each time that one is wanted, and at last that it is over, or why."""
        self.wanted.acquire()
        try:
            for brought in self.brought():
                self.given.put(brought)
                self.wanted.acquire()
            self.given.put(OVER)
        except BaseException as error:  # noqa: BLE001 whoever waits for this thread is told what befell it
            self.given.put(Failed(error))

    def take(self, patience_s: float | None) -> Brought | Over | None:
        """Return what comes next, or None when it is not there in time; None waits for ever. Raises what the read raised."""
        if not self.is_asked:
            self.is_asked = True
            self.wanted.release()
        try:
            given = self.given.get(timeout=patience_s)
        except queue.Empty:
            return None
        self.is_asked = False
        if isinstance(given, Failed):
            raise given.error
        return given


def patience(config: SourceConfig, before: SourceState | None, *, everything: bool) -> float | None:
    """Return how long (s) a read that begins is waited for; None: until it is over."""
    if config.kind in INSIDE:
        return None
    if everything:
        return LONGEST_S
    is_needed = config.static and (before is None or before.loaded_at is None)
    return FIRST_PATIENCE_S if is_needed else PATIENCE_S.get(config.kind, FILE_PATIENCE_S)
