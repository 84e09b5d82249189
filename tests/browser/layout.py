"""What a person would criticise in a page as it is drawn, found by a script in the page (`layout.js`)."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.conftest import until

SCRIPT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
SCREEN = ".screen:not(.is-behind)"
OFFICE = ".office"
LEAST_PX = 16
"""The smallest letter on a stage of 1080 lines, for a wall that is read from 5 m."""

WITHIN_S = 20
LOST_AFTER_MS = 45_000
IS_LOST = "document.body.classList.contains('is-lost')"


WIDEST = """(words) => {
  const screen = document.querySelector(".screen"), cut = [];
  for (const [selector, texts] of Object.entries(words)) {
    const cell = screen.querySelector(selector);
    for (const text of texts) {
      cell.innerHTML = text;
      if (cell.scrollWidth > cell.clientWidth + 1) cut.push(`${selector} ${text} ${cell.scrollWidth}>${cell.clientWidth}`);
    }
  }
  return cut;
}"""
"""Of some texts those that find no room in the first element of a selector."""


class Drawn(NamedTuple):
    """What was found: faults as sentences, and how many marks of data each panel has drawn."""

    faults: list[str]
    marks: dict[str, int]


def drawn(page: Page, *, root: str = SCREEN, is_full: bool = False, within_s: float = WITHIN_S) -> Drawn:
    """Wait until a page stands still, and return what is wrong with it; where it is full, an empty panel is wrong too."""
    asked = {
        "root": root,
        "least_px": LEAST_PX if root == SCREEN else 0,
        "is_full": is_full,
        "within_ms": 1000 * within_s,
    }
    return Drawn(**page.evaluate(SCRIPT, asked))


def faults_at(page: Page, sizes: Iterable[tuple[int, int]], *, is_full: bool = False) -> list[str]:
    """Return what is wrong with a screen at some sizes, as whoever pulls at its window sees it."""
    found = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}×{height} {fault}" for fault in drawn(page, is_full=is_full).faults]
    return found


def lose(page: Page) -> None:
    """Cut a page, whose clock was installed before it was opened, off from its server until it says so."""
    page.context.set_offline(offline=True)
    page.clock.fast_forward(LOST_AFTER_MS)
    until(page, IS_LOST, WITHIN_S)


def regain(page: Page) -> None:
    """Let a page reach its server again."""
    page.context.set_offline(offline=False)
