"""`/dictionary`: every metric of the catalogue, as this site reads it."""

from dash import html

from callbacks.visit import Visit
from callbacks.ways import ways
from cockpit.domains import domains
from cockpit.errors import UnknownName
from cockpit.evaluate import catalogue, tables_of, unknowable
from cockpit.ledger.tables import Table
from cockpit.metric import Metric
from cockpit.text import Text
from layouts.office.dictionary import Entry, dictionary_page
from layouts.words import TOWN


async def page(visit: Visit) -> html.Div:
    """Return the page. Raises: UnknownName for an address below it."""
    if visit.rest:
        raise UnknownName(f"the dictionary is one page; look for /dictionary#{visit.rest[0]}")
    entries = {key: entry(visit, metric) for key, metric in catalogue().items()}
    return dictionary_page(visit.board.site, entries, domains(), ways(visit), visit.language)


def entry(visit: Visit, metric: Metric) -> Entry:
    """Return a metric with the titles of its contracts and dimensions."""
    known = visit.board.ledger.declared
    tables = [known[name] for name in sorted(tables_of(metric))]
    sources = tuple(known[name].title for name in metric.sources)
    return Entry(metric, sources, tuple(dimension(tables, name) for name in metric.by), unknowable(visit.board.site, metric))


def dimension(tables: list[Table], name: str) -> Text:
    """Return what a dimension is called: as its column is."""
    return TOWN if name == "town" else next(table.column(name).meaning for table in tables if name in table.names)
