"""From an address to a page."""

import json
from urllib.parse import parse_qs

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from callbacks import data
from callbacks.board import Board
from callbacks.supplies import Supplies
from cockpit.errors import UnknownName
from cockpit.scope import Scope
from cockpit.text import LANGUAGES, Language
from layouts import words
from layouts.office.data import ADDRESS
from layouts.page import TOWN_MAP, not_found, panel_id, screen_page


def layout() -> html.Div:
    """Return what every page begins with: its address, and the place where the page goes."""
    return html.Div([dcc.Location(id="address", refresh=False), html.Div(id="page")])


def register(app: Dash, board: Board, scope: Scope, supplies: Supplies) -> None:
    """Add the one callback that opens a page."""

    @app.callback(Output("page", "children"), Input("address", "pathname"), Input("address", "search"))  # type: ignore[untyped-decorator] # Dash is untyped
    async def page(pathname: str, search: str | None) -> html.Div:
        language = language_of(search, board.site.language)
        if pathname.rstrip("/") == ADDRESS:
            return await data.page(board, supplies, language)
        key = pathname.removeprefix("/screen/").strip("/")
        try:
            asked = board.page(key, scope, language, search or "")
        except UnknownName:
            if key in board.screens:  # it is the town that nobody knows, or may not be seen
                return not_found([f"/screen/{key}?lang={language}"], language, words.NO_SUCH_TOWN)
            return not_found([*(f"/screen/{name}" for name in board.screens), ADDRESS], language)
        edition, arrangement = await board.panels(asked), board.arranged(key)
        bodies = {p.key: json.loads(edition.panels[panel_id(p)].children) for p in arrangement.panels}
        return screen_page(board.screens[key], arrangement, bodies, language, edition.name, asked=asked.asked)

    app.clientside_callback(
        ClientsideFunction("cockpit", "chooseTown"),
        Output("address", "search"),
        Input(TOWN_MAP, "clickData"),
        State(TOWN_MAP, "figure"),
        State("address", "search"),
        prevent_initial_call=True,
    )


def language_of(search: str | None, default: Language) -> Language:
    """Return the language that an address asks for."""
    asked = parse_qs((search or "").removeprefix("?")).get("lang", [default])[0]
    return next((language for language in LANGUAGES if language == asked), default)
