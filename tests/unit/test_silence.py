"""Silence is not zero, and neither a quiet small town nor a holiday is silence (section 10.3, golden test T21)."""

from datetime import date, timedelta
from fractions import Fraction
from math import exp

import pytest

from cockpit.silence import FURTHEST_WEEKS, RATE_WEEKS, SILENT_BELOW, empty_run, week_intake, week_intakes

SUNDAY = date(2026, 6, 7)


def is_weekday(day):
    return day.isoweekday() <= 5


def steady(per_week, *, upto=SUNDAY, weeks=40):
    """Return so many a week, spread over Monday to Friday, up to a day."""
    counts = {}
    for week in range(weeks):
        monday = upto - timedelta(weeks=week, days=upto.weekday())
        for i in range(per_week):
            day = monday + timedelta(days=i % 5)
            if day <= upto:
                counts[day] = counts.get(day, 0) + 1
    return counts


def told(this_week, before):
    """Return the intake of weeks, the newest first."""
    counts = {SUNDAY - timedelta(weeks=i + 1): count for i, count in enumerate(before)}
    return {SUNDAY: this_week, **counts}


def test_t21_a_weekly_intake_of_30_percent_of_the_median_freezes_the_colours():
    intake = week_intake(told(30, [100] * 8), is_weekday, SUNDAY)
    assert (intake.per_workday, intake.usual_per_workday) == (6, 20)
    assert intake.is_outage


@pytest.mark.parametrize(("this_week", "is_outage"), [(39, True), (40, False), (41, False), (0, True), (1000, False)])
def test_less_than_40_percent_of_the_median_is_an_outage_and_40_percent_is_none(this_week, is_outage):
    before = [60, 80, 90, 100, 100, 110, 120, 700]  # whose median is 100 and whose mean is 170
    assert week_intake(told(this_week, before), is_weekday, SUNDAY).is_outage is is_outage


def test_a_short_week_is_held_against_its_working_days():
    def is_workday(day):
        return is_weekday(day) and not SUNDAY - timedelta(days=6) <= day <= SUNDAY - timedelta(days=3)  # Monday to Thursday off

    worked = {day: count for day, count in steady(100).items() if is_workday(day)}
    intake = week_intake(worked, is_workday, SUNDAY)
    assert (intake.per_workday, intake.usual_per_workday, intake.is_outage) == (20, 20, False)


def test_a_festival_does_not_end_an_outage():
    festival = {SUNDAY - timedelta(days=i) for i in range(9)}
    counts = steady(100, upto=SUNDAY - timedelta(days=24))
    assert week_intake(counts, lambda day: is_weekday(day) and day not in festival, SUNDAY).is_outage


def test_a_week_without_a_working_day_is_no_outage_and_is_not_in_the_median():
    festival = {SUNDAY - timedelta(days=i) for i in range(7)}
    assert not week_intake(told(0, [100] * 8), lambda day: is_weekday(day) and day not in festival, SUNDAY).is_outage
    in_between = {day - timedelta(weeks=1) for day in festival}
    intake = week_intake(told(30, [0, *[100] * 8]), lambda day: is_weekday(day) and day not in in_between, SUNDAY)
    assert intake.usual_per_workday == Fraction(20)
    assert intake.is_outage


def test_with_fewer_than_8_weeks_before_it_nobody_can_say():
    first_day = SUNDAY - timedelta(weeks=8) + timedelta(days=1)
    intake = week_intake(told(0, [100] * 7), lambda day: is_weekday(day) and day >= first_day, SUNDAY)
    assert intake.usual_per_workday is None
    assert not intake.is_outage


def test_a_long_outage_stays_an_outage_and_ends_when_the_intake_is_back():
    counts = told(95, [*[0] * 40, *[100] * 30])
    weeks = week_intakes(counts, is_weekday, SUNDAY)
    assert [week.is_outage for week in weeks] == [False] * 30 + [True] * 40 + [False]
    assert {week.usual_per_workday for week in weeks[8:]} == {20}
    assert week_intake(counts, is_weekday, SUNDAY) == weeks[-1]


def test_a_trickle_does_not_become_usual():
    assert all(week.is_outage for week in week_intakes(told(30, [*[35] * 40, *[100] * 20]), is_weekday, SUNDAY)[20:])


def test_of_two_years_without_anything_nobody_can_say_what_is_usual():
    weeks = week_intakes(told(0, [*[0] * FURTHEST_WEEKS, *[100] * 8]), is_weekday, SUNDAY)
    assert weeks[-1].usual_per_workday is None
    assert sum(week.is_outage for week in weeks) == FURTHEST_WEEKS - 7


def test_nothing_ever_is_no_outage_of_something():
    assert not week_intake({}, is_weekday, SUNDAY).is_outage


@pytest.mark.parametrize(("days", "is_silent"), [(6, False), (7, True)])
def test_a_town_with_one_a_day_is_silent_after_seven_empty_working_days(days, is_silent):
    friday = date(2026, 5, 29)
    last = friday + timedelta(days=3 + days - 1) if days <= 5 else friday + timedelta(days=5 + days - 1)
    run = empty_run(steady(5, upto=friday), is_weekday, last)
    assert run.day_count == days
    assert run.probability == pytest.approx(exp(-days))
    assert run.is_silent is is_silent


def test_a_quiet_small_town_is_not_silent_when_a_busy_one_would_be():
    month_ago = SUNDAY - timedelta(weeks=4)
    quiet, busy = steady(1, upto=month_ago), steady(10, upto=month_ago)
    assert not empty_run(quiet, is_weekday, SUNDAY).is_silent
    assert empty_run(busy, is_weekday, SUNDAY).is_silent


def test_a_holiday_is_not_silence():
    begins = SUNDAY - timedelta(days=13)

    def is_workday(day):
        return is_weekday(day) and day < begins

    run = empty_run(steady(50, upto=begins - timedelta(days=1)), is_workday, SUNDAY)
    assert (run.day_count, run.probability, run.is_silent) == (0, 1.0, False)


def test_a_weekend_adds_nothing_to_a_run():
    friday = date(2026, 6, 5)
    counts = steady(5, upto=friday - timedelta(days=3))
    runs = [empty_run(counts, is_weekday, friday + timedelta(days=days)) for days in range(3)]
    assert {(run.day_count, run.probability) for run in runs} == {(3, exp(-3.0))}


def test_a_town_of_which_nothing_ever_came_is_not_silent_but_unknown():
    assert not empty_run({}, is_weekday, SUNDAY).is_silent


@pytest.mark.parametrize("weeks", [RATE_WEEKS - 1, RATE_WEEKS + 1, 53, 150])
def test_a_long_silence_does_not_make_itself_probable(weeks):
    ended = SUNDAY - timedelta(weeks=weeks)
    assert empty_run(steady(5, upto=ended, weeks=60), is_weekday, SUNDAY).probability < SILENT_BELOW / 10**6


def test_a_day_with_news_ends_the_run():
    assert empty_run({**steady(5), SUNDAY: 1}, is_weekday, SUNDAY).day_count == 0
