"""What the overview may and may not say: thirty numbers, nothing old as new, no name to visitors, no invented settlement."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cockpit.app import screens
from cockpit.configuration import Configuration
from cockpit.control_chart import chart
from cockpit.disclosure import Level
from cockpit.metric import Status
from cockpit.panel import Asked, Need, Panel, Values
from cockpit.site import load_site
from cockpit.text import LANGUAGES, Language, Text
from layouts.panels import overview_attention as attention
from layouts.panels import overview_cards as cards
from layouts.panels import overview_charts as charts
from layouts.panels.city import HEADER
from layouts.panels.overview_duty import DUTY, SHIFTS
from layouts.panels.overview_map import MAP
from layouts.panels.overview_response import RESPONSE
from layouts.panels.overview_settlement import SETTLEMENT
from layouts.panels.overview_state import STATE
from layouts.panels.overview_today import TODAY
from layouts.parts.town_rows import NEWEST, STANDING, TOLD
from layouts.parts.weekly import Weekly
from layouts.screens.overview import OVERVIEW, WHOLE, WITHOUT_ROSTER
from tests.panels_told import AS_OF, SITE, drawn, values

DAY_S = 86_400
MOST_NUMBERS = 30
DATE_OR_CLOCK = re.compile(r"\d{2,4}-\d{2}(-\d{2})?|\d{2}:\d{2}(:\d{2})?")
NUMBER = re.compile(r"\d[\d,.]*(?:/\d[\d,.]*)?")
NOT_COUNTED = ("axis", "licence")
"""The classes of what is no number of the city: names of an axis, and of the licence of its map."""

TOWNS = [*SITE.outline.places]


def seen(part: Any) -> Iterator[str]:
    """Yield every text that is seen of a drawn panel; charts have axes only."""
    if isinstance(part, str | int | float):
        yield str(part)
    elif isinstance(part, list):
        for one in part:
            yield from seen(one)
    elif isinstance(part, dict):
        props = part["props"]
        if not any(name in (props.get("className") or "").split() for name in NOT_COUNTED):
            yield from seen(props.get("children"))


def numbers(panel: Panel, said: Values, language: Language) -> list[str]:
    """Return the numbers that are seen on a panel, without dates and clocks."""
    texts = seen(json.loads(drawn(panel, said, language)))
    return [number for text in texts for number in NUMBER.findall(DATE_OR_CLOCK.sub("", text))]


def text_of(panel: Panel, said: Values, language: Language = "zh") -> str:
    """Return what is seen of a panel."""
    return "".join(seen(json.loads(drawn(panel, said, language))))


def judged(said: Values, **of_towns: dict[str, Any]) -> Values:
    """Return values whose towns stand and were judged as is told of each by its code, as `t331081001`."""
    plain = {latest: rows[0] for latest, rows in said.latest.items() if rows}
    latest = {
        one: [
            {**plain[one], "town_code": key[1:], **{k: v for k, v in told.items() if k in plain[one]}}
            for key, told in of_towns.items()
        ]
        if one in (STANDING, NEWEST)
        else rows
        for one, rows in said.latest.items()
    }
    return replace(said, latest=latest)


def full(panel: Panel) -> Values:
    """Return the values of a panel at its fullest: clocks and orders of every kind overdue, so that each line has a number."""
    said = values(panel, "value")
    if attention.CLOCKS not in said.latest:
        return said
    clocks = [{"clock": f"L{n}", "kind": "agency", "town": TOWNS[n % 16], "due_at": AS_OF - n * DAY_S} for n in range(3, 12)]
    orders = [{"level": level, "town": TOWNS[0], "due_at": AS_OF - 3 * DAY_S} for level in "红橙黄"]
    return replace(said, latest={**said.latest, STANDING: [], attention.CLOCKS: clocks, attention.ORDERS: orders})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", Level)
def test_the_whole_screen_has_at_most_thirty_numbers_when_it_is_full(level: Level, language: Language) -> None:
    panels = [panel for panel in WHOLE.panels if panel.frame != "top"]
    told = {panel.key: numbers(panel, replace(full(panel), asked=Asked(level=level)), language) for panel in panels}
    assert sum(map(len, told.values())) <= MOST_NUMBERS, told
    assert len(told["overview_figures"]) > 10, "it must have something to tell"
    assert len(told["overview_attention"]) == (0 if level is Level.PUBLIC else attention.SHOWN + 1)


def test_a_city_without_a_roster_has_no_duty_panel_and_one_without_work_injury_no_overview() -> None:
    bare = SITE.model_copy(update={"sources": tuple(source for source in SITE.sources if source.key != "duty")})
    assert OVERVIEW.arranged(SITE) is WHOLE
    assert OVERVIEW.arranged(bare) is WITHOUT_ROSTER
    assert DUTY not in WITHOUT_ROSTER.panels
    assert OVERVIEW.shows(SITE)
    assert not OVERVIEW.shows(load_site("dublin"))
    assert next(iter(screens())) == "overview"


def changed(said: Values, need: Need, **told: Any) -> Values:
    """Return values with one metric told otherwise."""
    return replace(said, readings={**said.readings, need: tuple(replace(one, **told) for one in said.readings[need])})


@pytest.mark.parametrize(
    ("told", "words", "is_marked"),
    [
        ({"value": -6.8, "low": -10.4, "high": -3.0}, "同比 −6.8% · 显著下降", False),
        ({"value": 6.8, "low": 3.0, "high": 10.4}, "同比 +6.8% · 显著上升", True),
        ({"value": 1.0, "low": -3.0, "high": 5.0, "reason": Text("变化不显著", "no")}, "同比 +1.0% · 变化不显著", False),
    ],
)
def test_a_clear_rise_is_an_exception_and_a_fall_or_a_chance_is_none(told: Any, words: str, *, is_marked: bool) -> None:
    said = changed(values(cards.FIGURES, "value"), cards.CHANGE, **told)
    shown = json.dumps(
        cards.accepted(said, "zh").to_plotly_json(), default=lambda one: one.to_plotly_json(), ensure_ascii=False
    )
    assert words in shown
    assert ("◆" in shown) is is_marked


def test_a_silent_town_is_told_as_15_of_16_and_never_as_all() -> None:
    said = values(cards.FIGURES, "value")
    assert "全部镇街有数据" in text_of(cards.FIGURES, changed(said, TOLD, n=16, n_total=16))
    silent = text_of(cards.FIGURES, changed(said, TOLD, n=15, n_total=16))
    assert "◆ 15/16 有数据" in silent
    assert "全部镇街有数据" not in silent


def test_a_city_that_feeds_no_orders_is_told_of_its_clocks() -> None:
    said = values(cards.FIGURES, "value")
    both, alone = cards.DUE_NEEDS
    unknown = changed(changed(said, both, value=None, status=Status.MISSING), alone, value=7.0)
    assert cards.known(unknown, cards.DUE_NEEDS).metric.key == "clocks_due_today"
    assert cards.known(said, cards.DUE_NEEDS).metric.key == "due_today"
    few = changed(said, both, value=None, status=Status.MISSING, is_withheld=True)
    assert cards.known(few, cards.DUE_NEEDS).metric.key == "due_today", "what is withheld is not told by its difference"


def test_the_limit_is_the_law_s_unless_the_city_s_own_rules_set_another() -> None:
    said = values(cards.FIGURES, "value")
    assert cards.legal_limit_days(said) == 60
    own = replace(said, configuration=Configuration("2026-2", {"injury": {"L5": {"limit": 40, "unit": "day"}}}))
    assert cards.legal_limit_days(own) == 40
    wrong = replace(said, configuration=Configuration("2026-3", {"injury": {"L5": True, "roll_forward": False}}))
    assert cards.legal_limit_days(wrong) == 60


def test_a_target_is_judged_by_the_process_as_it_is_now_and_not_by_the_baseline_of_years_ago() -> None:
    before, now = [61.0, 57.0] * 20, [19.0, 21.0] * 20
    old = chart([*before, *now], direction="down", target=60)
    series = Weekly(tuple("2026-W01" for _ in range(80)), (*before, *now), old, frozenset(), 0, "down")
    assert old.assurance == "may"
    assert charts.assurance_now(series, 60) == "met"
    assert charts.assurance_now(series, 10) == "never"
    assert charts.assurance_now(series, 20) == "may"
    assert charts.assurance_now(series, None) == "none"


def shift(begin_s: int, end_s: int, **told: Any) -> dict[str, Any]:
    plain = {"duty_id": "1", "post": "值班长", "person": "模拟王某某", "unit": None}
    return {**plain, "begin_at": AS_OF + begin_s, "end_at": AS_OF + end_s, **told}


@pytest.mark.parametrize(
    ("begin_s", "end_s", "is_on"), [(0, 1, True), (-60, 60, True), (-60, 0, False), (1, 60, False), (-9, -5, False)]
)
def test_on_duty_is_whose_shift_has_begun_and_not_ended_at_the_tick(begin_s: int, end_s: int, *, is_on: bool) -> None:
    said = replace(values(DUTY, "value"), latest={SHIFTS: [shift(begin_s, end_s)]})
    assert ("王某某" in text_of(DUTY, said)) is is_on
    assert ("值班表没有此刻的班次" in text_of(DUTY, said)) is not is_on


def test_visitors_are_told_no_name_and_no_single_case() -> None:
    public = Asked(level=Level.PUBLIC)
    said = replace(values(DUTY, "value"), latest={SHIFTS: [shift(-60, 60)]})
    assert "王某某" not in text_of(DUTY, replace(said, asked=public))
    late = full(attention.ATTENTION)
    assert "劳动能力鉴定" in text_of(attention.ATTENTION, late)
    assert "超期" not in text_of(attention.ATTENTION, replace(late, asked=public))


def test_when_nothing_needs_attention_it_says_so() -> None:
    said = values(attention.ATTENTION, "value")
    quiet = replace(said, latest={latest: [] for latest in said.latest})
    assert "目前没有需要关注的事项" in text_of(attention.ATTENTION, quiet)
    assert "数据中断" in text_of(attention.ATTENTION, replace(quiet, ages=values(attention.ATTENTION, "stale").ages))


def test_reds_are_pinned_with_their_reason_and_a_town_of_few_cases_is_not_told_in_parts() -> None:
    red = {"colour": "红", "score": 80.0, "level_score": 34.0, "severity_score": 9.0, "floor": None, "death_count": 0}
    grave = {f"t{town}": {**red, "score": 80.0 + place} for place, town in enumerate(TOWNS[:4])}
    shown = text_of(MAP, judged(values(MAP, "value"), **grave))
    assert shown.count("红 · 发生率高于全市") == 3
    few = judged(values(MAP, "value"), **{f"t{TOWNS[0]}": {**red, "observed_count": 3}})
    assert "案件很少，不细说" in text_of(MAP, few)
    assert "发生率高于全市" not in text_of(MAP, few)


def test_without_red_and_orange_the_gravest_yellow_is_pinned_and_all_green_is_said() -> None:
    said = values(MAP, "value")
    plain = {"floor": None, "death_count": 0, "level_score": 9.0, "severity_score": 20.0}
    yellows = {f"t{town}": {**plain, "colour": "黄", "score": 40.0 + place} for place, town in enumerate(TOWNS[:2])}
    assert text_of(MAP, judged(said, **yellows)).count("黄 · 伤情偏重") == 1
    assert "全部为绿色" in text_of(MAP, judged(said, **{f"t{TOWNS[0]}": {"colour": "绿"}}))
    never = {f"t{TOWNS[0]}": {"colour": None}}
    assert "全部为绿色" not in text_of(MAP, judged(said, **never)), "what was never judged is not green"
    assert "尚无评估" in text_of(MAP, judged(said, **never))
    counts = numbers(cards.FIGURES, judged(values(cards.FIGURES, "value"), **never), "zh")
    assert len(counts) == len(numbers(cards.FIGURES, values(cards.FIGURES, "value"), "zh")) - 4


def test_a_town_whose_worker_died_is_told_so_and_old_colours_pin_nothing() -> None:
    died = {f"t{TOWNS[0]}": {"colour": "橙", "floor": "橙", "death_count": 1, "observed_count": 200}}
    assert "橙 · 近期有工亡" in text_of(MAP, judged(values(MAP, "value"), **died))
    assert "近期有工亡" not in text_of(MAP, judged(values(MAP, "stale"), **died))
    public = replace(judged(values(MAP, "value"), **died), asked=Asked(level=Level.PUBLIC))
    assert "工亡" not in drawn(MAP, public, "zh")
    assert "橙 · 按规定至少为此色" in text_of(MAP, public)


def test_the_map_says_when_a_town_changes_its_colour() -> None:
    told = [drawn(MAP, judged(values(MAP, "value"), **{f"t{TOWNS[0]}": {"colour": c}}), "zh") for c in "红橙橙"]
    red, orange, still = (re.findall(r'"data-event": ?"([^"]+)"', one) for one in told)
    assert [len(some) for some in (red, orange)] == [1, 1]
    assert f"{TOWNS[0]}R" in red[0]
    assert f"{TOWNS[0]}O" in orange[0]
    assert orange == still


def test_before_the_first_tick_no_date_is_told() -> None:
    said = drawn(HEADER, replace(values(HEADER, "value"), heard_at=0), "zh")
    assert "1970" not in said
    assert "—" in said


def test_the_five_slowest_towns_are_told_and_those_beyond_twelve_minutes_are_marked() -> None:
    need = Need("e6_p50", "d28", "town")
    said = values(RESPONSE, "value")
    readings = [replace(one, value=6.0 + place / 2) for place, one in enumerate(said.readings[need])]
    shown = replace(said, readings={need: tuple(readings)})
    minutes = numbers(RESPONSE, shown, "zh")
    zone = [one.value for one in readings if one.dims["town"] in said.functional]
    ranked = sorted((one.value or 0 for one in readings if one.dims["town"] not in ("331081400", "?")), reverse=True)
    assert minutes == [f"{value:.1f}" for value in ranked[:5]]
    assert f"{zone[0]:.1f}" not in minutes
    assert text_of(RESPONSE, shown).count("◆") == sum(value > 12 for value in ranked[:5]) > 0


def test_of_a_kind_that_is_not_fed_a_dash_and_its_reason_are_told() -> None:
    said = values(TODAY, "value")
    for key in ("orders_due_today", "orders_overdue"):
        said = changed(said, Need(key, "now"), value=None, status=Status.MISSING, reason=Text("本站点未接入此数据", "not fed"))
    assert text_of(TODAY, said).count("—") == 2
    assert "整改指令 本站点未接入此数据" in text_of(TODAY, said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_settlements_no_number_is_invented(language: Language) -> None:
    assert numbers(SETTLEMENT, values(SETTLEMENT, "value"), language) == []
    assert "—" in text_of(SETTLEMENT, values(SETTLEMENT, "value"), language)


def test_what_is_late_and_who_is_silent_is_named_in_the_last_line() -> None:
    heard, silent = ({f"t{TOWNS[0]}": {"is_silent": n}} for n in (0, 1))
    fresh = text_of(STATE, judged(values(STATE, "value"), **heard))
    assert "全部来源正常" in fresh
    assert "全部镇街有数据" in fresh
    assert "镇街久无数据" in text_of(STATE, judged(values(STATE, "late"), **silent))
    assert "数据延迟" in text_of(STATE, values(STATE, "late"))
    stale = text_of(STATE, judged(values(STATE, "stale"), **heard))
    assert "全部" not in stale, "of what is old nobody can say that all is well"
    assert "数据中断" in stale
