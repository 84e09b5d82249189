"""A table of text on an office page, which scrolls in a box of its own where the page is narrow."""

from collections.abc import Sequence
from typing import Any

from dash import html

from layouts.parts.still import still

NUMBER = "number"
"""The class of a column of numbers, which are aligned to the right."""


def grid(heads: Sequence[str], rows: Sequence[Sequence[Any]], *, numbers: Sequence[int] = (), name: str = "") -> html.Div:
    """Return a table, sent as text; `numbers` are the places of the columns that hold numbers."""

    def cells(make: Any, values: Sequence[Any]) -> list[Any]:
        return [make(value, className=NUMBER if place in numbers else "") for place, value in enumerate(values)]

    head = html.Thead(html.Tr(cells(html.Th, heads)))
    body = html.Tbody([html.Tr(cells(html.Td, row)) for row in rows])
    return still(html.Table([head, body], className=f"grid {name}".strip()), className="grid-box", tabIndex=0)
