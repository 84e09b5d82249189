"""Two simulated years of orders to put things right: mapped, derived and measured as a plain reckoning of the text has it."""

from datetime import date, datetime, timedelta
from functools import cache
from statistics import median
from typing import Any

import pytest

from cockpit.ledger.store import Ledger
from cockpit.scope import CITY, UNKNOWN_TOWN
from cockpit.site import load_site
from cockpit.view import open_view
from etl.catalogue import tables
from etl.schedule import Schedule
from etl.simulation.geography import listed
from etl.simulation.streams.orders import UNLISTED_TOWN
from etl.simulation.world import stream_of
from tests.conftest import Clock, Store
from tests.oracle.windows import DAY_S, stretches
from tests.oracle.workdays import workdays

WHOLE = load_site("wenling")
SITE = WHOLE.model_copy(update={"sources": tuple(map(WHOLE.source, ("towns", "town_alias", "calendar", "orders")))})
UPTO = int(datetime(2026, 6, 17, 10, 30, tzinfo=SITE.zone).timestamp())
WORKDAYS = {on for on, (is_worked, _) in workdays(range(2024, 2027)).items() if is_worked}
STRETCHES = stretches(UPTO, SITE.zone)
INSPECT_WITHIN = {"红": 5, "橙": 10}
Order = dict[str, Any]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return a store with the lists and everything that was told of orders."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('orders') / 'cockpit.db'}", tables())
    ledger.create()
    Schedule(SITE, ledger, Clock(float(UPTO))).run_due(everything=True)
    yield Store(ledger)
    ledger.engine.dispose()


@pytest.fixture(scope="module")
def view(store):
    return open_view(store.ledger, SITE, float(UPTO))


@cache
def words() -> list[dict[str, str]]:
    """Return every row as the department sent it."""
    told = stream_of("orders", SITE).told(date(2024, 9, 1), None, UPTO)
    return told.to_dict("records")


def instant(text: str) -> int | None:
    return int(datetime.fromisoformat(text).replace(tzinfo=SITE.zone).timestamp()) if text else None


def local_day(at: int) -> date:
    return datetime.fromtimestamp(at, SITE.zone).date()


def midnight_after(on: date) -> int:
    return int(datetime.combine(on + timedelta(days=1), datetime.min.time(), SITE.zone).timestamp())


@pytest.fixture(scope="module")
def plain() -> list[Order]:
    """Return the newest revision of every order, reckoned row by row."""
    newest: dict[str, dict[str, str]] = {}
    for row in words():
        before = newest.get(row["指令编号"])
        if before is None or int(row["修订"]) >= int(before["修订"]):
            newest[row["指令编号"]] = row
    town_of = {row["alias"]: row["town"] or UNKNOWN_TOWN for row in listed(SITE.folder, "town_alias")}
    codes = {row["code"] for row in listed(SITE.folder, "towns")}
    return [order(row, town_of.get(row["乡镇"], row["乡镇"]), codes) for row in newest.values()]


def order(row: dict[str, str], town: str, codes: set[str]) -> Order:
    """Return one order as it is to be understood."""
    pushed, inspected, closed = (instant(row[name]) for name in ("推送时间", "检查时间", "销号时间"))
    assert pushed is not None
    within, day = INSPECT_WITHIN.get(row["级别"]), local_day(pushed)
    for _ in range(within or 0):
        day += timedelta(days=1)
        while day not in WORKDAYS:
            day += timedelta(days=1)
    return {
        "town": town if town in codes else UNKNOWN_TOWN,
        "pushed": pushed,
        "signed": instant(row["签收时间"]),
        "inspected": inspected,
        "closed": closed,
        "due": midnight_after(date.fromisoformat(row["整改期限"])) if row["整改期限"] else None,
        "inspect_due": midnight_after(day) if within else None,
    }


def in_window(at: int | None, name: str) -> bool:
    return at is not None and STRETCHES[name].start <= at < STRETCHES[name].end


def expected(some: list[Order], key: str) -> tuple[float | None, int]:
    """Return a metric's value, and of how many orders it is."""
    if key == "orders_open":
        return count(one["closed"] is None for one in some)
    if key == "orders_overdue":
        return count(one["closed"] is None and one["due"] is not None and one["due"] <= UPTO for one in some)
    if key == "orders_due_today":
        return count(one["closed"] is None and one["due"] is not None and UPTO < one["due"] <= UPTO + DAY_S for one in some)
    if key == "orders_pushed":
        return count(in_window(one["pushed"], "r12") for one in some)
    if key == "sign_in_time":
        days = [signing_days(one) for one in some if in_window(one["pushed"], "r12") and one["signed"]]
        return (median(days) if len(days) >= 20 else None), len(days)
    done, limit = {"inspect_on_time": ("inspected", "inspect_due"), "rectify_rate": ("closed", "due")}[key]
    asked = [one for one in some if in_window(one[limit], "r12") and one[limit] <= UPTO]
    kept = sum(one[done] is not None and one[done] < one[limit] for one in asked)
    return (100 * kept / len(asked) if len(asked) >= 20 else None), len(asked)


def count(which: Any) -> tuple[float, int]:
    found = sum(map(bool, which))
    return float(found), found


def signing_days(one: Order) -> int:
    first, last = local_day(one["pushed"]), local_day(one["signed"])
    return sum(first + timedelta(days=i) in WORKDAYS for i in range(1, (last - first).days + 1))


WINDOWS = {
    "orders_open": "now",
    "orders_overdue": "now",
    "orders_due_today": "now",
    "orders_pushed": "r12",
    "sign_in_time": "r12",
    "inspect_on_time": "r12",
    "rectify_rate": "r12",
}


@pytest.mark.parametrize("key", WINDOWS)
def test_a_metric_of_orders_is_what_a_plain_reckoning_gives_of_the_city_and_of_each_town(key, view, plain):
    [city] = view.readings(key, WINDOWS[key], CITY)
    assert (city.value, city.n) == (pytest.approx(expected(plain, key)[0]), expected(plain, key)[1])
    assert city.n > 0
    for reading in view.readings(key, WINDOWS[key], CITY, "town"):
        value, n = expected([one for one in plain if one["town"] == reading.dims["town"]], key)
        assert (reading.value, reading.n) == (pytest.approx(value), n), reading.dims


def test_every_order_is_derived_once(store, plain):
    assert len(store.rows("order_state")) == len(plain) > 900


def test_other_words_for_a_town_are_its_code_in_the_store_and_what_stands_for_no_town_is_unknown(store):
    told = {row["指令编号"]: row["乡镇"] for row in sorted(words(), key=lambda row: int(row["修订"]))}
    town_of = {row["alias"]: row["town"] for row in listed(SITE.folder, "town_alias")}
    stored = {row["order_id"]: row["town_code"] for row in store.rows("rectification_order")}
    by_alias = {key: word for key, word in told.items() if word in town_of}
    assert len(by_alias) > 50
    assert {key: stored[key] for key in by_alias} == {key: town_of[word] for key, word in by_alias.items()}
    lost = [key for key, word in told.items() if word == UNLISTED_TOWN]
    assert {stored[key] for key in told} - {UNKNOWN_TOWN} <= {row["town_code"] for row in store.rows("town")}
    assert all(stored[key] == UNKNOWN_TOWN for key in lost)


def test_the_site_s_aliases_are_of_its_towns_and_one_stands_for_none(store):
    rows = store.rows("town_alias")
    assert {row["town_code"] for row in rows} - {None} <= {row["town_code"] for row in store.rows("town")}
    assert [row["alias_code"] for row in rows if row["town_code"] is None] == ["331081000"]
    assert not {row["alias_code"] for row in rows} & {row["town_code"] for row in store.rows("town")}


def test_a_town_that_nobody_could_name_is_put_right_with_the_inspection():
    first = {row["指令编号"] for row in words() if row["乡镇"] == UNLISTED_TOWN}
    later = {row["指令编号"] for row in words() if row["检查时间"] and row["乡镇"] == UNLISTED_TOWN}
    assert first
    assert not later
