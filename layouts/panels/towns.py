"""The key figures of the four colours: how many of each, the city's own lamp, deaths, early alarms, the next evaluation."""

from typing import Any

from dash import html

from cockpit.code_names import COLOURS
from cockpit.metric import Reading, Status
from cockpit.numbers import NOTHING, whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.injury import how_sure
from layouts.parts.reading import badge, opened, reason_text, signed_text, value_text
from layouts.parts.refused import refused_mark
from layouts.parts.rules import colours_in_force
from layouts.parts.small_cells import count_text
from layouts.parts.town_rows import STANDING, TOLD, Town, day, day_text, short_name, towns_of
from layouts.parts.town_state import interruption_text, town_chip
from layouts.theme import COLOUR_MARK, SILENT_MARK

NOW = "now"
COUNTS = {
    "红": Need("towns_red", NOW),
    "橙": Need("towns_orange", NOW),
    "黄": Need("towns_yellow", NOW),
    "绿": Need("towns_green", NOW),
}
SILENT, ALARMED, DEATHS = Need("towns_silent", NOW), Need("towns_alarmed", NOW), Need("deaths_90d", NOW)
LAMP = Need("incidence_prod_yoy", "r12")
TITLE = Text("区域四色", "Four colours")
TOLD_OF = Text("有数据 {}/{}", "heard of {}/{}")
LAMP_TITLE = Text("全市生产区域发生率同比", "City incidence at work, y/y")
LAMP_LINE = Text("全市灯：{} · 目标 ≤{}%", "lamp: {} · target {} %")
MET, MISSED, UNSURE = Text("● 达标", "● met"), Text("▲ 未达标", "▲ missed"), Text("— 未知", "— unknown")
DEATHS_TITLE, DEATHS_LINE = (
    Text("近90日工亡", "Deaths at work, 90 d"),
    Text("{}例至少橙，{}例红（按镇街）", "{} orange, {} red, by town"),
)
ALARM_TITLE, ALARM_LINE = Text("CUSUM早期预警", "CUSUM alarms"), Text("约每12周误报一次", "one false in about 12 weeks")
NEXT_TITLE = Text("下次评估", "Next evaluation")
NEXT_LINE = Text("周一评 · 已评至 {}", "Mondays · judged to {}")
STOPPED = Text("◆ 评估中断", "◆ judgement interrupted")
IN_DAYS = Text("{} 天后", "in {} d")
PERSONS = Text("人", "persons")
TOWNS_UNIT = Text("镇街", "towns")


def key_figures(values: Values, language: Language) -> list[Any]:
    """Draw the counts of colours, the city's lamp, deaths, early alarms and the next evaluation."""
    towns = towns_of(values)
    drawn = (lamp, deaths)
    return [
        colours(values, towns, language),
        *(one(values, language) for one in drawn),
        alarms(values, towns, language),
        ahead(values, towns, language),
    ]


def colours(values: Values, towns: list[Town], language: Language) -> html.Div:
    """Return how many towns have each colour, of how many anything is heard, and since when nothing was judged."""
    told = values.readings[TOLD][0]

    def number(reading: Reading) -> str:
        return value_text(reading, language) if towns else NOTHING  # nothing judged is not 0

    parts = [count(COLOUR_MARK[c].letter, COLOURS[c](language), number(values.readings[need][0])) for c, need in COUNTS.items()]
    silent = values.readings[SILENT][0]
    parts.append(count(SILENT_MARK.letter, words_of_silence(language), number(silent)))
    every = [*(values.readings[need][0] for need in COUNTS.values()), silent, told]
    heard = (
        TOLD_OF(language).format(whole_number(told.n), whole_number(told.n_total))
        if told.n_total
        else reason_text(told, language)
    )
    stopped = interruption_text(values, towns, language)
    said = [heard, *([" · ", html.B(f"◆ {stopped}", className="is-over")] if stopped else [])]
    trust = html.Span([refused_mark(language, *every), badge(told, language)])
    last = html.Div([html.Span(said), trust], className="card-line card-last")
    return html.Div(
        [html.Div(TITLE(language), className="card-title"), html.Div(parts, className="colour-counts"), last],
        className=f"card card-{standing_status(told, stopped).value}",
    )


def standing_status(reading: Reading, stopped: str) -> Status:
    """Return how far what rests on the judgements may be trusted: they are late where none was made for days."""
    return Status.LATE if stopped and reading.status is Status.OK else reading.status


def words_of_silence(language: Language) -> str:
    """Return the word for a town that nothing is heard of."""
    return Text("中断", "silent")(language)


def count(letter: str, name: str, number: str) -> html.Span:
    """Return one colour with the number of its towns."""
    return html.Span([town_chip(letter), html.Small(name), html.B(number)], className="colour-count")


def lamp(values: Values, language: Language) -> html.Div:
    """Return the city's own lamp: the towns' ratios are relative, and stay when the whole city worsens."""
    reading = values.readings[LAMP][0]
    target = reading.metric.target
    if reading.value is None or target is None or reading.status is Status.STALE:
        state, line = UNSURE(language), reason_text(reading, language)
    else:
        state = (MET if reading.value <= target.value else MISSED)(language)
        line = how_sure(reading, language)
    goal = NOTHING if target is None else f"{target.value:.0f}".replace("-", "\u2212")
    lines = (LAMP_LINE(language).format(state, goal), line)
    return number_card(
        opened(LAMP_TITLE(language), values, reading, language), signed_text(reading, language), "", reading, lines, language
    )


def deaths(values: Values, language: Language) -> html.Div:
    """Return the deaths at work of 90 days; a few are told as a few."""
    reading = values.readings[DEATHS][0]
    rules = colours_in_force(values)
    demand = DEATHS_LINE(language).format(rules.deaths_orange, rules.deaths_red)
    lines = (demand, reason_text(reading, language))
    return number_card(
        opened(DEATHS_TITLE(language), values, reading, language),
        count_text(reading, language),
        PERSONS(language),
        reading,
        lines,
        language,
    )


def alarms(values: Values, towns: list[Town], language: Language) -> html.Div:
    """Return how many towns the early alarm rings for, which, and how often it is false."""
    reading = values.readings[ALARMED][0]
    ringing = [short_name(values, town.code, language) for town in towns if town.standing["alarm_on"] is not None]
    lines = (ALARM_LINE(language), words.listed(ringing, language) or reason_text(reading, language))
    return number_card(
        opened(ALARM_TITLE(language), values, reading, language),
        value_text(reading, language),
        TOWNS_UNIT(language),
        reading,
        lines,
        language,
    )


def ahead(values: Values, towns: list[Town], language: Language) -> html.Div:
    """Return the day of the next evaluation, and up to which week the towns are judged."""
    standing = towns[0].standing if towns else {"next_on": None, "week_end_on": None}
    next_on, moment = day(standing["next_on"]), values.local_time(values.as_of)
    soon = IN_DAYS(language).format((next_on - moment.date()).days) if next_on and moment and next_on >= moment.date() else ""
    stopped = interruption_text(values, towns, language)
    last = html.B(STOPPED(language), className="is-over") if stopped else soon
    lines = (NEXT_LINE(language).format(day_text(standing["week_end_on"])), last)
    return number_card(NEXT_TITLE(language), day_text(standing["next_on"]), "", None, lines, language)


def number_card(  # noqa: PLR0917 in the order one reads it
    title: Any, number: str, unit: str, reading: Reading | None, lines: tuple[Any, Any], language: Language
) -> html.Div:
    """Return a card with one number and two lines; how far it may be trusted stands beside the last."""
    status = Status.OK if reading is None else reading.status
    refused = None if reading is None else refused_mark(language, reading)
    is_told = reading is not None and not (reading.status is Status.MISSING and lines[1])  # why it has no value says so
    said = badge(reading, language) if reading is not None and is_told else None
    return html.Div(
        [
            html.Div(title, className="card-title"),
            html.Div(
                [html.Span(number, className="card-value"), html.Span(unit, className="card-unit"), refused],
                className="card-number",
            ),
            html.Div(lines[0] or "\u00a0", className="card-line"),
            html.Div([html.Span(lines[1] or "\u00a0"), said], className="card-line card-last"),
        ],
        className=f"card card-{status.value}",
    )


FIGURES = Panel(
    key="towns_figures",
    title=TITLE,
    draw=key_figures,
    frame="cards",
    needs=(*COUNTS.values(), SILENT, TOLD, LAMP, DEATHS, ALARMED),
    latest=(STANDING,),
)
