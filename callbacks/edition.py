"""One state of a screen, drawn: its panels as they are sent to browsers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from callbacks.gathering import NOTHING_ASKED, Drawn, drawn_panel, gathered
from callbacks.meter import Meter
from cockpit.panel import Arrangement, Asked, Screen
from cockpit.scope import Scope
from cockpit.text import Language
from cockpit.view import View
from layouts.page import panel_id


@dataclass(frozen=True)
class Edition:
    """One state of a screen: all its panels at one tick and one age of the sources; `moment` is a past one's local time."""

    name: str
    tick: int
    panels: Mapping[str, Drawn]
    moment: datetime | None = None


class Page(NamedTuple):
    """One way to look at a screen: of what one may see, in which language, and what the address asks of its panels."""

    screen: str
    scope: Scope
    language: Language
    asked: Asked = NOTHING_ASKED


def drawn_panels(view: View, page: Page, screen: Screen, arranged: Arrangement, meter: Meter) -> dict[str, Drawn]:
    """Draw all panels of a page from a view."""
    panels = {}
    for panel in arranged.panels:
        with meter.drawing.labels(panel.key).time():
            values = gathered(view, panel, page.scope, screen.title, page.asked)
            panels[panel_id(screen.key, panel)] = drawn_panel(panel, values, page.language)
    return panels
