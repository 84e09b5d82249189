"""Three simulated years of work injury: the cockpit reads what the oracle works out from the text that the departments sent."""

import pytest
import sqlalchemy as sa

from cockpit.evaluate import catalogue
from cockpit.scope import town_scope
from tests.injury_city.filled import INSTANTS
from tests.injury_city.read import SERIES, weekly
from tests.oracle import wenling
from tests.oracle.comparison import differences, differing, readings
from tests.oracle.injury import NOWCAST, InjuryOracle
from tests.oracle.injury_metrics import INJURY_METRICS
from tests.oracle.injury_reckoning import cohort
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import SHORT_BELOW, WHOLE, Oracle
from tests.oracle.survival import steps


@pytest.fixture(scope="module")
def told(read):
    return read


TOWN = "331081001"
OF_THE_LIST = [key for key, metric in METRICS.items() if metric.sources == ("work_injury_case",)]


@pytest.mark.parametrize("key", INJURY_METRICS)
@pytest.mark.parametrize("as_of", INSTANTS)
def test_cockpit_and_oracle_read_the_same(as_of, key, told):
    assert told.ticks[as_of].as_of == as_of
    assert told.compared[as_of, key]
    assert told.differing[as_of, key] == []


def test_every_metric_of_work_injury_and_exchange_is_compared():
    tables_told = {"injury_case", "injury_clock", "exposure", "hearing", "exchange_timing", "appraisal_slot", "job_post"}
    expected = {key for key, metric in catalogue().items() if metric.table in {*tables_told, "cn_workday", "specialist"}}
    assert expected == set(INJURY_METRICS)
    for key, metric in INJURY_METRICS.items():
        assert (set(metric.by), set(metric.windows)) == (set(catalogue()[key].by), set(catalogue()[key].windows)), key
        assert set(metric.sources) == set(catalogue()[key].sources), key


def test_thousands_of_readings_were_compared_at_each_instant(told):
    for as_of in INSTANTS:
        assert sum(count for (at, _), count in told.compared.items() if at == as_of) > 10_000


def test_the_rows_refused_are_those_that_no_list_explains(told):
    table = told.ledger.tables["quarantine"]
    query = (
        sa.select(table.c.into, table.c.reason, sa.func.count()).where(table.c.known_to.is_(None)).group_by("into", "reason")
    )
    with told.ledger.reading() as connection:
        found = {(into, reason): count for into, reason, count in connection.execute(query)}
    assert found == told.departments.refused


@pytest.mark.parametrize("key", [key for key in SERIES if "town" in INJURY_METRICS[key].by or key == NOWCAST])
def test_a_series_of_a_town_is_of_its_own_cases_and_the_citys_delays(key, told, site):
    of_town = InjuryOracle(told.oracle.city, wenling.CITY.zone, told.oracle.as_of, town=TOWN)
    assert weekly(told.view.columns, site, of_town, key, town_scope(TOWN)) == []


@pytest.mark.parametrize("window", ["r12", "r12_ly", "ytd", "month"])
def test_the_steps_of_the_open_cohort_are_those_of_its_days(window, told, site):
    metric = INJURY_METRICS["open_cohort_p50"]
    rows = told.oracle.rows(metric, told.oracle.windows[window])
    expected = steps(cohort(rows, told.oracle.as_of))
    found = readings(told.view.columns, site, "open_cohort_p50", window, None)[WHOLE]
    if found.n >= SHORT_BELOW:
        whole = [(day, share, low, share if high is None else high, risk) for day, share, low, high, risk in expected]
        assert found.detail == tuple(pytest.approx(step) for step in whole)


@pytest.mark.parametrize("key", ["cases_yoy", "incidence_yoy", "incidence_prod_yoy"])
def test_a_change_is_called_not_significant_when_its_interval_holds_no_change(key, told, site):
    for window in INJURY_METRICS[key].windows:
        for read in readings(told.view.columns, site, key, window, "town").values():
            if read.value is not None:
                holds_none = not (read.low > 0 or read.high < 0)
                assert (read.reason is not None and read.reason.zh == "变化不显著") == holds_none


@pytest.mark.parametrize("key", OF_THE_LIST)
def test_what_the_bare_list_of_cases_says_is_what_it_said_before(key, told, site):
    records = {"emergency_call": [], "vehicle_status": [], **told.departments.records()}
    known = wenling.CITY._replace(fed=frozenset({"work_injury_case"}))
    assert differences(told.view.columns, site, Oracle(records, known, told.oracle.as_of), key)[0] == []


COUNTS = [key for key, metric in INJURY_METRICS.items() if "town" in metric.by and catalogue()[key].unit == "count"]


@pytest.mark.parametrize("key", COUNTS)
def test_a_count_of_the_city_is_the_sum_of_its_towns_the_functional_zone_and_the_unknown(key, told, site):
    for window in catalogue()[key].windows:
        city_wide = readings(told.view.columns, site, key, window, None)[WHOLE]
        parts = readings(told.view.columns, site, key, window, "town")
        assert set(parts) <= {*wenling.towns(), "?"}
        assert sum(part.value for part in parts.values()) == city_wide.value, window


@pytest.mark.parametrize("by", ["division", "risk_cat"])
@pytest.mark.parametrize(("key", "count"), [("incidence", "cases_accepted"), ("incidence_prod", "cases_production")])
def test_the_industries_cases_person_years_and_rates_add_up_to_the_citys(key, count, by, told, site):
    for window in catalogue()[key].windows:
        cases, years, rates = (readings(told.view.columns, site, one, window, by) for one in (count, "person_years", key))
        whole = {one: readings(told.view.columns, site, one, window, None)[WHOLE].value for one in (count, "person_years", key)}
        assert sum(part.value for part in cases.values()) == whole[count], window
        assert sum(part.value for part in years.values()) == pytest.approx(whole["person_years"]), window
        weighed = [part.value * years[name].value for name, part in rates.items() if part.value is not None]
        assert (whole[key] is None) == (not weighed), window
        assert sum(weighed) == pytest.approx((whole[key] or 0) * whole["person_years"]), window


@pytest.mark.parametrize("key", [key for key, metric in INJURY_METRICS.items() if "town" in metric.by])
def test_what_a_town_reads_is_its_part_of_the_city(key, told, site):
    for window in catalogue()[key].windows:
        parts = readings(told.view.columns, site, key, window, "town")
        for town in sorted(wenling.towns()):
            alone = readings(told.view.columns, site, key, window, None, town_scope(town))[WHOLE]
            assert differing(alone, told.oracle.answers(key, window, "town").get(town, told.oracle.nothing(key, window))) == []
            assert town not in parts or parts[town].value == alone.value
