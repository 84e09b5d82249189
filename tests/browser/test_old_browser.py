"""Chromium 109, which government desktops still run: the screens are whole in it, and scaled by the script where CSS cannot.

All screens, sizes and languages in it: `python -m tests.layout_matrix --old` (`make matrix`).
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from cockpit.app import screens
from cockpit.text import LANGUAGES
from tests.browser.conftest import Cockpit, Watched, launched_as, until
from tests.browser.fetched import OLD_CHROMIUM, fetched
from tests.browser.layout import drawn

pytestmark = pytest.mark.browser
SIZES = ((1920, 1080), (1366, 768))
SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('.stage')).transform).a"
WITHIN_S = 10
FIRST_SEEN = """new MutationObserver((_, looking) => {
  if (!document.querySelector(".stage")) return;
  looking.disconnect();
  requestAnimationFrame(() => { window.firstScale = SCALE; });
}).observe(document, { childList: true, subtree: true });""".replace("SCALE", SCALE)


@pytest.fixture(scope="module")
def old(browser: Browser) -> Iterator[Watched]:
    with launched_as(browser.browser_type, fetched(OLD_CHROMIUM)) as opened:
        assert opened.version.startswith("109.")
        page = opened.new_page()
        page.add_init_script(FIRST_SEEN)
        yield Watched(page)


@pytest.mark.parametrize("place", range(len(screens())), ids=list(screens()))
def test_a_screen_is_whole(wenling: Cockpit, old: Watched, place: int) -> None:
    key, language, (width, height) = list(screens())[place], LANGUAGES[place // 2 % 2], SIZES[place % 2]
    old.page.set_viewport_size({"width": width, "height": height})  # before it is opened: in this browser letters of a
    page = old.open(f"{wenling.address}/screen/{key}?lang={language}")  # picture that was scaled again are measured wrong
    assert drawn(page, is_full=True).faults == []
    assert old.complaints == []


def test_a_stage_is_scaled_before_it_is_seen_and_again_with_its_window(wenling: Cockpit, old: Watched) -> None:
    old.page.set_viewport_size({"width": 1366, "height": 768})
    page = old.open(f"{wenling.address}/screen/injury")
    assert page.evaluate("window.firstScale") == pytest.approx(768 / 1080, abs=1e-3)
    for width, height, scale in ((1920, 1080, 1.0), (6656, 1792, 1792 / 1080), (800, 1080, 800 / 1920)):
        page.set_viewport_size({"width": width, "height": height})
        until(page, f"Math.abs({SCALE} - {scale}) < 1e-3", WITHIN_S)
