"""The emergency screen as a leader sees it: whole, sharp, in both languages, asking nobody else."""

import csv
import json
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from cockpit.site import load_site
from cockpit.text import Language
from layouts.words import INCIDENT_STATE
from tests.browser.conftest import Cockpit, Watched, rounded, until
from tests.browser.layout import WIDEST, faults_at
from tests.pictures import SIZES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_clipped_and_nobody_else_is_asked(dublin: Cockpit, watched: Watched, language: str) -> None:
    page = watched.open(f"{dublin.address}/screen/emergency?lang={language}")
    assert faults_at(page, SIZES, is_full=True) == []
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_that_can_stand_in_the_list_of_incidents_is_cut(dublin: Cockpit, watched: Watched, language: Language) -> None:
    site = load_site("dublin")
    with (site.folder / "stations.csv").open(encoding="utf-8") as listed:
        stations = [row[f"name_{language}"] for row in csv.DictReader(listed)]
    cell = ".newest tbody tr:first-child td:nth-child({})".format
    words = {
        cell(2): stations,
        cell(3): [name(language) for name in site.labels["cause"].values()],
        cell(4): ["119.9"],
        cell(5): [state(language) for state in INCIDENT_STATE.values()],
    }
    page = watched.open(f"{dublin.address}/screen/emergency?lang={language}")
    page.wait_for_selector(cell(5))
    assert page.evaluate(WIDEST, words) == []


def test_panels_show_the_numbers_of_the_interface(dublin: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{dublin.address}/screen/emergency")
    with urlopen(f"{dublin.address}/api/v1/metrics?metric=e6_p50&window=d28") as answer:
        median = json.load(answer)["metrics"][0]
    shown = page.locator(".card", has_text="反应时间中位数")
    assert shown.locator(".card-value").inner_text() == rounded(median["value"])
    assert f"n={median['n']}/{median['n_total']}" in shown.inner_text()
    assert "分钟" in shown.inner_text()


def test_chinese_page_has_no_english_and_english_page_no_chinese(dublin: Cockpit, watched: Watched) -> None:
    def said(language: str) -> str:
        return watched.open(f"{dublin.address}/screen/emergency?lang={language}").locator(".screen").inner_text()

    allowed = {"P90", "n", "data.gov.ie", "CC", "BY", "F", "S"}
    words = {
        w
        for w in said("zh").replace("=", " ").replace("，", " ").replace("/", " ").split()
        if w.isascii() and w.isalpha() and len(w) > 2
    }
    assert words - allowed == set()
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in said("en"))


def test_numbers_tick_without_reload(dublin: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{dublin.address}/screen/emergency")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.evaluate("window.untouched = true; window.plot = document.querySelector('.js-plotly-plot')")
    before = page.locator(".clock").inner_text()
    until(page, f"document.querySelector('.clock').textContent !== '{before}'", 20)
    assert page.evaluate("window.untouched === true")
    assert page.evaluate("window.plot === document.querySelector('.js-plotly-plot')"), "a chart was thrown away, not updated"


def test_unknown_page_says_what_there_is(dublin: Cockpit, watched: Watched) -> None:
    page: Page = watched.page
    page.goto(f"{dublin.address}/screen/nothing")
    page.wait_for_selector(".office")
    assert "/screen/emergency" in page.locator(".office").inner_text()
