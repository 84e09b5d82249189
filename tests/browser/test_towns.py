"""The screen of towns as a leader uses it: a click on the map, or a link, filters it; other cuts are tried and never saved."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from cockpit.app import open_ledger
from cockpit.ledger.read import newest_tick_number
from cockpit.site import load_site
from cockpit.text import LANGUAGES, Language
from layouts.screens.towns import WHOLE
from tests.browser.conftest import Cockpit, Watched, until
from tests.browser.layout import faults_at
from tests.coloured import CHOSEN, SILENT

pytestmark = pytest.mark.browser
SIZES = [(1366, 768), (1920, 1080), (3840, 2160)]
CENTRE = """(code) => {
  const graph = document.querySelector(".area-towns_map .js-plotly-plot"), { xaxis, yaxis } = graph._fullLayout;
  const outlines = graph.data.filter((trace) => trace.fill), names = graph.data[graph.data.length - 1];
  const place = outlines.find((trace) => trace.meta === code), middle = (some) => some.reduce((a, b) => a + b) / some.length;
  const inside = names.x.map((x, i) => [x, names.y[i]]).sort(([x, y], [u, v]) => {
    const far = (a, b) => Math.hypot(a - middle(place.x.filter(Number)), b - middle(place.y.filter(Number)));
    return far(x, y) - far(u, v);
  })[0];
  const box = graph.getBoundingClientRect(), scale = box.width / graph.offsetWidth;
  return [box.left + scale * (xaxis._offset + xaxis.l2p(inside[0])), box.top + scale * (yaxis._offset + yaxis.l2p(inside[1]))];
}"""
"""Where on the screen a town's name stands: that of all names which is nearest to its outline."""

DRAWN = "document.querySelectorAll('.area-towns_map .js-plotly-plot .main-svg').length > 0"
WITHIN_S = 20


def opened(coloured: Cockpit, watched: Watched, query: str = "") -> Page:
    """Return the screen with its map drawn."""
    page = watched.open(f"{coloured.address}/screen/towns?{query}")
    until(page, DRAWN, WITHIN_S)
    return page


def says(selector: str, text: str) -> str:
    """Return a condition: a part of the page says something."""
    return f"(document.querySelector({selector!r})?.textContent || '').includes({text!r})"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_click_on_a_town_filters_the_screen_and_a_second_one_lets_it_go(
    coloured: Cockpit, watched: Watched, width: int, height: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})
    page = opened(coloured, watched)
    assert CHOSEN not in page.url
    x, y = page.evaluate(CENTRE, CHOSEN)
    page.mouse.click(x, y)
    until(page, f"location.search.includes('town={CHOSEN}')", WITHIN_S)
    for area in ("towns_opened", "industries", "firms"):
        until(page, says(f".area-{area}", CHOSEN[-3:]), WITHIN_S)
    until(page, says(".area-towns_opened", "所选"), WITHIN_S)
    until(page, DRAWN, WITHIN_S)
    page.mouse.move(1, 1)
    page.mouse.click(x, y)
    until(page, "!location.search.includes('town=')", WITHIN_S)
    until(page, says(".area-towns_opened", "最重"), WITHIN_S)
    assert watched.complaints == []


def test_a_link_of_the_table_does_the_same_for_who_has_no_mouse(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "lang=en")
    page.locator(f".area-towns_scores a[href*='town={SILENT}']").focus()
    page.keyboard.press("Enter")
    until(page, says(".area-towns_opened", "no data"), WITHIN_S)
    assert f"town={SILENT}" in page.url
    assert "lang=en" in page.url
    page.locator(".area-towns_scores .panel-head a").click()
    until(page, "!location.search.includes('town=')", WITHIN_S)


def test_other_cuts_are_tried_marked_and_never_saved(coloured: Cockpit, watched: Watched) -> None:
    with (ledger := open_ledger(load_site("wenling"), coloured.url)).reading() as connection:
        before = newest_tick_number(connection, ledger)
    page = opened(coloured, watched, f"town={CHOSEN}")
    for field, cut in zip(page.locator(".what-if input[name=cuts]").all(), ("54", "40", "21"), strict=True):
        field.fill(cut)
    page.locator(".what-if button").click()
    until(page, says(".area-towns_scores", "试算·未保存"), WITHIN_S)
    assert f"town={CHOSEN}" in page.url
    chosen = page.locator(".area-towns_scores tr.is-chosen td")
    assert chosen.first.inner_text().startswith("O")
    assert chosen.last.inner_text().split() == ["R", "≠"]
    with ledger.reading() as connection:
        assert newest_tick_number(connection, ledger) == before
    ledger.engine.dispose()


def test_cuts_that_are_none_and_towns_that_nobody_knows_are_told_so(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "cuts=20-40-60")
    assert "未采用" in page.locator(".area-towns_scores").inner_text()
    page.goto(f"{coloured.address}/screen/towns?town=331081999")
    page.wait_for_selector(".office h1")
    assert page.locator(".office h1").inner_text() == "没有这个镇街，或无权查看"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_clipped_and_a_silent_town_is_never_green(coloured: Cockpit, watched: Watched, language: Language) -> None:
    page = opened(coloured, watched, f"lang={language}&town={SILENT}&cuts=60-40-20")
    assert page.locator(".screen .panel").count() == len(WHOLE.panels)
    for area in ("industries", "firms"):
        assert page.locator(f".area-{area} .nothing").count() == 0, "it must have something to tell"
    assert faults_at(page, SIZES) == []
    assert "15/16" in page.locator(".area-towns_figures").inner_text()
    assert page.locator(".area-towns_scores tr.is-chosen .chip-silent").count() == 1
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []
