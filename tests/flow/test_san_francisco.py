"""A city from files alone: San Francisco's calls, several units to one incident, against plain Python on the raw file."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cockpit.app import open_ledger
from cockpit.evaluate import catalogue
from cockpit.ledger.read import rows_known
from cockpit.ledger.store import Ledger
from cockpit.panel import Latest
from cockpit.scope import CITY, UNKNOWN_TOWN, town_scope
from cockpit.site import load_site
from cockpit.view import View, open_view
from etl.schedule import Schedule
from tests.conftest import Clock

FOLDER = Path(__file__).parents[1] / "sites" / "san_francisco"
ZONE = ZoneInfo("America/Los_Angeles")
E4_CAP_S, E6_CAP_S = 30 * 60, 120 * 60
CLOCK_START = 1_483_387_200
"""2017-01-02 12:00 in San Francisco, where the site's clock starts."""

Line = dict[str, str]


def instant(text: str) -> int | None:
    """Read a stamp; what happened after the clock's start is not known yet."""
    if not text:
        return None
    second = int(datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE).timestamp())
    return second if second <= CLOCK_START else None


def lines() -> list[Line]:
    with gzip.open(FOLDER / "sf_fire_calls_subset.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_cancelled(line: Line) -> bool:
    return not line["On Scene DtTm"] and instant(line["Available DtTm"]) is not None


def judged(length: int | None, cap_s: int, *, is_open: bool, is_zero_bad: bool) -> tuple[int | None, str]:
    if length is None:
        return None, "OPEN" if is_open else "MISSING"
    if length < 0:
        return None, "NEG"
    if length == 0 and is_zero_bad:
        return None, "ZERO"
    return (None, "OUT") if length > cap_s else (length, "VALID")


def between(start: int | None, end: int | None) -> int | None:
    return None if start is None or end is None else end - start


def expected_incident(units: list[Line]) -> tuple[object, ...]:
    answered = instant(units[0]["Received DtTm"])
    arrivals = [a for unit in units if (a := instant(unit["On Scene DtTm"])) is not None]
    sound = [a for a in arrivals if answered is not None and a >= answered]
    arrival = min(sound or arrivals, default=None)
    is_open = any(instant(unit["Available DtTm"]) is None for unit in units)
    if all(is_cancelled(unit) for unit in units):
        seconds, state = None, "OUTSIDE"
    else:
        seconds, state = judged(between(answered, arrival), E6_CAP_S, is_open=is_open, is_zero_bad=False)
    first = min(units, key=lambda u: (instant(u["Dispatch DtTm"]) is None, instant(u["Dispatch DtTm"]) or 0, u["RowID"]))
    town = units[0]["Neighborhood  District"] or units[0]["Neighborhooods - Analysis Boundaries"] or UNKNOWN_TOWN
    return town, first["Station Area"] or None, len(units), arrival, seconds, state


def expected_run(unit: Line, units: list[Line]) -> tuple[int | None, str]:
    if all(is_cancelled(other) for other in units):
        return None, "OUTSIDE"
    length = between(instant(unit["Dispatch DtTm"]), instant(unit["Response DtTm"]))
    return judged(length, E4_CAP_S, is_open=instant(unit["Available DtTm"]) is None, is_zero_bad=True)


@pytest.fixture(scope="module")
def known() -> dict[str, list[Line]]:
    """Return the unit lines known when the clock starts, by incident."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines():
        if instant(line["Received DtTm"]) is not None and instant(line["Dispatch DtTm"]) is not None:
            found[line["Incident Number"]].append(line)
    return found


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    site = load_site(FOLDER)
    opened = open_ledger(site, f"sqlite:///{tmp_path_factory.mktemp('sf') / 'cockpit.db'}")
    Schedule(site, opened, Clock(1e9)).run_due(everything=True)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def view(ledger: Ledger) -> View:
    return open_view(ledger, load_site(FOLDER), 1e9)


def rows(ledger: Ledger, name: str) -> list[dict[str, Any]]:
    with ledger.reading() as connection:
        return rows_known(connection, ledger, name, CITY).to_dict("records")


def test_every_incident_is_as_the_raw_lines_say(ledger: Ledger, known: dict[str, list[Line]]) -> None:
    columns = ("town", "station_id", "run_count", "t_onscene", "e6_s", "e6_state")
    found = {row["incident_id"]: tuple(row[c] for c in columns) for row in rows(ledger, "incident") if row["run_count"]}
    assert found == {number: expected_incident(units) for number, units in known.items()}
    assert rows(ledger, "quarantine") == []


def test_every_run_is_as_its_raw_line_says(ledger: Ledger, known: dict[str, list[Line]]) -> None:
    found = {row["run_id"]: (row["e4_s"], row["e4_state"]) for row in rows(ledger, "unit_run")}
    assert found == {unit["RowID"]: expected_run(unit, units) for units in known.values() for unit in units}


def test_the_first_dispatched_unit_is_often_not_the_first_to_arrive(known: dict[str, list[Line]]) -> None:
    def first(units: list[Line], stamp: str) -> str:
        return min((u for u in units if instant(u[stamp]) is not None), key=lambda u: (instant(u[stamp]), u["RowID"]))["RowID"]

    arrived = [units for units in known.values() if any(instant(u["On Scene DtTm"]) is not None for u in units)]
    assert sum(first(units, "Dispatch DtTm") != first(units, "On Scene DtTm") for units in arrived) > 100


@pytest.mark.parametrize("window", ["now", "d7", "d365"])
def test_the_city_is_its_neighbourhoods_and_the_unknown(view: View, window: str) -> None:
    for metric in catalogue().values():
        if "town" not in metric.by or window not in metric.windows:
            continue
        [city] = view.readings(metric.key, window, CITY)
        parts = view.readings(metric.key, window, CITY, "town")
        assert sum(p.n for p in parts) == city.n, metric.key
        assert sum(p.n_total for p in parts) == city.n_total, metric.key


def test_a_neighbourhood_sees_its_own_incidents_only(view: View, ledger: Ledger) -> None:
    shown = view.latest(Latest("incident", ("incident_id", "town"), 10_000), town_scope("Mission"))
    assert {row["town"] for row in shown} == {"Mission"}
    assert len(shown) == sum(row["town"] == "Mission" for row in rows(ledger, "incident"))


def test_a_small_neighbourhood_is_not_given_a_median(view: View) -> None:
    medians = view.readings("e6_p50", "d365", CITY, "town")
    short = [r for r in medians if r.n < 20]
    assert short
    assert all(r.value is None for r in short)
