"""San Francisco's record, read by the standard library: one line is one unit sent to one incident."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.oracle import windows
from tests.oracle.records import UNKNOWN_TOWN, City, Row

FOLDER = Path(__file__).parents[1] / "sites" / "san_francisco"
CITY = City(
    zone=ZoneInfo("America/Los_Angeles"),
    cannot_know=frozenset({"t_ring", "t_handover"}),
    fed=frozenset({"town", "emergency_call", "vehicle_status"}),
)
STATUS_OF = {
    "Dispatch DtTm": "DISPATCHED",
    "Response DtTm": "EN_ROUTE",
    "On Scene DtTm": "ON_SCENE",
    "Transport DtTm": "LEFT_SCENE",
    "Hospital DtTm": "AT_HOSPITAL",
    "Available DtTm": "AVAILABLE",
}
FIRE = ("Alarm", "Fire")
MEDICAL = ("Potentially Life-Threatening", "Non Life-threatening")
PRIORITIES = {"3": "P1", "2": "P2"}


def utc(text: str) -> int | None:
    """Read a wall time such as 01/02/2017 12:00:00 PM in UTC seconds."""
    return windows.utc(datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p"), CITY.zone) if text else None


@cache
def raw_rows() -> tuple[Mapping[str, str], ...]:
    with gzip.open(FOLDER / "sf_fire_calls_subset.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def neighbourhoods() -> frozenset[str]:
    return frozenset((FOLDER / "towns.csv").read_text(encoding="utf-8").splitlines()[1:])


@cache
def calls() -> tuple[Row, ...]:
    """Return every call once, though each of its units' lines repeats it."""
    return tuple({row["Call Number"]: call(row) for row in raw_rows()}.values())


@cache
def events() -> tuple[Row, ...]:
    return tuple(event for row in raw_rows() for event in events_of(row))


def call(row: Mapping[str, str]) -> Row:
    received = utc(row["Received DtTm"])
    named = row["Neighborhood  District"] or row["Neighborhooods - Analysis Boundaries"]
    return {
        "call_id": row["Call Number"],
        "incident_id": row["Incident Number"],
        "event_at": received,
        "t_answer": received,
        "t_accept_end": utc(row["Entry DtTm"]),
        "town_code": named if named in neighbourhoods() else UNKNOWN_TOWN,
        "kind": {**dict.fromkeys(FIRE, "消防"), **dict.fromkeys(MEDICAL, "急救"), "": None}[row["Call Type Group"]],
        "priority": {**PRIORITIES, "": None}[row["Final Priority"]],
        "cause": row["Call Type"] or None,
        "time_precision": "s",
    }


def events_of(row: Mapping[str, str]) -> Iterator[Row]:
    """Yield the stamps of a line; a unit that becomes available without having been on scene was stood down."""
    for column, status in STATUS_OF.items():
        if row[column]:
            is_stood_down = status == "AVAILABLE" and not row["On Scene DtTm"]
            yield {
                "event_id": f"{row['RowID']}-{status}",
                "run_id": row["RowID"],
                "incident_id": row["Incident Number"],
                "vehicle_id": row["Unit ID"] or None,
                "station_id": row["Station Area"] or None,
                "status": "CANCELLED" if is_stood_down else status,
                "event_at": utc(row[column]),
            }


def records(as_of: int) -> dict[str, list[Row]]:
    """Return what has happened by an instant."""
    return {
        "emergency_call": [row for row in calls() if row["event_at"] <= as_of],
        "vehicle_status": [row for row in events() if row["event_at"] <= as_of],
    }
