"""`/number/<metric>`: one number opened."""

from dash import html

from callbacks.opening import opened
from callbacks.visit import Visit
from callbacks.ways import ways
from cockpit.errors import UnknownName
from cockpit.evaluate import metric_named
from layouts.office.number import number_page


async def page(visit: Visit) -> html.Div:
    """Return the page. Raises: UnknownName, with what there is."""
    if len(visit.rest) != 1:
        raise UnknownName("name one metric, as in /number/incidents; /dictionary lists them all")
    (key,) = visit.rest
    metric_named(key)
    said = visit.said("at")
    return await visit.board.evaluated(
        lambda view: number_page(opened(view, visit.scope, key, visit.query), ways(visit), visit.language), said
    )
