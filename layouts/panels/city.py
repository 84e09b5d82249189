"""Pictures every screen shares: the header, with what the numbers speak of and how old they are."""

from typing import Any

from dash import html

from cockpit.disclosure import Level
from cockpit.freshness import AGE_TEXT, worst
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts import words


def header(values: Values, language: Language) -> list[Any]:
    """Draw the city's clock, the title, and the age of the data."""
    moment = values.local_time(values.heard_at or None)  # before the first tick nothing was heard
    age = worst(values.ages)
    clock = f"{moment:%Y-%m-%d} {words.WEEKDAYS[moment.weekday()](language)}" if moment else ""
    left = [html.Span(clock, className="date")]
    if values.is_day_over:
        left.append(html.Span(words.DAY_IS_OVER(language), className="notice is-over"))
    if values.notice:
        left.append(html.Span(values.notice(language), className="notice"))
    if values.asked.level is Level.PUBLIC:
        left.append(html.Span(words.VISITORS(language), className="notice is-public"))
    as_of = [words.DATA_AS_OF(language), html.B(f"{moment:%H:%M:%S}" if moment else "—", className="clock")]
    state = html.Span(AGE_TEXT[age](language), className=f"state-chip age-{age.value}")
    return [
        html.Div(left, className="header-left"),
        html.H1([values.site_title(language), *([html.Small(values.screen_title(language))] if values.screen_title else [])]),
        html.Div([html.Span(as_of), html.Span(className="age-text"), state], className="header-right"),
    ]


HEADER = Panel(key="header", title=Text("页眉", "Header"), draw=header, frame="top")
