"""Three simulated years of work injury: the cockpit reads what the oracle works out from the text that the departments sent."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
import sqlalchemy as sa

from cockpit.evaluate import catalogue
from cockpit.ledger.store import Ledger
from cockpit.scope import CITY, town_scope
from cockpit.site import load_site
from cockpit.view import open_view, refreshed
from etl.catalogue import tables
from etl.schedule import Schedule
from etl.simulation.injury import city
from etl.simulation.injury.parameters import InjuryParameters
from tests.conftest import Clock
from tests.oracle import wenling, wenling_injury
from tests.oracle.comparison import differences, differing, readings
from tests.oracle.injury import NOWCAST, InjuryOracle, derived
from tests.oracle.injury_metrics import INJURY_METRICS
from tests.oracle.injury_reckoning import cohort
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import SHORT_BELOW, WHOLE, Oracle
from tests.oracle.survival import steps
from tests.oracle.windows import IN_WEEKS
from tests.oracle.workdays import announced, calendar, workdays

FRIDAY = datetime(2026, 2, 27, 10, 30)  # half a year after going live; what began before ten last night has expired
NEXT_DAY_FROZEN = datetime(2026, 2, 28, 2, 5)
NEW_YEAR = datetime(2027, 1, 4, 1, 10)  # a Monday before its freeze, in a year whose holidays nobody has announced
INSTANTS = tuple(wenling.utc(local) for local in (FRIDAY, NEXT_DAY_FROZEN, NEW_YEAR))
WORKDAYS = workdays(range(2004, max(announced()) + 1))
A_FIFTH = InjuryParameters(
    firm_count=2_800, firms_per_year=28, insured_count=80_000, accepted_per_year=1_028, employer_count=128, exchange_per_day=40
)
"""A city of one firm and one case in five, whose yearly figures of help are as they were."""


@dataclass
class Told:
    """What became of the city: where cockpit and oracle differed at each instant, and the last of both."""

    ledger: Ledger
    differing: dict = field(default_factory=dict)
    compared: Counter = field(default_factory=Counter)
    ticks: dict = field(default_factory=dict)
    departments: object = None
    view: object = None
    oracle: object = None


@pytest.fixture(scope="module")
def site():
    """Wenling with the departments of work injury only, a fifth as large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(city, "InjuryParameters", lambda: A_FIFTH)
        city.city.cache_clear()
        whole = load_site("wenling")
        own = [s for s in whole.sources if {read.table for read in s.reads} & {*wenling_injury.CONTRACTS}]
        yield whole.model_copy(update={"sources": tuple(own)})
    city.city.cache_clear()


@contextmanager
def no_collecting() -> Iterator[None]:
    """Do not search millions of small rows for garbage again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.fixture(scope="module")
def told(site, tmp_path_factory):
    """Three years loaded up to each of the instants, the live view and the oracle compared at each."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('injury') / 'cockpit.db'}", tables())
    ledger.create()
    clock, told = Clock(float(INSTANTS[0])), Told(ledger, departments=wenling_injury.InjuryDepartments())
    schedule = Schedule(site, ledger, clock)
    listen(schedule, told.departments)
    with no_collecting():
        for as_of in INSTANTS:
            clock.now = float(as_of)
            schedule.run_due(everything=True)
            told.view = refreshed(told.view, ledger, clock.now) if told.view else open_view(ledger, site, clock.now)
            rows = derived(told.departments.records(), WORKDAYS, calendar(WORKDAYS))
            compare(told, InjuryOracle(rows, wenling.CITY.zone, as_of), site)
    yield told
    ledger.engine.dispose()


def compare(told, oracle, site):
    """Note what is known at an instant, and where cockpit and oracle differ."""
    told.oracle, told.ticks[oracle.as_of] = oracle, told.view.tick
    for key in INJURY_METRICS:
        at = oracle.as_of, key
        told.differing[at], told.compared[at] = differences(told.view.columns, site, oracle, key)
        if key in SERIES:
            told.differing[at] += weekly(told.view.columns, site, oracle, key)
            told.compared[at] += 156


def weekly(columns, site, oracle, key, scope=CITY):
    """Return where a series differs, week by week."""
    ours, theirs = readings(columns, site, key, IN_WEEKS, "week", scope), oracle.answers(key, IN_WEEKS, "week")
    assert list(ours) == list(theirs)
    return [(week, *field) for week, read in ours.items() for field in differing(read, theirs[week])]


def listen(schedule, departments):
    """Let the departments' rows be heard as they are sent."""

    def heard(stream):
        told = stream.told

        def listening(*asked):
            frame = told(*asked)
            departments.hear(stream.name, list(frame.columns), zip(*(frame[c].tolist() for c in frame.columns), strict=True))
            return frame

        stream.told = listening

    for reader in schedule.readers.values():
        if hasattr(reader, "stream"):
            heard(reader.stream)


SERIES = [key for key, metric in INJURY_METRICS.items() if IN_WEEKS in metric.windows]
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
