"""The record of workers' compensation, read into plain lists: one line is one claim. It stands outside the project."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.full import IS_FULL
from tests.oracle import windows
from tests.oracle.records import UNKNOWN_TOWN, City, Row

FOLDER = Path(__file__).parents[1] / "sites" / "workers_compensation"
FILE = Path(__file__).parents[3] / "shared" / "data" / "work_injury" / "workerscomp_100k.parquet"
ABSENT = f"the record of workers' compensation may not ship with the project, and {FILE} is not here"
CITY = City(zone=ZoneInfo("UTC"), cannot_know=frozenset({"applied_at"}), fed=frozenset({"work_injury_case"}))

STEP = 1 if IS_FULL else 5
"""One claim in so many is told."""

Line = Mapping[str, Any]


@cache
def raw_lines() -> tuple[Line, ...]:
    return tuple(pq.read_table(FILE).to_pylist()[::STEP])


def write(lines: Sequence[Line], path: Path) -> None:
    """Write lines as the record's own kind of file."""
    pq.write_table(pa.Table.from_pylist([*lines], schema=pq.read_schema(FILE)), path)


def happened(line: Line) -> datetime:
    """Return when an accident happened: its date, and the hour beside it."""
    return line["AccDate"] + timedelta(hours=line["AccTime"])


def records(as_of: datetime) -> dict[str, list[Row]]:
    """Return the cases that were reported by a wall time."""
    known = [case(line) for line in raw_lines() if line["RepDate"] <= as_of]
    return {"emergency_call": [], "vehicle_status": [], "work_injury_case": known}


def case(line: Line) -> Row:
    return {
        "case_id": line["ClaimNumber"],
        "event_at": windows.utc(happened(line), CITY.zone),
        "reported_at": windows.utc(line["RepDate"], CITY.zone),
        "employer_town": UNKNOWN_TOWN,
    }
