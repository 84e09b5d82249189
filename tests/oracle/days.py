"""Service requests and work-injury cases: how many local days lie between two stamps, worked out on calendar dates."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from tests.oracle.records import Records, Row

DAY_S = 24 * 3600


def derive(records: Records, zone: ZoneInfo) -> dict[str, list[Row]]:
    """Return one row a request, and one a case."""
    return {
        "request_state": [request(row, zone) for row in records.get("service_request", ())],
        "work_injury_days": [case(row, zone) for row in records.get("work_injury_case", ())],
    }


def request(told: Row, zone: ZoneInfo) -> Row:
    """Return a request as far as its stamps can be believed."""
    asked = datetime.fromtimestamp(told["event_at"], zone)
    closed = None if told.get("closed_at") is None else datetime.fromtimestamp(told["closed_at"], zone)
    precision = None if closed is None else told.get("closed_precision") or ("day" if closed.time() == time() else "s")
    is_copied = precision == "s" and told["closed_at"] == told["event_at"]
    contradiction = None
    if closed is not None and told.get("status") in {"open", "assigned"}:
        contradiction = "stamp_void" if is_copied else "status_behind"
    if is_copied:
        closed, precision = None, None
    is_closed = closed is not None or told.get("status") == "closed"
    return {
        **{name: told.get(name) for name in ("agency_responsible", "service_name", "channel", "status", "event_at")},
        "town": told["town_code"],
        "state": "closed" if is_closed else "open",
        "contradiction": contradiction,
        "closed_at": None if closed is None else told["closed_at"],
        "closed_precision": precision,
        "days": ("ZERO", None)
        if is_copied and is_closed
        else days(asked, closed, is_over=is_closed, is_date=precision == "day"),
    }


def case(told: Row, zone: ZoneInfo) -> Row:
    """Return a case, with the days from its accident to its report."""
    happened = datetime.fromtimestamp(told["event_at"], zone)
    reported = None if told.get("reported_at") is None else datetime.fromtimestamp(told["reported_at"], zone)
    is_over = told.get("applied_at") is not None or told.get("decided_at") is not None
    is_date = reported is not None and reported.time() == time()
    return {
        "town": told["employer_town"],
        "event_at": told["event_at"],
        "days": days(happened, reported, is_over=is_over, is_date=is_date),
    }


def days(start: datetime, end: datetime | None, *, is_over: bool, is_date: bool) -> tuple[str, int | None]:
    """Return the state of an interval in days, and its length in seconds of whole days when it is valid."""
    if end is None:
        return ("MISSING" if is_over else "OPEN"), None
    count = (end.date() - start.date()).days
    is_before = count < 0 or (not is_date and end.timestamp() < start.timestamp())
    return ("NEG", None) if is_before else ("VALID", count * DAY_S)


def lengths(rows: Sequence[Row]) -> list[int]:
    """Return the valid lengths of some rows in days."""
    return [row["days"][1] // DAY_S for row in rows if row["days"][0] == "VALID"]
