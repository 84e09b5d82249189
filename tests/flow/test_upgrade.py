"""A store of the first version becomes one of this version, whole or not at all, and what it knew survives."""

import logging
import multiprocessing
import os
import signal

import pytest
import sqlalchemy as sa
from alembic import command

from cockpit.columns import load_columns
from cockpit.errors import StoreError
from cockpit.evaluate import catalogue, tables_read
from cockpit.formula import sums
from cockpit.formula_combined import Combined
from cockpit.ledger.lock import lock_of
from cockpit.ledger.read import rows_known, tick_at
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Column, Kind
from cockpit.ledger.upgrade import FIRST, config_of
from cockpit.scope import CITY
from cockpit.text import Text
from cockpit.window import Window
from etl.catalogue import tables
from tests.conftest import Store

HOUR = 1_700_000_000 // 3600 * 3600
REFUSED = {"source": "s", "into": "emergency_call", "reason": "unparsable", "field": "event_at", "detail": "soon", "town": "?"}


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    return request.param


@pytest.fixture
def ledger_at():
    """Return a function that gives a ledger at a URL."""
    made = []

    def give(url, declared=None):
        made.append(Ledger(url, declared or tables()))
        return made[-1]

    yield give
    for ledger in made:
        ledger.engine.dispose()


@pytest.fixture
def old(kind, new_url, new_store, ledger_at):
    """Return the URL of a store as the first version left it, with what a city told it."""
    url = new_url(kind)
    ledger = ledger_at(url)
    with ledger.engine.connect().execution_options(is_writer=True) as connection, connection.begin():
        command.upgrade(config_of(connection), FIRST)
        connection.execute(sa.text("DROP TABLE alembic_version"))
        with new_store() as told:
            tell(told)
            copy_known(told.ledger, connection)
    return url


def tell(store):
    """Tell a store of ten incidents, each with a run."""
    calls = [call(n) for n in range(10)]
    events = [event(n, status, after) for n in range(10) for status, after in (("DISPATCHED", 60), ("ON_SCENE", 400 + n))]
    store.tell(as_of=HOUR + 7200, emergency_call=calls, vehicle_status=events)


def call(n):
    return {"call_id": f"c{n}", "incident_id": f"i{n}", "event_at": HOUR + n, "t_answer": HOUR + n, "needs_dispatch": True}


def event(n, status, after):
    told = {"event_id": f"{n}{status}", "run_id": f"r{n}", "incident_id": f"i{n}", "status": status, "source": "按键"}
    return {**told, "event_at": HOUR + n + after}


def copy_known(ledger, connection):
    """Copy what a store of today knows into the columns that a store of the first version has."""
    for name in ("emergency_call", "vehicle_status", "unit_run", "incident", "tick"):
        reflected = sa.Table(name, sa.MetaData(), autoload_with=connection)
        table = ledger.metadata.tables[name]
        shared = [table.c[c.name] for c in reflected.c if c.name in table.c and c.name != "id"]
        with ledger.reading() as reading:
            rows = [row._asdict() for row in reading.execute(sa.select(*shared))]
        connection.execute(reflected.insert(), rows)
    quarantine = sa.Table("quarantine", sa.MetaData(), autoload_with=connection)
    one, other = "{}", '{"x": "1"}'
    place = [("a.csv", 2, one, None), ("b.csv", 7, one, None), ("a.csv", 3, other, None), ("a.csv", 4, other, 1)]
    rows = [{"origin": o, "line": n, "raw": raw, "known_from": 1, "known_to": to, **REFUSED} for o, n, raw, to in place]
    connection.execute(quarantine.insert(), rows)


def shape(ledger):
    """Return what the store holds: columns, and indexes, by table."""
    found = {}
    with ledger.reading() as connection:
        look = sa.inspect(connection)
        for name in ledger.metadata.tables:
            columns = {(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)}
            indexes = {(i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in look.get_indexes(name)}
            found[name] = columns, indexes, tuple(look.get_pk_constraint(name)["constrained_columns"])
    return found


def estimates(ledger):
    """Return what every formula makes of the whole city."""
    with ledger.reading() as connection:
        columns = load_columns(connection, ledger, tables_read(), tick_at(connection, ledger))
    said = {}
    for metric in catalogue().values():
        if not isinstance(metric.formula, Combined):
            rows = columns.rows(metric.table, CITY, Window("now", 0, HOUR + 7200, is_provisional=False))
            said[metric.key] = len(rows), str(sums(metric.formula, rows, HOUR + 7200).estimate)
    return said


def test_a_store_of_the_first_version_gets_the_schema_of_a_new_one(old, kind, new_url, ledger_at, caplog):
    fresh, upgraded = ledger_at(new_url(kind)), ledger_at(old)
    fresh.create()
    with caplog.at_level(logging.INFO, logger="cockpit.store"):
        upgraded.create()
        upgraded.create()
    expected = shape(fresh)
    assert {name: found for name, found in shape(upgraded).items() if found != expected[name]} == {}
    (said,) = [record.getMessage() for record in caplog.records]
    assert f"revision {FIRST} became" in said


def test_rows_and_metrics_survive_an_upgrade(old, ledger_at, new_store):
    upgraded = ledger_at(old)
    upgraded.create()
    with new_store() as told:
        tell(told)
        for name in ("emergency_call", "vehicle_status", "unit_run", "incident"):
            assert Store(upgraded).rows(name) == told.rows(name)
        mine, new = estimates(upgraded), estimates(told.ledger)
    counted = {key for key in mine if catalogue()[key].table in ("incident", "unit_run")}
    assert {key: mine[key] for key in counted} == {key: new[key] for key in counted}
    assert any(count == 10 for count, _ in mine.values())


def test_refused_rows_survive_an_upgrade_and_one_that_stood_in_two_files_is_one(old, ledger_at):
    ledger = ledger_at(old)
    ledger.create()
    table = ledger.tables["quarantine"]
    with ledger.reading() as connection:
        kept = connection.execute(sa.select(table).order_by(table.c.id)).all()
        current = rows_known(connection, ledger, "quarantine", CITY)
    assert [(row.origin, row.line, row.known_to) for row in kept] == [
        ("a.csv", 2, None),
        ("b.csv", 7, 1),  # the same cells: never current
        ("a.csv", 3, None),
        ("a.csv", 4, 1),
    ]
    assert len(set(current["digest"])) == len(current) == 2


def test_a_store_that_was_upgraded_goes_on(old, ledger_at):
    store = Store(ledger_at(old))
    store.ledger.create()
    store.tell(as_of=HOUR + 9000, emergency_call=[call(77)])
    assert len(store.rows("incident")) == 11
    refused = {**REFUSED, "digest": "d", "origin": "c.csv", "raw": "{}"}
    store.tell(quarantine=[refused])
    assert len(store.rows("quarantine")) == 3


def dying_upgrade(url):
    """Upgrade a store in a process that is killed just before it would commit."""
    ledger = Ledger(url, tables())
    sa.event.listen(ledger.engine, "commit", die)
    ledger.create()


def die(connection):
    if connection.get_execution_options().get("is_writer"):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_in_the_middle_of_an_upgrade_leaves_the_store_as_it_was(old, ledger_at):
    ledger = ledger_at(old)
    process = multiprocessing.get_context("spawn").Process(target=dying_upgrade, args=(old,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with ledger.reading() as connection:
        names = set(sa.inspect(connection).get_table_names())
    assert "lease" not in names
    assert "quarantine" in names
    ledger.create()
    assert len(Store(ledger).rows("incident")) == 10


def test_no_store_is_upgraded_while_a_schedule_runs_on_it(old, ledger_at):
    ledger, lock = ledger_at(old), lock_of(ledger_at(old).engine)
    assert lock.take()
    with pytest.raises(StoreError, match="schedule is running"):
        ledger.create()
    lock.release()
    ledger.create()


def declared_with(name, **changes):
    """Return the declared tables with one of them changed."""
    from dataclasses import replace

    return {**tables(), name: replace(tables()[name], **changes)}


NEW = Column("colour", Kind.TEXT, Text("颜色", "Colour"))


def test_a_new_column_a_new_index_and_a_new_table_need_no_revision(kind, new_url, ledger_at, caplog):
    url = new_url(kind)
    less = {name: table for name, table in tables().items() if name != "vehicle"}
    ledger_at(url, less).create()
    town = tables()["town"]
    ledger = ledger_at(url, declared_with("town", columns=(*town.columns, NEW), by=("colour",)))
    with caplog.at_level(logging.INFO, logger="cockpit.store"):
        ledger.create()
    fresh = ledger_at(new_url(kind), dict(ledger.declared))
    fresh.create()
    assert shape(ledger) == shape(fresh)
    assert all(word in caplog.text for word in ("table vehicle", "column town.colour", "index town_by_colour"))


def test_what_cannot_be_added_is_refused_in_one_sentence_and_nothing_is_done(kind, new_url, ledger_at):
    url = new_url(kind)
    ledger_at(url).create()
    town = tables()["town"]
    gone = tuple(column for column in town.columns if column.name != "name_en")
    with pytest.raises(StoreError, match=r"remove column town\.name_en.*; install the version that made it"):
        ledger_at(url, declared_with("town", columns=(*gone, NEW))).create()
    ledger_at(url).create()
    with ledger_at(url).reading() as connection:
        assert "colour" not in {c["name"] for c in sa.inspect(connection).get_columns("town")}


def test_a_store_of_a_newer_version_is_refused(kind, new_url, ledger_at):
    url = new_url(kind)
    ledger = ledger_at(url)
    ledger.create()
    with ledger.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(ledger.about.delete())
    with pytest.raises(StoreError, match="newer version"):
        ledger.create()


def test_tables_of_others_in_the_same_database_are_left_alone(new_url, ledger_at):
    ledger = ledger_at(new_url("postgresql"))
    with ledger.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE neighbour (id integer)"))
    ledger.create()
    with ledger.writing() as connection:
        connection.execute(ledger.about.delete())
    ledger.create()
    with ledger.reading() as connection:
        assert sa.inspect(connection).has_table("neighbour")
