"""The HTTP interface for programs: metrics, and the rows behind them."""

import time
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from callbacks.board import Board
from cockpit.answer import metrics_answer, reading_answer
from cockpit.at import view_at
from cockpit.errors import CockpitError, UnknownName
from cockpit.evaluate import metric_named
from cockpit.scope import CITY
from cockpit.text import Language
from cockpit.view import View


def register(server: FastAPI, board: Board) -> None:
    """Add the routes for programs."""

    async def at(moment: str | None) -> View | None:
        return None if moment is None else await board.in_pool(view_at, board.ledger, board.site, time.time(), moment)

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

        def answer(of: View) -> Mapping[str, Any]:
            return metrics_answer(of, CITY, lang, key=metric, name=window, with_parts=parts)

        return JSONResponse(await board.evaluated(answer, view), headers={"Cache-Control": "no-store"})

    @server.get("/api/v1/metrics/{key}/rows")
    async def rows(request: Request, key: str, window: str = "d28", lang: Language = "zh") -> Response:
        """Return a reading and the rows it was computed from; `station_id=`, `town=` … pick one part."""
        view = await at(request.query_params.get("at"))
        dims = {name: value for name, value in request.query_params.items() if name in metric_named(key).by}

        def answer(of: View) -> Mapping[str, Any]:
            return rows_answer(of, key, window, dims, lang)

        return JSONResponse(await board.evaluated(answer, view), headers={"Cache-Control": "no-store"})

    @server.exception_handler(CockpitError)
    async def plain(_request: Request, error: Exception) -> Response:
        """Answer an error in one plain sentence."""
        return JSONResponse({"error": str(error)}, status_code=404 if isinstance(error, UnknownName) else 400)


def rows_answer(view: View, key: str, window: str, dims: Mapping[str, str | None], language: Language) -> dict[str, Any]:
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
