"""`/overview`: the overview for a phone, and the address that keeps it true."""

import hashlib
from dataclasses import replace

from dash import html
from fastapi import FastAPI, Request
from starlette.responses import Response

from callbacks.asked import asked_of
from callbacks.board import Board
from callbacks.gathering import gathered
from callbacks.opening import shown
from callbacks.supplies import encoded
from callbacks.visit import Visit
from callbacks.ways import ways
from cockpit.errors import UnknownName
from cockpit.panel import Asked, Values
from cockpit.scope import Scope
from cockpit.text import Language
from cockpit.view import View
from layouts.office.overview import ADDRESS, OVERVIEW, SCREEN, overview_page, sections
from layouts.parts.address import query


def register(server: FastAPI, board: Board, scope: Scope) -> None:
    """Add the address that the page asks."""

    @server.get(f"{ADDRESS}/state")
    async def state(request: Request, lang: Language = "zh") -> Response:
        """Return the changing parts of the page, or that they are as the browser knows them."""
        asked = asked_of(request.url.query, board.current, scope)
        known_by = f"{board.edition} {lang} {asked.query}"
        etag = f'"{hashlib.sha256(known_by.encode()).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        told = await board.evaluated(lambda view: sections(*values_of(view, scope, asked), lang))
        parts = ",".join(f'"{name}":{encoded(children)}' for name, children in told.items())
        return Response(f'{{"sections":{{{parts}}}}}', media_type="application/json", headers=headers)


async def page(visit: Visit) -> html.Div:
    """Return the page. Raises: UnknownName."""
    if visit.rest:
        raise UnknownName("the overview is one page: /overview, of a town with ?town=")
    if SCREEN not in visit.board.screens:
        raise UnknownName(f"{visit.board.site.key} feeds nothing that the overview shows")
    asked = asked_of(visit.query, visit.board.current, visit.scope)
    state = None if asked.at else f"{ADDRESS}/state?{query(asked, visit.language)}"
    return await visit.board.evaluated(
        lambda view: overview_page(*values_of(view, visit.scope, asked), ways(visit), state, visit.language), asked.at
    )


def values_of(view: View, scope: Scope, asked: Asked) -> tuple[Values, Values]:
    """Return what the six numbers are drawn of, those of a town without cells of a few persons; and what the towns are."""
    whole = gathered(view, OVERVIEW, scope, None, replace(asked, town=None))
    if asked.town is None:
        return whole, whole
    own = gathered(view, OVERVIEW, scope, None, asked)
    safe = {
        need: tuple(one for reading in readings for one in shown(view, (reading,), asked.level))
        for need, readings in own.readings.items()
    }
    return replace(own, readings=safe), whole
