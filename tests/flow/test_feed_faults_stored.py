"""Forty more faults, delivered to a real store: what a screen reads of the source is late or interrupted, and never well."""

import csv
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from cockpit.metric import Status
from cockpit.scope import CITY
from cockpit.site import load_site
from cockpit.view import open_view, refreshed
from etl.quarantine import discard_batch, held_batches
from etl.schedule import Schedule
from tests.conftest import Clock

SEED = 20_261_123
FIRST = datetime(2025, 3, 3, 9, tzinfo=UTC)
DAY_S = 86_400
A_DAY = 30
FAULTS = {"stopped": 6, "empty": 7, "again": 6, "renamed": 7, "zeros": 7, "future": 7}
"""Faults of a daily list: none comes, one without a row, yesterday's under its own name or another, all zeros, dates ahead."""

CASES = ("case", "happened", "town", "lost")
SITE = """
key = "faulty"
title = "A faulty city"
time_zone = "UTC"
date_floor = 2020-01-01
[[sources]]
key = "towns"
kind = "csv"
title = "towns"
path = "towns.csv"
encoding = "utf-8"
header = ["code", "name"]
interval_s = 60
settle_s = 0
static = true
[[sources.reads]]
table = "town"
fields = { town_code = "code", name = "name" }
[[sources]]
key = "cases"
kind = "csv"
title = "cases"
path = "cases*.csv"
encoding = "utf-8"
header = ["case", "happened", "town", "lost"]
interval_s = 60
expected_s = 86400
settle_s = 0
[[sources.reads]]
table = "work_injury_case"
fields = { case_id = "case", event_at = "happened", employer_town = "town", accident_town = "town", lost_days = "lost" }
"""


class Department:
    """A department that sends a list a day, and the cockpit that reads it."""

    def __init__(self, folder, store, clock):
        (folder / "site.toml").write_text(SITE, encoding="utf-8")
        self.folder, self.store, self.clock, self.day, self.view = folder, store, clock, 0, None
        self.write("towns.csv", ("code", "name"), [("A", "Anning"), ("B", "Beihe")])
        self.site = load_site(folder)
        self.schedule = Schedule(self.site, store.ledger, clock, clock)

    def write(self, name, header, rows):
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def rows(self, day, ahead_days=0):
        """Return the cases of a day, or as many that claim to be of a later one."""
        at = FIRST + timedelta(days=day - 1 + ahead_days)
        return [(f"{day}-{n}", f"{at:%Y-%m-%d}T{n % 24:02}:00:00", "AB"[n % 2], n % 7 + 1) for n in range(A_DAY)]

    def deliver(self, fault=None, chance=None):
        """Let a day pass, send its list, sound or with a fault, and read it."""
        self.day += 1
        self.clock.now = FIRST.timestamp() + self.day * DAY_S
        name = f"cases-{self.day:04}.csv"
        rows = {
            None: lambda: self.rows(self.day),
            "empty": list,
            "renamed": lambda: self.rows(self.day - 1),
            "zeros": lambda: [(*row[:3], 0) for row in self.rows(self.day)],
            "future": lambda: self.rows(self.day, ahead_days=chance.choice([3, 30, 4_000])),
        }
        if fault in rows:
            self.write(name, CASES, rows[fault]())
        elif fault == "again":
            self.write(f"cases-{self.day - 1:04}.csv", CASES, self.rows(self.day - 1))
        self.schedule.run_due(everything=True)

    def wait(self, days):
        """Let days pass on which nothing else comes, though the cockpit asks."""
        self.clock.now += days * DAY_S
        self.day += int(days)
        self.schedule.run_due(everything=True)

    def status(self):
        """Return how the cases of a year read, on a screen, now."""
        ledger, now = self.store.ledger, self.clock()
        self.view = refreshed(self.view, ledger, now) if self.view else open_view(ledger, self.site, now)
        (reading,) = self.view.readings("injury_cases", "r12", CITY)
        return reading.status

    def mend(self):
        """Let somebody give up what is held, and the department send what it should have."""
        with self.store.ledger.reading() as connection:
            held = held_batches(connection, self.store.ledger)
        for number in held["id"].tolist():
            discard_batch(self.store.ledger, number, now=self.clock())
        self.deliver()


@pytest.fixture(scope="module")
def department(lenders, tmp_path_factory):
    with lenders("sqlite")() as store:
        made = Department(tmp_path_factory.mktemp("faulty"), store, Clock())
        for _ in range(9):
            made.deliver()
        yield made


@pytest.mark.parametrize("fault", FAULTS)
def test_after_the_bound_no_fault_of_a_list_reads_as_well(fault, department):
    seen = Counter()
    for number in range(FAULTS[fault]):
        chance = random.Random(SEED + number)
        department.deliver(fault, chance)
        department.wait(chance.uniform(3.01, 9))
        seen[department.status()] += 1
        department.mend()
        assert department.status() in {Status.OK, Status.PROVISIONAL}
    assert seen.keys() <= {Status.LATE, Status.STALE}, seen
    assert seen.total() == FAULTS[fault]
