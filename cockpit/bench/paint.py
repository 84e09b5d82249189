"""How soon a screen is painted in a browser that opens it."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

from cockpit.app import screens
from cockpit.bench.browser import browser
from cockpit.bench.figure import Figure, Measure, Place, over
from cockpit.bench.reference_city import Served, reference_city
from cockpit.bench.still import files, put, still
from cockpit.panel import Asked
from layouts.page import panel_id, screen_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

MOST_TIMES_STILL = 1.5
PAINTED_WITHIN_MS = 60_000

WATCH = """(() => {
  const isPainted = () => document.querySelectorAll(".panel").length >= PANELS
    && [...document.querySelectorAll(".js-plotly-plot")].filter((one) => one.querySelector(MARKS)).length >= CHARTS;
  const watching = new MutationObserver(() => {
    if (!isPainted()) return;
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => { document.documentElement.dataset.painted = performance.now(); }));
  });
  watching.observe(document, { subtree: true, childList: true });
})();"""
"""Notes when all panels stand and all charts have marks, once the frame that holds the last one is handed over."""

MARKS = ".main-svg .cartesianlayer path, .main-svg .geolayer path, .main-svg .shapelayer path, .main-svg .infolayer text"


@dataclass(frozen=True)
class Painted:
    """What was measured of one page, in milliseconds from the request."""

    cold_ms: list[float] = field(default_factory=list)
    warm_ms: list[float] = field(default_factory=list)


def run(place: Place) -> Iterable[Figure]:
    """Open the first screen of the reference city, and a page that never changes and looks the same, in turns.

    Cold is a browser that has nothing of ours, warm the same browser once more. It is painted when every panel stands and
    every chart has its marks. The server has drawn the screen before, since somebody looks at it always; the still page has
    the same elements, style sheets and charts, and the same script that draws (`cockpit/bench/still.py`).
    """
    sizes = place.sizes
    with reference_city(place.folder, sizes.city_years) as served, browser() as chrome:
        key, page = screen_told(served)
        text, charts = still(page)
        put(place.folder / "still", text)
        watch = watching(text.count('class="panel '), charts)
        with files(place.folder / "still") as address:
            live, plain = Painted(), Painted()
            for _ in range(sizes.paints):
                paint(chrome, address, watch, plain)
                paint(chrome, f"{served.address}/screen/{key}", watch, live)
    yield from figures(live, plain)


def watching(panels: int, charts: int) -> str:
    """Return the script that notes when so many panels and charts are painted."""
    return WATCH.replace("PANELS", str(panels)).replace("CHARTS", str(charts)).replace("MARKS", json.dumps(MARKS))


def screen_told(served: Served) -> tuple[str, Any]:
    """Return the first screen's key, and its page as the server draws it now."""
    key, screen = next((key, screen) for key, screen in screens().items() if screen.shows(served.site))
    with build_opener(ProxyHandler({})).open(f"{served.address}/panels/{key}?since=") as answer:
        panels = json.loads(gzip.decompress(answer.read()))["panels"]
    arrangement = screen.arranged(served.site)
    bodies = {panel.key: panels[panel_id(key, panel)]["children"] for panel in arrangement.panels}
    return key, screen_page(screen, arrangement, bodies, served.site.language, "still", asked=Asked())


def paint(chrome: "Browser", address: str, watch: str, into: Painted) -> None:
    """Open a page in a browser that has nothing yet, and once more."""
    context = chrome.new_context(viewport={"width": 1920, "height": 1080})
    context.add_init_script(watch)
    into.cold_ms.append(painted_ms(context, address))
    into.warm_ms.append(painted_ms(context, address))
    context.close()


def painted_ms(context: "BrowserContext", address: str) -> float:
    """Open a page, and return when it was painted."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-painted]", timeout=PAINTED_WITHIN_MS)
    noted = page.get_attribute("html", "data-painted")
    page.close()
    return float(noted or "nan")


def figures(live: Painted, plain: Painted) -> Iterator[Figure]:
    """Yield the medians, and what the life of a screen costs."""
    for name, ours, theirs in (("cold", live.cold_ms, plain.cold_ms), ("warm", live.warm_ms, plain.warm_ms)):
        yield Figure(name=f"paint_{name}_ms", value=median(ours), unit="ms", baseline=median(theirs))
        yield over(f"paint_{name}_over_still", median(ours), median(theirs), MOST_TIMES_STILL)


MEASURE = Measure(names=tuple(f"paint_{name}_{what}" for name in ("cold", "warm") for what in ("ms", "over_still")), run=run)
