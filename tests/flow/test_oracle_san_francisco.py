"""San Francisco, several units to one incident: the cockpit reads what the oracle works out from the raw lines."""

from datetime import datetime
from functools import cache

import pytest

from cockpit.columns import load_columns
from cockpit.evaluate import tables_read
from cockpit.ledger.read import rows_known, tick_at
from cockpit.ledger.store import Ledger
from cockpit.scope import CITY
from cockpit.site import load_site
from etl.catalogue import tables
from etl.known import known_to
from etl.load import load
from etl.schedule import Schedule
from tests.oracle import san_francisco, windows
from tests.oracle.comparison import differences
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import WHOLE, Oracle
from tests.oracle.records import grouped

NEW_YEARS_NIGHT = datetime(2017, 1, 1, 0, 30)  # the day before is not frozen yet, and units are on their way
WEEK_OVER = datetime(2017, 1, 8, 9, 30)  # most of the record lies in the seven days before
END = datetime(2019, 1, 1, 11, 16, 54)
INSTANTS = tuple(windows.utc(local, san_francisco.CITY.zone) for local in (NEW_YEARS_NIGHT, WEEK_OVER, END))


@pytest.fixture(scope="module")
def site():
    """The site, its clock set to start earlier."""
    site = load_site(san_francisco.FOLDER)
    return site.model_copy(update={"replay": site.replay.model_copy(update={"start": NEW_YEARS_NIGHT})})


@pytest.fixture(scope="module")
def ledger(site, tmp_path_factory):
    """The record replayed to its end, resting at each of the instants."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('san_francisco') / 'cockpit.db'}", tables())
    ledger.create()
    schedule = Schedule(site, ledger, lambda: 0.0)
    schedule.run_due(everything=True)
    for as_of in INSTANTS[1:]:
        for batch in schedule.readers["sffd"].read(schedule.states()["sffd"].cursor, as_of, known_to(schedule.ledger, None)):
            load(ledger, batch, as_of=as_of, now=0.0)
    yield ledger
    ledger.engine.dispose()


@pytest.fixture(scope="module")
def columns_at(ledger):
    @cache
    def columns_at(as_of):
        with ledger.reading() as connection:
            return load_columns(connection, ledger, tables_read(), tick_at(connection, ledger, as_of=as_of))

    return columns_at


@pytest.fixture(scope="module")
def oracle_at():
    return cache(lambda as_of: Oracle(san_francisco.records(as_of), san_francisco.CITY, as_of))


@pytest.fixture(scope="module")
def rows(ledger):
    """Return a function that gives all rows of a table as known at the end of the record."""

    def rows(name):
        with ledger.reading() as connection:
            return rows_known(connection, ledger, name, CITY).to_dict("records")

    return cache(rows)


@pytest.mark.parametrize("key", METRICS)
@pytest.mark.parametrize("as_of", INSTANTS)
def test_cockpit_and_oracle_read_the_same(as_of, key, columns_at, oracle_at, site):
    assert columns_at(as_of).tick.as_of == as_of
    differing, compared = differences(columns_at(as_of), site, oracle_at(as_of), key)
    assert compared
    assert differing == []


def test_every_unit_turns_out_and_the_first_to_arrive_is_the_response(rows, oracle_at):
    """T16: E4 has a row a vehicle, E6 one an incident, by the earlier arrival."""
    lines = grouped(san_francisco.raw_rows(), "Incident Number")
    assert len(rows("unit_run")) == sum(map(len, lines.values())) == 12_033
    arrived = {i: [u for u in units if u["On Scene DtTm"]] for i, units in lines.items()}
    first = {i: min(san_francisco.utc(u["On Scene DtTm"]) for u in units) for i, units in arrived.items() if units}
    counted = {row["incident_id"]: row["t_onscene"] for row in rows("incident") if row["e6_state"] == "VALID"}
    answered = {row["incident_id"]: row["t_answer"] for row in rows("incident")}
    assert {i for i, at in counted.items() if at != first[i]} == {
        i for i, at in first.items() if at < answered[i] and i in counted
    }


def test_the_first_unit_to_arrive_was_dispatched_after_another_one_in_265_incidents():
    def first(units, stamp):
        return min(((san_francisco.utc(u[stamp]), u["RowID"], u) for u in units if u[stamp]), key=lambda found: found[:2])

    lines = grouped(san_francisco.raw_rows(), "Incident Number").values()
    attended = [units for units in lines if any(u["On Scene DtTm"] for u in units)]
    arriving = [(units, first(units, "On Scene DtTm")[2]) for units in attended]
    later = [u for units, u in arriving if san_francisco.utc(u["Dispatch DtTm"]) > first(units, "Dispatch DtTm")[0]]
    assert (len(lines), len(later)) == (4_460, 265)


def test_four_incidents_name_no_neighbourhood(rows, columns_at, oracle_at):
    unknown = [row for row in rows("incident") if row["town"] == "?"]
    assert len(unknown) == 4
    assert sum(row["town"] == "?" for row in oracle_at(INSTANTS[-1]).derived["incident"]) == 4


def test_the_instants_show_every_state_that_this_record_can_have(oracle_at):
    shown = {
        state
        for as_of in INSTANTS
        for key in ("e4_p50", "e5_p50", "e6_p50", "e8_p50")
        for window in METRICS[key].windows
        for state in oracle_at(as_of).answers(key, window)[WHOLE].states
    }
    assert shown >= {"VALID", "NEG", "ZERO", "OUT", "MISSING", "OPEN", "OUTSIDE"}
