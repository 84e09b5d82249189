"""`/numbers/<screen>/<panel>`: the table behind a picture."""

from dash import html

from callbacks.tabling import tabled
from callbacks.visit import Visit
from callbacks.ways import ways
from cockpit.errors import UnknownName
from layouts.office.table_behind import table_page

PARTS = 2
"""A screen and a panel of it."""


async def page(visit: Visit) -> html.Div:
    """Return the page. Raises: UnknownName, with what there is."""
    board = visit.board
    if len(visit.rest) != PARTS:
        raise UnknownName("name a screen and one of its panels, as in /numbers/injury/injury_figures")
    key, name = visit.rest
    asked = board.page(key, visit.scope, visit.language, visit.query).asked
    panels = {panel.key: panel for panel in board.arranged(key).panels}
    if name not in panels:
        raise UnknownName(f"the screen {key} has no panel {name!r}; it has {', '.join(panels)}")
    screen, panel = board.screens[key], panels[name]
    return await board.evaluated(
        lambda view: table_page(
            tabled(view, visit.scope, screen, panel, asked, visit.language), name, ways(visit), visit.language
        ),
        asked.at,
    )
