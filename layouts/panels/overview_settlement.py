"""The place of hospital settlements 医院结算, kept until that domain has metrics: then its numbers are drawn in this file."""

from typing import Any

from dash import html

from cockpit.numbers import NOTHING
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts.parts.frame import frame

TITLE = Text("医院结算", "Hospital settlements")
NOT_YET = Text("尚未接入", "not connected yet")


def drawn(_values: Values, language: Language) -> list[Any]:
    """Draw a dash: nothing is known of it, and nothing is invented."""
    return frame(TITLE(language), "", html.Div([html.B(NOTHING), html.Span(NOT_YET(language))], className="not-yet"))


SETTLEMENT = Panel(key="overview_settlement", title=TITLE, draw=drawn)
