"""Appraisal in hospital 在院预约鉴定: the sessions of each hospital, and how many were booked from the bed."""

from datetime import date
from typing import Any

from dash import html

from cockpit.metric import Reading, Unit
from cockpit.numbers import NOTHING
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from cockpit.weeks import monday, week_named
from layouts import words
from layouts.panels.appraisal import YEAR
from layouts.parts.frame import chart, frame
from layouts.parts.reading import badge, n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import cell_texts
from layouts.theme import AXIS_PX, DATA, TEXT, figure

COLUMNS = (
    ("appraisal_sessions", Text("场次", "Sessions")),
    ("slots_used", Text("使用率", "Used")),
    ("no_show", Text("爽约率", "No-show")),
)
WEEKS, WEEK_COUNT, EACH = "w156", 52, 4
"""The bars of the last year: four whole weeks each, since calendar months hold parts of weeks."""

HOSPITAL, WHOLE = Text("医院", "Hospital"), Text("合计", "All")
BOOKINGS = Text("在院预约数，每柱4周", "Booked in hospital, 4 weeks a bar")
"""What the picture under the table shows."""


def hospitals(values: Values, language: Language) -> list[Any]:
    """Draw each hospital's sessions, and the bookings from the bed by four weeks."""
    whole = [values.one(key, YEAR) for key, _ in COLUMNS]
    note = [f"{words.LAST_12M(language)} ", badge(whole[0], language)]
    found = [{r.dims["hospital_id"]: r for r in values.parts(key, YEAR, "hospital_id")} for key, _ in COLUMNS]
    if whole[0].value is None:
        table: Any = html.Div(reason_text(whole[0], language), className="nothing")
    else:
        table = sessions_table(values, found, whole, language)
    return frame(HOSPITALS.title(language), note, table, *bookings(values, language))


def sessions_table(
    values: Values, found: list[dict[str | None, Reading]], whole: list[Reading], language: Language
) -> html.Table:
    """Return the hospitals by name, and all of them below."""
    head = html.Tr(
        [html.Th(refused_mark(language, *whole) or HOSPITAL(language)), *(html.Th(name(language)) for _, name in COLUMNS)]
    )
    named = {code: values.label("hospital_id", code)(language) for code in found[0]}
    rows = [
        session_row(name, [column.get(code) for column in found], language)
        for code, name in sorted(named.items(), key=lambda one: (one[0] is None, one[0]))
    ]
    last = session_row(WHOLE(language), [*whole], language)
    return html.Table([html.Thead(head), html.Tbody([*rows, last])], className="list dense small")


def session_row(name: str, readings: list[Reading | None], language: Language) -> html.Tr:
    """Return one hospital's numbers, a dash where there is none."""
    cells = [html.Td(NOTHING if r is None else shown(r, language), title="" if r is None else n_text(r)) for r in readings]
    return html.Tr([html.Td(name), *cells])


def shown(reading: Reading, language: Language) -> str:
    """Return a number of the table; what a session is counted in stands in its head."""
    return (value_text if reading.metric.unit is Unit.COUNT else with_unit)(reading, language)


def bookings(values: Values, language: Language) -> list[Any]:
    """Return the head and the picture of the bookings from the bed in the last year."""
    weeks = values.parts("inhosp_bookings", WEEKS, "week")[-WEEK_COUNT:]
    refused = refused_mark(language, values.one("inhosp_bookings", YEAR))
    head = html.Div([BOOKINGS(language), " ", refused], className="chart-line")
    if not weeks or any(week.value is None for week in weeks):
        told = reason_text(weeks[0], language) if weeks else words.NO_CASE(language)
        return [head, html.Div(told, className="nothing")]
    grouped = [weeks[first : first + EACH] for first in range(0, len(weeks), EACH)]
    stretches = [(monday(week_named(some[0].dims["week"] or "")), sum(r.n for r in some)) for some in grouped]
    return [head, chart(bookings_figure(stretches), BOOKINGS(language))]


def bookings_figure(stretches: list[tuple[date, int]]) -> dict[str, Any]:
    """Return a bar for every four weeks with its count; a small one has a word and no bar."""
    texts = cell_texts([n for _, n in stretches], NOTHING)
    heights = [n if text.isdigit() else 0 for (_, n), text in zip(stretches, texts, strict=True)]
    bars = {
        "type": "bar",
        "x": [*range(len(stretches))],
        "y": heights,
        "text": texts,
        "textposition": "outside",
        "textfont": {"size": AXIS_PX, "color": TEXT},
        "cliponaxis": False,
        "marker": {"color": DATA},
        "hoverinfo": "skip",
    }
    named = [*range(0, len(stretches), 4)]
    return figure(
        [bars],
        margin={"l": 42, "r": 42, "t": 24, "b": 26},
        bargap=0.25,
        xaxis={"tickvals": named, "ticktext": [f"{stretches[place][0]:%y-%m-%d}" for place in named], "showgrid": False},
        yaxis={"visible": False, "rangemode": "tozero"},
    )


HOSPITALS = Panel(
    key="appraisal_hospitals",
    is_for_staff=True,
    title=Text("定点医院鉴定场次", "Sessions by hospital"),
    draw=hospitals,
    needs=(
        *(Need(key, YEAR) for key, _ in COLUMNS),
        *(Need(key, YEAR, "hospital_id") for key, _ in COLUMNS),
        Need("inhosp_bookings", YEAR),
        Need("inhosp_bookings", WEEKS, "week"),
    ),
)
