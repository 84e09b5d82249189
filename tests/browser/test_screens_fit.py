"""Every screen at every size, in both languages and for both kinds of eyes: nothing cut, covered, scrolling, lost or empty.

Each two of screen, size, language and display level are tried together here; all of them, in all states of a city, by
`python -m tests.layout_matrix`.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from cockpit.app import screens
from cockpit.disclosure import Level
from cockpit.text import LANGUAGES, Language
from tests.browser.conftest import Cockpit, Watched
from tests.browser.layout import faults_at, lose, regain
from tests.pictures import SIZES

pytestmark = pytest.mark.browser
LEVELS = (Level.DUTY, Level.PUBLIC)


class Visit(NamedTuple):
    """A screen as it is opened once, and the sizes that its window is then given."""

    screen: str
    language: Language
    level: Level
    sizes: tuple[tuple[int, int], ...]


def visits() -> list[Visit]:
    """Return two visits to each screen, in which each two of its four properties meet."""
    return [
        Visit(
            key,
            LANGUAGES[second],
            LEVELS[(second + place // 2) % 2],
            tuple(size for at, size in enumerate(SIZES) if (place + at) % 2 == second),
        )
        for place, key in enumerate(screens())
        for second in (0, 1)
    ]


@pytest.fixture(scope="module")
def wall(browser: Browser) -> Iterator[Watched]:
    """One page for all visits, whose clock can be moved."""
    page = browser.new_page()
    page.clock.install()
    yield Watched(page)
    page.close()


def test_each_two_of_screen_size_language_and_level_meet() -> None:
    met = [(one.screen, size, one.language, one.level) for one in visits() for size in one.sizes]
    values = (tuple(screens()), SIZES, LANGUAGES, LEVELS)
    for first, second in ((a, b) for a in range(len(values)) for b in range(a)):
        assert {(one[first], one[second]) for one in met} == set(product(values[first], values[second]))


@pytest.mark.parametrize("visit", visits(), ids=lambda one: f"{one.screen}-{one.language}-{one.level.value}")
def test_nothing_is_cut_covered_or_empty_and_nobody_else_is_asked(wenling: Cockpit, wall: Watched, visit: Visit) -> None:
    page = wall.open(f"{wenling.address}/screen/{visit.screen}?lang={visit.language}&level={visit.level.value}")
    assert faults_at(page, visit.sizes, is_full=visit.level is Level.DUTY) == []
    assert {urlsplit(url).hostname for url in wall.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert wall.complaints == []
    if visit.level is Level.DUTY:
        lose(page)
        assert faults_at(page, visit.sizes[:1], is_full=True) == [], "the server gone"
        regain(page)
        wall.complaints.clear()  # of a server that was not there
