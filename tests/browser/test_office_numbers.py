"""The pages of numbers as a person at a desk, with a phone, with a keyboard or with a printer uses them."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Cockpit, Watched, until

pytestmark = pytest.mark.browser
TOWN = "331081001"
PAGES = (
    "/number/cases_accepted?window=r12",
    f"/number/incidence?town={TOWN}",
    "/numbers/injury/acceptances?",
    "/dictionary?",
    "/overview?",
)
MOST_BARE = 40
"""A page has more texts than so many; fewer, and it was not there yet."""

SIZES = ((390, 844), (1366, 768), (1920, 1080))

FAINT = """() => {
  const parse = (said) => (said.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
  const bright = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
    const c = rgb[i] / 255;
    return sum + share * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  }, 0);
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one), colour = parse(style.backgroundColor);
      if (style.backgroundImage !== "none") return null; // a pattern: its letters are large and are judged by their colours
      if (colour.length === 3 || colour[3] > 0) layers.push(colour);
      if (colour.length === 3) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  let read = 0;
  const faint = [];
  for (const element of document.querySelectorAll(".office *")) {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!isText || !element.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const below = ground(element), style = getComputedStyle(element), isSvg = element instanceof SVGElement;
    if (!below) continue;
    const ink = over(parse(isSvg ? style.fill : style.color), below);
    const [dark, light] = [bright(ink), bright(below)].sort((a, b) => a - b), size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700), ratio = (light + 0.05) / (dark + 0.05);
    read += 1;
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${element.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)} ${ink}`);
  }
  return { read, faint: [...new Set(faint)].slice(0, 10) };
}"""
"""Texts whose contrast with what they stand on is below that of WCAG 2.1, level AA."""

UNNAMED = """() => [...document.querySelectorAll(".office a, .office button, .office input, .office summary")]
  .filter((one) => !(one.getAttribute("aria-label") || one.textContent || one.placeholder || "").trim()).length"""


def opened(city: Cockpit, watched: Watched, address: str, language: str = "zh") -> Page:
    watched.page.goto(f"{city.address}{address}{'' if address.endswith('?') else '&'}lang={language}")
    watched.page.wait_for_selector(".office .office-head h1", timeout=30_000)
    return watched.page


@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_wider_than_a_phone_or_asks_anybody_else(coloured: Cockpit, watched: Watched, address: str) -> None:
    page = opened(coloured, watched, address)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        until(page, f"innerWidth === {width}", 10)
        until(page, "document.documentElement.scrollWidth <= innerWidth", 10)
    assert page.evaluate(UNNAMED) == 0
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []


@pytest.mark.parametrize("address", [*PAGES, "/data?"])
def test_every_text_is_read_in_the_dark_and_in_the_light(coloured: Cockpit, watched: Watched, address: str) -> None:
    page = opened(coloured, watched, address)
    if "/number/" in address:
        page.wait_for_selector(".office .js-plotly-plot .ytick text")
    page.evaluate("document.querySelectorAll('.office details').forEach((one) => { one.open = true; })")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(FAINT)
        assert found["faint"] == [], scheme
        assert found["read"] > MOST_BARE


def test_the_way_from_a_screen_to_a_number_and_its_parts_is_walked_by_keyboard(coloured: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{coloured.address}/screen/towns?lang=zh")
    page.locator(".open-number").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".number-value")
    page.locator(".parts .grid a").first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/number/**town=**", wait_until="commit")
    page.wait_for_selector(".number-value")
    page.go_back(wait_until="commit")
    page.wait_for_selector(".parts .grid a")


def test_what_is_typed_leaves_the_metrics_that_have_it_and_an_anchor_opens_one(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "/dictionary?")
    everything = page.locator(".entry:visible").count()
    page.locator("#find").fill("发生率 同比")
    until(page, "document.querySelectorAll('.entry:not(.is-left-out)').length < 10", 5)
    shown = page.locator(".entry:visible")
    assert 0 < shown.count() < everything
    assert page.locator(".found").inner_text() == f"找到 {shown.count()} 项"
    page.locator("#find").fill("")
    until(page, f"document.querySelectorAll('.entry:not(.is-left-out)').length === {everything}", 5)
    page.goto(f"{coloured.address}/dictionary?lang=zh#incidence")
    page.wait_for_selector("#incidence details[open]")
    until(page, "Math.abs(document.getElementById('incidence').getBoundingClientRect().top) < innerHeight", 5)


def test_the_overview_renews_itself_and_says_when_it_cannot(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "/overview?")
    assert page.locator(".tiles .card").count() == 6
    assert page.locator(".town-lines li").count() > 10
    until(page, "performance.getEntriesByType('resource').some((one) => one.name.includes('/overview/state'))", 10)
    page.locator(".town-lines a").first.click()
    page.wait_for_selector(".town-lines li.is-chosen")
    etag = page.evaluate("fetch('/overview/state?lang=zh').then((answer) => answer.headers.get('etag'))")
    assert page.evaluate(
        "(etag) => fetch('/overview/state?lang=zh', {headers: {'If-None-Match': etag}}).then((a) => a.status)", etag
    ) in (
        200,
        304,
    )


def test_a_screen_on_a_phone_shows_the_way_to_the_overview(coloured: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{coloured.address}/screen/towns?lang=zh")
    assert not page.locator(".phone-way").is_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".phone-way").click()
    page.wait_for_selector(".tiles .card")


def test_on_paper_there_is_no_navigation_and_heads_are_repeated(coloured: Cockpit, watched: Watched) -> None:
    page = opened(coloured, watched, "/number/cases_accepted?window=r12")
    page.wait_for_selector(".rows .grid")
    page.emulate_media(media="print")
    assert not page.locator(".office nav").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.rows thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(
        "[...document.querySelectorAll('.grid-box')].every((box) => getComputedStyle(box).overflow === 'visible')"
    )
    assert len(page.pdf(format="A4")) > 10_000
