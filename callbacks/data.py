"""`/data`: the page of sources, batches, quarantine and lineage, and the addresses that keep it true."""

from dash import html
from fastapi import FastAPI, Request
from starlette.responses import Response

from callbacks.board import Board
from callbacks.supplies import Supplies, encoded
from cockpit.supply import RefusedGroup
from cockpit.text import Language
from layouts.office.data import data_page
from layouts.office.quarantine import refused_list

JSON_ = "application/json"


def register(server: FastAPI, supplies: Supplies) -> None:
    """Add the addresses that the page asks."""

    @server.get("/data/state")
    async def state(request: Request, lang: Language = "zh") -> Response:
        """Return the changing parts of the page, or that they are as the browser knows them."""
        told = await supplies.told(lang)
        headers = {"ETag": told.etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == told.etag:
            return Response(status_code=304, headers=headers)
        return Response(told.body, media_type=JSON_, headers=headers)

    @server.get("/data/refused")
    async def refused(source: str, into: str, reason: str, lang: Language = "zh") -> Response:
        """Return the newest refused rows of one group, without personal data."""
        group = RefusedGroup(source, into, reason, 0)
        rows = await supplies.board.in_pool(supplies.refused, group)
        children = refused_list(group, rows, await supplies.newest(), lang)
        return Response(f'{{"children":{encoded(children)}}}', media_type=JSON_, headers={"Cache-Control": "no-store"})


async def page(board: Board, supplies: Supplies, language: Language) -> html.Div:
    """Return the page."""
    screens = [(f"/screen/{key}", screen.title(language)) for key, screen in board.screens.items()]
    return await board.in_pool(data_page, await supplies.newest(), screens, language)
