"""How long the decision takes, backlog and all: the open cohort's Kaplan–Meier curve beside the closed cohort."""

from collections.abc import Sequence
from typing import Any

from dash import html

from cockpit.injury_clocks import BY_ID, RECOGNITION
from cockpit.marks import Detail
from cockpit.metric import Reading
from cockpit.numbers import whole_number, written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.injury import YEAR
from layouts.parts.frame import chart, frame
from layouts.parts.reading import n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.theme import AXIS_PX, DATA_STRONG, ORANGE, TEXT_SOFT, YELLOW, figure

TITLE = Text("受理至决定", "Share undecided")
OPEN, CLOSED = Text("开放队列", "Open"), Text("已决队列", "Decided")
UNDECIDED = Text("未决或撤回 {}", "{} undecided")
NOTE = Text("未决占比 · 近12个月", "12 mo.")
LIMIT = BY_ID[RECOGNITION["ordinary"]]
"""The longest limit of the decision; the others are shorter."""

LIMIT_MARK = Text(f"{LIMIT.id} {LIMIT.limit}天", f"{LIMIT.id} {LIMIT.limit} d")
FEW = 0.005
"""The curve is drawn until so few are undecided; the rest is a line along the axis."""

BAND = "rgba(79,179,255,.25)"
"""DATA_STRONG, seen through."""


def cohort(values: Values, language: Language) -> list[Any]:
    """Draw the share of a year's cases that is undecided after so many days, and both cohorts' medians."""
    whole = values.one("open_cohort_p50", YEAR)
    note = NOTE(language)
    lines = html.Div(
        [open_line(whole, language), closed_line(values, language), counts(values, language)], className="left-out"
    )
    if not whole.detail:
        nothing = reason_text(whole, language) or words.NO_CURVE(language)
        return frame(TITLE(language), note, html.Div(nothing, className="nothing"), lines)
    picture = chart(
        curve_figure(whole.detail, decided_marks(values), language), f"{TITLE(language)}: {with_unit(whole, language)}"
    )
    return frame(TITLE(language), note, picture, lines)


def open_line(reading: Reading, language: Language) -> html.Div:
    """Return the open cohort's median with its interval, and how many of it are not decided."""
    mark = html.Span("━ ", style={"color": DATA_STRONG})
    unit = reading.metric.unit
    if reading.value is None:
        said = reason_text(reading, language)
    else:
        ends = "–".join(written(end, unit, language) for end in (reading.low, reading.high))
        said = f"{words.MEDIAN(language)} {with_unit(reading, language)} ({ends})"
    return html.Div([mark, html.B(OPEN(language)), f" {said}"], title=reading.metric.definition(language))


def closed_line(values: Values, language: Language) -> html.Div:
    """Return the closed cohort's median and P90."""
    median, tail = (values.one(f"legal_days_{which}", YEAR) for which in ("p50", "p90"))
    mark = html.Span("◇ ", style={"color": ORANGE})
    if median.value is None:
        return html.Div([mark, html.B(CLOSED(language)), f" {reason_text(median, language)}"])
    said = f" {words.MEDIAN(language)} {with_unit(median, language)} · P90 {value_text(tail, language)}"
    return html.Div([mark, html.B(CLOSED(language)), said], title=median.metric.definition(language))


def counts(values: Values, language: Language) -> html.Div:
    """Return how many each cohort has, and how many of the open one are not decided."""
    whole, median = values.one("open_cohort_p50", YEAR), values.one("legal_days_p50", YEAR)
    left = UNDECIDED(language).format(whole_number(whole.n - whole.hit_count))
    second = f"◇ {n_text(median)} "
    said = [f"━ {n_text(whole)} ({left})", html.Br(), second, refused_mark(language, whole)]
    return html.Div(said, className="left-out small")


def decided_marks(values: Values) -> dict[str, Any]:
    """Return the closed cohort's median and P90 as marks on the heights that they would have."""
    heights = ((50, values.one("legal_days_p50", YEAR)), (10, values.one("legal_days_p90", YEAR)))
    known = [(reading.value, height) for height, reading in heights if reading.value is not None]
    marker = {"color": ORANGE, "size": 13, "symbol": "diamond-open", "line": {"width": 3}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day for day, _ in known],
        "y": [height for _, height in known],
        "marker": marker,
        "hoverinfo": "x",
    }


def curve_figure(steps: Detail, marks: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the curve as steps with its band, the half, the longest limit, and marks upon it."""
    shown = [step for step in steps if step[1] >= FEW] or [*steps]
    edge = 1.05 * max(LIMIT.limit, shown[-1][0])
    suffix = words.DAYS(language) if language == "zh" else " d"
    return figure(
        [*curve(shown, language), marks],
        margin={"l": 58, "r": 16, "t": 16, "b": 28},
        xaxis={"range": [0, edge], "ticksuffix": suffix, "tickfont": {"size": AXIS_PX}, "nticks": 6},
        yaxis={"range": [0, 106], "tickvals": [50, 100], "ticktext": ["50%", "100%"], "tickfont": {"size": AXIS_PX}},
        shapes=[line(x0=LIMIT.limit, x1=LIMIT.limit, yref="paper", y0=0, y1=1), line(xref="paper", x0=0, x1=1, y0=50, y1=50)],
        annotations=[limit_mark(language)],
    )


def curve(steps: Sequence[tuple[float, ...]], language: Language) -> list[dict[str, Any]]:
    """Return the band and the curve, both from everybody on day 0."""
    days, left, low, high = ([start, *(step[place] for step in steps)] for place, start in enumerate((0.0, 1.0, 1.0, 1.0)))
    told = [f"{day:g} {words.DAYS(language)} · {100 * share:.1f}%" for day, share in zip(days, left, strict=True)]
    trace = {"type": "scatter", "mode": "lines", "x": days, "hoverinfo": "skip"}
    edge = {"shape": "hv", "width": 0, "color": BAND}
    bold = {"shape": "hv", "color": DATA_STRONG, "width": 3}
    return [
        {**trace, "y": [100 * share for share in low], "line": edge},
        {**trace, "y": [100 * share for share in high], "line": edge, "fill": "tonexty", "fillcolor": BAND},
        {**trace, "y": [100 * share for share in left], "line": bold, "hovertext": told, "hoverinfo": "text"},
    ]


def limit_mark(language: Language) -> dict[str, Any]:
    """Return the name of the longest limit beside its line."""
    place = {"x": LIMIT.limit, "xanchor": "right", "yref": "paper", "y": 1, "showarrow": False}
    return {**place, "text": LIMIT_MARK(language), "font": {"size": AXIS_PX, "color": YELLOW}}


def line(**ends: Any) -> dict[str, Any]:
    """Return a dotted line."""
    colour = YELLOW if ends.get("yref") == "paper" else TEXT_SOFT
    return {"type": "line", **ends, "line": {"color": colour, "width": 2, "dash": "dot"}}


OPEN_COHORT = Panel(
    key="open_cohort",
    title=TITLE,
    draw=cohort,
    needs=(Need("open_cohort_p50", YEAR), Need("legal_days_p50", YEAR), Need("legal_days_p90", YEAR)),
)
