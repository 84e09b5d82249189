"""`/data/template` and `/data/upload`: a department's file, looked at first and then submitted to the schedule."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from fastapi import FastAPI, Request
from starlette.responses import Response

from callbacks.board import Board
from callbacks.spool import Spool, Spooled, Submitted, ending_as, file_name, shown_name
from callbacks.supplies import Supplies, encoded
from cockpit.errors import CockpitError, UnknownName
from cockpit.ledger.books import batches_of_origin
from cockpit.site import Site
from cockpit.source_config import SourceConfig
from cockpit.supply import BatchLine, batch_line
from cockpit.text import Language
from cockpit.upload import MOST_BYTES, Preview
from layouts.office.upload import MEGABYTE, previewed, submitted, unreadable

T = TypeVar("T")

PIECE_BYTES = 1_000_000
MOST_AT_ONCE = 4
"""Files that are received or looked at at one time; the next person is asked to wait."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
KEPT_SUBMITTED = 64


@dataclass(frozen=True)
class Kitchen:
    """What the kitchen does for uploads: says what a file would do, given its source, path and name, and makes templates."""

    preview: Callable[[SourceConfig, Path, str], Preview]
    csv_template: Callable[[SourceConfig], bytes]
    xlsx_template: Callable[[SourceConfig], bytes]


class Uploads:
    """Uploaded files on their way. Nothing here writes the store: the schedule reads the inbox."""

    def __init__(self, board: Board, kitchen: Kitchen) -> None:
        """Remember who reads; one file is looked at at a time, beside the threads that draw the screens."""
        self.board, self.kitchen = board, kitchen
        self.spool = Spool(self.board.site)
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upload")
        self.under_way = 0
        self.previews: dict[str, Preview] = {}
        self.sent: dict[str, Submitted] = {}

    async def in_pool(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run blocking work of an upload."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work, *arguments)

    async def look(self, source: SourceConfig, name: str, request: Request) -> tuple[Spooled, Preview]:
        """Receive a file and return what it would do. Raises: CockpitError."""
        if self.under_way >= MOST_AT_ONCE:
            raise CockpitError("other files are being read just now; try again in a minute")
        self.under_way += 1
        place = await self.in_pool(self.spool.place)
        try:
            path = await self.receive(place, source, request)
            found = await self.in_pool(self.kitchen.preview, source, path, ending_as(shown_name(name), path))
            spooled = await self.in_pool(self.spool.keep, source, name, path)
        except BaseException:
            await self.in_pool(self.spool.drop, place.name)
            raise
        finally:
            self.under_way -= 1
        self.previews[spooled.token] = found
        self.previews = {token: kept for token, kept in self.previews.items() if token in self.spool.waiting}
        return spooled, found

    async def receive(self, place: Path, source: SourceConfig, request: Request) -> Path:
        """Write what comes into a file, piece by piece. Raises: CockpitError when it is too large, or nothing."""
        piece, size, path = b"", 0, place / "upload"
        async for part in request.stream():
            size += len(part)
            if size > MOST_BYTES:
                raise CockpitError(
                    f"the file is larger than {MOST_BYTES // MEGABYTE} MB; split it, or let the schedule fetch it"
                )
            piece += part
            if len(piece) >= PIECE_BYTES:
                await self.in_pool(append, path, piece)
                piece = b""
        await self.in_pool(append, path, piece)
        if not size:
            raise CockpitError("the file is empty; choose another one")
        return await self.in_pool(named_by_kind, path, source)

    async def submit(self, token: str) -> Submitted:
        """Move a file into the inbox. Raises: UnknownName."""
        self.spool.named(token)
        sent = await self.in_pool(self.spool.submit, token, self.previews.pop(token).content, time.time())
        self.sent[token] = sent
        while len(self.sent) > KEPT_SUBMITTED:
            del self.sent[next(iter(self.sent))]
        return sent

    def batch_of(self, sent: Submitted) -> BatchLine | None:
        """Return the batch that a submitted file became, if it was read."""
        with self.board.ledger.reading() as connection:
            found = batches_of_origin(connection, self.board.ledger, sent.source.key, sent.origin)
        return batch_line(found[0]) if found else None


def append(path: Path, piece: bytes) -> None:
    """Write a piece at the end of a file."""
    with path.open("ab") as file:
        file.write(piece)


def named_by_kind(path: Path, source: SourceConfig) -> Path:
    """Give a received file the ending by which its source knows it."""
    with path.open("rb") as file:
        return path.rename(path.with_name(file_name(source, file.read(2))))


def taking(site: Site, key: str) -> SourceConfig:
    """Return a source that takes uploads. Raises: UnknownName."""
    found = next((source for source in site.sources if source.key == key and source.upload), None)
    if found is None:
        raise UnknownName(f"{key} takes no uploads; a source does when site.toml says upload = true")
    return found


def register(server: FastAPI, supplies: Supplies, kitchen: Kitchen) -> None:
    """Add the addresses of templates and uploads."""
    board = supplies.board
    uploads = Uploads(board, kitchen)

    @server.get("/data/template/{name}")
    async def template(name: str) -> Response:
        """Return the template of a source, as CSV or as a workbook with an explanation."""
        key, _, ending = name.rpartition(".")
        source = taking(board.site, key)
        if ending not in ("csv", "xlsx"):
            raise UnknownName(f"there is no template {name}; there are {key}.csv and {key}.xlsx")
        body = await board.in_pool(kitchen.csv_template if ending == "csv" else kitchen.xlsx_template, source)
        headers = {"Content-Disposition": f'attachment; filename="{source.key}.{ending}"', "Cache-Control": "no-cache"}
        return Response(body, media_type=CSV if ending == "csv" else XLSX, headers=headers)

    @server.post("/data/upload/{key}")
    async def upload(request: Request, key: str, lang: Language = "zh") -> Response:
        """Receive a file, and return what it would do; nothing of it is stored."""
        source = taking(board.site, key)
        name = unquote(request.headers.get("x-file-name", ""))
        try:
            spooled, found = await uploads.look(source, name, request)
        except CockpitError as error:
            return told(unreadable(str(error), lang), status=400)
        return told(previewed(found, spooled.token, spooled.name, await supplies.newest(), lang))

    @server.post("/data/upload/{token}/confirm")
    async def confirm(token: str, lang: Language = "zh") -> Response:
        """Submit a file that was looked at."""
        try:
            sent = await uploads.submit(token)
        except CockpitError as error:
            return told(unreadable(str(error), lang), status=404)
        return told(submitted(None, sent.source, await supplies.newest(), lang))

    @server.get("/data/upload/{token}")
    async def became(token: str, lang: Language = "zh") -> Response:
        """Return what became of a submitted file."""
        sent = uploads.sent.get(token)
        if sent is None:
            raise UnknownName("nothing is known of this upload; see the newest batches")
        batch = await board.in_pool(uploads.batch_of, sent)
        if batch is not None:
            supplies.forget()
        return told(submitted(batch, sent.source, await supplies.newest(), lang), is_done=batch is not None)


def told(children: Any, *, status: int = 200, is_done: bool = False) -> Response:
    """Return components for the browser to show."""
    body = f'{{"children":{encoded(children)},"done":{"true" if is_done else "false"}}}'
    return Response(body, status, {"Cache-Control": "no-store"}, "application/json")
