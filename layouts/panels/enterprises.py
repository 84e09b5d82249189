"""Pictures of enterprise risk 企业风险指数: the key figures, and what the lists of firms have in common."""

from typing import Any

from dash import html

from cockpit.judging.risk_rules import RiskRules
from cockpit.metric import Reading, Unit
from cockpit.numbers import written
from cockpit.panel import Latest, Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.grade_chip import grade_chip
from layouts.parts.reading import badge, card, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.parts.rules import risk_in_force

NOW = "now"
TABLE = "enterprise_risk"
GRADED = {"红": "firms_red", "橙": "firms_orange", "黄": "firms_yellow", "绿": "firms_green"}
"""The count of ranked firms of each grade."""

RISK_NAMES = {
    "红": Text("高风险", "High"),
    "橙": Text("较高", "Raised"),
    "黄": Text("一般", "Moderate"),
    "绿": Text("低", "Low"),
}
KNOWN = Need("firms_red", NOW)
"""What tells how far the rows of the index may be trusted: they have no status of their own."""

WHO = ("enterprise_id", "name", "town_code", "division")
INDEX = ("idx", "idx_before", "grade", "grade_before", "is_gated", "floor", "run_week")
COUNTED = ("person_years", "observed_count", "observed_before", "p_gt_15", "theta", "trend", "severity_ratio", "cost_ratio")
SCORES = ("count_score", "rate_score", "trend_score", "severity_score", "cost_score")
SHOWN = 12
MOVED_SHOWN = 4
RANKED = Latest(
    TABLE,
    (*WHO, *INDEX, *COUNTED, *SCORES, "rate_advice", "config_version"),
    SHOWN,
    column="is_watched",
    words=(False,),
    by="idx",
)
"""The ranked firms with the highest index; those of fewer than 5 person-years are watched and not ranked."""

RISEN = Latest(TABLE, (*WHO, *INDEX), MOVED_SHOWN, column="is_watched", words=(False,), by="idx", above="idx_before")
FALLEN = RISEN._replace(by="idx_before", above="idx")
INDEX_IS, OF_RANKED = Text("指数 {}", "index {}"), Text("占参评企业 {}%", "{}% of those ranked")
EVIDENCE = Text("证据不足", "Thin evidence")
GATE_MEANS = Text("24个月不足{}件，不评绿以上", "under {} cases in 24 mo.: stays G")
WATCHED = Text("小微观察（不足{:g}人年）{}", "watched, under {:g} PY: {}")
UP, DOWN = Text("▲ 等级上升", "▲ Grade up"), Text("▼ 等级下降 {}", "▼ grade down {}")
SINCE_LAST, RUN_WEEK = Text("较上周", "in a week"), Text("评估周 {}", "run {}")
NOT_YET, NONE_HERE = Text("尚未评估", "not judged yet"), Text("无参评企业", "no firm is ranked")


def key_figures(values: Values, language: Language) -> list[Any]:
    """Draw six key figures: the firms of each grade, those that evidence or size keeps from one, and those that moved."""
    graded = {grade: values.one(key, NOW) for grade, key in GRADED.items()}
    ranked = sum(reading.value or 0 for reading in graded.values())
    cards = [grade_card(values, grade, reading, ranked, language) for grade, reading in graded.items()]
    return [*cards, evidence_card(values, language), moved_card(values, language)]


def spans(rules: RiskRules) -> dict[str, str]:
    """Return from where to where the index of each grade reaches."""
    yellow, orange, red = (f"{cut:g}" for cut in rules.cuts)
    return {"红": f"≥{red}", "橙": f"{orange}–{red}", "黄": f"{yellow}–{orange}", "绿": f"<{yellow}"}


def exceedance(values: Values) -> str:
    """Return what the probability beside an index is of: that a firm's true ratio lies above this."""
    return f"P(θ>{risk_in_force(values).high_theta:g})"


def grade_card(values: Values, grade: str, reading: Reading, ranked: float, language: Language) -> html.Div:
    """Return the card of one grade: how many firms, and what share of those that are ranked."""
    share = written(100 * (reading.value or 0) / ranked if ranked else None, Unit.PERCENT, language)
    title = [grade_chip(grade, language), " ", RISK_NAMES[grade](language)]
    span = spans(risk_in_force(values))[grade]
    lines = (INDEX_IS(language).format(span), OF_RANKED(language).format(share))
    return card(values, reading, language, title=title, window="", lines=lines)


def evidence_card(values: Values, language: Language) -> html.Div:
    """Return the card of the firms whose grade the evidence does not carry, and of those too small to be ranked."""
    gated, watched = values.one("firms_gated", NOW), values.one("firms_watched", NOW)
    rules = risk_in_force(values)
    said = WATCHED(language).format(rules.least_person_years, value_text(watched, language))
    lines = (GATE_MEANS(language).format(rules.gate_cases), said)
    return card(values, gated, language, title=EVIDENCE(language), window="", lines=lines)


def moved_card(values: Values, language: Language) -> html.Div:
    """Return the card of the firms whose grade rose, and of those whose grade fell, since the week before."""
    risen, fallen = values.one("firms_up", NOW), values.one("firms_down", NOW)
    lines = (DOWN(language).format(with_unit(fallen, language)), f"{SINCE_LAST(language)} · {run_week(values, language)}")
    return card(values, risen, language, title=UP(language), window="", lines=lines)


def run_week(values: Values, language: Language) -> str:
    """Return the week of the newest run that is known of: what it changed bears it."""
    weeks = [row["run_week"] for rows in values.latest.values() for row in rows if row["run_week"]]
    return RUN_WEEK(language).format(max(weeks)) if weeks else NOT_YET(language)


def note_of(values: Values, language: Language, *said: str) -> list[Any]:
    """Return what stands beside a list's title: the town that was chosen, what else it says, and how far it may be trusted.

    A status that warns takes the place of the refused rows, as on a card: there is no room for both.
    """
    known = values.one(*KNOWN[:2])
    chosen = [where(values, language)] if values.asked.town else []
    return [" · ".join((*chosen, *said)), " ", badge(known, language) or refused_mark(language, known)]


def where(values: Values, language: Language) -> str:
    """Return the town that was chosen, or that it is the whole city."""
    town = values.asked.town
    return words.CITY(language) if town is None else values.label("town", town)(language)


def nothing(values: Values, language: Language, nobody: Text = NONE_HERE) -> html.Div:
    """Return what stands where no firm is listed: why nothing is known, or that there is none."""
    told = reason_text(values.one(*KNOWN[:2]), language)
    return html.Div(told or nobody(language), className="nothing")


KEY_FIGURES = Panel(
    key="enterprise_figures",
    title=Text("关键指标", "Key figures"),
    draw=key_figures,
    frame="cards",
    needs=tuple(Need(key, NOW) for key in (*GRADED.values(), "firms_gated", "firms_watched", "firms_up", "firms_down")),
    latest=(RISEN, FALLEN),
    follows=True,
)
