"""A real Chromium in front of a real cockpit."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserType, Page, Playwright, sync_playwright

from tests.coloured import coloured_city, hear
from tests.conftest import SmallCity

READY_WITHIN_S = 600
"""A whole city is filled; on two cores that other tests share."""

FILLED = os.environ.get("COCKPIT_FILLED")
"""A filled store of the reference city to copy: `.ci/run` has one."""

JUDGED = ("towns_told", "firms_green")
"""What has a value once the models have judged."""

HEARD_EVERY_S = 1.0
"""How often the sources of the invented towns are heard."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync", "--force-color-profile=srgb"]


def chrome() -> str:
    found = os.environ.get("COCKPIT_CHROME") or next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "no Chromium: run `make browser`, which installs one or says what to install"
    return found


def launched(playwright: Playwright) -> Browser:
    return launched_as(playwright.chromium, chrome())


def launched_as(kind: BrowserType, program: Path | str) -> Browser:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return kind.launch(executable_path=program, args=[*QUIET, *root])


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launched(playwright)
        yield opened
        opened.close()


class Watched:
    """A page that remembers what it asked for and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> Page:
        self.page.goto(address)
        self.page.wait_for_selector(".screen .card-value", timeout=30_000)
        return self.page


def rounded(value: float) -> str:
    """Return a number with one decimal, halves up, as people round."""
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def until(page: Page, condition: str, seconds: float) -> None:
    """Wait until a condition holds in the page; asked from outside, since its policy allows no eval."""
    began = time.monotonic()
    while not page.evaluate(condition):
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {condition}"
        time.sleep(0.02)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    yield Watched(page)
    page.close()


def copied(store: Path, target: Path) -> None:
    """Copy a store that may be written to at this moment."""
    with sqlite3.connect(store) as source, sqlite3.connect(target) as copy:
        source.backup(copy)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Cockpit:
    """The processes of one cockpit, started and stopped by hand."""

    def __init__(self, site: str, store: Path, port: int) -> None:
        self.site, self.url, self.port = site, f"sqlite:///{store}", port
        self.address = f"http://127.0.0.1:{port}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "cockpit.cli", "serve", "--site", self.site, "--store", self.url]
        only = [] if name == "both" else ["--only", name]
        self.running[name] = subprocess.Popen([*command, *only, "--port", str(self.port)], stderr=subprocess.DEVNULL)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        process = self.running.pop(name)
        process.send_signal(number)
        process.wait(20)

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name, signal.SIGTERM)

    def wait_ready(self, seconds: float = 60) -> float:
        """Wait until every source has told something, and return how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with suppress(OSError), urlopen(f"{self.address}/readyz", timeout=5) as answer:
                if json.load(answer)["state"] != "never":
                    return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError(f"the cockpit was not ready within {seconds} s")

    def wait_judged(self, seconds: float) -> None:
        """Wait until the models have judged towns and enterprises."""
        began = time.monotonic()
        while not all(self.value(key) for key in JUDGED):
            assert time.monotonic() - began < seconds, f"nothing was judged within {seconds} s"
            time.sleep(0.5)

    def value(self, metric: str) -> float | None:
        """Return what a metric says of now."""
        with urlopen(f"{self.address}/api/v1/metrics?metric={metric}&window=now", timeout=30) as answer:
            (read,) = json.load(answer)["metrics"]
        told: float | None = read["value"]
        return told


@pytest.fixture
def live_city(city: SmallCity) -> SmallCity:
    """A small site that lives now, as `enlivened`."""
    return enlivened(city)


def enlivened(city: SmallCity) -> SmallCity:
    """Let a small site live now: read every second, calls expected every four."""
    city.site()
    text = (city.folder / "site.toml").read_text(encoding="utf-8").replace("interval_s = 60", "interval_s = 1\nexpected_s = 4")
    quiet = [
        part if 'key = "emergency_call"' in part else part.replace("expected_s = 4", "static = true")
        for part in text.split("[[sources]]")
    ]
    (city.folder / "site.toml").write_text("[[sources]]".join(quiet), encoding="utf-8")
    return city


@pytest.fixture
def cockpit(live_city: SmallCity, tmp_path: Path) -> Iterator[Cockpit]:
    made = Cockpit(str(live_city.folder), tmp_path / "cockpit.db", free_port())
    made.start("etl")
    made.start("web")
    made.wait_ready()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def dublin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    made = Cockpit("dublin", tmp_path_factory.mktemp("dublin") / "cockpit.db", free_port())
    made.start("both")
    made.wait_ready(120)
    yield made
    made.stop()


@pytest.fixture(scope="package")
def wenling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """The reference city as it ships, its towns and enterprises judged; filled here, unless a filled store is named."""
    store = tmp_path_factory.mktemp("wenling") / "cockpit.db"
    if FILLED:
        copied(Path(FILLED), store)
    made = Cockpit("wenling", store, free_port())
    made.start("both")
    made.wait_ready(READY_WITHIN_S)
    made.wait_judged(READY_WITHIN_S)
    yield made
    made.stop()


@pytest.fixture(scope="package")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """Serve the invented towns, their sources being heard all the time."""
    store, stop = tmp_path_factory.mktemp("towns") / "towns.db", threading.Event()
    site, ledger = coloured_city(store)

    def keep_hearing() -> None:
        while not stop.wait(HEARD_EVERY_S):
            hear(site, ledger)

    hearing = threading.Thread(target=keep_hearing)
    hearing.start()
    made = Cockpit("wenling", store, free_port())
    made.start("web")
    made.wait_ready()
    yield made
    made.stop()
    stop.set()
    hearing.join()
    ledger.engine.dispose()
