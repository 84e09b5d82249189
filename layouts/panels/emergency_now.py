"""What goes on now: every vehicle by its state, and the incidents on their way to closing."""

from typing import Any

from dash import html

from cockpit.code_names import VEHICLE_STATES
from cockpit.interval import State
from cockpit.metric import Reading, Status, Unit
from cockpit.metrics.emergency_intervals import OPEN_EXPIRES_S, RUN_STAGES
from cockpit.metrics.emergency_scenes import AT_WORK
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Latest, Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.emergency import REFERENCE_MIN
from layouts.parts.frame import frame
from layouts.parts.reading import badge, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark

NOW = "now"
TILES = ("standby", *AT_WORK, "unknown", "off")
COUNTS = {"standby": "vehicles_standby", "unknown": "vehicles_silent", "off": "vehicles_off"}
OPEN_STATES = ("waiting", "under_way", "on_scene")
LISTED_ROWS = 6
"""How many incidents the list has room for: open ones first, then those closed last."""

OPEN_INCIDENTS = Latest(
    "incident",
    ("incident_id", "event_at", "town", "cause", "stage", "e6_state"),
    LISTED_ROWS,
    "state",
    OPEN_STATES,
    OPEN_EXPIRES_S,
)
CLOSED_INCIDENTS = Latest(
    "incident",
    ("incident_id", "event_at", "town", "cause", "state", "e6_s"),
    LISTED_ROWS,
    "state",
    ("closed", "cancelled"),
    OPEN_EXPIRES_S,
)
STAGES = ("waiting", *RUN_STAGES)


def fleet(values: Values, language: Language) -> list[Any]:
    """Draw how many vehicles are in each state."""
    title = Text("急救车辆状态", "Vehicles by state")(language)
    whole = values.one("vehicles", NOW)
    out = {r.dims["state"]: r for r in values.parts("vehicles_out", NOW, "state")}
    counts = {state: values.one(key, NOW) for state, key in COUNTS.items()}
    tiles = [tile(state, counts.get(state) or out.get(state), whole, language) for state in TILES]
    unit = whole.metric.unit_text(language)
    said = f"{words.NOW(language)} · {words.IN_ALL(language).format(value_text(whole, language))} {unit} "
    note = [said, refused_mark(language, whole, *counts.values()), badge(whole, language)]
    return frame(title, note, html.Div(tiles, className="fleet"))


def tile(state: str, reading: Reading | None, whole: Reading, language: Language) -> html.Div:
    """Return one state of vehicles; a state that no vehicle is in is zero when the fleet is known."""
    nobody = NOTHING if whole.value is None else whole_number(0)
    number = nobody if reading is None else value_text(reading, language)
    is_quiet = number in (nobody, NOTHING)
    return html.Div(
        [html.B(number), html.Span(VEHICLE_STATES[state](language))],
        className=f"tile tile-{state}{' is-quiet' if is_quiet else ''}",
    )


def active(values: Values, language: Language) -> list[Any]:
    """Draw the incidents that are not closed, each with how far it has come and how long ago it was called."""
    title = Text("在办事件", "Incidents under way")(language)
    count = values.one("under_way", "h24")
    rows = values.latest[OPEN_INCIDENTS]
    said = f"{words.LAST_24H(language)} {with_unit(count, language)}"
    said += f" · {words.SHOWN(language).format(len(rows))}" if count.value is not None and count.n > len(rows) else ""
    note = [said, " ", badge(count, language)]
    nobody = (
        words.NOTHING_UNDER_WAY(language) if count.value == 0 else reason_text(count, language) or words.NONE_RECENT(language)
    )
    is_current = count.status in (Status.OK, Status.PROVISIONAL)
    closed = values.latest[CLOSED_INCIDENTS][: max(0, LISTED_ROWS - 1 - max(1, len(rows)))]
    if not rows and not closed:
        return frame(title, note, html.Div(nobody, className="nothing"))
    titles = (words.CALLED, words.TOWN, words.CAUSE, words.ELAPSED_MIN, words.PROGRESS)
    body = [active_row(values, row, language, is_current=is_current) for row in rows] or [whole_row(nobody)]
    if closed:
        body.append(whole_row(words.RECENTLY_CLOSED(language), words.RESPONSE_MIN(language)))
        body += [closed_row(values, row, language) for row in closed]
    head = html.Tr([html.Th(word(language)) for word in titles])
    return frame(title, note, html.Table([html.Thead(head), html.Tbody(body)], className="list newest active"))


def whole_row(text: str, of_minutes: str = "") -> html.Tr:
    """Return a line between two kinds of incident, and what the minutes below it are."""
    return html.Tr([html.Td(text, colSpan=3), html.Td(of_minutes), html.Td("")], className="between")


def place_cells(values: Values, row: dict[str, Any], language: Language) -> list[html.Td]:
    """Return when, where and what."""
    moment = values.local_time(row["event_at"])
    return [
        html.Td(f"{moment:%H:%M}" if moment else NOTHING),
        html.Td(values.label("town", row["town"])(language)),
        html.Td(values.label("cause", row["cause"])(language) if row["cause"] else NOTHING),
    ]


def closed_row(values: Values, row: dict[str, Any], language: Language) -> html.Tr:
    """Return one closed incident with its response time."""
    minutes = None if row["e6_s"] is None else row["e6_s"] / 60
    state = html.Td(words.INCIDENT_STATE[row["state"]](language), className=f"state-{row['state']}")
    number = html.Td(written(minutes, Unit.MINUTES, language), className="number")
    return html.Tr([*place_cells(values, row, language), number, state], key=str(row["incident_id"]), className="is-closed")


def active_row(values: Values, row: dict[str, Any], language: Language, *, is_current: bool) -> html.Tr:
    """Return one incident: when, where, what, since how long, and how far it has come.

    When the sources are old nobody knows how far it is. Only an emergency can be late.
    """
    minutes = max(0, values.as_of - row["event_at"]) // 60
    stage = row["stage"] or "waiting"
    is_asked = is_current and row["e6_state"] != State.OUTSIDE
    is_over = is_asked and STAGES.index(stage) < STAGES.index("on_scene") and minutes >= REFERENCE_MIN
    progress = [pips(stage), html.Span(words.STAGE[stage](language))] if is_current else NOTHING
    return html.Tr(
        [
            *place_cells(values, row, language),
            html.Td([html.I("◆ ", className="is-over") if is_over else "", whole_number(minutes)], className="number"),
            html.Td(progress, className=f"progress stage-{stage}"),
        ],
        key=str(row["incident_id"]),
    )


def pips(stage: str) -> html.Span:
    """Return the way of an incident as dots, those behind it filled."""
    reached = STAGES.index(stage)
    dots = [html.I(className="is-done" if i <= reached else "") for i in range(len(STAGES))]
    return html.Span(dots, className="pips", **{"aria-hidden": "true"})


FLEET = Panel(
    key="fleet",
    is_for_staff=True,
    title=Text("车辆状态", "Vehicles"),
    draw=fleet,
    needs=(
        Need("vehicles", NOW),
        *(Need(key, NOW) for key in COUNTS.values()),
        Need("vehicles_out", NOW, "state"),
    ),
)
ACTIVE = Panel(
    key="active",
    is_for_staff=True,
    title=Text("在办事件", "Incidents under way"),
    draw=active,
    needs=(Need("under_way", "h24"),),
    latest=(OPEN_INCIDENTS, CLOSED_INCIDENTS),
)
