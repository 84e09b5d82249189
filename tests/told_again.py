"""`python -m tests.told_again --site DIR --store URL --port N`: the web server, that tells some moments again and again.

A city tells a screen something new every few seconds; to see what a day of that does to a page, it has to be told as fast
as the page takes it. What is fast here is the clock only: the rows are those of a store, seen at some moments of its last
weeks, so that windows slide, a midnight passes and pictures change. All that reaches a browser (pages, stream, panels and
their bytes) is the product's. Nothing rings by itself: `GET /told/next` tells the next moment.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import uvicorn
from starlette.responses import JSONResponse

from callbacks.board import Board
from callbacks.edition import Edition, Page
from cockpit.app import WebServer, allow_connections, build, open_ledger
from cockpit.columns import Columns
from cockpit.ledger.store import Ledger
from cockpit.panel import Screen
from cockpit.site import Site, load_site
from cockpit.view import View

BEFORE = (timedelta(0), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=8), timedelta(weeks=6))
"""How long before the newest tick the moments are; two more lie on both sides of the last midnight."""

MOMENT_COUNT = len(BEFORE) + 2


class ToldAgain(Board):
    """A board whose view is one of some prepared ones, in turns, and changes when it is told to."""

    def __init__(self, site: Site, ledger: Ledger, screens: Mapping[str, Screen], version: str) -> None:
        """Remember what to show, and that nothing was told yet."""
        super().__init__(site, ledger, screens, version)
        self.count, self.sent_count = 0, 0
        self.views: tuple[View, ...] = ()
        self.pictures: dict[tuple[Page, int], Edition] = {}

    async def start(self) -> None:
        """Load the store once, and look at it as it stood at every moment."""
        await super().start()
        self.views = tuple(moments(self.current, self.site))

    @property
    def edition(self) -> str:
        """The name of what is shown now: a moment has a new one whenever it is told."""
        return f"{self.count}-{self.run}"

    async def tell(self) -> str:
        """Show the next moment, ring, and return the edition's name."""
        async with self.drawing:
            self.count += 1
            self.view = self.views[self.count % len(self.views)]
        self.ring()
        return self.edition

    async def watch(self) -> None:
        """Only keep the streams alive: nothing is looked for."""
        await self.beat()

    def drawn(self, page: Page, name: str) -> Edition:
        """Return the panels of this moment, drawn once however often it is told."""
        address = (page, self.count % len(self.views))
        if address not in self.pictures:
            self.pictures[address] = super().drawn(page, name)
        return replace(self.pictures[address], name=name)

    def changed(self, edition: Edition, page: Page, since: str) -> bytes:
        """Return the panels that changed, and count them."""
        known = self.editions.get((page, since))
        self.sent_count += sum(known is None or known.panels.get(key) != panel for key, panel in edition.panels.items())
        return super().changed(edition, page, since)


def moments(view: View, site: Site) -> Iterator[View]:
    """Yield a view as it stands at each moment, the sources having been heard just now."""
    newest, held = view.tick.as_of, view.columns
    midnight = int(datetime.fromtimestamp(newest, site.zone).replace(hour=0, minute=0, second=0).timestamp())
    heard = max((state.loaded_at or 0 for state in view.states.values()), default=view.now)
    for instant in (*(newest - int(before.total_seconds()) for before in BEFORE), midnight - 1, midnight + 1):
        columns = Columns(replace(held.tick, as_of=instant), held.tables, held.declared)
        yield replace(view, columns=columns, now=heard)


def serve(site: Site, store: str, port: int, version: str) -> None:
    """Serve until told to stop, under the name of a version: a page is reloaded when that changes, and not when files do."""
    allow_connections()
    server = build(site, open_ledger(site, store), board_of=ToldAgain)
    board = server.state.board
    board.version = version

    async def told() -> JSONResponse:
        return JSONResponse({"edition": await board.tell(), "count": board.count, "sent_count": board.sent_count})

    server.add_api_route("/told/next", told)
    server.router.routes.insert(0, server.router.routes.pop())  # before Dash's, which answer whatever is left
    config = uvicorn.Config(server, host="127.0.0.1", port=port, log_level="warning", log_config=None)
    WebServer(config, board).run()


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--site", required=True)
    asked.add_argument("--store", required=True)
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--version", default="told")
    given = asked.parse_args()
    serve(load_site(given.site), given.store, given.port, given.version)
