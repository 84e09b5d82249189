"""Columns taken back to an earlier tick are those that were loaded then, whatever came, went and was dropped since."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.columns import load_columns
from cockpit.columns_at import columns_at, forked
from cockpit.evaluate import tables_read
from cockpit.ledger.read import tick_at

CALLS = st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 9))
"""Which call, its revision, and the minute it came in."""

EVENTS = st.tuples(st.integers(0, 5), st.sampled_from(["DISPATCHED", "ON_SCENE", "AVAILABLE"]), st.integers(0, 3))
HISTORIES = st.lists(st.tuples(st.lists(CALLS, max_size=4), st.lists(EVENTS, max_size=4)), min_size=2, max_size=4)


def call(number, rev, minute):
    told = {"call_id": f"c{number}", "rev": rev, "incident_id": f"i{number}", "needs_dispatch": True}
    return {**told, "event_at": 60 * minute, "t_answer": 60 * minute + rev}


def event(number, status, rev):
    told = {"event_id": f"{number}{status}", "rev": rev, "run_id": f"r{number}", "incident_id": f"i{number}"}
    return {**told, "status": status, "event_at": 1000 + 10 * rev, "source": "按键"}


def held(columns):
    """Return what is known of each table, in the order that it is read."""
    found = {}
    for name, table in columns.tables.items():
        known = np.flatnonzero(table.is_known[: table.count])
        rows = {column: table.values(column)[known].tolist() for column in table.arrays}
        for column, words in table.vocabulary.items():
            listed = [*words, None]
            rows[column] = [listed[code] for code in rows[column]]
        found[name] = (table.ids[: table.count][known].tolist(), {c: [str(v) for v in values] for c, values in rows.items()})
    return found


def tick_of(connection, store, number=None):
    return tick_at(connection, store.ledger, number=number)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_every_earlier_tick_is_what_it_was(new_store, history):
    with new_store() as store:
        store.tell(emergency_call=[call(9, 0, 0)])
        with store.ledger.reading() as connection:
            live = load_columns(connection, store.ledger, tables_read(), tick_of(connection, store))
        for calls, events in history:
            rows = {"emergency_call": [call(*told) for told in {one[:2]: one for one in calls}.values()]}
            rows["vehicle_status"] = [event(*told) for told in {(one[:2], one[2]): one for one in events}.values()]
            store.tell(**{name: some for name, some in rows.items() if some})
            with store.ledger.reading() as connection:
                live.advance(connection, store.ledger, tick_of(connection, store))
        before = held(live)
        with store.ledger.reading() as connection:
            for number in range(1, live.tick.number + 1):
                tick = tick_of(connection, store, number)
                found = columns_at(forked(live), connection, store.ledger, tick)
                assert found.tick == tick
                assert held(found) == held(load_columns(connection, store.ledger, tables_read(), tick))
        assert held(live) == before, "a look back changed what is shown now"


def test_columns_go_on_while_a_fork_of_them_is_read(store):
    store.tell(emergency_call=[call(1, 0, 0)])
    with store.ledger.reading() as connection:
        live = load_columns(connection, store.ledger, tables_read(), tick_of(connection, store))
    fork, before = forked(live), held(live)
    store.tell(emergency_call=[call(1, 1, 5), call(2, 0, 1), call(3, 0, 2)])
    with store.ledger.reading() as connection:
        live.advance(connection, store.ledger, tick_of(connection, store))
    assert held(fork) == before
    assert held(live) != before


@pytest.mark.parametrize("share", [0.0, 1e9])
def test_a_far_tick_is_loaded_and_a_near_one_undone_and_nobody_can_tell(store, monkeypatch, share):
    monkeypatch.setattr("cockpit.columns_at.UNDONE_UPTO_SHARE", share)
    for number in range(4):
        store.tell(emergency_call=[call(n, number, n) for n in range(3)])
    with store.ledger.reading() as connection:
        live = load_columns(connection, store.ledger, tables_read(), tick_of(connection, store))
        tick = tick_of(connection, store, 2)
        found = columns_at(forked(live), connection, store.ledger, tick)
        assert held(found) == held(load_columns(connection, store.ledger, tables_read(), tick))
