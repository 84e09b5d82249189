"""What refused rows could do to a number: which rows concern it, and that its bounds hold whatever they say."""

import json
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cockpit.app import open_ledger
from cockpit.cli import app
from cockpit.columns import load_columns
from cockpit.effect import AHEAD_OF_PLACE_S, NO_DOUBT, TOLD_AGAIN_S, Doubt, concerns_one, doubt
from cockpit.evaluate import catalogue, metric_named, read_metric, tables_read
from cockpit.formula import OfInterval
from cockpit.ledger.read import tick_at
from cockpit.scope import CITY, UNKNOWN_TOWN, town_scope
from cockpit.site import load_site
from cockpit.view import open_view
from cockpit.window import DAY_S, Window, window
from etl.catalogue import tables
from etl.contracts.emergency import BUTTON
from etl.schedule import Schedule
from tests.conftest import Clock

WENLING = load_site("wenling")
NOON = 1_615_521_600  # 2021-03-12 12:00 in Wenling
EVER = Window("now", 0, NOON + 1, is_provisional=False)
number = count()

incidents = st.sampled_from(["i1", "i2", "i3"])
runs = st.sampled_from(["r1", "r2"])
instants = st.integers(-3, 60).map(lambda minute: NOON - 7200 + 60 * minute)


def maybe(values):
    return st.one_of(st.none(), values)


TOLD = {
    "emergency_call": st.fixed_dictionaries(
        {
            "call_id": st.sampled_from(["c1", "c2", "c3"]),
            "incident_id": incidents,
            "event_at": instants,
            "t_ring": maybe(instants),
            "t_answer": maybe(instants),
            "t_accept_end": maybe(instants),
            "town_code": st.sampled_from(["A", "B", UNKNOWN_TOWN]),
            "outcome": maybe(st.sampled_from(["派车", "取消", "指导"])),
            "kind": maybe(st.sampled_from(["急救", "转运"])),
            "is_onekey": maybe(st.booleans()),
            "loc_source": maybe(st.just("GPS")),
            "loc_error_m": maybe(st.sampled_from([10.0, 100.0])),
            "time_precision": maybe(st.sampled_from(["s", "min"])),
        }
    ),
    "vehicle_status": st.fixed_dictionaries(
        {
            "event_id": st.sampled_from([f"e{i}" for i in range(12)]),
            "run_id": runs,
            "incident_id": incidents,
            "vehicle_id": st.sampled_from(["v1", "v2"]),
            "station_id": maybe(st.just("s1")),
            "status": st.sampled_from(["DISPATCHED", "EN_ROUTE", "ON_SCENE", "AT_HOSPITAL", "AVAILABLE", "CANCELLED"]),
            "event_at": instants,
            "source": maybe(st.just(BUTTON)),
        }
    ),
    "prearrival": st.fixed_dictionaries(
        {"message_id": st.sampled_from(["m1", "m2"]), "incident_id": incidents, "run_id": runs, "event_at": instants}
    ),
    "linkage": st.fixed_dictionaries(
        {"notice_id": st.sampled_from(["n1", "n2"]), "incident_id": incidents, "department": st.just("d"), "event_at": instants}
    ),
}
SAME_THING = ("incident_id", "run_id", "vehicle_id")
LISTS = {
    "vehicle": [{"vehicle_id": f"v{n}", "station_id": "s1", "in_service": True} for n in (1, 2)],
    "station": [{"station_id": "s1", "name": "S", "town_code": "A"}],
}


@st.composite
def histories(draw):
    """What is known, and one more row of each contract: new, or a correction that speaks of the same thing."""
    known = {name: draw(st.lists(rows, max_size=8, unique_by=key_of(name))) for name, rows in TOLD.items()}
    more = {}
    for name, rows in TOLD.items():
        one = draw(rows)
        before = next((row for row in known[name] if key_of(name)(row) == key_of(name)(one)), {})
        more[name] = {**one, **{n: before[n] for n in SAME_THING if n in before}, "rev": 1}
    return known, more


def key_of(name):
    (key,) = tables()[name].key
    return lambda row: row[key]


def columns_of(store):
    with store.ledger.reading() as connection:
        return load_columns(connection, store.ledger, tables_read(), tick_at(connection, store.ledger))


def parts_played(columns, metric):
    """Return what each row of a metric's table is to it: whether it counts, and with what number."""
    rows = columns.rows(metric.table, CITY, EVER)
    marks = metric.formula.marks(rows, NOON)
    lengths = rows.numbers(metric.formula.interval.value) if isinstance(metric.formula, OfInterval) else np.zeros(len(rows))
    keys = zip(*(rows.texts(name) for name in tables()[metric.table].key), strict=True)
    told = np.nan_to_num(lengths, nan=-1)  # what has no length is the same as what has none
    played = zip(marks.is_total.tolist(), marks.is_valid.tolist(), marks.is_hit.tolist(), told.tolist(), strict=True)
    return {key: one for key, one in zip(keys, played, strict=True) if one[0]}


def concerned():
    """Yield every metric with a contract of which one row is said to concern one row of it."""
    for metric in catalogue().values():
        for name in {*metric.sources} & {*TOLD}:
            if concerns_one(tables(), name, metric.table) and not metric.formula.asks_others():
                yield metric, name


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(histories())
def test_one_row_of_a_contract_concerns_at_most_one_row_where_it_is_said_to(store, history):
    known, more = history
    store.wipe()
    store.tell(as_of=NOON, **LISTS, **known)
    before = columns_of(store)
    for name, one in more.items():
        store.tell(as_of=NOON, **{name: [one]})
        after = columns_of(store)
        for metric in (metric for metric, contract in concerned() if contract == name):
            was, is_now = parts_played(before, metric), parts_played(after, metric)
            changed = dict(set(was.items()) ^ set(is_now.items()))
            assert len(changed) <= 1, (metric.key, changed)
        before = after


def test_what_one_row_concerns_follows_from_the_declarations():
    found = {(metric.table, name) for metric, name in concerned()}
    assert {("emergency_call", "emergency_call"), ("incident", "emergency_call"), ("incident", "vehicle_status")} <= found
    assert {("incident", "linkage"), ("unit_run", "vehicle_status"), ("vehicle_state", "vehicle_status")} <= found
    assert not {("unit_run", "emergency_call")} & found
    assert not concerns_one(tables(), "station", "unit_run")
    assert not concerns_one({}, "emergency_call", "incident")


def test_one_stamp_can_make_every_cancelled_run_of_an_incident_count():
    """Why the turn-out has no bound: both runs were cancelled on their way, and one stamp says that one of them arrived."""
    assert metric_named("e4_p50").formula.asks_others()
    assert metric_named("e4_missing").formula.asks_others()
    assert not metric_named("e5_p50").formula.asks_others()


def test_the_stamp_that_does(store):
    call = {"call_id": "c1", "incident_id": "i1", "event_at": NOON - 3600, "town_code": "A"}
    steps = ((60, "DISPATCHED"), (120, "EN_ROUTE"), (300, "CANCELLED"))
    events = [
        {"event_id": f"{run}{status}", "run_id": run, "incident_id": "i1", "status": status, "event_at": NOON - 3600 + at}
        for run in ("r1", "r2")
        for at, status in steps
    ]
    store.tell(as_of=NOON, emergency_call=[call], vehicle_status=events)
    e4 = metric_named("e4_p50")
    assert parts_played(columns_of(store), e4) == {}
    arrival = {"event_id": "a", "run_id": "r2", "incident_id": "i1", "status": "ON_SCENE", "event_at": NOON - 3000}
    store.tell(as_of=NOON, vehicle_status=[arrival])
    assert len(parts_played(columns_of(store), e4)) == 2


def refuse(store, *, into="emergency_call", source="calls", claimed_at=None, reason="not_allowed"):
    row = {"source": source, "into": into, "digest": f"d{next(number)}", "origin": "o", "line": 1, "reason": reason}
    store.tell(as_of=NOON, quarantine=[{**row, "raw": "{}", "claimed_at": claimed_at, "town": UNKNOWN_TOWN}])


@pytest.mark.parametrize(
    ("key", "name", "offset_s", "found"),
    [
        ("calls", "h24", 0, 1),
        ("calls", "h24", -DAY_S + 1, 1),
        ("calls", "h24", -DAY_S, 0),
        ("calls", "d28", 0, 0),  # today is no whole day yet
        ("incidents", "d28", 0, 1),  # but what is stamped today may follow from a call of yesterday
        ("incidents", "h24", -DAY_S + 1 - AHEAD_OF_PLACE_S, 1),
        ("incidents", "h24", -DAY_S - AHEAD_OF_PLACE_S, 0),
    ],
)
def test_a_refused_row_concerns_the_windows_that_its_instant_does_not_rule_out(store, key, name, offset_s, found):
    refuse(store, claimed_at=NOON + offset_s)
    metric = metric_named(key)
    span = window(name, NOON, WENLING.zone)
    assert doubt(columns_of(store), WENLING, [(metric, span)]) == (Doubt(1, is_bounded=True) if found else NO_DOUBT)


@pytest.mark.parametrize(("age_s", "found"), [(0, 1), (TOLD_AGAIN_S, 1), (TOLD_AGAIN_S + 1, 0), (None, 1)])
def test_what_is_so_now_has_been_told_again_since_an_old_row_was_refused(store, age_s, found):
    refuse(store, into="vehicle_status", source="vehicles", claimed_at=None if age_s is None else NOON - age_s)
    span = window("now", NOON, WENLING.zone)
    assert doubt(columns_of(store), WENLING, [(metric_named("vehicles_standby"), span)]).rows == found


@pytest.mark.parametrize("reason", ["in_future", "before_floor"])
def test_an_instant_that_was_itself_refused_rules_nothing_out(store, reason):
    refuse(store, claimed_at=12, reason=reason)
    span = window("h24", NOON, WENLING.zone)
    assert doubt(columns_of(store), WENLING, [(metric_named("calls"), span)]).rows == 1


def test_a_ragged_row_concerns_whatever_its_source_fills_and_of_an_unknown_source_everything(store):
    span = window("h24", NOON, WENLING.zone)

    def found():
        columns = columns_of(store)
        keys = ("calls", "e6_p50", "video_online")
        return [doubt(columns, WENLING, [(metric_named(key), span)]).rows for key in keys]

    refuse(store, into="", source="calls")
    assert found() == [1, 1, 0]
    refuse(store, into="", source="no more")
    assert found() == [2, 2, 1]
    refuse(store, into="video_link", source="video")
    assert found() == [2, 2, 2]


def test_a_ragged_row_may_be_several_that_ran_together_and_has_no_bound(store):
    span = window("h24", NOON, WENLING.zone)
    refuse(store, into="", source="calls")
    assert doubt(columns_of(store), WENLING, [(metric_named("calls"), span)]) == Doubt(1, is_bounded=False)


def test_a_row_of_a_source_that_may_give_several_rows_of_the_table_has_no_bound(store):
    span = window("h24", NOON, WENLING.zone)
    source = WENLING.source("calls")
    twice = WENLING.model_copy(update={"sources": (source.model_copy(update={"reads": source.reads * 2}),)})
    refuse(store, claimed_at=NOON)
    columns = columns_of(store)
    for key, is_bounded in (("calls", False), ("incidents", True)):
        assert doubt(columns, twice, [(metric_named(key), span)]) == Doubt(1, is_bounded=is_bounded)


def test_one_row_that_may_concern_many_leaves_a_reading_without_a_bound(store):
    span = window("h24", NOON, WENLING.zone)
    runs_of = metric_named("runs")
    refuse(store, into="vehicle_status", source="vehicles", claimed_at=NOON)
    assert doubt(columns_of(store), WENLING, [(runs_of, span)]) == Doubt(1, is_bounded=True)
    refuse(store, claimed_at=NOON)
    assert doubt(columns_of(store), WENLING, [(runs_of, span)]) == Doubt(2, is_bounded=False)


def minute(lengths_s):
    return [
        {"call_id": f"c{n}", "incident_id": f"i{n}", "event_at": NOON - 3600, "t_answer": NOON - 3600, "town_code": "AB"[n % 2]}
        for n in range(len(lengths_s))
    ], [
        {"event_id": f"e{n}", "run_id": "r", "incident_id": f"i{n}", "status": "ON_SCENE", "event_at": NOON - 3600 + s}
        for n, s in enumerate(lengths_s)
    ]


def test_a_reading_says_how_many_rows_are_refused_and_bounds_their_effect_in_its_unit(store):
    calls, events = minute(range(60, 60 * 42, 60))  # 41 responses of 1 to 41 minutes
    store.tell(as_of=NOON, emergency_call=calls, vehicle_status=events)
    columns = columns_of(store)
    clean = {key: read_metric(columns, WENLING, metric_named(key), CITY, "h24")[0] for key in ("e6_p50", "incidents")}
    assert all((r.quarantined, r.is_bounded, r.least, r.most) == (0, False, None, None) for r in clean.values())
    for _ in range(2):
        refuse(store, claimed_at=NOON)
    columns = columns_of(store)
    said = {
        key: read_metric(columns, WENLING, metric_named(key), CITY, "h24")[0]
        for key in ("e6_p50", "e6_within12", "incidents", "video_online", "e5_p50")
    }
    bounds = {key: (reading.value, reading.is_bounded, reading.least, reading.most) for key, reading in said.items()}
    assert bounds["e6_p50"] == (21, True, 19, 23)
    assert bounds["e6_within12"] == (pytest.approx(1200 / 41), True, pytest.approx(1000 / 41), pytest.approx(1400 / 41))
    assert bounds["incidents"] == (41, True, 39, 43)
    assert [reading.quarantined for reading in said.values()] == [2, 2, 2, 0, 2]
    assert (said["e5_p50"].value, said["e5_p50"].is_bounded) == (None, False)
    for key, before in clean.items():
        assert replace(said[key], quarantined=0, is_bounded=False, least=None, most=None) == before


def test_each_part_and_each_town_says_it_too_for_a_refused_row_may_be_of_any(store):
    calls, events = minute(range(60, 60 * 42, 60))
    store.tell(as_of=NOON, emergency_call=calls, vehicle_status=events)
    refuse(store, claimed_at=NOON)
    columns = columns_of(store)
    metric = metric_named("e6_p50")
    parts = {r.dims["town"]: r for r in read_metric(columns, WENLING, metric, CITY, "h24", "town")}
    for town in ("A", "B"):
        (own,) = read_metric(columns, WENLING, metric, town_scope(town), "h24")
        assert (own.quarantined, own.value, own.least, own.most) == (1, parts[town].value, parts[town].least, parts[town].most)
        assert own.least < own.value < own.most


BAD = {"call": "c9", "incident": "i9", "called": "2021-03-12T03:00:00", "town": "A", "outcome": "飞走"}
GOOD = {"call": "c1", "incident": "i1", "called": "2021-03-12T02:00:00", "town": "A"}


@pytest.mark.parametrize(("rows", "expected"), [([GOOD], None), ([GOOD, BAD], (1, 0.0, 2.0))])
def test_command_and_answer_say_what_is_refused(city, rows, expected):
    city.site()
    city.write("emergency_call", *rows)
    url, file = f"sqlite:///{city.folder / 'x.db'}", city.folder / "site.toml"
    unguarded = "\n[sources.guards]\nrefused_share = 1\n[[sources.reads]]"
    file.write_text(file.read_text(encoding="utf-8").replace("\n[[sources.reads]]", unguarded), encoding="utf-8")
    site = load_site(city.folder)
    Schedule(site, open_ledger(site, url), Clock(float(NOON))).run_due(everything=True)
    for scope in ((), ("--scope", "A")):
        words = ["metrics", "--site", str(city.folder), "--store", url, "--metric", "calls", "--window", "h24", *scope]
        (answer,) = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)["metrics"]
        line = CliRunner().invoke(app, words).output
        if expected is None:
            assert answer["quarantined"] is None
            assert "quarantined" not in line
        else:
            found, low, high = expected
            assert answer["quarantined"] == {"rows": found, "bounded": True, "low": low, "high": high}
            assert "quarantined=1 {0, 2}" in line


def test_a_reading_without_a_value_keeps_no_bound(store, city):
    refuse(store, claimed_at=NOON)
    (reading,) = open_view(store.ledger, city.site(), float(NOON)).readings("calls", "h24", CITY)
    assert (reading.value, reading.quarantined, reading.is_bounded, reading.most) == (None, 1, False, None)
