"""What the numbers of a screen rest on, in one line: counts of what is wrong, and which sources are not fresh."""

from typing import Any

from dash import html

from cockpit.freshness import AGE_TEXT, Age, SourceAge
from cockpit.panel import Values
from cockpit.text import Language
from layouts import words
from layouts.parts.letters import width
from layouts.theme import AGE_GLYPH

NAMED_SOURCES = 2
"""How many sources that are not fresh are named at most; the header tells of the gravest."""

GAP = 1.0
ROOM = 105.0
"""The gap before a source and the length of the line, in heights of its type: 1,872 px at 17 px, less what stands between."""


def health_line(values: Values, language: Language, said: list[str]) -> list[Any]:
    """Return what was said of the data, whose they are, and which sources are not fresh."""
    shown = [*said, *([values.attribution(language)] if values.attribution and values.boundaries is None else [])]
    bad = [age for age in values.ages if age.age is not Age.FRESH]
    count = words.FRESH_SOURCES(language).format(len(values.ages) - len(bad), len(values.ages))
    fresh = html.Span([html.I("" if bad else AGE_GLYPH[Age.FRESH]), count], className="age")
    quality = f" {' · '.join(shown)}"
    named = named_within(bad, ROOM - width(words.DATA_QUALITY(language) + quality + count), language)
    more = "…" if len(bad) > len(named) else ""
    return [
        html.Span([html.B(words.DATA_QUALITY(language)), quality]),
        html.Span([fresh, *(age_of(age, language) for age in named), more], className="ages"),
    ]


def named_within(bad: list[SourceAge], room: float, language: Language) -> list[SourceAge]:
    """Return the first sources whose names find room, in heights of the type; one that does not is left out whole."""
    named: list[SourceAge] = []
    for age in bad[:NAMED_SOURCES]:
        room -= width(f"{AGE_GLYPH[age.age]} {age.title(language)} {AGE_TEXT[age.age](language)}") + GAP
        if room < 0:
            break
        named.append(age)
    return named


def age_of(age: SourceAge, language: Language) -> html.Span:
    """Return a source that is not fresh, with its state."""
    said = [html.I(AGE_GLYPH[age.age]), age.title(language), " ", AGE_TEXT[age.age](language)]
    return html.Span(said, className=f"age age-{age.age.value}", title=age.message)
