"""The two control charts of the overview: how much comes in, and how long it takes.

Each says with two large marks, as NHS England's "Making Data Count" has them, whether it changes and whether it keeps its
target, and with one sentence what that means.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dash import html

from cockpit.control_chart import ASSURANCE_TEXT, BASELINE_WEEKS, SHORT_BASELINE, VARIATION_TEXT, Assurance, Variation, chart
from cockpit.metric import Reading
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.overview_cards import legal_limit_days
from layouts.parts import frame as framed
from layouts.parts.glance import doubt
from layouts.parts.reading import reason_text
from layouts.parts.weekly import WEEK, Weekly, control_figure, month_ticks, weekly
from layouts.theme import AXIS_PX, VARIATION_GLYPH, YELLOW

SERIES, SHOWN_WEEKS = "w156", 78
"""A year and a half, so that a change of this year is seen with what was before it."""

HALF_YEARS = (1, 7)
"""The months that the axis names: it is short."""

CASES, DAYS = Need("cases_per_workday", SERIES, WEEK), Need("legal_days_mean", SERIES, WEEK)
HOLIDAYS = Need("long_holidays", SERIES, WEEK)
CASES_TITLE, DAYS_TITLE = Text("每周工伤受理", "Cases each week"), Text("受理至决定用时", "Days to decision")
CASES_UNIT, DAYS_UNIT = Text("件 / 工作日", "a working day"), Text("天 · 每周均值", "weekly mean")
LIMIT = Text("法定 {} 天", "law: {} d")

SAME = Text("没有异常信号，升降属正常波动。", "No signal: ups and downs are chance.")
SHORT = Text("周数不够，尚不能判断。", "Too few weeks to judge.")
CASES_SAID: Mapping[Variation | None, Text] = {
    "common": SAME,
    "improvement": Text("受理比基线少，不是偶然。", "Fewer than the baseline, and not by chance."),
    "concern": Text("受理比基线多，须查明原因。", "More than the baseline: find out why."),
    None: SHORT,
}
DAYS_SAID: Mapping[Variation | None, Text] = {
    "common": SAME,
    "improvement": Text("用时比基线短，不是偶然。", "Shorter than the baseline, and not by chance."),
    "concern": Text("用时比基线长，须查明原因。", "Longer than the baseline: find out why."),
    None: SHORT,
}
"""What a chart says, in one sentence; of both, less is better."""


class Charted(NamedTuple):
    """One series: what it needs, its title and unit, and its sentence by what the chart says."""

    need: Need
    title: Text
    unit: Text
    said: Mapping[Variation | None, Text]


CASES_OF_WEEKS = Charted(CASES, CASES_TITLE, CASES_UNIT, CASES_SAID)
DAYS_OF_WEEKS = Charted(DAYS, DAYS_TITLE, DAYS_UNIT, DAYS_SAID)

LETTER: Mapping[Assurance, Text] = {
    "met": Text("达", "P"),
    "may": Text("?", "?"),
    "never": Text("未", "F"),
    "none": Text("—", "—"),
}
"""The letter in the mark of a target: P for pass and F for fail in English, as the NHS has them."""

SHORT_WORD: Mapping[Assurance, Text] = {
    "met": ASSURANCE_TEXT["met"],
    "may": ASSURANCE_TEXT["may"],
    "never": ASSURANCE_TEXT["never"],
    "none": Text("未设目标", "no target"),
}
ENGLISH_WORD: Mapping[str, str] = {
    "met": "will be met",
    "may": "hit or miss",
    "never": "will be missed",
    "common": "chance only",
    "improvement": "better",
    "concern": "worse",
}
"""What stands under a mark, where there is room for two words."""

ROOM_ABOVE = 1.2
"""Of a target: its name stands above its line."""

WAVE = "～"
"""The mark of what only goes up and down."""


def cases(values: Values, language: Language) -> list[Any]:
    """Draw the cases that are accepted a working day, week by week; the city sets itself no target for them."""
    return drawn(values, CASES_OF_WEEKS, language, target=None)


def days(values: Values, language: Language) -> list[Any]:
    """Draw the mean days to the decision, week by week, against the limit of the law."""
    return drawn(values, DAYS_OF_WEEKS, language, target=float(legal_limit_days(values)))


def drawn(values: Values, charted: Charted, language: Language, *, target: float | None) -> list[Any]:
    """Return one chart with its marks and its sentence."""
    readings, title = values.readings[charted.need], charted.title(language)
    note = [charted.unit(language), " ", doubt(language, *readings)]
    if all(reading.value is None for reading in readings):
        why = reason_text(readings[0], language) if readings else words.NO_WEEK(language)
        return framed.frame(title, note, html.Div(why, className="nothing"))
    series = weekly(readings, [reading.value for reading in readings], values.readings[HOLIDAYS], values.chart_from)
    sentence = charted.said[series.chart.variation](language)
    picture = framed.chart(figure_of(series, readings[-1], language, target), f"{title}: {sentence}")
    marks = [variation_mark(series.chart.variation, language), assurance_mark(assurance_now(series, target), language)]
    body = html.Div([picture, html.Div(marks, className="spc-marks")], className="spc")
    return framed.frame(title, note, body, html.Div(sentence, className="spc-sentence"))


def figure_of(series: Weekly, reading: Reading, language: Language, target: float | None) -> dict[str, Any]:
    """Return the chart of a series, with its target where it has one."""
    figure = control_figure(series, reading, SHOWN_WEEKS, language, has_months=True)
    figure["layout"]["xaxis"] |= month_ticks(series.weeks[-SHOWN_WEEKS:], HALF_YEARS)
    return figure if target is None else with_target(figure, target, language)


def assurance_now(series: Weekly, target: float | None) -> Assurance:
    """Return whether the process keeps a target as it is now: by the limits of its newest weeks, as many as a baseline has.

    The limits of a baseline of years ago would speak of a process that is no more.
    """
    judged = [
        value
        for place, value in enumerate(series.values)
        if place >= series.start and place not in series.left_out and value is not None
    ]
    return chart(judged[-BASELINE_WEEKS:], direction=series.direction, target=target).assurance


def variation_mark(said: Variation | None, language: Language) -> html.Div:
    """Return the mark of change: a wave for chance, the chart's own sign for what is none."""
    if said is None:
        return mark("?", SHORT_BASELINE(language), "none")
    glyph = WAVE if said == "common" else VARIATION_GLYPH[said]
    return mark(glyph, VARIATION_TEXT[said].zh if language == "zh" else ENGLISH_WORD[said], said)


def assurance_mark(kept: Assurance, language: Language) -> html.Div:
    """Return the mark of a target."""
    return mark(LETTER[kept](language), short_word(kept, language), kept)


def short_word(kept: Assurance, language: Language) -> str:
    """Return what stands under the mark of a target."""
    return SHORT_WORD[kept].zh if language == "zh" else ENGLISH_WORD.get(kept, SHORT_WORD[kept].en)


def mark(glyph: str, word: str, kind: str) -> html.Div:
    """Return a large mark with its word."""
    return html.Div([html.I(glyph), html.Span(word)], className=f"spc-mark mark-{kind}")


def with_target(figure: dict[str, Any], target: float, language: Language) -> dict[str, Any]:
    """Return a chart with a target in it, a dotted line and its name."""
    layout = figure["layout"]
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target}
    dotted = {**line, "line": {"color": YELLOW, "width": 2, "dash": "dot"}}
    place = {"xref": "paper", "x": 0.5, "xanchor": "center", "yanchor": "bottom", "y": target, "showarrow": False}
    name = {**place, "text": LIMIT(language).format(f"{target:g}"), "font": {"size": AXIS_PX, "color": YELLOW}}
    yaxis = {**layout["yaxis"], "autorangeoptions": {"include": [0, ROOM_ABOVE * target]}}
    told = {"shapes": [*layout["shapes"], dotted], "annotations": [*layout["annotations"], name], "yaxis": yaxis}
    return {**figure, "layout": {**layout, **told}}


CASES_CHART = Panel(key="overview_cases", title=CASES_TITLE, draw=cases, needs=(CASES, HOLIDAYS))
DAYS_CHART = Panel(key="overview_days", title=DAYS_TITLE, draw=days, needs=(DAYS, HOLIDAYS))
