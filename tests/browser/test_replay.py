"""The replay bar in a real browser: it opens, steps, plays and goes back, and no live number stands under a past time."""

import json
import time
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from cockpit.app import open_ledger
from cockpit.site import load_site
from etl.schedule import Schedule
from tests.browser.conftest import Cockpit, enlivened, free_port, until
from tests.conftest import Clock, SmallCity, founded

WITHIN_S = 20
MINUTES_AGO = 40


def call(number, instant):
    return {"call": f"c{number}", "incident": f"i{number}", "called": f"{instant:%Y-%m-%dT%H:%M:%S}", "town": "A"}


class Past(NamedTuple):
    """A small city that was told a call every ten minutes for forty minutes, and lives on."""

    city: SmallCity
    cockpit: Cockpit
    began: datetime


@pytest.fixture(scope="module")
def city_with_a_past(tmp_path_factory):
    live_city = enlivened(founded(tmp_path_factory.mktemp("city")))
    url, site = tmp_path_factory.mktemp("store") / "cockpit.db", load_site(str(live_city.folder))
    began = datetime.now().replace(second=0, microsecond=0) - timedelta(minutes=MINUTES_AGO)
    ledger, clock, calls = open_ledger(site, f"sqlite:///{url}"), Clock(), []
    schedule = Schedule(site, ledger, clock)
    for minute in range(0, MINUTES_AGO, 10):
        clock.now = (began + timedelta(minutes=minute)).timestamp()
        calls.append(call(minute, began + timedelta(minutes=minute - 1)))
        live_city.write("emergency_call", *calls)
        schedule.run_due()
    ledger.engine.dispose()
    made = Cockpit(str(live_city.folder), url, free_port())
    made.start("both")
    made.wait_ready(120)
    yield Past(live_city, made, began)
    made.stop()


def asked(page):
    return parse_qs(urlsplit(page.url).query).get("at", [None])[0]


def minute(instant):
    return f"{instant:%Y-%m-%dT%H:%M}"


def wait_for_moment(page, instant):
    """Wait until the screen of a moment stands, and not only its address."""
    page.wait_for_selector(f'.screen[data-replay="{minute(instant)}"]', timeout=WITHIN_S * 1000)
    until(page, "!document.documentElement.classList.contains('is-elsewhen')", WITHIN_S)
    assert asked(page) == minute(instant)


def calls_shown(page):
    return page.inner_text(".card-value >> nth=0")


def test_one_opens_steps_and_goes_back_to_live_with_the_keyboard_alone(city_with_a_past, watched):
    _, cockpit, _ = city_with_a_past
    page = watched.open(f"{cockpit.address}/screen/emergency")
    first = calls_shown(page)
    page.keyboard.press("r")
    page.wait_for_selector(".replay:not([hidden])")
    until(page, "document.querySelector('.replay-moment').textContent !== ''", WITHIN_S)
    assert "实时" in page.inner_text(".replay-kind")
    assert asked(page) is None
    started = datetime.strptime(page.get_attribute(".replay-moment", "datetime"), "%Y-%m-%dT%H:%M")
    page.keyboard.press("Shift+ArrowLeft")
    wait_for_moment(page, started - timedelta(minutes=10))
    assert calls_shown(page) == first == "4"
    page.keyboard.press("Shift+ArrowLeft")
    wait_for_moment(page, started - timedelta(minutes=20))
    page.keyboard.press("ArrowRight")
    wait_for_moment(page, started - timedelta(minutes=19))
    with urlopen(f"{cockpit.address}/api/v1/metrics?metric=calls&window=today&at={asked(page)}") as answer:
        known = json.load(answer)["metrics"][0]["value"]
    assert calls_shown(page) == f"{known:.0f}"
    badges = page.eval_on_selector_all(".panel", "all => all.map(one => getComputedStyle(one, '::after').content)")
    assert set(badges) == {f'"回放 {started - timedelta(minutes=19):%m-%d %H:%M}"'}
    page.keyboard.press("Escape")
    page.wait_for_selector(".screen:not([data-replay])", timeout=WITHIN_S * 1000)
    assert page.is_hidden(".replay")
    assert (asked(page), calls_shown(page), watched.complaints) == (None, first, [])


@pytest.mark.parametrize(
    ("at", "says"), [("2001-01-01T00:00", "早于最早的数据"), ("2999-01-01T00:00", "尚未到来"), ("soon", "不是可回放的时刻")]
)
def test_a_moment_that_is_none_gets_a_sentence_and_the_bar_leads_on(city_with_a_past, watched, at, says):
    _, cockpit, _ = city_with_a_past
    watched.page.goto(f"{cockpit.address}/screen/emergency?at={at}")
    watched.page.wait_for_selector(".no-moment-said", timeout=WITHIN_S * 1000)
    assert says in watched.page.inner_text(".no-moment-said")
    watched.page.click(".replay .back")
    watched.page.wait_for_selector(".screen:not([data-replay])", timeout=WITHIN_S * 1000)


def test_buttons_slider_field_and_play_lead_to_a_moment_each(city_with_a_past, watched):
    _, cockpit, began = city_with_a_past
    start = began + timedelta(minutes=20)
    page = watched.open(f"{cockpit.address}/screen/emergency?at={minute(start)}&lang=en")
    page.wait_for_selector(".replay:not([hidden])")
    page.click('[data-step="-10"]')
    wait_for_moment(page, start - timedelta(minutes=10))
    page.fill('.replay input[type="datetime-local"]', minute(start))
    page.keyboard.press("Tab")
    wait_for_moment(page, start)
    page.focus('.replay input[type="range"]')
    page.keyboard.press("ArrowRight")
    wait_for_moment(page, start + timedelta(minutes=1))
    page.click(".replay .play")
    until(page, f"document.querySelector('.screen').dataset.replay >= '{minute(start + timedelta(minutes=3))}'", 2 * WITHIN_S)
    page.click(".replay .play")
    assert page.inner_text(".replay .back") == "Back to live"
    marks = page.get_attribute(".replay-day path", "d")
    assert f"M{(start.hour * 60 + start.minute)} 0v1" in marks
    assert watched.complaints == []


def test_while_another_moment_is_on_its_way_what_is_seen_says_so(city_with_a_past, watched):
    _, cockpit, began = city_with_a_past
    page = watched.open(f"{cockpit.address}/screen/emergency?at={minute(began + timedelta(minutes=5))}")
    page.wait_for_selector(".replay:not([hidden])")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/_dash-update-component", hold)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(".moment-loading:not([hidden])", timeout=WITHIN_S * 1000)
    assert "正在载入" in page.inner_text(".moment-loading")
    assert minute(began + timedelta(minutes=15))[-5:] in page.inner_text(".moment-loading")
    assert calls_shown(page) == "1"
    until(page, "document.documentElement.classList.contains('is-elsewhen')", WITHIN_S)
    page.unroute("**/_dash-update-component")
    for route in held:
        route.continue_()
    wait_for_moment(page, began + timedelta(minutes=15))
    assert page.is_hidden(".moment-loading")


def test_a_past_screen_stays_as_it_is_while_news_come(city_with_a_past, watched):
    live_city, cockpit, began = city_with_a_past
    page = watched.open(f"{cockpit.address}/screen/emergency?at={minute(began + timedelta(minutes=15))}")
    assert calls_shown(page) == "2"
    assert "回放" in page.inner_text(".replay-kind")
    edition, before = page.get_attribute(".screen", "data-edition"), newest_tick(cockpit)
    live_city.write("emergency_call", *(call(n, began + timedelta(minutes=n)) for n in range(7)))
    ends_at = time.monotonic() + WITHIN_S
    while newest_tick(cockpit) == before:
        assert time.monotonic() < ends_at
    until(page, "performance.now() > 6000", WITHIN_S)
    assert (page.get_attribute(".screen", "data-edition"), calls_shown(page)) == (edition, "2")
    assert edition.startswith("at-")
    assert (page.inner_text(".age-text"), page.is_hidden(".lost")) == ("", True)


def newest_tick(cockpit):
    with urlopen(f"{cockpit.address}/live?after=0") as answer:
        return json.load(answer)["tick"]
