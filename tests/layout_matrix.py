"""`python -m tests.layout_matrix`: every screen at every size, in both languages and for both kinds of eyes.

A script looks at each (`tests/browser/layout.js`). What `tests/browser/test_screens_fit.py` tries in pairs is tried whole
here, with the server there and, for the staff on duty, gone; with `--old` in Chromium 109. The reference city is filled
first, unless `--store` names a store that is there. It ends with code 1 when anything is cut, covered, scrolling, lost
or empty.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cockpit.app import screens
from cockpit.disclosure import Level
from cockpit.text import LANGUAGES
from tests.browser.conftest import READY_WITHIN_S, Cockpit, Watched, chrome, free_port, launched_as
from tests.browser.fetched import OLD_CHROMIUM, fetched
from tests.browser.layout import faults_at, lose, regain
from tests.pictures import SIZES
from tests.soak import filled, say

LEVELS = (Level.DUTY, Level.PUBLIC)


def faults_of(browser: Browser, address: str, sizes: tuple[tuple[int, int], ...]) -> Iterator[str]:
    """Yield what is wrong with each screen at some sizes, each named by its address."""
    for key, language, level in product(screens(), LANGUAGES, LEVELS):
        path = f"/screen/{key}?lang={language}&level={level.value}"
        width, height = sizes[0]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.clock.install()
        Watched(page).open(f"{address}{path}")
        is_full = level is Level.DUTY
        yield from (f"{path} {fault}" for fault in faults_at(page, sizes, is_full=is_full))
        if is_full:
            lose(page)
            yield from (f"{path} the server gone {fault}" for fault in faults_at(page, sizes, is_full=True))
            regain(page)
        page.close()


def groups(*, is_old: bool) -> list[tuple[tuple[int, int], ...]]:
    """Return the sizes that a window is given one after the other: in the old browser it is opened at each, for there the
    letters of a picture that was scaled again are measured wrong.
    """
    return [(size,) for size in SIZES] if is_old else [SIZES]


def main() -> int:
    """Fill, serve, look, and say what was found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--old", action="store_true", help="In Chromium 109.")
    asked.add_argument("--site", default="wenling")
    asked.add_argument("--store", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        site, store = (given.site, given.store) if given.store else filled(Path(work))
        cockpit = Cockpit(site, store, free_port())
        cockpit.start("both")
        try:
            cockpit.wait_ready(READY_WITHIN_S)
            browser = launched_as(playwright.chromium, fetched(OLD_CHROMIUM) if given.old else chrome())
            found = 0
            for sizes in groups(is_old=given.old):
                for fault in faults_of(browser, cockpit.address, sizes):
                    say(fault)
                    found += 1
        finally:
            cockpit.stop()
    say(f"{len(screens())} screens × {len(LANGUAGES)} languages × {len(LEVELS)} levels × {len(SIZES)} sizes: {found} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
