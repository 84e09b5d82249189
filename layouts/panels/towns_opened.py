"""The opened town: the one that the address asks for, or the gravest; why it has its colour, and what comes next."""

from typing import Any

from dash import html

from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.funnel import sir_interval
from cockpit.judging.town_reason import reason
from cockpit.numbers import NOTHING, whole_number
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.bars import bar
from layouts.parts.frame import frame
from layouts.parts.refused import refused_mark
from layouts.parts.rules import colours_in_force
from layouts.parts.small_cells import HIDDEN, few
from layouts.parts.town_rows import (
    NEWEST,
    NONE_JUDGED,
    PART_NAMES,
    SILENT_NAME,
    STANDING,
    TOLD,
    Town,
    colour_name,
    day_text,
    days_in,
    is_stale,
    mark_of,
    towns_of,
)
from layouts.parts.town_state import town_chip
from layouts.theme import COLOUR_MARK

TITLE = Text("镇街详情", "The town")
OPENED, WORST = Text("所选", "chosen"), Text("最重", "gravest")
ZONE = Text("功能区：案件和人年计入全市，不评色", "A functional zone: counted in the city, not coloured")
FACTS = (Text("案件O", "Cases O"), Text("人年", "Person-years"), Text("粗率‰", "Crude ‰"), Text("标化比", "O/E"))
DAYS_IN = Text("本色已 {} 天", "so for {} days")
NEXT = Text("下次评估 {}", "next {}")
PREVIEW = Text("昨夜预估 {} 分", "preview {}")
WHY_SMALL = Text(
    "得分{}，现为{}。案件{}件：比率和五项得分会泄露件数，不显示。",
    "Score {}, now {}. {} cases: ratios and parts would tell how many, and are not shown.",
)
SILENT_FOR = Text("已连续 {} 个工作日无案件", "{} working days without a case")
ALARM = Text("⚠ CUSUM早期预警 {}", "⚠ CUSUM early alarm {}")
PERMILLE = 1000


def opened(values: Values, language: Language) -> list[Any]:
    """Draw one town: what was counted, its five parts, why, and when it is judged again."""
    towns = towns_of(values)
    if not towns:
        why = ZONE if values.asked.town in values.functional else NONE_JUDGED
        return frame(TITLE(language), name_of(values, language), html.Div(why(language), className="nothing"))
    town = towns[0]
    mark = mark_of(town, stale=is_stale(values))
    how = OPENED if values.asked.town == town.code else WORST
    title = [town_chip(mark.letter), f"{values.label('town', town.code)(language)} {colour_name(town, language)}"]
    old = html.B(f"{SILENT_NAME(language)} ", className="is-over") if is_stale(values) else ""
    note = [old, how(language), " ", refused_mark(language, values.readings[TOLD][0])]
    left = html.Div([facts(town, language), parts(values, town, language)], className="opened-left")
    right = html.Div(
        [html.Div(why_text(town, language), className="reason"), html.Div(ahead(values, town, language), className="ahead")]
    )
    return frame(title, note, html.Div([left, right], className="opened"))


def name_of(values: Values, language: Language) -> str:
    """Return the name of the town that was asked for."""
    return values.label("town", values.asked.town)(language) if values.asked.town else ""


def facts(town: Town, language: Language) -> html.Div:
    """Return O, person-years, crude rate and ratio with its interval."""
    told = zip(FACTS, fact_texts(town, language), strict=True)
    return html.Div([html.Div([html.Span(name(language)), html.B(text)]) for name, text in told], className="town-facts")


def fact_texts(town: Town, language: Language) -> tuple[Any, ...]:
    """Return what stands under each fact; small cells are hidden, and what would tell them."""
    week = town.week
    if not town.is_counted:
        return (NOTHING,) * len(FACTS)
    years = whole_number(round(week["person_years"]))
    if town.is_small:
        return few(town.least), years, HIDDEN, HIDDEN
    crude = f"{PERMILLE * week['observed_count'] / week['person_years']:.2f}"
    if not week["expected_count"] or week["sir"] is None:
        return whole_number(week["observed_count"]), years, crude, NOTHING
    low, high = sir_interval([week["observed_count"]], [week["expected_count"]])
    interval = html.Small(f"{words.INTERVAL_95(language)} {low[0]:.2f}–{high[0]:.2f}")
    return whole_number(week["observed_count"]), years, crude, [f"{week['sir']:.2f}", interval]


def parts(values: Values, town: Town, language: Language) -> html.Div:
    """Return the five parts of the score, each against the most it can give."""
    rows = []
    for key, most in most_of_parts(colours_in_force(values)).items():
        value = town.week[key] if town.has_parts else None
        text = NOTHING if value is None else f"{value:.1f}"
        filled = min(1.0, (value or 0) / most) if most else 0.0
        rows.append(bar(PART_NAMES[key](language), filled, f"{text}/{most:g}", kind="town-part"))
    return html.Div(rows, className="bars")


def most_of_parts(rules: ColourRules) -> dict[str, float]:
    """Return the most points that each part of the score can give."""
    most = (rules.level_max, rules.change_max, rules.severity_max, rules.overdue_max, rules.repeat_max)
    return dict(zip(PART_NAMES, most, strict=True))


def why_text(town: Town, language: Language) -> str:
    """Return why it has its colour: as it was stored in Chinese, made of the same row in English."""
    if not town.week:
        return NONE_JUDGED(language)
    if town.is_silent:
        return reason({**town.week, "is_silent": True}, language)
    if town.is_small and town.is_scored:
        return WHY_SMALL(language).format(f"{town.week['score']:.1f}", colour_name(town, language), few(town.least))
    stored = town.week["reason_text"]
    return stored if language == "zh" and stored else reason(town.week, language)


def ahead(values: Values, town: Town, language: Language) -> list[Any]:
    """Return how long it has had its colour, when it is judged again, and what last night's preview says."""
    standing = town.standing
    days = days_in(values, town)
    said = [] if days is None else [DAYS_IN(language).format(whole_number(days))]
    said.append(NEXT(language).format(day_text(standing["next_on"])))
    lines: list[Any] = [html.Div(" · ".join(said))]
    if standing["preview_score"] is not None and not town.is_silent and not is_stale(values):
        letter = COLOUR_MARK[standing["preview_colour"]].letter if standing["preview_colour"] in COLOUR_MARK else ""
        score = PREVIEW(language).format(f"{standing['preview_score']:.1f}")
        lines.append(html.Div([score, " → ", town_chip(letter), f" ({day_text(standing['preview_on'])})"]))
    if town.is_silent and standing["silent_workday_count"]:
        lines.append(html.Div(SILENT_FOR(language).format(whole_number(int(standing["silent_workday_count"])))))
    if standing["alarm_on"] is not None:
        lines.append(html.Div(ALARM(language).format(day_text(standing["alarm_on"])), className="is-over"))
    return lines


TOWN = Panel(key="towns_opened", title=TITLE, draw=opened, needs=(TOLD,), latest=(STANDING, NEWEST), follows=True)
