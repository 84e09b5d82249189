"""`/live`, the stream that rings, and `/panels/<screen>`, the panels that changed."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from callbacks.board import Board
from cockpit.scope import CITY
from cockpit.text import Language

HEARTBEAT_S = 15.0
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
IMMUTABLE = "private, max-age=31536000, immutable"


def register(server: FastAPI, board: Board) -> None:
    """Add the live routes."""

    @server.get("/live")
    async def live(request: Request, after: int | None = None) -> Response:
        """Stream the newest edition's name; with `after`, answer once, for networks that hold streams back."""
        if after is not None:
            return JSONResponse(board.message(), headers={"Cache-Control": "no-store"})
        return StreamingResponse(rings(request, board), media_type="text/event-stream", headers=STREAM_HEADERS)

    @server.get("/panels/{screen}")
    async def panels(request: Request, screen: str, lang: Language = "zh", since: str = "", edition: str = "") -> Response:
        """Return the panels of the newest edition that changed since another one."""
        drawn = await board.panels(screen, CITY, lang)
        etag = f'"{hashlib.sha256(f"{drawn.name} {since} {lang}".encode()).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": IMMUTABLE if edition == drawn.name else "no-store", "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        body = await board.in_pool(board.changed, drawn, screen, CITY, lang, since)
        return Response(body, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})


async def rings(request: Request, board: Board) -> AsyncIterator[str]:
    """Yield a message for every new edition, and at least one each heartbeat."""
    while not board.is_closing and not await request.is_disconnected():
        message = board.message()
        told = message["edition"]
        yield event(message)
        try:
            async with asyncio.timeout(HEARTBEAT_S), board.rung:
                await board.rung.wait_for(lambda told=told: board.is_closing or board.edition != told)  # type: ignore[misc] # bound now
        except TimeoutError:
            continue


def event(message: dict[str, Any]) -> str:
    """Return a server-sent event."""
    return f"id: {message['edition']}\ndata: {json.dumps(message)}\n\n"
