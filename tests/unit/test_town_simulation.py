"""The simulation report of the colours: its towns are what it says, its figures follow the rule, each time the same."""

import numpy as np
import pytest

from cockpit.bench.colours import MEASURE, alarms, months_with
from cockpit.bench.figure import Place, Sizes
from cockpit.bench.simulated_towns import BURN_IN_WEEKS, CASES_A_YEAR, TOWNS, exposures, rolled, simulated
from cockpit.bench.town_runs import MEDIAN_TOWN, Runs, colours, factors_of, flips
from cockpit.judging.colour_rules import ColourRules
from etl.simulation.injury.mixes import GRADES

RULES = ColourRules(version="default")
SMALL = Sizes(colour_months=12, colour_runs=4)


@pytest.fixture(scope="module")
def towns():
    return simulated(np.random.default_rng(7), 6, factors_of(104), RULES, towns=[*range(TOWNS)])


def test_the_biggest_town_expects_forty_times_the_smallest_and_all_together_a_year_of_the_city():
    assert exposures()[-1] / exposures()[0] == pytest.approx(40)
    assert exposures().sum() == pytest.approx(CASES_A_YEAR)
    assert 20 < exposures()[0] < 30


def test_all_towns_have_one_true_rate(towns):
    ratios = towns.cases.sum(axis=(0, 1)) / (exposures() * 4 * 6)
    assert ratios == pytest.approx(np.ones(TOWNS), abs=0.12)
    assert towns.cases.sum() / (CASES_A_YEAR * 24) == pytest.approx(1, abs=0.01)


def test_cases_of_firms_with_several_orders_and_severity_are_those_of_the_specification(towns):
    steady = slice(BURN_IN_WEEKS, None)
    repeated = towns.repeat_cases[:, steady].sum(axis=(0, 1)) / towns.observed[:, steady].sum(axis=(0, 1))
    assert np.all((repeated > 0.2) & (repeated < 0.38))
    open_orders = towns.open_orders[:, steady]
    assert 2 < open_orders.mean() < 6
    assert 0.10 < towns.overdue_orders[:, steady].sum() / open_orders.sum() < 0.15
    graded = sum(0.5 * share * RULES.grade_weights[int(grade) - 1] for grade, share in GRADES.parts.items())
    per_case = towns.severity_sum[:, steady].sum() / towns.observed[:, steady].sum()
    assert per_case == pytest.approx(graded + 0.0012 * 60 + 0.75, rel=0.03)  # half of those to be graded are not yet


def test_a_case_counts_once_however_it_is_known(towns):
    assert np.all(towns.severity_sum >= towns.observed * 0.99)
    assert np.all(towns.repeat_cases <= towns.observed)
    assert np.all((towns.overdue_orders >= 0) & (towns.overdue_orders <= towns.open_orders))


def test_a_sum_of_weeks_is_what_adding_them_gives():
    values = np.arange(24.0).reshape(1, 12, 2)
    assert rolled(values, 5)[0, 9].tolist() == values[0, 5:10].sum(axis=0).tolist()
    assert rolled(values, 5)[0, 2].tolist() == values[0, :3].sum(axis=0).tolist()


def test_the_naive_rule_is_the_raw_rate_against_fixed_thresholds(towns):
    week = BURN_IN_WEEKS + 5
    ratio = towns.observed[2, week] / towns.observed[2, week].sum() / (exposures() / exposures().sum())
    naive = Runs(towns, np.zeros((6, 104, TOWNS))).naive[2, 5]
    assert naive.tolist() == [3 if r >= 1.5 else 2 if r >= 1.25 else 0 for r in ratio]


def test_a_month_counts_once_however_many_towns_and_weeks_it_holds():
    flags = np.zeros((2 * TOWNS, 52), bool)
    flags[0, :4] = flags[1, 1] = flags[TOWNS, 51] = True
    assert months_with(flags, 2) == pytest.approx(100 * 2 / 24)


def test_a_change_of_colour_counts_by_the_year():
    scores = np.array([[20.0] * 26 + [90.0] * 27])
    assert flips(colours(scores, RULES)) == 1


def test_a_town_that_triples_raises_the_alarm():
    tripled = simulated(np.random.default_rng(3), 5, factors_of(12, 3, since=4), RULES, towns=[])
    assert alarms(tripled.cases[:, :, MEDIAN_TOWN], RULES)[:, 4:].any(axis=1).all()


def test_the_report_is_the_same_each_time(tmp_path):
    first, second = ([figure.plain() for figure in MEASURE.run(Place(tmp_path, SMALL))] for _ in range(2))
    assert first == second
    assert [figure["name"] for figure in first] == list(MEASURE.names)
