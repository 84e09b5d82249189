"""`/moments`: between which minutes one may go back, and in which minutes of a day something came."""

import time
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse

from callbacks.board import Board
from cockpit.errors import UnknownName
from cockpit.ledger.read import as_of_each, first_tick, tick_at
from cockpit.window import midnight

MINUTE = "%Y-%m-%dT%H:%M"
MINUTE_S = 60
ONE_DAY = timedelta(days=1)
LAST_DAY = date.max - ONE_DAY
"""Its end can still be told."""


def register(server: FastAPI, board: Board) -> None:
    """Add the route."""

    @server.get("/moments")
    async def moments(day: str = "") -> JSONResponse:
        """Return the first and the newest minute on the site's clock, and those minutes of a day (default: today) with news."""
        found = await board.past.in_pool(moments_of, board, day)
        return JSONResponse(found, headers={"Cache-Control": "no-store"})


def moments_of(board: Board, day: str) -> dict[str, Any]:
    """Return what there is to replay. Raises: UnknownName for what is no day."""
    zone, ledger = board.site.zone, board.ledger
    with ledger.reading() as connection:
        newest, first = tick_at(connection, ledger), first_tick(connection, ledger)
        newest_at = newest.as_of if board.site.replay else int(time.time())
        asked = day_named(day) if day else datetime.fromtimestamp(newest_at, zone).date()
        begin, end = midnight(asked, zone), midnight(asked + ONE_DAY, zone)
        instants = as_of_each(connection, ledger, begin, end)
    return {
        "day": asked.isoformat(),
        "first": None if first is None else f"{datetime.fromtimestamp(-(-first.as_of // MINUTE_S) * MINUTE_S, zone):{MINUTE}}",
        "newest": f"{datetime.fromtimestamp(newest_at, zone):{MINUTE}}",
        "changed": sorted({(instant - begin) // MINUTE_S for instant in instants}),
    }


def day_named(day: str) -> date:
    """Return the day of a text such as 2026-11-20. Raises: UnknownName."""
    try:
        return min(date.fromisoformat(day), LAST_DAY)
    except ValueError as error:
        raise UnknownName(f"{day!r} is no day such as 2026-11-20") from error
