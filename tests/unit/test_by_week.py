"""Weekly series of 53 whole weeks: every metric whose rows have a time has one, and each week is what its own rows say."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from cockpit.by_week import has_weeks, read_weeks, windows_of
from cockpit.columns import Columns, TableColumns
from cockpit.errors import UnknownName
from cockpit.evaluate import catalogue, metric_named, tables_read
from cockpit.formula_combined import Combined
from cockpit.ledger.read import Tick
from cockpit.ledger.store import QUARANTINE
from cockpit.scope import CITY, town_scope
from cockpit.site import load_site
from cockpit.window import YEAR_IN_WEEKS
from etl.catalogue import tables

SITE = load_site("wenling")
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=SITE.zone)
AS_OF = int(NOW.timestamp())
LAST_MONDAY = date(2026, 11, 23)
DAYS, HERE, THERE = 840, "331081001", "331081002"
TABLES = {**tables(), QUARANTINE.name: QUARANTINE}


def told():
    """Return two and a third years of cases, calls and insured days, told at random and the same each time."""
    chance = np.random.default_rng(7)
    cases, calls = [], []
    for _ in range(4_000):
        at = AS_OF - int(chance.integers(0, DAYS * 86_400))
        town, late = (HERE, THERE)[int(chance.integers(2))], int(chance.integers(0, 20 * 86_400))
        cases.append(
            {
                "case_id": str(len(cases)),
                "town": town,
                "event_at": at - late,
                "event_local": at - late,
                "accepted_at": at,
                "is_fast": 0,
            }
        )
        seconds = int(chance.integers(60, 2_000))
        calls.append({"incident_id": str(len(calls)), "town": town, "event_at": at, "e6_s": seconds, "e6_state": "VALID"})
    days = [
        {
            "town": town,
            "division": "34",
            "risk_cat": "4",
            "day_on": (NOW.date() - date(1970, 1, 1)).days - back,
            "person_years": 2.0,
        }
        for town in (HERE, THERE)
        for back in range(DAYS)
    ]
    return {"injury_case": cases, "incident": calls, "exposure": days}


@pytest.fixture(scope="module")
def rows():
    return told()


def known(rows):
    """Return columns that hold these rows of each table, and none of the others."""
    held = {}
    for name in tables_read():
        held[name] = TableColumns(TABLES[name])
        some = rows.get(name, [])
        frame = pd.DataFrame(
            [[row.get(c) for c in TABLES[name].names] for row in some], columns=[*TABLES[name].names], dtype=object
        )
        held[name].append(frame.assign(id=range(len(some))))
    return Columns(Tick(1, AS_OF, float(AS_OF), "told"), held, TABLES)


@pytest.fixture(scope="module")
def columns(rows):
    return known(rows)


def monday_of(at):
    day = datetime.fromtimestamp(at, SITE.zone).date()
    return day - timedelta(days=day.weekday())


def weeks(columns, key, scope=CITY, dims=None):
    return read_weeks(columns, SITE, metric_named(key), scope, YEAR_IN_WEEKS, dims or {})


MONDAYS = [LAST_MONDAY - timedelta(weeks=n) for n in range(53, 0, -1)]


def test_every_metric_that_has_a_time_has_53_whole_weeks_up_to_the_last_frozen_monday(columns):
    labels = [f"{day:%G-W%V}" for day in MONDAYS]
    placed = [key for key, metric in catalogue().items() if has_weeks(metric)]
    assert len(placed) > 200
    for key in placed:
        assert [reading.dims["week"] for reading in weeks(columns, key)] == labels, key


def test_what_is_so_now_has_no_weeks_and_says_so(columns):
    states = [metric for metric in catalogue().values() if not has_weeks(metric)]
    for metric in states:
        is_now = {*metric.windows} == {"now"}
        assert is_now or isinstance(metric.formula, Combined), metric.key
        assert windows_of(metric) == metric.windows
        with pytest.raises(UnknownName, match="no weekly series"):
            read_weeks(columns, SITE, metric, CITY, YEAR_IN_WEEKS)


@pytest.mark.parametrize("scope", [CITY, town_scope(HERE)], ids=["city", "town"])
def test_a_week_counts_the_rows_of_its_own_seven_local_days(columns, rows, scope):
    seen = [row for row in rows["injury_case"] if scope.is_city or row["town"] == HERE]
    expected = [sum(monday_of(row["accepted_at"]) == day for row in seen) for day in MONDAYS]
    assert [reading.value for reading in weeks(columns, "cases_accepted", scope)] == expected
    assert min(expected) > 0


def test_a_week_of_a_median_is_the_median_of_its_rows(columns, rows):
    for reading, day in zip(weeks(columns, "e6_p50"), MONDAYS, strict=True):
        lengths = [row["e6_s"] for row in rows["incident"] if monday_of(row["event_at"]) == day]
        assert reading.n == len(lengths)
        assert reading.value is None or abs(reading.value * 60 - float(np.median(lengths))) <= max(np.diff(sorted(lengths)))


def test_a_week_is_held_against_the_same_week_52_weeks_before(columns, rows):
    at = [monday_of(row["accepted_at"]) for row in rows["injury_case"]]
    for reading, day in zip(weeks(columns, "cases_yoy"), MONDAYS, strict=True):
        now, before = at.count(day), at.count(day - timedelta(weeks=52))
        assert reading.value == pytest.approx(100 * (now / before - 1))


def test_a_rate_of_a_week_is_of_the_days_of_that_week(columns, rows):
    for reading, day in zip(weeks(columns, "incidence"), MONDAYS, strict=True):
        cases = sum(monday_of(row["accepted_at"]) == day for row in rows["injury_case"])
        assert reading.value == pytest.approx(1000 * cases / (7 * 2 * 2.0))


def test_a_week_whose_insured_days_are_not_all_known_has_no_rate(rows):
    first = (MONDAYS[10] - date(1970, 1, 1)).days
    partly = {**rows, "exposure": [row for row in rows["exposure"] if row["day_on"] != first + 3]}
    read = weeks(known(partly), "incidence")
    assert [place for place, reading in enumerate(read) if reading.value is None] == [10]


def test_a_week_of_a_part_is_of_the_rows_of_that_part(columns, rows):
    read = weeks(columns, "cases_accepted", dims={"town": THERE})
    expected = [sum(monday_of(r["accepted_at"]) == day for r in rows["injury_case"] if r["town"] == THERE) for day in MONDAYS]
    assert [reading.value for reading in read] == expected
