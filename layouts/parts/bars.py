"""Rows of bars: a name, a bar, and the numbers that it stands for."""

from typing import Any

from dash import html

from cockpit.metric import Unit
from cockpit.numbers import whole_number, written
from cockpit.text import Language


def bar_row(name: Any, n: int, top: int, total: int, language: Language, *, kind: str = "") -> html.Div:
    """Return one bar with its name, its count and its share of the total in per cent; the longest bar stands for `top`."""
    percent = written(100 * n / total, Unit.PERCENT, language)
    return bar(name, n / top, whole_number(n), f"{percent}%", kind=kind)


def bar(name: Any, part: float, *texts: Any, kind: str = "") -> html.Div:
    """Return one bar that fills a part (0 to 1) of its track, and up to two texts behind it."""
    first, second = (*texts, "", "")[:2]
    return html.Div(
        [
            html.Span(name, className="bar-name"),
            html.Span(html.I(style={"width": f"{100 * part:.1f}%"}), className="bar-track"),
            html.Span(first, className="bar-count"),
            html.Span(second, className="bar-share"),
        ],
        className=f"bar-row {kind}".strip(),
    )
