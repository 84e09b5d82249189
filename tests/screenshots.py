"""`python -m tests.screenshots DIR`: pictures of every screen of every site that ships, in both languages.

Dublin is shown on a Friday evening of its record, the simulated city as it is now.
"""

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cockpit.app import open_ledger, screens
from cockpit.site import load_site
from cockpit.text import LANGUAGES
from etl.known import known_to
from etl.load import load
from etl.schedule import Schedule
from tests.browser.conftest import Cockpit, free_port, launched

MOMENT = datetime(2021, 3, 12, 20, 15)
WIDTH, HEIGHT = 1920, 1080
READY_WITHIN_S = 900


def fill_dublin(store: Path) -> None:
    """Fill a store with the record as it stood at the moment."""
    site = load_site("dublin")
    ledger = open_ledger(site, f"sqlite:///{store}")
    schedule = Schedule(site, ledger, time.time)
    schedule.run_due(everything=True)
    as_of = int(MOMENT.replace(tzinfo=site.zone).timestamp())
    for batch in schedule.readers["dfb"].read(schedule.states()["dfb"].cursor, as_of, known_to(schedule.ledger, None)):
        load(ledger, batch, as_of=as_of, now=time.time())
    ledger.engine.dispose()


def take(browser: Browser, cockpit: Cockpit, folder: Path) -> None:
    """Take a picture of every screen that a site has, in both languages."""
    for key in (key for key, screen in screens().items() if screen.shows(load_site(cockpit.site))):
        for language in LANGUAGES:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(f"{cockpit.address}/screen/{key}?lang={language}")
            page.wait_for_selector(".screen .panel-body")
            page.wait_for_selector(".state-chip.age-fresh", timeout=1000 * READY_WITHIN_S)
            page.wait_for_timeout(2000)
            page.screenshot(path=folder / f"{cockpit.site}-{key}-{language}.png")
            page.close()


def main(folder: str) -> None:
    """Fill, serve, take pictures, stop: one site after the other."""
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        for site, fill in (("dublin", fill_dublin), ("wenling", None)):
            store = Path(work) / f"{site}.db"
            if fill is not None:
                fill(store)
            cockpit = Cockpit(site, store, free_port())
            cockpit.start("both")
            try:
                cockpit.wait_ready(READY_WITHIN_S)
                browser = launched(playwright)
                take(browser, cockpit, Path(folder))
                browser.close()
            finally:
                cockpit.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
