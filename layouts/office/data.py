"""The page of data, `/data`: sources, newest batches, the quarantine, the lineage, and the upload of files."""

from typing import Any

from dash import html

from cockpit.freshness import AGE_TEXT, worst
from cockpit.supply import Supply
from cockpit.text import Language
from layouts.office import words
from layouts.office.batches import batches_section
from layouts.office.head import lost
from layouts.office.lineage import in_words
from layouts.office.quarantine import quarantine_section
from layouts.office.sources import sources_section
from layouts.office.upload import upload_section
from layouts.parts.moment import moment
from layouts.words import DATA_AS_OF

ADDRESS = "/data"


def data_page(supply: Supply, screens: list[tuple[str, str]], language: Language) -> html.Div:
    """Return the whole page; `screens` are addresses and titles of the screens."""
    told = sections(supply, language)
    body = [
        html.Header([html.Div(told["data-head"], id="data-head"), links(screens, language)], className="office-head"),
        section("data-sources", told, words.SOURCES(language)),
        section("data-upload", told, words.UPLOAD(language), html.Div(id="upload-result", **{"aria-live": "polite"})),
        section("data-batches", told, words.BATCHES(language)),
        section("data-quarantine", told, words.QUARANTINE(language), html.Div(id="quarantine-rows", **{"aria-live": "polite"})),
        html.Section(
            [
                html.H2(words.LINEAGE(language)),
                html.P(words.LINEAGE_NOTE(language), className="office-note"),
                html.Div(id="lineage-drawing", className="lineage-box", tabIndex=0),
                html.Div(told["data-lineage"], id="data-lineage"),
            ],
            className="office-section",
            **{"aria-label": words.LINEAGE(language)},
        ),
    ]
    return html.Div(
        [lost(language), *body],
        className="office office-data",
        lang="zh-CN" if language == "zh" else "en",
        **{"data-language": language, "data-office": "data", "data-state": f"{ADDRESS}/state?lang={language}"},
    )


def section(name: str, told: dict[str, list[Any]], label: str, *more: Any) -> html.Section:
    """Return one section; what stands in `more` stays when the rest is told anew."""
    return html.Section([html.Div(told[name], id=name), *more], className="office-section", **{"aria-label": label})


def sections(supply: Supply, language: Language) -> dict[str, list[Any]]:
    """Return what changes on the page, by the id of its element."""
    return {
        "data-head": head(supply, language),
        "data-sources": sources_section(supply, language),
        "data-upload": upload_section(supply, language),
        "data-batches": batches_section(supply, language),
        "data-quarantine": quarantine_section(supply, language),
        "data-lineage": in_words(supply, language),
    }


def head(supply: Supply, language: Language) -> list[Any]:
    """Return the title, what the data are, and how they stand."""
    age = worst(supply.ages)
    as_of = [DATA_AS_OF(language), " ", html.B(moment(supply.local_time(supply.heard_at)))]
    notice = supply.site.notice
    return [
        html.H1(f"{supply.site.title(language)} · {words.DATA(language)}"),
        html.P(
            [
                html.Span(notice(language), className="notice") if notice else None,
                html.Span(as_of),
                html.Span(words.TICK(language).format(supply.tick)),
                html.Span(AGE_TEXT[age](language), className=f"state-chip age-{age.value}"),
            ],
            className="office-line",
        ),
    ]


def links(screens: list[tuple[str, str]], language: Language) -> html.Nav:
    """Return the ways to the screens and to the other language."""
    other = "en" if language == "zh" else "zh"
    own = [html.A(title, href=f"{address}?lang={language}") for address, title in screens]
    return html.Nav([*own, html.A(words.OTHER_LANGUAGE(language), href=f"{ADDRESS}?lang={other}", lang=other)])
