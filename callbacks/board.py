"""The board: the newest view, its panels drawn once for everybody, and the bell that rings when it changes."""

import asyncio
import gzip
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from callbacks.asked import asked_of
from callbacks.edition import Edition, Page, drawn_panels
from callbacks.meter import Meter
from callbacks.past import Past
from cockpit.columns import Columns
from cockpit.columns_at import forked
from cockpit.errors import UnknownName
from cockpit.freshness import worst
from cockpit.ledger.pulse import Pulse
from cockpit.ledger.read import newest_tick_number, source_states
from cockpit.ledger.store import Ledger
from cockpit.panel import Arrangement, Screen
from cockpit.scope import Scope
from cockpit.site import Site
from cockpit.text import Language
from cockpit.view import View, open_view, refreshed

LOG = logging.getLogger("cockpit.web")
T = TypeVar("T")

LOOK_EVERY_S = 0.5
"""How often everything is looked at, for sources age without a commit: one integer and a handful of source rows."""

FEEL_EVERY_S = 0.05
"""How often it is asked whether anything was committed: 0.02 ms, and what a new tick waits for."""

CATCH_UP_S = 3.0
"""How long a replay waits until the newest view has a tick that was just committed, before it loads that one whole."""

HEARTBEAT_S = 15.0
"""The longest that a stream is silent."""

KEPT_EDITIONS = 64
"""How many editions are remembered, so that a browser is sent only what changed since its own."""


class Board:
    """What the web process holds of one site. Nothing here writes."""

    def __init__(self, site: Site, ledger: Ledger, screens: Mapping[str, Screen], version: str) -> None:
        """Remember what to show; `start` loads it."""
        self.site, self.ledger, self.screens, self.version = site, ledger, screens, version
        self.view: View | None = None
        self.loop: asyncio.AbstractEventLoop
        self.pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="board")
        self.bell = asyncio.Event()
        self.told = b""
        self.rung_at = 0.0
        self.is_closing = False
        self.is_sound = True
        self.run = secrets.token_hex(4)
        self.editions: dict[tuple[Page, str], Edition] = {}
        self.drawing = asyncio.Lock()
        self.past = Past(site, ledger, self.fork, self.run)
        self.meter = Meter()

    async def start(self) -> None:
        """Load the newest view."""
        self.loop = asyncio.get_running_loop()
        self.view = await self.in_pool(open_view, self.ledger, self.site, time.time())
        self.rung_at = time.monotonic()

    async def in_pool(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run blocking work beside the event loop, which it would stall."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work, *arguments)

    @property
    def current(self) -> View:
        """The newest view. Raises: UnknownName before the first one is loaded."""
        if self.view is None:
            raise UnknownName("the cockpit is still loading; try again in a moment")
        return self.view

    @property
    def edition(self) -> str:
        """The name of what is shown now: the tick, how old each source is, whether its day is over, and this run of the server.

        The run is in it because browsers keep what an edition brought, and another store has its own tick 5.
        """
        view = self.current
        ages = "".join(age.age.value[0] for age in view.ages())
        return f"{view.tick.number}-{ages}{'-over' if view.is_day_over else ''}-{self.run}"

    def message(self) -> dict[str, Any]:
        """Return what the stream tells: which edition there is, and how old its data are."""
        view = self.current
        ages = view.ages()
        waited = view.waited or view.live
        known = [a.age_s for a in ages if a.age_s is not None and a.key in waited]
        return {
            "edition": self.edition,
            "tick": view.tick.number,
            "age_s": round(max(known) + time.time() - view.now, 1) if known else None,
            "state": worst(ages).value,
            "version": self.version,
        }

    def event(self) -> bytes:
        """Return the message as a server-sent event."""
        message = self.message()
        return f"id: {message['edition']}\ndata: {json.dumps(message)}\n\n".encode()

    def ring(self) -> None:
        """Wake every stream. What they tell is encoded here, once, however many there are."""
        self.told, self.rung_at = self.event(), time.monotonic()
        rung, self.bell = self.bell, asyncio.Event()
        rung.set()

    async def watch(self) -> None:
        """Look for a new tick or an aged source, for ever, and ring when there is one."""
        beating = asyncio.create_task(self.beat())
        try:
            with Pulse(self.ledger) as pulse:
                while not self.is_closing:
                    await self.feel(pulse)
                    before = self.edition
                    async with self.drawing:
                        self.view = await self.in_pool(self.look)
                    if self.edition != before:
                        self.ring()
        finally:
            beating.cancel()

    async def feel(self, pulse: Pulse) -> None:
        """Wait until something was committed, and no longer than a look may wait."""
        looked_at = time.monotonic()
        while time.monotonic() - looked_at < LOOK_EVERY_S:
            await asyncio.sleep(FEEL_EVERY_S)
            if pulse.has_beaten():
                return

    async def beat(self) -> None:
        """Ring when nothing rang for a while, for ever, so that a stream that was cut is noticed."""
        while not self.is_closing:
            await asyncio.sleep(HEARTBEAT_S - min(HEARTBEAT_S, time.monotonic() - self.rung_at))
            if time.monotonic() - self.rung_at >= HEARTBEAT_S:
                self.ring()

    def look(self) -> View:
        """Return the newest view, cheap when nothing changed; whatever goes wrong, the last one is kept and grows old."""
        view, now = self.current, time.time()
        try:
            if not self.is_sound:
                view = open_view(self.ledger, self.site, now)
                self.is_sound = True
            with self.ledger.reading() as connection:
                number = newest_tick_number(connection, self.ledger)
                states = source_states(connection, self.ledger)
            return refreshed(view, self.ledger, now) if number != view.tick.number else replace(view, states=states, now=now)
        except Exception as error:  # noqa: BLE001 a watch that ended would leave every screen green for ever
            if self.is_sound:  # said once, not twice a second for as long as it lasts
                LOG.error("the newest tick cannot be read: %s", error)  # noqa: TRY400 one plain line, and it goes on
            self.is_sound = False
            return replace(view, now=now)

    async def fork(self, number: int) -> Columns:
        """Return what the newest view holds, to be taken back to a tick; one that was just committed is waited for."""
        waits_until = time.monotonic() + CATCH_UP_S
        while self.current.tick.number < number and time.monotonic() < waits_until:
            await asyncio.sleep(FEEL_EVERY_S)
        async with self.drawing:
            return await self.in_pool(forked, self.current.columns)

    async def evaluated(self, work: Callable[[View], T], at: str | None = None) -> T:
        """Run blocking work on the newest view while no tick changes it underneath, or on that of a past moment."""
        if at is not None:
            return await self.past.evaluated(work, at)
        async with self.drawing:
            return await self.in_pool(lambda: work(self.current))

    def close_soon(self) -> None:
        """Let every open stream end, asked from a signal handler."""
        self.loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self.close()))

    async def close(self) -> None:
        """Let every open stream end."""
        self.is_closing = True
        self.bell.set()

    def page(self, key: str, scope: Scope, language: Language, query: str = "") -> Page:
        """Return the page that an address names, with what its query asks. Raises: UnknownName."""
        if key not in self.screens:
            raise UnknownName(f"there is no screen {key!r}; there are {', '.join(self.screens) or 'none for this site'}")
        asked = asked_of(query, self.current, scope, follows=self.arranged(key).follows)
        return Page(key, scope, language, asked)

    async def panels(self, page: Page) -> Edition:
        """Return the newest edition of a page, or that of the moment it asks for, drawn once however many ask."""
        if page.asked.at is not None:
            return await self.past.panels(page, page.asked.at, self.drawn_of)
        async with self.drawing:
            address = (page, self.edition)
            if address not in self.editions:
                self.editions[address] = await self.in_pool(self.drawn, page, self.edition)
                while len(self.editions) > KEPT_EDITIONS:
                    del self.editions[next(iter(self.editions))]
            return self.editions[address]

    def arranged(self, key: str) -> Arrangement:
        """Return how a screen is filled for this site."""
        return self.screens[key].arranged(self.site)

    def drawn(self, page: Page, name: str) -> Edition:
        """Draw all panels of a page from the newest view."""
        return self.drawn_of(self.current, page, name)

    def drawn_of(self, view: View, page: Page, name: str) -> Edition:
        """Draw all panels of a page from a view."""
        panels = drawn_panels(view, page, self.screens[page.screen], self.arranged(page.screen), self.meter)
        return Edition(name, view.tick.number, panels)

    def changed(self, edition: Edition, page: Page, since: str) -> bytes:
        """Return the panels that changed since an edition, compressed; all of them when that one is forgotten."""
        known = self.editions.get((page, since))
        before = known.panels if known else {}
        changed = {i: d for i, d in edition.panels.items() if before.get(i) != d}
        listed = ",".join(f'{json.dumps(i)}:{{"etag":"{d.etag}","children":{d.children}}}' for i, d in changed.items())
        text = f'{{"edition":{json.dumps(edition.name)},"tick":{edition.tick},"panels":{{{listed}}}}}'
        return gzip.compress(text.encode(), compresslevel=6, mtime=0)
