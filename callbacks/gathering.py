"""What a panel may know, gathered from a view, and the panel drawn of it."""

import hashlib
import json
from dataclasses import dataclass

from plotly.utils import PlotlyJSONEncoder

from cockpit.disclosure import Level, disclosed
from cockpit.panel import Asked, Panel, Values
from cockpit.scope import Scope, town_scope
from cockpit.text import Language, Text
from cockpit.view import View
from layouts.page import withheld_panel
from layouts.parts.frame import old_news

NOTHING_ASKED = Asked()


@dataclass(frozen=True)
class Drawn:
    """One panel drawn: its children as JSON, and the hash they are known by."""

    children: str
    etag: str


def gathered(view: View, panel: Panel, scope: Scope, screen_title: Text | None = None, asked: Asked = NOTHING_ASKED) -> Values:
    """Gather what a panel asks for, on the screen of this title; of the town that was asked for, where the panel follows."""
    seen = town_scope(asked.town) if panel.follows and asked.town is not None else scope
    return Values(
        readings={
            need: disclosed(
                view.readings(need.metric, need.window, scope if need in panel.of_all else seen, need.by), asked.level
            )
            for need in panel.needs
        },
        latest={latest: [] if is_withheld(panel, asked) else view.latest(latest, seen) for latest in panel.latest},
        ages=view.ages(),
        label=view.label,
        local_time=view.local_time,
        site_title=view.site.title,
        screen_title=screen_title,
        notice=view.site.notice,
        attribution=view.site.attribution,
        cannot_know=view.site.cannot_know,
        functional=view.functional,
        boundaries=view.site.outline,
        boundaries_note=view.site.boundaries_note,
        began_at=lambda table: view.began_at(table, seen),
        heard_at=view.heard_at(),
        as_of=view.tick.as_of,
        tick=view.tick.number,
        chart_from=view.site.chart_from,
        asked=asked,
        may_name=not scope.is_city,
        is_day_over=view.is_day_over,
        configuration=view.configuration,
    )


def is_withheld(panel: Panel, asked: Asked) -> bool:
    """Whether a panel is not drawn at the display level that is asked for."""
    return panel.is_for_staff and asked.level is Level.PUBLIC


def drawn_panel(panel: Panel, values: Values, language: Language) -> Drawn:
    """Draw one panel and encode it as Dash sends it to the browser."""
    is_hidden = is_withheld(panel, values.asked)
    drawn = withheld_panel(panel, language) if is_hidden else [*panel.draw(values, language), *old_news(values)]
    children = json.dumps(drawn, cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return Drawn(children, hashlib.sha256(children.encode()).hexdigest()[:16])
