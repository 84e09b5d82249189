"""The screen of work injury as a leader sees it: whole, in both languages, and showing the numbers of the interface."""

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from cockpit.case_events import CASE_EVENTS
from cockpit.code_names import PACKAGES, ROLES
from cockpit.injury_clock import ClockKind
from cockpit.injury_clocks import CLOCKS
from cockpit.text import LANGUAGES, Language
from layouts.panels.injury_chain import STEPS
from tests.browser.conftest import Cockpit, Watched
from tests.browser.layout import WIDEST, drawn

pytestmark = pytest.mark.browser


def opened(wenling: Cockpit, watched: Watched, language: Language) -> Page:
    """Return the screen with its charts drawn."""
    page = watched.open(f"{wenling.address}/screen/injury?lang={language}")
    for area in ("open_cohort", "acceptances", "accidents"):
        page.wait_for_selector(f".area-{area} .js-plotly-plot .main-svg")
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_or_number_that_can_stand_on_the_screen_is_cut(wenling: Cockpit, watched: Watched, language: Language) -> None:
    page = opened(wenling, watched, language)
    clocks = [clock for clock in CLOCKS if clock.kind is ClockKind.AGENCY]
    cell = ".clocks tbody tr:first-child td:nth-child({})".format
    filled = [f"<span>{code} {name(language)}</span><span>100.0%</span>" for code, name in PACKAGES.items()]
    words = {
        cell(1): [f'<span class="clock-id">{clock.id}</span>{clock.title(language)}' for clock in clocks],
        cell(2): ["1,234"],
        ".area-specialists tbody tr:first-child td": [name(language) for name in ROLES.values()],
        ".filled": filled,
        ".step:first-child .step-name": [step.name(language) for step in STEPS],
        ".step:first-child .step-number": ["12,345"],
    }
    assert page.evaluate(WIDEST, words) == []
    assert drawn(page).faults == []


def test_the_screen_shows_the_numbers_of_the_interface(wenling: Cockpit, watched: Watched) -> None:
    page = opened(wenling, watched, "zh")
    with urlopen(f"{wenling.address}/api/v1/metrics?metric=cases_accepted&window=r12") as answer:
        accepted = json.load(answer)["metrics"][0]["value"]
    card = page.locator(".area-injury_figures .card", has_text="受理案件数")
    assert card.locator(".card-value").inner_text() == f"{accepted:,.0f}"
    steps = page.locator(".area-injury_chain .step")
    assert steps.count() == len(STEPS)
    assert steps.nth([step.code for step in STEPS].index("C1")).locator("b").inner_text() == f"{accepted:,.0f}"
    with urlopen(f"{wenling.address}/api/v1/metrics?metric=clocks_running&window=now&parts=true") as answer:
        running = {m["dims"].get("clock"): m["value"] for m in json.load(answer)["metrics"] if set(m["dims"]) == {"clock"}}
    rows = page.locator(".clocks tbody tr")
    shown = {row.locator(".clock-id").inner_text(): row.locator("td").nth(1).inner_text() for row in rows.all()}
    assert {clock: f"{running.get(clock, 0):,.0f}" for clock in shown} == shown


def test_what_is_simulated_or_not_confirmed_is_said_so(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/injury")
    assert "模拟数据" in page.locator(".notice").inner_text()
    assert "套餐名称待业务确认" in page.locator(".area-packages").inner_text()


def test_chinese_page_has_no_english_and_english_page_no_chinese(wenling: Cockpit, watched: Watched) -> None:
    said = opened(wenling, watched, "zh").locator(".screen").inner_text()
    words = {word for word in "".join(c if c.isascii() and c.isalpha() else " " for c in said).split() if len(word) > 1}
    assert words - {*CASE_EVENTS} == set()
    english = opened(wenling, watched, "en").locator(".screen").inner_text().replace("模拟数据", "")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
