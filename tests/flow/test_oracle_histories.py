"""Small histories with every fault at once: what is derived from them is what the oracle derives.

Some new ones each time; four times as many under COCKPIT_TORTURE=full.
"""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.full import IS_FULL
from tests.oracle import wenling
from tests.oracle.facts import derive
from tests.oracle.records import current
from tests.oracle.spans import SPANS, state_of

pytestmark = pytest.mark.torture
TIMES = 4 if IS_FULL else 1

DAY = wenling.utc(wenling.datetime(2026, 3, 4))
TEN = DAY + 10 * 3600
KEYS = {
    "emergency_call": ("call_id",),
    "vehicle_status": ("event_id",),
    "prearrival": ("message_id",),
    "linkage": ("notice_id",),
}
STATIONS = [{"station_id": "s1", "name": "s1", "town_code": "A"}, {"station_id": "s2", "name": "s2", "town_code": "B"}]
STATIONS += [{"station_id": "s3", "name": "s3", "town_code": "?"}]
VEHICLES = [
    {"vehicle_id": f"v{i}", "station_id": f"s{i}", "in_service": served} for i, served in ((1, True), (2, None), (3, False))
]
RUN_COLUMNS = (
    "town",
    "station_id",
    "event_at",
    "is_ended",
    "is_cancelled",
    "is_transport",
    "is_empty",
    "crossing",
    "t_onscene",
)
RUN_COLUMNS += ("t_dispatch", "t_enroute", "t_hosp", "t_prearrival")
INCIDENT_COLUMNS = ("town", "station_id", "event_at", "state", "kind", "crossing", "hour", "week_hour", "run_count", "t_answer")
INCIDENT_COLUMNS += ("t_dispatch", "t_onscene", "t_unit_dispatch", "t_unit_enroute", "t_notified", "needs_dispatch")

seconds = st.one_of(st.sampled_from([0, 60, 120, 121, 300, 1_200, 1_800, 1_801, 7_200, 7_201]), st.integers(-90, 9_000))
incident_ids = st.sampled_from(["i1", "i2", "i3"])
UNIT_OF = {"r1": ("v1", "s1"), "r2": ("v2", "s2"), "r3": ("v3", "s3"), "r4": (None, None), "r5": ("v1", "not listed")}
"""Run → its vehicle and station: a run is one vehicle to one incident."""
run_ids = st.sampled_from(["r1", "r1", "r2", "r2", "r3", "r4", "r5"])


def maybe(values):
    return st.one_of(st.none(), values)


def timed(at, **row):
    return {**row, "event_at": at, "event_local": at + 8 * 3600}


@st.composite
def calls(draw):
    at = TEN + draw(st.integers(0, 200)) * draw(st.sampled_from([1, 300]))
    return timed(
        at,
        call_id=draw(st.sampled_from(["c1", "c2", "c3"])),
        rev=draw(st.integers(0, 2)),
        incident_id=draw(incident_ids),
        t_ring=draw(maybe(seconds.map(lambda s: at - s))),
        t_answer=draw(maybe(st.just(at))),
        t_accept_end=draw(maybe(seconds.map(lambda s: at + s))),
        town_code=draw(st.sampled_from(["A", "B", "?"])),
        kind=draw(maybe(st.sampled_from(["急救", "非急救", "转运", "保障", "公共事件"]))),
        needs_dispatch=draw(maybe(st.sampled_from([True, True, False]))),
        outcome=draw(maybe(st.sampled_from(["派车", "派车", "派车", "取消", "指导", "重复"]))),
        time_precision=draw(maybe(st.sampled_from(["s", "min"]))),
    )


@st.composite
def runs(draw):
    """The status events of one run, most of them in order."""
    incident_id, run_id, number = draw(incident_ids), draw(run_ids), draw(st.integers(0, 99))
    at = TEN + draw(st.integers(-60, 4_000))
    statuses = ["DISPATCHED", "EN_ROUTE", "ON_SCENE", "LEFT_SCENE", "AT_HOSPITAL", "HANDOVER", "AVAILABLE", "HOME", "CANCELLED"]
    told = draw(st.lists(st.sampled_from(statuses), max_size=8))
    events = []
    for status in sorted(told, key=statuses.index):
        at += draw(seconds)
        events.append(
            timed(
                at,
                event_id=f"{incident_id}-{run_id}-{number}-{len(events)}",
                rev=draw(st.integers(0, 1)),
                run_id=run_id,
                incident_id=incident_id,
                vehicle_id=UNIT_OF[run_id][0],
                station_id=UNIT_OF[run_id][1],
                status=status,
                source=draw(maybe(st.sampled_from(["按键", "GPS围栏", "调度补录"]))),
                hospital_id=draw(st.sampled_from([None, None, "H1"])),
            )
        )
    return events


@st.composite
def besides(draw, key, name, **more):
    """A message about a run, or a notice about an incident."""
    row = {
        key: draw(st.sampled_from([f"{key}1", f"{key}2"])),
        "rev": draw(st.integers(0, 1)),
        "incident_id": draw(incident_ids),
    }
    return timed(TEN + draw(seconds), **row, **{name: draw(values) for name, values in more.items()})


def unique(rows, *key):
    """Return rows of which no two share key and revision."""
    return list({(*(row[k] for k in key), row["rev"]): row for row in rows}.values())


@st.composite
def histories(draw):
    told = {
        "emergency_call": draw(st.lists(calls(), min_size=1, max_size=5)),
        "vehicle_status": [event for events in draw(st.lists(runs(), max_size=4)) for event in events],
        "prearrival": draw(st.lists(besides("message_id", "run_id", run_id=run_ids), max_size=2)),
        "linkage": draw(
            st.lists(besides("notice_id", "department", department=st.sampled_from(["公安110", "消防119"])), max_size=2)
        ),
    }
    return {name: unique(rows, *KEYS[name]) for name, rows in told.items()}


@pytest.fixture(scope="module")
def store(lenders):
    with lenders("sqlite")() as lent:
        yield lent


@pytest.fixture(scope="module")
def served(lenders):
    with lenders("postgresql")() as lent:
        yield lent


@settings(max_examples=60 * TIMES)
@given(histories())
def test_incidents_runs_and_vehicles_are_as_the_oracle_derives_them(store, told):
    check(store, told)


@settings(max_examples=15 * TIMES)
@given(histories())
def test_a_server_derives_what_the_oracle_derives_too(served, told):
    check(served, told)


def check(store, told):
    """Tell a store a history; what it derives from it must be what the oracle derives."""
    records = {name: current(rows, *KEYS[name]) for name, rows in told.items()}
    derived = derive({**records, "station": STATIONS, "vehicle": VEHICLES}, wenling.CITY.zone)
    assume(not any(run["is_cancelled"] and run["t_onscene"] for run in derived["unit_run"]))  # nobody says what that means
    store.wipe()
    store.tell(as_of=DAY, station=STATIONS, vehicle=VEHICLES, **told)
    for table, columns in (("incident", INCIDENT_COLUMNS), ("unit_run", RUN_COLUMNS)):
        spans = {key: span for key, span in SPANS.items() if span.table == table}
        expected = {name(row): {**{c: row.get(c) for c in columns}, **states(row, spans)} for row in derived[table]}
        found = {name(row): {c: row[c] for c in (*columns, *stated(spans))} for row in store.rows(table)}
        assert found == expected
    fleet = {row["vehicle_id"]: (row["town"], row["state"], row["since_at"]) for row in store.rows("vehicle_state")}
    places = zip(VEHICLES, derived["vehicle_state"], strict=True)
    assert fleet == {vehicle["vehicle_id"]: (row["town"], row["state"], row["since_at"]) for vehicle, row in places}


def name(row):
    return row["incident_id"], row.get("run_id")


def stated(spans):
    return [column for key in spans for column in (f"{key}_state", f"{key}_s")]


def states(row, spans):
    """Return every interval's state and length."""
    found = {}
    for key, span in spans.items():
        state = state_of(row, span)
        start, end = span.part or (span.marks[0], span.marks[-1])
        found |= {f"{key}_state": state, f"{key}_s": row[end] - row[start] if state == "VALID" else None}
    return found
