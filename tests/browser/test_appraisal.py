"""The screen of appraisal, work and arbitration in the reference city: whole, in both languages, and discreet."""

import json
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from cockpit.text import LANGUAGES, Language
from layouts.parts.small_cells import FEW, HIDDEN, LEAST
from layouts.screens.appraisal import WHOLE
from tests.browser.conftest import Cockpit, Watched
from tests.browser.test_dublin import CLIPPED, OUTSIDE

pytestmark = pytest.mark.browser
SIZES = [(1920, 1080), (3840, 2160)]
EMPTY = """() => [...document.querySelectorAll(".screen .panel")]
  .filter((e) => !e.innerText.trim() || e.querySelector(".nothing")).map((e) => e.id)"""
BEYOND = """() => {
  const beyond = [];
  for (const panel of document.querySelectorAll(".screen .panel-box")) {
    const box = panel.getBoundingClientRect(), scale = box.width / panel.offsetWidth;
    const right = box.right - parseFloat(getComputedStyle(panel).paddingRight) * scale + 2, bottom = box.bottom - 2 * scale;
    for (const e of panel.querySelectorAll("*")) {
      const own = e.getBoundingClientRect();
      if (own.width > 0 && !e.closest("svg, .behind") && (own.right > right || own.bottom > bottom)) {
        beyond.push(`${panel.id} ${e.textContent.slice(0, 40)}`);
      }
    }
  }
  return beyond;
}"""
"""What stands beyond the inner edge of its panel, where nothing cuts it yet."""

OVERLAPPING = """() => {
  const overlapping = [];
  for (const panel of document.querySelectorAll(".screen .panel")) {
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) {
      const range = document.createRange(), text = walker.currentNode.textContent;
      range.selectNodeContents(walker.currentNode);
      for (const box of text.trim() ? range.getClientRects() : []) {
        const part = box.height / 4;
        texts.push([text, box.left + 1, box.right - 1, box.top + part, box.bottom - part]);
      }
    }
    texts.forEach(([one, left, right, top, bottom], place) => {
      for (const [other, itsLeft, itsRight, itsTop, itsBottom] of texts.slice(place + 1)) {
        if (left < itsRight && itsLeft < right && top < itsBottom && itsTop < bottom) overlapping.push(`${one} | ${other}`);
      }
    });
  }
  return overlapping;
}"""
"""Texts whose middle halves meet: the line box of a letter is higher than what one sees of it."""


def opened(wenling: Cockpit, watched: Watched, language: Language) -> Page:
    """Return the screen with its chart drawn."""
    page = watched.open(f"{wenling.address}/screen/appraisal?lang={language}")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    return page


def numbers(cockpit: Cockpit, query: str) -> list[dict[str, Any]]:
    """Return the readings that the interface gives."""
    with urlopen(f"{cockpit.address}/api/v1/metrics?{query}") as answer:
        found: list[dict[str, Any]] = json.load(answer)["metrics"]
        return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_clipped_covered_or_empty_and_nobody_else_is_asked(
    wenling: Cockpit, watched: Watched, language: Language, width: int, height: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})
    page = opened(wenling, watched, language)
    page.wait_for_timeout(800)  # charts take their size in an animation frame, and nothing tells when the last one has
    for question in (CLIPPED, OUTSIDE, EMPTY, BEYOND, OVERLAPPING):
        assert page.evaluate(question) == []
    assert page.locator(".screen .panel").count() == len(WHOLE.panels)
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []


def test_chinese_page_has_no_english_and_english_page_no_chinese(wenling: Cockpit, watched: Watched) -> None:
    said = opened(wenling, watched, "zh").locator(".screen").inner_text()
    words = {word for word in "".join(c if c.isascii() and c.isalpha() else " " for c in said).split() if len(word) > 1}
    assert words == set()
    english = opened(wenling, watched, "en").locator(".screen").inner_text().replace("模拟数据", "")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)


def test_the_screen_shows_the_numbers_of_the_interface(wenling: Cockpit, watched: Watched) -> None:
    page = opened(wenling, watched, "zh")
    (concluded,) = numbers(wenling, "metric=appraisals_concluded&window=r12")
    card = page.locator(".area-appraisal_figures .card", has_text="鉴定结论数")
    assert card.locator(".card-value").inner_text() == f"{concluded['value']:,.0f}"
    (share,) = numbers(wenling, "metric=award_30d&window=r12")
    row = page.locator(".area-appraisal_arbitration tbody tr", has_text="裁决 ≤30日")
    assert f"{share['n']:,}" in row.inner_text()


def test_no_town_tells_of_fewer_persons_than_a_wall_may_show(wenling: Cockpit, watched: Watched) -> None:
    page = opened(wenling, watched, "zh")
    cells = page.locator(".area-appraisal_towns tbody td:not(:first-child)").all_inner_texts()
    told = [int(cell.replace(",", "")) for cell in cells if cell not in (FEW, HIDDEN)]
    assert told
    assert not [n for n in told if 0 < n < LEAST]
    placed = numbers(wenling, "metric=placed&window=r12&parts=true")
    small = [one for one in placed if one["dims"] and 0 < one["value"] < LEAST]
    assert small
    assert cells.count(FEW) >= len(small)
