"""Is anything late or unknown, in one line: the sources, the towns, and what the map must not be taken for."""

from typing import Any

from dash import html

from cockpit.freshness import Age, SourceAge
from cockpit.numbers import NOTHING
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.health import age_of
from layouts.parts.refused import REFUSED_GLYPH
from layouts.parts.town_rows import STANDING, TOLD, Town, is_stale, short_name, towns_of
from layouts.theme import AGE_GLYPH

TITLE = Text("数据状态", "State of the data")
ALL_FRESH = Text("全部来源正常", "all sources on time")
ALL_TOLD, SILENT = Text("全部镇街有数据", "all towns heard of"), Text("镇街久无数据：{}", "towns not heard of: {}")
REFUSED = Text("有被拒绝、未计入的行", "refused rows, not counted")
NAMED_SOURCES, NAMED_TOWNS = 1, 3
"""How many sources, and how many silent towns, are named: there is one line."""


def drawn(values: Values, language: Language) -> list[Any]:
    """Draw which sources are not fresh and which towns are silent, or that none is."""
    towns = towns_of(values)
    said = [html.B(TITLE(language)), sources(values, language)]
    if towns and not is_stale(values):
        said.append(silent(values, [town for town in towns if town.is_silent], language))
    said.append(html.Span([html.I(REFUSED_GLYPH), f" {REFUSED(language)}"], className="refused-key"))
    notes = [text(language) for text in (values.boundaries_note, values.attribution) if text]
    return [html.Span(said, className="ages"), html.Span(" · ".join(notes), className="licence")]


def sources(values: Values, language: Language) -> html.Span:
    """Return that all sources are fresh, or which are not, the gravest first."""
    bad = sorted((age for age in values.ages if age.age is not Age.FRESH), key=gravity)
    if not bad:
        return html.Span([html.I(AGE_GLYPH[Age.FRESH]), ALL_FRESH(language) if values.ages else NOTHING], className="age")
    more = [" …"] if len(bad) > NAMED_SOURCES else []
    return html.Span([*(age_of(age, language) for age in bad[:NAMED_SOURCES]), *more], className="ages")


def gravity(age: SourceAge) -> int:
    """Return by what sources that are not fresh are ordered."""
    return -[*AGE_GLYPH].index(age.age)


def silent(values: Values, towns: list[Town], language: Language) -> html.Span:
    """Return that something is heard of all towns, or of which nothing is."""
    if not towns:
        return html.Span([html.I(AGE_GLYPH[Age.FRESH]), ALL_TOLD(language)], className="age")
    names = words.listed([short_name(values, town.code, language) for town in towns[:NAMED_TOWNS]], language)
    return html.Span([html.I(AGE_GLYPH[Age.LATE]), SILENT(language).format(names)], className="age age-late")


STATE = Panel(key="overview_state", title=TITLE, draw=drawn, frame="line", needs=(TOLD,), latest=(STANDING,))
