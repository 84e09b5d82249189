"""A server that goes and comes back, as a page sees it that nobody touches."""

import time
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from tests.browser.conftest import until
from tests.told_server import ToldServer

BACK_WITHIN_S = 60
"""Of the server's return: on the newest edition, without the words that it is lost, untouched."""

WITHIN_S = 60
LOOK_MS = 50
STEPS, STEP_MS = 10, 200
"""An outage is that many jumps of the page's clock, with a little true time after each, in which a retry can fail."""

SHOWN = "document.querySelector('.screen:not(.is-behind)')?.dataset.edition === {!r}"
CALM = "!document.body.classList.contains('is-lost')"
LOST = "document.body.classList.contains('is-lost')"


@dataclass(frozen=True)
class Outage:
    """What was seen: what the page said of it, and after how many seconds it was back."""

    said: str
    back_s: float


def watching(browser: Browser, server: ToldServer, path: str) -> Page:
    """Return a page, its clock under our control, that shows the newest edition."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.clock.install()
    page.goto(f"{server.address}{path}")
    page.wait_for_selector(".screen .panel-body", timeout=1000 * WITHIN_S)
    until(page, SHOWN.format(server.tell()["edition"]), WITHIN_S)
    page.evaluate("window.untouched = true")
    return page


def outage(page: Page, server: ToldServer, seconds: int) -> Outage:
    """Kill the server, move the page's clock by so long in steps that let it retry, and bring the server back.

    Raises: AssertionError when the page does not say that it is lost, was reloaded, or does not come back in time.
    """
    server.kill()
    for _ in range(STEPS):
        page.clock.fast_forward(1000 * max(seconds // STEPS, 1))
        page.wait_for_timeout(STEP_MS)
    until(page, LOST, WITHIN_S)
    said = page.locator(".screen:not(.is-behind) .lost").inner_text()
    server.start()
    began = time.monotonic()
    until(page, SHOWN.format(server.tell()["edition"]), BACK_WITHIN_S)
    until(page, CALM, BACK_WITHIN_S)
    assert page.evaluate("window.untouched === true"), "the page was reloaded"
    return Outage(" ".join(said.split()), time.monotonic() - began)


def renewed(page: Page, server: ToldServer) -> float:
    """Bring the server back in another version; return after how many seconds the page had reloaded itself."""
    loads: list[str] = []

    def note(loaded: Page) -> None:
        loads.append(loaded.url)

    page.on("domcontentloaded", note)
    server.kill()
    server.start(version="another")
    began = time.monotonic()
    while not loads:
        assert time.monotonic() - began < BACK_WITHIN_S, f"the page was not reloaded within {BACK_WITHIN_S} s"
        page.wait_for_timeout(LOOK_MS)
    page.wait_for_selector(".screen .panel-body", timeout=1000 * WITHIN_S)
    return time.monotonic() - began
