"""Past moments: opened beside the newest view, one by one in a thread of their own, so that no wall waits for a replay.

A past moment is made of what the newest view holds: what came since is forgotten, what went is put back. Few are kept.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from callbacks.edition import Edition, Page
from cockpit.at import Moment, moment_named
from cockpit.columns import Columns
from cockpit.ledger.read import Tick
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.view import View, open_view, past_states

T = TypeVar("T")
Key = TypeVar("Key")

KEPT_VIEWS = 2
"""How many past ticks are held in memory, each with its own marks and some tables: some 40 MB in a city of a million rows."""

KEPT_EDITIONS = 64
"""How many past pages are kept as they were drawn, some hundred kB each: one steps back and forth."""


class Past:
    """The past moments of one site. All work on them is done by one thread, which alone changes what is kept."""

    def __init__(self, site: Site, ledger: Ledger, fork: Callable[[int], Awaitable[Columns]], run: str) -> None:
        """Remember the store, who gives a fork of the newest columns, and by what name this run of the server goes."""
        self.site, self.ledger, self.fork, self.run = site, ledger, fork, run
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="past")
        self.opening = asyncio.Lock()
        self.views: dict[Tick, View] = {}
        self.editions: dict[tuple[Page, Moment], Edition] = {}

    async def in_pool(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run blocking work in the one thread."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work, *arguments)

    async def moment(self, at: str) -> Moment:
        """Return the moment that an address names. Raises: NoSuchMoment."""
        return await self.in_pool(moment_named, self.ledger, self.site, at, time.time())

    async def evaluated(self, work: Callable[[View], T], at: str) -> T:
        """Run blocking work on the view of a past moment. Raises: NoSuchMoment."""
        return await self.evaluated_at(work, await self.moment(at))

    async def evaluated_at(self, work: Callable[[View], T], moment: Moment) -> T:
        """Run blocking work on the view of a past moment that was found."""
        async with self.opening:
            await self.open(moment)
            return await self.in_pool(lambda: work(self.view(moment)))

    async def open(self, moment: Moment) -> None:
        """Hold the tick of a moment in memory."""
        if moment.tick not in self.views:
            fork = await self.fork(moment.tick.number)
            await self.in_pool(self.hold, moment, fork)

    def hold(self, moment: Moment, fork: Columns) -> None:
        """Make the view of a past tick, and let the one go that was not asked for the longest."""
        keep(self.views, moment.tick, self.opened(moment, fork), KEPT_VIEWS)

    def opened(self, moment: Moment, fork: Columns) -> View:
        """Open the view of a past tick."""
        return open_view(self.ledger, self.site, moment.instant, number=moment.tick.number, fork=fork)

    def view(self, moment: Moment) -> View:
        """Return the view of a moment whose tick is held, with the sources as they stood at its instant."""
        held = self.views.pop(moment.tick)
        self.views[moment.tick] = held
        with self.ledger.reading() as connection:
            states = past_states(connection, self.ledger, self.site, moment.instant)
        return replace(held, states=states, now=moment.instant)

    async def panels(self, page: Page, at: str, draw: Callable[[View, Page, str], Edition]) -> Edition:
        """Return a page as it was at a past moment, drawn once however many ask. Raises: NoSuchMoment."""
        moment = await self.moment(at)
        name = f"at-{moment.tick.number}-{moment.instant:.0f}-{self.run}"
        if (page, moment) not in self.editions:
            drawn = await self.evaluated_at(lambda view: draw(view, page, name), moment)
            local = datetime.fromtimestamp(moment.shown_at, self.site.zone)
            keep(self.editions, (page, moment), replace(drawn, moment=local), KEPT_EDITIONS)
        return self.editions[page, moment]


def keep(kept: dict[Key, T], key: Key, value: T, most: int) -> None:
    """Keep something, and let the oldest go where there is too much."""
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]
