"""How old what we know is: silence is never taken for news."""

import pytest

from cockpit.freshness import Age, aged, source_age
from cockpit.ledger.read import SourceState
from cockpit.metric import Status
from cockpit.site import SourceConfig

READ = {"table": "emergency_call", "fields": {"call_id": "id"}}


def source(**told):
    base = {"key": "s", "kind": "csv", "title": "s", "path": "s.csv", "encoding": "utf-8", "header": ("id",), "interval_s": 10}
    return SourceConfig(**{**base, **told}, reads=(READ,))


def age(loaded_at, *, state="ok", now=1000.0, **told):
    return source_age(source(**told), SourceState("s", now, loaded_at, None, {}, state, ""), now).age


@pytest.mark.parametrize(
    ("age_s", "expected"), [(0, Age.FRESH), (15, Age.FRESH), (16, Age.LATE), (30, Age.LATE), (31, Age.STALE)]
)
def test_a_source_is_late_after_one_and_a_half_intervals_and_stale_after_three(age_s, expected):
    assert age(1000.0 - age_s) is expected


def test_what_counts_is_how_often_news_are_expected():
    assert age(900.0, expected_s=60) is Age.LATE


@pytest.mark.parametrize("state", ["ok", "held", "lost"])
def test_a_source_that_was_never_read_whole_is_unknown_whatever_else_it_is(state):
    assert age(None, state=state) is Age.NEVER


def test_a_held_batch_does_not_hide_that_the_last_news_are_old():
    assert (age(999.0, state="held"), age(900.0, state="held")) == (Age.HELD, Age.STALE)


def test_a_list_that_rarely_changes_grows_old_without_alarm_until_it_is_lost():
    assert (age(0.0, static=True), age(0.0, static=True, state="lost")) == (Age.FRESH, Age.STALE)


def test_a_record_that_ended_stands():
    assert age(0.0, state="ended") is Age.ENDED


def test_a_read_in_the_future_was_stamped_before_the_clock_was_set_back_and_is_not_fresh():
    assert age(4600.0) is Age.STALE


def test_old_news_are_never_ok_and_no_value_stays_no_value():
    assert [aged(Status.OK, a) for a in (Age.FRESH, Age.LATE, Age.HELD, Age.STALE)] == [
        Status.OK,
        Status.LATE,
        Status.LATE,
        Status.STALE,
    ]
    assert aged(Status.SHORT, Age.STALE) is Status.SHORT
