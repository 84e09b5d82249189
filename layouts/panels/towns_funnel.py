"""The funnel plot: what each town's ratio means, given how many cases it may expect."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from dash import html

from cockpit.judging.funnel import funnel, limits, poisson_limits
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts.parts.frame import chart, frame
from layouts.parts.letters import width
from layouts.parts.map_labels import Box
from layouts.parts.refused import refused_mark
from layouts.parts.town_rows import (
    NEWEST,
    NONE_JUDGED,
    STANDING,
    TOLD,
    Town,
    colour_name,
    is_stale,
    mark_of,
    short_name,
    towns_of,
)
from layouts.theme import AXIS_PX, DATA, DATA_STRONG, LINE, TEXT, TEXT_SOFT, figure

TITLE = Text("漏斗图", "Funnel plot")
AXES = (Text("期望案件数E", "expected cases, E"), Text("标化比", "O/E"))
KEY = Text(
    "线：±1.96、±3.09（含过度离散）· 点线：精确泊松99.8%",
    "±1.96, ±3.09 over-dispersed · dotted: exact Poisson 99.8 %",
)
WARNING_Z, ALARM_Z, EXACT = 1.96, 3.09, 0.998
POINTS, BEYOND = 60, 1.35
TICKS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)
MARK_PX = 15
WIDTH_PX, HEIGHT_PX = 480, 190
"""The smallest picture there is: names have room in it."""


def funnel_plot(values: Values, language: Language) -> list[Any]:
    """Draw the towns that have a ratio between the limits of chance; those outside are named."""
    towns = [town for town in towns_of(values) if has_ratio(town)]
    title = TITLE(language)
    if not towns:
        return frame(title, "", html.Div(NONE_JUDGED(language), className="nothing"))
    outside = [town for town in towns if is_outside(town)]
    told = ", ".join(f"{short_name(values, town.code, language)} {town.week['sir']:.2f}" for town in outside)
    foot = html.Div(KEY(language), className="left-out small")
    note = [f"y {AXES[1](language)} · x {AXES[0](language)} ", refused_mark(language, values.readings[TOLD][0])]
    return frame(title, note, chart(funnel_figure(values, towns, language), f"{title}: {told or '—'}"), foot)


def has_ratio(town: Town) -> bool:
    """Whether a town has a ratio that may be shown."""
    return bool(town.week.get("expected_count")) and town.week["sir"] is not None and not town.is_small and not town.is_silent


def is_outside(town: Town) -> bool:
    """Whether a town lies outside the inner limits, over-dispersion counted."""
    return town.week["zstar"] is not None and abs(town.week["zstar"]) > WARNING_Z


def funnel_figure(values: Values, towns: list[Town], language: Language) -> dict[str, Any]:
    """Return limits as curves, towns as points, and the names of those outside and of the chosen one."""
    expected = np.array([town.week["expected_count"] for town in towns], np.float64)
    tau2 = funnel([town.week["observed_count"] for town in towns], expected).tau2
    along = np.geomspace(max(1.0, expected.min() / BEYOND), expected.max() * BEYOND, POINTS)
    curves = [curve(along, way, z) for z, way in zip((WARNING_Z, ALARM_Z), curves_of(along, tau2), strict=True)]
    exact = [line(along, counts / along, "dot", TEXT_SOFT, 1) for counts in poisson_limits(along, EXACT)]
    flat = [one for pair in curves for one in pair]
    ratios = [town.week["sir"] for town in towns]
    low, high = min(*ratios, 0.6) - 0.08, max(*ratios, 1.4) + 0.12
    across = np.log10(along[[0, -1]]).tolist()
    named = names(values, towns, placed(towns, across, (low, high)), language)
    return figure(
        [*flat, *exact, points(values, towns, named, language)],
        xaxis={
            "type": "log",
            "range": across,
            "tickvals": TICKS,
            "ticktext": [f"{t:,}" for t in TICKS],
        },
        yaxis={"range": [low, high], "dtick": 0.2, "tickformat": ".1f"},
        shapes=[
            {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 1, "y1": 1, "line": {"color": DATA_STRONG, "width": 1}}
        ],
        margin={"l": 44, "r": 8, "t": 6, "b": 30},
        hovermode="closest",
    )


def placed(towns: list[Town], across: list[float], up: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Return where each town's point lies in the smallest picture (px), by its code; `across` is in powers of ten."""
    share = {town.code: (math.log10(town.week["expected_count"]), town.week["sir"]) for town in towns}
    wide, high = WIDTH_PX / (across[1] - across[0]), HEIGHT_PX / (up[1] - up[0])
    return {code: ((x - across[0]) * wide, (y - up[0]) * high) for code, (x, y) in share.items()}


def curves_of(along: Any, tau2: float) -> list[tuple[Any, Any]]:
    """Return the inner and the outer limits along the expected counts."""
    return [limits(along, tau2, z) for z in (WARNING_Z, ALARM_Z)]


def curve(along: Any, ends: tuple[Any, Any], z: float) -> list[dict[str, Any]]:
    """Return the lower and the upper curve of one limit."""
    dash, colour = ("dash", DATA) if z == WARNING_Z else ("solid", DATA)
    return [line(along, end, dash, colour, 2) for end in ends]


def line(x: Any, y: Any, dash: str, colour: str, width: int) -> dict[str, Any]:
    """Return one curve."""
    drawn = {"color": colour, "width": width, "dash": dash}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x.round(2).tolist(),
        "y": y.round(4).tolist(),
        "line": drawn,
        "hoverinfo": "skip",
    }


def names(values: Values, towns: list[Town], places: Mapping[str, tuple[float, float]], language: Language) -> dict[str, str]:
    """Return the names that stand beside their points: of the chosen town, of those outside, and of the red and orange ones.

    Where one would lie on another, the graver town has its name; the other one's is in the table, and told on touch.
    """
    wanted = [town for town in towns if is_outside(town) or town.colour in NAMED or values.asked.town == town.code]
    found: dict[str, Box] = {}
    for town in sorted(wanted, key=lambda town: values.asked.town != town.code):
        x, y = places[town.code]
        wide = AXIS_PX * width(short_name(values, town.code, language))
        aside = -1 if is_at_right(town) else 1
        box = Box(x + aside * (MARK_PX + wide) / 2, y, wide, AXIS_PX, is_stacked=False)
        if not any(map(box.touches, found.values())):
            found[town.code] = box
    return {code: short_name(values, code, language) for code in found}


def is_at_right(town: Town) -> bool:
    """Whether a town lies so far right that its name stands left of it."""
    return bool(town.week["expected_count"] > TICKS[5])


def points(values: Values, towns: list[Town], named: Mapping[str, str], language: Language) -> dict[str, Any]:
    """Return the towns as signs on their colour, some with their name."""
    marks = [mark_of(town, stale=is_stale(values)) for town in towns]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [town.week["expected_count"] for town in towns],
        "y": [town.week["sir"] for town in towns],
        "text": [named.get(town.code, "") for town in towns],
        "textposition": ["middle left" if is_at_right(town) else "middle right" for town in towns],
        "textfont": {"size": AXIS_PX, "color": TEXT},
        "marker": {
            "size": MARK_PX,
            "color": [mark.fill for mark in marks],
            "symbol": [SYMBOLS.get(mark.letter, "circle-open") for mark in marks],
            "line": {"color": [TEXT if values.asked.town == town.code else LINE for town in towns], "width": 2},
        },
        "hovertext": [on_touch(values, town, language) for town in towns],
        "hoverinfo": "text",
    }


NAMED = ("红", "橙")
"""The colours of which one asks at once who it is."""

SYMBOLS = {"R": "x", "O": "diamond", "Y": "square", "G": "circle"}
"""A colour is told by its sign as well."""


def on_touch(values: Values, town: Town, language: Language) -> str:
    """Return what is told of a point."""
    week = town.week
    name = f"{short_name(values, town.code, language)} {colour_name(town, language)}"
    ratio = f"O/E {week['sir']:.2f} · z* {week['zstar'] or 0:.2f}"
    return f"{name}<br>O {week['observed_count']:,.0f} · E {week['expected_count']:,.1f}<br>{ratio}"


FUNNEL = Panel(key="towns_funnel", title=TITLE, draw=funnel_plot, needs=(TOLD,), latest=(STANDING, NEWEST))
