"""Pictures of pages: which ones, how each is taken, and an index to look through them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser, Page

from cockpit.text import Language
from tests.browser.conftest import until

SIZES = ((1366, 768), (1920, 1080), (2560, 1440), (3840, 2160), (6656, 1792))
USUAL, PHONE = (1920, 1080), (390, 844)

OPENED_WITHIN_MS = 120_000
DRAWN_WITHIN_S = 60
SETTLE_MS = 800
"""What fades in, or is drawn in the next frame, has ended."""

DRAWN = """document.fonts.status === 'loaded'
  && [...document.querySelectorAll('.dash-graph')].every((one) => one.querySelector('.main-svg'))"""


@dataclass(frozen=True)
class Picture:
    """One picture: of a page, in a state of the world, at a size."""

    state: str
    name: str
    path: str
    size: tuple[int, int] = USUAL
    language: Language = "zh"
    is_light: bool = False

    @property
    def file(self) -> str:
        """Where it is written, under the folder of all pictures."""
        width, height = self.size
        return f"{self.state}/{self.name}-{width}x{height}-{self.language}{'-light' if self.is_light else ''}.png"

    def opened(self, browser: Browser, address: str, *, is_clock_ours: bool = False) -> Page:
        """Open its page, wait until everything is drawn, and return it; perhaps with a clock that can be moved."""
        width, height = self.size
        scheme = "light" if self.is_light else "dark"
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        if is_clock_ours:
            page.clock.install()
        joined = "&" if "?" in self.path else "?"
        page.goto(f"{address}{self.path}{joined}lang={self.language}", timeout=OPENED_WITHIN_MS)
        page.wait_for_selector(".screen .panel-body, .office", timeout=OPENED_WITHIN_MS)
        until(page, DRAWN, DRAWN_WITHIN_S)
        return page

    def take(self, page: Page, folder: Path) -> None:
        """Take it: of a screen what is seen, of an office page all of it."""
        target = folder / self.file
        target.parent.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=target, full_page=page.locator(".office").count() > 0, timeout=OPENED_WITHIN_MS)


def taken(pictures: Iterable[Picture], browser: Browser, address: str, folder: Path) -> list[Picture]:
    """Take pictures, and return them."""
    done = []
    for picture in pictures:
        page = picture.opened(browser, address)
        picture.take(page, folder)
        page.close()
        done.append(picture)
    return done


def index(pictures: Sequence[Picture], folder: Path) -> Path:
    """Write a page that shows all pictures by state, small, each with its way to the whole; return where it is."""
    parts = [
        f"<h2>{escape(state)}</h2><div>{''.join(thumbnail(one) for one in some)}</div>"
        for state, some in groupby(pictures, key=lambda one: one.state)
    ]
    style = "body{background:#222;color:#eee;font:16px sans-serif}div{display:flex;flex-wrap:wrap;gap:12px}a{color:inherit}"
    style += "figure{margin:0}img{height:216px;display:block;border:1px solid #555}"
    target = folder / "index.html"
    target.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{style}</style>{"".join(parts)}', encoding="utf-8")
    return target


def thumbnail(picture: Picture) -> str:
    """Return one picture, small, with its name."""
    file = escape(picture.file)
    return f'<a href="{file}"><figure><img loading="lazy" src="{file}" alt=""><figcaption>{file}</figcaption></figure></a>'
