"""The HTTP interface for programs: metrics, the rows behind them, and whether all is well."""

import time
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from callbacks.board import Board
from cockpit.answer import metrics_answer, reading_answer
from cockpit.at import view_at
from cockpit.errors import CockpitError, UnknownName
from cockpit.evaluate import metric_named
from cockpit.scope import CITY
from cockpit.text import Language
from cockpit.view import View


def register(server: FastAPI, board: Board) -> None:
    """Add the routes for programs and for whoever watches over the server."""

    async def at(moment: str | None) -> View:
        if moment is None:
            return board.current
        return await board.in_pool(view_at, board.ledger, board.site, time.time(), moment)  # type: ignore[no-any-return] # pool

    @server.get("/api/v1/metrics")
    async def metrics(
        metric: str | None = None,
        window: str | None = None,
        lang: Language = "zh",
        parts: bool = False,  # noqa: FBT001, FBT002 a query parameter
        request: Request = None,  # type: ignore[assignment] # given by the framework
    ) -> Response:
        """Return readings as the screen has them; `?at=` gives them as they were known then."""
        view = await at(request.query_params.get("at"))
        answer = await board.in_pool(lambda: metrics_answer(view, CITY, lang, key=metric, name=window, with_parts=parts))
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    @server.get("/api/v1/metrics/{key}/rows")
    async def rows(request: Request, key: str, window: str = "d28", lang: Language = "zh") -> Response:
        """Return a reading and the rows it was computed from; `station_id=`, `town=` … pick one part."""
        view = await at(request.query_params.get("at"))
        metric = metric_named(key)
        dims = {name: value for name, value in request.query_params.items() if name in metric.by}
        return JSONResponse(
            await board.in_pool(rows_answer, view, key, window, dims, lang), headers={"Cache-Control": "no-store"}
        )

    @server.get("/livez")
    async def livez() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "alive"}

    @server.get("/readyz")
    async def readyz() -> Response:
        """Say whether every source has told something, and how old that is."""
        is_ready = all(age.age_s is not None for age in board.current.ages())
        return JSONResponse({"ready": is_ready, **board.message()}, status_code=200 if is_ready else 503)

    @server.get("/version")
    async def version() -> dict[str, str]:
        """Name the version that runs."""
        return {"version": board.version}

    @server.get("/")
    async def first() -> Response:
        """Lead to the first screen."""
        return RedirectResponse(f"/screen/{next(iter(board.screens))}")

    @server.exception_handler(CockpitError)
    async def plain(_request: Request, error: Exception) -> Response:
        """Answer an error in one plain sentence."""
        return JSONResponse({"error": str(error)}, status_code=404 if isinstance(error, UnknownName) else 400)


def rows_answer(view: View, key: str, window: str, dims: dict[str, str | None], language: Language) -> dict[str, Any]:
    """Return one reading with its rows. Raises: UnknownName."""
    metric = metric_named(key)
    by = next(iter(dims), None)
    found = [r for r in view.readings(key, window, CITY, by) if dict(r.dims) == dims]
    if not found:
        raise UnknownName(f"{key} has no reading for {dims} in the window {window}")
    return {
        "tick": view.tick.number,
        "reading": reading_answer(view, found[0], language),
        "rows": view.rows_behind(metric, window, CITY, dims),
    }
