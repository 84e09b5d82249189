"""`python -m tests.screenshots`: a picture of every screen and page, at every size and in every state, and an index of them.

One city is filled and runs; pictures of it at all sizes come first. Then its web process is killed under open pages; then,
with its schedule stopped, its sources are made late, and one town silent. A store of which nothing was told yet is the last.
Dublin is shown on a Friday evening of its record. The few that README and docs show are copied to `docs/`.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from cockpit.app import open_ledger, screens
from cockpit.bench.push import wait_until_it_answers
from cockpit.ledger.store import Ledger
from cockpit.site import Site, load_site
from cockpit.text import LANGUAGES
from etl.known import known_to
from etl.load import load
from etl.schedule import Schedule
from tests.browser.conftest import Cockpit, copied, free_port, launched, until
from tests.city_states import LATE_BY, heard, silence
from tests.pictures import PHONE, SIZES, USUAL, Picture, index, taken

ROOT = Path(__file__).parent.parent
SITE, RECORD = "wenling", "dublin"
MOMENT = datetime(2021, 3, 12, 20, 15)
SILENT_TOWN = "331081004"
READY_WITHIN_S = 1800
GONE_FOR_MS = 45_000
LIVE, ENGLISH, LIGHT, GONE, LATE, SILENT, EMPTY = "live", "english", "light", "server-gone", "late", "town-silent", "empty"

SHOWN_IN_DOCS = (
    ("wenling", "overview", "en"),
    *(("wenling", screen, "zh") for screen in ("overview", "towns", "injury", "emergency", "enterprises", "appraisal")),
    ("dublin", "emergency", "zh"),
)
"""Site, screen and language of the pictures that README and docs show, which are in the repository."""

SOME_NUMBER, SOME_TABLE = ".screen a[href^='/number/']", ".screen a[href^='/numbers/']"
LOST = "document.body.classList.contains('is-lost')"


def shown_screens(site: Site) -> list[str]:
    """Return the keys of the screens that a site has."""
    return [key for key, screen in screens().items() if screen.shows(site)]


def of_screens(site: Site, state: str, **said: object) -> list[Picture]:
    """Return a picture of each screen."""
    return [Picture(state, key, f"/screen/{key}", **said) for key in shown_screens(site)]


def live(site: Site, browser: Browser, address: str) -> list[Picture]:
    """Return the pictures of a city that runs: all sizes, the other language, and the pages read at a desk, light and dark."""
    number, table = (path_of(browser, address, where) for where in (SOME_NUMBER, SOME_TABLE))
    pages = {"data": "/data", "dictionary": "/dictionary", "phone": "/overview", "number": number, "table": table}
    office = [Picture(LIGHT, name, path, is_light=True) for name, path in pages.items() if path]
    dark = [Picture(LIVE, name, path) for name, path in pages.items() if path]
    phone = [Picture(LIGHT, "phone", "/overview", PHONE, is_light=light) for light in (True, False)]
    sized = [picture for size in SIZES for picture in of_screens(site, LIVE, size=size)]
    english = [
        *of_screens(site, ENGLISH, language="en"),
        *(Picture(ENGLISH, one.name, one.path, language="en") for one in dark),
    ]
    return [*sized, *dark, *english, *office, *phone]


def path_of(browser: Browser, address: str, where: str) -> str | None:
    """Return the path of the first way of a kind on the first screen, without what it says of language."""
    page = browser.new_page()
    page.goto(f"{address}/")
    page.wait_for_selector(".screen .panel-body", timeout=60_000)
    found = page.locator(where)
    path = found.first.get_attribute("href") if found.count() else None
    page.close()
    return path and path.replace("?lang=zh", "?").replace("&lang=zh", "")


def left(pictures: list[Picture], browser: Browser, cockpit: Cockpit, folder: Path) -> list[Picture]:
    """Kill the server under open pages, let time pass, and take their pictures."""
    pages: list[tuple[Picture, Page]] = [
        (picture, picture.opened(browser, cockpit.address, is_clock_ours=True)) for picture in pictures
    ]
    cockpit.kill("web")
    for picture, page in pages:
        page.bring_to_front()
        page.clock.fast_forward(GONE_FOR_MS)
        until(page, LOST, 30)
        picture.take(page, folder)
        page.close()
    return pictures


def of_city(browser: Browser, work: Path, given: Path | None, folder: Path) -> Iterator[Picture]:
    """Yield the pictures of the reference city, in all its states, as they are taken."""
    site, store = load_site(SITE), work / "city.db"
    if given is not None:
        copied(given, store)
    cockpit = Cockpit(SITE, store, free_port())
    try:
        for name in ("etl", "web"):
            cockpit.start(name)
        cockpit.wait_ready(READY_WITHIN_S)
        await_fresh(site, browser, cockpit.address)
        yield from taken(live(site, browser, cockpit.address), browser, cockpit.address, folder)
        yield from left(of_screens(site, GONE), browser, cockpit, folder)
    finally:
        cockpit.stop()
    yield from aged(site, cockpit, browser, folder)


def aged(site: Site, cockpit: Cockpit, browser: Browser, folder: Path) -> Iterator[Picture]:
    """Yield the pictures of a city whose sources are late, and of one that does not hear of one of its towns."""
    ledger = open_ledger(site, cockpit.url)
    try:
        with heard(site, ledger, LATE_BY):
            cockpit.start("web")
            cockpit.wait_ready(READY_WITHIN_S)
            yield from taken(of_screens(site, LATE), browser, cockpit.address, folder)
        silence(ledger, SILENT_TOWN, int(time.time()))
        with heard(site, ledger):
            await_fresh(site, browser, cockpit.address)
            yield from taken(of_screens(site, SILENT), browser, cockpit.address, folder)
    finally:
        cockpit.stop()
        ledger.engine.dispose()


def of_nothing(browser: Browser, work: Path, folder: Path) -> list[Picture]:
    """Return the pictures of a city of which nothing was told yet."""
    site, cockpit = load_site(SITE), Cockpit(SITE, work / "empty.db", free_port())
    cockpit.start("web")
    try:
        wait_until_it_answers(f"{cockpit.address}/livez")
        return taken(of_screens(site, EMPTY), browser, cockpit.address, folder)
    finally:
        cockpit.stop()


def of_record(browser: Browser, work: Path, folder: Path) -> list[Picture]:
    """Return the pictures of the real record, as it stood at the moment."""
    site, store = load_site(RECORD), work / "record.db"
    fill_record(site, open_ledger(site, f"sqlite:///{store}"))
    cockpit = Cockpit(RECORD, store, free_port())
    cockpit.start("both")
    try:
        cockpit.wait_ready(READY_WITHIN_S)
        await_fresh(site, browser, cockpit.address)
        pictures = [one for language in LANGUAGES for one in of_screens(site, RECORD, language=language)]
        return taken(pictures, browser, cockpit.address, folder)
    finally:
        cockpit.stop()


def fill_record(site: Site, ledger: Ledger) -> None:
    """Fill a store with the record as it stood at the moment."""
    schedule = Schedule(site, ledger, time.time)
    schedule.run_due(everything=True)
    as_of = int(MOMENT.replace(tzinfo=site.zone).timestamp())
    for batch in schedule.readers["dfb"].read(schedule.states()["dfb"].cursor, as_of, known_to(schedule.ledger, None)):
        load(ledger, batch, as_of=as_of, now=time.time())
    ledger.engine.dispose()


def await_fresh(site: Site, browser: Browser, address: str) -> None:
    """Wait until every source of every screen was heard."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    for key in shown_screens(site):
        page.goto(f"{address}/screen/{key}")
        page.wait_for_selector(".state-chip.age-fresh, .state-chip.age-ended", timeout=1000 * READY_WITHIN_S)
    page.close()


def put_into_docs(folder: Path, docs: Path) -> None:
    """Copy the pictures that README and docs show."""
    for site, screen, language in SHOWN_IN_DOCS:
        state = RECORD if site == RECORD else LIVE if language == "zh" else ENGLISH
        picture = Picture(state, screen, "", USUAL, language)
        shutil.copyfile(folder / picture.file, docs / f"{site}-{screen}-{language}.png")


def main() -> None:
    """Take all pictures, write their index, and renew those of the docs."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--out", type=Path, default=ROOT / "dist" / "screenshots", help="Folder that is written anew.")
    asked.add_argument("--store", type=Path, help="A filled store of the reference city to copy, instead of filling one.")
    asked.add_argument("--docs", type=Path, default=ROOT / "docs", help="Folder of the pictures that the docs show.")
    given = asked.parse_args()
    shutil.rmtree(given.out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work, browser = Path(folder), launched(playwright)
        pictures = [*of_city(browser, work, given.store, given.out)]
        pictures += [*of_nothing(browser, work, given.out), *of_record(browser, work, given.out)]
        browser.close()
    index(pictures, given.out)
    put_into_docs(given.out, given.docs)


if __name__ == "__main__":
    main()
