"""The weekly cumulative sum: alarms, what follows them, and what a week expects (section 3.3)."""

from math import log, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.cusum import cusum, weeks_expected

RULES = ColourRules(version="default")


def run(observed, expected, skipped=()):
    return cusum(observed, expected, [i in skipped for i in range(len(observed))], RULES)


def test_the_sum_grows_by_cases_and_falls_by_what_was_expected():
    values = [week.value for week in run([4, 6, 0], [3.0, 3.0, 9.0])]
    assert values == pytest.approx([4 * log(1.5) - 1.5, 10 * log(1.5) - 3.0, 0.0])


@pytest.mark.parametrize(
    ("expected", "cases", "is_alarm"), [(2.0, 11, False), (2.0, 12, True), (1.9, 8, False), (1.9, 9, True)]
)
def test_the_limit_is_lower_where_fewer_than_two_are_expected(expected, cases, is_alarm):
    assert run([cases], [expected])[0].is_alarm is is_alarm


def test_after_an_alarm_the_sum_begins_at_0_again():
    first, second = run([20, 4], [3.0, 3.0])
    assert (first.is_alarm, first.value > RULES.cusum_high) == (True, True)
    assert second.value == pytest.approx(4 * log(1.5) - 1.5)


def test_in_a_skipped_week_and_in_one_without_a_working_day_the_sum_stays():
    values = [week.value for week in run([4, 50, 50, 0], [3.0, 3.0, 0.0, 0.2], skipped={1})]
    assert values[0] == values[1] == values[2]
    assert values[3] == pytest.approx(values[0] - 0.1)


def test_without_a_year_of_weeks_there_is_no_sum():
    assert [week.value for week in run([9, 9], [None, nan])] == [None, None]
    assert np.isnan(weeks_expected([1] * 53)).tolist() == [True] * 52 + [False]


def test_a_week_expects_the_mean_of_the_104_before_it():
    observed = [1000, *[2] * 52, *[4] * 52, 50, 0]
    assert weeks_expected(observed)[[105, 106]].tolist() == pytest.approx([3.0, (51 * 2 + 52 * 4 + 50) / 104])


def test_a_short_week_expects_less_and_one_without_working_days_nothing():
    workdays = [*[5.0] * 60, 3.0, 0.0, nan]
    found = weeks_expected([5] * 63, workdays)
    assert found[60] == pytest.approx(3.0)
    assert found[61] == 0
    assert found[62] == pytest.approx(5.0)


def test_towns_are_expected_as_if_each_were_alone():
    towns = np.random.default_rng(1).poisson(3, (4, 120))
    together = weeks_expected(towns, [5.0] * 120)
    assert np.array_equal(together, np.array([weeks_expected(town) for town in towns]), equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(0, 29))
def test_one_more_case_never_lowers_the_sum_of_its_week(observed, at):
    at %= len(observed)
    more = [*observed[:at], observed[at] + 1, *observed[at + 1 :]]
    assert run(more, [3.0] * len(more))[at].value > run(observed, [3.0] * len(more))[at].value - 1e-12
