"""What a tick costs, and that it does not grow with the history."""

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from cockpit.bench.city import FIRST_AT, WEEK_S, Week, add_weeks, batch, ledger_at, load_week
from cockpit.bench.figure import Figure, Measure, Place, Sizes, over
from cockpit.ledger.store import Ledger
from etl.batch import Batch
from etl.load import load

RECENT_SHARE = 3 / 7
"""The newest three days of the last week."""

BYTES_A_FACT = 450
"""What a fact takes in the store, with what follows from it and all indexes. Measured."""

SHARES = {"calls": 0.2, "stamps": 0.4, "news": 0.4}
"""Of the changed rows: corrected calls, corrected stamps, and stamps that were not there."""


@dataclass(frozen=True)
class Told:
    """A store with some weeks of history, and the ticks that are timed on it."""

    ledger: Ledger
    week: Week
    weeks: int
    draw: random.Random
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def chosen(self, rows: int, *, is_recent: bool) -> list[tuple[int, int]]:
        """Draw incidents, as week and number, from the newest three days or from all that is known."""
        if is_recent:
            first = int(self.week.count * (1 - RECENT_SHARE))
            return [(self.weeks - 1, n) for n in self.draw.sample(range(first, self.week.count), rows)]
        return [divmod(n, self.week.count) for n in self.draw.sample(range(self.weeks * self.week.count), rows)]

    def changes(self, rows: int, *, is_recent: bool) -> Batch:
        """Return a batch of changed rows, each of another incident."""
        number, incidents = next(self.numbers), self.chosen(rows, is_recent=is_recent)
        ends = [round(rows * SHARES["calls"]), round(rows * (SHARES["calls"] + SHARES["stamps"]))]
        calls, stamps, news = incidents[: ends[0]], incidents[ends[0] : ends[1]], incidents[ends[1] :]
        later = number % 50 + 1
        return batch(
            f"changes {number}",
            emergency_call=[self.week.call(n, w, rev=number, priority=f"P{number}") for w, n in calls],
            vehicle_status=[
                *(self.week.event(n, "ON_SCENE", w, later_s=later, rev=number) for w, n in stamps),
                *(self.week.event(n, "HOME", w, later_s=600, event_id=f"{w:04}-n{n:07}-{number}") for w, n in news),
            ],
        )

    def tick(self, rows: int, *, is_recent: bool) -> float:
        """Load changed rows, and return how long it took, in milliseconds."""
        changed = self.changes(rows, is_recent=is_recent)
        began = time.perf_counter()
        load(self.ledger, changed, as_of=FIRST_AT + self.weeks * WEEK_S, now=0.0)
        return (time.perf_counter() - began) * 1000

    def commit(self, rows: int) -> int:
        """Load changed rows of the newest days, and return their tick."""
        tick = load(self.ledger, self.changes(rows, is_recent=True), as_of=FIRST_AT + self.weeks * WEEK_S, now=time.time())
        assert tick is not None, "rows with a new revision are always a change"
        return tick


def told(folder: Path, week: Week, weeks: int) -> Told:
    """Make a store with some weeks of history."""
    ledger = ledger_at(folder / f"{weeks}-weeks.db")
    load_week(ledger, week, incidents_a_batch=1000)
    add_weeks(ledger, weeks)
    return Told(ledger, week, weeks, random.Random(weeks))  # noqa: S311 nothing is kept secret


def run(place: Place) -> Iterable[Figure]:
    """Time ticks of 1,000 changed rows, each of another incident, on stores of 0.2, 2 and 20 million facts.

    A tick is `etl.load.load`, whole: facts, derived rows, books, commit. The stores are timed in turns, so
    that a machine that slows down slows all of them, and the medians are compared. What a tick reads is in the
    file system's cache, as on a machine that has run for a while; nothing is said of a cold disk.
    """
    sizes = place.sizes
    week = Week(sizes.block_incidents)
    stores = [told(place.folder, week, weeks) for weeks in sizes.copies]
    for kind, is_recent in (("recent", True), ("spread", False)):
        took: list[list[float]] = [[] for _ in stores]
        for turn in range(sizes.warm_ticks + sizes.ticks):
            for store, times in zip(stores, took, strict=True):
                lasted = store.tick(sizes.changed_rows, is_recent=is_recent)
                if turn >= sizes.warm_ticks:
                    times.append(lasted)
        yield from compared(kind, [median(times) for times in took])
    for store in stores:
        store.ledger.engine.dispose()


LABELS = ("02m", "2m", "20m")
GOALS = {"recent": 1.2, "spread": None}


def compared(kind: str, medians: list[float]) -> Iterator[Figure]:
    """Yield the figures of one kind of tick."""
    smallest = medians[0]
    for label, value in zip(LABELS, medians, strict=True):
        yield Figure(name=f"tick_{kind}_{label}_ms", value=value, unit="ms", baseline=smallest)
    suffix = "" if kind == "recent" else "_spread"
    yield over(f"tick_history{suffix}_10x", medians[1], smallest)
    yield over(f"tick_history{suffix}_100x", medians[2], smallest, GOALS[kind])


def disk_bytes(sizes: Sizes) -> int:
    """Return what the stores take."""
    return sum(sizes.copies) * sizes.block_incidents * 10 * BYTES_A_FACT


MEASURE = Measure(
    names=(
        *(f"tick_{kind}_{label}_ms" for kind in ("recent", "spread") for label in LABELS),
        *(f"tick_history{kind}_{times}x" for kind in ("", "_spread") for times in (10, 100)),
    ),
    run=run,
    disk_bytes=disk_bytes,
)
