"""Days between stamps: calendar days of the city, and what a stamp is worth that says too little or too much."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.oracle import days
from tests.oracle.records import UNKNOWN_TOWN

pytestmark = pytest.mark.both_stores

NEW_YORK = ZoneInfo("America/New_York")
DAY_S = 86_400


def stamps(name, local):
    """Return a stamp, and the same on New York's wall clock, from a wall time such as 2024-03-09 12:00:00."""
    if local is None:
        return {f"{name}_at": None, f"{name}_local": None}
    wall = datetime.fromisoformat(local)
    return {
        f"{name}_at": int(wall.replace(tzinfo=NEW_YORK).timestamp()),
        f"{name}_local": int(wall.replace(tzinfo=UTC).timestamp()),
    }


def request(asked, closed, status, **rest):
    return {"service_request_id": "q", **stamps("event", asked), **stamps("closed", closed), "status": status, **rest}


REQUESTS = {
    "closed by a date days later": (
        request("2024-05-06 15:00:00", "2024-05-09 00:00:00", "closed"),
        ("closed", None, "day", "VALID", 3),
    ),
    "closed by a date on its own day": (
        request("2024-05-06 15:00:00", "2024-05-06 00:00:00", "closed"),
        ("closed", None, "day", "VALID", 0),
    ),
    "asked before midnight, closed after it": (
        request("2024-05-06 23:59:59", "2024-05-07 00:00:01", "closed"),
        ("closed", None, "s", "VALID", 1),
    ),
    "across the start of summer time, 47 hours": (
        request("2024-03-09 00:00:01", "2024-03-11 00:00:00", "closed"),
        ("closed", None, "day", "VALID", 2),
    ),
    "across the end of summer time, 49 hours": (
        request("2024-11-02 00:00:01", "2024-11-04 00:00:00", "closed"),
        ("closed", None, "day", "VALID", 2),
    ),
    "closed by a date before it was asked": (
        request("2024-05-06 15:00:00", "2024-05-05 00:00:00", "closed"),
        ("closed", None, "day", "NEG", None),
    ),
    "closed earlier on the same day": (
        request("2024-05-06 15:00:00", "2024-05-06 14:59:59", "closed"),
        ("closed", None, "s", "NEG", None),
    ),
    "midnight sharp, said to be to the second": (
        request("2024-05-06 15:00:00", "2024-05-06 00:00:00", "closed", closed_precision="s"),
        ("closed", None, "s", "NEG", None),
    ),
    "said to be a date, whatever the clock": (
        request("2024-05-06 15:00:00", "2024-05-06 12:00:00", "closed", closed_precision="day"),
        ("closed", None, "day", "VALID", 0),
    ),
    "not closed": (request("2024-05-06 15:00:00", None, "open"), ("open", None, None, "OPEN", None)),
    "of no status and no stamp": (request("2024-05-06 15:00:00", None, None), ("open", None, None, "OPEN", None)),
    "of no status, but stamped": (
        request("2024-05-06 15:00:00", "2024-05-08 09:00:00", None),
        ("closed", None, "s", "VALID", 2),
    ),
    "said to be closed, without a stamp": (
        request("2024-05-06 15:00:00", None, "closed"),
        ("closed", None, None, "MISSING", None),
    ),
    "stamped, and still said to be assigned": (
        request("2024-05-06 15:00:00", "2024-05-08 00:00:00", "assigned"),
        ("closed", "status_behind", "day", "VALID", 2),
    ),
    "stamped with its own second, and said to be open": (
        request("2024-05-06 15:00:00", "2024-05-06 15:00:00", "open"),
        ("open", "stamp_void", None, "OPEN", None),
    ),
    "stamped with its own second, and said to be closed": (
        request("2024-05-06 15:00:00", "2024-05-06 15:00:00", "closed"),
        ("closed", None, None, "ZERO", None),
    ),
    "asked and closed on a date, and nothing but dates known": (
        request("2024-05-06 00:00:00", "2024-05-06 00:00:00", "closed"),
        ("closed", None, "day", "VALID", 0),
    ),
}


@pytest.mark.parametrize(("told", "expected"), REQUESTS.values(), ids=[*REQUESTS])
def test_a_request_takes_whole_days_and_a_stamp_is_believed_as_far_as_it_goes(store, told, expected):
    store.tell(service_request=[told])
    [row] = store.rows("request_state")
    seconds = None if expected[-1] is None else expected[-1] * DAY_S
    names = ("state", "contradiction", "closed_precision", "closing_state", "closing_s")
    assert tuple(row[name] for name in names) == (*expected[:-1], seconds)
    oracle = days.request({**told, "town_code": UNKNOWN_TOWN}, NEW_YORK)
    assert oracle.pop("days") == (row["closing_state"], row["closing_s"])
    assert {name: row[name] for name in oracle} == oracle


def test_a_request_that_is_closed_later_is_one_request(store):
    told = request("2024-05-06 15:00:00", None, "open")
    first = store.tell(service_request=[told])
    store.tell(service_request=[{**told, **stamps("closed", "2024-06-06 00:00:00"), "status": "closed", "rev": 1}])
    [before], [after] = store.rows("request_state", at=first), store.rows("request_state")
    assert (before["state"], after["state"], after["closing_s"]) == ("open", "closed", 31 * DAY_S)


CASES = {
    "reported by a date": ("1994-09-28 15:00:00", "1994-10-17 00:00:00", {}, ("VALID", 19)),
    "reported on the day of the accident": ("1994-09-28 15:00:00", "1994-09-28 00:00:00", {}, ("VALID", 0)),
    "reported before it happened": ("1994-09-28 15:00:00", "1994-09-28 14:00:00", {}, ("NEG", None)),
    "not reported yet": ("1994-09-28 15:00:00", None, {}, ("OPEN", None)),
    "applied for and never reported": ("1994-09-28 15:00:00", None, {"applied_at": 800_000_000}, ("MISSING", None)),
}


@pytest.mark.parametrize(("happened", "reported", "rest", "expected"), CASES.values(), ids=[*CASES])
def test_a_case_of_work_injury_is_reported_after_whole_days(store, happened, reported, rest, expected):
    towns = {"employer_town": "A", "accident_town": UNKNOWN_TOWN}
    told = {"case_id": "j", **towns, **stamps("event", happened), **stamps("reported", reported), **rest}
    store.tell(work_injury_case=[told])
    [row] = store.rows("work_injury_days")
    state, count = expected
    assert (row["report_delay_state"], row["report_delay_s"]) == (state, None if count is None else count * DAY_S)
    assert (row["report_delay_state"], row["report_delay_s"]) == days.case(told, NEW_YORK)["days"]
    assert row["town"] == "A"
