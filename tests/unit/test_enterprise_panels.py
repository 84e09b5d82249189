"""What the lists of firms and industries tell, and what a wall may not."""

from dataclasses import replace

import pytest

from cockpit.configuration import Configuration
from cockpit.metric import Reading, Status
from cockpit.panel import Asked, Latest, Need
from cockpit.scope import CITY, town_scope
from cockpit.view import open_view
from layouts.panels.enterprises import FALLEN, KEY_FIGURES, RANKED, RISEN
from layouts.panels.enterprises_movement import SMALLEST, WATCH
from layouts.panels.enterprises_profile import ABOUT, PROFILE
from layouts.panels.enterprises_ranking import RANKING
from layouts.panels.firms import FIRMS
from layouts.panels.industries import INDUSTRIES, RATE, YEAR
from layouts.parts.firm import cases_text, change_text, probability_text
from tests.panels_told import drawn, values

TOWN = "331081001"


def judged(number, index, before, **more):
    row = {"enterprise_id": f"E{number}", "town_code": TOWN, "run_week": "2026-W46", "idx": index, "idx_before": before}
    return {**row, "is_watched": False, "p_gt_15": index / 100, **more}


@pytest.fixture
def view(store, city):
    firms = [judged(1, 72.4, 44.5), judged(2, 90.0, 91.0), judged(3, 30.0, 60.0), judged(4, 99.0, 20.0, is_watched=True)]
    nobody = judged(5, 50.0, None, town_code="331081002")
    store.tell(enterprise_risk=[*firms, nobody, {**judged(6, 0.0, None), "idx": None, "is_watched": None, "p_gt_15": None}])
    return open_view(store.ledger, city.site(), 0.0)


def ids(view, wanted, scope=CITY):
    return [row["enterprise_id"] for row in view.latest(wanted, scope)]


def test_firms_are_ranked_by_their_index_and_those_watched_or_without_one_are_not(view):
    assert ids(view, RANKED) == ["E2", "E1", "E5", "E3"]
    assert ids(view, RANKED, town_scope(TOWN)) == ["E2", "E1", "E3"]
    assert ids(view, SMALLEST) == ["E4"]


def test_those_that_moved_are_found_by_the_change_and_a_firm_new_to_the_list_has_none(view):
    assert ids(view, RISEN) == ["E1", "E2", "E3"]
    assert ids(view, FALLEN) == ["E3", "E2", "E1"]
    assert ids(view, Latest("enterprise_risk", ("enterprise_id",), 1, by="idx", above="idx_before")) == ["E4"]


def test_a_firm_is_named_to_its_own_town_and_to_nobody_else():
    said = values(RANKING, "value")
    for asked in (Asked(), Asked(town=TOWN)):
        wall = drawn(RANKING, replace(said, asked=asked), "zh")
        assert "某某机械厂" not in wall
    assert "某某机械厂" in drawn(RANKING, replace(said, may_name=True), "zh")


@pytest.mark.parametrize(("count", "on_the_wall"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (None, "—")])
def test_one_to_four_cases_of_a_firm_are_not_told_on_the_wall(count, on_the_wall):
    said = values(RANKING, "value")
    assert cases_text(said, count) == on_the_wall
    assert cases_text(replace(said, may_name=True), count) == ("—" if count is None else str(count))


@pytest.mark.parametrize(
    ("probability", "text"), [(0.912, "91.2%"), (0.0, "0.0%"), (0.999, "99.9%"), (1.0, ">99.9%"), (None, "—")]
)
def test_no_probability_is_printed_as_certain(probability, text):
    assert probability_text(probability, "zh") == text


@pytest.mark.parametrize(
    ("now", "before", "text"), [(72.4, 44.5, "▲27.9"), (40.0, 55.3, "▼15.3"), (9.0, 9.0, "＝"), (9.0, None, "新")]
)
def test_a_change_has_a_direction_and_none_where_there_was_nothing_before(now, before, text):
    assert change_text({"idx": now, "idx_before": before}, "zh") == text


def rated(code, n, value):
    need = Need(RATE, YEAR, "division")
    like: Reading = values(INDUSTRIES, "value").readings[need][0]
    return replace(like, dims={"division": code}, n=n, value=value, low=value * 0.8, high=value * 1.2, status=Status.OK)


def shown(*rates):
    said = values(INDUSTRIES, "value")
    named = replace(said, label=lambda _dimension, code: type(said.site_title)(f"行{code}", f"d{code}"))
    told = {**said.readings, Need(RATE, YEAR, "division"): rates}
    return drawn(INDUSTRIES, replace(named, readings=told), "zh")


def test_an_industry_of_one_to_four_cases_is_not_ranked_nor_told_by_the_others():
    text = shown(rated("34", 40, 9.0), rated("35", 3, 77.7), rated("33", 2, 66.6), rated("19", 30, 12.0), rated("?", 50, 88.8))
    assert "行19" in text
    assert not [hidden for hidden in ("77.7", "66.6", "88.8", "行35", "行33") if hidden in text]
    assert "2个因少于5件隐去" in text
    told = shown(rated("34", 40, 9.0), rated("35", 3, 77.7), rated("19", 30, 12.0))
    assert "行34" in told
    assert "行19" not in told, "the sum of all would tell the one that is hidden"


def test_industries_stand_by_their_rate_and_are_marked_where_clearly_above_the_city():
    text = shown(rated("34", 40, 9.0), rated("19", 30, 90.0), rated("33", 30, 12.0))
    assert text.index("行19") < text.index("行33") < text.index("行34")
    assert "◆90.00" in text
    assert "◆12.00" not in text


OWN = {
    "cuts": [30, 50, 85],
    "weights": [0.2, 0.2, 0.2, 0.2, 0.2],
    "gate_cases": 4,
    "least_person_years": 8,
    "high_theta": 1.8,
}


@pytest.mark.parametrize(
    ("panel", "default", "own"),
    [
        (
            KEY_FIGURES,
            ("≥75", "55–75", "40–55", "<40", "不足2件", "不足5人年"),
            ("≥85", "50–85", "30–50", "<30", "不足4件", "不足8人年"),
        ),
        (PROFILE, ("9%", "15.5%"), ("20%",)),
        (
            ABOUT,
            ("发生次数9%、发生率30%", "不足2件", "不足5人年", "本平台默认口径"),
            ("发生次数20%、发生率20%", "不足4件", "不足8人年", "本市口径 2026-2"),
        ),
        (WATCH, ("不足5人年", "P(θ>1.5)"), ("不足8人年", "P(θ>1.8)")),
        (RANKING, ("P(θ>1.5)", "超过1.5的概率"), ("P(θ>1.8)", "超过1.8的概率")),
        (FIRMS, ("P(θ>1.5)",), ("P(θ>1.8)",)),
    ],
    ids=lambda told: getattr(told, "key", ""),
)
def test_what_is_said_of_the_index_are_the_rules_in_force(panel, default, own):
    said = values(panel, "value")
    usual = drawn(panel, said, "zh")
    others = drawn(panel, replace(said, configuration=Configuration("2026-2", {"risk": OWN})), "zh")
    assert [text for text in default if text not in usual] == []
    assert [text for text in own if text not in others] == []
    assert [text for text in default if text in others] == []


@pytest.mark.parametrize("few", ["observed_count", "observed_before"])
def test_no_indicator_that_follows_from_a_few_cases_is_told_on_the_wall(few):
    said = values(PROFILE, "value")
    row = {**said.latest[RANKED][0], "observed_count": 9, "observed_before": 7, "theta": 2.24, "trend": 0.675}
    row |= {"count_score": 91.1, "rate_score": 92.2, "trend_score": 93.3, "severity_score": 94.4, "cost_score": 95.5}
    every, telling = ("91.1", "92.2", "93.3", "94.4", "95.5", "2.24倍", "1.96倍"), {"91.1", "92.2", "93.3", "2.24倍", "1.96倍"}

    def told(row, *, may_name=False):
        text = drawn(PROFILE, replace(said, latest={**said.latest, RANKED: [row]}, may_name=may_name), "zh")
        return {number for number in every if number in text}

    assert told(row) == {*every}
    assert told({**row, few: 3}) == {*every} - telling
    assert told({**row, few: 3}, may_name=True) == {*every}
