"""Dublin's record, read by the standard library: one line is one call, one incident and one run of one unit."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.oracle import windows
from tests.oracle.records import UNKNOWN_TOWN, City, Row

FOLDER = Path(__file__).parents[2] / "cockpit" / "sites" / "dublin"
RECORD = FOLDER / "dublin_fire_2020_2022.csv.gz"
CITY = City(
    zone=ZoneInfo("Europe/Dublin"),
    cannot_know=frozenset({"t_ring", "t_accept_end", "t_leave", "t_hosp", "t_handover"}),
    fed=frozenset({"town", "station", "emergency_call", "vehicle_status"}),
)
STATUS_OF = {"ORD": "DISPATCHED", "MOB": "EN_ROUTE", "IA": "ON_SCENE", "MAV": "AVAILABLE", "CD": "HOME"}


def utc(local: datetime) -> int:
    """Return a wall time of Dublin in UTC seconds."""
    return windows.utc(local, CITY.zone)


def wall(day: str, clock: str) -> datetime:
    """Read a dd/mm/yyyy date and an HH:MM:SS clock."""
    day_of_month, month, year = day.split("/")
    return datetime.fromisoformat(f"{year}-{month}-{day_of_month}T{clock}")


def stamp(day: str, clock: str, taken: datetime) -> int:
    """Return a stamp's instant: the next day's when it would lie more than 12 h before the call."""
    on_date = wall(day, clock)
    is_next_day = taken - on_date > timedelta(hours=12)
    return utc(on_date + timedelta(days=1) if is_next_day else on_date)


def raw_bytes() -> bytes:
    return gzip.decompress(RECORD.read_bytes())


@cache
def raw_rows() -> tuple[Mapping[str, str], ...]:
    return tuple(csv.DictReader(raw_bytes().decode("utf-8").splitlines(keepends=True)))


@cache
def calls() -> tuple[Row, ...]:
    return tuple(call(row) for row in raw_rows())


@cache
def events() -> tuple[Row, ...]:
    return tuple(event for row in raw_rows() for event in events_of(row))


def call(row: Mapping[str, str]) -> Row:
    taken = utc(wall(row["Date"], row["TOC"]))
    return {
        "call_id": row["ID"],
        "incident_id": row["ID"],
        "event_at": taken,
        "t_answer": taken,
        "town_code": UNKNOWN_TOWN,
        "kind": "消防",
        "cause": row["Description"] or None,
        "time_precision": "s",
    }


def events_of(row: Mapping[str, str]) -> Iterator[Row]:
    """Yield the stamps of a line; a unit that is available again without having attended was turned back."""
    taken = wall(row["Date"], row["TOC"])
    for column, status in STATUS_OF.items():
        if row[column]:
            yield {
                "event_id": f"{row['ID']}-{column}",
                "run_id": row["ID"],
                "incident_id": row["ID"],
                "station_id": row["Station Name"] or None,
                "status": "CANCELLED" if column == "MAV" and not row["IA"] else status,
                "event_at": stamp(row["Date"], row[column], taken),
            }


@cache
def stations() -> tuple[Row, ...]:
    with (FOLDER / "stations.csv").open(encoding="utf-8", newline="") as file:
        return tuple({"station_id": row["station"], "town_code": row["town"]} for row in csv.DictReader(file))


def records(as_of: int) -> dict[str, list[Row]]:
    """Return what has happened by an instant."""
    return {
        "emergency_call": [row for row in calls() if row["event_at"] <= as_of],
        "vehicle_status": [row for row in events() if row["event_at"] <= as_of],
        "station": list(stations()),
    }
