"""What a year of work-injury cases costs: all of them derived in one pass, and a tick that corrects one event."""

import time
from collections.abc import Iterable, Iterator
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from cockpit.bench.city import TOWNS, ZONE_OFFSET_S, batch, ledger_at
from cockpit.bench.figure import Figure, Measure, Place, Sizes
from cockpit.ledger.store import Ledger
from etl.batch import Batch
from etl.catalogue import derivations
from etl.load import load, write_facts, write_tick
from etl.renewal import derive_whole
from etl.sources.calendar import calendar

DAY_S = 86_400
FIRST_AT = 1_735_660_800  # 2025-01-01 00:00 on the clock of the city
LAST_AT = FIRST_AT + 600 * DAY_S
EPOCH = date(1970, 1, 1)
FIRST_TICK = 1
ENTERPRISES = 1000
TABLES = ("injury_case", "injury_clock")

CHAIN = {"A0": 0, "A1": 1, "B1": 9, "C1": 11, "C3": 15, "C4": 22, "D1": 30, "D4": 36, "F1": 60}
CHAIN |= {"F4": 95, "F5": 101, "G1": 110, "G2": 118, "G3": 124}
"""What happens to a case, and about how many days after the accident."""

AS_FAST = 20_000
"""Events a second that a pass must be faster than."""


def run(place: Place) -> Iterable[Figure]:
    """Derive a year's cases and all their clocks anew, in one pass that writes every row; then correct single events.

    The facts are in the store before the clock starts, as after an upgrade; the calendar is the real one.
    """
    ledger = ledger_at(place.folder / "injury.db")
    facts = year(place.sizes.injury_cases)
    with ledger.writing() as connection:
        write_facts(connection, ledger, facts, FIRST_TICK)
        write_tick(connection, ledger, FIRST_TICK, as_of=LAST_AT, now=0.0, cause="a year")
    began = time.perf_counter()
    derive_both(ledger)
    lasted_s = time.perf_counter() - began
    count = len(facts.rows["case_event"])
    yield Figure(name="injury_derive_events_per_s", value=count / lasted_s, unit="events/s")
    yield Figure(name="injury_derive_s", value=lasted_s, unit="s", goal=count / AS_FAST)
    yield Figure(name="injury_tick_ms", value=median(corrections(ledger, place.sizes)) * 1000, unit="ms")
    ledger.engine.dispose()


def year(cases: int) -> Batch:
    """Return the facts of a year as one batch: cases spread over it, each with the whole chain of events."""
    draw = np.random.default_rng(1)
    pace = draw.uniform(0.6, 1.4, cases)
    happened = FIRST_AT + (np.arange(cases) * 365 * DAY_S) // max(1, cases)
    days = [
        {"day_on": (on - EPOCH).days, "is_workday": day.is_workday, "name": day.name or None}
        for on, day in calendar({}, 2004).items()
    ]
    return batch(
        "a year",
        enterprise=[{"enterprise_id": f"e{n}", "reg_town": "t00", "prod_town": f"t{n % TOWNS:02}"} for n in range(ENTERPRISES)],
        cn_workday=days,
        work_injury_case=[case(n, int(at)) for n, at in enumerate(happened)],
        case_event=[
            event(n, code, int(at), float(p)) for n, (at, p) in enumerate(zip(happened, pace, strict=True)) for code in CHAIN
        ],
    )


def case(number: int, at: int) -> dict[str, Any]:
    """Return a case as the list of cases has it."""
    towns = {"employer_town": f"t{number % TOWNS:02}", "accident_town": f"t{number % TOWNS:02}"}
    stamps = {"event_at": at, "event_local": at + ZONE_OFFSET_S}
    track = {"is_fast": number % 10 < 6, "is_clear": number % 10 == 6, "basis": "14.1", "applicant": "用人单位"}
    return {"case_id": f"c{number:06}", "rev": 0, "enterprise_id": f"e{number % ENTERPRISES}", **towns, **stamps, **track}


def event(number: int, code: str, happened: int, pace: float, *, rev: int = 0) -> dict[str, Any]:
    """Return one event of a case; a later revision is an hour later."""
    at = happened + int(CHAIN[code] * pace) * DAY_S + 9 * 3600 + rev * 3600
    payload = '{"item": "医疗费", "amount_fen": 123456}' if code in ("G1", "G3") else None
    names = {"event_id": f"c{number:06}-{code}", "rev": rev, "case_id": f"c{number:06}", "event_code": code}
    return {**names, "event_at": at, "event_local": at + ZONE_OFFSET_S, "payload": payload}


def derive_both(ledger: Ledger) -> None:
    """Derive all rows of both tables, in one transaction."""
    with ledger.writing() as connection:
        for derived in derivations():
            if derived.table.name in TABLES:
                derive_whole(connection, ledger, derived, FIRST_TICK)


def corrections(ledger: Ledger, sizes: Sizes) -> Iterator[float]:
    """Yield how long ticks take (s) that correct one event of one case each."""
    for turn in range(sizes.warm_ticks + sizes.ticks):
        number = turn % sizes.injury_cases
        changed = batch(f"correction {turn}", case_event=[event(number, "C1", FIRST_AT, 1.0, rev=turn + 1)])
        began = time.perf_counter()
        load(ledger, changed, as_of=LAST_AT, now=0.0)
        if turn >= sizes.warm_ticks:
            yield time.perf_counter() - began


MEASURE = Measure(
    names=("injury_derive_events_per_s", "injury_derive_s", "injury_tick_ms"),
    run=run,
    disk_bytes=lambda sizes: 50_000 * sizes.injury_cases,
)
