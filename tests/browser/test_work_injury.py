"""The screens of work injury in the reference city: whole, in both languages, with the numbers of the interface."""

import json
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.conftest import Cockpit, Watched
from tests.browser.test_dublin import CLIPPED, OUTSIDE

pytestmark = pytest.mark.browser
SCREENS = ("appraisal",)
SIZES = [(1920, 1080), (3840, 2160)]
EMPTY = """() => [...document.querySelectorAll("#screen .panel")].filter((e) => !e.innerText.trim()).map((e) => e.className)"""
BEYOND = """() => {
  const beyond = [];
  for (const panel of document.querySelectorAll("#screen .panel-box")) {
    const style = getComputedStyle(panel), box = panel.getBoundingClientRect();
    const scale = box.width / panel.offsetWidth;
    const right = box.right - parseFloat(style.paddingRight) * scale + 2, bottom = box.bottom - 2 * scale;
    for (const e of panel.querySelectorAll("*")) {
      const own = e.getBoundingClientRect();
      if (own.width > 0 && !e.closest("svg") && (own.right > right || own.bottom > bottom)) {
        beyond.push(`${panel.className} ${e.textContent.slice(0, 40)}`);
      }
    }
  }
  return beyond;
}"""
"""What stands beyond the inner edge of its panel, where nothing cuts it yet."""

OVERLAPPING = """() => {
  const overlapping = [];
  for (const panel of document.querySelectorAll("#screen .panel")) {
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      if (!walker.currentNode.textContent.trim()) continue;
      for (const box of range.getClientRects()) {
        const middle = box.height / 4;
        texts.push([walker.currentNode.textContent, box.left + 1, box.right - 1, box.top + middle, box.bottom - middle]);
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

LATIN = {"P90", "TCM"}


def numbers(cockpit: Cockpit, query: str) -> list[dict[str, object]]:
    """Return the readings that the interface gives."""
    with urlopen(f"{cockpit.address}/api/v1/metrics?{query}") as answer:
        found: list[dict[str, object]] = json.load(answer)["metrics"]
        return found


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_clipped_covered_or_empty_and_nobody_else_is_asked(
    wenling: Cockpit, watched: Watched, screen: str, language: str, width: int, height: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})
    page = watched.open(f"{wenling.address}/screen/{screen}?lang={language}")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_timeout(1000)
    for question in (CLIPPED, OUTSIDE, EMPTY, BEYOND, OVERLAPPING):
        assert page.evaluate(question) == []
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []


@pytest.mark.parametrize("screen", SCREENS)
def test_chinese_page_has_no_english_and_english_page_no_chinese(wenling: Cockpit, watched: Watched, screen: str) -> None:
    def said(language: str) -> str:
        return watched.open(f"{wenling.address}/screen/{screen}?lang={language}").locator("#screen").inner_text()

    words = {word.strip("（），、：·/=") for word in said("zh").replace("=", " ").replace("，", " ").replace("/", " ").split()}
    assert {word for word in words if word.isascii() and word.isalpha() and len(word) > 2} - LATIN == set()
    english = said("en").replace("模拟数据", "")  # the mark of simulated data stands in both
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)


def test_the_cards_show_the_numbers_of_the_interface(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/appraisal")
    (concluded,) = numbers(wenling, "metric=appraisals_concluded&window=r12")
    shown = page.locator(".area-appraisal_figures .card").first.locator(".card-value").inner_text()
    assert shown.replace(",", "") == f"{concluded['value']:g}"


def test_no_town_tells_of_one_to_four_persons(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/appraisal")
    cells = page.locator(".area-appraisal_towns tbody td:not(:first-child)").all_inner_texts()
    told = [int(cell.replace(",", "")) for cell in cells if cell not in ("<5", "…")]
    assert told
    assert not [n for n in told if 0 < n < 5]
    found = numbers(wenling, "metric=placed&window=r12&parts=true")
    small = [one for one in found if one["dims"] and one["value"] in (1, 2, 3, 4)]
    assert cells.count("<5") >= len(small)
