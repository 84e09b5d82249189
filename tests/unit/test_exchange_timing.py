"""Calls between departments: how long each waits, and when an answer that never comes is a failure."""

import pytest

from cockpit.interval import State
from cockpit.metrics.exchange_intervals import EXCHANGE_LATENCY

pytestmark = pytest.mark.both_stores

CALLED = 1_700_000_000


def call(**more):
    return {"call_id": "k", "event_at": CALLED, "from_dept": "人社", "to_dept": "医保", "item": "参保", **more}


@pytest.mark.parametrize(
    ("answered_at", "expected"),
    [
        (CALLED + 3, (State.VALID, 3)),
        (CALLED, (State.VALID, 0)),
        (CALLED + 301, (State.VALID, 301)),  # it is late, and it came
        (CALLED - 1, (State.NEG, None)),
        (None, (State.OPEN, None)),
    ],
    ids=["answered", "at once", "after the time-out", "before it was asked", "not answered"],
)
def test_a_call_waits_for_its_answer(store, answered_at, expected):
    store.tell(exchange_call=[call(answered_at=answered_at, is_ok=True)])
    [row] = store.rows("exchange_timing")
    assert (row["exchange_latency_state"], row["exchange_latency_s"]) == expected
    assert {name: row[name] for name in ("from_dept", "to_dept", "item", "is_ok")} == {
        "from_dept": "人社",
        "to_dept": "医保",
        "item": "参保",
        "is_ok": True,
    }


def test_a_call_that_is_answered_later_is_one_call(store):
    first = store.tell(exchange_call=[call()])
    store.tell(exchange_call=[call(answered_at=CALLED + 40, is_ok=False, rev=1)])
    [before], [after] = store.rows("exchange_timing", at=first), store.rows("exchange_timing")
    assert (before["exchange_latency_state"], after["exchange_latency_s"], after["is_ok"]) == (State.OPEN, 40, False)


def test_a_call_without_an_answer_is_open_for_five_minutes():
    assert EXCHANGE_LATENCY.open_expires_s == 5 * 60
