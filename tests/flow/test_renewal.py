"""After an upgrade a derived table is what its definition says, and what was right already is left alone."""

import os
import subprocess
import sys

import pytest

from cockpit.ledger.read import tick_at
from cockpit.ledger.upgrade import note
from etl.catalogue import derivations
from etl.renewal import definition, derive_changed, noted_as

pytestmark = pytest.mark.both_stores
NOW = 1_700_000_000
CALL = {"call_id": "c", "incident_id": "i", "event_at": NOW, "t_answer": NOW}
EVENT = {"event_id": "e", "run_id": "r", "incident_id": "i", "status": "DISPATCHED", "event_at": NOW + 60}


def newest(store):
    with store.ledger.reading() as connection:
        return tick_at(connection, store.ledger)


def forget(store, *names):
    """Let the store say that these tables were derived by other definitions."""
    with store.ledger.writing() as connection:
        for derived in derivations():
            if derived.table.name in names:
                note(connection, store.ledger, noted_as(derived), "another one")


def test_a_store_that_knows_nothing_is_given_no_tick(store):
    assert derive_changed(store.ledger, now=NOW) is None
    assert newest(store).number == 0


def test_rows_of_an_earlier_definition_are_derived_anew_in_one_tick_and_history_stays(store):
    store.tell(as_of=NOW, emergency_call=[CALL], vehicle_status=[EVENT])
    derive_changed(store.ledger, now=NOW)
    right = {name: store.rows(name) for name in ("unit_run", "incident")}
    with store.ledger.writing() as connection:
        for name in right:
            connection.execute(store.ledger.tables[name].update().values(state="as it was called then"))
    wrong = store.rows("incident")
    forget(store, "unit_run", "incident")
    tick = derive_changed(store.ledger, now=NOW + 5)
    assert {name: store.rows(name) for name in right} == right
    assert store.rows("incident", at=tick - 1) == wrong
    assert (newest(store).number, newest(store).as_of, newest(store).cause) == (tick, NOW, "upgrade: unit_run, incident")
    assert derive_changed(store.ledger, now=NOW + 6) is None


def test_a_row_that_no_source_gives_any_more_is_closed(store):
    store.tell(as_of=NOW, emergency_call=[CALL])
    with store.ledger.writing() as connection:
        connection.execute(store.ledger.tables["incident"].update().values(incident_id="of nothing"))
    forget(store, "incident")
    derive_changed(store.ledger, now=NOW)
    assert [row["incident_id"] for row in store.rows("incident")] == ["i"]


def test_rows_that_come_out_as_they_were_write_nothing(store):
    store.tell(as_of=NOW, emergency_call=[CALL], vehicle_status=[EVENT])
    before = newest(store)
    forget(store, *(derived.table.name for derived in derivations()))
    assert derive_changed(store.ledger, now=NOW) is None
    assert newest(store) == before


ASKED = """
from cockpit.ledger.store import Ledger
from etl.catalogue import derivations, tables
from etl.renewal import definition
ledger = Ledger("sqlite://", tables())
print([definition(ledger, derived) for derived in derivations()])
"""


def test_a_definition_has_one_hash_on_every_store_and_in_every_process(store):
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    said = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str([definition(store.ledger, derived) for derived in derivations()])
