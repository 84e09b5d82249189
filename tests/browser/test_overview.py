"""The overview as a leader sees it: it fits every size, has thirty numbers at most, says what the interface says."""

import json
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from cockpit.freshness import Age, SourceAge
from cockpit.injury_clock import ClockKind
from cockpit.injury_clocks import CLOCKS
from cockpit.judging.attention import ALARM, DEATH, LONG_INCIDENT, ORDER_TEXT, RED_TOWN, SILENT_TOWN, of_sources
from cockpit.judging.town_reason import DIED, LEADING
from cockpit.metric import Unit
from cockpit.numbers import written
from cockpit.site import load_site
from cockpit.text import LANGUAGES, Language, Text
from layouts.screens.overview import WHOLE
from tests.browser.conftest import Cockpit, Watched, until
from tests.browser.layout import WIDEST, drawn
from tests.browser.test_towns import CENTRE
from tests.coloured import CHOSEN, SILENT

pytestmark = pytest.mark.browser
MOST_NUMBERS, WITHIN_S = 30, 20
NUMBERS = r"""() => {
  const skipped = ".panel-top, .js-plotly-plot, .axis, .licence, .behind", found = [];
  const texts = document.createTreeWalker(document.querySelector(".screen .stage"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest(skipped)) continue;
    const told = text.data.replace(/\d{2,4}-\d{2}(-\d{2})?|\d{2}:\d{2}(:\d{2})?/g, "");
    found.push(...(told.match(/\d[\d,.]*(\/\d[\d,.]*)?/g) || []));
  }
  return found;
}"""
"""The numbers that are seen, without the header, axes, the name of a licence, dates and clocks."""

TALLEST = """(texts) => texts.filter((text) => {
  const place = document.querySelector(".matter-what");
  place.innerHTML = text;
  return place.scrollWidth > place.clientWidth + 1 || place.offsetHeight > place.closest("li").clientHeight;
})"""
"""Of some texts those that do not fit into their row."""

DRAWN = "document.querySelectorAll('.screen .js-plotly-plot .main-svg').length > {}"
TOWN, MORE = Text("石桥头", "Shiqiaotou"), Text("等", " +")
SINCE = Text("超期 1,234 天", "1,234 days over")


def opened(city: Cockpit, watched: Watched, query: str, *, charts: int) -> Page:
    """Return the overview with its charts drawn."""
    page = watched.open(f"{city.address}/screen/overview?{query}")
    until(page, DRAWN.format(2 * charts - 1), WITHIN_S)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_and_has_thirty_numbers_at_most(wenling: Cockpit, watched: Watched, language: Language) -> None:
    page = opened(wenling, watched, f"lang={language}", charts=2)
    assert page.locator(".screen .panel").count() == len(WHOLE.panels)
    assert 0 < len(page.evaluate(NUMBERS)) <= MOST_NUMBERS
    assert drawn(page, is_full=True).faults == []
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_needs_attention_is_told_uncut(coloured: Cockpit, watched: Watched, language: Language) -> None:
    page = opened(coloured, watched, f"lang={language}", charts=1)
    page.wait_for_selector(".matter-what")
    since = "(text) => document.querySelectorAll('.matter-since').forEach((one) => { one.textContent = text; })"
    page.evaluate(since, SINCE(language))
    clocks = [clock.title for clock in CLOCKS if clock.kind is ClockKind.AGENCY]
    told = [*clocks, *ORDER_TEXT.values(), ALARM, DEATH, LONG_INCIDENT, RED_TOWN, SILENT_TOWN]
    matters = [f"<b>{what(language)}</b> {TOWN(language)}{MORE(language)}" for what in told]
    sources = load_site("wenling").sources
    silent = of_sources(SourceAge(one.key, one.title, Age.STALE, 9e3, None, "", is_static=False) for one in sources)
    matters += [f"<b>{matter.what(language)}</b> " for matter in silent]
    reasons = [f"{Text('橙', 'Orange')(language)} · {why(language)}" for why in (*LEADING.values(), DIED)]
    assert page.evaluate(TALLEST, matters) == []
    assert page.evaluate(WIDEST, {".pin-reason": reasons}) == []


def test_each_number_of_a_card_is_that_of_the_interface(wenling: Cockpit, watched: Watched) -> None:
    page = opened(wenling, watched, "lang=zh", charts=2)
    cards = [card for card in page.locator(".glance").all() if card.locator(".card-value").count()]
    assert len(cards) == 5, "all but the card of the colours, which counts four"
    for card in cards:
        address = urlsplit(card.locator("a.open-number").get_attribute("href") or "")
        key, window = address.path.removeprefix("/number/"), parse_qs(address.query)["window"][0]
        with urlopen(f"{wenling.address}/api/v1/metrics?metric={key}&window={window}") as answer:
            [told] = json.load(answer)["metrics"]
        expected = written(told["value"], Unit(told["unit"]), "zh")
        value = f"[...document.querySelectorAll('.glance')].find((one) => one.querySelector('a[href*=\"/{key}?\"]'))"
        until(page, f"{value}.querySelector('.card-value').textContent === {json.dumps(expected)}", WITHIN_S)


def test_a_click_on_a_town_of_the_map_opens_it(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "lang=en&level=p0", charts=1)
    x, y = page.evaluate(CENTRE.replace(".area-towns_map", "#city-map"), CHOSEN)
    page.mouse.click(x, y)
    until(page, f"location.pathname === '/screen/towns' && location.search.includes('town={CHOSEN}')", WITHIN_S)
    page.wait_for_selector(".area-towns_opened")
    assert "lang=en" in page.url
    assert "level=p0" in page.url
    assert watched.complaints == []


def test_a_pinned_town_leads_to_it_without_a_mouse_and_a_silent_one_is_named(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "lang=zh", charts=1)
    assert "15/16" in page.locator(".area-overview_figures").inner_text()
    assert SILENT[-3:] in page.locator(".area-overview_state").inner_text()
    pins = page.locator(".pinned a")
    assert [pin.locator(".town-chip").inner_text() for pin in pins.all()] == ["R", "O"]
    pins.last.focus()
    page.keyboard.press("Enter")
    until(page, f"location.pathname === '/screen/towns' && location.search.includes('town={CHOSEN}')", WITHIN_S)
