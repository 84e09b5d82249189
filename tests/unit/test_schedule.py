"""The schedule: what is due, what becomes of a fault, whose clock counts."""

import logging
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import CockpitError, SchedulerRunning
from cockpit.ledger.read import SourceState, tick_at
from cockpit.site import SourceConfig, load_site
from etl.known import Known
from etl.lease import alone
from etl.schedule import CLOCK_TICK_S, RESUME_CAP_S, Schedule, is_due, run_forever

NOON = int(datetime(2021, 3, 5, 12, tzinfo=UTC).timestamp())
CALL = {"call": "c1", "rev": "0", "incident": "i1", "called": "2021-03-05T10:00:00", "town": "A"}
EVENT = {"event": "e1", "rev": "0", "run": "r1", "incident": "i1", "status": "ON_SCENE", "at": "2021-03-05T10:05:00"}
CONFIG = SourceConfig(
    key="s",
    kind="csv",
    title="s",
    path="*",
    encoding="utf-8",
    header=("a",),
    interval_s=60,
    reads=({"table": "town", "fields": {"town_code": "a", "name": "a"}},),
)

pytestmark = pytest.mark.both_stores


def state(checked_at):
    """Return the state of a source that was last tried at an instant."""
    return SourceState("s", checked_at, None, None, {}, "ok", "")


def test_a_source_never_tried_is_due():
    assert is_due(CONFIG, None, 0.0)


@given(st.floats(0, 1e9), st.floats(0, 1e6))
def test_a_source_is_due_when_its_interval_is_over_and_not_before(checked_at, elapsed_s):
    now = checked_at + elapsed_s
    assert is_due(CONFIG, state(checked_at), now) is (now - checked_at >= 60)


@given(st.floats(0, 1e9), st.floats(0.001, 1e9))
def test_a_source_is_due_when_the_clock_ran_backwards(checked_at, back_s):
    assert is_due(CONFIG, state(checked_at), checked_at - back_s)


@pytest.fixture
def schedule_of(store, clock):
    """Return a function that gives the schedule of a site, at noon."""
    clock.now = float(NOON)
    return lambda site: Schedule(site, store.ledger, clock)


@pytest.fixture
def schedule(city, schedule_of):
    """Return the schedule of a small city with one call and one arrival."""
    city.write("emergency_call", CALL)
    city.write("vehicle_status", EVENT)
    return schedule_of(city.site())


def known(store, name="emergency_call", column="call_id"):
    """Return one column of what is known now."""
    return [row[column] for row in store.rows(name)]


def newest(store):
    """Return the newest tick."""
    with store.ledger.reading() as connection:
        return tick_at(connection, store.ledger)


def test_a_first_run_reads_every_source_and_a_second_changes_nothing(schedule, store):
    assert len(schedule.run_due()) == 4
    assert {source.state for source in schedule.states().values()} == {"ok"}
    assert store.rows("incident")[0]["town"] == "A"
    assert schedule.run_due(everything=True) == []


def test_what_is_new_is_read_once_the_interval_is_over(schedule, store, city, clock):
    schedule.run_due()
    city.write("emergency_call", CALL, {**CALL, "call": "c2"})
    clock.now += 59
    assert (schedule.run_due(), known(store)) == ([], ["c1"])
    clock.now += 1
    assert (len(schedule.run_due()), known(store)) == (1, ["c1", "c2"])


def test_only_one_source_can_be_run(schedule, store):
    schedule.run_due(only="town")
    assert {*schedule.states()} == {"town"}


def test_a_lost_source_is_recorded_and_does_not_stop_the_next(schedule, store, city):
    (city.folder / "station.csv").unlink()
    schedule.run_due()
    lost = schedule.states()["station"]
    assert (lost.state, lost.loaded_at) == ("lost", None)
    assert "station*.csv" in lost.message
    assert known(store) == ["c1"]


def test_a_lost_source_is_said_once(schedule, city, caplog):
    (city.folder / "station.csv").unlink()
    with caplog.at_level(logging.ERROR):
        schedule.run_due(everything=True)
        schedule.run_due(everything=True)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_source_that_is_lost_keeps_what_was_known_and_is_found_again_as_it_was(schedule, store, city):
    schedule.run_due()
    away = (city.folder / "emergency_call.csv").rename(city.folder / "away")
    schedule.run_due(everything=True)
    assert (schedule.states()["emergency_call"].state, known(store)) == ("lost", ["c1"])
    away.rename(city.folder / "emergency_call.csv")
    schedule.run_due(everything=True)
    assert schedule.states()["emergency_call"].state == "ok"


def test_a_held_batch_leaves_what_was_known(schedule, store, city):
    schedule.run_due()
    tick = newest(store)
    path = city.write("emergency_call", {**CALL, "call": "c2"})
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("incident", "incidence"), encoding="utf-8")
    assert schedule.run_due(everything=True) == []
    held = schedule.states()["emergency_call"]
    assert (held.state, known(store), newest(store)) == ("held", ["c1"], tick)
    assert "incidence" in held.message
    path.write_text(whole, encoding="utf-8")
    schedule.run_due(everything=True)
    assert (schedule.states()["emergency_call"].state, known(store)) == ("ok", ["c1", "c2"])


@pytest.mark.parametrize("bad", ["emergency_call_a.csv", "emergency_call_z.csv"])
def test_a_source_with_a_held_file_says_so_whichever_file_was_read_last(schedule, store, city, bad):
    city.write("emergency_call", {**CALL, "call": "c2"}, name="emergency_call_m.csv")
    (city.folder / bad).write_text("what\n1\n", encoding="utf-8")
    schedule.run_due()
    assert known(store) == ["c1", "c2"]
    held = schedule.states()["emergency_call"]
    assert (held.state, bad in held.message) == ("held", True)


def test_a_cell_that_no_store_can_hold_does_not_stop_the_next_source(schedule, store, city):
    city.write("emergency_call", {**CALL, "rev": "9" * 30})
    schedule.run_due()
    assert known(store, "vehicle_status", "event_id") == ["e1"]


def test_a_refused_row_does_not_stop_its_batch(schedule, store, city):
    city.write("emergency_call", CALL, {**CALL, "call": "c2", "called": "soon"})
    schedule.run_due()
    assert known(store) == ["c1"]
    assert [(row["line"], row["reason"]) for row in store.rows("quarantine")] == [(3, "unparsable")]
    assert schedule.states()["emergency_call"].state == "ok"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('status = "status", ', ""),  # a needed field left out
        ('source = "source"', 'sauce = "source"'),  # a field that the contract has not
        ('table = "vehicle_status"', 'table = "vehicle_statue"'),
    ],
    ids=["left out", "misspelt field", "misspelt table"],
)
def test_a_site_that_does_not_fit_its_contract_is_told_so_and_loads_nothing_wrong(city, schedule_of, store, old, new):
    city.write("vehicle_status", EVENT)
    city.site()
    toml = city.folder / "site.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = ""
    try:
        schedule = schedule_of(load_site(city.folder))
        schedule.run_due()
        told = schedule.states()["vehicle_status"].message
    except CockpitError as error:
        told = str(error)
    assert (told != "", store.rows("vehicle_status")) == (True, [])


def test_the_same_file_under_another_name_makes_no_tick_and_waits_for_a_person(schedule, store, city):
    schedule.run_due()
    tick = newest(store)
    (city.folder / "emergency_call.csv").rename(city.folder / "emergency_call_again.csv")
    assert schedule.run_due(everything=True) == []
    assert (newest(store), schedule.states()["emergency_call"].state) == (tick, "held")


def test_one_schedule_at_a_time(schedule, city, store):
    with alone(store.ledger), pytest.raises(SchedulerRunning, match=r"process \d+ of"), alone(store.ledger):
        schedule.run_due()
    assert known(store) == []


def test_a_schedule_told_to_stop_has_run_what_is_due_and_lets_the_next_one_run(schedule, city, store):
    stop = threading.Event()
    stop.set()
    for _ in range(2):
        with alone(store.ledger) as lost:
            run_forever(schedule, stop, lost)
    assert known(store) == ["c1"]


def test_time_passes_with_a_clock_tick_when_there_is_no_news(schedule, store, clock):
    schedule.run_due()
    before = newest(store)
    clock.now += CLOCK_TICK_S - 1
    assert schedule.run_due() == []
    clock.now += 1
    assert schedule.run_due() == [before.number + 1]
    assert (newest(store).as_of, newest(store).cause) == (NOON + CLOCK_TICK_S, "clock")
    assert store.rows("incident") == store.rows("incident", at=before.number)


def test_before_anything_is_known_no_time_passes(city, schedule_of, store, clock):
    for name in ("town", "station"):
        city.write(name)
    schedule = schedule_of(city.site())
    for _ in range(3):
        clock.now += CLOCK_TICK_S
        assert schedule.run_due() == []
    assert newest(store).number == 0


def test_a_ticks_time_never_runs_backwards(schedule, store, city, clock):
    schedule.run_due()
    clock.now -= 3600
    city.write("emergency_call", CALL, {**CALL, "call": "c2"})
    schedule.run_due()
    assert (known(store), newest(store).as_of) == (["c1", "c2"], NOON)


def called_at(call, clock_time):
    """Return a recorded call of the fifth of March."""
    return {**CALL, "call": call, "incident": call, "called": f"2021-03-05T{clock_time}"}


RECORD = [called_at("c1", "09:00:00"), called_at("c2", "10:00:00"), called_at("c3", "10:03:00"), called_at("c4", "10:30:00")]
TEN = NOON - 2 * 3600


@pytest.fixture
def replay(city, schedule_of):
    """Return the schedule of a record told again from ten o'clock on, a minute of it each second."""
    city.write("emergency_call", *RECORD)
    return schedule_of(city.site(replay={"start": "2021-03-05T10:00:00", "speed": 60}))


def test_a_replay_tells_at_its_start_what_had_happened_by_then_and_nothing_later(replay, store):
    replay.run_due()
    assert (known(store), newest(store).as_of) == (["c1", "c2"], TEN)


def test_a_replays_clock_is_the_records_and_runs_at_its_speed(replay, store, clock):
    replay.run_due()
    clock.now += 2
    replay.run_due()
    assert (known(store), replay.states()["emergency_call"].cursor["position"]) == (["c1", "c2"], TEN + 120)
    clock.now += 2
    replay.run_due()
    assert (known(store), newest(store).as_of) == (["c1", "c2", "c3"], TEN + 240)


def test_a_replay_that_was_stopped_goes_on_where_it_stood(city, replay, schedule_of, store, clock):
    replay.run_due()
    clock.now += 7 * 24 * 3600
    city.write("emergency_call", *RECORD, called_at("c5", "11:45:00"))
    Schedule(replay.site, store.ledger, clock).run_due()
    assert (
        replay.states()["emergency_call"].cursor["position"]
        == TEN + (RESUME_CAP_S + replay.site.source("emergency_call").interval_s) * 60
    )
    assert known(store) == ["c1", "c2", "c3", "c4"]


def test_a_replay_goes_on_by_one_interval_when_the_clock_is_set_back(replay, store, clock):
    replay.run_due()
    clock.now -= 3600
    replay.run_due()
    assert (known(store), newest(store).as_of) == (["c1", "c2"], TEN + 120)


def test_at_the_end_of_its_record_a_replay_says_so_and_invents_nothing(replay, store, clock):
    replay.run_due()
    for _ in range(20):
        clock.now += 2
        replay.run_due()
    ended = replay.states()["emergency_call"]
    assert (ended.state, ended.message) == ("ended", "the record ends at 2021-03-05 10:30:00")
    assert (known(store), ended.observed_at) == (["c1", "c2", "c3", "c4"], TEN + 1800)
    clock.now += 7 * 24 * 3600
    assert replay.run_due() == []


def test_the_clock_of_a_replay_stops_at_the_end_of_its_record(replay, store, clock):
    replay.run_due()
    clock.now += 29
    replay.run_due()
    clock.now += 4
    replay.run_due()
    assert newest(store).as_of == TEN + 1800


def test_a_replay_told_in_pieces_tells_what_it_tells_at_once(replay, store, clock, new_store):
    replay.run_due()
    for _ in range(20):
        clock.now += 2
        replay.run_due()
    with new_store() as other:
        other.tell(town=[{"town_code": code, "name": code} for code in "AB"])
        (batch,) = replay.readers["emergency_call"].read({}, TEN + 10**6, Known(towns=frozenset("AB")))
        other.tell(emergency_call=batch.rows["emergency_call"].to_dict("records"))
        assert other.rows("emergency_call") == store.rows("emergency_call")
        assert other.rows("incident") == store.rows("incident")


def test_a_file_that_is_again_what_it_was_is_news(schedule, store, city):
    for name in ("Anning", "Annnig", "Anning"):
        city.write("town", {"code": "A", "name": name})
        schedule.run_due(everything=True)
        assert [row["name"] for row in store.rows("town")] == [name]


def test_a_record_that_ended_stays_ended_when_its_file_is_away_for_a_while(replay, store, clock):
    for _ in range(20):
        clock.now += 30
        replay.run_due()
    states = replay.states()
    assert states["emergency_call"].state == "ended"
    replay.note("emergency_call", state="lost", message="away")
    clock.now += 30
    replay.run_due()
    assert replay.states()["emergency_call"].state == "ended"


def test_a_tick_of_a_clock_that_was_a_year_ahead_keeps_nobody_waiting_for_that_year(schedule, store, clock):
    schedule.run_due()
    clock.now += 365 * 86_400
    schedule.run_due()
    assert newest(store).as_of == clock.now
    clock.now = NOON + 120.0
    schedule.run_due()
    assert newest(store).as_of == NOON + 120
