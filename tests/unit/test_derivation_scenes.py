"""What the scenes around a response mean: transports, empty runs, crossings, data ahead, joint response, vehicles."""

import pytest

from etl.contracts.emergency import GPS
from tests.unit.test_derivation import AHEAD_OF_R1, ONE_CALL, POLICE, clock, incidents, runs, tell

__all__ = ["incidents", "runs", "tell"]  # fixtures

STATIONS = [
    {"station_id": "s1", "name": "one", "town_code": "A"},
    {"station_id": "s2", "name": "two", "town_code": "B"},
    {"station_id": "s3", "name": "three", "town_code": "?"},
]
TRANSPORT = """
    run | incident | station | DISPATCHED | EN_ROUTE | ON_SCENE | LEFT_SCENE | AT_HOSPITAL | AVAILABLE
    r1  | i1       | s1      | 10:01:30   | 10:03:00 | 10:10:00 | 10:20:00   | 10:35:00    | 10:50:00
"""
EMPTY = """
    run | incident | station | DISPATCHED | EN_ROUTE | ON_SCENE | AVAILABLE
    r1  | i1       | s1      | 10:01:30   | 10:03:00 | 10:10:00 | 10:20:00
"""


def test_a_run_that_reached_a_hospital_is_a_transport_and_one_that_took_nobody_is_empty(tell, runs):
    tell(ONE_CALL, TRANSPORT)
    assert runs("is_transport", "is_empty") == {"r1": {"is_transport": 1, "is_empty": 0}}


def test_an_empty_run_is_not_asked_for_transport_times(tell, runs):
    tell(ONE_CALL, EMPTY)
    assert runs("is_transport", "is_empty", "e7_state", "e8_state", "e9_state", "ahead_state", "e10_s") == {
        "r1": {
            "is_transport": 0,
            "is_empty": 1,
            "e7_state": "OUTSIDE",
            "e8_state": "OUTSIDE",
            "e9_state": "OUTSIDE",
            "ahead_state": "OUTSIDE",
            "e10_s": 1110,
        }
    }


def test_a_run_still_under_way_may_yet_be_a_transport(tell, runs):
    tell(ONE_CALL, EMPTY.replace("10:20:00", "        "))
    assert runs("is_empty", "e7_state", "e8_state") == {"r1": {"is_empty": 0, "e7_state": "OPEN", "e8_state": "OPEN"}}


def test_a_transport_whose_leaving_was_not_stamped_is_missing_it(tell, runs):
    tell(ONE_CALL, TRANSPORT.replace("10:20:00  ", "          "))
    assert runs("is_transport", "e7_state", "e8_state") == {
        "r1": {"is_transport": 1, "e7_state": "MISSING", "e8_state": "MISSING"}
    }


@pytest.mark.parametrize(("station", "crossing"), [("s1", "same"), ("s2", "cross"), ("s3", None), ("s9", None), ("", None)])
def test_a_vehicle_from_another_town_crosses_and_an_unknown_town_says_nothing(store, tell, runs, incidents, station, crossing):
    store.tell(station=STATIONS)
    tell(ONE_CALL, TRANSPORT.replace("s1", station))
    assert runs("crossing") == {"r1": {"crossing": crossing}}
    assert incidents("crossing") == {"i1": {"crossing": crossing}}


def test_a_station_that_moves_to_another_town_changes_its_runs(store, tell, runs, incidents):
    store.tell(station=STATIONS)
    tell(ONE_CALL, TRANSPORT)
    store.tell(station=[{**STATIONS[0], "town_code": "B"}])
    assert runs("crossing") == {"r1": {"crossing": "cross"}}
    assert incidents("crossing") == {"i1": {"crossing": "cross"}}


@pytest.mark.parametrize(
    ("received", "seconds", "state"),
    [("10:25:00", 600, "VALID"), ("10:35:00", 0, "VALID"), ("10:36:00", None, "NEG"), (None, None, "MISSING")],
)
def test_data_are_ahead_when_they_reach_the_hospital_before_the_patient(tell, runs, received, seconds, state):
    messages = [{**AHEAD_OF_R1[0], "event_at": clock(received)}] if received else []
    tell(ONE_CALL, TRANSPORT, prearrival=messages)
    assert runs("ahead_s", "ahead_state") == {"r1": {"ahead_s": seconds, "ahead_state": state}}


def test_data_of_another_run_say_nothing_of_this_one(tell, runs):
    tell(ONE_CALL, TRANSPORT, prearrival=[{**AHEAD_OF_R1[0], "run_id": "r2"}])
    assert runs("t_prearrival", "ahead_state") == {"r1": {"t_prearrival": None, "ahead_state": "MISSING"}}


def test_the_first_department_is_timed_and_each_is_counted_once(tell, incidents):
    later = [
        {**POLICE[0], "notice_id": f"n{i}", "department": d, "event_at": clock("10:04:00")} for i, d in enumerate("XXY", 2)
    ]
    tell(ONE_CALL, TRANSPORT, linkage=[*POLICE, *later])
    assert incidents("notify_s", "department_count") == {"i1": {"notify_s": 120, "department_count": 3}}


def test_an_incident_that_nobody_joined_is_not_asked_for_a_notice(tell, incidents):
    tell(ONE_CALL, TRANSPORT)
    assert incidents("notify_state", "department_count") == {"i1": {"notify_state": "OUTSIDE", "department_count": None}}


def test_a_notice_that_comes_before_its_call_waits_for_it(tell, incidents):
    tell(linkage=POLICE)
    assert incidents("incident_id") == {}
    tell(ONE_CALL)
    assert incidents("notify_s") == {"i1": {"notify_s": 120}}


@pytest.mark.parametrize(("kind", "state"), [("急救", "VALID"), ("公共事件", "VALID"), (None, "VALID"), ("转运", "OUTSIDE")])
def test_only_emergencies_have_a_response_time(store, tell, incidents, kind, state):
    tell(ONE_CALL, TRANSPORT)
    store.tell(
        emergency_call=[
            {
                "call_id": "c1",
                "rev": 1,
                "incident_id": "i1",
                "event_at": clock("10:00:00"),
                "t_answer": clock("10:00:00"),
                "t_accept_end": clock("10:01:00"),
                "kind": kind,
            }
        ]
    )
    found = incidents("e6_state", "e6b_state", "chain_travel_state", "e3_state")["i1"]
    assert found == {"e6_state": state, "e6b_state": state, "chain_travel_state": state, "e3_state": "VALID"}


def vehicle(**more):
    return {"vehicle_id": "v1", "station_id": "s1", "type": "监护", "in_service": True, **more}


def status(code, at, **more):
    row = {"event_id": f"{code}-{at}", "run_id": "r1", "incident_id": "i1", "vehicle_id": "v1", "status": code}
    return {**row, "event_at": clock(at), **more}


def states(store):
    return {row["vehicle_id"]: (row["state"], row["since_at"], row["town"]) for row in store.rows("vehicle_state")}


def test_a_vehicle_is_where_its_newest_status_says(store):
    store.tell(station=STATIONS, vehicle=[vehicle(), vehicle(vehicle_id="v2", station_id="s2")])
    assert states(store) == {"v1": ("unknown", None, "A"), "v2": ("unknown", None, "B")}
    store.tell(vehicle_status=[status("EN_ROUTE", "10:03:00"), status("DISPATCHED", "10:01:00")])
    assert states(store)["v1"] == ("en_route", clock("10:03:00"), "A")
    store.tell(vehicle_status=[status("ON_SCENE", "10:10:00", source=GPS), status("ACK", "10:02:00")])
    assert states(store)["v1"] == ("on_scene", clock("10:10:00"), "A")
    store.tell(vehicle_status=[status("AVAILABLE", "10:50:00")])
    assert states(store)["v1"] == ("standby", clock("10:50:00"), "A")


def test_a_vehicle_out_of_service_is_off_whatever_it_said(store):
    store.tell(station=STATIONS, vehicle=[vehicle(in_service=False)], vehicle_status=[status("ON_SCENE", "10:10:00")])
    assert states(store)["v1"][0] == "off"


def test_a_vehicle_of_an_unknown_station_stands_in_no_town(store):
    store.tell(vehicle=[vehicle(station_id="s9")])
    assert states(store)["v1"][2] == "?"


def test_a_vehicle_that_no_list_names_is_not_on_the_board(store):
    store.tell(vehicle_status=[status("ON_SCENE", "10:10:00")])
    assert states(store) == {}
