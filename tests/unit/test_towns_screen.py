"""What the pictures of towns may and may not say: nothing old as today's, nothing silent as green, no small cell."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cockpit.panel import Asked, Panel, Values
from layouts.panels.towns import FIGURES
from layouts.panels.towns_map import MAP
from layouts.panels.towns_opened import TOWN
from layouts.panels.towns_table import TABLE
from layouts.parts.town_rows import HISTORY, NEWEST, STANDING
from layouts.theme import COLOUR_MARK, GREEN, SILENT, SILENT_MARK
from tests.contracts.test_panels import SITE, drawn, traces, values

HERE, THERE, ZONE = "331081001", "331081107", "331081400"


def told(panel: Panel, situation: str = "value", **changes: Any) -> Values:
    """Return the values of a panel whose one town has what is told of it, each row of it."""
    said = values(panel, situation)
    latest = {
        one: [{**row, **{name: value for name, value in changes.items() if name in row}} for row in rows if row["town_code"]]
        for one, rows in said.latest.items()
    }
    return replace(said, latest=latest)


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


def test_other_cuts_judge_the_stored_scores_again_and_the_colour_that_counts_stays() -> None:
    said = told(TABLE)
    rows = [{**said.latest[HISTORY][0], "week_end_on": 20_000 + 7 * week, "score": 45.7} for week in range(60)]
    tried = replace(said, latest={**said.latest, HISTORY: rows}, asked=Asked(cuts=(20, 30, 40)))
    text = json.loads(drawn(TABLE, tried, "zh"))
    row = json.dumps(text[1]["props"]["children"][0]["props"]["children"][1]["props"]["children"][0], ensure_ascii=False)
    assert row.index("chip-O") < row.index("chip-R") < row.index("≠")
    assert "试算·未保存" in drawn(TABLE, tried, "zh")
    assert "≠" not in drawn(TABLE, replace(tried, asked=Asked(cuts=(30, 40, 70))), "zh")


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
