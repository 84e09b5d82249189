"""A view moves on whole or not at all, and what was never read is not zero."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from cockpit import columns as columns_module
from cockpit.columns import load_columns
from cockpit.evaluate import tables_read
from cockpit.ledger.read import tick_at
from cockpit.metric import Status
from cockpit.panel import Latest
from cockpit.scope import CITY
from cockpit.view import open_view, refreshed
from etl.schedule import Schedule

NOON = 1_700_000_000 // 86_400 * 86_400 + 12 * 3600.0


def call(number):
    return {"call_id": f"c{number}", "incident_id": f"i{number}", "event_at": 1000 + number, "t_answer": 1000 + number}


def newest(store):
    with store.ledger.reading() as connection:
        return tick_at(connection, store.ledger)


def test_a_read_that_fails_half_way_changes_nothing_in_memory(store, monkeypatch):
    store.tell(emergency_call=[call(1)])
    with store.ledger.reading() as connection:
        held = load_columns(connection, store.ledger, tables_read(), newest(store))
    store.tell(emergency_call=[call(2)])
    before = {name: table.count for name, table in held.tables.items()}
    whole = columns_module.rows_opened

    def failing(connection, ledger, name, *rest, **more):
        if name == tables_read()[-1]:
            raise sa.exc.OperationalError("read", {}, OSError("disk"))
        return whole(connection, ledger, name, *rest, **more)

    monkeypatch.setattr(columns_module, "rows_opened", failing)
    with store.ledger.reading() as connection, pytest.raises(sa.exc.OperationalError):
        held.advance(connection, store.ledger, newest(store))
    assert {name: table.count for name, table in held.tables.items()} == before
    monkeypatch.undo()
    with store.ledger.reading() as connection:
        held.advance(connection, store.ledger, newest(store))
    assert held.tables["incident"].count == before["incident"] + 1


def test_a_metric_whose_source_was_never_read_has_no_value(store, city):
    view = open_view(store.ledger, city.site(), 0.0)
    [calls] = view.readings("calls", "today", CITY)
    assert (calls.value, calls.status) == (None, Status.MISSING)
    assert calls.reason is not None


@pytest.mark.parametrize(("after_s", "status"), [(60, Status.PROVISIONAL), (100, Status.LATE), (200, Status.STALE)])
def test_a_past_view_is_as_old_as_its_sources_were_then_and_not_by_what_befell_them_since(store, city, clock, after_s, status):
    clock.now = NOON
    city.write("emergency_call", {"call": "c1", "incident": "i1", "called": "2023-11-14T10:00:00"})
    schedule = Schedule(city.site(), store.ledger, clock)
    schedule.run_due(everything=True)
    number = newest(store).number
    clock.now = NOON + 7 * 86_400
    schedule.run_due(everything=True)
    [calls] = open_view(store.ledger, city.site(), NOON + after_s, number=number).readings("calls", "today", CITY)
    assert (calls.value, calls.status) == (1.0, status)


def test_what_is_counted_today_is_late_and_dated_once_that_day_is_over(store, city, clock):
    clock.now = NOON
    site = city.site(time_zone="Asia/Shanghai")
    schedule = Schedule(site, store.ledger, clock)
    schedule.run_due(everything=True)
    view = open_view(store.ledger, site, NOON)
    midnight = NOON + 4 * 3600  # it is 20:00 there
    for now, is_over in ((midnight - 1, False), (midnight + 1, True)):
        moved = replace(view, now=now, states={key: replace(s, loaded_at=now) for key, s in view.states.items()})
        [today] = moved.readings("calls", "today", CITY)
        [month] = moved.readings("calls", "d28", CITY)
        assert moved.is_day_over == is_over
        assert today.status is (Status.LATE if is_over else Status.PROVISIONAL)
        assert f"{today.up_to:%m-%d %H:%M}" == "11-14 20:00" if is_over else today.up_to is None
        assert (month.status, month.up_to) == (Status.OK, None)


def test_a_store_put_back_to_an_earlier_tick_is_loaded_anew(store, city):
    site = city.site()
    store.tell(as_of=5000, emergency_call=[call(1)])
    store.tell(as_of=5000, emergency_call=[call(2)])
    view = open_view(store.ledger, site, 0.0)
    store.wipe()
    store.tell(as_of=5000, emergency_call=[call(3)])
    view = refreshed(view, store.ledger, 0.0)
    assert view.tick.number == 1
    assert [row["incident_id"] for row in view.latest(Latest("incident", ("incident_id",), 9), CITY)] == ["i3"]
