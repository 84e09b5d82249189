"""The frame around a picture: its title, what it covers, and a sentence for those who cannot see it."""

from typing import Any

from dash import dcc, html

GRAPH_CONFIG = {"displayModeBar": False, "responsive": True, "showTips": False, "doubleClick": False}


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
