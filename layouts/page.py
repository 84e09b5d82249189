"""A page: one screen as a stage of fixed size that the browser scales, its panels in a named grid."""

from typing import Any

from dash import html

from cockpit.panel import Arrangement, Asked, Panel, Screen
from cockpit.text import Language, Text
from layouts import words

TOWN_MAP = "town-map"
"""The id of the map whose towns can be chosen by a click; a trace says in its `meta` which town it is."""


def panel_id(panel: Panel) -> str:
    """Return the id of a panel's element."""
    return f"panel-{panel.key}"


def screen_page(
    screen: Screen, arrangement: Arrangement, bodies: dict[str, Any], language: Language, edition: str, *, asked: Asked
) -> html.Div:
    """Return a whole screen with its panels drawn; another address is another element, and nothing of the last one stays."""
    panels = [
        html.Section(
            bodies[panel.key],
            id=panel_id(panel),
            className=f"panel panel-{panel.frame} area-{panel.key}",
            style={"gridArea": panel.key},
            **{"aria-label": panel.title(language)},
        )
        for panel in arrangement.panels
    ]
    lost = html.Div([html.B(words.SERVER_LOST(language)), html.Span(id="lost-age")], id="lost", role="alert")
    return html.Div(
        html.Div([*panels, lost], className="stage", style={"gridTemplate": arrangement.grid}),
        id="screen",
        key=f"{screen.key} {language} {asked.query} {edition}",
        lang="zh-CN" if language == "zh" else "en",
        **{"data-screen": screen.key, "data-edition": edition, "data-language": language, "data-asked": asked.query},
    )


def not_found(addresses: list[str], language: Language, what: Text = words.NOT_FOUND) -> html.Div:
    """Return what stands where there is no page, or nothing of what its address asks for."""
    links = [html.Li(html.A(address, href=address)) for address in addresses]
    return html.Div([html.H1(what(language)), html.P(words.NOT_FOUND_HELP(language)), html.Ul(links)], className="office")
