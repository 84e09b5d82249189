"""The duty roster 值班表: from a city's own file, as the document has it, to who is on duty at an instant."""

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from cockpit.ledger.store import Ledger
from cockpit.panel import Latest
from cockpit.scope import CITY, town_scope
from cockpit.site import Site, load_site
from cockpit.view import open_view
from etl.catalogue import check_reads, tables
from etl.schedule import Schedule
from etl.simulation.streams import duty as roster
from etl.simulation.world import stream_of
from tests.conftest import Clock, SmallCity, Store

ROOT = Path(__file__).parent.parent.parent
ROWS = Latest("duty", ("begin_at", "end_at", "post", "person"), 400, by="begin_at")
HEADER = "日期,岗位,开始,结束,姓名,单位\n"
SETTLED = "static = true\nsettle_s = 0"
"""The file is whole as soon as it is written."""

DAY = "2026-03-02,值班长,2026-03-02 08:30:00,2026-03-02 17:30:00,叶某某,指挥中心\n"
NIGHT = "2026-03-02,值班长,2026-03-02 17:30:00,2026-03-03 08:30:00,俞某某,指挥中心\n"


def at(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


@pytest.fixture
def site(city: SmallCity) -> Site:
    """A small site whose roster is fed as docs/overview.md says."""
    city.site()
    text = (ROOT / "docs" / "overview.md").read_text(encoding="utf-8")
    [piece] = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    assert tomllib.loads(piece)["sources"][0]["reads"][0]["table"] == "duty"
    with (city.folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{piece.replace('static = true', SETTLED)}")
    made = load_site(city.folder)
    check_reads(made)
    return made


def told(site: Site, store: Store, text: str, *, now: str) -> Site:
    """Write the roster's file and read it at an instant."""
    (site.folder / "duty.csv").write_text(f"{HEADER}{text}", encoding="utf-8")
    Schedule(site, store.ledger, Clock(float(at(now)))).run_due(everything=True)
    return site


@pytest.mark.parametrize(
    ("now", "count"),
    [("2026-03-02T08:29:59", 0), ("2026-03-02T08:30:00", 1), ("2026-03-02T17:30:00", 1), ("2026-03-03T08:30:00", 0)],
)
def test_at_each_instant_as_many_posts_are_held_as_the_file_says(site: Site, store: Store, now: str, count: int) -> None:
    told(site, store, DAY + NIGHT, now=now)
    view = open_view(store.ledger, site, float(at(now)))
    store_as_of = view.tick.as_of
    assert store_as_of == at(now)
    [reading] = view.readings("on_duty", "now", CITY)
    assert (reading.value, reading.n) == (count, count)
    assert view.latest(ROWS, town_scope("A")) == [], "the roster is the city's"


def test_a_shift_that_the_file_no_longer_has_is_gone_and_one_that_changed_hands_is_so(site: Site, store: Store) -> None:
    told(site, store, DAY + NIGHT, now="2026-03-02T09:00:00")
    told(site, store, DAY.replace("叶", "陈"), now="2026-03-02T09:05:00")
    assert [(row["duty_id"], row["person"]) for row in store.rows("duty")] == [("2026-03-02 08:30:00-值班长", "陈某某")]


def test_the_reference_city_s_roster_holds_each_post_at_every_instant_of_today_and_the_days_ahead() -> None:
    wenling = load_site("wenling")
    now = int(datetime(2026, 11, 23, 0, 5, tzinfo=wenling.zone).timestamp())
    rows = stream_of("duty", wenling).told(datetime(2026, 10, 1, tzinfo=wenling.zone).date(), None, now).to_dict("records")
    posts = {shift.post for shift in roster.SHIFTS}
    for hour in range(7 * 24):
        moment = datetime.fromtimestamp(now + 3600 * hour, wenling.zone).replace(tzinfo=None).isoformat()
        held = [row["岗位"] for row in rows if row["开始"] <= moment < row["结束"]]
        assert sorted(held) == sorted(posts), moment
    assert all(row["姓名"].startswith("模拟") for row in rows)


def test_a_name_of_the_roster_is_personal_and_nothing_else_of_it() -> None:
    ledger = Ledger("sqlite:///:memory:", tables())
    personal = {column.name for column in ledger.declared["duty"].columns if column.pii != "none"}
    assert personal == {"person"}
