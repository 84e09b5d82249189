"""The limits that calls and runs are held against, and the five scenes of emergency response."""

from typing import Any, NamedTuple

from dash import html

from cockpit.metric import Reading, Status
from cockpit.numbers import whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.emergency import MONTH
from layouts.parts.frame import chart, frame
from layouts.parts.limit_table import Step, limit_table
from layouts.parts.reading import badge, n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.theme import AXIS_PX, DATA, STATUS_GLYPH, YELLOW, figure


class Line(NamedTuple):
    """A reading under a short name."""

    need: tuple[str, str]
    name: Text


class Scene(NamedTuple):
    """One scene: the number that leads it, and what stands below."""

    title: Text
    leading: Line
    lines: tuple[Line, ...]
    by_source: bool = False


LIMITS_KEPT = (
    ("answer10", "e1_p50", Text("接听 ≤10秒", "Answer ≤10 s")),
    ("dispatch60", "e3_p50", Text("派车 ≤1分钟", "Dispatch ≤1 min")),
    ("out180", "e4_p50", Text("出车 ≤3分钟", "Turn-out ≤3 min")),
    ("handover15", "e9_p50", Text("交接 ≤15分钟", "Handover ≤15 min")),
)
"""The share within each limit, the median of what is limited, and the limit."""

OLD = (Status.LATE, Status.STALE)
LOC_NAMES = {
    "GPS": Text("GPS", "GPS"),
    "基站": Text("基站", "cell"),
    "口述": Text("口述", "told"),
    "三重复合": Text("复合", "all"),
}
FOUR_SCENES = (
    Scene(
        Text("一键呼救", "One-key calls"),
        Line(("onekey_share", MONTH), Text("占呼叫", "of calls")),
        (
            Line(("aed_points", "now"), Text("AED点位", "On the map")),
            Line(("aed_uses", MONTH), Text("AED指引", "Guided")),
        ),
    ),
    Scene(
        Text("精准调度", "Exact dispatch"),
        Line(("loc_ok", MONTH), Text("定位≤50米", "within 50 m")),
        (Line(("cross_share", MONTH), Text("跨镇出车", "Cross-town")),),
        by_source=True,
    ),
    Scene(
        Text("上车即入院", "Data ahead"),
        Line(("prearrival_share", MONTH), Text("先于患者", "in time")),
        (
            Line(("ahead_p50", MONTH), Text("先到中位数", "Ahead by")),
            Line(("video_online", "h24"), Text("24小时视频", "Video, 24 h")),
        ),
    ),
    Scene(
        Text("协同应急", "Joint response"),
        Line(("joint_incidents", MONTH), Text("联动事件", "joint")),
        (
            Line(("notify_p50", MONTH), Text("通知中位数", "Notified in")),
            Line(("notify_p90", MONTH), Text("通知P90", "P90")),
        ),
    ),
)
DECISIONS = Text("决策分析", "Decisions")
DAY_S = 86_400
FEWEST_DAYS = 7
"""A mean of fewer days is not shown. [DEF]"""


def limits(values: Values, language: Language) -> list[Any]:
    """Draw each limited step: its median, the share within its limit, and whose limit that is."""
    title = Text("各环节时限达标", "Within the limits")(language)
    steps = [Step(values.one(share, MONTH), values.one(median, MONTH), name(language)) for share, median, name in LIMITS_KEPT]
    counts = [step.share.n for step in steps]
    note = f"{words.LAST_28D(language)} n={whole_number(min(counts))}…{whole_number(max(counts))}"
    return frame(title, note, *limit_table(steps, language))


def scenes(values: Values, language: Language) -> list[Any]:
    """Draw the five scenes: one-key calls, exact dispatch, data ahead, joint response, decisions."""
    return [*(scene(values, one, language) for one in FOUR_SCENES), decisions(values, language)]


def scene(values: Values, one: Scene, language: Language) -> html.Div:
    """Return one scene: its name, its leading number with what it is and its n, and lines below."""
    reading = values.one(*one.leading.need)
    what = one.leading.name(language) if reading.value is not None else reason_text(reading, language)
    number = [
        html.B(value_text(reading, language)),
        html.Span(reading.metric.unit_text(language), className="card-unit"),
        html.Span(what, className="scene-name"),
    ]
    lines: list[Any] = sources_text(values, language) if one.by_source else []
    others = [values.one(*line.need) for line in one.lines]
    lines += [line_of(other, line.name(language), language) for other, line in zip(others, one.lines, strict=True)]
    shown = [reading, *others]
    return html.Div(
        [
            html.Div([html.H2(one.title(language)), badge(reading, language)], className="scene-head"),
            html.Div(number, className="scene-number"),
            html.Div(refused_mark(language, *shown), className="scene-n"),
            html.Div(f"{words.LAST_28D(language)} {n_text(reading)}", className="scene-n"),
            *(html.Div(line, className="scene-line") for line in lines),
        ],
        className=f"scene scene-{reading.status.value}",
        title=reading.metric.definition(language),
    )


def line_of(reading: Reading, name: str, language: Language) -> list[Any]:
    """Return a short name and its value, marked when its sources are not those of today."""
    mark = [html.I(STATUS_GLYPH[reading.status], className="is-over"), " "] if reading.status in OLD else []
    return [*mark, f"{name} {with_unit(reading, language)}"]


def sources_text(values: Values, language: Language) -> list[str]:
    """Return how exact each source of a position is, two to a line."""
    found = {r.dims["loc_source"]: r for r in values.parts("loc_ok", MONTH, "loc_source")}
    said = [f"{name(language)} {with_unit(found[code], language)}" for code, name in LOC_NAMES.items() if code in found]
    return [" · ".join(said[i : i + 2]) for i in range(0, len(said), 2)]


def decisions(values: Values, language: Language) -> html.Div:
    """Draw today's incidents by hour before the mean of four weeks: what is different today."""
    today, usual = by_hour(values, "today"), usual_day(values)
    whole = values.one("incidents", "today")
    note = words.TODAY_CASES(language).format(value_text(whole, language))
    line = [html.Span("━", style={"color": YELLOW}), f" {words.MEAN_28D(language)}"] if usual else [words.NO_HISTORY(language)]
    is_old = whole.status not in (Status.OK, Status.PROVISIONAL)
    key = html.Span([note, " ", badge(whole, language)] if is_old else [note, " ", *line])
    gap = values.one("satisfaction_gap", MONTH)
    return html.Div(
        [
            html.Div([html.H2(DECISIONS(language)), key], className="scene-head"),
            chart(hours_figure(today, usual, language), f"{DECISIONS(language)}: {note}"),
            html.Div(refused_mark(language, gap), className="scene-n"),
            html.Div(f"{gap.metric.title(language)} {with_unit(gap, language)} {n_text(gap)}", className="scene-line"),
        ],
        className="scene",
    )


def hours_figure(today: list[int | None], usual: list[float], language: Language) -> dict[str, Any]:
    """Return today's bars, as far as the day has come, before the step line of the usual day."""
    hours = list(range(24))
    line = {"shape": "hvh", "color": YELLOW, "width": 2}
    return figure(
        [
            {"type": "bar", "x": hours, "y": today, "marker": {"color": DATA}, "hoverinfo": "y"},
            {"type": "scatter", "mode": "lines", "x": hours, "y": usual, "line": line, "hoverinfo": "skip"},
        ],
        margin={"l": 30, "r": 6, "t": 4, "b": 32},
        bargap=0.25,
        xaxis={
            "ticks": "outside",  # invisible ones: they keep the first hour's name away from the nought beside it
            "ticklen": 6,
            "tickcolor": "rgba(0,0,0,0)",
            "tickvals": [0, 6, 12, 18],
            "ticktext": [f"{h}{words.HOUR(language)}" for h in (0, 6, 12, 18)],
            "showgrid": False,
        },
        yaxis={"nticks": 3, "rangemode": "tozero", "tickfont": {"size": AXIS_PX}},
    )


def by_hour(values: Values, window: str) -> list[int | None]:
    """Return incidents by local hour, nothing where they are not known; of today only the hours that have begun."""
    if values.one("incidents", window).value is None:
        return [None] * 24
    found = {r.dims["hour"]: r.n for r in values.parts("incidents", window, "hour")}
    now = values.local_time(values.as_of)
    begun = 24 if window != "today" or now is None else now.hour + 1
    return [found.get(f"{hour:02d}", 0) if hour < begun else None for hour in range(24)]


def usual_day(values: Values) -> list[float]:
    """Return the mean of each hour over the days of four weeks that the record reaches back to; nothing when they are few."""
    span, began_at = values.one("incidents", MONTH).window, values.began_at("incident")
    days = 0 if began_at is None else (span.to_at - max(span.from_at, began_at)) / DAY_S
    counts = by_hour(values, MONTH)
    return [count / days for count in counts if count is not None] if days >= FEWEST_DAYS else []


LIMITS = Panel(
    key="limits",
    title=Text("时限达标", "Limits"),
    draw=limits,
    needs=tuple(Need(key, MONTH) for row in LIMITS_KEPT for key in row[:2]),
)
SCENES = Panel(
    key="scenes",
    title=Text("五个场景", "Five scenes"),
    draw=scenes,
    frame="scenes",
    needs=(
        *(Need(*line.need) for one in FOUR_SCENES for line in (one.leading, *one.lines)),
        Need("loc_ok", MONTH, "loc_source"),
        Need("satisfaction_gap", MONTH),
        Need("incidents", "today"),
        Need("incidents", MONTH),
        Need("incidents", "today", "hour"),
        Need("incidents", MONTH, "hour"),
    ),
)
