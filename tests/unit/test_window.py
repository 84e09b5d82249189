"""Windows of time: local days, frozen at 02:00 of the next one."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import UnknownName
from cockpit.window import COMPARED, DAY_S, DAYS, EPOCH, PLACED, WINDOW_TEXT, weeks_of, window, without_leap_day

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
    assert {name for name in WINDOW_TEXT if window(name, as_of, DUBLIN).is_provisional} == {
        *("today", "h24", "week", "month", "ytd")
    }


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


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("week", "2026-11-16 00:00:00", "2026-11-22 15:30:01"),
        ("month", "2026-11-01 00:00:00", "2026-11-22 15:30:01"),
        ("ytd", "2026-01-01 00:00:00", "2026-11-22 15:30:01"),
        ("r12", "2025-11-22 00:00:00", "2026-11-22 00:00:00"),
        ("today_ly", "2025-11-23 00:00:00", "2025-11-23 15:30:01"),  # 52 weeks before: a Sunday too
        ("week_ly", "2025-11-17 00:00:00", "2025-11-23 15:30:01"),
        ("month_ly", "2025-11-01 00:00:00", "2025-11-22 15:30:01"),
        ("ytd_ly", "2025-01-01 00:00:00", "2025-11-22 15:30:01"),
        ("r12_ly", "2024-11-22 00:00:00", "2025-11-22 00:00:00"),
        ("w156", "2023-11-20 00:00:00", "2026-11-16 00:00:00"),
        ("w53", "2025-11-10 00:00:00", "2026-11-16 00:00:00"),
    ],
)
def test_an_office_reports_by_the_calendar(name, first, last):
    assert ends(name, "2026-11-22 15:30:00", SHANGHAI) == (first, last)


@pytest.mark.parametrize(
    ("name", "as_of", "expected"),
    [
        ("ytd_ly", "2024-02-29 12:00:00", ("2023-01-01 00:00:00", "2023-03-01 00:00:00")),
        ("month_ly", "2024-02-29 12:00:00", ("2023-02-01 00:00:00", "2023-03-01 00:00:00")),
        ("r12", "2024-02-29 12:00:00", ("2023-03-01 00:00:00", "2024-02-29 00:00:00")),
        ("r12_ly", "2024-02-29 12:00:00", ("2022-03-01 00:00:00", "2023-03-01 00:00:00")),
        ("month_ly", "2025-03-31 12:00:00", ("2024-03-01 00:00:00", "2024-03-31 12:00:01")),
    ],
)
def test_last_year_of_a_leap_year_is_the_calendars(name, as_of, expected):
    assert ends(name, as_of, SHANGHAI) == expected


@given(st.integers(at("2020-01-01"), at("2030-01-01")), st.sampled_from(["month", "ytd", "r12"]))
def test_windows_that_are_compared_are_of_the_same_days_without_29_february(as_of, name):
    def days(found):
        begin, end = (EPOCH + timedelta(days=day) for day in found.days)
        left = found.left_out.from_on if found.left_out else None
        return [
            (day.month, day.day)
            for day in (begin + timedelta(days=i) for i in range((end - begin).days))
            if (day - EPOCH).days != left
        ]

    now = without_leap_day(window(name, as_of, SHANGHAI), SHANGHAI)
    assert days(now) == days(window(f"{name}_ly", as_of, SHANGHAI))


@given(st.integers(at("2020-01-01"), at("2030-01-01")))
def test_weeks_are_whole_from_monday_on_and_follow_one_another(as_of):
    span = window("w156", as_of, SHANGHAI)
    weeks = list(weeks_of(span, SHANGHAI))
    assert len(weeks) == 156
    assert (weeks[0].from_at, weeks[-1].to_at) == (span.from_at, span.to_at)
    assert all(later.from_at == week.to_at for week, later in pairwise(weeks))
    assert all((EPOCH + timedelta(days=week.days[0])).isoweekday() == 1 for week in weeks)
    assert span.to_at <= as_of - 2 * HOUR_S < span.to_at + 7 * DAY_S


def test_a_week_is_named_by_the_year_of_its_thursday():
    assert [week.label for week in weeks_of(window("w156", at("2025-01-06 12:00:00"), DUBLIN), DUBLIN)][-1] == "2025-W01"


@pytest.mark.parametrize("name", COMPARED)
def test_every_compared_window_has_its_last_year(name):
    assert f"{name}_ly" in WINDOW_TEXT
