"""What a page's address asks of its panels: a town that may be seen, and cuts that rise."""

from dataclasses import replace
from pathlib import Path

import pytest

from callbacks.asked import asked_of, cuts_of
from callbacks.gathering import gathered
from cockpit.errors import UnknownName
from cockpit.panel import Asked, Latest, Panel
from cockpit.scope import CITY, town_scope
from cockpit.text import Text
from cockpit.view import View, open_view
from tests.coloured import CHOSEN, SILENT, coloured_city

ROWS = Latest("town_colour_history", ("town_code", "week_end_on"), 400, by="week_end_on")
PANEL = Panel(key="rows", title=Text("", ""), draw=lambda *_: None, latest=(ROWS,))


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    site, ledger = coloured_city(Path(tmp_path_factory.mktemp("asked")) / "towns.db")
    return open_view(ledger, site, 0.0)


def test_an_address_asks_for_a_town_and_cuts(view: View) -> None:
    assert asked_of(f"?town={CHOSEN}&cuts=70-50-30&lang=en", view, CITY) == Asked(CHOSEN, (30, 50, 70))
    assert asked_of("", view, CITY) == Asked()
    assert asked_of("?cuts=60&cuts=40&cuts=20", view, CITY).cuts == (20, 40, 60), "as a form of three fields sends them"


@pytest.mark.parametrize("query", ["?town=000000000", "?town=%3F", "?town=331081107'--"])
def test_a_town_that_nobody_knows_is_refused(view: View, query: str) -> None:
    with pytest.raises(UnknownName, match="no town"):
        asked_of(query, view, CITY)


def test_a_town_outside_ones_own_scope_is_refused(view: View) -> None:
    assert asked_of(f"?town={CHOSEN}", view, town_scope(CHOSEN)).town == CHOSEN
    with pytest.raises(UnknownName):
        asked_of(f"?town={SILENT}", view, town_scope(CHOSEN))


@pytest.mark.parametrize(
    "said", ["", "70-50", "30-50-70", "70-70-30", "100-50-30", "70-50-0", "70-50-x", "７0-50-30", "70-50-30-10"]
)
def test_cuts_that_do_not_rise_within_1_to_99_are_none(said: str) -> None:
    assert cuts_of(said) is None


def test_what_is_asked_is_written_as_it_was_read_and_refused_cuts_stay_refused(view: View) -> None:
    for asked in (Asked(), Asked(CHOSEN), Asked(None, (30, 50, 70)), Asked(CHOSEN, None, is_refused=True)):
        assert asked_of(asked.query, view, CITY) == asked


def test_a_panel_that_follows_is_given_the_town_and_the_others_all_towns(view: View) -> None:
    whole = gathered(view, PANEL, CITY, asked=Asked(CHOSEN))
    followed = gathered(view, replace(PANEL, follows=True), CITY, asked=Asked(CHOSEN))
    assert len({row["town_code"] for row in whole.latest[ROWS]}) > 1
    assert {row["town_code"] for row in followed.latest[ROWS]} == {CHOSEN}
    assert gathered(view, replace(PANEL, follows=True), CITY).latest == whole.latest


def test_firms_may_be_named_only_to_whom_sees_a_town_alone(view: View) -> None:
    assert not gathered(view, PANEL, CITY, asked=Asked(CHOSEN)).may_name, "a chosen town is not one's own"
    assert gathered(view, PANEL, town_scope(CHOSEN)).may_name
