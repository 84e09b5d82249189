"""A page: one screen as a stage of fixed size that the browser scales, its panels in a grid; or several that take turns."""

from datetime import datetime
from typing import Any

from dash import html

from cockpit.panel import Arrangement, Asked, Panel, Screen
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.address import panel_address
from layouts.parts.frame import frame

TOWN_MAP = "town-map"
"""The id of the map whose towns can be chosen by a click; a trace says in its `meta` which town it is."""

PICTURES = ("box", "cards", "scenes")
"""The frames of panels that show numbers, and have a table of them behind."""


def panel_id(screen_key: str, panel: Panel) -> str:
    """Return the id of a panel's element; several screens may stand in one page."""
    return f"panel-{screen_key}-{panel.key}"


def screen_page(
    screen: Screen,
    arrangement: Arrangement,
    bodies: dict[str, Any],
    language: Language,
    edition: str,
    *,
    asked: Asked,
    moment: datetime | None = None,
) -> html.Div:
    """Return a whole screen with its panels drawn; another address is another element, and nothing of the last one stays.

    `moment` is the local time of a screen that shows the past: each of its panels says so.
    """
    panels = [section(screen, panel, bodies[panel.key], language, asked, moment) for panel in arrangement.panels]
    lost = html.Div([html.B(words.SERVER_LOST(language)), html.Span(className="lost-age")], className="lost", role="alert")
    return html.Div(
        html.Div([*panels, lost], className="stage", style={"gridTemplate": arrangement.grid}),
        id=f"screen-{screen.key}",
        key=f"{screen.key} {language} {asked.query} {edition}",
        className="screen",
        lang="zh-CN" if language == "zh" else "en",
        **{"data-screen": screen.key, "data-edition": edition, "data-language": language, "data-asked": asked.query},
        **({} if moment is None else {"data-replay": f"{moment:%Y-%m-%dT%H:%M}"}),
    )


def content(name: str, body: Any) -> dict[str, Any]:
    """Return a panel's content as the browser draws it: all its elements under one component of our own (`assets/panel.js`)."""
    return {"namespace": "cockpit", "type": "Panel", "props": {"id": name, "className": "panel-content", "content": body}}


def section(  # noqa: PLR0917 in the order one says them: of this screen, this panel, drawn so, in this language, as asked, then
    screen: Screen, panel: Panel, body: Any, language: Language, asked: Asked, moment: datetime | None
) -> html.Section:
    """Return a panel in its place: what is drawn, the way to the table behind it, and of when it is where that is past."""
    title = panel.title(language)
    address = panel_address(asked, screen.key, panel.key, language)
    of_when = {} if moment is None else {"data-replay": f"{words.REPLAY(language)} {moment:%m-%d %H:%M}"}
    behind = html.A("▤", href=address, className="behind", **{"aria-label": f"{words.TABLE_BEHIND(language)}: {title}"})
    return html.Section(
        [
            content(panel_id(screen.key, panel), body),
            *([behind] if panel.frame in PICTURES else []),
        ],
        className=f"panel panel-{panel.frame} area-{panel.key}",
        style={"gridArea": panel.key},
        **{"aria-label": title, **of_when},
    )


def wall_page(layers: list[html.Div], every_s: int, language: Language) -> html.Div:
    """Return screens that take turns in one page, each for so many seconds; the browser turns them and reloads nothing."""
    return html.Div(layers, id="wall", lang="zh-CN" if language == "zh" else "en", **{"data-every": str(every_s)})


def withheld_panel(panel: Panel, language: Language) -> list[Any]:
    """Return what stands in the place of a panel that visitors may not see."""
    return frame(panel.title(language), "", html.Div(words.NOT_FOR_VISITORS(language), className="nothing"))


def not_found(addresses: list[str], language: Language, what: Text = words.NOT_FOUND, detail: str = "") -> html.Div:
    """Return what stands where there is no page, or nothing of what its address asks for; `detail` says what is wrong."""
    links = [html.Li(html.A(address, href=address)) for address in addresses]
    said = [html.P(detail, className="soft")] if detail else []
    help_text = html.P(words.NOT_FOUND_HELP(language))
    return html.Div([html.H1(what(language)), *said, help_text, html.Ul(links)], className="office")
