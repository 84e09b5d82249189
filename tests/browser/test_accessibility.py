"""The screens and office pages for those who do not see, point or tell colours as others do: no serious violation by axe-core.

In a change's tests each page is looked at in one scheme and one language, and what repeats in its first rows; all of
it in full.
"""

import re
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from cockpit.app import screens
from cockpit.text import LANGUAGES
from tests.browser.conftest import Cockpit, Watched, until
from tests.browser.fetched import AXE, fetched
from tests.full import IS_FULL

pytestmark = pytest.mark.browser
GRAVE = ("serious", "critical")
SCREENS = [f"/screen/{key}" for key in screens()]
OFFICE = [
    "/data",
    "/dictionary",
    "/overview",
    "/number/cases_accepted?window=r12",
    "/numbers/overview/overview_cases",
    "/screen/nothing",
]
SCHEMES = ("dark", "light")
REPEATED = [["tbody tr:nth-child(n+6)"], ["article:nth-of-type(n+6)"], [".metric:nth-of-type(n+6)"]]
"""What comes again and again on a page: its first five are looked at."""

READY_MS = 60_000
RUN = "(exclude) => axe.run({ include: [['html']], exclude }, { resultTypes: ['violations'] })"
WITHIN_S = 20


def looked_at() -> list[tuple[str, str, str]]:
    """Return the paths, schemes and languages that are looked at: screens are dark always."""
    whole = [(path, "dark", language) for path in SCREENS for language in LANGUAGES]
    whole += [*product(OFFICE, SCHEMES, LANGUAGES)]
    some = [(path, "dark", LANGUAGES[place % 2]) for place, path in enumerate(SCREENS)]
    some += [(path, SCHEMES[place % 2], LANGUAGES[place // 2 % 2]) for place, path in enumerate(OFFICE)]
    return whole if IS_FULL else some


def opened(page: Page, cockpit: Cockpit, path: str, language: str = "zh") -> Page:
    """Return a page that is drawn, its pictures too."""
    page.goto(f"{cockpit.address}{path}{'&' if '?' in path else '?'}lang={language}")
    page.wait_for_selector(".screen .panel-body, .office h1", timeout=READY_MS)
    until(page, "[...document.querySelectorAll('.dash-graph')].every((one) => one.querySelector('.main-svg'))", WITHIN_S)
    return page


def grave(found: dict[str, Any]) -> list[str]:
    """Return serious and critical violations, each with the first elements that have it."""
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("path", "scheme", "language"), looked_at())
def test_axe_finds_no_serious_or_critical_violation(
    wenling: Cockpit, browser: Browser, path: str, scheme: str, language: str
) -> None:
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, color_scheme=scheme)
    page.add_init_script(path=fetched(AXE))
    opened(page, wenling, path, language)
    assert grave(page.evaluate(RUN, [] if IS_FULL else REPEATED)) == []
    page.close()


def test_axe_would_find_one(browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(path=fetched(AXE))
    page.goto("about:blank")
    page.set_content("<html lang=en><title>One</title><main><h1>One</h1><p style='color:#999'>pale</p><button></button></main>")
    assert [fault.split(":")[0] for fault in grave(page.evaluate(RUN, []))] == [
        "critical button-name",
        "serious color-contrast",
    ]
    page.close()


PICTURES = """() => [...document.querySelectorAll(".screen .dash-graph")].map((graph) => {
  const box = graph.closest("[role=img]"), panel = graph.closest(".panel"), behind = panel.querySelector(":scope > .behind");
  const heading = graph.closest(".scene, .panel").querySelector("h2");
  return { panel: panel.className, said: box ? box.getAttribute("aria-label") : "", behind: behind ? behind.pathname : "",
    named: behind ? behind.getAttribute("aria-label") : "", heading: heading ? heading.textContent : "" };
})"""


@pytest.mark.parametrize("key", screens())
def test_each_picture_has_a_title_a_sentence_and_a_table_behind_it(wenling: Cockpit, watched: Watched, key: str) -> None:
    pictures = opened(watched.page, wenling, f"/screen/{key}").evaluate(PICTURES)
    assert pictures or key == "enterprises", "this screen has no chart"
    for one in pictures:
        assert one["heading"], one
        assert len(one["said"]) > len(one["heading"]), one
        assert re.fullmatch(rf"/numbers/{key}/\w+", one["behind"]), one
        assert one["named"], one


REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && e.checkVisibility({ checkVisibilityCSS: true }))
  .map((e, place) => { e.dataset.place = place; return place; })"""
FOCUSED = """async () => {
  const at = document.activeElement, style = getComputedStyle(at);
  await Promise.all(at.getAnimations().map((one) => one.finished)); // what fades in has come
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || at.matches(".lineage-node");
  return { place: Number(at.dataset.place ?? -1), isSeen: drawn && Number(style.opacity) > 0.9 };
}"""


@pytest.mark.parametrize("path", ["/screen/overview", "/screen/towns", "/overview", "/number/cases_accepted?window=now"])
def test_whatever_can_be_pressed_is_reached_by_the_keyboard_in_order_and_seen(
    wenling: Cockpit, watched: Watched, path: str
) -> None:
    page = opened(watched.page, wenling, path)
    page.keyboard.press("Shift")  # the controls come when a key is pressed
    page.wait_for_timeout(500)  # what fades in has come
    wanted, reached = page.evaluate(REACHABLE), []
    assert wanted
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert [one["place"] for one in reached] == wanted
    assert [one["place"] for one in reached if not one["isSeen"]] == []


MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length"
STIRRED = """() => {
  const value = document.querySelector(".card-value");
  value.firstChild.data = "1" + value.firstChild.data;
  document.querySelector(".screen").classList.add("is-behind");
  document.querySelector(".bar-track i").style.width = "1%";
  document.body.classList.toggle("is-awake");
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(MOVING))));
}""".replace("MOVING", MOVING)


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_for_who_wants_no_motion(wenling: Cockpit, browser: Browser, motion: str, *, moves: bool) -> None:
    page = opened(browser.new_page(reduced_motion=motion), wenling, "/screen/injury")
    assert bool(page.evaluate(STIRRED)) == moves
    page.close()


BY_COLOUR_ALONE = """() => {
  const told = "[class*=severity-], [class*=level-], [class*=badge-], .is-over, .is-slow, .is-worse, .is-better, .is-beyond";
  const chips = ".state-chip, .town-chip, .grade-chip, .spc-mark, .age";
  const before = (e) => getComputedStyle(e, "::before").content.replace(/none|normal|"/g, "").trim();
  return [...document.querySelectorAll(".screen")].flatMap((screen) => [...screen.querySelectorAll(`${told}, ${chips}`)])
    .filter((e) => !e.textContent.trim() && !before(e) && !e.matches(".chip-none")).map((e) => e.outerHTML.slice(0, 120));
}"""
"""What stands out by its colour, and has neither word nor sign."""


@pytest.mark.parametrize("key", screens())
def test_nothing_is_told_by_colour_alone(wenling: Cockpit, watched: Watched, key: str) -> None:
    assert opened(watched.page, wenling, f"/screen/{key}").evaluate(BY_COLOUR_ALONE) == []


@pytest.mark.parametrize(
    ("path", "language", "title"), [("/screen/towns", "en", "Four colours of the towns · "), ("/data", "zh", "")]
)
def test_a_page_is_called_what_it_shows_in_its_language(
    wenling: Cockpit, watched: Watched, path: str, language: str, title: str
) -> None:
    page = opened(watched.page, wenling, path, language)
    until(page, f"document.documentElement.lang.startsWith('{language}') && document.title.startsWith({title!r})", WITHIN_S)
    assert page.title()
