"""The middle of the overview: the towns by colour, and below the map the gravest of them, each with its one reason."""

from typing import Any

from dash import html

from cockpit.code_names import COLOURS
from cockpit.disclosure import Level
from cockpit.judging.town_reason import DIED, leading
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.towns_map import Lettering, colours_told, map_figure, summary
from layouts.panels.towns_opened import why_text
from layouts.parts.address import query
from layouts.parts.frame import chart, frame
from layouts.parts.glance import doubt
from layouts.parts.town_rows import (
    NEVER_JUDGED,
    NEWEST,
    NONE_JUDGED,
    STANDING,
    TOLD,
    Town,
    is_stale,
    mark_of,
    short_name,
    towns_of,
)
from layouts.parts.town_state import town_banner, town_chip

CITY_MAP = "city-map"
"""The id of the map that leads to a town; the one of the screen of towns filters that screen, and both may stand on a wall."""

LETTERING = {"zh": Lettering(24, (760, 390)), "en": Lettering(20, (760, 390))}
"""Larger names than on the screen of towns, arranged for the place that the map has on a stage of 1920 × 1080."""

TITLE = Text("镇街四色图", "Colours of the towns")
CLICK = Text("点击进入镇街", "click to open a town")
PINNED = 3
"""So many of the gravest towns are told; how many there are of each colour stands in the card above."""

WORRYING = [*COLOURS][:2]
"""Red and orange are pinned; where there are none, the gravest yellow one."""

RAISED = Text("按规定至少为此色", "at least so by the rules")
ALL_GREEN = Text("评过的镇街全部为绿色。", "All that are judged are green.")
FEW_CASES = Text("案件很少，不细说", "few cases, not told")


def city_map(values: Values, language: Language) -> list[Any]:
    """Draw the map, and the towns that are pinned below it."""
    towns, outline = towns_of(values), values.boundaries
    note = [CLICK(language), " ", doubt(language, values.readings[TOLD][0])]
    if not towns:
        return frame(TITLE(language), "", html.Div(NONE_JUDGED(language), className="nothing"))
    if outline is None:
        picture: Any = html.Div(words.NO_MAP(language), className="nothing")
    else:
        figure = map_figure(values, towns, outline, language, LETTERING[language])
        picture = chart(figure, summary(values, towns, language), key=CITY_MAP, event=colours_told(towns))
    body = html.Div([picture, pinned(values, towns, language)], className="city-map")
    return frame(TITLE(language), note, town_banner(values, towns, language), body)


def pinned(values: Values, towns: list[Town], language: Language) -> Any:
    """Return the gravest towns: the red and the orange ones, or the gravest yellow one, or that all are green."""
    if is_stale(values):
        return None
    worried = [town for town in towns if town.colour in WORRYING]
    some = worried or [town for town in towns if town.colour == "黄"][:1]
    if not some:
        is_known = any(town.colour for town in towns)
        return html.Div((ALL_GREEN if is_known else NONE_JUDGED)(language), className="pinned-none")
    return html.Ul([pin(values, town, language) for town in some[:PINNED]], className="pinned")


def pin(values: Values, town: Town, language: Language) -> html.Li:
    """Return one town: its letter and colour, its name, and why in a few words; the whole reason when the staff point at it."""
    is_public = values.asked.level is Level.PUBLIC
    address = f"/screen/towns?{query(values.asked, language, town=town.code)}"
    colour = COLOURS[town.colour](language) if town.colour else NEVER_JUDGED(language)
    name = html.B(short_name(values, town.code, language))
    said = html.Span([colour, " · ", reason_text(values, town, language)], className="pin-reason")
    whole = "" if is_public else why_text(town, language)
    return html.Li(html.A([town_chip(mark_of(town, stale=False).letter), name, said], href=address), title=whole)


def reason_text(values: Values, town: Town, language: Language) -> str:
    """Return why a town has its colour in a few words; nothing that would tell how few its cases are, nor visitors a death."""
    found = FEW_CASES if town.is_small else leading(town.week)
    return (RAISED if found is DIED and values.asked.level is Level.PUBLIC else found)(language)


MAP = Panel(key="overview_map", title=TITLE, draw=city_map, needs=(TOLD,), latest=(STANDING, NEWEST))
