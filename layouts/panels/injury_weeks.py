"""Work injury week by week: control charts of acceptances and of days to the decision, and accidents by their own date."""

from decimal import Decimal
from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.nowcast import COMPLETE, JUDGED
from cockpit.numbers import NOTHING, rounded, written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.frame import chart, frame
from layouts.parts.reading import reason_text
from layouts.parts.refused import refused_mark
from layouts.parts.weekly import (
    EVERY_SECOND,
    LEFT_OUT,
    WEEK,
    Weekly,
    baseline_text,
    control_figure,
    month_ticks,
    newest_text,
    newest_week,
    shading,
    verdict,
    weekly,
)
from layouts.theme import AXIS_PX, DATA, DATA_DEEP, TEXT_SOFT, YELLOW, figure

SERIES = "w156"
SHOWN_WEEKS, SHOWN_ACCIDENT_WEEKS, TOLD_WEEKS = 78, 30, 4
"""Of the charts a year and a half, so that a year's change is seen with what was before it."""

CHARTED = (
    ("cases_per_workday", Text("每工作日受理", "Accepted")),
    ("legal_days_mean", Text("受理至决定均值", "To decision")),
)
LAST_SHOWN = Text(f"近{SHOWN_WEEKS}周", f"{SHOWN_WEEKS} wk")
LAST_ACCIDENTS = Text(f"近{SHOWN_ACCIDENT_WEEKS}周", f"{SHOWN_ACCIDENT_WEEKS} wk")
TITLE = Text("每周控制图", "Control charts")
BY_ACCIDENT = Text("按事故日期", "By accident")
COMPLETENESS = Text("近4周报全率 {}", "told, last 4: {}")
HATCHED = Text("▨ 未报足95%", "▨ <95 %")
ESTIMATE = Text("5–95%", "5–95 %")
JUDGED_WEEKS = Text(f"趋势判≥{round(100 * JUDGED)}%", f"trend ≥{round(100 * JUDGED)} %")
UPTO = Text("至", "to ")


def acceptances(values: Values, language: Language) -> list[Any]:
    """Draw the control charts of acceptances per working day and of the mean days to the decision."""
    holidays = values.parts("long_holidays", SERIES, WEEK)
    found = [(values.parts(key, SERIES, WEEK), name) for key, name in CHARTED]
    shown = [one_chart(values, readings, name, holidays, language, is_last=name is CHARTED[-1][1]) for readings, name in found]
    every = [reading for readings, _ in found for reading in readings]
    first = series_of(values, found[0][0], holidays)
    said = (LAST_SHOWN(language), baseline_text(first, language), LEFT_OUT(language))
    foot = html.Div(" · ".join(said), className="left-out small")
    return frame(TITLE(language), refused_mark(language, *every), *shown, foot)


def series_of(values: Values, readings: tuple[Reading, ...], holidays: tuple[Reading, ...]) -> Weekly:
    """Return readings of weeks as they are under a control chart."""
    return weekly(readings, [reading.value for reading in readings], holidays, values.chart_from)


def one_chart(
    values: Values,
    readings: tuple[Reading, ...],
    name: Text,
    holidays: tuple[Reading, ...],
    language: Language,
    *,
    is_last: bool,
) -> html.Div:
    """Return one chart under its name, its newest week and what is to be said of it."""
    known = [reading for reading in readings if reading.value is not None]
    if not known:
        reason = reason_text(readings[0], language) if readings else words.NO_WEEK(language)
        nothing = html.Div(reason, className="nothing")
        return html.Div([html.Div(name(language), className="chart-line"), nothing], className="chart-of")
    series = series_of(values, readings, holidays)
    newest = newest_text(series, known[-1], language)
    line = html.Div([f"{name(language)} {newest} ", *verdict(series, language)], className="chart-line")
    picture = control_figure(series, known[-1], SHOWN_WEEKS, language, has_months=is_last)
    return html.Div([line, chart(picture, f"{name(language)}: {newest} {series.chart.text(language)}")], className="chart-of")


def accidents(values: Values, language: Language) -> list[Any]:
    """Draw the accidents of each week as far as they are told, and how many there will be once all are."""
    readings, holidays = values.parts("accidents_nowcast", SERIES, WEEK), values.parts("long_holidays", SERIES, WEEK)
    known = [reading for reading in readings if reading.value is not None]
    if not known:
        reason = reason_text(readings[0], language) if readings else words.NO_WEEK(language)
        return frame(BY_ACCIDENT(language), LAST_ACCIDENTS(language), html.Div(reason, className="nothing"))
    series = weekly(readings, [judged_value(reading) for reading in readings], holidays, values.chart_from)
    picture = chart(accidents_figure(readings, series, language), f"{BY_ACCIDENT(language)}: {series.chart.text(language)}")
    line = html.Div([*verdict(series, language), f" · {UPTO(language)}{newest_week(series)}"], className="left-out")
    foot = html.Div(told_lines(readings, language), className="left-out small")
    return frame(BY_ACCIDENT(language), refused_mark(language, *readings), picture, line, foot)


def judged_value(reading: Reading) -> float | None:
    """Return what a control chart may judge a week by: the estimate, like for like with newer weeks; none of the raw tail."""
    if reading.value is None or not reading.detail:
        return None
    _, _, is_judged, late_count = reading.detail[0]
    return reading.value - late_count if is_judged else None


def is_raw(reading: Reading) -> bool:
    """Whether less than 95 % of a week's cases are told."""
    return bool(reading.detail) and reading.detail[0][0] < COMPLETE


def told_lines(readings: tuple[Reading, ...], language: Language) -> list[Any]:
    """Say how much of the last weeks is told, what hatched bars and marks are, and when reports come otherwise than before."""
    last = [reading.detail[0][0] if reading.detail else None for reading in readings[-TOLD_WEEKS:]]
    shares = " ".join(NOTHING if share is None else f"{rounded(Decimal(repr(100 * share)), 0)}%" for share in last)
    key = [
        HATCHED(language),
        " · ",
        html.Span("┃", style={"color": YELLOW}),
        f" {ESTIMATE(language)} · {JUDGED_WEEKS(language)}",
    ]
    changed = next((reading.reason for reading in reversed(readings) if reading.reason and reading.value is not None), None)
    warning = [" · ", html.I("▲ ", className="is-over"), changed(language)] if changed else []
    told = f"{LAST_ACCIDENTS(language)} · {COMPLETENESS(language).format(shares)}"
    return [told, *warning, html.Br(), *key]


def accidents_figure(readings: tuple[Reading, ...], series: Weekly, language: Language) -> dict[str, Any]:
    """Return bars of what is told, hatched where that is not nearly all, and the estimates on top of those."""
    first = max(0, len(readings) - SHOWN_ACCIDENT_WEEKS)
    shown = readings[first:]
    raw = [place for place, reading in enumerate(shown) if is_raw(reading) and reading.value is not None]
    out = [place - first for place in series.left_out if place >= first]
    return figure(
        [told_bars(shown, raw, language), estimates([shown[place] for place in raw], raw)],
        margin={"l": 40, "r": 6, "t": 4, "b": 28},
        bargap=0.2,
        xaxis={**month_ticks(series.weeks[first:], EVERY_SECOND), "range": [-0.7, len(shown) - 0.3]},
        yaxis={"nticks": 4, "rangemode": "tozero", "tickfont": {"size": AXIS_PX}},
        shapes=shading(out),
    )


def told_bars(shown: tuple[Reading, ...], raw: list[int], language: Language) -> dict[str, Any]:
    """Return what is told of each week as bars, those of the raw tail darker and hatched."""
    places = [*range(len(shown))]
    hatch = {"shape": ["/" if place in raw else "" for place in places], "fgcolor": TEXT_SOFT, "size": 7}
    return {
        "type": "bar",
        "x": places,
        "y": [None if reading.value is None else reading.n for reading in shown],
        "marker": {"color": [DATA_DEEP if place in raw else DATA for place in places], "pattern": hatch},
        "hovertext": [hover(reading, language) for reading in shown],
        "hoverinfo": "text",
    }


def estimates(readings: list[Reading], places: list[int]) -> dict[str, Any]:
    """Return the estimates of the weeks that are not told in full, each with its interval."""
    value = [reading.value or 0 for reading in readings]
    up = [(mean if r.high is None else r.high) - mean for r, mean in zip(readings, value, strict=True)]
    down = [mean - (mean if r.low is None else r.low) for r, mean in zip(readings, value, strict=True)]
    ends = {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "color": YELLOW, "thickness": 2, "width": 3}
    marker = {"color": YELLOW, "size": 7}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": places,
        "y": value,
        "marker": marker,
        "error_y": ends,
        "hoverinfo": "skip",
    }


def hover(reading: Reading, language: Language) -> str:
    """Return a week: what is told, and what is expected."""
    unit = reading.metric.unit
    ends = "–".join(written(end, unit, language) for end in (reading.low, reading.high))
    return f"{reading.dims[WEEK]} n={reading.n} · {written(reading.value, unit, language)} ({ends})"


ACCEPTANCES = Panel(
    key="acceptances",
    title=TITLE,
    draw=acceptances,
    needs=(*(Need(key, SERIES, WEEK) for key, _ in CHARTED), Need("long_holidays", SERIES, WEEK)),
)
ACCIDENTS = Panel(
    key="accidents",
    title=BY_ACCIDENT,
    draw=accidents,
    needs=(Need("accidents_nowcast", SERIES, WEEK), Need("long_holidays", SERIES, WEEK)),
)
