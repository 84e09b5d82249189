"""New York's record of 311 requests, read into plain lists: one line is one request."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.oracle import windows
from tests.oracle.records import UNKNOWN_TOWN, City, Row

FOLDER = Path(__file__).parents[1] / "sites" / "nyc311"
FILE = FOLDER / "nyc311_elevator_2024.parquet"
CITY = City(
    zone=ZoneInfo("America/New_York"),
    cannot_know=frozenset({"service_code"}),
    fed=frozenset({"town", "service_request"}),
)
STATUS = {"Open": "open", "Assigned": "assigned", "Closed": "closed"}

Line = Mapping[str, Any]


@cache
def raw_lines() -> tuple[Line, ...]:
    return tuple(pq.read_table(FILE).to_pylist())


@cache
def boards() -> frozenset[str]:
    with (FOLDER / "towns.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["board"] for row in csv.DictReader(file))


def utc(local: datetime | None) -> int | None:
    return None if local is None else windows.utc(local, CITY.zone)


@cache
def told(as_of: datetime) -> tuple[Line, ...]:
    """Return the lines that the record would have had at a wall time: what was closed later is still open."""
    return tuple(line_told(line, as_of) for line in raw_lines() if line["created_date"] <= as_of)


def line_told(line: Line, as_of: datetime) -> Line:
    is_closed_later = line["closed_date"] is not None and line["closed_date"] > as_of
    return {**line, "closed_date": None, "status": "Open", "closed_in_days": None} if is_closed_later else line


def write(lines: Sequence[Line], path: Path) -> None:
    """Write lines as the record's own kind of file."""
    pq.write_table(pa.Table.from_pylist([*lines], schema=pq.read_schema(FILE)), path)


def records(as_of: datetime) -> dict[str, list[Row]]:
    """Return what is known at a wall time, as the contract has it."""
    return {"emergency_call": [], "vehicle_status": [], "service_request": [request(line) for line in told(as_of)]}


def request(line: Line) -> Row:
    return {
        "service_request_id": str(line["unique_key"]),
        "event_at": utc(line["created_date"]),
        "closed_at": utc(line["closed_date"]),
        "service_name": f"{line['complaint_type']}: {line['descriptor']}",
        "agency_responsible": line["agency"],
        "channel": line["open_data_channel_type"],
        "town_code": line["community_board"] if line["community_board"] in boards() else UNKNOWN_TOWN,
        "status": STATUS[line["status"]],
    }
