"""The sources of a site: how each stands, how old it is, what it brought, and what is to be done."""

from typing import Any

from dash import html

from cockpit.freshness import AGE_TEXT, Age, SourceAge
from cockpit.metric import Unit
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.supply import Supply
from cockpit.text import Language
from layouts.office import words
from layouts.parts.moment import ago, duration, moment
from layouts.parts.tables import grid
from layouts.theme import AGE_GLYPH
from layouts.words import FRESH_SOURCES


def sources_section(supply: Supply, language: Language) -> list[Any]:
    """Return the table of sources, in the order of the site's file."""
    heads = (
        words.SOURCE,
        words.STATE,
        words.LAST_READ,
        words.EXPECTED,
        words.SAYS,
        words.NEWEST_EVENT,
        words.LAST_BATCH,
        words.REFUSED_28D,
        words.KIND,
    )
    fresh = sum(age.age is Age.FRESH for age in supply.ages)
    return [
        html.H2(words.SOURCES(language)),
        html.P(FRESH_SOURCES(language).format(fresh, len(supply.ages)), className="office-note"),
        grid([head(language) for head in heads], [row(age, supply, language) for age in supply.ages], numbers=(6, 7)),
    ]


def row(age: SourceAge, supply: Supply, language: Language) -> list[Any]:
    """Return one source."""
    config = supply.site.source(age.key)
    batch, intake = supply.newest_batch(age.key), supply.intakes.get(age.key)
    read_at = None if age.age_s is None else supply.now - age.age_s
    share = None if intake is None else intake.refused_share
    return [
        html.B(age.title(language)),
        state(age, language),
        words.NEVER(language) if read_at is None else ago(read_at, supply.now, language),
        duration(config.news_within_s, language) + (f" · {words.LIST(language)}" if age.is_static else ""),
        said(age, language),
        moment(supply.local_time(age.observed_at)),
        NOTHING if batch is None else whole_number(batch.read_count),
        NOTHING if share is None else f"{written(share, Unit.PERCENT, language)}%",
        words.KINDS[config.kind](language),
    ]


def state(age: SourceAge, language: Language) -> html.Span:
    """Return a state with glyph and word."""
    return html.Span([html.I(AGE_GLYPH[age.age]), AGE_TEXT[age.age](language)], className=f"age age-{age.age.value}")


def said(age: SourceAge, language: Language) -> Any:
    """Return what is wrong and what to do: what the state means, and the sentence that was written down."""
    means = words.STATE_MEANS.get(age.age.value)
    parts: list[Any] = [] if means is None else [html.Div(means(language))]
    if age.message:
        parts.append(verbatim(age.message, language))
    return html.Div(parts, className="said") if parts else words.ALL_WELL(language)


def verbatim(sentence: str, language: Language) -> html.Div:
    """Return a sentence as it was written down."""
    return html.Div([words.SAID(language), html.Span(sentence, lang="en")], className="verbatim")
