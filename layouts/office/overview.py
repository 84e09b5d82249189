"""`/overview`: the city on a phone: six numbers, and its towns, the gravest first, each with the reason in a line."""

from collections.abc import Sequence
from typing import Any

from dash import html

from cockpit.panel import Asked, Panel, Values
from cockpit.text import Language, Text
from layouts.office import number_words as words
from layouts.office.head import Way, box, lost, office_page, page_head, standing
from layouts.panels.overview_cards import FIGURES
from layouts.panels.overview_map import reason_text
from layouts.panels.towns_opened import why_text
from layouts.parts.address import query
from layouts.parts.town_rows import (
    NEWEST,
    NONE_JUDGED,
    STANDING,
    TOLD,
    Town,
    colour_name,
    is_stale,
    mark_of,
    short_name,
    towns_of,
)
from layouts.parts.town_state import town_banner, town_chip

ADDRESS = "/overview"
SCREEN = "overview"
"""The screen whose key figures these are: a city that has none has no overview for the phone either."""

QUIET = "绿"
TOWNS = Text("镇街", "Towns")
ALL_TOWNS = Text("← 全市", "← whole city")
TO_PHONE = Text("手机上看这一页更清楚 →", "Easier to read on a phone →")
NOTHING_STANDS_OUT = Text("无突出问题", "nothing stands out")
SCORE = Text("得分 {}", "score {}")

OVERVIEW = Panel(
    key="phone_overview",
    title=words.OVERVIEW,
    draw=FIGURES.draw,
    needs=tuple(dict.fromkeys((*FIGURES.needs, TOLD))),
    latest=tuple(dict.fromkeys((*FIGURES.latest, STANDING, NEWEST))),
    follows=True,
    of_all=(TOLD,),
)
"""What the page is given: what the key figures of the overview's screen are, and the judged towns."""


def overview_page(values: Values, towns: Values, ways: Sequence[Way], state: str | None, language: Language) -> html.Div:
    """Return the whole page; `values` are of the city or of a town, `towns` of all towns; `state` is where changes are told."""
    told = sections(values, towns, language)
    other: Language = "en" if language == "zh" else "zh"
    title = f"{values.site_title(language)} · {words.OVERVIEW(language)}"
    head = page_head(title, [], list(ways), f"{ADDRESS}?{query(values.asked, other)}", language)
    attributes = {} if state is None else {"data-state": state}
    return office_page(
        "overview",
        language,
        head,
        html.Div(told["overview-head"], id="overview-head"),
        html.Section(
            told["overview-figures"], id="overview-figures", className="tiles", **{"aria-label": FIGURES.title(language)}
        ),
        html.Div(told["overview-towns"], id="overview-towns"),
        lost(language),
        **attributes,
    )


def sections(values: Values, towns: Values, language: Language) -> dict[str, list[Any]]:
    """Return what changes on the page, by the id of its element."""
    return {
        "overview-head": head(values, language),
        "overview-figures": list(FIGURES.draw(values, language)),
        "overview-towns": town_list(towns, values.asked.town, language),
    }


def head(values: Values, language: Language) -> list[Any]:
    """Return of whom the numbers are, what kind of data they are, and how old."""
    town = values.asked.town
    whose = html.B(values.label("town", town)(language) if town else words.CITY(language))
    return [
        html.P([one for one in (whose, *standing(values, values.ages, language)) if one is not None], className="office-line")
    ]


def town_list(values: Values, chosen: str | None, language: Language) -> list[Any]:
    """Return the judged towns, the gravest first; what is counted and never judged is not among them."""
    towns = towns_of(values)
    if not towns:
        return [box(TOWNS(language), html.P(NONE_JUDGED(language)))]
    told = [html.P(why_text(town, language)) for town in towns if town.code == chosen]
    back = [html.A(ALL_TOWNS(language), href=f"{ADDRESS}?{query(values.asked, language, town=None)}")] if chosen else []
    lines = [html.Li(town_line(values, town, language), className="is-chosen" if town.code == chosen else "") for town in towns]
    return [
        box(
            TOWNS(language),
            *back,
            *told,
            town_banner(values, towns, language),
            html.Ul(lines, className="town-lines"),
            name="towns-box",
        )
    ]


def phone_way(asked: Asked, language: Language) -> html.A:
    """Return the way from a screen to this page, which is seen where the window is as narrow as a phone."""
    return html.A(TO_PHONE(language), href=f"{ADDRESS}?{query(asked, language)}", className="phone-way")


def town_line(values: Values, town: Town, language: Language) -> html.A:
    """Return one town: chip with letter, name, colour, score, and why in a few words."""
    stale = is_stale(values)
    score = SCORE(language).format(f"{town.week['score']:.1f}") if town.is_scored else ""
    why = NOTHING_STANDS_OUT(language) if town.colour == QUIET and not stale else reason_text(values, town, language)
    name, colour = html.B(short_name(values, town.code, language)), html.Span(colour_name(town, language))
    top = html.Span([name, colour, html.Span(score, className="soft")])
    chip = town_chip(mark_of(town, stale=stale).letter)
    said = [chip, html.Span([top, html.Small(why)], className="town-said")]
    return html.A(said, href=f"{ADDRESS}?{query(values.asked, language, town=town.code)}")
