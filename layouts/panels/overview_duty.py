"""Who is on duty now, as what and until when, by the city's roster; visitors see the posts and no names."""

from typing import Any

from dash import html

from cockpit.disclosure import Level
from cockpit.numbers import NOTHING
from cockpit.panel import Latest, Need, Panel, Values
from cockpit.text import Language, Text
from layouts.parts.frame import frame
from layouts.parts.glance import doubt
from layouts.parts.reading import badge

TITLE = Text("值班", "On duty")
NOBODY = Text("值班表没有此刻的班次", "The roster has no shift for this moment")
NO_NAMES = Text("访客画面不显示姓名", "no names on a public screen")
UNTIL = Text("至 {}", "until {}")
SHOWN = 4
MOST_SHIFTS = 400
"""Shifts of some months, those that lie ahead among them; whoever is on duty began at last some days ago."""

SHIFTS = Latest("duty", ("duty_id", "begin_at", "end_at", "post", "person", "unit"), MOST_SHIFTS, by="begin_at")
ON_DUTY = Need("on_duty", "now")


def drawn(values: Values, language: Language) -> list[Any]:
    """Draw the shifts that the tick's instant lies in."""
    reading = values.readings[ON_DUTY][0]
    is_public = values.asked.level is Level.PUBLIC
    note = [NO_NAMES(language) if is_public else "", badge(reading, language), doubt(language, reading)]
    shifts = on_duty(values)
    if not shifts:
        nobody = html.Div([html.B(NOTHING), html.Div(NOBODY(language))], className="nothing")
        return frame(TITLE(language), note, nobody)
    people = [person(values, shift, language, is_public=is_public) for shift in shifts[:SHOWN]]
    return frame(TITLE(language), note, html.Div(people, className="duty"))


def on_duty(values: Values) -> list[dict[str, Any]]:
    """Return the shifts that have begun and not ended, in the order in which the roster numbers them."""
    now = values.as_of
    running = [row for row in values.latest[SHIFTS] if row["end_at"] is not None and row["begin_at"] <= now < row["end_at"]]
    return sorted(running, key=lambda row: str(row["duty_id"]))


def person(values: Values, shift: dict[str, Any], language: Language, *, is_public: bool) -> html.Div:
    """Return one post: who holds it, of which department, until when."""
    end = values.local_time(shift["end_at"])
    name = NOTHING if is_public or not shift["person"] else shift["person"]
    until = UNTIL(language).format(f"{end:%H:%M}") if end else ""
    post = values.label("post", shift["post"])(language) if shift["post"] else NOTHING
    return html.Div([html.Span(post), html.B(name), html.Small(until)], className="on-duty")


DUTY = Panel(key="overview_duty", title=TITLE, draw=drawn, needs=(ON_DUTY,), latest=(SHIFTS,))
