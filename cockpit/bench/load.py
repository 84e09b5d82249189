"""How fast a store is filled the first time."""

import time
from collections.abc import Iterable

from cockpit.bench.city import FIRST_AT, WEEK_S, Week, first_week, ledger_at
from cockpit.bench.figure import Figure, Measure, Place
from etl.load import load

INCIDENTS_A_BATCH = 1000


def run(place: Place) -> Iterable[Figure]:
    """Load a week of facts into an empty store, in batches of 1,000 incidents, ten facts each; reading files is not in it."""
    week = Week(place.sizes.block_incidents)
    ledger = ledger_at(place.folder / "load.db")
    batches = list(first_week(week, INCIDENTS_A_BATCH))
    began = time.perf_counter()
    for arrived in batches:
        load(ledger, arrived, as_of=FIRST_AT + WEEK_S, now=0.0)
    lasted_s = time.perf_counter() - began
    ledger.engine.dispose()
    yield Figure(name="load_facts_s", value=sum(b.read_count for b in batches) / lasted_s, unit="rows/s")
    yield Figure(name="load_incidents_s", value=week.count / lasted_s, unit="rows/s")


MEASURE = Measure(names=("load_facts_s", "load_incidents_s"), run=run)
