"""Weekly series under a control chart: which weeks are judged, what is said of the newest, and the picture of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import html

from cockpit.control_chart import ASSURANCE_TEXT, RULE_TEXT, SHORT_BASELINE, Chart, Direction, Variation, chart, variation_of
from cockpit.metric import Reading
from cockpit.numbers import written
from cockpit.text import Language, Text
from cockpit.weeks import monday, week_named
from layouts import words
from layouts.theme import (
    AXIS_PX,
    DATA,
    LINE,
    TEXT,
    TEXT_SOFT,
    VARIATION_COLOUR,
    VARIATION_GLYPH,
    VARIATION_SYMBOL,
    figure,
)

WEEK = "week"
WEEK_FROM = len("2026-")
EDGE_PX = 52
"""Room at the right end for the numbers of centre and limits."""

NARROW = 0.25
"""Limits that lie nearer to the centre than this share of the picture have no numbers of their own: they would overlap."""

QUARTERS, EVERY_SECOND = (1, 4, 7, 10), (1, 3, 5, 7, 9, 11)
"""The months that an axis of a year, or of half a year, names."""

FIRST_DAYS = 7
"""A month is named at the Monday of its first week."""

EDGE_SHARE = 0.05
"""Nearer to the left end than this share of the axis a month has no name: it would stand in the zero of the other axis."""

BASELINE = Text("基线 {} 起{}周", "base {1} wk from {0}")
LEFT_OUT = Text("▨ 春节国庆周不计", "▨ holidays out")


@dataclass(frozen=True)
class Weekly:
    """A series of weeks, oldest first, what a control chart makes of it, and the weeks that it leaves out."""

    weeks: tuple[str, ...]
    values: tuple[float | None, ...]
    chart: Chart
    left_out: frozenset[int]
    start: int
    direction: Direction

    def variation(self, place: int) -> Variation:
        """Return what the chart says of one week."""
        return variation_of(self.chart.signals[place], self.direction)


def weekly(
    readings: Sequence[Reading], values: Sequence[float | None], holidays: Sequence[Reading], chart_from: date | None
) -> Weekly:
    """Return a series under a chart; weeks that hold days off of the long holidays are left out of it."""
    off = {r.dims[WEEK] for r in holidays if r.value}
    weeks = tuple(r.dims[WEEK] or "" for r in readings)
    left_out = frozenset(place for place, week in enumerate(weeks) if week in off)
    start = first_judged(readings, chart_from)
    metric = readings[0].metric if readings else None
    direction = metric.direction if metric else "context"
    target = metric.target.value if metric and metric.target else None
    found = chart(values, direction=direction, left_out=left_out, start=start, target=target)
    return Weekly(weeks, tuple(values), found, left_out, start, direction)


def first_judged(readings: Sequence[Reading], chart_from: date | None) -> int:
    """Return the place of the first week of the baseline: the one declared, or the record's first whole one.

    The first week that has anything may be a part of one, so it is the week after it.
    """
    if chart_from is not None:
        found = (place for place, r in enumerate(readings) if monday(week_named(r.dims[WEEK] or "")) >= chart_from)
        return next(found, len(readings))
    return next((place + 1 for place, r in enumerate(readings) if r.n), 0)


def verdict(series: Weekly, language: Language) -> list[Any]:
    """Return sign and word of what the chart says of its newest week, and whether a target is kept."""
    said = series.chart.variation
    if said is None:
        return [SHORT_BASELINE(language)]
    sign = html.I(f"{VARIATION_GLYPH[said]} ", style={"color": VARIATION_COLOUR[said]})
    kept = "" if series.chart.assurance == "none" else f" · {ASSURANCE_TEXT[series.chart.assurance](language)}"
    return [sign, html.B(series.chart.text(language)), kept]


def baseline_text(series: Weekly, language: Language) -> str:
    """Say on which weeks the limits stand."""
    if series.start >= len(series.weeks):
        return SHORT_BASELINE(language)
    return BASELINE(language).format(series.weeks[series.start], series.chart.baseline_n)


def newest_text(series: Weekly, reading: Reading | None, language: Language) -> str:
    """Return the newest judged week's value."""
    place = series.chart.newest_index
    if place is None or reading is None:
        return words.NO_WEEK(language)
    unit = reading.metric.unit_text(language)
    return f"{newest_week(series)} {written(series.values[place], reading.metric.unit, language)} {unit}"


def newest_week(series: Weekly) -> str:
    """Return the newest judged week's number, nothing when there is none."""
    place = series.chart.newest_index
    return "" if place is None else series.weeks[place][WEEK_FROM:]


def month_ticks(weeks: Sequence[str], months: tuple[int, ...]) -> dict[str, Any]:
    """Return where an axis of weeks names a month: at the first Monday in it, and not at the edge."""
    mondays, edge = [monday(week_named(week)) for week in weeks], EDGE_SHARE * len(weeks)
    named = [p for p, day in enumerate(mondays) if day.month in months and day.day <= FIRST_DAYS and p >= edge]
    return {"tickvals": named, "ticktext": [f"{mondays[place]:%y-%m}" for place in named], "showgrid": False}


def shading(left_out: Sequence[int]) -> list[dict[str, Any]]:
    """Return the weeks that no chart counts as bands behind the picture."""
    band = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "fillcolor": LINE, "line": {"width": 0}, "layer": "below"}
    return [{**band, "x0": place - 0.5, "x1": place + 0.5} for place in left_out]


def control_figure(series: Weekly, reading: Reading, shown: int, language: Language, *, has_months: bool) -> dict[str, Any]:
    """Return the last weeks of a control chart: the line, special causes by sign and colour, centre and limits with numbers."""
    first = max(0, len(series.weeks) - shown)
    weeks = series.weeks[first:]
    out = [place - first for place in series.left_out if place >= first]
    ticks = month_ticks(weeks, QUARTERS)
    return figure(
        [judged_line(series, first, reading, language), left_out_marks(series, first)],
        margin={"l": 40, "r": EDGE_PX, "t": 4, "b": 26 if has_months else 6},
        xaxis={**ticks, "range": [-0.8, len(weeks) - 0.2], "showticklabels": has_months, "tickfont": {"size": AXIS_PX}},
        yaxis={"nticks": 3, "rangemode": "tozero", "tickfont": {"size": AXIS_PX}},
        shapes=[*shading(out), *limit_lines(series)],
        annotations=limit_numbers(series, reading, language),
    )


def judged_line(series: Weekly, first: int, reading: Reading, language: Language) -> dict[str, Any]:
    """Return the weeks that the chart counts, as a line that passes over the others."""
    places = range(first, len(series.weeks))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [*range(len(places))],
        "y": [None if place in series.left_out else series.values[place] for place in places],
        "connectgaps": True,
        "line": {"color": DATA, "width": 2},
        "marker": markers(series, first),
        "hovertext": [hover(series, place, reading, language) for place in places],
        "hoverinfo": "text",
    }


def left_out_marks(series: Weekly, first: int) -> dict[str, Any]:
    """Return the weeks that the chart does not count, as hollow marks."""
    out = sorted(place for place in series.left_out if place >= first)
    marker = {"color": TEXT_SOFT, "size": 7, "symbol": "circle-open"}
    known = {"x": [place - first for place in out], "y": [series.values[place] for place in out]}
    return {"type": "scatter", "mode": "markers", **known, "marker": marker, "hoverinfo": "y"}


def markers(series: Weekly, first: int) -> dict[str, Any]:
    """Return each week's mark: special causes are larger, of another shape and colour."""
    said = [series.variation(place) for place in range(first, len(series.weeks))]
    return {
        "color": [VARIATION_COLOUR[one] for one in said],
        "symbol": [VARIATION_SYMBOL[one] for one in said],
        "size": [5 if one == "common" else 8 for one in said],
    }


def hover(series: Weekly, place: int, reading: Reading, language: Language) -> str:
    """Return a week, its value, and the rules it takes part in."""
    rules = [RULE_TEXT[signal.rule](language) for signal in series.chart.signals[place]]
    value = written(series.values[place], reading.metric.unit, language)
    return " · ".join((f"{series.weeks[place]} {value}", *dict.fromkeys(rules)))


def limit_lines(series: Weekly) -> list[dict[str, Any]]:
    """Return centre and limits as lines; a chart without a baseline has none."""
    limits = series.chart.limits
    if limits is None:
        return []
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1}
    ends = ((limits.high, "dash", TEXT_SOFT), (limits.centre, "solid", TEXT), (max(0.0, limits.low), "dash", TEXT_SOFT))
    return [{**line, "y0": y, "y1": y, "line": {"color": colour, "width": 1.5, "dash": dash}} for y, dash, colour in ends]


def limit_numbers(series: Weekly, reading: Reading, language: Language) -> list[dict[str, Any]]:
    """Return the numbers of centre and limits at the right end."""
    limits = series.chart.limits
    if limits is None:
        return []
    place = {"xref": "paper", "x": 1, "xanchor": "left", "showarrow": False, "font": {"size": 16, "color": TEXT_SOFT}}
    unit = reading.metric.unit
    known = [value for value in series.values if value is not None]
    is_narrow = limits.high - limits.centre < NARROW * max(known, default=0)
    ends = (limits.centre,) if is_narrow else (limits.high, limits.centre, max(0.0, limits.low))
    return [{**place, "y": y, "text": written(y, unit, language)} for y in ends]
