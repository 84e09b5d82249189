"""The screen of appraisal, work and arbitration in the reference city: whole, in both languages, and discreet."""

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from cockpit.text import Language
from layouts.parts.small_cells import FEW, HIDDEN, LEAST
from tests.browser.conftest import Cockpit, Watched

pytestmark = pytest.mark.browser


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
