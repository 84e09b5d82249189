"""The clocks of work injury 工伤时限: how many run, how near they are to their due day, and how often each was kept."""

from collections.abc import Mapping
from typing import Any

from dash import html

from cockpit.injury_clock import ClockKind
from cockpit.injury_clocks import CLOCKS
from cockpit.metric import Reading
from cockpit.numbers import NOTHING, whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.injury import NOW, YEAR
from layouts.parts.frame import frame
from layouts.parts.reading import badge, n_text, reason_text, with_unit
from layouts.parts.refused import refused_mark

AGENCY = tuple(clock for clock in CLOCKS if clock.kind is ClockKind.AGENCY)
LEVELS = (
    ("blue", "due_blue", "●", Text("蓝", "blue")),
    ("yellow", "due_yellow", "▼", Text("黄", "yel.")),
    ("orange", "due_orange", "◆", Text("橙", "org.")),
    ("red", "due_red", "▲", Text("红", "red")),
)
"""The four levels of warning, each by its sign, its word and its colour (domain specification, section 2.4)."""

COUNTED = ("clocks_running", *(key for _, key, _, _ in LEVELS), "overdue_clocks")
RUNNING, OVERDUE, KEPT = Text("计时", "runs"), Text("超期", "over"), Text("遵守率", "kept")
PROVISIONAL = Text("{} 项到期日暂定：该年放假安排未公布", "{} due days provisional: that year's holidays are not announced")
LEVELS_MEAN = Text(
    "预警按严格到期日：蓝≤30% 黄≤20% 橙≤10%或1个工作日 红已过",
    "by the strict due day: blue ≤30 %, yellow ≤20 %, orange ≤10 %, red past",
)


def clocks(values: Values, language: Language) -> list[Any]:
    """Draw each clock that binds an agency: running, by level of warning, overdue, and kept in twelve months."""
    title = Text("办理时限", "Time limits")(language)
    whole = values.one("clocks_running", NOW)
    note = [f"{words.NOW(language)} {with_unit(whole, language)} ", refused_mark(language, whole), " ", badge(whole, language)]
    if whole.value is None:
        return frame(title, note, html.Div(reason_text(whole, language), className="nothing"))
    counts = {key: {r.dims["clock"]: r for r in values.parts(key, NOW, "clock")} for key in COUNTED}
    kept = {r.dims["clock"]: r for r in values.parts("clock_kept", YEAR, "clock")}
    body = [clock_row(values, clock.id, counts, kept.get(clock.id), language) for clock in AGENCY]
    table = html.Table([html.Thead(head_row(language)), html.Tbody(body)], className="list clocks")
    return frame(title, note, table, html.Div([*footer(values, language)], className="left-out small"))


def head_row(language: Language) -> html.Tr:
    """Return the titles of the columns; a level's has its sign and its word."""
    levels = [html.Th([html.I(sign), word(language)], className=f"level-{level}") for level, _, sign, word in LEVELS]
    kept = html.Th(f"{KEPT(language)}*")
    return html.Tr([html.Th(""), html.Th(RUNNING(language)), *levels, html.Th(OVERDUE(language)), kept])


def clock_row(
    values: Values, clock: str, counts: Mapping[str, Mapping[str | None, Reading]], kept: Reading | None, language: Language
) -> html.Tr:
    """Return one clock; a share of too few is a dash."""
    running, *levels, overdue = (count_of(counts[key].get(clock)) for key in COUNTED)
    marked = [
        html.Td(whole_number(n), className=f"level-{level}" if n else "soft")
        for n, (level, *_) in zip(levels, LEVELS, strict=True)
    ]
    over = html.Td(
        [html.I("◆", className="is-over") if overdue else "", whole_number(overdue)], className="" if overdue else "soft"
    )
    return html.Tr(
        [
            html.Td([html.Span(clock, className="clock-id"), values.label("clock", clock)(language)]),
            html.Td(whole_number(running), className="" if running else "soft"),
            *marked,
            over,
            html.Td(NOTHING if kept is None else with_unit(kept, language), title="" if kept is None else n_text(kept)),
        ]
    )


def count_of(reading: Reading | None) -> int:
    """Return a count; what no clock is, is none."""
    return 0 if reading is None else reading.n


def footer(values: Values, language: Language) -> list[Any]:
    """Say what the levels mean, and how many due days are provisional."""
    provisional = values.one("clocks_provisional", NOW)
    said = PROVISIONAL(language).format(whole_number(provisional.n)) if provisional.n else ""
    kept = f"* {words.LAST_12M(language)}"
    return [LEVELS_MEAN(language), html.Br(), " · ".join((kept, *([said] if said else [])))]


CLOCKS_PANEL = Panel(
    key="injury_clocks",
    is_for_staff=True,
    title=Text("办理时限", "Time limits"),
    draw=clocks,
    needs=(
        Need("clocks_running", NOW),
        Need("clocks_provisional", NOW),
        *(Need(key, NOW, "clock") for key in COUNTED),
        Need("clock_kept", YEAR, "clock"),
    ),
)
