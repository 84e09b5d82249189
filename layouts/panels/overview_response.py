"""Where help comes latest: the five towns with the longest response, against the twelve minutes that it is held to."""

from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts.panels.emergency import MONTH, REFERENCE_MIN
from layouts.panels.emergency_towns import by_town, town_name
from layouts.parts.frame import frame
from layouts.parts.glance import doubt
from layouts.parts.reading import reason_text, value_text

TITLE = Text("急救反应最慢的镇街", "Slowest response")
NOTE = Text("分钟 · 中位数 · 近四周", "min, median, four weeks")
REFERENCE = Text("参照 {} 分钟", "ref. {} min")
SHOWN = 5
BY_TOWN = Need("e6_p50", MONTH, "town")
LEAST_SCALE_MIN = 1.5 * REFERENCE_MIN
"""The line of reference stands within the picture however fast help comes."""


def drawn(values: Values, language: Language) -> list[Any]:
    """Draw the slowest towns as bars; those beyond the reference are marked, those with too few values are not ranked."""
    readings = [reading for reading in by_town(values, "e6_p50") if reading.dims["town"] not in values.functional]
    ranked = sorted((r for r in readings if r.value is not None), key=lambda r: (-(r.value or 0), str(r.dims["town"])))
    note = [NOTE(language), " ", doubt(language, *readings)]
    if not ranked:
        why = reason_text(next(iter(readings), values.one("e6_p50", MONTH)), language)
        return frame(TITLE(language), note, html.Div(why, className="nothing"))
    scale = max(LEAST_SCALE_MIN, 1.05 * (ranked[0].value or 0))
    rows = [bar(values, reading, scale, language) for reading in ranked[:SHOWN]]
    line = html.Div(html.I(style={"left": f"{100 * REFERENCE_MIN / scale:.1f}%"}), className="reference-line")
    name = html.Span(REFERENCE(language).format(REFERENCE_MIN), style={"left": f"{100 * REFERENCE_MIN / scale:.1f}%"})
    axis = html.Div(html.Div(name, className="reference-name"), className="slow-axis axis")
    return frame(TITLE(language), note, html.Div([html.Div([*rows, line], className="slow-rows"), axis], className="slow"))


def bar(values: Values, reading: Reading, scale: float, language: Language) -> html.Div:
    """Return one town's bar: its name, its length, its minutes, and a sign where they are beyond the reference."""
    value = reading.value or 0.0
    is_over = value > REFERENCE_MIN
    sign = html.I("◆ ", className="is-over") if is_over else ""
    return html.Div(
        [
            html.Span(town_name(values, reading, language), className="bar-name"),
            html.Span(html.I(style={"width": f"{100 * value / scale:.1f}%"}), className="bar-track"),
            html.Span([sign, value_text(reading, language)], className="bar-count"),
        ],
        className=f"bar-row slow-row{' is-beyond' if is_over else ''}",
    )


RESPONSE = Panel(key="overview_response", title=TITLE, draw=drawn, needs=(BY_TOWN, Need("e6_p50", MONTH)))
