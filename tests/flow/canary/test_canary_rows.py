"""The rows that a town is shown, newest or behind a number, are its own."""

import json

import pytest

from cockpit.errors import ScopeError
from cockpit.evaluate import catalogue
from cockpit.formula_combined import Combined
from cockpit.panel import Latest
from cockpit.scope import CITY, town_scope
from cockpit.view import open_view
from etl.catalogue import tables
from tests.canary import (
    AS_OF,
    CANARY,
    CITY_ONLY,
    CITY_TABLES,
    HERE,
    SECRET,
    THERE,
    TOWN_LIST,
    is_silent,
    some_windows,
)

IN_WEEKS = ("cases_accepted", "legal_within", "cases_per_workday", "accidents_nowcast")

asked = [(metric, window) for metric in catalogue().values() for window in some_windows(metric)]


def test_the_newest_rows_of_a_town_are_its_own(after):
    for name in after.columns.tables:
        table = tables().get(name)
        if table is not None and table.town and "event_at" in table.names:
            wanted = Latest(name, table.names, 10_000)
            assert is_silent(after.latest(wanted, town_scope(HERE))), name
            assert not is_silent(after.latest(wanted, town_scope(THERE))), name


@pytest.mark.parametrize("name", CITY_TABLES)
def test_a_town_is_given_no_newest_row_and_no_instant_of_a_table_that_names_none(name, after):
    names = [n for n in tables()[name].names if n != "event_at"]
    assert after.latest(Latest(name, tuple(names), 10), town_scope(HERE)) == []
    assert (after.observed_at(name, town_scope(HERE)), after.began_at(name, town_scope(HERE))) == (None, None)


def test_the_city_is_given_the_instants_of_a_table_that_names_no_town(after):
    assert after.observed_at("exchange_timing", CITY) == after.began_at("exchange_timing", CITY) == AS_OF - 600


def test_the_rows_behind_a_number_are_the_towns_own(before, after):
    for metric, window in asked:
        if metric.key not in {*CITY_ONLY, "quarantined"}:
            given = after.rows_behind(metric, window, town_scope(HERE), {})
            assert is_silent(given), (metric.key, window)
            assert given == before.rows_behind(metric, window, town_scope(HERE), {})
            if "town" in metric.by:
                assert after.rows_behind(metric, window, town_scope(HERE), {"town": THERE}) == []


def test_its_own_town_is_given_the_canarys_rows_of_every_part_of_a_combined_metric(after):
    for metric in catalogue().values():
        if isinstance(metric.formula, Combined):
            rows = after.rows_behind(metric, metric.usual_window, town_scope(THERE), {})
            assert {part.metric for part in metric.formula.of} >= {row["part"] for row in rows}, metric.key
            assert not is_silent(rows), metric.key


@pytest.mark.parametrize("key", IN_WEEKS)
def test_the_rows_behind_a_week_are_the_towns_own(key, before, after):
    metric, heard = catalogue()[key], 0
    for reading in after.readings(key, "w156", town_scope(HERE), "week"):
        given, theirs = (after.rows_behind(metric, "w156", town_scope(t), reading.dims) for t in (HERE, THERE))
        assert is_silent(given)
        assert given == before.rows_behind(metric, "w156", town_scope(HERE), reading.dims)
        heard += not is_silent(theirs)
    assert heard >= 3


@pytest.mark.parametrize("key", [*CITY_ONLY, "quarantined"])
def test_rows_that_name_no_town_are_refused_to_one_in_a_sentence(key, after):
    with pytest.raises(ScopeError, match=rf"^{key} has no rows of a town alone: .*; ask for the whole city's$"):
        after.rows_behind(catalogue()[key], catalogue()[key].usual_window, town_scope(HERE), {})


def test_a_moved_incident_leaves_the_one_town_and_is_seen_in_the_other(new_store, site):
    call = {**SECRET["emergency_call"][0]}
    with new_store() as store:
        store.tell(as_of=AS_OF, town=TOWN_LIST, **SECRET)
        for rev, town in enumerate((HERE, THERE), start=1):
            store.tell(as_of=AS_OF, emergency_call=[{**call, "rev": rev, "town_code": town}])
            for name in ("emergency_call", "incident", "unit_run"):
                is_seen_in(open_view(store.ledger, site, float(AS_OF)), name, "incident_id", call["incident_id"], town)


def test_the_cases_of_a_moved_enterprise_leave_the_one_town_and_are_seen_in_the_other(new_store, site):
    (firm,) = SECRET["enterprise"]
    with new_store() as store:
        store.tell(as_of=AS_OF, town=TOWN_LIST, **SECRET)
        for rev, town in enumerate((HERE, THERE), start=1):
            store.tell(as_of=AS_OF, enterprise=[{**firm, "rev": rev, "prod_town": town}])
            for name in ("injury_case", "injury_clock", "hearing"):
                case_id = SECRET["arb_hearing"][0]["case_id"]
                is_seen_in(open_view(store.ledger, site, float(AS_OF)), name, "case_id", case_id, town)


def is_seen_in(view, name, key, wanted, town):
    """Assert that a row of the canary is among those of the one town, and in no word among those of the other."""
    seen = {t: view.latest(Latest(name, tables()[name].names, 10_000), town_scope(t)) for t in (HERE, THERE)}
    other = THERE if town == HERE else HERE
    assert wanted.startswith(CANARY)
    assert wanted in {row[key] for row in seen[town]}
    assert wanted not in json.dumps(seen[other])
