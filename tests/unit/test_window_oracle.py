"""Windows at any instant, near the turn of days, months and leap years above all: what plain dates say they are."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.formula_combined import Part
from cockpit.window import EPOCH, WINDOW_TEXT, weeks_of, window
from tests.oracle import windows as oracle

ZONES = tuple(map(ZoneInfo, ("Asia/Shanghai", "Europe/Dublin", "America/New_York")))
NEAR_THE_TURN = st.builds(
    lambda day, clock: datetime.fromisoformat(f"{day} {clock}"),
    st.sampled_from(["2023-12-31", "2024-01-01", "2024-02-28", "2024-02-29", "2024-03-01", "2025-02-27", "2025-02-28"])
    | st.dates(datetime(2020, 1, 1).date(), datetime(2033, 1, 1).date()).map(str),
    st.sampled_from(["00:00:00", "01:59:59", "02:00:00", "12:00:00", "23:59:59"]),
)


def day(number):
    return EPOCH + timedelta(days=number)


def told(span):
    left = None if span.left_out is None else day(span.left_out.from_on)
    return oracle.Stretch(span.from_at, span.to_at, day(span.days[0]), day(span.days[1]), span.is_provisional, left)


@given(NEAR_THE_TURN, st.sampled_from(ZONES))
def test_windows_are_what_plain_dates_say(local, zone):
    as_of = oracle.utc(local, zone)
    expected = oracle.stretches(as_of, zone)
    assert {name: told(window(name, as_of, zone)) for name in WINDOW_TEXT if name != "now"} == {
        name: expected[name] for name in WINDOW_TEXT if name != "now"
    }


@given(NEAR_THE_TURN, st.sampled_from(ZONES), st.sampled_from(oracle.COMPARED))
def test_what_is_held_against_last_year_is_what_plain_dates_say(local, zone, name):
    as_of = oracle.utc(local, zone)
    found = Part("any", "compared").span(window(name, as_of, zone), as_of, zone)
    assert told(found) == oracle.compared(name, oracle.stretches(as_of, zone)[name])


@given(NEAR_THE_TURN, st.sampled_from(ZONES))
def test_weeks_are_named_and_bounded_as_iso_8601_says(local, zone):
    as_of = oracle.utc(local, zone)
    found = {week.label: (week.from_at, week.to_at) for week in weeks_of(window("w156", as_of, zone), zone)}
    whole = oracle.weeks(oracle.stretches(as_of, zone)["w156"], zone)
    assert found == {label: (week.start, week.end) for label, week in whole.items()}


@pytest.mark.parametrize(("as_of", "then"), [("2029-02-27 12:00", "2028-02-29"), ("2025-02-27 12:00", "2024-02-29")])
def test_the_same_weekday_of_last_year_is_counted_though_it_is_a_29_february(as_of, then):
    found = window("today_ly", oracle.utc(datetime.fromisoformat(as_of), ZONES[0]), ZONES[0])
    assert (str(day(found.days[0])), found.left_out) == (then, None)
