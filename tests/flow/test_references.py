"""A case whose enterprise has not arrived waits in quarantine, and is known once the list has it, whatever the order."""

import pytest

from cockpit.site import load_site
from etl.schedule import Schedule

FIRM = "P000000000000001"
SITE = """
key = "cases"
title = "Cases"
time_zone = "UTC"
date_floor = 2020-01-01

[[sources]]
key = "towns"
kind = "csv"
title = "Towns"
path = "towns.csv"
encoding = "utf-8"
settle_s = 0
header = ["code"]
interval_s = 60
[[sources.reads]]
table = "town"
fields = { town_code = "code", name = "code" }

[[sources]]
key = "firms"
kind = "csv"
title = "Firms"
path = "firms*.csv"
encoding = "utf-8"
settle_s = 0
header = ["id", "town"]
interval_s = 60
[[sources.reads]]
table = "enterprise"
fields = { enterprise_id = "id", reg_town = "town", prod_town = "town" }

[[sources]]
key = "cases"
kind = "csv"
title = "Cases"
path = "cases*.csv"
encoding = "utf-8"
settle_s = 0
header = ["id", "firm", "at"]
interval_s = 60
[[sources.reads]]
table = "work_injury_case"
fields = { case_id = "id", enterprise_id = "firm", event_at = "at" }
"""
CASE = f"id,firm,at\nc1,{FIRM},2021-03-05T10:00:00\n"
LATER = 1_615_000_000


@pytest.fixture
def office(tmp_path, store, clock):
    """Return the folder of a site that knows one town and no firm, and what runs its sources."""
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    (tmp_path / "towns.csv").write_text("code\nA\n", encoding="utf-8")
    (tmp_path / "firms.csv").write_text("id,town\n", encoding="utf-8")
    clock.now = float(LATER)
    schedule = Schedule(load_site(tmp_path), store.ledger, clock)
    return tmp_path, lambda: schedule.run_due(everything=True)


def cases(store):
    return [row["case_id"] for row in store.rows("work_injury_case")]


@pytest.mark.both_stores
def test_a_case_that_comes_before_its_enterprise_is_known_when_that_has_come(office, store):
    folder, run = office
    (folder / "cases.csv").write_text(CASE, encoding="utf-8")
    run()
    assert (cases(store), [row["reason"] for row in store.rows("quarantine")]) == ([], ["unknown_reference"])
    (folder / "firms-2.csv").write_text(f"id,town\n{FIRM},A\n", encoding="utf-8")
    run()
    assert (cases(store), store.rows("quarantine")) == (["c1"], [])


def test_a_case_that_waits_is_not_too_late_when_its_enterprise_comes_years_after(office, store, clock):
    folder, run = office
    (folder / "cases.csv").write_text(CASE, encoding="utf-8")
    run()
    clock.now += 5 * 365 * 86_400
    (folder / "firms-2.csv").write_text(f"id,town\n{FIRM},A\n", encoding="utf-8")
    run()
    assert cases(store) == ["c1"]
