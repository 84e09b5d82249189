"""Simulated years of Wenling: the cockpit reads what the oracle works out from the text that the departments sent.

One year, which is as long as any window of the emergency service, and every second call; under COCKPIT_TORTURE=full the city's
own three years, and all calls.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import pytest
import sqlalchemy as sa

from cockpit.evaluate import catalogue, unknowable
from cockpit.ledger.store import Ledger
from cockpit.scope import town_scope
from cockpit.site import Site, load_site
from cockpit.view import open_view, refreshed
from etl.catalogue import tables
from etl.schedule import Schedule
from etl.simulation import world
from etl.simulation.parameters import Parameters
from tests.conftest import Clock
from tests.full import IS_FULL
from tests.oracle import wenling
from tests.oracle.collecting import no_collecting
from tests.oracle.comparison import differences, readings, said
from tests.oracle.doubt import furthest, in_doubt, is_bounded
from tests.oracle.listening import listen
from tests.oracle.metrics import METRICS, Timed
from tests.oracle.oracle import WHOLE, Oracle

FIRST_READ = datetime(2026, 2, 27, 10, 30)  # half a year after going live; what began before ten last night has expired
NEXT_DAY_FROZEN = datetime(2026, 2, 28, 2, 5)
EVENING = datetime(2026, 3, 4, 21, 20)  # what was corrected, or came a day late, has come
INSTANTS = tuple(wenling.utc(local) for local in (FIRST_READ, NEXT_DAY_FROZEN, EVENING))
YEARS = 3 if IS_FULL else 1
CITY = Parameters() if IS_FULL else Parameters(runs_per_day=Parameters().runs_per_day / 2)
DAYS = 1_200
"""Days of the city that are kept, so that its streams do not simulate its years each for itself."""

pytestmark = pytest.mark.torture


@dataclass
class Told:
    """What became of the city: where cockpit and oracle differed at each instant, what was read first, and the last of both."""

    ledger: Ledger
    differing: dict = field(default_factory=dict)
    compared: Counter = field(default_factory=Counter)
    read: dict = field(default_factory=dict)
    ticks: dict = field(default_factory=dict)
    view: object = None
    oracle: object = None


@pytest.fixture(scope="module")
def site():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "KEPT_DAYS", DAYS)
        patch.setattr(world, "Parameters", lambda: CITY)
        world.world.cache_clear()
        yield told_for(YEARS, emergency_of(load_site("wenling")))
    world.world.cache_clear()


def emergency_of(site: Site) -> Site:
    """Return the city with the sources that this oracle knows: the lists and the emergency service, and nothing else."""
    known = [source for source in site.sources if {read.table for read in source.reads} <= wenling.CITY.fed]
    return site.model_copy(update={"sources": tuple(known)})


def told_for(years: int, site: Site) -> Site:
    """Return the city with so many years of history before the first read."""
    assert site.simulation
    return site.model_copy(update={"simulation": site.simulation.model_copy(update={"years": years})})


@pytest.fixture(scope="module")
def told(site, tmp_path_factory):
    """The years loaded up to each of the instants, the live view and the oracle compared at each."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('wenling') / 'cockpit.db'}", tables())
    ledger.create()
    clock, departments, told = Clock(), wenling.Departments(INSTANTS[0]), Told(ledger)
    schedule = Schedule(site, ledger, clock)
    listen(schedule, departments)
    with no_collecting():
        for as_of in INSTANTS:
            clock.now = float(as_of)
            schedule.run_due(everything=True)
            told.view = refreshed(told.view, ledger, clock.now) if told.view else open_view(ledger, site, clock.now)
            compare(told, Oracle(departments.records(), wenling.CITY, as_of), site)
            told.read = told.read or said(told.view.columns, site)
    yield told
    ledger.engine.dispose()


def compare(told, oracle, site):
    """Note what is known at an instant, and where cockpit and oracle differ."""
    told.oracle, told.ticks[oracle.as_of] = oracle, told.view.tick
    for key in METRICS:
        at = oracle.as_of, key
        told.differing[at], told.compared[at] = differences(told.view.columns, site, oracle, key)


COMPARED = [key for key in METRICS if key != "issues"]
"""Issues are counted over all of history, of which the departments' rows here are the last year; other records tell them."""


@pytest.mark.parametrize("key", COMPARED)
@pytest.mark.parametrize("as_of", INSTANTS)
def test_cockpit_and_oracle_read_the_same(as_of, key, told):
    assert told.ticks[as_of].as_of == as_of
    assert told.compared[as_of, key]
    assert told.differing[as_of, key] == []


def test_thousands_of_readings_were_compared_at_each_instant(told):
    for as_of in INSTANTS:
        assert sum(count for (at, _), count in told.compared.items() if at == as_of) > 10_000


LENGTHS = [key for key, metric in METRICS.items() if isinstance(metric, Timed) and metric.formula != "complete"]


@pytest.mark.parametrize("key", LENGTHS)
def test_what_refused_rows_could_do_is_what_doing_it_gives(key, told, site):
    table = told.ledger.tables["quarantine"]
    with told.ledger.reading() as connection:
        query = sa.select(table.c.into, table.c.claimed_at).where(table.c.known_to.is_(None))
        refused = [dict(row) for row in connection.execute(query).mappings()]
    assert len(refused) == len(told.oracle.tables["quarantine"])
    for name in METRICS[key].windows:
        reading, rows = readings(told.view.columns, site, key, name, None)[WHOLE], in_doubt(refused, told.oracle, key, name)
        is_known = reading.status not in {"missing", "short"}
        assert reading.quarantined == (0 if unknowable(site, catalogue()[key]) else len(rows))
        assert reading.is_bounded == bool(rows and is_known and is_bounded(rows, key))
        if reading.is_bounded:
            assert [reading.least, reading.most] == pytest.approx(furthest(told.oracle, key, name, len(rows)))


def test_a_past_tick_reads_at_the_end_as_it_read_then(told, site):
    past = open_view(told.ledger, site, float(INSTANTS[-1]), number=told.ticks[INSTANTS[0]].number)
    assert said(past.columns, site) == told.read


def test_the_first_read_tells_of_all_its_years(told):
    table = told.ledger.tables["incident"]
    with told.ledger.reading() as connection:
        began = connection.scalar(sa.select(sa.func.min(table.c.event_at)))
    assert datetime.fromtimestamp(began, wenling.CITY.zone).date() == FIRST_READ.date().replace(year=FIRST_READ.year - YEARS)


def test_a_dispatch_before_call_taking_ended_is_negative_counted_and_not_clamped(told, site):
    """T15, on the dirt of a year."""
    early = [
        row
        for row in told.oracle.tables["incident"]
        if None not in {row["t_dispatch"], row["t_accept_end"]} and row["t_dispatch"] < row["t_accept_end"]
    ]
    asked = {row["incident_id"]: row for row in early if row["state"] not in {"cancelled", "no_dispatch"}}
    assert len(asked) > 50
    table = told.ledger.tables["incident"]
    known = sa.select(table.c.e3_state, table.c.e3_s).where(table.c.incident_id.in_(asked), table.c.known_to.is_(None))
    with told.ledger.reading() as connection:
        found = [tuple(row) for row in connection.execute(known)]
    assert found == [("NEG", None)] * len(asked)
    city = readings(told.view.columns, site, "e3_p50", "d365", None)[WHOLE]
    start, end = told.oracle.windows["d365"]
    assert city.states["NEG"] == sum(start <= row["event_at"] < end for row in asked.values())
    assert city.n == city.states["VALID"]
    assert city.n_total >= city.n + city.states["NEG"]


@pytest.mark.parametrize("key", [key for key, metric in METRICS.items() if "town" in metric.by])
def test_the_city_is_its_towns_the_functional_zone_and_the_unknown(key, told, site):
    for window in catalogue()[key].windows:
        city = readings(told.view.columns, site, key, window, None)[WHOLE]
        parts = readings(told.view.columns, site, key, window, "town")
        assert set(parts) <= {*wenling.towns(), "?"}
        for name in ("n", "n_total", "hit_count"):
            assert sum(getattr(part, name) for part in parts.values()) == getattr(city, name), (window, name)
        assert sum((Counter(part.states) for part in parts.values()), Counter()) == +Counter(city.states), window


@pytest.mark.parametrize("key", METRICS)
def test_the_parts_of_every_other_dimension_add_up_to_the_city_too(key, told, site):
    for window in catalogue()[key].windows:
        city = readings(told.view.columns, site, key, window, None)[WHOLE]
        for by in METRICS[key].by:
            parts = readings(told.view.columns, site, key, window, by).values()
            assert sum(part.n_total for part in parts) == city.n_total, (window, by)


def test_every_vehicle_is_in_one_state(told, site):
    counts = {
        key: readings(told.view.columns, site, f"vehicles{key}", "now", None)[WHOLE].value
        for key in ("", "_standby", "_out", "_silent", "_off")
    }
    assert counts[""] == len(wenling.listed("vehicles"))
    assert sum(count for key, count in counts.items() if key) == counts[""]


@pytest.mark.parametrize("key", [key for key, metric in METRICS.items() if "town" in metric.by])
def test_what_a_town_reads_is_its_part_of_the_city(key, told, site):
    for window in catalogue()[key].windows:
        parts = readings(told.view.columns, site, key, window, "town")
        for town in sorted(wenling.towns()):
            alone = readings(told.view.columns, site, key, window, None, town_scope(town))[WHOLE]
            part = parts.get(town)
            if part is None:
                assert (alone.n, alone.n_total) == (0, 0)
            else:
                assert (alone.value, alone.low, alone.high, alone.states) == (part.value, part.low, part.high, part.states)
                assert (alone.n, alone.n_total, alone.status) == (part.n, part.n_total, part.status)


def test_the_instants_show_every_state_that_stamps_in_seconds_can_have(told):
    shown = {
        state
        for key in ("e3_p50", "e4_p50", "e6_p50", "handover_p90")
        for window in METRICS[key].windows
        for state in told.oracle.answers(key, window)[WHOLE].states
    }
    assert shown >= {"VALID", "NEG", "ZERO", "OUT", "MISSING", "OPEN", "OUTSIDE"}
