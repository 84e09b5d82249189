"""Pictures of a record of incidents: when help is asked for, what for, what came last, and how good and old the record is."""

from typing import Any

from dash import html

from cockpit.freshness import AGE_TEXT, SourceAge
from cockpit.metric import Reading, Unit
from cockpit.metrics.emergency_intervals import STAMP_TEXT
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Latest, Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.emergency import MONTH
from layouts.parts.bars import bar_row
from layouts.parts.frame import chart, frame
from layouts.parts.reading import n_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.theme import AGE_GLYPH, AXIS_PX, RAMP, figure

NEWEST = Latest("incident", ("incident_id", "event_at", "station_id", "cause", "state", "e6_s", "e6_state", "t_onscene"), 10)


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
    refused = refused_mark(language, *values.parts("incidents", "d365", "week_hour"))
    return frame(title, [note, " ", refused], chart(figure([trace], **layout), f"{title}: {note}"))


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
    return frame(title, note, html.Div(rows, className="bars"), refused_mark(language, *parts))


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


def source_row(values: Values, age: SourceAge, language: Language) -> html.Tr:
    """Return one source: its name, its newest event, its state."""
    moment = values.local_time(age.observed_at)
    told = f"{words.EVENTS_TO(language)} {moment:%Y-%m-%d %H:%M}" if moment else ""
    return html.Tr(
        [
            html.Td(age.title(language)),
            html.Td(told, className="soft"),
            html.Td([html.I(AGE_GLYPH[age.age]), AGE_TEXT[age.age](language)], className=f"number age age-{age.age.value}"),
        ],
        title=age.message,
    )


HOURS = Panel(key="hours", title=Text("求助时段", "Calls by hour"), draw=hours, needs=(Need("incidents", "d365", "week_hour"),))
CAUSES = Panel(
    key="causes", is_for_staff=True, title=Text("出警类型", "Types"), draw=causes, needs=(Need("incidents", MONTH, "cause"),)
)
NEWEST_INCIDENTS = Panel(
    key="newest",
    is_for_staff=True,
    title=Text("最新事件", "Newest incidents"),
    draw=newest,
    needs=(Need("e6_p50", MONTH),),
    latest=(NEWEST,),
)
QUALITY = Panel(
    key="quality",
    title=Text("数据质量", "Data quality"),
    draw=quality,
    needs=(*(Need(key, MONTH) for key in QUALITY_ROWS), Need("quarantined", "now")),
)
SOURCES = Panel(key="sources", title=Text("数据来源", "Sources"), draw=sources)
