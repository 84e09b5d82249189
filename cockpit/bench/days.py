"""What three months of live ticks with corrections cost: a simulated city, hour after hour, and no slope in the tick."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from scipy.stats import theilslopes

from cockpit.bench.figure import Figure, Measure, Place, over
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table
from cockpit.scope import CITY
from cockpit.site import Site, load_site
from cockpit.view import View, open_view, refreshed
from etl.backfill import midnight
from etl.books import note_source
from etl.catalogue import tables
from etl.contracts import emergency
from etl.schedule import Schedule

BEGINS = date(2026, 8, 1)
"""The first live day: any one after the simulated go-live."""

MOST_GROWTH = 1.2
"""How much dearer a tick of the last day may be than one of the first, on the fitted line."""

READ = ("e6_p50", "d28")
"""The metric and window whose reading is timed."""


@dataclass(frozen=True)
class Day:
    """One day's medians: seconds a tick, seconds to bring a view up to date, milliseconds to read a metric; store bytes."""

    tick_s: float
    view_s: float
    read_ms: float
    store_bytes: int


def run(place: Place) -> Iterable[Figure]:
    """Tell a city's days live, one pass a step, and hold the last days against the first."""
    sizes = place.sizes
    site = of_emergencies(load_site("wenling"))
    ledger = Ledger(f"sqlite:///{place.folder / 'days.db'}", tables())
    ledger.create()
    began = float(midnight(site, BEGINS))
    begin_with(ledger, site, BEGINS - timedelta(days=sizes.days_before))
    days = list(lived(ledger, site, began, days=sizes.days, step_s=sizes.day_step_s))
    opened = time.perf_counter()
    open_view(ledger, site, began)
    opened_s = time.perf_counter() - opened
    ledger.engine.dispose()
    yield from figures(days, opened_s)


def of_emergencies(site: Site) -> Site:
    """Return a city with the sources of emergency response alone, whose ticks are the many."""
    told = {table.name for table in vars(emergency).values() if isinstance(table, Table)} | {"town"}
    kept = tuple(source for source in site.sources if told.issuperset(read.table for read in source.reads))
    return site.model_copy(update={"sources": kept})


def figures(days: list[Day], opened_s: float) -> Iterator[Figure]:
    """Return the growth of each cost over the days, on the line that fits them, and what the store grew by."""
    for name, costs, goal in (
        ("days_tick_growth", [day.tick_s for day in days], MOST_GROWTH),
        ("days_view_growth", [day.view_s for day in days], None),
        ("days_read_growth", [day.read_ms for day in days], None),
    ):
        slope, *_ = theilslopes(costs)
        first = max(median(costs) - slope * (len(costs) - 1) / 2, min(costs))
        yield over(name, first + slope * (len(costs) - 1), first, goal)
    yield Figure(name="days_tick_ms", value=median(day.tick_s for day in days) * 1000, unit="ms")
    yield Figure(name="days_read_ms", value=median(day.read_ms for day in days), unit="ms")
    yield Figure(name="days_open_s", value=opened_s, unit="s")
    yield Figure(name="days_store_mb", value=days[-1].store_bytes / 1e6, unit="MB", baseline=days[0].store_bytes / 1e6)
    grown = (days[-1].store_bytes - days[0].store_bytes) / max(1, len(days) - 1)
    yield Figure(name="days_store_mb_a_day", value=grown / 1e6, unit="MB")


def begin_with(ledger: Ledger, site: Site, since: date) -> None:
    """Let every simulated source begin its record on a day."""
    with ledger.writing() as connection:
        for source in site.sources:
            if source.kind == "demo":
                cursor = json.dumps({"begin": since.isoformat()})
                note_source(connection, ledger, source.key, now=0.0, cursor=cursor)


def lived(ledger: Ledger, site: Site, began: float, *, days: int, step_s: int) -> Iterator[Day]:
    """Run every pass of every day, keep a view up to date as the web process does, and yield each day's costs."""
    clock = [began]
    schedule = Schedule(site, ledger, lambda: clock[0], lambda: clock[0])
    schedule.run_due()
    view = open_view(ledger, site, began)
    for _ in range(days):
        ticks: list[float] = []
        views: list[float] = []
        reads: list[float] = []
        for _ in range(86_400 // step_s):
            clock[0] += step_s
            took, made = timed(schedule)
            ticks += [took / made] if made else []
            view, took = moved_on(view, ledger, clock[0])
            views.append(took)
            reads.append(read_ms(view))
        yield Day(median(ticks), median(views), median(reads), store_bytes(ledger))


def timed(schedule: Schedule) -> tuple[float, int]:
    """Return how long a pass took (s), and how many ticks it made."""
    began = time.perf_counter()
    ticks = schedule.run_due()
    return time.perf_counter() - began, len(ticks)


def moved_on(view: View, ledger: Ledger, now: float) -> tuple[View, float]:
    """Return the view brought up to date, and how long that took (s)."""
    began = time.perf_counter()
    newer = refreshed(view, ledger, now)
    return newer, time.perf_counter() - began


def read_ms(view: View) -> float:
    """Return how long a metric's reading takes (ms), the first after a tick."""
    began = time.perf_counter()
    view.readings(*READ, CITY)
    return (time.perf_counter() - began) * 1000


def store_bytes(ledger: Ledger) -> int:
    """Return how much the store holds (bytes), free pages not counted."""
    with ledger.reading() as connection:
        used = (
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return int(connection.exec_driver_sql(used).scalar_one())


MEASURE = Measure(
    names=(
        "days_tick_growth",
        "days_view_growth",
        "days_read_growth",
        "days_tick_ms",
        "days_read_ms",
        "days_open_s",
        "days_store_mb",
        "days_store_mb_a_day",
    ),
    run=run,
    disk_bytes=lambda sizes: 20_000_000 * (sizes.days + sizes.days_before),
)
