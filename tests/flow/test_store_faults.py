"""A store that is away, or lies about its commits: readers keep the last picture and find back, and nothing is loaded twice."""

import os
import signal
import sqlite3
import time
from contextlib import suppress

import psycopg
import pytest
import sqlalchemy as sa

from callbacks.board import Board
from cockpit.app import screens
from cockpit.errors import StoreError
from cockpit.ledger.engine import masked, open_engine
from cockpit.ledger.pulse import Pulse
from cockpit.ledger.store import Ledger
from cockpit.view import open_view
from etl.catalogue import tables
from etl.schedule import Schedule
from tests.conftest import Store
from tests.postgres import Server

NOW = 1_700_000_000
RECOVERY_S = 30
CALL = {"call": "c1", "rev": "0", "incident": "i1", "called": "2023-11-14T10:00:00", "town": "A"}


def call(n):
    return {"call_id": f"c{n}", "incident_id": f"i{n}", "event_at": NOW + n}


@pytest.fixture
def board_of(city):
    """Return a function that gives a board that has looked at a store once."""

    def give(store):
        site = city.site()
        board = Board(site, store.ledger, screens(), "1")
        board.view = open_view(store.ledger, site, float(NOW))
        return board

    return give


def looks_until(board, tick):
    """Look as the web process does, until a tick is seen; return how long that took (s)."""
    began = time.monotonic()
    while board.view.tick.number != tick:
        assert time.monotonic() - began < RECOVERY_S
        board.view = board.look()
    return time.monotonic() - began


@pytest.fixture(scope="module")
def mortal():
    """Run a server that may be killed."""
    server = Server(settings=())
    yield server
    server.close()


@pytest.fixture
def served(mortal):
    """Return a store of a server that may be killed."""
    ledger = Ledger(mortal.new_database(), tables())
    ledger.create()
    yield Store(ledger)
    ledger.engine.dispose()


def test_readers_survive_a_server_that_is_restarted_and_find_back(mortal, served, board_of):
    served.tell(emergency_call=[call(1)])
    board = board_of(served)
    with Pulse(served.ledger) as pulse:
        mortal.stop()
        pulse.has_beaten()
        assert board.look().tick.number == 1
        assert not board.is_sound
        mortal.start()
        served.ledger.engine.dispose()  # the writer's pool; the reader finds back over connections that died
        board.view = board.look()
        served.tell(emergency_call=[call(2)])
        looks_until(board, 2)
        ends_at = time.monotonic() + RECOVERY_S
        while not pulse.has_beaten():
            assert time.monotonic() < ends_at


def ask_until_it_is_gone(connection):
    with suppress(sa.exc.OperationalError):
        while True:
            connection.exec_driver_sql("SELECT 1")


def test_a_killed_backend_costs_one_look_and_nothing_that_was_committed(mortal, served, board_of):
    served.tell(emergency_call=[call(1)])
    board = board_of(served)
    with served.ledger.engine.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        os.kill(pid, signal.SIGKILL)  # the server then ends every session and recovers
        ask_until_it_is_gone(connection)
    assert board.look().tick.number == 1
    ends_at = time.monotonic() + RECOVERY_S
    while True:
        try:
            served.tell(emergency_call=[call(2)])
            break
        except sa.exc.OperationalError:
            assert time.monotonic() < ends_at
    looks_until(board, 2)
    assert [row["call_id"] for row in served.rows("emergency_call")] == ["c1", "c2"]


@pytest.mark.both_stores
def test_a_reader_without_a_connection_keeps_the_last_picture_and_looks_again(store, board_of, monkeypatch):
    store.tell(emergency_call=[call(1)])
    board = board_of(store)
    pool = store.ledger.engine.pool
    monkeypatch.setattr(pool, "_timeout", 0.1)
    taken = [store.ledger.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    assert board.look().tick.number == 1
    assert not board.is_sound
    for connection in taken:
        connection.close()
    store.tell(emergency_call=[call(2)])
    looks_until(board, 2)


@pytest.mark.both_stores
def test_a_lock_that_a_writer_holds_stops_no_reader(store, board_of):
    store.tell(emergency_call=[call(1)])
    board = board_of(store)
    with store.ledger.writing() as connection:
        connection.execute(
            store.ledger.sources.insert(), {"key": "k", "checked_at": 0, "cursor": "{}", "state": "ok", "message": ""}
        )
        began = time.monotonic()
        assert board.look().tick.number == 1
        assert board.is_sound
        assert time.monotonic() - began < 5


@pytest.mark.both_stores
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_commit_that_reports_an_error_and_is_durable_all_the_same_is_loaded_once(store, city, clock, monkeypatch, nth):
    clock.now = float(NOW)
    city.write("emergency_call", CALL)
    schedule = Schedule(city.site(), store.ledger, clock)
    dialect, real, commits = store.ledger.engine.dialect, store.ledger.engine.dialect.do_commit, []
    wrong = {"sqlite": sqlite3.OperationalError, "postgresql": psycopg.OperationalError}[dialect.name]

    def lying(connection):
        real(connection)
        if wrote(store.ledger, "emergency_call"):
            commits.append(connection)
            if len(commits) == nth:
                raise wrong("the answer to the commit was lost")

    monkeypatch.setattr(dialect, "do_commit", lying)
    for _ in range(4):
        clock.now += 60
        try:
            schedule.run_due(everything=True)
        except sa.exc.OperationalError:
            continue
    monkeypatch.undo()
    assert len(commits) >= nth
    assert [row["call_id"] for row in store.rows("emergency_call")] == ["c1"]
    with store.ledger.reading() as connection:
        batches = connection.scalars(
            sa.select(sa.func.count()).where(
                store.ledger.batches.c.source == "emergency_call", store.ledger.batches.c.state == "loaded"
            )
        ).one()
    assert (batches, schedule.states()["emergency_call"].state) == (1, "ok")


def wrote(ledger, source):
    """Whether the batch of a source is in the store, asked on a connection of the test's own."""
    engine = open_engine(ledger.engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        found = connection.scalars(sa.select(ledger.batches.c.id).where(ledger.batches.c.source == source)).first()
    engine.dispose()
    return found is not None


SECRET = "hunter2"
UNUSABLE = (
    f"postgresql://cockpit:{SECRET}@127.0.0.1:1/cockpit",
    f"postgresql://cockpit@127.0.0.1:1/cockpit?password={SECRET}",
    f"mysql://cockpit:{SECRET}@127.0.0.1/cockpit",
    f"cockpit:{SECRET}@127.0.0.1",
)


@pytest.mark.parametrize("url", UNUSABLE)
def test_a_password_is_in_no_error_and_no_log(url, caplog):
    with pytest.raises((StoreError, sa.exc.SQLAlchemyError)) as error:
        Ledger(url, tables()).create()
    assert SECRET not in str(error.value) + repr(error.value) + caplog.text


def test_a_url_is_shown_without_its_password():
    for url in UNUSABLE[:2]:
        assert SECRET not in masked(sa.make_url(url))
        assert "127.0.0.1" in masked(sa.make_url(url))


def test_a_database_that_cannot_hold_every_text_is_refused_in_one_sentence(postgres):
    ledger = Ledger(postgres.new_database(ENCODING="'LATIN1'", LOCALE="'C'"), tables())
    with pytest.raises(StoreError, match="LATIN1"):
        ledger.create()
