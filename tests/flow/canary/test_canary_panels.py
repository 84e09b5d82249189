"""A panel drawn for a town shows nothing of another one."""

import pytest

from callbacks.gathering import drawn_panel, gathered
from cockpit.app import screens
from cockpit.scope import town_scope
from cockpit.text import LANGUAGES
from tests.canary import CANARY, EMPTY, HERE, THERE

PANELS = {panel.key: panel for screen in screens().values() for one in screen.arrangements for panel in one.panels}

panels = pytest.mark.parametrize("panel", PANELS.values(), ids=lambda panel: panel.key)


@panels
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_panel_drawn_for_a_town_shows_nothing_of_another(panel, language, after):
    assert CANARY not in drawn_panel(panel, gathered(after, panel, town_scope(HERE)), language).children


@panels
@pytest.mark.parametrize("town", [THERE, "331081400", EMPTY])
def test_a_panel_can_be_drawn_for_any_town(panel, town, after):
    values = gathered(after, panel, town_scope(town))
    for language in LANGUAGES:
        assert drawn_panel(panel, values, language).children


def test_some_panel_shows_the_canary_to_its_own_town(after):
    drawn = {key: drawn_panel(panel, gathered(after, panel, town_scope(THERE)), "en").children for key, panel in PANELS.items()}
    assert [key for key, children in drawn.items() if CANARY in children]


def test_the_server_of_a_town_draws_its_own_panels(client):
    for key in screens():
        for language in LANGUAGES:
            for address in (f"/panels/{key}?lang={language}", f"/panels/{key}?lang={language}&scope=city"):
                answer = client.get(address)
                assert answer.status_code == 200
                assert CANARY not in answer.text
