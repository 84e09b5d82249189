"""The worked table of section 3.5 of the domain specification, digit by digit (golden tests T6, T7, T12)."""

import numpy as np
import pytest

from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.funnel import overdispersed, poisson_limits, sir_interval
from cockpit.judging.rounding import half_up
from cockpit.judging.shrinkage import shrunk
from cockpit.judging.town_score import change, level, overdue, raw_colour, reason, repeat, severity
from cockpit.statistics import poisson

RULES = ColourRules(version="default")
MEAN, BETWEEN, TAU2 = 1.0, 0.01153, 0.00709

TABLE = {
    "泽国": (62_000, 715, 738.4, 11.53, 0.968, 0.895, 0.972, -0.87, -0.35, 656, 824),
    "大溪": (60_000, 810, 760.9, 13.50, 1.065, 0.898, 1.058, 1.73, 0.68, 677, 848),
    "城北": (26_000, 364, 301.0, 14.00, 1.209, 0.776, 1.162, 3.29, 1.86, 249, 356),
    "温峤": (16_000, 283, 211.7, 17.69, 1.337, 0.709, 1.239, 4.22, 2.67, 168, 258),
    "石桥头": (5_000, 66, 52.4, 13.20, 1.260, 0.377, 1.098, 1.67, 1.42, 32, 76),
    "坞根": (3_000, 19, 26.5, 6.33, 0.718, 0.234, 0.934, -1.68, -1.54, 12, 44),
}
"""PY, O, E, crude ‰, SIR, w, θ̂, z, z*, 99.8 % Poisson limits, as printed."""

UNROUNDED = {"大溪": 760.87, "石桥头": 52.38, "坞根": 26.46}
"""E is printed to 0.1 and was worked with in full: with these, each printed as it stands there, every digit follows."""

PARTS = {
    "温峤": (2.67, (283, 16_000, 238, 15_600), 1.42, (2, 8), 0.38, (31.15, 11.2, 10.5, 8.3, 4.5), 65.7, "橙"),
    "石桥头": (1.42, (66, 5_000, 52, 4_900), 1.05, (0, 4), 0.30, (16.6, 7.8, 1.25, 0.0, 2.5), 28.2, "绿"),
    "城北": (1.86, (364, 26_000, 325, 25_600), 1.20, (15, 100), 0.33, (21.7, 8.6, 5.0, 5.0, 3.3), 43.5, "黄"),
}
"""z*, counts and person-years of both years, q, overdue and open orders, share of repeating firms; the parts, the score."""


@pytest.mark.parametrize("town", TABLE)
def test_t6_the_worked_table_is_reproduced(town):
    years, observed, printed, crude, sir, weight, theta, z, zstar, *_ = TABLE[town]
    expected = UNROUNDED.get(town, printed)
    assert float(half_up(expected, 1)) == printed
    w, t = shrunk([observed], [expected], mean=MEAN, between=BETWEEN)
    found = [1000 * observed / years, observed / expected, w[0], t[0]]
    found += [overdispersed([observed], [expected], tau2)[0] for tau2 in (0.0, TAU2)]
    rounded = [float(half_up(value, digits)) for value, digits in zip(found, (2, 3, 3, 3, 2, 2), strict=True)]
    assert rounded == [crude, sir, weight, theta, z, zstar]


@pytest.mark.parametrize("town", TABLE)
def test_the_poisson_limits_of_the_worked_table_are_reproduced(town):
    _, _, expected, *_, low, high = TABLE[town]
    found = poisson_limits([expected], 0.998)
    assert (found[0][0], found[1][0]) == (low, high)


def test_the_variance_between_towns_of_the_worked_table_is_what_chance_leaves_of_all():
    assert round(0.01513 - 1 / 277.7, 5) == BETWEEN


@pytest.mark.parametrize("town", PARTS)
def test_t7_the_parts_of_the_three_towns_and_their_scores(town):
    zstar, years, quotient, (late, open_count), share, printed, score, colour = PARTS[town]
    _, observed, expected, *_ = TABLE[town]
    parts = [
        level(np.array([zstar]), np.array([observed]), np.array([expected]), RULES)[0],
        change(*(np.array([value]) for value in years), rules=RULES)[0],
        severity(np.array([quotient]), RULES)[0],
        overdue(np.array([late]), np.array([open_count]), RULES)[0],
        repeat(np.array([share]), RULES)[0],
    ]
    assert parts == pytest.approx(printed, abs=0.06)
    assert sum(parts) == pytest.approx(score, abs=0.1)
    assert float(half_up(sum(parts), 1)) == score
    assert raw_colour(score, RULES) == colour


WENQIAO = {
    "observed_count": 283, "person_years": 16_000.0, "observed_before": 238, "person_years_before": 15_600.0,
    "sir": 1.337, "zstar": 2.67, "level_score": 31.2, "change_score": 11.2, "severity_score": 10.5, "overdue_score": 8.3,
    "repeat_score": 4.5, "severity_ratio": 1.42, "open_order_count": 8, "overdue_order_count": 2, "repeat_case_count": 108,
    "death_count": 0, "score": 65.7, "raw_colour": "橙", "floor": None, "colour": "橙",
    "is_thin": False, "is_frozen": False, "is_silent": False,
}  # fmt: skip


def test_the_reason_of_wenqiao_is_the_template_to_the_letter():
    expected = (
        "得分65.7(橙)：标化比1.34(z*=2.67)31.2分；同比+15.9%11.2分；严重度1.42倍10.5分；"
        "超期整改2/8 8.3分；重复企业占38% 4.5分。"
    )
    assert reason(WENQIAO, "zh") == expected


def test_the_same_reason_in_english():
    assert reason(WENQIAO, "en") == (
        "Score 65.7 (orange): standardised ratio 1.34 (z*=2.67) 31.2; year on year +15.9% 11.2; severity 1.42 times 10.5; "
        "overdue orders 2/8 8.3; cases of repeating firms 38% 4.5."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"observed_before": 0}, "上年同期为0，"),
        ({"open_order_count": 0, "overdue_order_count": 0, "overdue_score": 0.0}, "无在办整改 0.0分"),
        ({"person_years_before": float("nan")}, "同比—"),
        ({"is_thin": True}, "样本不足"),
        ({"floor": "橙", "death_count": 1}, "近90日有工亡，至少橙。"),
        ({"floor": "红", "death_count": 3, "colour": "红"}, "近90日工亡不止一人，至少红。按升降规则现为红。"),
        ({"floor": "红", "death_count": 1, "colour": "红"}, "另有升级规定，至少红。"),
        ({"is_frozen": True}, "颜色冻结"),
        ({"colour": "红"}, "现为红。"),
        ({"is_silent": True, "score": None}, "数据中断"),
        ({"score": float("nan")}, "未评分"),
    ],
)
def test_the_reason_says_what_else_made_the_colour(changed, said):
    assert said in reason({**WENQIAO, **changed}, "zh")


@pytest.mark.parametrize(("count", "low", "high"), [(3, 0.62, 8.77), (7, 2.81, 14.42), (19, 11.44, 29.67)])
def test_t12_the_exact_interval_of_a_count_and_of_a_ratio(count, low, high):
    assert [round(end, 2) for end in poisson(count)[1:]] == [low, high]
    assert [round(float(end[0]), 2) for end in sir_interval([count], [1.0])] == [low, high]
