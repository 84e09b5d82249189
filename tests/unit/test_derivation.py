"""What calls and status events mean, as small tables in and rows out (domain specification, section 6.5).

A table of calls has one row per call; a table of runs has one row per run and a column for each status,
with the wall-clock time of its event. Blank cells are unknown; `source` tells how the stamps were made.
"""

import pytest

from cockpit.interval import State
from cockpit.metrics.emergency_intervals import INCIDENT_INTERVALS, RUN_INTERVALS
from etl.contracts.emergency import BACKFILLED, BUTTON, GPS, STATUSES

ZERO = (None, "ZERO")
DAY_S = 86_400
DAY = 18_693 * DAY_S  # 2021-03-07, a Sunday


def clock(text):
    """Return HH:MM:SS, perhaps of the day after (+), as seconds; blank is unknown."""
    if not text:
        return None
    hours, minutes, seconds = map(int, text.removeprefix("+").split(":"))
    return DAY + (DAY_S if text.startswith("+") else 0) + hours * 3600 + minutes * 60 + seconds


def cells(table):
    """Return the rows of a drawn table; a blank cell is None."""
    header, *rows = ([cell.strip() or None for cell in line.split("|")] for line in table.strip().splitlines() if line.strip())
    return [dict(zip(header, row, strict=True)) for row in rows]


def calls_of(table):
    """Return calls as the contract has them; a call is placed by its answer, or by ten o'clock."""
    for row in cells(table):
        answer = row.get("answer", "10:00:00")
        yield {
            "call_id": row["call"],
            "rev": int(row.get("rev") or 0),
            "incident_id": row["incident"],
            "event_at": clock(row.get("called") or answer or "10:00:00"),
            "t_ring": clock(row.get("ring")),
            "t_answer": clock(answer),
            "t_accept_end": clock(row.get("accepted")),
            "town_code": row.get("town") or "?",
            "outcome": row.get("outcome"),
            "needs_dispatch": {"yes": True, "no": False, None: None}[row.get("needs")],
            "time_precision": row.get("precision"),
        }


def events_of(table):
    """Return the status events of a table of runs, named by run, status and source unless it names them."""
    for row in cells(table):
        for status in STATUSES:
            if row.get(status):
                yield {
                    "event_id": row.get("event") or f"{row['run']}-{status}-{row.get('source')}",
                    "rev": int(row.get("rev") or 0),
                    "run_id": row["run"],
                    "incident_id": row["incident"],
                    "station_id": row.get("station"),
                    "status": status,
                    "event_at": clock(row[status]),
                    "source": row.get("source"),
                }


@pytest.fixture
def tell(store):
    """Return a function that tells tables of calls and of runs as one batch."""
    return lambda calls="", runs="", **more: store.tell(
        emergency_call=list(calls_of(calls)) if calls else [],
        vehicle_status=list(events_of(runs)) if runs else [],
        **more,
    )


AHEAD_OF_R1 = [{"message_id": "m1", "incident_id": "i1", "run_id": "r1", "event_at": clock("10:25:00")}]
POLICE = [{"notice_id": "n1", "incident_id": "i1", "department": "公安110", "event_at": clock("10:02:00")}]


@pytest.fixture
def incidents(store):
    """Return a function that gives some columns of every incident."""
    return lambda *names: {row["incident_id"]: {n: row[n] for n in names} for row in store.rows("incident")}


@pytest.fixture
def runs(store):
    """Return a function that gives some columns of every run."""
    return lambda *names: {row["run_id"]: {n: row[n] for n in names} for row in store.rows("unit_run")}


ONE_CALL = """
    call | incident | ring     | answer   | accepted | town | outcome
    c1   | i1       | 09:59:52 | 10:00:00 | 10:01:00 | A    | 派车
"""


def test_a_whole_history_is_timed_throughout(tell, incidents, runs):
    tell(
        ONE_CALL,
        """
        run | incident | station | DISPATCHED | EN_ROUTE | ON_SCENE | LEFT_SCENE | AT_HOSPITAL | HANDOVER | AVAILABLE | source
        r1  | i1       | s1      | 10:01:30   | 10:03:00 | 10:10:00 | 10:20:00   | 10:35:00    | 10:45:00 | 10:50:00  | 按键
        """,
        prearrival=AHEAD_OF_R1,
        linkage=POLICE,
    )
    assert incidents("state", "run_count", "station_id", "e1_s", "e2_s", "e3_s", "e23_s", "e6_s", "e6b_s", "e6c_s") == {
        "i1": {
            "state": "closed",
            "run_count": 1,
            "station_id": "s1",
            "e1_s": 8,
            "e2_s": 60,
            "e3_s": 30,
            "e23_s": 90,
            "e6_s": 600,
            "e6b_s": 510,
            "e6c_s": 608,
        }
    }
    assert runs("state", "e4_s", "e5_s", "e7_s", "e7b_s", "e8_s", "e9_s", "e10_s") == {
        "r1": {
            "state": "ended",
            "e4_s": 90,
            "e5_s": 420,
            "e7_s": 600,
            "e7b_s": 2400,
            "e8_s": 900,
            "e9_s": 600,
            "e10_s": 2910,
        }
    }
    assert {incidents(i.state)["i1"][i.state] for i in INCIDENT_INTERVALS} == {State.VALID}
    assert {runs(i.state)["r1"][i.state] for i in RUN_INTERVALS} == {State.VALID}


def test_a_dispatch_before_call_taking_ended_is_negative_and_not_clamped(tell, incidents):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
        r1  | i1       | 10:00:40   | 10:03:00 | 10:10:00 | 10:50:00
        """,
    )
    assert incidents("e3_s", "e3_state", "e23_s", "t_dispatch") == {
        "i1": {"e3_s": None, "e3_state": "NEG", "e23_s": 40, "t_dispatch": clock("10:00:40")}
    }


def test_of_two_vehicles_the_earlier_arrival_is_the_response_and_each_turns_out(tell, incidents, runs):
    tell(
        ONE_CALL,
        """
        run | incident | station | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE | source
        r1  | i1       | s1      | 10:01:30   | 10:03:00 | 10:12:00 | 10:50:00  | 按键
        r2  | i1       | s2      | 10:02:00   | 10:02:30 | 10:08:00 | 10:50:00  | 按键
        """,
    )
    assert incidents("e6_s", "e3_s", "run_count", "station_id", "t_unit_dispatch") == {
        "i1": {"e6_s": 480, "e3_s": 30, "run_count": 2, "station_id": "s1", "t_unit_dispatch": clock("10:02:00")}
    }
    assert runs("e4_s", "e4_state") == {"r1": {"e4_s": 90, "e4_state": "VALID"}, "r2": {"e4_s": 30, "e4_state": "VALID"}}


def test_an_arrival_before_the_answer_is_skipped_when_another_unit_has_a_valid_one(tell, incidents):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
        r1  | i1       | 10:01:30   | 10:03:00 | 09:58:00 | 10:50:00
        r2  | i1       | 10:02:00   | 10:02:30 | 10:08:00 | 10:50:00
        """,
    )
    assert incidents("e6_s", "e6_state", "negative_arrival_count") == {
        "i1": {"e6_s": 480, "e6_state": "VALID", "negative_arrival_count": 1}
    }


def test_an_arrival_before_the_answer_is_negative_when_no_unit_has_a_valid_one(tell, incidents):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
        r1  | i1       | 10:01:30   | 10:03:00 | 09:58:00 | 10:50:00
        r2  | i1       | 10:02:00   | 10:02:30 |          | 10:50:00
        """,
    )
    assert incidents("e6_s", "e6_state", "negative_arrival_count") == {
        "i1": {"e6_s": None, "e6_state": "NEG", "negative_arrival_count": 1}
    }


def test_an_arrival_at_the_second_of_the_answer_is_valid(tell, incidents):
    tell(ONE_CALL, "run | incident | ON_SCENE | AVAILABLE\n r1 | i1 | 10:00:00 | 10:50:00")
    assert incidents("e6_s", "e6_state") == {"i1": {"e6_s": 0, "e6_state": "VALID"}}


@pytest.mark.parametrize(("source", "timed"), [(BUTTON, (0, "VALID")), (GPS, (0, "VALID")), (BACKFILLED, ZERO), ("", ZERO)])
def test_no_time_at_all_counts_only_where_a_button_or_a_fence_stamped_it(tell, incidents, runs, source, timed):
    tell(
        ONE_CALL,
        f"""
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE | source
        r1  | i1       | 10:01:00   | 10:01:00 | 10:08:00 | 10:50:00  | {source}
        """,
    )
    assert runs("e4_s", "e4_state") == {"r1": dict(zip(("e4_s", "e4_state"), timed, strict=True))}
    assert incidents("e3_s", "e3_state") == {"i1": dict(zip(("e3_s", "e3_state"), timed, strict=True))}


def test_some_time_counts_even_where_it_was_filled_in_afterwards(tell, incidents, runs):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | AVAILABLE | source
        r1  | i1       | 10:01:01   | 10:01:02 | 10:50:00  | 调度补录
        """,
    )
    assert (runs("e4_s")["r1"]["e4_s"], incidents("e3_s")["i1"]["e3_s"]) == (1, 1)


def test_a_stamp_that_a_button_made_is_not_back_filled_by_a_later_record_of_it(tell, runs):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | AVAILABLE | source
        r1  | i1       | 10:01:30   | 10:01:30 | 10:50:00  | 按键
        r1  | i1       |            | 10:09:00 |           | 调度补录
        """,
    )
    assert runs("e4_s", "e4_state") == {"r1": {"e4_s": 0, "e4_state": "VALID"}}


def test_lengths_above_the_cap_are_out_and_at_the_cap_are_valid(tell, incidents, runs):
    tell(
        """
        call | incident | ring     | answer   | accepted
        c1   | i1       | 09:55:00 | 10:00:00 | 10:20:00
        c2   | i2       | 09:54:59 | 10:00:00 | 10:20:01
        """,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
        r1  | i1       | 10:50:00   | 11:20:00 | 12:00:00 | 13:00:00
        r2  | i2       | 10:50:02   | 11:20:03 | 12:50:04 | 13:00:00
        """,
    )
    valid = {"e1_state": "VALID", "e2_state": "VALID", "e3_state": "VALID", "e6_state": "VALID"}
    out = {"e1_state": "OUT", "e2_state": "OUT", "e3_state": "OUT", "e6_state": "OUT"}
    assert incidents(*valid) == {"i1": valid, "i2": out}
    assert runs("e4_s", "e4_state", "e5_s", "e5_state") == {
        "r1": {"e4_s": 1800, "e4_state": "VALID", "e5_s": 2400, "e5_state": "VALID"},
        "r2": {"e4_s": None, "e4_state": "OUT", "e5_s": None, "e5_state": "OUT"},
    }


def test_minute_stamps_are_too_coarse_for_e1_to_e4_and_for_nothing_else(tell, incidents, runs):
    tell(
        """
        call | incident | ring     | answer   | accepted | precision
        c1   | i1       | 09:59:00 | 10:00:00 | 10:01:00 | min
        """,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | LEFT_SCENE | AT_HOSPITAL | HANDOVER | AVAILABLE | source
        r1  | i1       | 10:02:00   | 10:03:00 | 10:10:00 | 10:20:00   | 10:35:00    | 10:45:00 | 10:50:00  | 按键
        """,
        prearrival=AHEAD_OF_R1,
        linkage=POLICE,
    )
    coarse = {"e1", "e2", "e3", "e23", "e4"}
    states = {**{i.key: incidents(i.state)["i1"][i.state] for i in INCIDENT_INTERVALS}}
    states |= {i.key: runs(i.state)["r1"][i.state] for i in RUN_INTERVALS}
    assert {key for key, state in states.items() if state == "COARSE"} == coarse
    assert {state for key, state in states.items() if key not in coarse} == {"VALID"}
    assert incidents("e1_s", "e23_s", "e6_s") == {"i1": {"e1_s": None, "e23_s": None, "e6_s": 600}}


def test_a_run_cancelled_on_its_way_to_an_attended_incident_turned_out_but_did_not_travel(tell, incidents, runs):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE | CANCELLED
        r1  | i1       | 10:01:30   | 10:03:00 |          |           | 10:05:00
        r2  | i1       | 10:01:40   | 10:03:00 | 10:10:00 | 10:50:00  |
        """,
    )
    assert runs("is_cancelled", "state", "e4_state", "e4_s", "e5_state", "e10_state") == {
        "r1": {
            "is_cancelled": True,
            "state": "cancelled",
            "e4_state": "VALID",
            "e4_s": 90,
            "e5_state": "OUTSIDE",
            "e10_state": "OUTSIDE",
        },
        "r2": {
            "is_cancelled": False,
            "state": "ended",
            "e4_state": "VALID",
            "e4_s": 80,
            "e5_state": "VALID",
            "e10_state": "VALID",
        },
    }
    assert incidents("state", "e6_s", "run_count") == {"i1": {"state": "closed", "e6_s": 600, "run_count": 2}}


def test_an_incident_whose_runs_are_all_cancelled_is_cancelled_and_outside(tell, incidents, runs):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | CANCELLED
        r1  | i1       | 10:01:30   | 10:03:00 | 10:05:00
        r2  | i1       | 10:01:40   |          | 10:04:00
        """,
    )
    assert incidents("state")["i1"]["state"] == "cancelled"
    assert {incidents(i.state)["i1"][i.state] for i in INCIDENT_INTERVALS} == {"OUTSIDE"}
    assert {runs(i.state)[run][i.state] for i in RUN_INTERVALS for run in ("r1", "r2")} == {"OUTSIDE"}
    assert {incidents(i.value)["i1"][i.value] for i in INCIDENT_INTERVALS} == {None}


def test_a_unit_called_off_after_it_arrived_was_not_cancelled(tell, incidents, runs):
    tell(
        ONE_CALL,
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | CANCELLED
        r1  | i1       | 10:01:30   | 10:03:00 | 10:10:00 | 10:12:00
        """,
    )
    assert runs("is_cancelled", "is_ended", "e5_s") == {"r1": {"is_cancelled": False, "is_ended": True, "e5_s": 420}}
    assert incidents("state", "e6_s") == {"i1": {"state": "closed", "e6_s": 600}}


def test_a_call_taken_back_is_cancelled_and_outside_also_with_a_unit_on_its_way(tell, incidents, runs):
    tell(
        "call | incident | outcome\n c1 | i1 | 取消\n c2 | i2 | 取消",
        "run | incident | DISPATCHED | EN_ROUTE\n r1 | i1 | 10:01:30 | 10:03:00",
    )
    outside = {"state": "cancelled", "e6_state": "OUTSIDE"}
    assert incidents("state", "e6_state") == {"i1": outside, "i2": outside}
    assert runs("e4_state", "e5_state") == {"r1": {"e4_state": "OUTSIDE", "e5_state": "OUTSIDE"}}


@pytest.mark.parametrize(
    ("outcome", "needs", "state"),
    [
        ("指导", "", "no_dispatch"),
        ("重复", "", "no_dispatch"),
        ("误拨", "", "no_dispatch"),
        ("骚扰", "", "no_dispatch"),
        ("转他台", "", "no_dispatch"),
        ("", "no", "no_dispatch"),
        ("派车", "no", "no_dispatch"),
        ("派车", "yes", "waiting"),
        ("", "", "waiting"),
    ],
)
def test_a_call_that_asks_for_no_vehicle_is_outside(tell, incidents, outcome, needs, state):
    tell(f"call | incident | ring | outcome | needs\n c1 | i1 | 09:59:55 | {outcome} | {needs}")
    timed = {"waiting": ("VALID", "OPEN"), "no_dispatch": ("OUTSIDE", "OUTSIDE")}[state]
    assert incidents("state", "e1_state", "e6_state") == {"i1": {"state": state, "e1_state": timed[0], "e6_state": timed[1]}}


RUN = """
    run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
    r1  | i1       | 10:01:30   | 10:03:00 | 10:10:00 | 10:50:00
"""


def test_a_run_whose_call_is_unknown_waits_until_the_call_comes(tell, incidents, runs):
    tell(runs=RUN)
    assert incidents() == {}
    assert {runs(i.state)["r1"][i.state] for i in RUN_INTERVALS} == {"WAITING"}
    assert runs("town", "event_at", "e4_s") == {"r1": {"town": "?", "event_at": clock("10:01:30"), "e4_s": None}}
    tell(ONE_CALL)
    assert runs("town", "event_at", "e4_s", "e5_s") == {
        "r1": {"town": "A", "event_at": clock("10:00:00"), "e4_s": 90, "e5_s": 420}
    }
    assert incidents("e6_s") == {"i1": {"e6_s": 600}}


def test_a_late_earlier_unit_changes_its_incident_and_no_other(tell, incidents, store):
    tell("call | incident\n c1 | i1\n c2 | i2", RUN + "    r2 | i2 | 10:01:30 | 10:03:00 | 10:10:00 | 10:50:00")
    newest = tell(runs="run | incident | ON_SCENE | AVAILABLE\n r3 | i1 | 10:05:00 | 10:50:00")
    assert incidents("e6_s", "run_count") == {"i1": {"e6_s": 300, "run_count": 2}, "i2": {"e6_s": 600, "run_count": 1}}
    assert [row["incident_id"] for row in store.rows("incident", at=newest - 1) if row["e6_s"] == 600] == ["i1", "i2"]
    assert [r["known_from"] for r in opened(store, "incident") if r["incident_id"] == "i2"] == [newest - 1]


def opened(store, name):
    """Return the versions of a table that are known now."""
    table = store.ledger.tables[name]
    with store.ledger.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(table.select().where(table.c.known_to.is_(None)))]


def test_a_corrected_call_moves_its_incident_and_runs_to_another_town(tell, incidents, runs):
    tell(ONE_CALL, RUN)
    assert (incidents("town"), runs("town")) == ({"i1": {"town": "A"}}, {"r1": {"town": "A"}})
    tell("call | incident | rev | town | called\n c1 | i1 | 1 | B | 10:00:05")
    moved = {"town": "B", "event_at": clock("10:00:05")}
    assert (incidents(*moved), runs(*moved)) == ({"i1": moved}, {"r1": moved})


def test_a_status_event_whose_incident_changes_moves_its_run(tell, incidents, runs, store):
    tell("call | incident | town\n c1 | i1 | A\n c2 | i2 | B", "event | run | incident | ON_SCENE\n e1 | r1 | i1 | 10:10:00")
    assert incidents("e6_s", "run_count") == {"i1": {"e6_s": 600, "run_count": 1}, "i2": {"e6_s": None, "run_count": 0}}
    tell(runs="event | run | incident | rev | ON_SCENE\n e1 | r1 | i2 | 1 | 10:10:00")
    assert incidents("e6_s", "run_count") == {"i1": {"e6_s": None, "run_count": 0}, "i2": {"e6_s": 600, "run_count": 1}}
    assert [(row["incident_id"], row["town"]) for row in store.rows("unit_run")] == [("i2", "B")]


@pytest.mark.parametrize(
    ("button", "fence", "counted"),
    [
        ("10:10:00", "10:12:01", "10:12:01"),  # 121 s apart
        ("10:10:00", "10:12:00", "10:10:00"),  # 120 s are not more than 120 s
        ("10:10:00", "10:07:59", "10:07:59"),
        ("10:10:00", "", "10:10:00"),
        ("", "10:12:01", "10:12:01"),
    ],
)
def test_a_geofence_more_than_120_s_off_replaces_the_button_and_both_are_kept(tell, runs, button, fence, counted):
    tell(
        ONE_CALL,
        f"""
        run | incident | ON_SCENE | source
        r1  | i1       | {button} | 按键
        r1  | i1       | {fence}  | GPS围栏
        """,
    )
    expected = {"t_onscene": clock(counted), "t_onscene_button": clock(button), "t_onscene_gps": clock(fence)}
    assert runs(*expected) == {"r1": expected}


def test_the_parts_of_the_chain_add_up_to_the_response_where_the_whole_chain_is_valid(tell, incidents):
    tell(
        "call | incident\n c1 | i1\n c2 | i2\n c3 | i3\n c4 | i4",
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
        r1  | i1       | 10:01:30   | 10:03:00 | 10:12:00 | 10:50:00
        r2  | i1       | 10:02:00   | 10:02:30 | 10:08:00 | 10:50:00
        r3  | i2       | 10:02:00   |          | 10:08:00 | 10:50:00
        r4  | i3       | 10:02:00   | 10:01:00 | 10:08:00 | 10:50:00
        r5  | i4       | 10:02:00   | 10:02:30 | 12:00:01 | 12:50:00
        """,
    )
    parts = ("chain_handling_s", "chain_turnout_s", "chain_travel_s")
    states = tuple(part.replace("_s", "_state") for part in parts)
    assert {i: tuple(row.values()) for i, row in incidents(*parts, "e6_s").items()} == {
        "i1": (120, 30, 330, 480),
        "i2": (None, None, None, 480),
        "i3": (None, None, None, 480),
        "i4": (None, None, None, None),
    }
    assert {i: {*row.values()} for i, row in incidents(*states).items()} == {
        "i1": {"VALID"},
        "i2": {"MISSING"},
        "i3": {"NEG"},
        "i4": {"OUT"},
    }


def test_what_has_not_ended_is_open_and_what_ended_without_a_stamp_is_missing(tell, incidents, runs):
    tell(
        "call | incident\n c1 | i1\n c2 | i2\n c3 | i3",
        """
        run | incident | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
        r1  | i1       | 10:02:00   |          |          |
        r2  | i2       | 10:02:00   |          |          | 10:50:00
        r3  | i3       | 10:02:00   | 10:03:00 |          | 10:50:00
        r4  | i3       | 10:02:00   | 10:03:00 |          |
        """,
    )
    assert incidents("state", "e6_state") == {
        "i1": {"state": "under_way", "e6_state": "OPEN"},
        "i2": {"state": "closed", "e6_state": "MISSING"},
        "i3": {"state": "under_way", "e6_state": "OPEN"},
    }
    assert {run: tuple(row.values()) for run, row in runs("e4_state", "e5_state").items()} == {
        "r1": ("OPEN", "OPEN"),
        "r2": ("MISSING", "MISSING"),
        "r3": ("VALID", "MISSING"),
        "r4": ("VALID", "OPEN"),
    }


def test_of_two_calls_of_one_incident_the_first_speaks_for_it(tell, incidents, runs):
    tell(
        """
        call | incident | answer   | town | outcome
        c1   | i1       | 10:00:30 | B    | 重复
        c2   | i1       | 10:00:00 | A    | 派车
        """,
        RUN,
    )
    assert incidents("town", "e6_s", "state") == {"i1": {"town": "A", "e6_s": 600, "state": "closed"}}
    assert runs("town") == {"r1": {"town": "A"}}


def test_of_two_stamps_of_one_status_the_earliest_counts(tell, runs):
    tell(ONE_CALL, RUN)
    tell(runs="run | incident | EN_ROUTE | source\n r1 | i1 | 10:02:00 | 按键")
    assert runs("e4_s", "t_enroute") == {"r1": {"e4_s": 30, "t_enroute": clock("10:02:00")}}


def test_stamps_after_midnight_are_simply_later(tell, incidents):
    tell("call | incident | answer\n c1 | i1 | 23:58:00", "run | incident | ON_SCENE\n r1 | i1 | +00:06:00")
    assert incidents("e6_s") == {"i1": {"e6_s": 480}}


@pytest.mark.parametrize(
    ("answer", "hour"), [("00:00:00", "7-00"), ("09:59:59", "7-09"), ("23:59:59", "7-23"), ("+08:00:00", "1-08")]
)
def test_an_incident_knows_its_weekday_and_hour_on_the_wall_clock(tell, incidents, answer, hour):
    tell(f"call | incident | answer\n c1 | i1 | {answer}")
    assert incidents("week_hour") == {"i1": {"week_hour": hour}}


def test_one_run_number_in_two_incidents_is_two_runs(tell, incidents, store):
    tell("call | incident\n c1 | i1\n c2 | i2", RUN)
    tell(runs="event | run | incident | ON_SCENE\n e9 | r1 | i2 | 10:05:00")
    assert incidents("e6_s") == {"i1": {"e6_s": 600}, "i2": {"e6_s": 300}}
    assert [row["incident_id"] for row in store.rows("unit_run")] == ["i1", "i2"]
