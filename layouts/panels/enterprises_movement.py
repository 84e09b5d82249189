"""Enterprises that moved since last week, and those too small to be ranked, which are watched 小微观察."""

from collections.abc import Mapping
from typing import Any

from dash import html

from cockpit.panel import Latest, Panel, Values
from cockpit.text import Language, Text
from layouts.panels.enterprises import FALLEN, INDEX, KNOWN, RISEN, TABLE, WHO, exceedance, note_of, nothing
from layouts.parts.firm import (
    cases_text,
    change_kind,
    change_text,
    firm_name,
    firm_title,
    index_change,
    person_years_text,
    probability_text,
)
from layouts.parts.frame import frame
from layouts.parts.grade_chip import grade_chip
from layouts.parts.rules import risk_in_force
from layouts.parts.small_cells import FEW, LEAST

WATCH_SHOWN = 6
SMALLEST = Latest(
    TABLE,
    (*WHO, *INDEX, "person_years", "observed_count", "p_gt_15"),
    WATCH_SHOWN,
    column="is_watched",
    words=(True,),
    by="p_gt_15",
)
"""The watched firms that are most probably above one and a half times their class."""

NONE_MOVED = Text("本周指数无变动", "no index has changed")
WATCHED = (Text("人年", "PY"), Text("件", "Cases"))
NONE_WATCHED = Text("无小微观察企业", "no firm is watched")
FOOT = Text(
    f"不足{{:g}}人年，不参与排行 · {FEW}：1–{LEAST - 1}件不显示",
    f"under {{:g}} person-years, not ranked · {FEW}: 1–{LEAST - 1} not shown",
)


def movement(values: Values, language: Language) -> list[Any]:
    """Draw the firms whose index rose and fell most since the run of the week before."""
    note = note_of(values, language)
    risen = [row for row in values.latest[RISEN] if (index_change(row) or 0) > 0]
    fallen = [row for row in values.latest[FALLEN] if (index_change(row) or 0) < 0]
    if not risen and not fallen:
        return frame(MOVEMENT.title(language), note, nothing(values, language, NONE_MOVED))
    body = [moved_row(values, row, language) for row in (*risen, *fallen)]
    return frame(MOVEMENT.title(language), note, html.Table(html.Tbody(body), className="list dense small firms-moved"))


def moved_row(values: Values, row: Mapping[str, Any], language: Language) -> html.Tr:
    """Return one firm with its index before and now, the change, and its grades where they differ."""
    before = [grade_chip(row["grade_before"], language), " → "] if row["grade_before"] not in (None, row["grade"]) else []
    change = html.B(change_text(row, language), className=change_kind(row))
    indices = html.Span(f"{row['idx_before']:.1f} → {row['idx']:.1f}", className="soft")
    cells = (change, firm_name(values, row, language), indices, [*before, grade_chip(row["grade"], language)])
    return html.Tr([html.Td(cell) for cell in cells])


def watch(values: Values, language: Language) -> list[Any]:
    """Draw the watched firms with their size, their cases and how probably they are above."""
    rows, note = values.latest[SMALLEST], note_of(values, language)
    if not rows:
        return frame(WATCH.title(language), note, nothing(values, language, NONE_WATCHED))
    titles = (firm_title(values, language), *(title(language) for title in WATCHED), exceedance(values))
    head = html.Thead(html.Tr([html.Th(title) for title in titles]))
    body = [watched_row(values, row, language) for row in rows]
    table = html.Table([head, html.Tbody(body)], className="list dense small")
    foot = FOOT(language).format(risk_in_force(values).least_person_years)
    return frame(WATCH.title(language), note, table, html.Div(foot, className="left-out small foot"))


def watched_row(values: Values, row: Mapping[str, Any], language: Language) -> html.Tr:
    """Return one watched firm."""
    cases, probability = cases_text(values, row["observed_count"]), probability_text(row["p_gt_15"], language)
    cells = (firm_name(values, row, language), person_years_text(row), cases, probability)
    return html.Tr([html.Td(cell) for cell in cells])


MOVEMENT = Panel(
    key="enterprise_movement",
    is_for_staff=True,
    title=Text("较上周变动", "Moved since last week"),
    draw=movement,
    needs=(KNOWN,),
    latest=(RISEN, FALLEN),
    follows=True,
)
WATCH = Panel(
    key="enterprise_watch",
    is_for_staff=True,
    title=Text("小微观察", "Watched, too small"),
    draw=watch,
    needs=(KNOWN,),
    latest=(SMALLEST,),
    follows=True,
)
