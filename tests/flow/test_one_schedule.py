"""One schedule a store, whatever is started, and none that stood still ever writes again."""

import multiprocessing
import os
import signal
import threading
import time
from contextlib import contextmanager, suppress

import psycopg
import pytest
import sqlalchemy as sa

from cockpit.errors import Fenced, SchedulerRunning
from cockpit.ledger.lock import lock_of
from cockpit.ledger.read import source_states
from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from etl.lease import LOOK_S, RENEW_S, TTL_S, alone, read_lease
from etl.load import load
from etl.schedule import Schedule, run_forever
from tests.conftest import Store

TTL = {"ttl_s": 1.5, "renew_s": 0.2, "look_s": 0.1}
PATIENCE_S = 40


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, new_url):
    """Return a store of its own, for processes and sessions die in it."""
    ledger = Ledger(new_url(request.param), tables())
    ledger.create()
    yield Store(ledger)
    ledger.engine.dispose()


@pytest.fixture(scope="module")
def processes():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["etl.schedule", "etl.lease", "etl.sources.csv", "etl.derive.emergency_run", "psycopg"])
    return context


@pytest.fixture
def started(processes):
    """Return a function that starts a process; all end with the test."""
    running = []

    def start(work, *arguments):
        running.append(processes.Process(target=work, args=arguments))
        running[-1].start()
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.join()


def url_of(store):
    return store.ledger.engine.url.render_as_string(hide_password=False)


def publish(url, name, busy_s=0.0):
    """Run a schedule that publishes a call twenty times a second; `busy_s` is how long its first batch takes to commit."""
    store = Store(Ledger(url, tables()))
    with alone(store.ledger, stop=threading.Event(), **TTL):
        if busy_s:
            with store.ledger.writing() as connection:
                connection.execute(store.ledger.about.insert(), {"key": name, "value": "has begun"})
                time.sleep(busy_s)
        for number in range(10_000):
            call = {"call_id": f"{name}{number}", "incident_id": f"{name}{number}", "event_at": 1000 + number}
            load(store.ledger, store.batch(f"{name}{number}", {"emergency_call": [call]}), as_of=number, now=float(number))
            time.sleep(0.05)


def serve(url, folder):
    """Run the real schedule of a site until another one takes it over; end with 3 when that is said in one sentence."""
    ledger = Ledger(url, tables())
    try:
        with alone(ledger, stop=threading.Event(), **TTL) as lost:
            run_forever(Schedule(load_site(folder), ledger, time.time), threading.Event(), lost)
    except Fenced as error:
        os._exit(3 if "taken over" in str(error) else 4)


def await_(condition):
    """Wait until something holds."""
    ends_at = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends_at, "it never came to be"
        time.sleep(0.02)


def fence(store):
    with store.ledger.reading() as connection:
        return read_lease(connection, store.ledger)[0]


def published(store):
    return [row["call_id"] for row in store.rows("emergency_call")]


def has(store, name):
    return lambda: any(call.startswith(name) for call in published(store))


def ticks(store):
    with store.ledger.reading() as connection:
        return list(connection.scalars(sa.select(store.ledger.ticks.c.number).order_by(store.ledger.ticks.c.number)))


def test_a_schedule_that_stood_still_is_replaced_and_never_publishes_again(store, started):
    first = started(publish, url_of(store), "first")
    await_(has(store, "first"))
    os.kill(first.pid, signal.SIGSTOP)
    second = started(publish, url_of(store), "second")
    await_(has(store, "second"))
    said = [call for call in published(store) if call.startswith("first")]
    with suppress(ProcessLookupError):
        os.kill(first.pid, signal.SIGCONT)
    first.join(PATIENCE_S)
    assert first.exitcode in (1, -signal.SIGKILL), "it must end; it is killed when it was stopped in a transaction of SQLite"
    before = len(published(store))
    await_(lambda: len(published(store)) > before)
    assert second.is_alive()
    assert [call for call in published(store) if call.startswith("first")] == said
    assert ticks(store) == list(range(1, len(ticks(store)) + 1))
    assert len(set(published(store))) == len(published(store))


def test_one_that_waits_leaves_a_schedule_that_is_alive_alone(store, started):
    started(publish, url_of(store), "first")
    await_(has(store, "first"))
    started(publish, url_of(store), "second")
    time.sleep(3 * TTL["ttl_s"])  # the law is that nothing happens meanwhile
    assert (fence(store), has(store, "second")()) == (1, False)


def test_a_batch_that_takes_longer_than_the_lease_is_not_robbed(store, started):
    first = started(publish, url_of(store), "first", 3 * TTL["ttl_s"])
    await_(lambda: fence(store) == 1)
    started(publish, url_of(store), "second")
    await_(has(store, "first"))
    assert (fence(store), first.is_alive(), has(store, "second")()) == (1, True, False)


def test_after_a_kill_the_next_one_begins_at_once(store, started):
    first = started(publish, url_of(store), "first")
    await_(has(store, "first"))
    started(publish, url_of(store), "second")
    first.kill()
    killed_at = time.monotonic()
    await_(has(store, "second"))
    assert time.monotonic() - killed_at < TTL_S / 2


def test_the_real_schedule_that_was_replaced_ends_with_one_sentence(store, started, city):
    city.site()
    first = started(serve, url_of(store), str(city.folder))
    await_(lambda: len(read_sources(store)) == len(load_site(city.folder).sources))
    os.kill(first.pid, signal.SIGSTOP)
    started(publish, url_of(store), "second")
    await_(has(store, "second"))
    with suppress(ProcessLookupError):
        os.kill(first.pid, signal.SIGCONT)
    first.join(PATIENCE_S)
    assert first.exitcode in (3, -signal.SIGKILL)  # killed: it was stopped in the middle of a transaction


def read_sources(store):
    with store.ledger.reading() as connection:
        return source_states(connection, store.ledger)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_one_that_was_stopped_in_the_middle_of_a_transaction_is_ended_and_its_batch_undone(store, started):
    first = started(publish, url_of(store), "first", PATIENCE_S)
    await_(lambda: fence(store) == 1)
    await_(lambda: not lock_of(store.ledger.engine).is_writable())
    os.kill(first.pid, signal.SIGSTOP)
    started(publish, url_of(store), "second")
    await_(has(store, "second"))
    first.join(PATIENCE_S)
    assert (first.exitcode, has(store, "first")()) == (-signal.SIGKILL, False)
    with store.ledger.reading() as connection:
        assert connection.scalars(sa.select(store.ledger.about.c.value).where(store.ledger.about.c.key == "first")).all() == []


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_server_ends_a_session_that_idles_in_a_transaction_before_its_lease_is_over(store):
    with store.ledger.reading() as connection:
        limit = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one()
    assert int(limit.removesuffix("s")) < TTL_S


def test_one_that_does_not_wait_says_who_runs_the_schedule(store):
    other = Ledger(url_of(store), tables())
    with alone(store.ledger), pytest.raises(SchedulerRunning, match=rf"process {os.getpid()} of"), alone(other):
        pass
    with alone(other):
        assert other.fence == 2
    other.engine.dispose()


def test_what_stood_still_in_this_process_may_not_write_and_others_may(store):
    other = Ledger(url_of(store), tables())
    with alone(store.ledger, renew_s=60):
        with other.writing() as connection:
            connection.execute(other.lease.update().values(fence=7))
        with pytest.raises(Fenced), store.ledger.writing():
            pytest.fail("a transaction of a fenced schedule must not begin")
    with store.ledger.writing():
        pass
    other.engine.dispose()


def test_a_lease_is_renewed_with_every_commit_and_in_between(store):
    with alone(store.ledger, renew_s=0.05):
        first = lease(store)
        await_(lambda: lease(store) > first)
    with alone(store.ledger, renew_s=60):
        before = lease(store)
        store.tell(emergency_call=[{"call_id": "c", "incident_id": "i", "event_at": 1}])
        assert lease(store) > before


def lease(store):
    with store.ledger.reading() as connection:
        return read_lease(connection, store.ledger)


def test_a_takeover_is_over_within_a_minute():
    assert TTL_S + LOOK_S + RENEW_S < 60


@contextmanager
def copying(url, is_alive):
    """Copy rows in a transaction, more of them every moment or none; give the session's number."""
    engine, done = Ledger(url, tables()).engine, threading.Event()
    with suppress(sa.exc.DBAPIError), engine.connect() as connection, suppress(psycopg.Error):
        driver = connection.connection.driver_connection
        driver.execute("CREATE TEMPORARY TABLE copied (row text)")
        with driver.cursor() as cursor, cursor.copy("COPY copied FROM STDIN") as copy:
            more = threading.Thread(
                target=lambda: [copy.write_row(["x" * 100_000]) for _ in iter(lambda: done.wait(0.05), True)]
            )
            if is_alive:
                more.start()
            yield driver.info.backend_pid
            done.set()
            if is_alive:
                more.join()
    engine.dispose()


@pytest.mark.parametrize(("is_alive", "left"), [(True, 1), (False, 0)])
def test_a_session_that_stopped_while_it_copied_is_ended_and_one_that_copies_is_not(new_url, is_alive, left):
    url = new_url("postgresql")
    ledger = Ledger(url, tables())
    with copying(url, is_alive) as session:
        lock_of(ledger.engine).end_stopped()
        until = time.monotonic() + (PATIENCE_S if left == 0 else 0.5)
        while (found := sessions(ledger, session)) != left and time.monotonic() < until:
            time.sleep(0.05)
        assert found == left
    ledger.engine.dispose()


def sessions(ledger, number):
    with ledger.engine.connect() as connection:
        return connection.scalars(sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid"), {"pid": number}).one()
