"""Orders to put things right: which limits they have and keep, and how long their steps take, as a plain reckoning has them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cockpit.evaluate import metric_named
from cockpit.interval import State

ZONE = ZoneInfo("Asia/Shanghai")
EPOCH = date(1970, 1, 1)
OFFSET_S = 8 * 3600
DAY_S = 86_400
HOLIDAY = {date(2025, 10, on) for on in range(1, 9)}
MADE_UP = {date(2025, 9, 28), date(2025, 10, 11)}
STAMPS = ("signed_at", "inspected_at", "rectified_at", "rechecked_at", "closed_at")


def is_workday(on: date) -> bool:
    """Whether people work on a day of 2025, as far as it matters here."""
    return on in MADE_UP or (on.isoweekday() <= 5 and on not in HOLIDAY)


def calendar() -> list[dict[str, object]]:
    """Return the days of autumn 2025 as the country's notice has them."""
    days = [date(2025, 9, 1) + timedelta(days=i) for i in range(90)]
    return [{"day_on": (day - EPOCH).days, "is_workday": is_workday(day)} for day in days]


def at(month: int, day: int, hour: int = 10) -> int:
    """Return an instant of 2025 on the city's clock (UTC s)."""
    return int(datetime(2025, month, day, hour, tzinfo=ZONE).timestamp())


def on(month: int, day: int) -> int:
    """Return a day of 2025."""
    return (date(2025, month, day) - EPOCH).days


def order(**more):
    pushed_at = more.pop("event_at", at(9, 26))
    return {
        "order_id": "o",
        "enterprise_id": "e",
        "town_code": "A",
        "kind": "机械防护",
        "level": "红",
        "event_at": pushed_at,
        "event_local": pushed_at + OFFSET_S,
        **more,
    }


def state(store, **more):
    """Return how one order stands."""
    store.tell(cn_workday=calendar(), rectification_order=[order(**more)])
    [row] = store.rows("order_state")
    return row


def local_day(instant: int) -> date:
    return datetime.fromtimestamp(instant, ZONE).date()


def working_days(begin: date, end: date) -> int:
    """Count the working days after a day, up to and with another, one by one."""
    return sum(is_workday(begin + timedelta(days=i)) for i in range(1, (end - begin).days + 1))


@pytest.mark.both_stores
@pytest.mark.parametrize(("level", "last"), [("红", (10, 10)), ("橙", (10, 16))])
def test_the_inspection_is_due_after_5_or_10_working_days_holidays_and_made_up_days_counted_right(store, level, last):
    found = state(store, level=level)
    count, day = 0, date(2025, 9, 26)
    while count < {"红": 5, "橙": 10}[level]:
        day += timedelta(days=1)
        count += is_workday(day)
    assert (day.month, day.day) == last
    assert found["inspect_due_at"] == at(*last, 0) + DAY_S


def test_a_yellow_order_has_no_limit_for_its_inspection(store):
    found = state(store, level="黄", inspected_at=at(11, 3))
    assert (found["inspect_due_at"], found["is_inspected_on_time"]) == (None, None)


@pytest.mark.parametrize(
    ("inspected_at", "is_on_time"), [(at(10, 10, 23), True), (at(10, 11, 0), False), (at(10, 13), False), (None, None)]
)
def test_an_inspection_is_on_time_until_its_last_day_is_over(store, inspected_at, is_on_time):
    assert state(store, inspected_at=inspected_at)["is_inspected_on_time"] is is_on_time


@pytest.mark.parametrize(
    ("closed_at", "is_open", "is_on_time"), [(None, True, None), (at(10, 20, 23), False, True), (at(10, 21, 0), False, False)]
)
def test_an_order_is_open_until_it_is_closed_and_on_time_by_the_day_due(store, closed_at, is_open, is_on_time):
    found = state(store, due_on=on(10, 20), closed_at=closed_at)
    assert (found["is_open"], found["is_closed_on_time"], found["due_at"]) == (is_open, is_on_time, at(10, 21, 0))


def test_an_order_without_a_day_due_is_never_overdue_nor_on_time(store):
    found = state(store, closed_at=at(10, 20))
    assert (found["due_on"], found["due_at"], found["is_closed_on_time"]) == (None, None, None)


@pytest.mark.parametrize("pushed", [(9, 26), (9, 28), (9, 30), (10, 4), (10, 10)])
@pytest.mark.parametrize("days", [0, 1, 2, 7, 15])
def test_signing_and_inspection_are_counted_in_working_days_and_rectification_in_days(store, pushed, days):
    begin = at(*pushed)
    signed, inspected, rectified = (begin + days * DAY_S + part * 3600 for part in (1, 2, 3))
    found = state(store, event_at=begin, signed_at=signed, inspected_at=inspected, rectified_at=rectified + 5 * DAY_S)
    counted = working_days(local_day(begin), local_day(signed))
    assert (found["sign_in_s"], found["sign_in_state"]) == (counted * DAY_S, State.VALID)
    assert (found["inspection_s"], found["inspection_state"]) == (counted * DAY_S, State.VALID)
    assert (found["rectification_s"], found["rectification_state"]) == (5 * DAY_S, State.VALID)


@pytest.mark.parametrize(
    ("told", "states"),
    [
        ({}, (State.OPEN, State.OPEN, State.OPEN)),
        ({"inspected_at": at(10, 9)}, (State.MISSING, State.VALID, State.OPEN)),
        ({"signed_at": at(9, 26, 9)}, (State.NEG, State.OPEN, State.OPEN)),
        ({"closed_at": at(10, 20)}, (State.MISSING, State.MISSING, State.MISSING)),
        ({"rectified_at": at(10, 20)}, (State.MISSING, State.MISSING, State.MISSING)),
    ],
    ids=["pushed", "inspected, not signed for", "signed before it was pushed", "closed only", "rectified, not inspected"],
)
def test_a_step_is_open_until_a_later_one_is_stamped_and_then_missing(store, told, states):
    found = state(store, **told)
    assert tuple(found[f"{key}_state"] for key in ("sign_in", "inspection", "rectification")) == states


def test_a_made_up_working_day_that_is_announced_later_moves_the_limit(store):
    plain = [row | {"is_workday": False} if row["day_on"] == on(9, 28) else row for row in calendar()]
    store.tell(cn_workday=plain, rectification_order=[order()])
    [before] = store.rows("order_state")
    store.tell(cn_workday=calendar())
    [after] = store.rows("order_state")
    assert (before["inspect_due_at"], after["inspect_due_at"]) == (at(10, 11, 0) + DAY_S, at(10, 10, 0) + DAY_S)


def test_a_later_revision_of_an_order_is_the_same_order(store):
    store.tell(cn_workday=calendar(), rectification_order=[order()])
    store.tell(rectification_order=[order(rev=2, signed_at=at(9, 27))])
    store.tell(rectification_order=[order(rev=10, signed_at=at(9, 27), closed_at=at(10, 20))])
    [row] = store.rows("order_state")
    assert (row["is_open"], row["closed_at"]) == (False, at(10, 20))


METRICS = ("orders_pushed", "orders_open", "orders_overdue", "inspect_on_time", "rectify_rate", "sign_in_time")


@pytest.mark.parametrize("key", METRICS)
def test_its_metrics_are_of_orders_by_town_and_say_whose_targets_they_are(key):
    metric = metric_named(key)
    assert (metric.table, metric.sources) == ("order_state", ("rectification_order",))
    assert "town" in metric.by
    assert metric.target is None or metric.target.basis.zh == "本平台默认口径"
