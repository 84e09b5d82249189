"""The enterprise risk index: the worked example of the domain specification to its printed digits, and its laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cockpit.judging.priorities import RISK_COMPARISONS, ahp, entropy_weights
from cockpit.judging.risk_index import FirmFigures, firm_indices, shrunk_ratio
from cockpit.judging.risk_priors import estimated
from cockpit.judging.risk_reason import reason
from cockpit.judging.risk_rules import RiskRules
from cockpit.judging.rounding import half_up

RULES = RiskRules()
WORKED = {
    "risk_cat": [4] * 4,
    "person_years": [120, 8, 300, 45],
    "person_years_before": [115, 8, 290, 44],
    "observed": [6, 1, 0, 4],
    "observed_before": [2, 0, 1, 3],
    "severity_sum": [46, 7, 7, 53],
    "premium_yuan": [152_280, 10_368, 382_320, 57_672],
    "benefits_yuan": [268_000, 38_000, 42_000, 210_000],
    "deaths": [0] * 4,
    "severe": [0] * 4,
    "case_rate": [0.013] * 4,
    "severity_rate": [0.055] * 4,
    "cost_rate": [0.75] * 4,
}
"""Firms A to D of section 4."""


def figures(**columns):
    return FirmFigures(**{name: np.asarray(values, float) for name, values in columns.items()})


def firm(**said):
    """Return the figures of one firm: A of the worked example, but for what is said otherwise."""
    return figures(**{name: [said.get(name, values[0])] for name, values in WORKED.items()})


def printed(values, digits):
    return half_up(np.asarray(values, float), digits).tolist()


def judged(**said):
    return firm_indices(firm(**said), said.get("rules", RULES))


def test_the_worked_example_comes_out_to_every_printed_digit():
    """T11."""
    found = firm_indices(figures(**WORKED), RULES)
    assert printed(found.expected, 2) == [1.56, 0.10, 3.90, 0.59]
    raw = np.array(WORKED["observed"]) / found.expected
    assert printed(raw, 2) == [3.85, 9.62, 0.0, 6.84]
    assert printed(found.theta, 2) == [2.25, 1.43, 0.34, 2.32]
    assert printed(found.trend[[0, 1, 3]], 3) == [0.675, 0.405, 0.177]
    assert printed(found.trend[2:3], 2) == [-0.43]
    assert printed(np.exp(found.trend[[0, 1, 3]]), 2) == [1.96, 1.50, 1.19]
    assert printed(found.severity_ratio, 2) == [2.38, 1.52, 0.41, 4.03]
    assert printed(found.cost_ratio, 2) == [1.36, 1.02, 0.24, 1.81]
    assert printed(found.scores[0], 1) == [76.0, 74.9, 83.2, 67.6, 64.0]
    assert printed(found.scores[1], 1) == [20, 47.0, 50.0, 43.0, 51.2]
    assert printed(found.scores[2], 1) == [0, 0, 0, 0, 3.2]
    assert printed(found.scores[3], 1) == [60, 76.4, 21.9, 90.3, 75.2]
    assert found.idx.tolist() == [72.4, 44.5, 0.5, 70.4]
    assert found.grade.tolist() == ["橙", "绿", "绿", "橙"]
    assert found.is_gated.tolist() == [False, True, False, False]


def test_the_cost_ratio_is_the_firms_own_by_its_credibility():
    """The columns P and Z of the worked example; the ratio is made of them."""
    figure = figures(**WORKED)
    own, weight = figure.benefits_yuan / figure.premium_yuan, figure.premium_yuan / (figure.premium_yuan + 100_000)
    assert printed(own, 2) == [1.76, 3.67, 0.11, 3.64]
    assert printed(weight, 2) == [0.60, 0.09, 0.79, 0.37]
    assert firm_indices(figure, RULES).cost_ratio == pytest.approx(weight * own + (1 - weight) * 0.75)


def test_comparing_the_indicators_pairwise_gives_the_weights_and_agrees_with_itself():
    """T10."""
    found = ahp(RISK_COMPARISONS)
    assert printed(found.weights, 3) == [0.089, 0.298, 0.158, 0.298, 0.158]
    assert printed([found.lambda_max, found.consistency_ratio], 3) == [5.013, 0.003]
    assert printed([found.consistency_index], 4) == [0.0033]
    assert RULES.weights == pytest.approx(found.weights, abs=0.005)


def test_entropy_gives_weight_to_what_tells_firms_apart():
    """Worked by hand: of (1, 3) the shares are ¼ and ¾, e = −(¼ ln ¼ + ¾ ln ¾) / ln 2."""
    evenness = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75)) / math.log(2)
    assert entropy_weights([[5, 1, 0], [5, 3, 1]]) == pytest.approx(np.array([0, 1 - evenness, 1]) / (2 - evenness))
    assert entropy_weights([[2, 2], [2, 2]]).tolist() == [0.5, 0.5]
    assert entropy_weights([[0, 0]]).tolist() == [0.5, 0.5]


EXPECTED = st.floats(0.001, 50)
CASES = st.integers(0, 40)


@given(CASES, st.floats(0, 1e-6))
def test_without_exposure_and_cases_the_ratio_is_one(observed, expected):
    assert shrunk_ratio(np.array([0.0]), np.array([expected]), 2.0)[0] == pytest.approx(1, abs=1e-6)
    assert shrunk_ratio(np.array([float(observed)]), np.array([0.0]), 2.0)[0] == 1 + observed / 2


@given(CASES, EXPECTED)
def test_the_shrunk_ratio_lies_between_one_and_the_raw_ratio(observed, expected):
    theta, raw = shrunk_ratio(np.array([float(observed)]), np.array([expected]), 2.0)[0], observed / expected
    assert min(1, raw) - 1e-12 <= theta <= max(1, raw) + 1e-12


@settings(max_examples=40)
@given(CASES, CASES, st.floats(0.5, 2000), st.floats(0, 500), st.floats(0, 1e6))
def test_a_case_more_never_lowers_the_index(observed, before, years, severity, paid):
    usual = {"observed_before": before, "person_years": years, "severity_sum": severity, "benefits_yuan": paid}
    less, more = judged(observed=observed, **usual), judged(observed=observed + 1, **usual)
    assert more.idx[0] >= less.idx[0]
    assert more.p_gt_15[0] >= less.p_gt_15[0]


@settings(max_examples=40)
@given(CASES, EXPECTED)
def test_the_probability_is_the_tail_of_its_gamma_distribution(observed, expected):
    found = judged(observed=observed, person_years=expected / 0.013).p_gt_15[0]
    assert found == pytest.approx(stats.gamma(2 + observed, scale=1 / (2 + expected)).sf(1.5), rel=1e-9)


@pytest.mark.parametrize(
    ("deaths", "severe", "floor", "grade"), [(0, 0, None, "绿"), (1, 0, "橙", "橙"), (0, 1, "橙", "橙"), (2, 0, "红", "红")]
)
def test_deaths_and_severe_injuries_leave_a_lowest_grade(deaths, severe, floor, grade):
    found = judged(observed=0, observed_before=0, severity_sum=0, benefits_yuan=0, deaths=deaths, severe=severe)
    assert (found.floor[0], found.grade[0], found.is_gated[0]) == (floor, grade, False)


def test_one_case_in_two_years_is_too_little_for_a_grade_unless_a_death_was_among_them():
    high = {"observed": 1, "observed_before": 0, "person_years": 8, "person_years_before": 8, "severity_sum": 60}
    gated, dead = judged(**high), judged(**high, deaths=1)
    assert (gated.grade[0], gated.is_gated[0], gated.idx[0] >= 55) == ("绿", True, True)
    assert (dead.grade[0], dead.is_gated[0]) == ("橙", False)
    assert judged(**{**high, "observed_before": 1}).grade[0] == "橙"


def test_the_printed_index_decides_the_grade():
    knots = ((0, 0), (100, 100))
    one = RiskRules(weights=(1, 0, 0, 0, 0), count_knots=knots)
    assert [judged(observed=o, rules=one).grade[0] for o in (39.94, 39.95, 54.95, 74.94, 74.95)] == [
        "绿",
        "黄",
        "橙",
        "橙",
        "红",
    ]


def test_a_firm_of_unknown_size_has_no_index_and_a_death_is_seen_all_the_same():
    unknown = judged(person_years=np.nan, deaths=1)
    assert np.isnan([unknown.idx[0], unknown.theta[0], unknown.p_gt_15[0], unknown.severity_ratio[0]]).all()
    assert (unknown.grade[0], unknown.is_gated[0], unknown.is_watched[0], unknown.rate_advice[0]) == ("橙", False, False, None)
    assert judged(person_years=np.nan).grade[0] is None


def test_a_firm_is_watched_below_five_person_years():
    assert [judged(person_years=years).is_watched[0] for years in (0, 4.99, 5)] == [True, True, False]


def test_without_a_premium_the_cost_ratio_is_the_categorys_and_no_rate_is_advised():
    unknown = judged(premium_yuan=np.nan)
    assert (unknown.cost_ratio[0], unknown.rate_advice[0]) == (0.75, None)
    assert judged(premium_yuan=0, benefits_yuan=25_000).cost_ratio[0] == pytest.approx(1.0)


def test_where_no_cost_is_known_the_other_four_indicators_weigh_in_its_place():
    found = judged(premium_yuan=np.nan, cost_rate=np.nan)
    weight = np.array(RULES.weights[:4])
    assert found.idx[0] == half_up(found.scores[0, :4] @ weight / weight.sum(), 1)


def test_a_category_without_severity_gives_what_the_formula_tends_to():
    found = [judged(severity_sum=0, severity_rate=rate).severity_ratio[0] for rate in (1e-9, 0)]
    assert found == pytest.approx([200 / 435] * 2)


@pytest.mark.parametrize(
    ("ratio", "category", "advice"),
    [
        (0.1994, 4, "50"), (0.1996, 4, "80"), (0.6, 4, "100"), (0.8, 4, "120"), (1.2, 4, "150"),
        (0.1, 1, "100"), (0.7, 1, "100"), (0.9, 1, "120"), (0.1, np.nan, None),
    ],
)  # fmt: skip
def test_a_rate_is_advised_by_the_printed_cost_ratio_and_the_lowest_category_is_never_lowered(ratio, category, advice):
    found = judged(premium_yuan=1e12, benefits_yuan=ratio * 1e12, risk_cat=category)
    assert found.rate_advice[0] == advice


def row(**said):
    """Return the columns of a row that its reason is made of: firm A's, but for what is said otherwise."""
    scores = {"count_score": 76.0, "rate_score": 74.9, "trend_score": 83.2, "severity_score": 67.6, "cost_score": 64.0}
    figure = {"observed_count": 6, "theta": 2.247, "trend": 0.675, "severity_ratio": 2.38, "cost_ratio": 1.361}
    return {"idx": 72.4, "grade": "橙", "floor": None, "is_gated": False, **figure, **scores, **said}


def test_a_reason_names_the_three_indicators_that_carry_most_with_their_figures():
    assert reason(row(), "zh") == "指数72.4(橙)：发生率θ=2.25 74.9分；伤残2.38倍 67.6分；同比1.96倍 83.2分"
    assert reason(row(), "en") == (
        "index 72.4 (orange): rate θ=2.25: 74.9; severity 2.38 times the usual: 67.6; 1.96 times last year: 83.2"
    )


def test_a_reason_says_what_holds_a_grade_back_or_up():
    assert reason(row(is_gated=True, grade="绿"), "zh").endswith("；证据不足：24个月不足2件")
    assert reason(row(floor="橙"), "zh").endswith("；12个月内有工亡或1–4级，至少为橙")
    assert reason(row(cost_ratio=None, cost_score=None), "zh").endswith("；支缴比不明，按其余四项计")
    unknown = {name: None for name in row() if name.endswith("score") or name in ("idx", "grade", "theta", "trend")}
    assert reason(row(**unknown), "zh") == "参保人数不明，不计指数"
    assert reason(row(**unknown, floor="红"), "en").startswith("insured workers unknown, so no index; several deaths")


def test_an_indicator_that_scores_nothing_carries_nothing():
    none = dict.fromkeys((name for name in row() if name.endswith("score")), 0.0)
    assert reason(row(**none, idx=0.0, grade="绿"), "zh") == "指数0.0(绿)：各项均为0分"
    assert (
        reason(row(**{**none, "cost_score": 3.2}, cost_ratio=0.24, idx=0.5, grade="绿"), "zh") == "指数0.5(绿)：支缴比24% 3.2分"
    )


def drawn(alpha, count=4000):
    """Return the record of firms whose true ratios are of Gamma(α, α); a case weighs 5 months and costs 7,000 yuan."""
    draw = np.random.default_rng(7)
    years = draw.lognormal(6, 1, count)
    theta = draw.gamma(alpha, 1 / alpha, count)
    observed, before = (draw.poisson(theta * years * 0.013) for _ in range(2))
    usual = {"case_rate": np.full(count, 0.013), "severity_rate": np.full(count, 0.065), "cost_rate": np.full(count, 0.7)}
    sums = {"severity_sum": 5 * (observed + before), "benefits_yuan": 7000 * (observed + before), "premium_yuan": 260 * years}
    nobody = dict.fromkeys(("deaths", "severe"), np.zeros(count))
    both = {"observed": observed, "observed_before": before, "person_years": years, "person_years_before": years}
    return figures(risk_cat=np.full(count, 4), **both, **sums, **usual, **nobody)


@pytest.mark.parametrize("alpha", [1.0, 2.0, 5.0])
def test_priors_by_moments_find_the_spread_that_the_record_was_drawn_with(alpha):
    record = drawn(alpha)
    cases = (record.observed + record.observed_before).sum()
    found = estimated(record, severity_squares=cases * 5**2, benefit_squares=cases * 7000**2)
    assert found.alpha == pytest.approx(alpha, rel=0.2)
    assert found.severity_k == pytest.approx(alpha / 0.013, rel=0.2)  # K of Gamma(α, α) is as much exposure as gives α cases
    assert found.premium_k == pytest.approx(alpha / 0.013 * 130, rel=0.2)


def test_firms_that_do_not_differ_let_no_prior_grow_for_ever():
    record = drawn(1e9)
    assert estimated(record, severity_squares=1, benefit_squares=1).alpha <= 1 / 0.01 * 1.1
