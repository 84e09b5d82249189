"""What panels are made of: the browser draws them without Dash (`assets/panel.js`), so that it must know every component."""

import json
import re
from collections.abc import Iterator
from typing import Any

from cockpit.app import ASSETS
from cockpit.text import LANGUAGES
from tests.panels_told import SITUATIONS, drawn, panels, values

SCRIPT = (ASSETS / "panel.js").read_text(encoding="utf-8")
KNOWN = set(re.findall(r"^    ([A-Z]\w+): \(\{", SCRIPT, re.MULTILINE))
"""Components of dcc that the browser draws."""


def components(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the namespace and type of each component in what is drawn."""
    if isinstance(node, list):
        for one in node:
            yield from components(one)
    elif isinstance(node, dict) and {"namespace", "type", "props"} <= node.keys():
        yield node["namespace"], node["type"]
        yield from components(node["props"].get("children"))


@panels
def test_a_panel_is_made_of_what_the_browser_draws(panel):
    found = {c for s in SITUATIONS for la in LANGUAGES for c in components(json.loads(drawn(panel, values(panel, s), la)))}
    assert found
    assert {name for namespace, name in found if namespace != "dash_html_components"} <= KNOWN


def test_the_browser_knows_pictures_and_ways():
    assert {"Graph", "Link"} <= KNOWN
