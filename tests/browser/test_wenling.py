"""The emergency screen of the reference city: map, vehicles, incidents under way and scenes, whole and in both languages."""

import csv
import json
from urllib.request import urlopen

import pytest

from cockpit.site import load_site
from cockpit.text import Language
from layouts.words import STAGE
from tests.browser.conftest import Cockpit, Watched, rounded
from tests.browser.layout import WIDEST

pytestmark = pytest.mark.browser
TOWNS_ON_MAP = 16


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_that_can_stand_on_the_screen_is_cut(wenling: Cockpit, watched: Watched, language: Language) -> None:
    site = load_site("wenling")
    with (site.folder / "towns.csv").open(encoding="utf-8") as listed:
        towns = [row["short_zh" if language == "zh" else "name_en"] for row in csv.DictReader(listed)]
    cell = ".active tbody tr:last-child td:nth-child({})".format
    page = watched.open(f"{wenling.address}/screen/emergency?lang={language}")
    page.wait_for_selector(cell(5))
    stages = [f'<span class="pips">{"<i></i>" * 6}</span><span>{word(language)}</span>' for word in STAGE.values()]
    words = {
        cell(2): towns,
        cell(3): [name(language) for name in site.labels["cause"].values()],
        cell(4): ["◆ 719"],
        cell(5): stages,
        ".tile b": ["99"],
        ".card:nth-child(2) .card-line": [
            "95%区间 19.0–21.8 n=9,999/9,999" if language == "zh" else "95% CI 19.0–21.8 n=9,999/9,999"
        ],
    }
    assert page.evaluate(WIDEST, words) == []


def test_the_map_has_every_town_with_its_name_and_number(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/emergency")
    page.wait_for_selector(".area-map .scattergeo text")
    page.wait_for_selector(".area-map .choroplethlayer path")
    assert page.locator(".area-map .choroplethlayer path").count() == TOWNS_ON_MAP
    with urlopen(f"{wenling.address}/api/v1/metrics?metric=e6_p50&window=d28&parts=true") as answer:
        medians = {m["dims"].get("town"): m["value"] for m in json.load(answer)["metrics"]}
    shown = page.locator(".area-map .scattergeo text").all_text_contents()
    assert len(shown) == TOWNS_ON_MAP
    daxi = next(text for text in shown if "大溪" in text)
    assert rounded(medians["331081101"]) in daxi


def test_simulated_data_are_marked_and_sketched_borders_too(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/emergency")
    assert "模拟数据" in page.locator(".notice").inner_text()
    assert "示意图，非法定界线" in page.locator(".area-map").inner_text()


def test_vehicles_by_state_add_up_to_the_fleet(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/emergency")
    tiles = [int(text) for text in page.locator(".tile b").all_inner_texts()]
    with urlopen(f"{wenling.address}/api/v1/metrics?metric=vehicles&window=now") as answer:
        assert sum(tiles) == json.load(answer)["metrics"][0]["value"]


def test_chinese_page_has_no_english_and_english_page_no_chinese(wenling: Cockpit, watched: Watched) -> None:
    def said(language: str) -> str:
        return watched.open(f"{wenling.address}/screen/emergency?lang={language}").locator(".screen").inner_text()

    allowed = {"AED", "GPS", "GeoNames", "Vonng"}
    words = {w.strip("（），、：·/=") for w in said("zh").replace("=", " ").replace("，", " ").replace("/", " ").split()}
    assert {w for w in words if w.isascii() and w.isalpha() and len(w) > 2} - allowed == set()
    english = said("en").replace("模拟数据", "")  # the mark of simulated data stands in both
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
