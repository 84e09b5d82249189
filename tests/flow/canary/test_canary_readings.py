"""What a town reads is made of its own rows alone: no reading of it changes when a canary is put into another town."""

import pytest

from cockpit.answer import parts_of
from cockpit.by_week import windows_of
from cockpit.evaluate import catalogue, read_metric
from cockpit.formula import Count, InState
from cockpit.metric import Status
from cockpit.scope import CITY, town_scope
from cockpit.view import NOT_A_TOWNS, OF_THE_CITY
from cockpit.window import WEEKS, YEAR_IN_WEEKS, window
from tests.canary import AS_OF, BASE, CITY_ONLY, EMPTY, HERE, SECRET, THERE, TOLD_CITY, TOWNS, is_silent, joined, some_windows
from tests.oracle.comparison import FIELDS, differences
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import Oracle

OF_INJURIES = ("injury_case", "injury_clock", "hearing", "exposure", "specialist")
IN_A_YEAR_OF_WEEKS = ("cases_yoy", "incidence", "e6_p50", "incidents", "legal_within", "orders_pushed", "loc_ok")
NOWCAST = "accidents_nowcast"
"""How late a week is told is learnt from the whole city, by design: a town's own cases are too few. See its own law below."""


def told(view, scope, windows=some_windows):
    """Return all that a view reads in a scope: the whole of it, each part and each week, by what was asked and of what part."""
    return {
        (key, name, by, *reading.dims.items()): tuple(getattr(reading, field) for field in (*FIELDS, "detail", "reason"))
        for key, metric in catalogue().items()
        for name in windows(metric)
        for by in dict.fromkeys((None, *(() if name == YEAR_IN_WEEKS else metric.by), *parts_of(metric, name)))
        for reading in view.readings(key, name, scope, by)
    }


def every_window(metric):
    """Return the windows that a metric declares, and of some of every kind the year of weeks that all have."""
    return windows_of(metric) if metric.key in IN_A_YEAR_OF_WEEKS else metric.windows


def but_nowcast(read):
    return {asked: fields for asked, fields in read.items() if asked[0] != NOWCAST}


counts = [metric for metric in catalogue().values() if "town" in metric.by and isinstance(metric.formula, Count | InState)]


@pytest.mark.parametrize("metric", counts, ids=lambda metric: metric.key)
def test_towns_functional_zones_and_unknown_together_are_the_city(metric, after, site):
    for name in metric.windows:
        (city,) = read_metric(after.columns, site, metric, CITY, name)
        parts = read_metric(after.columns, site, metric, CITY, name, "town")
        assert sum(part.n for part in parts) == city.n
        assert city.value in (None, sum(part.value or 0 for part in parts))


@pytest.mark.parametrize("town", [*TOWNS, EMPTY])
def test_a_town_reads_what_the_oracle_makes_of_its_rows_alone(town, after, site):
    oracle = Oracle(joined(BASE, SECRET), TOLD_CITY, AS_OF, town=town)
    found = [differences(after.columns, site, oracle, key, town_scope(town)) for key in METRICS]
    assert [difference for differing, _ in found for difference in differing] == []
    assert sum(count for _, count in found) > 300


def test_the_city_reads_what_the_oracle_makes_of_all_rows(after, site):
    oracle = Oracle(joined(BASE, SECRET), TOLD_CITY, AS_OF)
    assert [d for key in METRICS for d in differences(after.columns, site, oracle, key)[0]] == []


def test_a_canary_changes_no_reading_of_another_town_in_any_window_part_or_week(before, after):
    heard = told(after, town_scope(HERE), every_window)
    assert but_nowcast(heard) == but_nowcast(told(before, town_scope(HERE), every_window))
    assert is_silent(heard)
    assert {asked[1] for asked in heard if asked[2] == "week"} == {*WEEKS}


@pytest.mark.parametrize("town", ["331081400", "?", EMPTY])
def test_a_canary_changes_no_reading_of_a_functional_zone_of_the_unknown_town_or_of_an_empty_one(town, before, after):
    assert but_nowcast(told(after, town_scope(town))) == but_nowcast(told(before, town_scope(town)))


@pytest.mark.parametrize("scope", [town_scope(THERE), CITY], ids=["its own town", "city"])
def test_a_canary_changes_every_metric_of_work_injury_that_its_own_town_and_the_city_read(scope, before, after):
    read = [told(view, scope) for view in (before, after)]
    changed = {asked[0] for asked in read[0].keys() | read[1] if read[0].get(asked) != read[1].get(asked)}
    assert {key for key, metric in catalogue().items() if metric.table in OF_INJURIES} <= changed
    assert changed.isdisjoint(CITY_ONLY) == (scope != CITY)


@pytest.mark.parametrize("key", [*CITY_ONLY, "quarantined"])
def test_what_names_no_town_is_read_by_the_city_and_by_a_town_with_the_reason_only(key, after):
    reason = NOT_A_TOWNS if key == "quarantined" else OF_THE_CITY
    for name in catalogue()[key].windows:
        (city,) = after.readings(key, name, CITY)
        (town,) = after.readings(key, name, town_scope(HERE))
        assert city.reason != reason
        assert (town.value, town.status, town.n, town.n_total, town.reason) == (None, Status.MISSING, 0, 0, reason)
        assert not any(after.readings(key, name, town_scope(HERE), by) for by in catalogue()[key].by)
    assert OF_THE_CITY.zh == "只按全市统计，不分乡镇"


def test_nothing_else_is_kept_from_a_town(after):
    reasons = {key: after.not_of_towns(metric, town_scope(HERE)) for key, metric in catalogue().items()}
    assert {key for key, reason in reasons.items() if reason} == {*CITY_ONLY, "quarantined"}


@pytest.mark.parametrize("key", ["workdays", "long_holidays", "cases_per_workday"])
def test_the_calendar_is_the_same_for_every_town(key, after):
    for name in catalogue()[key].windows:
        (city,) = after.readings(key, name, CITY)
        (town,) = after.readings(key, name, town_scope(EMPTY))
        assert town.value == (0 if key == "cases_per_workday" else city.value)


def test_the_nowcast_of_a_town_takes_nothing_from_others_but_the_city_s_shares_of_how_late_a_week_is_told(before, after, site):
    formula, span = catalogue()[NOWCAST].formula, window("w156", AS_OF, site.zone)
    law = formula.law(after.columns.rows("injury_case", CITY, span), span, AS_OF)
    own = before.columns.rows("injury_case", town_scope(HERE), span)
    expected = [(found.estimate, found.n, found.detail) for found in formula.by_week(own, span, AS_OF, law)]
    read = after.readings(NOWCAST, "w156", town_scope(HERE), "week")
    assert [(r.n, r.detail) for r in read] == [(n, detail) for _, n, detail in expected]
    assert [r.value for r in read] == [estimate and estimate.value for estimate, _, _ in expected]
    assert sum(r.n for r in read) == sum(r.n for r in before.readings(NOWCAST, "w156", town_scope(HERE), "week")) > 0
    assert is_silent(law)
