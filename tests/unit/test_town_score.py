"""The score of towns: every part within its bounds, small data gated, and never lower for more cases."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.funnel import funnel, limits, overdispersed
from cockpit.judging.rounding import half_up
from cockpit.judging.shrinkage import empirical_bayes
from cockpit.judging.town_score import TownFigures, change, level, mid_p, overdue, severity_ratio, town_scores

RULES = ColourRules(version="default")
PARTS = {"level": 35, "change": 20, "severity": 25, "overdue": 10, "repeat": 10}


def figures(observed, expected, **changed):
    o, e = np.asarray(observed, float), np.asarray(expected, float)
    years = e / 0.011
    told = TownFigures(
        observed=o, person_years=years, expected=e * o.sum() / e.sum(), observed_before=e, person_years_before=years,
        severity_sum=o * 5, open_orders=np.full(len(o), 4.0), overdue_orders=np.ones(len(o)), repeat_cases=np.floor(o * 0.3),
        city_severity=float(5 * o.sum() / years.sum()),
    )  # fmt: skip
    return replace(told, **changed)


def test_alike_towns_are_all_the_mean_and_no_town_stands_out():
    found = empirical_bayes([10, 20, 30], [10, 20, 30])
    assert (found.mean, found.between, found.theta.tolist()) == (1.0, 0.0, [1.0] * 3)
    assert funnel([10, 20, 30], [10, 20, 30]).tau2 == 0


def test_the_less_a_town_expects_the_more_it_is_drawn_to_the_mean():
    found = empirical_bayes([20, 60, 200, 20, 60, 200], [10, 30, 100, 40, 120, 400])
    assert found.weight[0] < found.weight[1] < found.weight[2]
    assert np.all(np.abs(found.theta - found.mean) < np.abs(np.array([2, 2, 2, 0.5, 0.5, 0.5]) - found.mean))


def test_over_dispersion_widens_the_limits_until_a_tenth_of_z_is_no_longer_extreme():
    observed, expected = np.array([700, 400, 300, 500, 350, 80]), np.array([500, 500, 400, 400, 300, 100.0])
    found = funnel(observed, expected)
    assert found.phi > 5
    assert np.all(np.abs(found.zstar) < np.abs(found.z) / 2)


def test_one_wild_town_does_not_hide_itself():
    expected = np.full(16, 100.0)
    observed = np.array([300, *[100] * 15])
    assert funnel(observed, expected).zstar[0] > 3


def test_a_town_lies_beyond_the_curves_of_the_funnel_exactly_when_its_zstar_does():
    expected, tau2 = np.array([5.0, 50.0, 500.0]), 0.01
    for end in limits(expected, tau2, 1.96):
        assert np.abs(overdispersed(end * expected, expected, tau2)) == pytest.approx([1.96] * 3)


def test_without_towns_or_cases_nothing_breaks():
    assert town_scores(figures([0, 0], [3, 40]), RULES).score.tolist() == pytest.approx([8.3, 8.3])
    assert funnel([], []).tau2 == 0
    assert empirical_bayes([], []).mean == 1.0


@pytest.mark.parametrize(("observed", "is_heard"), [(11, False), (14, True)])
def test_a_town_that_expects_fewer_than_5_has_no_level_unless_chance_is_all_but_excluded(observed, is_heard):
    assert (mid_p([observed], [4.9])[0] < 0.001) is np.bool_(is_heard)
    assert bool(level(np.array([3.0]), np.array([observed]), np.array([4.9]), RULES)[0]) is is_heard
    assert level(np.array([3.0]), np.array([observed]), np.array([5.0]), RULES)[0] == 35


def test_the_mid_p_is_the_tail_above_and_half_of_the_case_itself():
    assert mid_p([0, 1], [1.0, 1.0]).tolist() == pytest.approx([1 - np.exp(-1) / 2, 1 - 1.5 * np.exp(-1)])


def test_a_year_without_cases_counts_half_a_case_and_a_year_without_people_says_nothing():
    one = [np.array([value]) for value in (8.0, 1000.0, 0.0, 1000.0)]
    expected = 20 * np.log(8.5 / 0.5) / np.sqrt(1 / 8.5 + 1 / 0.5) / 3
    assert change(*one, rules=RULES)[0] == pytest.approx(expected)
    for unknown in (0.0, np.nan):
        assert change(one[0], one[1], one[2], np.array([unknown]), rules=RULES)[0] == 0


def test_overdue_orders_count_only_where_orders_are_open():
    assert overdue(np.array([0.0, 1, 3, 9]), np.array([0.0, 10, 10, 10]), RULES).tolist() == pytest.approx([0, 10 / 3, 10, 10])


def test_a_city_without_severity_has_the_ratio_1():
    assert severity_ratio(np.array([0.0]), np.array([100.0]), 0.0, RULES).tolist() == [1]


def test_a_thin_town_says_so_and_colours_follow_the_score_that_is_shown():
    found = town_scores(figures([3, 300, 200], [3, 200, 300]), RULES)
    assert found.is_thin.tolist() == [True, False, False]
    assert found.score.tolist() == [round(score, 1) for score in found.score.tolist()]
    assert found.raw_colour == [("绿", "黄", "橙", "红")[sum(score >= cut for cut in (30, 50, 70))] for score in found.score]


@pytest.mark.parametrize(
    ("value", "digits", "rounded"), [(0.05, 1, 0.1), (1.005, 2, 1.01), (-0.125, 2, -0.13), (69.95, 1, 70.0)]
)
def test_halves_are_rounded_away_from_zero(value, digits, rounded):
    assert float(half_up(value, digits)) == rounded


towns = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=2, max_size=16)
few = settings(max_examples=60, deadline=None)


@few
@given(towns)
def test_every_part_and_every_score_stays_within_its_bounds(told):
    found = town_scores(figures(*zip(*told, strict=True)), RULES)
    for part, most in PARTS.items():
        assert np.all((getattr(found, part) >= 0) & (getattr(found, part) <= most)), part
    assert np.all((found.score >= 0) & (found.score <= 100))
    unknown = {
        field.name for field in fields(found) if field.name != "raw_colour" and np.any(np.isnan(getattr(found, field.name)))
    }
    assert unknown <= ({"sir"} if not any(observed for observed, _ in told) else set())


@few
@given(towns, st.integers(0, 15), st.integers(1, 50))
def test_with_all_else_equal_more_cases_never_lower_the_level_and_the_change(told, at, more):
    at %= len(told)
    observed, expected = (np.array(column, float) for column in zip(*told, strict=True))
    risen = observed.copy()
    risen[at] += more
    tau2 = funnel(observed, expected).tau2
    levels = [level(overdispersed(o, expected, tau2), o, expected, RULES)[at] for o in (observed, risen)]
    years = expected / 0.011
    changes = [change(o, years, expected, years, rules=RULES)[at] for o in (observed, risen)]
    assert levels[1] >= levels[0]
    assert changes[1] >= changes[0] - 1e-9
