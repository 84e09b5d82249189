"""How long it takes to read a metric from columns in memory."""

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import numpy as np

from cockpit.bench.city import FIRST_AT, TOWNS
from cockpit.bench.figure import Figure, Measure, Place
from cockpit.columns import Array, Columns, TableColumns, code_type
from cockpit.evaluate import metric_named, read_metric
from cockpit.interval import State
from cockpit.ledger.read import Tick
from cockpit.scope import CITY
from cockpit.site import load_site
from etl.catalogue import tables

YEARS_S = 3 * 365 * 86_400
AS_OF = FIRST_AT + YEARS_S
STATES = {State.VALID: 0.86, State.MISSING: 0.05, State.NEG: 0.01, State.OUT: 0.01, State.OUTSIDE: 0.06, State.OPEN: 0.01}
"""The states of an interval, and how often each stands in a record."""

ASKED = {
    "metric_city_median_ms": ((("e6_p50", "d365", None),), 10.0),
    "metric_towns_p50_p90_ms": ((("e6_p50", "d365", "town"), ("e6_p90", "d365", "town")), 15.0),
    "metric_day_median_ms": ((("e6_p50", "h24", None),), None),
    "metric_share_ms": ((("e6_within12", "d365", None),), None),
    "metric_count_ms": ((("cancelled", "d365", None),), None),
}
"""Figure → the metrics read, each with window and parts, and the most that it may take (ms)."""


def columns(incidents: int) -> Columns:
    """Return three years of incidents in sixteen towns, as the store would give them, in the order of time."""
    draw = np.random.default_rng(1)
    held = TableColumns(tables()["incident"])
    held.count, held.ids, held.is_known = incidents, np.arange(incidents), np.ones(incidents, np.bool_)
    times = np.sort(AS_OF - draw.integers(0, YEARS_S, incidents)).astype(np.float64)
    for column in held.table.columns:
        if column.name not in held.vocabulary:
            held.arrays[column.name] = times.copy()
    words = {"town": {f"t{n:02}": 1.0 for n in range(TOWNS)}, "state": {"closed": 0.94, "cancelled": 0.06}}
    for name in held.vocabulary:
        weights = STATES if name.endswith("_state") else words.get(name, {"": 1.0})
        held.vocabulary[name] = {str(word): code for code, word in enumerate(weights)}
        held.arrays[name] = drawn(draw, list(weights.values()), incidents)
    for name in (n for n in held.vocabulary if n.endswith("_state")):
        lengths = np.round(draw.lognormal(6, 0.5, incidents))
        held.arrays[f"{name.removesuffix('_state')}_s"] = np.where(held.arrays[name] == 0, lengths, np.nan)
    held.note_latest(0)
    return Columns(Tick(1, AS_OF, 0.0, "bench"), {"incident": held})


def drawn(draw: np.random.Generator, weights: list[float], count: int) -> Array:
    """Draw codes with some weights."""
    shares = np.array(weights) / sum(weights)
    return draw.choice(len(weights), count, p=shares).astype(code_type(len(weights)))


def run(place: Place) -> Iterable[Figure]:
    """Read metrics from three years of incidents, each as the first reading after a tick, when nothing is found yet.

    `metric_towns_p50_p90_ms` is two metrics read one after the other, of every town.
    """
    held, site = columns(place.sizes.incidents), load_site("dublin")
    for name, (asked, goal) in ASKED.items():

        def read(asked: Any = asked) -> None:
            held.kept.clear()
            for key, window, by in asked:
                read_metric(held, site, metric_named(key), CITY, window, by)

        yield Figure(name=name, value=median_ms(read, place.sizes.reads), unit="ms", goal=goal)


def median_ms(work: Callable[[], object], times: int) -> float:
    """Return how long work takes, in milliseconds: the median of several times, after one that is not counted."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took[1:])


MEASURE = Measure(names=tuple(ASKED), run=run)
