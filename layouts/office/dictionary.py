"""`/dictionary`: every metric, by domain: what it is, how it is read, and an example with the value that it must give."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import dcc, html

from cockpit.domains import Domain
from cockpit.metric import Example, Metric
from cockpit.numbers import NOTHING, written
from cockpit.site import Site
from cockpit.text import Language, Text
from cockpit.window import WINDOW_TEXT
from layouts.office import dictionary_words as own
from layouts.office import number_words as words
from layouts.office.head import Way, facts, office_page, page_head
from layouts.office.number_facts import Fact, least_text, target_text, threshold_text
from layouts.parts.still import still
from layouts.words import PLATFORM_DEFAULT, listed


class Entry(NamedTuple):
    """One metric with what its declaration names by keys: its contracts, its dimensions; and why a site cannot know it."""

    metric: Metric
    sources: tuple[Text, ...]
    dimensions: tuple[Text, ...]
    unknowable: Text | None


def dictionary_page(
    site: Site, entries: Mapping[str, Entry], domains: Sequence[Domain], ways: list[Way], language: Language
) -> html.Div:
    """Return the whole page."""
    other: Language = "en" if language == "zh" else "zh"
    notice = html.Span(site.notice(language), className="notice") if site.notice else None
    count = html.Span(own.COUNT(language).format(len(entries)))
    head = page_head(
        f"{site.title(language)} · {words.DICTIONARY(language)}", [notice, count], ways, f"/dictionary?lang={other}", language
    )
    return office_page(
        "dictionary", language, head, finder(domains, language), *(section(domain, entries, language) for domain in domains)
    )


def finder(domains: Sequence[Domain], language: Language) -> html.Section:
    """Return the field in which one types what one looks for, and the ways to the domains."""
    field = dcc.Input(id="find", type="search", placeholder=own.FIND(language), autoComplete="off", className="find")
    links = [html.A(domain.title(language), href=f"#domain-{domain.key}") for domain in domains]
    found = html.Span(className="found", role="status", **{"data-found": own.FOUND(language)})
    return html.Section(
        [html.Label([own.FIND_LABEL(language), " ", field]), found, html.Nav(links, className="windows")],
        className="office-section finder",
        **{"aria-label": own.FIND_LABEL(language)},
    )


def section(domain: Domain, entries: Mapping[str, Entry], language: Language) -> html.Section:
    """Return the metrics of one domain."""
    title = f"{domain.title(language)} · {own.COUNT(language).format(len(domain.metrics))}"
    told = [article(entries[metric.key], language) for metric in domain.metrics]
    return html.Section(
        [html.H2(title), still(*told)], id=f"domain-{domain.key}", className="office-section domain", **{"aria-label": title}
    )


def article(entry: Entry, language: Language) -> html.Article:
    """Return one metric; what is looked for is found in its title, its key and its definition."""
    metric = entry.metric
    title = html.H3([html.A(metric.title(language), href=f"/number/{metric.key}?lang={language}"), " ", html.Code(metric.key)])
    unknown = (
        [html.P([html.B(f"{own.NOT_HERE(language)} "), entry.unknowable(language)], className="soft")]
        if entry.unknowable
        else []
    )
    more = html.Details([html.Summary(own.MORE(language)), facts(facts_of(entry, language))])
    body = [title, html.P(metric.definition(language)), *unknown, more]
    return html.Article(body, id=metric.key, className="entry")


def facts_of(entry: Entry, language: Language) -> list[Fact]:
    """Return what is declared of a metric."""
    metric = entry.metric
    return [
        (own.UNIT(language), metric.unit_text(language)),
        (words.DIRECTION(language), words.DIRECTIONS[metric.direction](language)),
        (own.WINDOWS(language), listed([WINDOW_TEXT[name](language) for name in metric.windows], language)),
        (words.PARTS(language), listed([one(language) for one in entry.dimensions], language) or own.NO_PARTS(language)),
        (words.LEAST_N(language), least_text(metric, language)),
        (words.THRESHOLDS(language), threshold_text(metric, language)),
        (words.TARGET(language), target_text(metric, language)),
        (words.BASIS(language), (PLATFORM_DEFAULT if metric.is_platform_default else words.OFFICIAL)(language)),
        (own.RESTS_ON(language), listed([one(language) for one in entry.sources], language) or NOTHING),
        (own.EXAMPLE(language), example(metric, language)),
    ]


def example(metric: Metric, language: Language) -> list[Any]:
    """Return rows, and the value that the metric must give of them."""
    value = written(metric.example.value, metric.unit, language, "text")
    lines = [html.Div(rows_text(rows, language)) for rows in rows_of(metric.example)]
    return [*lines, html.B(f"→ {value} {metric.unit_text(language)}")]


def rows_of(told: Example) -> tuple[tuple[Mapping[str, object], ...], ...]:
    """Return the rows of each part of an example."""
    return told.parts or (told.rows,)


def rows_text(rows: tuple[Mapping[str, object], ...], language: Language) -> list[Any]:
    """Return how many rows there are, and the first of them."""
    count = own.ROWS(language).format(len(rows))
    if not rows:
        return [count]
    first = ", ".join(f"{name}={value}" for name, value in rows[0].items())
    return [f"{count}{own.SUCH_AS(language) if len(rows) > 1 else own.NAMELY(language)}", html.Code(first)]
