"""Plain answers: whether the server lives, whether it has something to show, which version runs, where the towns lie."""

from fastapi import FastAPI
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from callbacks.board import Board
from cockpit.evaluate import metric_named
from layouts.office.data import ADDRESS


def leaned_on(board: Board) -> list[frozenset[str]]:
    """Return the keys of the sources that feed each screen, or of all sources where the site has no screen."""
    if not board.screens:
        return [frozenset(source.key for source in board.site.sources)]
    return [feeders(board, key) for key in board.screens]


def feeders(board: Board, screen_key: str) -> frozenset[str]:
    """Return the keys of the sources that feed a screen."""
    metrics = {need.metric for panel in board.arranged(screen_key).panels for need in panel.needs}
    tables = {table for key in metrics for table in metric_named(key).sources}
    return frozenset(source.key for source in board.site.feeding(tuple(tables)))


def register(server: FastAPI, board: Board) -> None:
    """Add the routes of operation, and the way from `/` to the first screen."""
    awaited = leaned_on(board)

    @server.get("/livez")
    async def livez() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "alive"}

    @server.get("/readyz")
    async def readyz() -> Response:
        """Say whether there is a screen of which every source has told something, and how old that is."""
        heard = {age.key for age in board.current.ages() if age.age_s is not None}
        is_ready = any(keys <= heard for keys in awaited)
        return JSONResponse({"ready": is_ready, **board.message()}, status_code=200 if is_ready else 503)

    @server.get("/version")
    async def version() -> dict[str, str]:
        """Name the version that runs."""
        return {"version": board.version}

    @server.get("/boundaries.geojson")
    async def boundaries() -> Response:
        """Return the outlines of the towns, which a map fetches once."""
        outline = board.site.outline
        if outline is None:
            return PlainTextResponse("this site brings no outlines", 404)
        return Response(outline.text, media_type="application/geo+json", headers={"Cache-Control": "private, max-age=3600"})

    @server.get("/")
    async def first() -> Response:
        """Lead to the first screen, or to the page of data where the site feeds nothing that a screen shows."""
        return RedirectResponse(next((f"/screen/{key}" for key in board.screens), ADDRESS))
