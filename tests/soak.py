"""`python -m tests.soak`: what a day does to one page that nobody touches, and what it does when the server goes.

8,640 ticks, one for each 10 s of a day, are told to one page in which all screens take turns, each when the page shows the one
before. Then the server is lost for ten minutes and for hours, and comes back, the last time in another version. The
reference city is filled first, unless `--store` names a store that is there. It ends with code 1 when a bound is broken.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser.conftest import READY_WITHIN_S, Cockpit, free_port, launched, until
from tests.outage import BACK_WITHIN_S, WITHIN_S, outage, renewed, watching
from tests.told_again import MOMENT_COUNT
from tests.told_server import ToldServer, told_server

TICKS = 8640
EVERY_S = 5
"""The shortest turn of a wall."""

WARM_ROUNDS = 2
"""Rounds of all screens before the first measurement."""

HEAP_GROWS_MB, NODES_GROW_SHARE, LISTENERS_GROW = 20.0, 0.01, 0
OUTAGES_S = (600, 5 * 3600)
SAID_EVERY = 500

Say = Callable[[str], None]

BROUGHT = """(edition) => {
  const all = [...document.querySelectorAll('.screen')], at = all.findIndex((one) => !one.matches('.is-behind'));
  return [all[at], all[(at + 1) % all.length]].every((one) => one.dataset.edition === edition);
}"""
"""Whether the screen that is seen and the one whose turn is next show an edition."""

SEEN = "document.querySelector('.screen:not(.is-behind)').dataset.screen"
ALL_SHOW = "[...document.querySelectorAll('.screen')].every((one) => one.dataset.edition === {!r})"


@dataclass(frozen=True)
class Weight:
    """What a page holds after garbage was collected; nodes and listeners as Chromium counts them, detached ones too."""

    heap_mb: float
    node_count: int
    listener_count: int

    def complaints(self, before: "Weight") -> Iterator[str]:
        """Yield each bound that was broken since an earlier measurement."""
        if self.heap_mb > before.heap_mb + HEAP_GROWS_MB:
            yield f"the heap grew from {before.heap_mb:.1f} to {self.heap_mb:.1f} MB, by more than {HEAP_GROWS_MB} MB"
        if self.node_count > before.node_count * (1 + NODES_GROW_SHARE):
            yield f"nodes grew from {before.node_count} to {self.node_count}, by more than {NODES_GROW_SHARE:.0%}"
        if self.listener_count > before.listener_count + LISTENERS_GROW:
            yield f"listeners grew from {before.listener_count} to {self.listener_count}"


def weight(session: CDPSession) -> Weight:
    """Measure a page."""
    for _ in range(3):  # what a finalizer lets go is collected by the next one
        session.send("HeapProfiler.collectGarbage")
    told = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return Weight(told["JSHeapUsedSize"] / 1e6, int(told["Nodes"]), int(told["JSEventListeners"]))


class Soaking:
    """A wall under way: a page, the server that tells it, and what was counted."""

    def __init__(self, page: Page, server: ToldServer, play: str = "") -> None:
        """Open the wall: the screens that are named in turns, or all of them."""
        self.page, self.server = page, server
        page.goto(f"{server.address}/wall?every={EVERY_S}&play={play}")
        page.wait_for_selector(".screen .panel-body", timeout=1000 * WITHIN_S)
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable")
        self.screens: list[str] = page.evaluate("[...document.querySelectorAll('.screen')].map((one) => one.dataset.screen)")
        self.count, self.sent_count, self.turn_count, self.seen = 0, 0, 0, self.screens[0]

    def tell(self) -> str:
        """Tell one tick, wait until the page shows it, and return the edition."""
        told = self.server.tell()
        self.await_shown(BROUGHT, told["edition"])
        self.count, self.sent_count = told["count"], told["sent_count"]
        seen = self.page.evaluate(SEEN)
        self.turn_count += seen != self.seen
        self.seen = seen
        return str(told["edition"])

    def await_shown(self, condition: str, edition: str) -> None:
        """Wait until the page shows an edition."""
        began = time.monotonic()
        while not self.page.evaluate(condition, edition):
            assert time.monotonic() - began < WITHIN_S, f"edition {edition} was not on the screen within {WITHIN_S} s"
            time.sleep(0.02)

    def warm(self, rounds: int) -> None:
        """Tell moments until every screen had so many turns."""
        while self.turn_count < rounds * len(self.screens):
            self.tell()

    def settled(self) -> Weight:
        """Return the weight with all screens on one and the same moment."""
        edition = self.tell()
        while self.count % MOMENT_COUNT:
            edition = self.tell()
        until(self.page, ALL_SHOW.format(edition), WITHIN_S + EVERY_S * 3 * len(self.screens))
        return weight(self.session)


def soaked(soaking: Soaking, ticks: int, say: Say, rounds: int = WARM_ROUNDS) -> tuple[Weight, Weight]:
    """Tell so many ticks, and return the weight before and after. Raises: AssertionError when one is not shown."""
    soaking.warm(rounds)
    before = soaking.settled()
    say(row("before", before))
    began = time.monotonic()
    for number in range(1, ticks + 1):
        soaking.tell()
        if number % SAID_EVERY == 0:
            say(row(f"{number} ticks, {(time.monotonic() - began) / number:.2f} s each", weight(soaking.session)))
    after = soaking.settled()
    say(row("after", after))
    return before, after


def row(label: str, of: Weight) -> str:
    """Return one line of the table."""
    return f"{label:<32} {of.heap_mb:>8.1f} MB {of.node_count:>8} nodes {of.listener_count:>6} listeners"


def run(browser: Browser, server: ToldServer, ticks: int, say: Say) -> list[str]:
    """Soak a wall, then take the server away and give it back; return what is to be complained of."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    soaking = Soaking(page, server)
    before, after = soaked(soaking, ticks, say)
    say(f"{ticks} ticks, {soaking.sent_count} changed panels, {soaking.turn_count} turns of {len(soaking.screens)} screens")
    page.close()
    page = watching(browser, server, f"/wall?every={EVERY_S}")
    for seconds in OUTAGES_S:
        seen = outage(page, server, seconds)
        say(f"an outage of {seconds} s: «{seen.said}», back after {seen.back_s:.1f} s (at most {BACK_WITHIN_S})")
    say(f"another version: reloaded after {renewed(page, server):.1f} s (at most {BACK_WITHIN_S})")
    page.close()
    return list(after.complaints(before))


def filled(work: Path) -> tuple[str, Path]:
    """Fill a store with the reference city; return its site and the store."""
    cockpit = Cockpit("wenling", work / "cockpit.db", free_port())
    cockpit.start("both")
    try:
        cockpit.wait_ready(READY_WITHIN_S)
        cockpit.wait_judged(READY_WITHIN_S)
    finally:
        cockpit.stop()
    return cockpit.site, work / "cockpit.db"


def say(line: str) -> None:
    """Print a line at once, for it takes hours."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Fill, serve, soak, and say what came of it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--ticks", type=int, default=TICKS)
    asked.add_argument("--site", default="wenling")
    asked.add_argument("--store", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        site, store = (given.site, given.store) if given.store else filled(Path(work))
        with told_server(site, store, free_port()) as server:
            complaints = run(launched(playwright), server, given.ticks, say)
    say("\n".join(complaints) or "all bounds held")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
