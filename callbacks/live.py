"""`/live`, the stream that rings, and `/panels/<screen>`, the panels that changed."""

import asyncio
import hashlib

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from callbacks.board import Board
from cockpit.scope import Scope
from cockpit.text import Language

STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
IMMUTABLE = "private, max-age=31536000, immutable"


def register(server: FastAPI, board: Board, scope: Scope) -> None:
    """Add the live routes."""

    @server.get("/live")
    async def live(after: int | None = None) -> Response:
        """Stream the newest edition's name; with `after`, answer once, for networks that hold streams back."""
        if after is not None:
            return JSONResponse(board.message(), headers={"Cache-Control": "no-store"})
        return Stream(board)

    @server.get("/panels/{screen}")
    async def panels(request: Request, screen: str, lang: Language = "zh", since: str = "", edition: str = "") -> Response:
        """Return the panels of the newest edition that changed since another one."""
        page = board.page(screen, scope, lang, request.url.query)
        drawn = await board.panels(page)
        etag = f'"{hashlib.sha256(f"{drawn.name} {since} {lang} {page.asked.query}".encode()).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": IMMUTABLE if edition == drawn.name else "no-store", "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        body = await board.in_pool(board.changed, drawn, page, since)
        return Response(body, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})


class Stream(Response):
    """A stream of server-sent events. It waits for one bell with all others, and sends the bytes that all others send."""

    media_type = "text/event-stream"

    def __init__(self, board: Board) -> None:
        """Remember who rings."""
        super().__init__(headers=STREAM_HEADERS)
        del self.headers["content-length"]
        self.board = board

    async def __call__(self, _connection: Connection, receive: Receive, send: Send) -> None:
        """Tell every new edition until the browser goes, which is noticed at the next ring, or the server closes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        leaving = asyncio.create_task(left(receive))
        try:
            bell, said = self.board.bell, self.board.event()
            with self.board.meter.streams.track_inprogress():
                while not self.board.is_closing and not leaving.done():
                    await send({"type": "http.response.body", "body": said, "more_body": True})
                    await bell.wait()
                    bell, said = self.board.bell, self.board.told
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()


async def left(receive: Receive) -> None:
    """Wait until the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
