"""The frame around a picture: its title, what it covers, and a sentence for those who cannot see it."""

from typing import Any

from dash import dcc, html

from cockpit.metric import Status
from cockpit.panel import Values
from layouts.theme import STATUS_GLYPH

GRAPH_CONFIG = {"displayModeBar": False, "responsive": True, "showTips": False, "doubleClick": False}
OLD = (Status.STALE, Status.LATE)


def old_news(values: Values) -> list[Any]:
    """Return the mark at the edge of a panel some of whose numbers rest on news that are late, or interrupted; else nothing."""
    told = {reading.status for readings in values.readings.values() for reading in readings}
    worst = next((status for status in OLD if status in told), None)
    if worst is None:
        return []
    return [html.I(STATUS_GLYPH[worst], className=f"news news-{worst.value}", **{"aria-hidden": "true"})]


def frame(title: Any, note: Any, *body: Any) -> list[Any]:
    """Return a panel's head and body."""
    head = html.Div([html.H2(title), html.Span(note, className="panel-note")], className="panel-head")
    return [head, html.Div(list(body), className="panel-body")]


def chart(figure: dict[str, Any], summary: str, *, key: str | None = None, event: str | None = None) -> html.Div:
    """Return a figure with its one-sentence summary.

    `key` is the id by which a script knows the graph; whenever `event` is another one, the picture lights up once.
    """
    named, told = {} if key is None else {"id": key}, {} if event is None else {"data-event": event}
    graph = dcc.Graph(figure=figure, config=GRAPH_CONFIG, responsive=True, className="chart", **named)
    return html.Div(graph, className="chart-box", role="img", **{"aria-label": summary, **told})
