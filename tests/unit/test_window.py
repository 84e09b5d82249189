"""Windows of time: local days, frozen at 02:00 of the next one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import UnknownName
from cockpit.window import DAYS, PLACED, WINDOW_TEXT, window

DUBLIN = ZoneInfo("Europe/Dublin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR_S = 3600


def at(text: str, zone: ZoneInfo = DUBLIN) -> int:
    """Return the instant of a wall-clock time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def ends(name: str, as_of: str, zone: ZoneInfo = DUBLIN) -> tuple[str, str]:
    """Return a window's ends as they stand on the wall clock."""
    found = window(name, at(as_of, zone), zone)
    return tuple(f"{datetime.fromtimestamp(end, zone):%Y-%m-%d %H:%M:%S}" for end in (found.from_at, found.to_at))


@pytest.mark.parametrize("name", sorted(DAYS))
def test_a_window_of_days_ends_at_the_frozen_midnight(name):
    assert ends(name, "2021-06-15 02:00:00")[1] == "2021-06-15 00:00:00"
    assert ends(name, "2021-06-15 23:59:59")[1] == "2021-06-15 00:00:00"


@pytest.mark.parametrize("name", sorted(DAYS))
def test_before_two_the_day_before_is_not_frozen_yet(name):
    assert ends(name, "2021-06-15 01:59:59")[1] == "2021-06-14 00:00:00"


@pytest.mark.parametrize(("name", "start"), [("d7", "2021-06-08"), ("d28", "2021-05-18"), ("d365", "2020-06-15")])
def test_a_window_of_days_holds_that_many_whole_days(name, start):
    assert ends(name, "2021-06-15 12:00:00") == (f"{start} 00:00:00", "2021-06-15 00:00:00")


@pytest.mark.parametrize(
    ("as_of", "hours"),
    [("2021-03-29 12:00:00", 7 * 24 - 1), ("2021-11-01 12:00:00", 7 * 24 + 1), ("2021-06-15 12:00:00", 7 * 24)],
)
def test_a_week_with_a_change_of_clock_is_an_hour_shorter_or_longer(as_of, hours):
    found = window("d7", at(as_of), DUBLIN)
    assert found.to_at - found.from_at == hours * HOUR_S


@pytest.mark.parametrize("day", ["2021-03-28", "2021-10-31"])
def test_on_the_day_the_clock_changes_two_oclock_still_freezes(day):
    assert ends("d7", f"{day} 02:00:00")[1] == f"{day} 00:00:00"
    before = datetime.fromisoformat(day) - timedelta(days=1)
    assert ends("d7", f"{day} 00:59:59")[1] == f"{before:%Y-%m-%d} 00:00:00"


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_happens_twice_is_before_two_both_times(fold):
    as_of = int(datetime(2021, 10, 31, 1, 30, tzinfo=DUBLIN, fold=fold).timestamp())
    assert window("d7", as_of, DUBLIN).to_at == at("2021-10-30 00:00:00")


def test_today_begins_at_midnight_and_holds_the_tick_itself():
    found = window("today", at("2021-03-28 12:00:00"), DUBLIN)
    assert (found.from_at, found.to_at) == (at("2021-03-28 00:00:00"), at("2021-03-28 12:00:00") + 1)
    assert found.to_at - found.from_at == 11 * HOUR_S + 1


def test_the_last_24_hours_are_24_hours_whatever_the_clock_does():
    found = window("h24", at("2021-03-28 12:00:00"), DUBLIN)
    assert (found.from_at, found.to_at) == (at("2021-03-28 12:00:00") - 24 * HOUR_S + 1, at("2021-03-28 12:00:00") + 1)


def test_what_reaches_up_to_the_tick_is_provisional_and_nothing_else():
    as_of = at("2021-06-15 12:00:00")
    assert {name for name in WINDOW_TEXT if window(name, as_of, DUBLIN).is_provisional} == {"today", "h24"}


def test_a_day_is_the_sites_local_day():
    assert ends("d7", "2021-06-15 12:00:00", SHANGHAI) == ("2021-06-08 00:00:00", "2021-06-15 00:00:00")
    assert window("today", at("2021-06-15 00:30:00", SHANGHAI), SHANGHAI).from_at == at("2021-06-14 16:00:00", ZoneInfo("UTC"))


@given(st.integers(at("2020-01-01"), at("2030-01-01")), st.sampled_from(PLACED))
def test_no_window_reaches_past_the_tick(as_of, name):
    found = window(name, as_of, DUBLIN)
    assert found.from_at < found.to_at <= as_of + 1


@given(st.integers(at("2020-01-01"), at("2030-01-01")), st.integers(0, 40 * 24 * HOUR_S), st.sampled_from(PLACED))
def test_a_window_never_moves_back(as_of, later, name):
    first, then = window(name, as_of, DUBLIN), window(name, as_of + later, DUBLIN)
    assert first.from_at <= then.from_at
    assert first.to_at <= then.to_at


def test_an_unknown_window_is_named():
    with pytest.raises(UnknownName, match="d8"):
        window("d8", 0, DUBLIN)
