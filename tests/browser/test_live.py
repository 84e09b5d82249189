"""What a screen does while the world changes: news arrive, sources fall silent, the server goes and comes back.

Where half a minute has to pass, the page's own clock is put forward; it passes in truth under COCKPIT_TORTURE=full.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Cockpit, Watched, until
from tests.browser.proxy import buffering_proxy
from tests.conftest import SmallCity
from tests.full import IS_FULL

pytestmark = pytest.mark.browser
HALF_A_MINUTE_S = 31
"""Longer than the page shows a number as fresh that it does not know to be the newest."""
ON_SCREEN_WITHIN_S = 2
BACK_WITHIN_S = 10
SOURCE_INTERVAL_S = 1


def call_now(city: SmallCity, number: int) -> None:
    called = (datetime.now(UTC) - timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%S")
    row = {"call": f"c{number}", "incident": f"i{number}", "called": called, "answered": called, "town": "A"}
    city.write("emergency_call", {"rev": "0", **row}, name=f"emergency_call{number}.csv")


def calls_shown(count: int) -> str:
    card = "[...document.querySelectorAll('.card')].find((c) => c.innerText.includes('呼叫数'))"
    return f"{card}?.querySelector('.card-value').innerText === '{count}'"


def newest(cockpit: Cockpit) -> dict[str, object]:
    with urlopen(f"{cockpit.address}/live?after=0", timeout=5) as answer:
        return dict(json.load(answer))


@pytest.fixture
def hurried(watched: Watched) -> Watched:
    """A page whose clock can be put forward."""
    if not IS_FULL:
        watched.page.clock.install()
    return watched


def pass_half_a_minute(page: Page) -> None:
    if IS_FULL:
        page.wait_for_timeout(1000 * HALF_A_MINUTE_S)
    else:
        page.clock.fast_forward(1000 * HALF_A_MINUTE_S)


def test_a_row_arrives_and_the_number_changes_within_two_seconds(
    cockpit: Cockpit, live_city: SmallCity, watched: Watched
) -> None:
    page = watched.open(f"{cockpit.address}/screen/emergency")
    page.evaluate("window.untouched = true")
    until(page, calls_shown(0), 10)
    for number in (1, 2, 3):
        arrived = time.time()
        call_now(live_city, number)
        until(page, calls_shown(number), 10)
        shown = time.time()
        with urlopen(f"{cockpit.address}/api/v1/metrics?metric=calls&window=today") as answer:
            committed = datetime.fromisoformat(json.load(answer)["committed_at"]).timestamp()
        assert shown - committed <= ON_SCREEN_WITHIN_S
        assert shown - arrived <= ON_SCREEN_WITHIN_S + SOURCE_INTERVAL_S
    assert page.evaluate("window.untouched === true"), "the page was reloaded"


def test_a_silent_source_is_late_and_then_interrupted(cockpit: Cockpit, live_city: SmallCity, watched: Watched) -> None:
    call_now(live_city, 1)
    page = watched.open(f"{cockpit.address}/screen/emergency")
    page.wait_for_selector(".state-chip.age-fresh", timeout=10_000)
    page.wait_for_selector(".state-chip.age-late", timeout=10_000)
    assert page.locator(".state-chip").inner_text().endswith("数据延迟")
    page.wait_for_selector(".state-chip.age-stale", timeout=15_000)
    assert page.locator(".state-chip").inner_text().endswith("数据中断")
    assert page.locator(".card-stale").count() > 0, "a stale number is not shown as fresh"
    call_now(live_city, 2)
    page.wait_for_selector(".state-chip.age-fresh", timeout=10_000)


@pytest.mark.torture
def test_a_page_recovers_untouched_when_the_server_was_down_for_a_minute(
    cockpit: Cockpit, live_city: SmallCity, hurried: Watched
) -> None:
    page = hurried.open(f"{cockpit.address}/screen/emergency")
    page.evaluate("window.untouched = true")
    until(page, calls_shown(0), 10)
    cockpit.kill("web")
    call_now(live_city, 1)
    pass_half_a_minute(page)
    page.wait_for_selector("body.is-lost .lost", timeout=10_000)
    assert "失去联系" in page.locator(".lost").inner_text()
    pass_half_a_minute(page)
    cockpit.start("web")
    cockpit.wait_ready()
    until(page, calls_shown(1), 40)
    until(page, "!document.body.classList.contains('is-lost')", 5)
    assert page.evaluate("window.untouched === true")


@pytest.mark.parametrize("victim", ["etl", "web"])
def test_after_a_kill_the_newest_tick_is_on_the_screen_within_ten_seconds(
    cockpit: Cockpit, live_city: SmallCity, watched: Watched, victim: str
) -> None:
    page = watched.open(f"{cockpit.address}/screen/emergency")
    until(page, calls_shown(0), 10)
    cockpit.kill(victim)
    call_now(live_city, 1)
    if victim == "web":
        time.sleep(3)
    cockpit.start(victim)
    began = time.monotonic()
    until(page, calls_shown(1), 30)
    assert time.monotonic() - began <= BACK_WITHIN_S
    assert page.evaluate("Number(document.body.dataset.tick)") == newest(cockpit)["tick"]


@pytest.mark.torture
def test_panels_that_cannot_be_fetched_are_not_shown_as_fresh(cockpit: Cockpit, live_city: SmallCity, hurried: Watched) -> None:
    page = hurried.open(f"{cockpit.address}/screen/emergency")
    until(page, calls_shown(0), 10)
    page.route("**/panels/**", lambda route: route.abort())
    with page.expect_request("**/panels/**", timeout=15_000):
        call_now(live_city, 1)
    pass_half_a_minute(page)
    page.wait_for_selector("body.is-lost .lost", timeout=15_000)
    page.unroute("**/panels/**")
    until(page, calls_shown(1), 15)
    until(page, "!document.body.classList.contains('is-lost')", 5)


def test_a_stream_that_opens_and_stays_silent_gives_way_to_polling(
    cockpit: Cockpit, live_city: SmallCity, watched: Watched
) -> None:
    watched.page.route("**/live", lambda route: None)
    page = watched.open(f"{cockpit.address}/screen/emergency")
    call_now(live_city, 1)
    until(page, calls_shown(1), 60)


def test_behind_a_proxy_that_buffers_the_stream_the_page_stays_on_the_newest_tick(
    cockpit: Cockpit, live_city: SmallCity, watched: Watched
) -> None:
    with buffering_proxy(cockpit.port) as address:
        page = watched.open(f"{address}/screen/emergency")
        for number in (1, 2, 3):
            call_now(live_city, number)
            until(page, calls_shown(number), 20)
        assert page.evaluate("!document.body.classList.contains('is-lost')")
        assert any("/live?after=" in url for url in watched.asked)


def test_ten_tabs_of_one_browser_share_one_stream(cockpit: Cockpit, live_city: SmallCity, browser: Browser) -> None:
    context = browser.new_context()
    tabs = [Watched(context.new_page()) for _ in range(10)]
    for tab in tabs:
        tab.open(f"{cockpit.address}/screen/emergency")
    call_now(live_city, 1)
    for tab in tabs:
        until(tab.page, calls_shown(1), 15)
    assert sum(url.endswith("/live") for tab in tabs for url in tab.asked) == 1
    tabs[0].page.close()
    call_now(live_city, 2)
    for tab in tabs[1:]:
        until(tab.page, calls_shown(2), 15)
    context.close()
