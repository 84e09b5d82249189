"""How soon a commit is a number on a screen, while many other browsers listen."""

import time
from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.app import allow_connections
from cockpit.bench.browser import browser
from cockpit.bench.city import ZONE_OFFSET_S, batch
from cockpit.bench.figure import Figure, Measure, Place
from cockpit.bench.push import PAUSE_S, listening
from cockpit.bench.reference_city import Served, reference_city
from cockpit.errors import CockpitError
from etl.load import load

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREEN, CARD = "emergency", "呼叫数"
"""A screen, and the title of one of its numbers: the calls of today."""

CALLS_A_TICK = 20
AT_MOST_S = 1.0
SEEN_WITHIN_S = 20
LOOK_MS = 20

WATCH = """(() => {
  window.seen = {};
  const read = () => {
    const card = [...document.querySelectorAll(".card")].find((one) => one.textContent.includes(CARD));
    const value = card && card.querySelector(".card-value");
    if (!value) return;
    const text = value.textContent.replaceAll(",", "");
    requestAnimationFrame(() => { window.seen[text] = window.seen[text] || Date.now(); });
  };
  new MutationObserver(read).observe(document, { subtree: true, childList: true, characterData: true });
})();"""
"""Notes when each value of the number was first handed over with a frame (UTC ms)."""


def run(place: Place) -> Iterable[Figure]:
    """Commit ticks of 20 calls to the reference city while one browser shows them and others listen on raw sockets.

    The time runs from the end of the commit to the frame that holds the number of calls as it then is: looking for news,
    applying and drawing them, telling everybody, fetching, and putting them on the screen. A tick that is told together with
    the next one counts as seen then.
    """
    allow_connections()
    sizes = place.sizes
    with reference_city(place.folder, sizes.city_years) as served, listening(served.port, sizes.watchers), browser() as chrome:
        page = chrome.new_page(viewport={"width": 1920, "height": 1080})
        page.add_init_script(WATCH.replace("CARD", repr(CARD)))
        page.goto(f"{served.address}/screen/{SCREEN}?lang=zh")
        page.wait_for_selector(".screen .panel-body")
        latencies = list(seen(served, page, sizes.updates))
    for name, q in (("p50", 0.5), ("p95", 0.95)):
        value = float(np.quantile(latencies, q))
        yield Figure(name=f"pixel_{name}_s", value=value, unit="s", goal=AT_MOST_S if name == "p95" else None)


def seen(served: Served, page: "Page", updates: int) -> Iterator[float]:
    """Commit so many ticks, and yield how long after each its number was on the screen (s). Raises: CockpitError."""
    names, pauses = count(1), np.random.default_rng(1).uniform(*PAUSE_S, updates)
    before = int(next(iter(shown(page)), 0))
    committed: dict[int, float] = {}
    for pause in pauses:
        told = commit(served, names)
        committed[before + told] = time.time()
        time.sleep(pause)
    began = time.monotonic()
    while max(shown(page), default=0) < max(committed):
        if time.monotonic() - began > SEEN_WITHIN_S:
            raise CockpitError(f"{max(committed)} calls never were on the screen of {served.address}/screen/{SCREEN}")
        page.wait_for_timeout(LOOK_MS)
    at = shown(page)
    yield from (min(ms for value, ms in at.items() if value >= told) / 1000 - when for told, when in committed.items())


def shown(page: "Page") -> dict[int, float]:
    """Return each value that the number had, and when (UTC ms); what is no number is none."""
    noted = page.evaluate("window.seen")
    return {int(text): ms for text, ms in noted.items() if text.isdigit()}


def commit(served: Served, names: Iterator[int]) -> int:
    """Load twenty calls of just now, and return how many were loaded so far."""
    now, town = int(time.time()), next(iter(served.site.outline.places if served.site.outline else ()), "?")
    numbers = [next(names) for _ in range(CALLS_A_TICK)]
    calls = [call(number, now - 1, town) for number in numbers]
    load(served.ledger, batch(f"calls {numbers[0]}", emergency_call=calls), as_of=now, now=now)
    return numbers[-1]


def call(number: int, at: int, town: str) -> dict[str, Any]:
    """Return one call."""
    return {
        "call_id": f"bench-c{number:07}",
        "rev": 0,
        "incident_id": f"bench-i{number:07}",
        "event_at": at,
        "event_local": at + ZONE_OFFSET_S,
        "t_answer": at,
        "town_code": town,
        "kind": "急救",
        "needs_dispatch": True,
        "outcome": "派车",
        "time_precision": "s",
    }


MEASURE = Measure(names=("pixel_p50_s", "pixel_p95_s"), run=run)
