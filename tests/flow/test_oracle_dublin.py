"""The cockpit reads of the Dublin record what an oracle, written apart from it, works out from the raw file."""

from datetime import datetime
from functools import cache

import pytest

from cockpit.columns import load_columns
from cockpit.evaluate import catalogue, tables_read
from cockpit.ledger.read import rows_known, tick_at
from cockpit.ledger.store import Ledger
from cockpit.scope import CITY
from cockpit.site import load_site
from etl.catalogue import tables
from etl.known import known_to
from etl.load import load
from etl.schedule import Schedule
from tests.oracle import dublin
from tests.oracle.comparison import differences, readings
from tests.oracle.injury_metrics import INJURY_METRICS
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import WHOLE, Oracle
from tests.oracle.spans import HALF_DAY_S

START = datetime(2021, 1, 1)
SUMMER_TIME_BEGAN = datetime(2021, 3, 28, 15)
CALL_UNKNOWN = datetime(2021, 6, 30, 21, 26)  # a run waits for its call, and another call is taken this very second
YEAR_FROZEN = datetime(2022, 1, 1, 2)
OPEN_FOR_HALF_A_DAY = datetime(2022, 7, 28, 20, 9, 25)  # to the second a day after a call
END = datetime(2022, 12, 31, 23, 59, 59)
LOCAL_INSTANTS = (START, SUMMER_TIME_BEGAN, CALL_UNKNOWN, YEAR_FROZEN, OPEN_FOR_HALF_A_DAY, END)
INSTANTS = tuple(dublin.utc(local) for local in LOCAL_INSTANTS)
COMMITTED_AT = 0.0
ELSEWHERE = ("town_colour", "town_colour_history", "enterprise_risk", "order_state", "duty")
"""Tables whose rows have oracles of their own: what is judged in `test_oracle_colours`, orders, the roster in `test_duty`."""


@pytest.fixture(scope="module")
def site():
    return load_site("dublin")


@pytest.fixture(scope="module")
def ledger(site, tmp_path_factory):
    """The record replayed to its end, resting at each of the instants."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('dublin') / 'cockpit.db'}", tables())
    ledger.create()
    schedule = Schedule(site, ledger, lambda: COMMITTED_AT)
    schedule.run_due(everything=True)
    for as_of in INSTANTS[1:]:
        replay_to(as_of, schedule)
    yield ledger
    ledger.engine.dispose()


def replay_to(as_of, schedule):
    cursor = schedule.states()["dfb"].cursor
    for batch in schedule.readers["dfb"].read(cursor, as_of, known_to(schedule.ledger, None)):
        load(schedule.ledger, batch, as_of=as_of, now=COMMITTED_AT)


@pytest.fixture(scope="module")
def columns_at(ledger):
    @cache
    def columns_at(as_of):
        with ledger.reading() as connection:
            return load_columns(connection, ledger, tables_read(), tick_at(connection, ledger, as_of=as_of))

    return columns_at


@pytest.fixture(scope="module")
def oracle_at():
    return cache(lambda as_of: Oracle(dublin.records(as_of), dublin.CITY, as_of))


@pytest.fixture(scope="module")
def incidents(ledger):
    """All incidents by their id, as known at the end of the record."""
    with ledger.reading() as connection:
        rows = rows_known(connection, ledger, "incident", CITY).to_dict("records")
    return {row["incident_id"]: row for row in rows}


@pytest.fixture(scope="module")
def raw():
    """The lines of the file by their id, as text."""
    return {row["ID"]: row for row in dublin.raw_rows()}


def test_the_oracle_knows_every_metric_and_no_other():
    elsewhere = {key for key, metric in catalogue().items() if metric.table in ELSEWHERE}
    assert set(catalogue()) == {*METRICS, *INJURY_METRICS} | elsewhere


@pytest.mark.parametrize("key", METRICS)
def test_a_metric_has_the_table_the_windows_the_parts_and_the_sources_that_the_oracle_has(key):
    ours, theirs = catalogue()[key], METRICS[key]
    assert (ours.table, set(ours.windows), set(ours.by)) == (theirs.table, set(theirs.windows), set(theirs.by))
    assert set(ours.sources) == set(theirs.sources)


@pytest.mark.parametrize("key", METRICS)
@pytest.mark.parametrize("as_of", INSTANTS)
def test_cockpit_and_oracle_read_the_same(as_of, key, columns_at, oracle_at, site):
    differing, compared = differences(columns_at(as_of), site, oracle_at(as_of), key)
    assert compared
    assert differing == []


@pytest.mark.parametrize("as_of", INSTANTS)
def test_a_tick_stands_at_each_instant(as_of, ledger):
    with ledger.reading() as connection:
        assert tick_at(connection, ledger, as_of=as_of).as_of == as_of


def test_the_instants_show_every_state_that_a_record_in_seconds_can_have(oracle_at):
    shown = {
        state
        for as_of in INSTANTS
        for key in ("e4_complete", "e6_complete")
        for window in METRICS[key].windows
        for state in oracle_at(as_of).answers(key, window)[WHOLE].states
    }
    assert shown == {"VALID", "NEG", "ZERO", "OUT", "MISSING", "OPEN", "OUTSIDE", "WAITING"}


def test_a_run_waits_while_its_call_is_unknown_even_when_it_was_turned_back(raw, columns_at, site):
    assert [raw["27018"][name] for name in ("Date", "ORD", "IA", "MAV", "TOC")] == [
        "30/06/2021", "17:17:24", "", "17:51:33", "23:08:10",
    ]  # fmt: skip
    columns = columns_at(dublin.utc(CALL_UNKNOWN))
    assert readings(columns, site, "waiting_runs", "today", "station_id")["Kilbarrack Fire Station"].value == 1


def test_an_interval_open_for_half_a_day_counts_as_missing(raw, columns_at, site):
    assert [raw["46340"][name] for name in ("Date", "TOC", "IA", "MAV")] == ["28/07/2022", "07:37:06", "08:02:07", "20:40:19"]
    columns = columns_at(dublin.utc(OPEN_FOR_HALF_A_DAY))
    reading = readings(columns, site, "e7b_p50", "today", "station_id")[raw["46340"]["Station Name"]]
    assert (reading.states["MISSING"], reading.states["OPEN"]) == (1, 0)


def test_every_line_is_one_incident_and_none_is_refused(incidents, raw, ledger):
    assert len(incidents) == len(raw) == len(dublin.raw_rows()) == 35_163
    with ledger.reading() as connection:
        assert rows_known(connection, ledger, "quarantine", CITY).empty


def test_ids_are_the_text_of_the_file_byte_for_byte(incidents):
    first_fields = {line.partition(b",")[0] for line in dublin.raw_bytes().splitlines()[1:]}
    assert {incident_id.encode() for incident_id in incidents} == first_fields


def test_an_arrival_after_midnight_belongs_to_the_next_day(incidents, raw):
    """Clocks have no dates: 216 arrivals stand before their call, and all but the two that lie 7.5 h before it came after."""
    earlier = {row["ID"] for row in raw.values() if row["IA"] and row["IA"] < row["TOC"]}
    lengths_s = {i: incidents[i]["t_onscene"] - incidents[i]["t_answer"] for i in earlier}
    crossing = {i for i, length_s in lengths_s.items() if 0 <= length_s < HALF_DAY_S}
    assert (len(earlier), len(crossing)) == (216, 214)
    assert earlier - crossing == {"26678", "27911"}
    assert {incidents[i]["e6_state"] for i in crossing} == {"VALID", "OUT"}


@pytest.mark.parametrize(("incident_id", "lead_s"), [("26678", 27_064), ("27911", 27_980)])
def test_an_arrival_seven_and_a_half_hours_before_its_call_is_negative_and_not_clamped(incident_id, lead_s, incidents):
    incident = incidents[incident_id]
    assert incident["t_onscene"] - incident["t_answer"] == -lead_s
    assert (incident["e6_state"], incident["e6_s"]) == ("NEG", None)


def test_a_stamp_shortly_before_its_call_is_negative_and_not_tomorrow(incidents, raw):
    assert [raw["27469"][name] for name in ("TOC", "ORD", "MOB")] == ["12:45:57", "12:42:47", "12:45:50"]
    incident = incidents["27469"]
    assert incident["t_dispatch"] - incident["t_answer"] == -190
    assert incident["t_unit_enroute"] - incident["t_answer"] == -7
    assert (incident["e23_state"], incident["e23_s"], incident["chain_handling_state"]) == ("NEG", None, "NEG")


def test_a_response_over_the_start_of_summer_time_is_timed_by_true_seconds(incidents, raw):
    row = raw["22148"]
    assert (row["Date"], row["TOC"], row["IA"]) == ("28/03/2021", "00:57:22", "02:12:55")
    assert (incidents["22148"]["e6_state"], incidents["22148"]["e6_s"]) == ("VALID", 933)


def test_turned_back_incidents_are_outside_and_those_without_any_end_stamp_are_missing(incidents, raw):
    turned_back = {row["ID"] for row in raw.values() if not row["IA"] and row["MAV"]}
    unattended = {row["ID"] for row in raw.values() if not row["IA"] and not row["MAV"]}
    assert (len(turned_back), len(unattended)) == (6_133, 1_410)
    assert {i for i, incident in incidents.items() if incident["e6_state"] == "OUTSIDE"} == turned_back
    assert {i for i, incident in incidents.items() if incident["e6_state"] == "MISSING"} == unattended
