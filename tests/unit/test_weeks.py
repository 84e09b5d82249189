"""ISO weeks against the calendar of the standard library."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.weeks import monday, sunday_before, sunday_from, week_label, week_named, week_of, week_of_day

EPOCH = date(1970, 1, 1)


def test_the_last_days_of_2024_are_in_the_first_week_of_2025():
    week = week_of(date(2024, 12, 30))
    assert week_label(week) == "2025-W01"
    assert monday(week) == date(2024, 12, 30)
    assert {week_of(monday(week) + timedelta(days)) for days in range(7)} == {week}
    assert week_of(date(2024, 12, 29)) == week - 1


@given(st.dates(date(1950, 1, 1), date(2200, 1, 1)))
def test_a_weeks_name_is_the_standards_and_leads_back_to_it(day):
    year, number, weekday = day.isocalendar()
    week = week_of(day)
    assert week_label(week) == f"{year}-W{number:02}"
    assert week_named(week_label(week)) == week
    assert monday(week) == day - timedelta(days=weekday - 1)
    assert week_of_day((day - EPOCH).days) == week


@given(st.dates(date(1950, 1, 1), date(2200, 1, 1)))
def test_the_sundays_beside_a_day_are_those_of_the_calendar(day):
    day_on = (day - EPOCH).days
    after, before = EPOCH + timedelta(sunday_from(day_on)), EPOCH + timedelta(sunday_before(day_on))
    assert after.isoweekday() == before.isoweekday() == 7
    assert day <= after < day + timedelta(7)
    assert day - timedelta(7) <= before < day


def test_days_of_an_array_have_the_same_weeks():
    days = np.arange(-10, 20)
    assert week_of_day(days).tolist() == [week_of_day(int(day)) for day in days]


def test_a_year_of_52_weeks_has_no_53rd():
    assert week_label(week_named("2026-W53")) == "2026-W53"
    with pytest.raises(ValueError, match="53"):
        week_named("2025-W53")
