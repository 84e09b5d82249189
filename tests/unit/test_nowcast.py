"""The nowcast against the domain specification's golden values, scipy's negative binomial, and what must hold always."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cockpit.control_chart import chart
from cockpit.nowcast import VAGUE, Prior, nowcast, posterior, prior_of
from cockpit.reporting_delay import reporting_law, triangle
from tests.reported import LAWS, world

SMALLEST = 15
shares = st.one_of(st.just(1.0), st.floats(0.01, 0.999))


def one(prior, observed, share):
    return [float(each[0]) for each in posterior(prior, np.array([observed]), np.array([share]))]


@pytest.mark.parametrize(
    ("a", "b", "observed", "share", "expected"),
    [(10, 1, 4, 0.5, (8.667, 5, 13)), (40, 4, 9, 0.9, (10, 9, 12))],
)
def test_the_golden_posteriors(a, b, observed, share, expected):
    assert one(Prior(a, b), observed, share) == pytest.approx(expected, abs=5e-4)


@settings(max_examples=80)
@given(st.floats(0.1, 400), st.floats(0.02, 30), st.integers(0, 300), shares)
def test_what_is_to_come_is_scipys_negative_binomial(a, b, observed, share):
    mean, low, high = one(Prior(a, b), observed, share)
    size, p = a + observed, min((b + share) / (b + 1), 1.0)
    to_come = stats.nbinom(size, p)
    assert mean == pytest.approx(observed + to_come.mean(), rel=1e-9)
    for end, q in ((low, 0.05), (high, 0.95)):
        assert to_come.cdf(end - observed) >= q - 1e-9
        assert end == observed or to_come.cdf(end - observed - 1) < q + 1e-9


@given(st.floats(0.1, 400), st.floats(0.02, 30), st.integers(0, 300), shares)
def test_a_final_count_is_never_below_what_is_known_and_exact_once_all_is(a, b, observed, share):
    mean, low, high = one(Prior(a, b), observed, share)
    assert observed <= low <= high
    assert observed <= mean
    if share == 1:
        assert mean == low == high == observed


def test_the_prior_has_the_moments_of_the_complete_weeks():
    counts = np.array([4, 10, 16] * 8)
    prior = prior_of(counts, np.ones(24))
    mean, variance = counts.mean(), counts.var(ddof=1)
    assert prior.a / prior.b == pytest.approx(mean)
    assert prior.a / prior.b**2 == pytest.approx(variance - mean)


def test_weeks_that_vary_less_than_chance_leave_a_prior_that_is_sure_up_to_a_point():
    assert prior_of(np.full(52, 10), np.ones(52)) == Prior(200, 20)


def test_the_prior_asks_the_last_52_complete_weeks_only():
    counts = np.array([500] * 30 + [10] * 52 + [1] * 4)
    assert prior_of(counts, np.array([1.0] * 82 + [0.94, 0.9, 0.6, 0.2])) == Prior(200, 20)


def test_a_record_too_short_for_a_prior_has_a_vague_one():
    assert prior_of(np.full(11, 10), np.ones(11)) == VAGUE
    assert np.isnan(one(VAGUE, 0, 0.0)).all()  # nothing is seen and nothing is thought


def test_a_town_without_a_case_all_year_is_expected_to_have_none():
    mean, low, high = one(prior_of(np.zeros(52), np.ones(52)), 0, 0.1)
    assert mean < 0.01
    assert (low, high) == (0, 0)


def test_weeks_come_oldest_first_and_old_ones_are_exact():
    made = world(5, 120, LAWS["employers and workers"])
    found = made.city(120)
    assert [week.week for week in found.weeks] == list(range(120))
    truth = made.truth.sum(axis=1)
    for week in found.weeks[:94]:
        assert week[1:] == (truth[week.week], 0, 1, truth[week.week], truth[week.week], truth[week.week], False, True)
    assert all(week.completeness < 1 for week in found.weeks[94:])


def test_the_raw_tail_is_hatched_and_no_trend_is_read_from_it():
    found = world(5, 120, LAWS["employers and workers"]).city(120)
    tail = [week for week in found.weeks if week.is_raw]
    assert [week.week for week in tail] == list(range(120 - len(tail), 120))
    assert all((week.completeness < 0.95) == week.is_raw for week in found.weeks)
    judged = found.judged()
    assert [value is None for value in judged] == [week.completeness < 0.85 for week in found.weeks]
    newest = max(week.week for week in found.weeks if week.completeness >= 0.85)
    assert chart(judged, direction="down").newest_index == newest < 119


def test_a_town_borrows_the_citys_law():
    made = world(7, 120, LAWS["prompt"])
    law = made.city(120).law
    town = made.town(120, SMALLEST, law)
    assert [week.completeness for week in town.weeks] == [week.completeness for week in made.city(120).weeks]
    assert town.law is law


def test_between_two_weeks_ends_completeness_grows_evenly():
    known = world(7, 60, LAWS["prompt"]).known(60)
    law = reporting_law(known)
    midweek = nowcast(type(known)(0, known.counts, known.late_counts, 0.25), law)
    newest = midweek.weeks[-1].completeness
    assert newest == pytest.approx(0.75 * law.completeness[0] + 0.25 * law.completeness[1])
    assert midweek.weeks[0].completeness == 1


def test_what_came_too_late_for_newer_weeks_to_have_is_known_but_no_part_of_a_trend():
    weeks, delays = np.repeat(np.arange(100), 10), np.tile([0, 0, 0, 0, 0, 0, 0, 1, 1, 40], 100)
    found = nowcast(triangle(weeks, delays, first_week=0, running_week=100))
    assert (found.weeks[10].observed, found.weeks[10].late_count, found.weeks[10].mean) == (10, 1, 10)
    assert (found.weeks[80].observed, found.weeks[80].late_count) == (9, 0)
    assert set(found.judged()[:-1]) == {9.0}


def test_a_record_shorter_than_the_longest_delay_estimates_nothing():
    found = world(7, 30, LAWS["prompt"]).city(20)
    assert all(week.is_raw and week.mean is None and week.completeness is None for week in found.weeks)
    assert found.weeks[0].observed > 0
    assert set(found.judged()) == {None}


def test_without_any_week_there_is_nothing_to_say():
    assert nowcast(triangle([], [], first_week=5, running_week=5)).weeks == ()


def test_once_the_law_has_changed_the_interval_spans_the_last_eight_rows_and_last_month():
    known = world(5, 120, LAWS["employers and workers"]).known(120)
    law = reporting_law(known)
    slower = tuple(share * 0.9 if share < 1 else share for share in law.completeness)
    faster = tuple(min(share * 1.2, 1.0) for share in law.completeness)
    both = nowcast(known, type(law)(law.hazards, law.completeness, slower, 0.001, is_law_changed=True))
    assert both.is_law_changed
    week = both.weeks[-3]
    by_eight, by_month = (one(both.prior, week.observed, each[2]) for each in (law.completeness, slower))
    assert (week.completeness, week.mean) == pytest.approx((law.completeness[2], by_eight[0]))
    assert (week.low, week.high) == (min(by_eight[1], by_month[1]), max(by_eight[2], by_month[2]))
    assert week.high > by_eight[2]
    sooner = nowcast(known, type(law)(law.hazards, law.completeness, faster, 0.001, is_law_changed=True)).weeks[-3]
    assert sooner.low == one(both.prior, week.observed, faster[2])[1] < by_eight[1]
    assert sum(week.is_judged for week in both.weeks) < sum(week.is_judged for week in nowcast(known, law).weeks)


def test_three_years_of_a_city_take_milliseconds():
    made = world(1, 156, LAWS["employers and workers"])
    weeks, _, delays = np.nonzero(made.cases)
    times = made.cases[made.cases > 0]
    case_weeks, case_delays = np.repeat(weeks, times), np.repeat(delays, times)
    took = []
    for _ in range(7):
        began = time.perf_counter()
        nowcast(triangle(case_weeks, case_delays, first_week=0, running_week=156))
        took.append(time.perf_counter() - began)
    assert min(took) < 0.02
