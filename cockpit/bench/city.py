"""A city made for measuring: one week of incidents, and as many more weeks as are asked for.

The first week is loaded as any batch is. The others are copies of its rows, facts and derived rows
alike, moved on by whole weeks under names of their own: what follows from them is then right as it
stands, without being derived again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.ledger.tables import Kind
from etl.batch import Batch
from etl.catalogue import contracts, tables
from etl.load import load

WEEK_S = 7 * 86_400
ZONE_OFFSET_S = 8 * 3600  # no clock of this city is ever changed, so that a week is a week on the wall too
FIRST_AT = 1_704_067_200 - ZONE_OFFSET_S  # Monday 2024-01-01, midnight
TOWNS, STATIONS = 16, 40
FACTS_AN_INCIDENT = 10
CHAIN = {
    "DISPATCHED": 60,
    "ACK": 80,
    "EN_ROUTE": 150,
    "ON_SCENE": 700,
    "AT_PATIENT": 790,
    "LEFT_SCENE": 1700,
    "AT_HOSPITAL": 2500,
    "HANDOVER": 3300,
    "AVAILABLE": 3900,
}
"""The statuses of a run, and about how many seconds after the call each begins."""


class Week:
    """The facts of one week, spread evenly over it; everything about them follows from the seed."""

    def __init__(self, incidents: int, seed: int = 1) -> None:
        """Draw the incidents."""
        draw = np.random.default_rng(seed)
        self.count = incidents
        self.called_at = FIRST_AT + np.arange(incidents) * (WEEK_S - 7200) // max(1, incidents)
        self.towns = draw.integers(0, TOWNS, incidents)
        self.stations = draw.integers(0, STATIONS, incidents)
        after = np.array(list(CHAIN.values()))
        self.stamps = self.called_at[:, None] + (after * draw.uniform(0.8, 1.2, (incidents, 1))).astype(int)

    def call(self, number: int, week: int = 0, **changes: Any) -> dict[str, Any]:
        """Return the call of one incident as it stands in one week."""
        at = int(self.called_at[number]) + week * WEEK_S
        return {
            "call_id": f"{week:04}-c{number:07}",
            "rev": 0,
            "incident_id": incident(week, number),
            "event_at": at,
            "event_local": at + ZONE_OFFSET_S,
            "channel": "120",
            "t_ring": at - 8,
            "t_answer": at,
            "t_accept_end": at + 40,
            "town_code": f"t{self.towns[number]:02}",
            "kind": "急救",
            "priority": "P2",
            "cause": "创伤",
            "needs_dispatch": True,
            "outcome": "派车",
            "time_precision": "s",
            **changes,
        }

    def event(self, number: int, status: str, week: int = 0, *, later_s: int = 0, **changes: Any) -> dict[str, Any]:
        """Return one status event of an incident as it stands in one week; one that is not of the chain comes last."""
        place = list(CHAIN).index(status) if status in CHAIN else len(CHAIN) - 1
        at = int(self.stamps[number, place]) + week * WEEK_S + later_s
        return {
            "event_id": f"{week:04}-e{number:07}-{status}",
            "rev": 0,
            "run_id": f"{week:04}-r{number:07}",
            "incident_id": incident(week, number),
            "vehicle_id": f"v{self.stations[number]:02}",
            "station_id": f"s{self.stations[number]:02}",
            "status": status,
            "event_at": at,
            "event_local": at + ZONE_OFFSET_S,
            "source": "按键",
            **changes,
        }


def incident(week: int, number: int) -> str:
    """Return the name of one incident of one week."""
    return f"{week:04}-i{number:07}"


def batch(name: str, **rows: list[dict[str, Any]]) -> Batch:
    """Return rows of some tables as one batch."""
    frames = {table: pd.DataFrame(some, columns=list(contracts()[table].names), dtype=object) for table, some in rows.items()}
    return Batch(
        source="bench",
        content=name,
        origin=name,
        read_count=sum(map(len, rows.values())),
        duplicate_count=0,
        rows=frames,
        refused=pd.DataFrame(columns=list(QUARANTINE.names), dtype=object),
    )


def lists() -> Batch:
    """Return the towns, stations and vehicles."""
    named = [(f"s{n:02}", f"v{n:02}", f"t{n % TOWNS:02}") for n in range(STATIONS)]
    return batch(
        "lists",
        town=[{"town_code": f"t{n:02}", "name": f"{n}", "is_functional": False} for n in range(TOWNS)],
        station=[{"station_id": s, "name": s, "town_code": town} for s, _, town in named],
        vehicle=[{"vehicle_id": v, "station_id": s, "in_service": True} for s, v, _ in named],
    )


def first_week(week: Week, incidents_a_batch: int) -> Iterator[Batch]:
    """Yield a week as the batches that it arrives in, in the order of time."""
    for first in range(0, week.count, incidents_a_batch):
        numbers = range(first, min(first + incidents_a_batch, week.count))
        calls = [week.call(n) for n in numbers]
        events = [week.event(n, status) for n in numbers for status in CHAIN]
        yield batch(f"incidents from {first}", emergency_call=calls, vehicle_status=events)


def ledger_at(path: Path) -> Ledger:
    """Open a store at a path, made when it is not there."""
    ledger = Ledger(f"sqlite:///{path}", tables())
    ledger.create()
    return ledger


def load_week(ledger: Ledger, week: Week, incidents_a_batch: int) -> None:
    """Load the lists and the first week, batch by batch."""
    load(ledger, lists(), as_of=FIRST_AT, now=0.0)
    for arrived in first_week(week, incidents_a_batch):
        load(ledger, arrived, as_of=FIRST_AT + WEEK_S, now=0.0)


@contextmanager
def hurried(path: Path) -> Iterator[sa.Connection]:
    """Open a store for filling it by the million: what breaks it half way costs nothing but the time."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        yield connection
        connection.commit()
    engine.dispose()


def add_weeks(ledger: Ledger, weeks: int) -> None:
    """Copy the first week into the weeks after it; the indexes are built when all rows are there."""
    ledger.engine.dispose()
    with hurried(Path(ledger.engine.url.database or "")) as connection:
        ticks = connection.scalars(sa.select(sa.func.max(ledger.ticks.c.number))).one()
        for history in [ledger.tables[name] for name, table in ledger.declared.items() if set(table.names) >= PLACED]:
            last = connection.scalars(sa.select(sa.func.coalesce(sa.func.max(history.c.id), 0))).one()
            for index in history.indexes:
                index.drop(connection)
            for week in range(1, weeks):
                connection.execute(copied(ledger, history.name, last, week, ticks))
            for index in history.indexes:
                index.create(connection)
        for week in range(1, weeks):
            connection.execute(copied_ticks(ledger, week, ticks))


PLACED = {"incident_id", "event_at"}
"""The columns of whatever happens in a week."""

NAMED_BY_WEEK = ("call_id", "event_id", "incident_id", "run_id")


def copied(ledger: Ledger, name: str, last: int, week: int, ticks: int) -> sa.Insert:
    """Return the statement that copies the first week's rows of a table, those up to an id, into another week."""
    history, declared = ledger.tables[name], ledger.declared[name]
    moved = {c.name: history.c[c.name] + week * WEEK_S for c in declared.columns if c.kind in (Kind.INSTANT, Kind.LOCAL)} | {
        n: f"{week:04}" + sa.func.substr(history.c[n], 5) for n in NAMED_BY_WEEK if n in declared.names
    }
    chosen = [moved.get(n, history.c[n]).label(n) for n in declared.names]
    known = [(history.c.known_from + week * ticks).label("known_from"), sa.null().label("known_to")]
    rows = sa.select(*chosen, *known).where(history.c.id <= last, history.c.known_to.is_(None))
    return history.insert().from_select([*declared.names, "known_from", "known_to"], rows)


def copied_ticks(ledger: Ledger, week: int, ticks: int) -> sa.Insert:
    """Return the statement that copies the first week's ticks into another week."""
    c = ledger.ticks.c
    rows = sa.select(c.number + week * ticks, c.committed_at, c.as_of + week * WEEK_S, c.cause).where(c.number <= ticks)
    return ledger.ticks.insert().from_select(["number", "committed_at", "as_of", "cause"], rows)
