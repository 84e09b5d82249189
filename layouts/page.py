"""A page: one screen as a stage of fixed size that the browser scales, its panels in a named grid."""

from typing import Any

from dash import html

from cockpit.panel import Arrangement, Panel, Screen
from cockpit.text import Language
from layouts import words


def panel_id(panel: Panel) -> str:
    """Return the id of a panel's element."""
    return f"panel-{panel.key}"


def screen_page(screen: Screen, arrangement: Arrangement, bodies: dict[str, Any], language: Language, edition: str) -> html.Div:
    """Return a whole screen with its panels drawn."""
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
        lang="zh-CN" if language == "zh" else "en",
        **{"data-screen": screen.key, "data-edition": edition, "data-language": language},
    )


def not_found(addresses: list[str], language: Language) -> html.Div:
    """Return what stands where there is no page."""
    links = [html.Li(html.A(address, href=address)) for address in addresses]
    return html.Div(
        [html.H1(words.NOT_FOUND(language)), html.P(words.NOT_FOUND_HELP(language)), html.Ul(links)], className="office"
    )
