"""What needs a leader's attention: up to four things by the written rule (`cockpit/judging/attention.py`)."""

from typing import Any

from dash import html

from cockpit.disclosure import Level
from cockpit.judging import attention
from cockpit.judging.attention import EARLY, GRAVE, OF_AGGREGATES, SERIOUS, Kind, Matter, TownStands
from cockpit.numbers import whole_number
from cockpit.panel import Latest, Panel, Values
from cockpit.text import Language, Text
from cockpit.window import DAY_S, number
from layouts.panels.emergency_now import OPEN_INCIDENTS
from layouts.parts.address import query
from layouts.parts.frame import frame
from layouts.parts.moment import duration
from layouts.parts.town_rows import NEWEST, STANDING, Town, short_name, today, towns_of

SHOWN = 4
MOST_ROWS = 400
"""More overdue things than any city has; of each kind the longest overdue are read."""

CLOCKS = Latest(
    "injury_clock",
    ("clock", "kind", "town", "due_at"),
    MOST_ROWS,
    column="state",
    words=("RUNNING",),
    by="due_at",
    lowest=True,
    also=(("kind", ("agency",)),),
)
ORDERS = Latest(
    "order_state", ("level", "town", "due_at"), MOST_ROWS, column="is_open", words=(True,), by="due_at", lowest=True
)
TITLE = Text("需要领导关注", "Needs attention")
NOTHING_TO_TELL = Text("目前没有需要关注的事项", "Nothing needs attention now")
IN_ALL = Text("共 {} 项", "{} in all")
NOT_SINGLE = Text("访客画面不列个案", "no single cases on a public screen")
OVERDUE, FOR, SINCE = Text("超期 {} 天", "{} days over"), Text("已 {}", "for {}"), Text("自 {}", "since {}")
AND_OTHERS = Text("等", " +")

GLYPH = {GRAVE: "▲", SERIOUS: "◆", EARLY: "■"}
SCREEN = {
    Kind.TOWN: "/screen/towns",
    Kind.DEATH: "/screen/towns",
    Kind.SILENCE: "/screen/towns",
    Kind.ALARM: "/screen/towns",
    Kind.CLOCK: "/screen/injury",
    Kind.ORDER: "/screen/enterprises",
    Kind.INCIDENT: "/screen/emergency",
    Kind.SOURCE: "/data",
}
"""Where a thing is looked into."""


def drawn(values: Values, language: Language) -> list[Any]:
    """Draw the foremost things, and how many there are in all; when pointed at, by which rule."""
    matters = matters_of(values)
    rule = attention.RULE(language)
    if not matters:
        return frame(
            TITLE(language), limited(values, language), html.Div(NOTHING_TO_TELL(language), className="nothing", title=rule)
        )
    rows = [row(values, matter, language) for matter in attention.foremost(matters, SHOWN)]
    note = [limited(values, language) or IN_ALL(language).format(whole_number(len(matters)))]
    return frame(TITLE(language), note, html.Ul(rows, className="matters", title=rule))


def limited(values: Values, language: Language) -> str:
    """Return that visitors are not told of single cases, where it is they who look."""
    return NOT_SINGLE(language) if values.asked.level is Level.PUBLIC else ""


def matters_of(values: Values) -> list[Matter]:
    """Return everything that may need attention; to visitors nothing that tells of one case, order or person."""
    as_of = values.as_of
    found = [
        *(matter for town in towns_of(values) for matter in attention.of_town(stands(values, town))),
        *attention.of_clocks(values.latest[CLOCKS], as_of),
        *attention.of_orders(values.latest[ORDERS], as_of),
        *attention.of_incidents(values.latest[OPEN_INCIDENTS], as_of),
        *attention.of_sources(values.ages),
    ]
    return [matter for matter in found if values.asked.level is not Level.PUBLIC or matter.kind in OF_AGGREGATES]


def stands(values: Values, town: Town) -> TownStands:
    """Return how a town stands, as the rule takes it; a town that was never judged has no death to tell of."""
    now = number(today(values))

    def ago_s(day: float | None) -> int | None:
        return None if day is None else max(0, now - int(day)) * DAY_S

    return TownStands(
        code=town.code,
        is_red=town.colour == "红",
        has_died=not town.is_silent and bool(town.week.get("death_count")),
        for_s=ago_s(town.standing["since_on"]),
        is_silent=town.is_silent,
        alarm_for_s=ago_s(town.standing["alarm_on"]),
    )


def row(values: Values, matter: Matter, language: Language) -> html.Li:
    """Return one thing: its sign, what it is and where, and since when or by how long it is over."""
    town = matter.towns[0] if len(matter.towns) == 1 and SCREEN[matter.kind] == "/screen/towns" else None
    address = f"{SCREEN[matter.kind]}?{query(values.asked, language, town=town or values.asked.town)}"
    glyph = html.I(GLYPH[matter.severity], className=f"severity-{matter.severity}")
    what = html.Span([html.B(matter.what(language)), " ", where(values, matter, language)], className="matter-what")
    return html.Li(html.A([glyph, what, html.Span(since(values, matter, language), className="matter-since")], href=address))


def where(values: Values, matter: Matter, language: Language) -> str:
    """Return the town that it is about, the longest overdue of several."""
    if not matter.towns:
        return ""
    first = short_name(values, matter.towns[0], language)
    return f"{first}{AND_OTHERS(language)}" if len(matter.towns) > 1 else first


def since(values: Values, matter: Matter, language: Language) -> str:
    """Return by how long it is over its limit, else since which day, or for how long, it has been so; nothing if unknown."""
    if matter.age_s is None:
        return ""
    if matter.kind in (Kind.INCIDENT, Kind.SOURCE):
        return FOR(language).format(duration(matter.age_s, language))
    if matter.overdue_s:
        return OVERDUE(language).format(whole_number(-(-matter.overdue_s // DAY_S)))
    moment = values.local_time(values.as_of - matter.age_s)
    return SINCE(language).format(f"{moment:%m-%d}") if moment else ""


ATTENTION = Panel(
    key="overview_attention",
    title=TITLE,
    draw=drawn,
    latest=(STANDING, NEWEST, CLOCKS, ORDERS, OPEN_INCIDENTS),
)
