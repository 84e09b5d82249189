"""The reporting triangle and its law against the domain specification's golden triangle, and against plain counting."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.reporting_delay import p_of_no_change, reporting_law, triangle
from tests.reported import LAWS, TOWN_PERSON_YEARS, a_week_later, world

GOLDEN = [[10, 5, 3, 2], [12, 4, 2, 2], [8, 6, 3, 1], [11, 5, 2], [9, 7], [10]]


def cases(rows):
    """Return each case's week and delay."""
    each = [(week, delay) for week, row in enumerate(rows) for delay, count in enumerate(row) for _ in range(count)]
    return np.array(each, np.int64).reshape(-1, 2).T


def golden(**told):
    weeks, delays = cases(GOLDEN)
    return triangle(weeks, delays, **{"first_week": 0, "running_week": 6, "max_delay": 3, **told})


records = st.lists(st.tuples(st.integers(-2, 40), st.integers(0, 12)), max_size=150)


def test_the_golden_triangle_has_its_hazards_and_completeness():
    law = reporting_law(golden())
    assert law.hazards[1:] == pytest.approx((0.3506, 0.1408, 0.0862), abs=5e-5)
    assert law.completeness == pytest.approx((0.5098, 0.7851, 0.9138, 1), abs=5e-5)
    assert not law.is_law_changed


def test_cases_of_later_weeks_and_cases_not_known_yet_are_left_out():
    known = golden(running_week=4)
    assert known.counts.tolist() == [[10, 5, 3, 2], [12, 4, 2, 0], [8, 6, 0, 0], [11, 0, 0, 0]]
    assert known.late_counts.tolist() == [0, 0, 0, 0]


def test_once_the_running_week_has_begun_its_reports_count_and_its_accidents_do_not():
    assert golden(running_week=4, elapsed=0.4).counts.tolist() == [[10, 5, 3, 2], [12, 4, 2, 2], [8, 6, 3, 0], [11, 5, 0, 0]]


def test_the_running_weeks_reports_tell_nothing_of_the_law_before_it_is_over():
    assert reporting_law(golden(running_week=4, elapsed=0.4)).hazards == reporting_law(golden(running_week=4)).hazards


def test_what_comes_later_than_the_triangle_reaches_is_counted_apart():
    known = triangle([0, 0, 1], [1, 9, 3], first_week=0, running_week=20, max_delay=3)
    assert known.counts[:2].tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]
    assert known.late_counts[:2].tolist() == [1, 0]


def test_a_case_accepted_before_its_accident_is_known_at_once():
    assert triangle([3], [-2], first_week=3, running_week=4).counts[0, 0] == 1


def test_a_delay_that_no_week_was_watched_for_is_not_known():
    law = reporting_law(triangle(*cases(GOLDEN[:2]), first_week=0, running_week=2, max_delay=3))
    assert law.hazards[2:] == (None, None)
    assert law.completeness == (None, None, None, 1)


def test_without_any_case_nothing_is_known_of_the_law():
    law = reporting_law(triangle([], [], first_week=0, running_week=50))
    assert (set(law.hazards), law.completeness[0], law.p_value, law.is_law_changed) == ({None}, None, None, False)


@settings(max_examples=40)
@given(records, st.integers(1, 40))
def test_hazards_and_completeness_are_those_of_plain_counting(record, running):
    weeks, delays = np.array(record, np.int64).reshape(-1, 2).T
    law = reporting_law(triangle(weeks, delays, first_week=0, running_week=running, max_delay=8))
    if law.is_law_changed:
        return
    expected, left = [], Fraction(1)
    for delay in range(9):
        rows = [week for week in range(running) if week + delay < running][-26:]
        upto = [d for w, d in record if w in rows and d <= delay and w + d < running]
        expected.append(Fraction(upto.count(delay), len(upto)) if upto else None)
    assert law.hazards == pytest.approx([each and float(each) for each in expected])
    for lag in range(8, 0, -1):
        left = None if left is None or expected[lag] is None else left * (1 - expected[lag])
        assert law.completeness[lag - 1] == (None if left is None else pytest.approx(float(left), abs=1e-12))


def test_only_the_newest_26_rows_of_a_delay_count():
    old, new = [[0, 0, 100]] * 30, [[50, 50, 0]] * 26
    law = reporting_law(triangle(*cases(old + new), first_week=0, running_week=58, max_delay=2))
    assert law.hazards == pytest.approx((1, 0.5, 0))


def test_no_change_is_as_likely_as_the_textbooks_chi_square_says():
    month, before = (np.array([9.0, 30.0]), np.array([9.0, 100.0])), (np.array([9.0, 20.0]), np.array([9.0, 100.0]))
    assert p_of_no_change(month, before) == pytest.approx(0.10247, abs=1e-5)  # χ² = 2.6667 of 30/100 and 20/100


def test_too_few_cases_tell_nothing_of_a_change():
    few = (np.array([1.0, 4.0]), np.array([1.0, 8.0]))
    assert p_of_no_change(few, few) is None


def test_once_the_law_has_changed_only_the_last_eight_rows_are_asked():
    law = LAWS["prompt"]
    changed = world(1, 60, lambda week: a_week_later(law) if week >= 50 else law)
    known = changed.known(60)
    found = reporting_law(known)
    assert found.is_law_changed
    assert found.p_value < 0.01
    came, sooner = known.counts[51:59, 1].sum(), known.counts[51:59, :2].sum()
    assert found.hazards[1] == pytest.approx(came / sooner)
    came, sooner = known.counts[55:59, 1].sum(), known.counts[55:59, :2].sum()
    last_month = found.month_completeness
    assert last_month[0] == pytest.approx(last_month[1] * (1 - came / sooner))


def test_a_world_seen_case_by_case_is_the_same_as_in_counts():
    made = world(3, 40, LAWS["prompt"])
    weeks, towns, delays = np.nonzero(made.cases)
    times = made.cases[weeks, towns, delays]
    is_town = np.repeat(towns, times) == len(TOWN_PERSON_YEARS) - 1
    case_weeks, case_delays = np.repeat(weeks, times), np.repeat(delays, times)
    city = triangle(case_weeks, case_delays, first_week=0, running_week=35)
    town = triangle(case_weeks[is_town], case_delays[is_town], first_week=0, running_week=35)
    assert (city.counts == made.known(35).counts).all()
    assert (town.counts == made.known(35, len(TOWN_PERSON_YEARS) - 1).counts).all()
