"""From an address to a page."""

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qs, unquote

from dash import Dash, Input, Output, dcc, html

from callbacks import data, dictionary, number, numbers, overview
from callbacks.board import Board
from callbacks.edition import Page
from callbacks.supplies import Supplies
from callbacks.visit import Visit
from cockpit.errors import NoSuchMoment, UnknownName
from cockpit.scope import Scope
from cockpit.text import LANGUAGES, Language
from layouts import words
from layouts.office.overview import SCREEN, phone_way
from layouts.page import not_found, panel_id, screen_page, wall_page
from layouts.parts.controls import controls
from layouts.parts.replay_bar import no_moment, replay_words

EVERY_S, LEAST_EVERY_S, MOST_EVERY_S = 30, 5, 3600
"""How long each screen of a wall is seen, unless its address says otherwise, and between which ends."""


def layout() -> html.Div:
    """Return what every page begins with: its address, and the place where the page goes."""
    return html.Div([dcc.Location(id="address", refresh=False), html.Main(id="page"), replay_words()])


async def screen(visit: Visit) -> html.Div:
    """Return one screen. Raises: UnknownName."""
    key = "/".join(visit.rest)
    page = visit.board.page(key, visit.scope, visit.language, visit.query)
    shown = await drawn(visit.board, page)
    ways = controls(titles(visit), visit.language, page.asked, here=key)
    return html.Div([shown, phone_way(page.asked, visit.language), ways])


async def wall(visit: Visit) -> html.Div:
    """Return the screens that an address tells to take turns, all of them where it names none. Raises: UnknownName."""
    said = parse_qs(visit.query.removeprefix("?"))
    named = [key for key in "".join(said.get("play", [])).split(",") if key] or list(visit.board.screens)
    pages = [visit.board.page(key, visit.scope, visit.language, visit.query) for key in dict.fromkeys(named)]
    if not pages:
        raise UnknownName(f"{visit.board.site.key} feeds nothing that a screen shows")
    layers = [await drawn(visit.board, page) for page in pages]
    for layer in layers[1:]:
        layer.className += " is-behind"
    every_s = said.get("every", [""])[0]
    told_s = int(every_s) if every_s.isascii() and every_s.isdigit() and len(every_s) < 6 else EVERY_S
    shown = wall_page(layers, min(MOST_EVERY_S, max(LEAST_EVERY_S, told_s)), visit.language)
    return html.Div([shown, controls(titles(visit), visit.language, pages[0].asked, here="")])


async def office_data(visit: Visit) -> html.Div:
    """Return the page of sources, batches and quarantine."""
    return await data.page(visit.board, visit.supplies, visit.language)


PLACES: Mapping[str, Callable[[Visit], Awaitable[html.Div]]] = {
    "screen": screen,
    "wall": wall,
    "data": office_data,
    "number": number.page,
    "numbers": numbers.page,
    "dictionary": dictionary.page,
    "overview": overview.page,
}
"""What stands behind the first part of a path."""


def titles(visit: Visit) -> dict[str, str]:
    """Return the titles of all screens by key, in their order."""
    return {key: one.title(visit.language) for key, one in visit.board.screens.items()}


async def drawn(board: Board, page: Page) -> html.Div:
    """Return a screen with all its panels."""
    edition, arrangement = await board.panels(page), board.arranged(page.screen)
    bodies = {p.key: json.loads(edition.panels[panel_id(page.screen, p)].children) for p in arrangement.panels}
    shown, moment = board.screens[page.screen], edition.moment
    return screen_page(shown, arrangement, bodies, page.language, edition.name, asked=page.asked, moment=moment)


def register(app: Dash, board: Board, scope: Scope, supplies: Supplies) -> None:
    """Add the one callback that opens a page."""

    @app.callback(Output("page", "children"), Input("address", "pathname"), Input("address", "search"))  # type: ignore[untyped-decorator] # Dash is untyped
    async def page(pathname: str, search: str | None) -> html.Div:
        language = language_of(search, board.site.language)
        first, *rest = [unquote(part) for part in pathname.strip("/").split("/")]
        visit = Visit(board, supplies, scope, language, tuple(rest), search or "")
        place = PLACES.get(first)
        if place is None:
            return not_found(addresses(board), language)
        try:
            return await place(visit)
        except NoSuchMoment as error:
            return no_moment(error.said, visit.said("at") or "", language)
        except UnknownName as error:
            if first == "screen" and visit.rest[:1] and visit.rest[0] in board.screens and "town" in (search or ""):
                return not_found([f"/screen/{visit.rest[0]}?lang={language}"], language, words.NO_SUCH_TOWN)
            return not_found(addresses(board), language, words.NOT_FOUND, str(error))


def addresses(board: Board) -> list[str]:
    """Return the addresses of all pages that need nothing named."""
    places = [first for first in PLACES if first not in NEED_MORE and (first != SCREEN or SCREEN in board.screens)]
    return [*(f"/screen/{key}" for key in board.screens), *(f"/{first}" for first in places)]


NEED_MORE = frozenset({"screen", "number", "numbers"})
"""Places that are none without a further part of the path."""


def language_of(search: str | None, default: Language) -> Language:
    """Return the language that an address asks for."""
    asked = parse_qs((search or "").removeprefix("?")).get("lang", [default])[0]
    return next((language for language in LANGUAGES if language == asked), default)
