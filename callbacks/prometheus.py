"""`/metrics`, for Prometheus: how old the news is, what became of the batches, and what the process costs.

Labels are keys of sources, states and panels: never a town, never a person. Ages are those of the view that the board
holds; the books are read beside the event loop, and only what was added since they were last read.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from starlette.responses import Response

from callbacks.board import Board
from cockpit.freshness import Age
from cockpit.ledger.size import disk_free_bytes, store_bytes, wal_bytes
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.scope import CITY
from cockpit.view import View
from cockpit.window import Window

COUNTED = {"read": "read_count", "refused": "refused_count", "duplicate": "duplicate_count"}
HELD = "held"
Values = dict[tuple[str, ...], float]
"""A value for each combination of labels."""

EVER = Window("all", 0, 1 << 62, is_provisional=True)


def register(server: FastAPI, board: Board) -> None:
    """Add the route, and to the board's registry what is known of its store."""
    told = Told(board)
    board.meter.registry.register(told)
    one_by_one = asyncio.Lock()  # two who ask at once must not add the same batches twice

    @server.get("/metrics")
    async def metrics() -> Response:
        """Tell all in the text format of Prometheus."""
        async with one_by_one:
            if board.view is not None:
                told.refused = await board.evaluated(refused_rows)
            text = await board.in_pool(generate_latest, board.meter.registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


def refused_rows(view: View) -> dict[str, int]:
    """Return how many rows of each source are in quarantine, from the columns in memory."""
    return view.columns.rows(QUARANTINE.name, CITY, EVER).counts("source")


class Books:
    """Sums over all batches; each is added once, and those that are held are looked at again, for they may be released."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin before the first batch."""
        self.ledger = ledger
        self.upto = 0
        self.rows: Counter[tuple[str, str]] = Counter()
        self.settled: Counter[tuple[str, str]] = Counter()
        self.held: dict[int, str] = {}

    def read_on(self) -> None:
        """Add what was booked since."""
        books = self.ledger.batches
        wanted = sa.or_(books.c.id > self.upto, books.c.id.in_(self.held))
        columns = [books.c.id, books.c.source, books.c.state, *(books.c[name] for name in COUNTED.values())]
        with self.ledger.reading() as connection:
            found = connection.execute(sa.select(*columns).where(wanted)).all()
        self.held = {row.id: row.source for row in found if row.state == HELD}
        for row in found:
            self.upto = max(self.upto, row.id)
            if row.state != HELD:
                self.settled[row.source, row.state] += 1
            if row.state == "loaded":  # what was released is loaded under a number of its own
                self.rows.update({(row.source, what): getattr(row, name) for what, name in COUNTED.items()})

    def batches(self) -> Counter[tuple[str, str]]:
        """Return how many batches each source has in each state."""
        return self.settled + Counter((source, HELD) for source in self.held.values())


class Told:
    """A collector: what the board's view and the store's books say at the moment of being asked."""

    def __init__(self, board: Board) -> None:
        """Remember whom to ask."""
        self.board, self.books, self.refused = board, Books(board.ledger), dict[str, int]()

    def describe(self) -> Iterable[Metric]:
        """Say nothing beforehand: nobody else uses this registry."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield everything; a store that cannot be read is told as such, and the rest goes on."""
        yield gauge("cockpit_info", "Version and site", {(self.board.version, self.board.site.key): 1}, "version", "site")
        if self.board.view is not None:
            yield from self.of_view(self.board.view, time.time())
        try:
            found = [*self.of_books(), *self.of_disk()]
        except Exception:  # noqa: BLE001 whatever it is that keeps the store from being read, that is what is told
            found = []
        yield gauge("cockpit_store_readable", "1 when the store could be read just now", {(): float(bool(found))})
        yield from found

    def of_view(self, view: View, now: float) -> Iterator[Metric]:
        """Yield the newest tick and the age of every source."""
        ages = view.ages()
        known: Values = {(a.key,): a.age_s + max(0.0, now - view.now) for a in ages if a.age_s is not None}
        states: Values = {(a.key, state.value): float(a.age is state) for a in ages for state in Age}
        yield gauge("cockpit_tick_number", "Newest tick", {(): view.tick.number})
        yield gauge("cockpit_tick_age_seconds", "Since the newest tick was committed", {(): now - view.tick.committed_at})
        yield gauge("cockpit_source_age_seconds", "Since a source was last read whole", known, "source")
        yield gauge("cockpit_source_state", "1 for the state a source is in", states, "source", "state")
        refused: Values = {(a.key,): float(self.refused.get(a.key, 0)) for a in ages}
        yield gauge("cockpit_quarantined_rows", "Rows in quarantine", refused, "source")

    def of_books(self) -> Iterator[Metric]:
        """Yield what became of rows and batches."""
        self.books.read_on()
        rows = CounterMetricFamily(
            "cockpit_source_rows", "Rows of loaded batches, by what became of them", labels=["source", "what"]
        )
        for labels, count in sorted(self.books.rows.items()):
            rows.add_metric(labels, count)
        yield rows
        batches: Values = {(source.key, HELD): 0 for source in self.board.site.sources}
        batches.update(self.books.batches().items())
        yield gauge("cockpit_batches", "Batches by source and state; held ones wait for a person", batches, "source", "state")

    def of_disk(self) -> Iterator[Metric]:
        """Yield the sizes of the store."""
        ledger = self.board.ledger
        yield gauge("cockpit_store_bytes", "Size of the store", {(): store_bytes(ledger)})
        of_file = {"cockpit_store_wal_bytes": wal_bytes(ledger), "cockpit_disk_free_bytes": disk_free_bytes(ledger)}
        for name, size in of_file.items():
            if size is not None:
                yield gauge(name, "Of a store that is a file: its write-ahead log, and what is free on its disk", {(): size})


def gauge(name: str, meaning: str, values: Values, *labels: str) -> Metric:
    """Return one family of gauges, a value for each combination of labels."""
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for words, value in values.items():
        family.add_metric(words, value)
    return family
