"""A pulse tells of every commit once, and of nothing else."""

from cockpit.ledger.store import Pulse


def call(number):
    return {"call_id": f"c{number}", "incident_id": f"i{number}", "event_at": 1000 + number}


def test_a_pulse_beats_once_for_a_commit_and_not_without_one(store):
    store.tell(emergency_call=[call(1)])
    with Pulse(store.ledger) as pulse:
        assert pulse.has_beaten(), "what was committed before it was first asked may be news"
        assert not pulse.has_beaten()
        store.tell(emergency_call=[call(2)])
        assert pulse.has_beaten()
        assert not pulse.has_beaten()


def test_a_transaction_that_is_rolled_back_is_no_beat(store):
    store.tell(emergency_call=[call(1)])
    with Pulse(store.ledger) as pulse:
        pulse.has_beaten()
        with store.ledger.engine.connect() as connection, connection.begin() as transaction:
            connection.execute(store.ledger.ticks.delete())
            transaction.rollback()
        assert not pulse.has_beaten()


def test_a_store_that_cannot_be_felt_is_felt_anew(store):
    with Pulse(store.ledger) as pulse:
        pulse.has_beaten()
        pulse.connection.dbapi_connection.close()
        assert not pulse.has_beaten()
        store.tell(emergency_call=[call(1)])
        assert pulse.has_beaten()
