"""The HTTP interface for programs: metrics, and the rows behind them."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from callbacks.board import Board
from cockpit.answer import metrics_answer, reading_answer
from cockpit.errors import CockpitError, UnknownName
from cockpit.evaluate import WEEK, metric_named
from cockpit.scope import Scope
from cockpit.text import Language
from cockpit.view import View


def register(server: FastAPI, board: Board, scope: Scope) -> None:
    """Add the routes for programs."""

    async def told(request: Request, answer: Callable[[View], Mapping[str, Any]]) -> Response:
        found = await board.evaluated(answer, request.query_params.get("at"))
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    @server.get("/api/v1/metrics")
    async def metrics(
        request: Request, metric: str | None = None, window: str | None = None, lang: Language = "zh"
    ) -> Response:
        """Return readings as the screen has them; `at=` gives them as they were known then, `parts=true` each part too."""
        parts = request.query_params.get("parts") == "true"
        return await told(request, lambda view: metrics_answer(view, scope, lang, key=metric, name=window, with_parts=parts))

    @server.get("/api/v1/metrics/{key}/rows")
    async def rows(request: Request, key: str, window: str | None = None, lang: Language = "zh") -> Response:
        """Return a reading and the rows it was computed from; `station_id=`, `town=` … pick one part."""
        dims = {name: value for name, value in request.query_params.items() if name in (*metric_named(key).by, WEEK)}
        return await told(request, lambda view: rows_answer(view, key, window, scope, dims, lang))

    @server.exception_handler(CockpitError)
    async def plain(_request: Request, error: Exception) -> Response:
        """Answer an error in one plain sentence."""
        return JSONResponse({"error": str(error)}, status_code=404 if isinstance(error, UnknownName) else 400)


def rows_answer(  # noqa: PLR0917 in the order one says them: this metric, in this window, of this scope, and this part
    view: View, key: str, window: str | None, scope: Scope, dims: Mapping[str, str | None], language: Language
) -> dict[str, Any]:
    """Return one reading with its rows. Raises: UnknownName."""
    metric = metric_named(key)
    by, name = next(iter(dims), None), window or metric.usual_window
    found = [r for r in view.readings(key, name, scope, by) if dict(r.dims) == dims]
    if not found:
        raise UnknownName(f"{key} has no reading for {dims} in the window {name}")
    return {
        "tick": view.tick.number,
        "notice": view.site.notice(language) if view.site.notice else None,
        "reading": reading_answer(view, found[0], scope, language),
        "rows": view.rows_behind(metric, name, scope, dims),
    }
