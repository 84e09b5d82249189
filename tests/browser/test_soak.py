"""What `python -m tests.soak` measures over a day, in short: a wall that is told much, and a server that goes and comes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import free_port
from tests.coloured import coloured_city
from tests.outage import BACK_WITHIN_S, outage, renewed, watching
from tests.soak import Soaking, soaked
from tests.told_again import MOMENT_COUNT
from tests.told_server import ToldServer, told_server

pytestmark = pytest.mark.browser
TICKS = 2 * MOMENT_COUNT
PLAY = "towns,enterprises"
HOURS_S = 5 * 3600


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToldServer]:
    """Serve the invented towns, told by hand: a store that opens at once."""
    store = tmp_path_factory.mktemp("told") / "towns.db"
    _site, ledger = coloured_city(store)
    ledger.engine.dispose()
    with told_server("wenling", store, free_port()) as server:
        yield server


def test_a_wall_that_is_told_much_holds_no_more_nodes_and_listeners_than_before(told: ToldServer, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    soaking = Soaking(page, told, PLAY)
    before, after = soaked(soaking, TICKS, say=lambda line: None, rounds=1)
    page.close()
    assert [*after.complaints(before)] == []
    assert soaking.sent_count > TICKS, "too little changed to say anything"


def test_a_page_that_was_hours_without_its_server_said_so_and_is_back_untouched(told: ToldServer, browser: Browser) -> None:
    page = watching(browser, told, "/screen/towns")
    seen = outage(page, told, HOURS_S)
    page.close()
    assert "失去联系" in seen.said
    assert f"{HOURS_S // 3600} 小时" in seen.said
    assert seen.back_s <= BACK_WITHIN_S


def test_a_server_of_another_version_is_followed_by_the_page(told: ToldServer, browser: Browser) -> None:
    page = watching(browser, told, "/wall?every=5")
    assert renewed(page, told) <= BACK_WITHIN_S
    page.close()
