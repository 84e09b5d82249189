"""Kaplan and Meier's curve against a textbook's cohort, scipy, and a person who counts."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cockpit.survival import Reached, curve

LEUKAEMIA = (
    [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    [True] * 9 + [False] * 12,
)
"""Weeks of remission under 6-mercaptopurine. Source: Freireich 1963, as in Kalbfleisch and Prentice, section 1.1."""

cohorts = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)


def test_the_textbooks_cohort():
    found = curve(*LEUKAEMIA)
    assert [step.day for step in found.steps] == [6, 7, 10, 13, 16, 22, 23]
    assert [step.at_risk for step in found.steps] == [21, 17, 15, 12, 11, 7, 6]
    assert [step.survival for step in found.steps] == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert (found.steps[0].low, found.steps[0].high) == pytest.approx((0.6197, 0.9516), abs=5e-5)
    assert found.median() == Reached(23, 13, None)
    assert (found.n, found.ended) == (21, 9)


def test_a_share_that_is_not_reached_has_no_day():
    assert curve(*LEUKAEMIA).reached(0.9) == Reached(None, None, None)
    assert curve([3, 4, 5], [False] * 3).median() == Reached(None, None, None)
    assert curve([], []).median() == Reached(None, None, None)


def test_the_same_day_counts_as_day_nought():
    found = curve([0, 0, 0, 4], [True, True, True, False])
    assert (found.steps[0].day, found.steps[0].survival, found.median().day) == (0, 0.25, 0)


def test_when_all_have_ended_none_is_left_and_nothing_bounds_it_above():
    last = curve([1, 2], [True, True]).steps[-1]
    assert (last.survival, last.low, last.high) == (0, 0, None)


def test_a_backlog_cannot_hide():
    fast, stuck = [2] * 40, [60] * 60
    decided_only = np.median(fast)
    assert decided_only == 2
    assert curve(fast + stuck, [True] * 40 + [False] * 60).median().day is None


def test_half_is_half_however_it_is_multiplied():
    ends = [True] * 10
    assert curve(range(1, 11), ends).median().day == 5
    assert curve(range(1, 11), ends).reached(0.9).day == 9
    assert curve(range(1, 11), ends).reached(0.7).day == 7


@settings(max_examples=40)
@given(cohorts)
def test_the_curve_is_a_product_of_exact_shares(cohort):
    left, steps = Fraction(1), []
    for day in sorted({day for day, has_ended in cohort if has_ended}):
        at_risk = sum(1 for length, _ in cohort if length >= day)
        ended = sum(1 for length, has_ended in cohort if has_ended and length == day)
        left *= 1 - Fraction(ended, at_risk)
        steps.append((day, float(left), at_risk, ended))
    found = curve(*zip(*cohort, strict=True))
    assert [(s.day, pytest.approx(s.survival, abs=1e-12), s.at_risk, s.ended) for s in found.steps] == steps
    for share in (0.25, 0.5, 0.9):
        exact = Fraction(share).limit_denominator(100)
        day = next((day for day, survival, _, _ in steps if survival <= 1 - float(exact) + 1e-12), None)
        assert found.reached(share).day == day


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(max_examples=40)
@given(cohorts)
def test_the_interval_is_scipys(cohort):
    lengths, has_ended = (np.array(column) for column in zip(*cohort, strict=True))
    found = curve(lengths, has_ended)
    censored = stats.CensoredData(uncensored=lengths[has_ended], right=lengths[~has_ended])
    sf = stats.ecdf(censored).sf
    ends = sf.confidence_interval(0.95, method="log-log")
    for step in found.steps:
        place = list(sf.quantiles).index(step.day)
        assert step.survival == pytest.approx(sf.probabilities[place], abs=1e-12)
        if step.survival > 0:
            assert (step.low, step.high) == pytest.approx((ends.low.probabilities[place], ends.high.probabilities[place]))


@settings(max_examples=40)
@given(cohorts)
def test_the_share_lies_in_its_interval_and_falls(cohort):
    steps = curve(*zip(*cohort, strict=True)).steps
    assert all(step.low <= step.survival <= (1 if step.high is None else step.high) for step in steps)
    assert all(later.survival < sooner.survival for sooner, later in pairwise(steps))
