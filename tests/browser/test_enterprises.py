"""The screen of enterprise risk, of a city told by hand: whole in both languages, discreet, and of one town when asked."""

import csv
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from cockpit.site import SHIPPED
from cockpit.text import LANGUAGES, Language
from layouts.screens.enterprises import WHOLE
from tests.browser.conftest import Cockpit, Watched, free_port, until
from tests.browser.layout import WIDEST, drawn, faults_at
from tests.enterprises_told import FIRMS_A_TOWN, tell_city

pytestmark = pytest.mark.browser
SIZES = [(1366, 768), (1920, 1080), (3840, 2160)]
LONGEST_TOWN = "331081109"
"""石桥头 Shiqiaotou."""

NAMED = "机械厂"
WIDE_FIRM = {"zh": "石桥头·计算机、通信…", "en": "Shiqiaotou·Electrical machinery"}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    store = tmp_path_factory.mktemp("judged") / "cockpit.db"
    with (SHIPPED / "wenling" / "towns.csv").open(encoding="utf-8") as listed:
        tell_city(store, {row["code"]: (row["short_zh"], row["name_en"]) for row in csv.DictReader(listed)})
    made = Cockpit("wenling", store, free_port())
    made.start("web")
    made.wait_ready()
    yield made
    made.stop()


def opened(judged: Cockpit, watched: Watched, language: Language, more: str = "") -> Page:
    page = watched.open(f"{judged.address}/screen/enterprises?lang={language}{more}")
    page.wait_for_selector(".area-enterprise_ranking tbody tr")
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_clipped_covered_or_empty(judged: Cockpit, watched: Watched, language: Language) -> None:
    page = opened(judged, watched, language)
    assert faults_at(page, SIZES, is_full=True) == []
    assert page.locator(".screen .panel").count() == len(WHOLE.panels)
    assert watched.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widest_names_find_room(judged: Cockpit, watched: Watched, language: Language) -> None:
    page = opened(judged, watched, language)
    rows = (".firms-ranked tbody tr td:nth-child(2)", ".area-enterprise_watch tbody td", ".firms-moved td:nth-child(2)")
    for selector in (*rows, ".profile-who b"):
        page.locator(selector).first.evaluate("(cell, text) => { cell.textContent = text; }", WIDE_FIRM[language])
    assert drawn(page).faults == []
    assert page.evaluate(WIDEST, {".area-industries .range-row span": [WIDE_FIRM[language].split("·")[1]]}) == []


def test_no_firm_is_named_on_the_wall_of_the_city_and_no_small_count_is_told(judged: Cockpit, watched: Watched) -> None:
    page = opened(judged, watched, "zh")
    assert NAMED not in page.content()
    ranked = page.locator(".firms-ranked tbody td:nth-child(4)").all_inner_texts()
    told = [int(count) for cell in ranked for count in cell.split("/") if "<5" not in count]
    assert "<5" in " ".join(ranked)
    assert not [count for count in told if 0 < count < 5]


def test_a_town_is_chosen_by_its_link_and_let_go_again(judged: Cockpit, watched: Watched) -> None:
    page = opened(judged, watched, "zh")
    whole = page.locator(".area-enterprise_ranking").inner_text()
    page.locator(".grades a", has_text="石桥头").click()
    page.wait_for_selector(".grades tr.is-chosen")
    assert f"town={LONGEST_TOWN}" in page.url
    assert "lang=zh" in page.url
    assert page.locator(".firms-ranked tbody tr").count() == FIRMS_A_TOWN - 1
    assert "石桥头" in page.locator(".area-enterprise_ranking .panel-note").inner_text()
    assert drawn(page).faults == []
    page.locator(".clear").click()
    until(page, "() => document.querySelector('.grades') && !document.querySelector('.is-chosen')", 30)
    assert page.locator(".area-enterprise_ranking").inner_text() == whole


def test_chinese_page_has_no_english_and_english_page_no_chinese(judged: Cockpit, watched: Watched) -> None:
    said = opened(judged, watched, "zh").locator(".screen").inner_text().replace("told", "")
    words = {word for word in "".join(c if c.isascii() and c.isalpha() else " " for c in said).split() if len(word) > 1}
    assert words == set()
    english = opened(judged, watched, "en").locator(".screen").inner_text().replace("模拟数据", "")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
