"""Pictures of emergency response: key figures, the response chain, and stations by response."""

from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.numbers import written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.frame import chart, frame
from layouts.parts.reading import card, interval_text, n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.theme import AXIS_PX, DATA_STRONG, TEXT, TEXT_SOFT, YELLOW, figure

MONTH = "d28"
CHAIN = ("chain_handling_mean", "chain_turnout_mean", "chain_travel_mean")
CHAIN_TABLE = (("e23_p50", "e23_p90"), ("e4_p50", "e4_p90"), ("e5_p50", "e5_p90"))
REFERENCE_MIN = 12
"""The limit of `e6_within12`, drawn as a line."""
REFERENCE_LINE = {
    "type": "line",
    "x0": REFERENCE_MIN,
    "x1": REFERENCE_MIN,
    "yref": "paper",
    "y0": 0,
    "y1": 1,
    "line": {"color": YELLOW, "width": 2, "dash": "dot"},
}
CARDS = ("calls", "e6_p50", "e6_p90", "e6_within12", "out180", "under_way")


def key_figures(values: Values, language: Language) -> list[Any]:
    """Draw six key figures: how much, how fast, how often within the limit, what is under way."""
    calls, under_way = values.one("calls", "today"), values.one("under_way", "h24")
    day = values.one("calls", "h24")
    timed = [timed_card(values, key, language) for key in CARDS[1:5]]
    first = card(
        values,
        calls,
        language,
        title=calls.metric.title(language),
        window=words.TODAY(language),
        lines=(f"{words.LAST_24H(language)} {with_unit(day, language)}", cancelled_line(values, language)),
    )
    last = card(
        values,
        under_way,
        language,
        title=under_way.metric.title(language),
        window=words.LAST_24H(language),
        lines=(under_way.metric.definition(language), ""),
    )
    return [first, *timed, last]


def cancelled_line(values: Values, language: Language) -> str:
    """Say how many of the last day's incidents, counted in the line above, were cancelled."""
    cancelled = values.one("cancelled", "h24")
    unit = cancelled.metric.unit_text(language) if language == "zh" else ""
    return f"{cancelled.metric.title(language)} {value_text(cancelled, language)} {unit}".rstrip()


def timed_card(values: Values, key: str, language: Language) -> html.Div:
    """Return the card of a timed metric: four weeks, with its interval, n, and the last day beside it."""
    month, day = values.one(key, MONTH), values.one(key, "h24")
    target = month.metric.target
    if target:
        second = f"{words.REFERENCE(language)} {written(target.value, month.metric.unit, language)}% {target.basis(language)}"
    else:
        second = (
            f"{words.LAST_24H(language)} {with_unit(day, language) if day.value is not None else reason_text(day, language)}"
        )
    first = f"{interval_text(month, language)} {n_text(month)}"
    return card(
        values, month, language, title=month.metric.title(language), window=words.LAST_28D(language), lines=(first, second)
    )


def response_chain(values: Values, language: Language) -> list[Any]:
    """Draw the three parts of the response as one bar, with each part's median and P90."""
    parts = [values.one(key, MONTH) for key in CHAIN]
    title = Text("反应时间构成", "Response")(language)
    if any(part.value is None for part in parts):
        return frame(title, words.LAST_28D(language), html.Div(reason_text(parts[0], language), className="nothing"))
    total = sum(part.value or 0 for part in parts)
    bar = html.Div(
        [
            html.Div(value_text(p, language), className=f"chain-part chain-{i}", style={"flexGrow": p.value})
            for i, p in enumerate(parts)
        ],
        className="chain",
    )
    table = [
        html.Tr(
            [
                html.Td([html.I(className=f"swatch chain-{i}"), part.metric.title(language).split("均值")[0].split(",")[0]]),
                html.Td(with_unit(values.one(median, MONTH), language)),
                html.Td(with_unit(values.one(p90, MONTH), language)),
            ]
        )
        for i, (part, (median, p90)) in enumerate(zip(parts, CHAIN_TABLE, strict=True))
    ]
    mean = f"{words.MEAN(language)} {written(total, parts[0].metric.unit, language)} {words.MINUTES(language)}"
    head = html.Tr([html.Th(mean), html.Th(words.MEDIAN(language)), html.Th(words.P90(language))])
    return frame(
        title,
        f"{words.RESPONSE_IS(language)} · {n_text(parts[0])}",
        bar,
        html.Table([html.Thead(head), html.Tbody(table)], className="list"),
        refused_mark(language, *parts),
    )


def stations(values: Values, language: Language) -> list[Any]:
    """Draw stations ranked by median response, each with its interval; the hollow mark is the P90."""
    title = Text("各站反应时间排序", "Response by station")(language)
    medians = [r for r in values.parts("e6_p50", MONTH, "station_id") if r.dims["station_id"] is not None]
    tails = {r.dims["station_id"]: r for r in values.parts("e6_p90", MONTH, "station_id")}
    ranked = sorted((r for r in medians if r.value is not None), key=lambda r: r.value or 0, reverse=True)
    if not ranked:
        return frame(
            title,
            words.LAST_28D(language),
            html.Div(reason_text(medians[0], language) if medians else words.NO_INCIDENT(language), className="nothing"),
        )
    names = [values.label("station_id", r.dims["station_id"])(language) for r in ranked]
    summary = f"{title}: {names[-1]} {with_unit(ranked[-1], language)} … {names[0]} {with_unit(ranked[0], language)}"
    picture = chart(ranked_dots(ranked, [tails[r.dims["station_id"]] for r in ranked], names, language), summary)
    short = [values.label("station_id", r.dims["station_id"])(language) for r in medians if r.value is None]
    listed = (
        html.Div(f"{words.TOO_FEW_TO_RANK(language)}: {words.listed(short, language)}", className="left-out") if short else None
    )
    refused = refused_mark(language, *medians)
    return frame(title, [f"{words.LAST_28D(language)} · ", *key_to_dots(language)], picture, listed, refused)


def key_to_dots(language: Language) -> list[Any]:
    """Say what the marks mean."""
    return [
        html.Span("●", style={"color": DATA_STRONG}),
        f" {words.MEDIAN(language)}  ",
        html.Span("◇", style={"color": TEXT_SOFT}),
        f" P90  ━ {words.INTERVAL_95(language)}  ",
        html.Span("┊", style={"color": YELLOW}),
        f" {words.REFERENCE(language)} {REFERENCE_MIN} {words.MINUTES(language)}",
    ]


def ranked_dots(
    ranked: list[Reading],
    tails: list[Reading],
    names: list[str],
    language: Language,
    *,
    left_px: int = 258,
    tail_intervals: bool = True,
) -> dict[str, Any]:
    """Return the figure of ranked places; an interval without an upper end runs out of the picture."""
    ends = [x for r in ranked for x in (r.value, r.high) if x is not None]
    ends += [x for r in tails for x in (r.value, r.high if tail_intervals else None) if x is not None]
    edge = 1.04 * max(ends)
    hollow = {"color": TEXT_SOFT, "size": 11, "symbol": "diamond-open", "line": {"width": 2}}
    traces = [
        dots(tails, names, hollow, edge if tail_intervals else None, language),
        dots(ranked, names, {"color": DATA_STRONG, "size": 14}, edge, language),
    ]
    labels = [f"{name}  <span style='color:{TEXT_SOFT}'>{n_text(r)}</span>" for name, r in zip(names, ranked, strict=True)]
    return figure(
        traces,
        margin={"l": left_px, "r": 8, "t": 4, "b": 50},
        xaxis={"range": [0, edge], "title": {"text": words.MINUTES(language), "standoff": 2}, "tickfont": {"size": AXIS_PX}},
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": labels,
            "range": [-0.6, len(names) - 0.4],
            "showgrid": False,
            "tickfont": {"size": 20, "color": TEXT},
            "ticklabelstandoff": 8,
        },
        shapes=[REFERENCE_LINE],
    )


def dots(
    readings: list[Reading], names: list[str], marker: dict[str, Any], edge: float | None, language: Language
) -> dict[str, Any]:
    """Return one trace of dots, with their intervals as far as an edge when one is given."""
    up = [((edge or 0) if r.high is None else r.high) - (r.value or 0) for r in readings]
    down = [(r.value or 0) - (r.low or 0) for r in readings]
    bars = {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "color": marker["color"]}
    text = [
        f"{n} {with_unit(r, language)} {interval_text(r, language)} {n_text(r)}" for n, r in zip(names, readings, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [r.value for r in readings],
        "y": list(range(len(names))),
        "marker": marker,
        "error_x": {**bars, "thickness": 3, "width": 0, "visible": edge is not None},
        "hovertext": text,
        "hoverinfo": "text",
    }


KEY_FIGURES = Panel(
    key="figures",
    title=Text("关键指标", "Key figures"),
    draw=key_figures,
    frame="cards",
    needs=(
        Need("calls", "today"),
        Need("calls", "h24"),
        Need("cancelled", "h24"),
        Need("under_way", "h24"),
        *(Need(key, window) for key in CARDS[1:5] for window in (MONTH, "h24")),
    ),
)
RESPONSE_CHAIN = Panel(
    key="chain",
    title=Text("反应时间构成", "Response chain"),
    draw=response_chain,
    needs=tuple(Need(key, MONTH) for key in (*CHAIN, *(k for pair in CHAIN_TABLE for k in pair))),
)
STATIONS = Panel(
    key="stations",
    title=Text("各站反应时间", "Response by station"),
    draw=stations,
    needs=(Need("e6_p50", MONTH, "station_id"), Need("e6_p90", MONTH, "station_id")),
)
