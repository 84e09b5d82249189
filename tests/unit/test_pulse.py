"""A pulse tells of every commit once, and of nothing else."""

import time
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from cockpit.ledger.pulse import Pulse

pytestmark = pytest.mark.both_stores
PATIENCE_S = 10


def call(number):
    return {"call_id": f"c{number}", "incident_id": f"i{number}", "event_at": 1000 + number}


def beats(pulse):
    """Whether a pulse beats before patience ends: a commit is felt at once in the file, and soon over a socket."""
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        if pulse.has_beaten():
            return True
    return False


@contextmanager
def felt(store):
    """Feel a store until the first beat, which is yes, for what was committed before may be news."""
    with Pulse(store.ledger) as pulse:
        assert beats(pulse)
        yield pulse


def test_a_pulse_beats_once_for_a_commit_and_not_without_one(store):
    store.tell(emergency_call=[call(1)])
    with felt(store) as pulse:
        assert not pulse.has_beaten()
        store.tell(emergency_call=[call(2)])
        assert beats(pulse)
        assert not pulse.has_beaten()


def write_twice(ledger):
    """Write a row twice that may stand once."""
    row = {"key": "k", "checked_at": 0, "cursor": "{}", "state": "ok", "message": ""}
    with ledger.writing() as connection:
        connection.execute(ledger.sources.insert(), row)
        connection.execute(ledger.sources.insert(), row)


def test_a_transaction_that_is_rolled_back_is_no_beat(store):
    store.tell(emergency_call=[call(1)])
    with felt(store) as pulse:
        with pytest.raises(sa.exc.IntegrityError):
            write_twice(store.ledger)
        assert not pulse.has_beaten()


def test_a_store_that_cannot_be_felt_is_felt_anew(store):
    with felt(store) as pulse:
        pulse.feeler.connection.dbapi_connection.close()
        assert not pulse.has_beaten()
        store.tell(emergency_call=[call(1)])
        assert beats(pulse)


def test_feeling_waits_for_nobody(store):
    with felt(store) as pulse:
        began = time.monotonic()
        for _ in range(1000):
            pulse.has_beaten()
        assert time.monotonic() - began < 1
