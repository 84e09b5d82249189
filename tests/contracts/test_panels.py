"""What every panel must do, whichever screen it stands on: draw with values, with zeros, with nothing and with old news."""

import json
from dataclasses import replace
from datetime import date, datetime

import pytest

from callbacks.gathering import drawn_panel, is_withheld
from cockpit.app import screens
from cockpit.code_names import CODE_NAMES
from cockpit.evaluate import catalogue
from cockpit.freshness import Age
from cockpit.panel import Need
from cockpit.site import load_site
from cockpit.text import LANGUAGES, Text
from etl.catalogue import tables
from layouts.panels.injury_cohort import OPEN_COHORT
from layouts.panels.injury_weeks import ACCEPTANCES, ACCIDENTS
from layouts.parts.frame import old_news
from tests.panels_told import AS_OF, SITE, SITUATIONS, doubted, drawn, panels, strings, traces, values


@panels
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_panel_draws_whatever_there_is(panel, situation, language):
    text = drawn(panel, values(panel, situation), language)
    assert not any(f'"{word}"' in text or f" {word} " in text for word in ("None", "nan", "NaN", "inf"))


@panels
@pytest.mark.parametrize(("situation", "mark"), [("value", ""), ("late", "◆"), ("stale", "▲")])
def test_a_panel_is_marked_whose_numbers_rest_on_old_news(panel, situation, mark):
    said = values(panel, situation)
    marks = [one.children for one in old_news(said)]
    assert marks == ([mark] if mark and said.readings else [])
    if marks and not is_withheld(panel, said.asked):
        assert f"news-{situation}" in drawn_panel(panel, said, "zh").children


@panels
def test_a_panel_of_an_english_page_says_nothing_in_chinese(panel):
    said = replace(values(panel, "value"), notice=None, attribution=None)
    texts = json.loads(drawn(panel, said, "en"))
    font = '"Source Han'
    assert not [t for t in strings(texts) if font not in t and any("\u4e00" <= letter <= "\u9fff" for letter in t)]


LISTS_ONLY = {"header", "active", "newest", "quality", "sources", "health", "appraisal_health", "injury_health"}
LISTS_ONLY |= {"enterprise_about", "enterprise_health", "overview_attention", "overview_settlement", "overview_state"}
"""Panels without a number of their own, or whose numbers stand on another one, and those that tell of the quarantine."""


@panels
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_panel_says_where_refused_rows_may_concern_its_numbers_and_only_there(panel, situation, language):
    said = values(panel, situation)
    mark = {"zh": "隔离 12 行", "en": "12 refused"}[language]
    assert mark not in drawn(panel, said, language)
    text = drawn(panel, doubted(said), language)
    assert mark in text or panel.key in LISTS_ONLY or situation != "value"
    assert not any(f'"{word}"' in text or f" {word} " in text for word in ("None", "nan", "inf"))


def test_a_card_says_when_pointed_at_what_refused_rows_could_do():
    from layouts.panels.emergency import KEY_FIGURES

    said = doubted(values(KEY_FIGURES, "value"))
    assert "此值在 0.0–— 分钟之间" in drawn(KEY_FIGURES, said, "zh")
    unbounded = {need: tuple(replace(r, is_bounded=False) for r in some) for need, some in said.readings.items()}
    assert "其影响无法界定" in drawn(KEY_FIGURES, replace(said, readings=unbounded), "zh")


def test_a_functional_zone_is_counted_and_never_ranked():
    from layouts.panels.emergency_towns import TOWNS

    said = values(TOWNS, "value")
    assert len(said.parts("e6_p50", "d28", "town")) == 18
    ticks = json.loads(drawn(TOWNS, said, "zh"))[1]["props"]["children"][0]["props"]["children"]["props"]["figure"]
    assert len(ticks["layout"]["yaxis"]["tickvals"]) == 16


@pytest.mark.parametrize(
    "key",
    [
        "figures",
        "fleet",
        "scenes",
        "injury_figures",
        "injury_chain",
        "injury_clocks",
        "overview_figures",
        "overview_today",
        "overview_duty",
    ],
)
def test_an_old_number_does_not_look_like_a_fresh_one(key):
    """The panels of single numbers say so themselves; the header, and the hatching of the whole page, speak for the others."""
    panel = next(p for screen in screens().values() for one in screen.arrangements for p in one.panels if p.key == key)
    fresh, stale = (drawn(panel, values(panel, situation), "zh") for situation in ("value", "stale"))
    assert "数据中断" not in fresh
    assert "数据中断" in stale


@pytest.mark.parametrize("screen", screens().values(), ids=lambda screen: screen.key)
def test_a_screen_has_an_arrangement_for_every_site_and_each_place_of_it_once(screen):
    for arrangement in screen.arrangements:
        keys = [panel.key for panel in arrangement.panels]
        assert len({*keys}) == len(keys)
    assert screen.arranged(SITE) is screen.arrangements[0]
    assert screen.arranged(load_site("dublin")) is screen.arrangements[-1]


@pytest.mark.parametrize("screen", screens().values(), ids=lambda screen: screen.key)
def test_a_site_has_no_page_that_asks_for_what_it_does_not_feed(screen):
    assert screen.shows(SITE)
    bare = [table for one in screen.arrangements for table in one.asks]
    for table in bare:
        fed = tuple(s for s in SITE.sources if all(read.table != table for read in s.reads))
        site = SITE.model_copy(update={"sources": fed})
        assert not screen.shows(site) or screen.arranged(site).fits(site)
        assert screen.shows(site) or not any(one.fits(site) for one in screen.arrangements)


def test_what_nobody_knows_is_not_told_as_nothing():
    from layouts.panels.emergency_now import ACTIVE
    from layouts.panels.emergency_scenes import SCENES

    said = values(ACTIVE, "missing")
    assert "当前无在办事件" not in drawn(ACTIVE, said, "zh")
    assert "当前无在办事件" in drawn(ACTIVE, replace(values(ACTIVE, "zero"), latest=values(ACTIVE, "no parts").latest), "zh")
    bars = next(t for t in traces(drawn(SCENES, values(SCENES, "missing"), "zh")) if t["type"] == "bar")
    assert bars["y"] == [None] * 24


def test_an_hour_that_has_not_begun_has_no_bar():
    from layouts.panels.emergency_scenes import SCENES

    bars = next(t for t in traces(drawn(SCENES, values(SCENES, "value"), "zh")) if t["type"] == "bar")
    hour = datetime.fromtimestamp(AS_OF, SITE.zone).hour
    assert None not in bars["y"][: hour + 1]
    assert bars["y"][hour + 1 :] == [None] * (23 - hour)


def test_a_mean_of_too_short_a_history_is_not_drawn():
    from layouts.panels.emergency_scenes import SCENES

    said = replace(values(SCENES, "value"), began_at=lambda _table: AS_OF - 3 * 86_400)
    assert "历史不足7日" in drawn(SCENES, said, "zh")


def test_old_news_do_not_say_how_far_an_incident_has_come():
    from layouts.panels.emergency_now import ACTIVE

    assert "途中" in drawn(ACTIVE, values(ACTIVE, "value"), "zh")
    assert "途中" not in drawn(ACTIVE, values(ACTIVE, "late"), "zh")
    assert "数据延迟" in drawn(ACTIVE, values(ACTIVE, "late"), "zh")


def test_the_header_says_up_to_when_it_was_heard_and_a_lost_list_is_no_fresh_one():
    from layouts.panels.city import HEADER
    from layouts.panels.emergency_health import HEALTH

    ages = tuple(replace(age, age=Age.NEVER) if age.key == "towns" else age for age in values(HEADER, "value").ages)
    said = replace(values(HEADER, "value"), heard_at=AS_OF - 3 * 3600, ages=ages)
    heard = datetime.fromtimestamp(AS_OF - 3 * 3600, SITE.zone)
    assert f"{heard:%H:%M:%S}" in drawn(HEADER, said, "zh")
    assert "age-never" in drawn(HEADER, said, "zh")
    assert "age-never" in drawn(HEALTH, replace(values(HEALTH, "value"), ages=ages), "zh")


def test_every_code_by_which_a_metric_is_given_has_a_name_where_names_are_fixed():
    asked = {(metric.table, by) for metric in catalogue().values() for by in metric.by if by in CODE_NAMES}
    columns = {(table.name, column.name): column for table in tables().values() for column in table.columns}
    for place in asked & columns.keys():
        assert {*columns[place].allowed} <= {*CODE_NAMES[place[1]]}, place


def week_readings(panel, need, values_of_weeks):
    """Return a panel's values with one metric's weeks told otherwise."""
    said = values(panel, "value")
    told = tuple(replace(r, value=v, n=int(v or 0)) for r, v in zip(said.readings[need], values_of_weeks, strict=True))
    holidays = {
        n: tuple(replace(r, value=0.0) for r in some) for n, some in said.readings.items() if n.metric == "long_holidays"
    }
    return replace(said, readings={**said.readings, need: told, **holidays})


def test_a_change_after_the_baseline_is_a_special_cause_and_a_short_record_says_so():
    need = Need("cases_per_workday", "w156", "week")
    fallen = [20.0 + week % 3 for week in range(60)] + [10.0] * 25
    text = drawn(ACCEPTANCES, week_readings(ACCEPTANCES, need, fallen), "zh")
    assert "向好" in text
    assert "基线 2025-W02 起26周" in text
    short = [None] * 80 + [20.0] * 5
    assert "基线不足" in drawn(ACCEPTANCES, week_readings(ACCEPTANCES, need, short), "zh")


def test_a_site_that_declares_its_baseline_is_judged_by_that():
    need = Need("cases_per_workday", "w156", "week")
    fallen = [20.0 + week % 3 for week in range(45)] + [10.0 + week % 3 for week in range(40)]
    said = week_readings(ACCEPTANCES, need, fallen)
    since = replace(said, chart_from=date.fromisocalendar(2025, 47, 1))
    assert "基线 2025-W47 起26周" in drawn(ACCEPTANCES, since, "zh")
    lines = next(trace["marker"]["size"] for trace in traces(drawn(ACCEPTANCES, since, "zh")) if "line" in trace)
    assert set(lines) == {5}, "a week before the declared baseline was judged"


def test_weeks_that_are_not_told_in_full_are_hatched_and_estimated_and_the_others_are_not():
    said = values(ACCIDENTS, "value")
    need = Need("accidents_nowcast", "w156", "week")
    whole = tuple(replace(r, detail=((1.0, 0.0, 1.0, 0.0),)) for r in said.readings[need][:-4])
    mixed = replace(said, readings={**said.readings, need: (*whole, *said.readings[need][-4:])})
    bars, estimates = traces(drawn(ACCIDENTS, mixed, "zh"))
    assert bars["marker"]["pattern"]["shape"] == [""] * 26 + ["/"] * 4
    assert estimates["x"] == [26, 27, 28, 29]


def test_a_backlog_cannot_hide_behind_what_was_decided():
    said = values(OPEN_COHORT, "value")
    need = Need("open_cohort_p50", "r12")
    hidden = tuple(replace(r, value=None, reason=Text("中位数未到", "not reached")) for r in said.readings[need])
    text = drawn(OPEN_COHORT, replace(said, readings={**said.readings, need: hidden}), "zh")
    assert "中位数未到" in text
    assert "未决或撤回 634" in text
