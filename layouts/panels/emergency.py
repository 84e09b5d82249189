"""Pictures of emergency response: key figures, the response chain, stations, hours, causes, newest incidents, quality."""

from typing import Any

from dash import html

from cockpit.freshness import AGE_TEXT, Age, SourceAge
from cockpit.metric import Reading, Unit
from cockpit.metrics.emergency_intervals import STAMP_TEXT
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Latest, Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.frame import chart, frame
from layouts.parts.reading import card, interval_text, n_text, reason_text, value_text, with_unit
from layouts.theme import AXIS_PX, DATA_STRONG, RAMP, TEXT, TEXT_SOFT, YELLOW, figure

MONTH = "d28"
NEWEST = Latest("incident", ("incident_id", "event_at", "station_id", "cause", "state", "e6_s", "e6_state", "t_onscene"), 10)
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
        calls,
        language,
        title=calls.metric.title(language),
        window=words.TODAY(language),
        lines=(f"{words.LAST_24H(language)} {with_unit(day, language)}", cancelled_line(values, language)),
    )
    last = card(
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
    return card(month, language, title=month.metric.title(language), window=words.LAST_28D(language), lines=(first, second))


def response_chain(values: Values, language: Language) -> list[Any]:
    """Draw the three parts of the response as one bar, with each part's median and P90."""
    parts = [values.one(key, MONTH) for key in CHAIN]
    title = Text("反应时间构成", "Response, part by part")(language)
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
    return frame(title, [f"{words.LAST_28D(language)} · ", *key_to_dots(language)], picture, listed)


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


def hours(values: Values, language: Language) -> list[Any]:
    """Draw calls by hour and weekday over a year: when help is asked for."""
    found = {r.dims["week_hour"]: r.n for r in values.parts("incidents", "d365", "week_hour")}
    grid = [[found.get(f"{day}-{hour:02d}", 0) for hour in range(24)] for day in range(1, 8)]
    total = sum(map(sum, grid))
    title = Text("一周中何时求助最多", "When help is asked for")(language)
    if not total:
        return frame(title, words.LAST_365D(language), html.Div(words.NO_INCIDENT(language), className="nothing"))
    top = max(map(max, grid))
    trace = {
        "type": "heatmap",
        "z": grid,
        "x": list(range(24)),
        "y": [day(language) for day in words.WEEKDAYS],
        "colorscale": [[i / (len(RAMP) - 1), colour] for i, colour in enumerate(RAMP)],
        "zmin": 0,
        "xgap": 3,
        "ygap": 3,
        "colorbar": {
            "thickness": 12,
            "outlinewidth": 0,
            "tickfont": {"size": AXIS_PX},
            "nticks": 4,
            "len": 1.0,
            "ticksuffix": "",
        },
        "hovertemplate": "%{y} %{x}:00 · %{z}<extra></extra>",
    }
    layout = {
        "margin": {"l": 56, "r": 8, "t": 2, "b": 30},
        "xaxis": {
            "tickvals": list(range(0, 24, 3)),
            "ticktext": [f"{h}{'时' if language == 'zh' else ':00'}" for h in range(0, 24, 3)],
            "showgrid": False,
        },
        "yaxis": {"autorange": "reversed", "showgrid": False},
    }
    day, hour = next((d, h) for d in range(7) for h in range(24) if grid[d][h] == top)
    peak = f"{Text('最高', 'peak')(language)} {words.WEEKDAYS[day](language)} {hour}:00"
    cases = words.CASES(language)
    note = f"{words.LAST_365D(language)} · {whole_number(total)} {cases} · {peak} · {top} {cases}"
    return frame(title, note, chart(figure([trace], **layout), f"{title}: {note}"))


def causes(values: Values, language: Language) -> list[Any]:
    """Draw the most frequent types of incident, and all others in one."""
    parts = sorted(values.parts("incidents", MONTH, "cause"), key=lambda r: -r.n)
    total = sum(r.n for r in parts)
    title = Text("出警类型", "Types of incident")(language)
    note = f"{words.LAST_28D(language)} · {whole_number(total)} {words.CASES(language)}"
    if not total:
        return frame(title, note, html.Div(words.NO_INCIDENT(language), className="nothing"))
    shown, rest = parts[:5], sum(r.n for r in parts[5:])
    listed = [(values.label("cause", r.dims["cause"])(language), r.n) for r in shown]
    if rest:
        listed.append((words.OTHER(language), rest))
    top = max(n for _, n in listed)
    rows = [bar_row(name, n, top, total, language) for name, n in listed]
    return frame(title, note, html.Div(rows, className="bars"))


def bar_row(name: str, n: int, top: int, total: int, language: Language) -> html.Div:
    """Return one bar with its name, count and share."""
    percent = written(100 * n / total, Unit.PERCENT, language)
    return html.Div(
        [
            html.Span(name, className="bar-name"),
            html.Span(html.I(style={"width": f"{100 * n / top:.1f}%"}), className="bar-track"),
            html.Span(whole_number(n), className="bar-count"),
            html.Span(f"{percent}%", className="bar-share"),
        ],
        className="bar-row",
    )


def newest(values: Values, language: Language) -> list[Any]:
    """Draw the newest incidents, each on its way to closing."""
    title = Text("最新事件", "Newest incidents")(language)
    note = Text("按呼叫时间", "by time of call")(language)
    rows = values.latest[NEWEST]
    if not rows:
        return frame(title, note, html.Div(words.NO_INCIDENT(language), className="nothing"))
    titles = (words.CALLED, words.STATION, words.CAUSE, words.RESPONSE_MIN, words.STATE)
    head = html.Tr([html.Th(word(language)) for word in titles])
    body = [newest_row(values, row, language) for row in rows]
    return frame(title, note, html.Table([html.Thead(head), html.Tbody(body)], className="list newest"))


def newest_row(values: Values, row: dict[str, Any], language: Language) -> html.Tr:
    """Return one incident: when, from where, what, how fast, and how far it is."""
    moment = values.local_time(row["event_at"])
    minutes = None if row["e6_s"] is None else row["e6_s"] / 60
    return html.Tr(
        [
            html.Td(f"{moment:%H:%M}" if moment else NOTHING),
            html.Td(values.label("station_id", row["station_id"])(language) if row["station_id"] else NOTHING),
            html.Td(values.label("cause", row["cause"])(language) if row["cause"] else NOTHING),
            html.Td(written(minutes, Unit.MINUTES, language), className="number"),
            html.Td(words.INCIDENT_STATE[row["state"]](language), className=f"state-{row['state']}"),
        ],
        key=str(row["incident_id"]),
    )


QUALITY_ROWS = ("e6_complete", "e6_missing", "e6_negative", "e6_out", "waiting_runs")


def quality(values: Values, language: Language) -> list[Any]:
    """Draw what is wrong with the records, counted."""
    title = Text("数据质量", "Data quality")(language)
    rows = []
    for key in QUALITY_ROWS:
        reading = values.one(key, MONTH)
        rows.append(quality_row(reading.metric.title(language), reading, with_unit(reading, language)))
    refused = values.one("quarantined", "now")
    rows.append(quality_row(refused.metric.title(language), refused, f"{value_text(refused, language)} {words.ROWS(language)}"))
    return frame(title, words.LAST_28D(language), html.Table(html.Tbody(rows), className="list dense"))


def quality_row(name: str, reading: Reading, text: str) -> html.Tr:
    """Return one line of the quality list."""
    tail = n_text(reading) if reading.metric.unit.value == "%" else ""
    return html.Tr([html.Td(name), html.Td(tail, className="soft"), html.Td(text, className="number")])


def sources(values: Values, language: Language) -> list[Any]:
    """Draw how old each source is, and what this site cannot know."""
    title = Text("数据来源与时效", "Sources and their age")(language)
    rows = [source_row(values, age, language) for age in values.ages]
    unknown = words.listed([STAMP_TEXT[s](language) for s in values.cannot_know if s in STAMP_TEXT], language)
    notes = [f"{words.CANNOT_KNOW(language)}: {unknown}"] if unknown else []
    notes += [values.attribution(language)] if values.attribution else []
    lines = html.Div([html.Div(note) for note in notes], className="attribution")
    return frame(title, "", html.Table(html.Tbody(rows), className="list dense"), lines)


GLYPH = {Age.FRESH: "●", Age.ENDED: "■", Age.HELD: "◆", Age.LATE: "◆", Age.STALE: "▲", Age.NEVER: "▲"}


def source_row(values: Values, age: SourceAge, language: Language) -> html.Tr:
    """Return one source: its name, its newest event, its state."""
    moment = values.local_time(age.observed_at)
    told = f"{words.EVENTS_TO(language)} {moment:%Y-%m-%d %H:%M}" if moment else ""
    return html.Tr(
        [
            html.Td(age.title(language)),
            html.Td(told, className="soft"),
            html.Td([html.I(GLYPH[age.age]), AGE_TEXT[age.age](language)], className=f"number age age-{age.age.value}"),
        ],
        title=age.message,
    )


KEY_FIGURES = Panel(
    key="figures",
    title=Text("关键指标", "Key figures"),
    draw=key_figures,
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
HOURS = Panel(key="hours", title=Text("求助时段", "Calls by hour"), draw=hours, needs=(Need("incidents", "d365", "week_hour"),))
CAUSES = Panel(key="causes", title=Text("出警类型", "Types"), draw=causes, needs=(Need("incidents", MONTH, "cause"),))
NEWEST_INCIDENTS = Panel(
    key="newest", title=Text("最新事件", "Newest incidents"), draw=newest, needs=(Need("e6_p50", MONTH),), latest=(NEWEST,)
)
QUALITY = Panel(
    key="quality",
    title=Text("数据质量", "Data quality"),
    draw=quality,
    needs=(*(Need(key, MONTH) for key in QUALITY_ROWS), Need("quarantined", "now")),
)
SOURCES = Panel(key="sources", title=Text("数据来源", "Sources"), draw=sources)
