"""What the colours of the towns cost: a week's evaluation, a year of them at once, and a night's, on three years of a city."""

import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

import numpy as np

from cockpit.bench.city import TOWNS, ZONE_OFFSET_S, batch, ledger_at
from cockpit.bench.figure import Figure, Measure, Place, Sizes
from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from cockpit.window import DAY_S, EPOCH, number
from etl.batch import Batch
from etl.catalogue import derivations
from etl.derived import Derived
from etl.judging import written
from etl.load import write_facts, write_tick
from etl.model import Judging, Model
from etl.models.town_colour import TOWN_COLOUR_MODEL
from etl.models.town_colour_history import TOWN_COLOUR_HISTORY_MODEL
from etl.renewal import derive_whole
from etl.sources.calendar import calendar

BEGIN, YEARS = date(2023, 1, 1), 3
CLOSE = number(date(2025, 12, 28))
"""The last Sunday of the three years."""

BACKFILL_WEEKS = 52
CATEGORIES, WORKERS = 8, 1200
"""Each division of a town is of one risk category, and of one firm with so many workers."""

CHAIN = {"B1": 9, "C1": 11, "D1": 30, "F4": 95}
"""What happens to a case, and how many days after the accident."""

RUNS = 3
MOST_S = 1.0
"""What a week's evaluation may take on two cores."""


def run(place: Place) -> Iterable[Figure]:
    """Judge the newest week after a year of others, again and again; then that year at once, and how the towns stand now."""
    ledger = ledger_at(place.folder / "towns.db")
    fill(ledger, place.sizes)
    year = tuple(CLOSE - 7 * back for back in reversed(range(1, BACKFILL_WEEKS + 1)))
    backfill_s = judged_s(ledger, TOWN_COLOUR_HISTORY_MODEL, year)
    weekly_s = median(judged_s(ledger, TOWN_COLOUR_HISTORY_MODEL, (CLOSE,)) for _ in range(RUNS))
    yield Figure(name="towns_weekly_s", value=weekly_s, unit="s", goal=MOST_S)
    yield Figure(name="towns_backfill_s", value=backfill_s, unit="s")
    yield Figure(name="towns_nightly_s", value=judged_s(ledger, TOWN_COLOUR_MODEL, (CLOSE + 1,)), unit="s")
    ledger.engine.dispose()


def judged_s(ledger: Ledger, model: Model, closes: tuple[int, ...]) -> float:
    """Return how long it takes (s) to read, judge and write some closes, in one transaction."""
    began = time.perf_counter()
    with ledger.writing() as connection:
        written(connection, model, Judging(connection, ledger, load_site("wenling"), closes, CLOSE * DAY_S), closes[-1])
    return time.perf_counter() - began


def fill(ledger: Ledger, sizes: Sizes) -> None:
    """Fill a store with three years of workers, cases and orders, and derive what the models read."""
    with ledger.writing() as connection:
        write_facts(connection, ledger, facts(sizes), 1)
        for derived in needed((*TOWN_COLOUR_HISTORY_MODEL.reads, *TOWN_COLOUR_MODEL.reads)):
            derive_whole(connection, ledger, derived, 1)
        write_tick(connection, ledger, 1, as_of=CLOSE * DAY_S, now=0.0, cause="three years")


def needed(reads: Iterable[str]) -> list[Derived]:
    """Return the derivations of some tables and of what they follow from, in their order."""
    wanted = {*reads}
    for derived in reversed(derivations()):
        wanted |= {*derived.reads} if derived.table.name in wanted else set()
    return [derived for derived in derivations() if derived.table.name in wanted]


def facts(sizes: Sizes) -> Batch:
    """Return three years of a city as one batch: firms in every town and industry, their workers, cases and orders."""
    draw = np.random.default_rng(1)
    firms = [(f"t{town:02}", f"e{town:02}-{one:02}", one) for town in range(TOWNS) for one in range(sizes.town_industries)]
    months = [f"{BEGIN.year + year}-{month:02}" for year in range(YEARS) for month in range(1, 13)]
    cases = [*drawn(draw, firms, sizes.injury_cases * YEARS)]
    days = calendar({}, BEGIN.year - 1).items()
    return batch(
        "three years",
        town=[{"town_code": f"t{n:02}", "name": f"{n}", "is_functional": False} for n in range(TOWNS)],
        cn_workday=[{"day_on": number(on), "is_workday": one.is_workday, "name": one.name or None} for on, one in days],
        enterprise=[
            {"enterprise_id": firm, "prod_town": town, "reg_town": town, "gb4754": f"{13 + n}", "risk_cat": n % CATEGORIES + 1}
            for town, firm, n in firms
        ],
        enterprise_month=[
            {"enterprise_id": firm, "rev": 0, "month": month, "headcount": WORKERS} for _, firm, _ in firms for month in months
        ],
        work_injury_case=[case for case, _ in cases],
        case_event=[event for _, events in cases for event in events],
        rectification_order=[order(n, f"t{n % TOWNS:02}") for n in range(sizes.injury_cases // 9 * YEARS)],
    )


def drawn(
    draw: np.random.Generator, firms: list[tuple[str, str, int]], count: int
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield cases of random firms on random days, each with its events."""
    of, on = draw.integers(0, len(firms), count), draw.integers(0, 365 * YEARS, count)
    for n in range(count):
        town, firm, _ = firms[of[n]]
        stamps = stamped(BEGIN + timedelta(days=int(on[n])))
        towns = {"employer_town": town, "accident_town": town}
        yield (
            {"case_id": f"c{n:06}", "rev": 0, "enterprise_id": firm, **towns, **stamps, "basis": "14.1"},
            [event(n, code, BEGIN + timedelta(days=int(on[n]) + after)) for code, after in CHAIN.items()],
        )


def event(case: int, code: str, on: date) -> dict[str, Any]:
    """Return one event of a case."""
    payload = f'{{"grade": {case % 6 + 5}}}' if code == "F4" else None
    names = {"event_id": f"c{case:06}-{code}", "rev": 0, "case_id": f"c{case:06}", "event_code": code}
    return {**names, **stamped(on), "payload": payload}


def order(n: int, town: str) -> dict[str, Any]:
    """Return an order to put right; every tenth is never closed."""
    pushed = BEGIN + timedelta(days=n * 7 % (365 * YEARS))
    closed = None if n % 10 == 0 else stamped(pushed + timedelta(days=20))["event_at"]
    due_on = number(pushed + timedelta(days=30))
    return {"order_id": f"o{n:05}", "rev": 0, "town_code": town, **stamped(pushed), "due_on": due_on, "closed_at": closed}


def stamped(on: date) -> dict[str, int]:
    """Return ten in the morning of a day, as instant and on the wall."""
    local = (on - EPOCH).days * DAY_S + 10 * 3600
    return {"event_at": local - ZONE_OFFSET_S, "event_local": local}


MEASURE = Measure(
    names=("towns_weekly_s", "towns_backfill_s", "towns_nightly_s"),
    run=run,
    disk_bytes=lambda sizes: 300_000_000 + 20_000 * sizes.injury_cases,
)
