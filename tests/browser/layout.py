"""What a person would criticise in a page as it is drawn, found by a script in the page (`layout.js`)."""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
SCREEN = ".screen:not(.is-behind)"
OFFICE = ".office"
LEAST_PX = 16
"""The smallest letter on a stage of 1080 lines, for a wall that is read from 5 m."""

WITHIN_S = 15


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
