"""What the pictures of towns may and may not say: nothing old as today's, nothing silent as green, no small cell."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cockpit.configuration import Configuration
from cockpit.panel import Asked, Panel, Values
from layouts.panels.towns import FIGURES
from layouts.panels.towns_history import HISTORY_STRIP
from layouts.panels.towns_map import MAP
from layouts.panels.towns_opened import TOWN
from layouts.panels.towns_table import TABLE
from layouts.parts.town_rows import HISTORY, NEWEST, STANDING, day
from layouts.parts.what_if import replayed
from layouts.theme import COLOUR_MARK, GREEN, SILENT, SILENT_MARK
from tests.panels_told import AS_OF, SITE, drawn, traces, values

HERE, THERE, ZONE = "331081001", "331081107", "331081400"


def told(panel: Panel, situation: str = "value", **changes: Any) -> Values:
    """Return the values of a panel whose one town has what is told of it, each row of it."""
    said = values(panel, situation)
    latest = {
        one: [{**row, **{name: value for name, value in changes.items() if name in row}} for row in rows if row["town_code"]]
        for one, rows in said.latest.items()
    }
    return replace(said, latest=latest)


def under(said: Values, **colours: Any) -> Values:
    """Return values under the city's own rules of colours."""
    return replace(said, configuration=Configuration("2026-2", {"colours": colours}))


def fills(said: Values) -> dict[str, str]:
    """Return the colour of each town on the map."""
    return {trace["meta"]: trace["fillcolor"] for trace in traces(drawn(MAP, said, "zh")) if trace.get("fill")}


def test_a_town_is_filled_by_its_colour_and_what_was_never_judged_is_not_green() -> None:
    found = fills(told(MAP))
    assert found[HERE] == COLOUR_MARK["橙"].fill
    assert {*found} == {*SITE.outline.places}
    assert GREEN not in found.values()


def test_a_silent_town_is_grey_and_hatched_whatever_colour_it_had() -> None:
    said = told(MAP, colour="绿", is_silent=1)
    trace = next(trace for trace in traces(drawn(MAP, said, "zh")) if trace.get("meta") == HERE)
    assert trace["fillcolor"] == SILENT
    assert trace["fillpattern"]["shape"] == SILENT_MARK.pattern
    assert "数据中断" in trace["text"]


@pytest.mark.parametrize("panel", [TABLE, TOWN], ids=lambda panel: panel.key)
def test_a_town_that_fell_silent_since_its_last_week_keeps_no_number_of_it(panel: Panel) -> None:
    heard, silent = (told(panel, is_silent=n, observed_count=283, colour="绿", preview_colour="绿") for n in (0, 1))
    numbers = ("283", "45.7", "chip-G")
    assert [one for one in numbers if one in drawn(panel, heard, "zh")] == [*numbers]
    assert [one for one in numbers if one in drawn(panel, silent, "zh")] == []


def test_old_news_leave_no_town_its_colour() -> None:
    stale = told(MAP, "stale", colour="绿")
    assert fills(stale)[HERE] == SILENT
    assert "颜色不代表现状" in drawn(MAP, stale, "zh")
    assert "颜色不代表现状" not in drawn(MAP, told(MAP, colour="绿"), "zh")
    assert "达标" not in drawn(FIGURES, told(FIGURES, "stale"), "zh")


def test_frozen_colours_and_an_outage_are_said_so() -> None:
    assert "颜色冻结" in drawn(MAP, told(MAP, is_frozen=1), "zh")
    assert "疑似数据中断：近7日每工作日受理 16.2 件" in drawn(MAP, told(MAP, is_outage=1), "zh")


@pytest.mark.parametrize("panel", [MAP, TABLE, TOWN], ids=lambda panel: panel.key)
def test_a_few_cases_are_told_as_a_few_and_no_rate_of_them(panel: Panel) -> None:
    text = drawn(panel, told(panel, observed_count=3, sir=0.769), "zh")
    assert "<5" in text
    assert "0.77" not in text
    assert "24.92" not in text, "the crude rate would tell the count"
    assert "9.1" not in text, "a part of the score would"


def test_why_a_town_of_a_few_cases_has_its_colour_tells_no_ratio() -> None:
    reason = {"reason_text": "得分45.7(黄)：标化比0.77(z*=2.20)9.1分；"}
    for language, stands in (("zh", "得分45.7，现为橙O"), ("en", "Score 45.7, now Orange")):
        text = drawn(TOWN, told(TOWN, observed_count=3, sir=0.769, **reason), language)
        assert stands in text
        assert "0.77" not in text
    assert "0.77" in drawn(TOWN, told(TOWN, observed_count=283, sir=0.769, **reason), "zh")


def test_other_cuts_judge_the_stored_scores_again_and_the_colour_that_counts_stays() -> None:
    said = told(TABLE)
    rows = [{**said.latest[HISTORY][0], "week_end_on": 20_000 + 7 * week, "score": 45.7} for week in range(60)]
    tried = replace(said, latest={**said.latest, HISTORY: rows}, asked=Asked(cuts=(20, 30, 40)))
    text = json.loads(drawn(TABLE, tried, "zh"))
    row = json.dumps(text[1]["props"]["children"][0]["props"]["children"][1]["props"]["children"][0], ensure_ascii=False)
    assert row.index("chip-O") < row.index("chip-R") < row.index("≠")
    assert "试算·未保存" in drawn(TABLE, tried, "zh")
    assert "≠" not in drawn(TABLE, replace(tried, asked=Asked(cuts=(30, 40, 70))), "zh")


def test_what_if_keeps_the_other_rules_that_the_city_has() -> None:
    said = told(TABLE)
    scores = [45.7] * 50 + [28.0] * 10  # they fall 5 points below the cut of yellow, and not 17
    rows = [{**said.latest[HISTORY][0], "week_end_on": 20_000 + 7 * n, "score": score} for n, score in enumerate(scores)]
    tried = replace(said, latest={**said.latest, HISTORY: rows}, asked=Asked(cuts=(35, 60, 80)))
    assert replayed(tried, (35, 60, 80)) == {HERE: "绿"}
    assert replayed(under(tried, back=17), (35, 60, 80)) == {HERE: "黄"}


def test_the_form_begins_with_the_cuts_in_force_and_says_whose_they_are() -> None:
    usual, own = told(TABLE), under(told(TABLE), red=65, orange=45)
    assert [cut for cut in ("70", "65", "45") if f'"value": "{cut}"' in drawn(TABLE, usual, "zh")] == ["70"]
    assert [cut for cut in ("70", "65", "45") if f'"value": "{cut}"' in drawn(TABLE, own, "zh")] == ["65", "45"]
    assert "本平台默认口径" in drawn(TABLE, usual, "zh")
    assert "本市口径 2026-2" in drawn(TABLE, own, "zh")
    assert "本平台默认口径" in drawn(TABLE, under(told(TABLE)), "zh"), "a version that changes no rule leaves the default"


def test_the_most_of_each_part_and_what_deaths_demand_are_the_rules_in_force() -> None:
    own = {"level_max": 40, "change_max": 15, "deaths_orange": 2, "deaths_red": 4}
    big = told(TOWN, observed_count=283)
    assert "9.1/35" in drawn(TOWN, big, "zh")
    assert "9.1/40" in drawn(TOWN, under(big, **own), "zh")
    assert "1例至少橙，2例红" in drawn(FIGURES, told(FIGURES), "zh")
    assert "2例至少橙，4例红" in drawn(FIGURES, under(told(FIGURES), **own), "zh")


def test_a_judgement_of_days_ago_is_said_to_be_interrupted_and_last_night_is_not() -> None:
    today = AS_OF // 86_400
    for days, is_old in ((1, False), (2, False), (3, True), (40, True)):
        for panel in (FIGURES, MAP):
            said = told(panel, preview_on=today - days)
            date = f"{day(today - days):%m-%d}"
            assert (f"评估中断：最近一次评至 {date}" in drawn(panel, said, "zh")) is is_old
            assert (f"judgement interrupted, last to {date}" in drawn(panel, said, "en")) is is_old
        assert ("card-late" in drawn(FIGURES, said := told(FIGURES, preview_on=today - days), "zh")) is is_old
        assert ("天后" in drawn(FIGURES, said, "zh")) is not is_old


def test_a_year_of_colours_has_a_letter_and_a_pattern_for_every_run() -> None:
    said = told(HISTORY_STRIP)
    colours = ["绿"] * 30 + ["橙"] * 10 + ["红"] * 12
    rows = [{**said.latest[HISTORY][0], "week_end_on": 20_000 + 7 * n, "colour": colour} for n, colour in enumerate(colours)]
    one_town = {**said.latest, HISTORY: rows, STANDING: said.latest[STANDING][:1]}
    drawn_traces = [*traces(drawn(HISTORY_STRIP, replace(said, latest=one_town), "zh"))]
    bars = {trace["marker"]["color"]: trace for trace in drawn_traces if trace["type"] == "bar" and trace["base"]}
    assert {COLOUR_MARK[c].fill: (bars[COLOUR_MARK[c].fill]["base"], bars[COLOUR_MARK[c].fill]["x"]) for c in "绿橙红"} == {
        COLOUR_MARK["绿"].fill: ([0], [30]),
        COLOUR_MARK["橙"].fill: ([30], [10]),
        COLOUR_MARK["红"].fill: ([40], [12]),
    }
    assert bars[COLOUR_MARK["红"].fill]["marker"]["pattern"]["shape"] == COLOUR_MARK["红"].pattern
    letters = next(trace for trace in drawn_traces if trace["type"] == "scatter")
    assert letters["text"] == ["<b>G</b>", "<b>O</b>", "<b>R</b>"]


def test_the_opened_town_is_the_one_that_was_asked_for_and_a_zone_is_said_to_have_no_colour() -> None:
    assert "最重" in drawn(TOWN, told(TOWN), "zh")
    assert "所选" in drawn(TOWN, replace(told(TOWN), asked=Asked(HERE)), "zh")
    zone = replace(told(TOWN), latest={STANDING: [], NEWEST: []}, asked=Asked(ZONE))
    assert "不评色" in drawn(TOWN, zone, "zh")


def test_a_link_keeps_the_cuts_and_the_language_and_lets_the_chosen_town_go() -> None:
    asked = replace(told(TABLE), asked=Asked(HERE, (30, 50, 70)))
    assert "/screen/towns?cuts=70-50-30&lang=en" in drawn(TABLE, asked, "en")
    other = replace(asked, asked=Asked(THERE, (30, 50, 70)))
    assert f"/screen/towns?town={HERE}&cuts=70-50-30&lang=en" in drawn(TABLE, other, "en")
