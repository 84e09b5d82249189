"""The frame of an office page: its title, what the data are and how they stand, the ways to other pages, the lost server."""

from collections.abc import Sequence
from typing import Any

from dash import html

from cockpit.disclosure import Level
from cockpit.freshness import AGE_TEXT, SourceAge, worst
from cockpit.panel import Values
from cockpit.text import Language
from layouts.office import number_words as own
from layouts.office import words
from layouts.parts.moment import moment
from layouts.words import DATA_AS_OF

Way = tuple[str, str]
"""An address, and what stands for it."""


def office_page(kind: str, language: Language, head: html.Header, *sections: Any, **attributes: str) -> html.Div:
    """Return an office page of a kind."""
    said = {"data-language": language, "data-office": kind, **attributes}
    lang = "zh-CN" if language == "zh" else "en"
    return html.Div([head, *sections], className=f"office office-{kind}", lang=lang, **said)


def page_head(title: Any, line: Sequence[Any], ways: Sequence[Way], other_language: str, language: Language) -> html.Header:
    """Return title, the line below it, and the ways to other pages; `other_language` is where this one is told in the other."""
    other: Language = "en" if language == "zh" else "zh"
    links = [html.A(name, href=address) for address, name in ways]
    links.append(html.A(words.OTHER_LANGUAGE(language), href=other_language, lang=other))
    said = html.P([part for part in line if part is not None], className="office-line")
    nav = html.Nav(links, **{"aria-label": own.OTHER_PAGES(language)})
    return html.Header([html.Div([html.H1(title), said]), nav], className="office-head")


def standing(values: Values, ages: tuple[SourceAge, ...], language: Language) -> list[Any]:
    """Return what kind of data these are, for whose eyes, up to when they were heard, and how old the oldest source is."""
    is_past = values.asked.at is not None
    age = worst(ages) if ages else None
    return [
        html.Span(values.notice(language), className="notice") if values.notice else None,
        html.Span(own.VISITORS(language), className="state-chip plain") if values.asked.level is Level.PUBLIC else None,
        html.Span(own.REPLAYED(language), className="state-chip age-late") if is_past else None,
        html.Span([DATA_AS_OF(language), " ", html.B(moment(values.local_time(values.heard_at)))]),
        html.Span(words.TICK(language).format(values.tick)),
        None if age is None else html.Span(AGE_TEXT[age](language), className=f"state-chip age-{age.value}"),
    ]


def lost(language: Language) -> html.Div:
    """Return the banner of a page whose server is not heard any more; the browser shows it."""
    return html.Div([html.B(words.LOST(language)), html.Span(className="lost-for")], className="office-lost", role="alert")


def box(title: str, *body: Any, name: str = "") -> html.Section:
    """Return one section of a page."""
    return html.Section([html.H2(title), *body], className=f"office-section {name}".strip(), **{"aria-label": title})


def facts(pairs: Sequence[tuple[str, Any]]) -> html.Dl:
    """Return names and what they are."""
    return html.Dl([html.Div([html.Dt(name), html.Dd(told)]) for name, told in pairs], className="fact-list")
