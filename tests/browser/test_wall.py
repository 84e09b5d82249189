"""A wall: screens take turns in one page, nobody touches it, and visitors see less."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Cockpit, Watched, until

pytestmark = pytest.mark.browser
EVERY_S = 5
PLAY = ("injury", "emergency")
SEEN = "document.querySelector('.screen:not(.is-behind)').dataset.screen"


def wall(cockpit: Cockpit, watched: Watched, more: str = "") -> Page:
    page = watched.open(f"{cockpit.address}/wall?play={','.join(PLAY)}&every={EVERY_S}{more}")
    page.wait_for_selector(".screen.is-behind", state="attached")
    return page


def test_screens_take_turns_for_more_than_one_round_and_nothing_is_loaded_again(wenling: Cockpit, watched: Watched) -> None:
    page = wall(wenling, watched)
    page.evaluate("window.untouched = true; window.charts = [...document.querySelectorAll('.js-plotly-plot')]")
    for key in (*PLAY[1:], *PLAY, PLAY[0]):
        until(page, f"{SEEN} === '{key}'", 3 * EVERY_S + 10)
    assert page.evaluate("window.untouched && window.charts.every((chart) => chart.isConnected)")
    assert page.locator(".screen:not(.is-behind)").count() == 1
    assert watched.complaints == []


def test_a_screen_is_up_to_date_before_its_turn_comes(wenling: Cockpit, watched: Watched) -> None:
    page = wall(wenling, watched)
    until(page, f"{SEEN} === '{PLAY[1]}'", 3 * EVERY_S + 10)
    told = page.evaluate("document.querySelector('.screen:not(.is-behind) .age-text').textContent")
    assert re.fullmatch(r"\d+ (秒|分钟)前更新", told), told
    assert not page.evaluate("document.body.classList.contains('is-lost')")


def test_behind_the_screens_there_is_never_white(wenling: Cockpit, watched: Watched) -> None:
    page = wall(wenling, watched)
    ground = "(e) => getComputedStyle(e).backgroundColor"
    colours = page.evaluate(f"[document.body, ...document.querySelectorAll('.screen')].map({ground})")
    assert set(colours) == {"rgb(7, 19, 31)"}


def test_a_wall_of_an_unknown_screen_says_which_there_are(wenling: Cockpit, watched: Watched) -> None:
    watched.page.goto(f"{wenling.address}/wall?play=nothing")
    watched.page.wait_for_selector(".office")
    assert "nothing" in watched.page.locator(".office").inner_text()
    assert "/screen/injury" in watched.page.locator(".office").inner_text()


def test_visitors_see_no_firm_no_vehicle_and_no_small_count_and_the_screen_says_for_whom_it_is(
    wenling: Cockpit, watched: Watched
) -> None:
    page = watched.open(f"{wenling.address}/screen/emergency?level=p0")
    assert "访客画面" in page.locator(".header-left").inner_text()
    assert page.locator(".area-active .nothing").inner_text() == "访客画面不显示"
    assert page.locator(".list.active").count() == 0
    page.keyboard.press("v")
    page.wait_for_selector(".list.active")
    assert "level" not in page.url


def test_controls_come_when_somebody_moves_and_each_is_reached_by_keyboard(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/injury")
    until(page, "!document.body.classList.contains('is-awake')", 10)
    assert page.locator(".controls").is_hidden()
    page.mouse.move(400, 400)
    page.wait_for_selector(".controls", state="visible")
    page.locator(".controls a:not(.is-here)").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".screen[data-screen]:not([data-screen=injury])")


def test_the_page_fills_the_screen_and_leaves_it_again(wenling: Cockpit, watched: Watched) -> None:
    page = watched.open(f"{wenling.address}/screen/injury")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement !== null", 5)
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null", 5)


CHANGE = """() => {
  const value = document.querySelector(".card-value");
  value.firstChild.data = "1" + value.firstChild.data;
}"""
MOVING = "document.querySelector('.card-value').getAnimations().length"


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_a_number_rolls_once_when_it_changes_and_never_for_who_wants_no_motion(
    wenling: Cockpit, browser: Browser, motion: str, *, moves: bool
) -> None:
    page = browser.new_page(reduced_motion=motion)
    page.goto(f"{wenling.address}/screen/injury")
    page.wait_for_selector(".screen .card-value")
    assert page.evaluate(MOVING) == 0
    page.evaluate(CHANGE)
    seen = page.evaluate(f"new Promise((done) => requestAnimationFrame(() => done({MOVING})))")
    assert bool(seen) == moves
    until(page, f"{MOVING} === 0", 2)
    page.close()
