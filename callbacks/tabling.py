"""The table behind a panel, from a view: its readings and rows, read at the display level that an address asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from callbacks.gathering import gathered, is_withheld
from callbacks.opening import dimension_titles, shown
from cockpit.evaluate import WEEK, metric_named
from cockpit.few import few_in
from cockpit.metric import Reading
from cockpit.panel import Asked, Latest, Need, Panel, Screen, Values
from cockpit.scope import Scope
from cockpit.shown import shown_columns_of
from cockpit.tabled import ListedRows, Tabled
from cockpit.text import Language, Text
from cockpit.view import View


def tabled(view: View, scope: Scope, screen: Screen, panel: Panel, asked: Asked, language: Language) -> Tabled:  # noqa: PLR0917 in the order one says them
    """Return what a panel of a screen is given."""
    values = gathered(view, panel, scope, screen.title, asked)
    read = {need: protected(view, need, found, asked) for need, found in values.readings.items()}
    is_hidden = is_withheld(panel, asked)
    return Tabled(
        values=values if panel.follows else replace(values, asked=replace(asked, town=None)),
        screen_key=screen.key,
        screen_title=screen.title,
        panel_title=panel.title,
        wholes=tuple((need, found[0]) for need, found in read.items() if need.by is None),
        parts=by_dimension(read),
        of_all=frozenset(panel.of_all),
        dimension_titles=titles_of(view, panel),
        lists=tuple(listed(view, latest, rows, values) for latest, rows in values.latest.items()),
        summaries=() if is_hidden else tuple(dict.fromkeys(summaries(panel.draw(values, language)))),
        is_withheld=is_hidden,
        follows=panel.follows,
    )


def protected(view: View, need: Need, found: tuple[Reading, ...], asked: Asked) -> tuple[Reading, ...]:
    """Return the parts that a need asks for without those of a few persons; a city's own weeks are no cells."""
    is_cells = need.by is not None and (need.by != WEEK or asked.town is not None)
    return shown(view, found, asked.level) if is_cells else found


def by_dimension(read: Mapping[Need, tuple[Reading, ...]]) -> dict[str, tuple[tuple[Need, tuple[Reading, ...]], ...]]:
    """Return the needs of each dimension, weeks by their window too, for the rows of one table are the same."""
    found: dict[str, list[tuple[Need, tuple[Reading, ...]]]] = {}
    for need, readings in read.items():
        if need.by is not None:
            found.setdefault(need.by, []).append((need, readings))
    return {by: tuple(needs) for by, needs in found.items()}


def titles_of(view: View, panel: Panel) -> dict[str, Text]:
    """Return what the dimensions of a panel's needs are called."""
    return {name: title for need in panel.needs for name, title in dimension_titles(view, metric_named(need.metric)).items()}


def listed(view: View, latest: Latest, rows: list[dict[str, Any]], values: Values) -> ListedRows:
    """Return rows as they may be seen."""
    table = view.columns.tables[latest.table].table
    columns = tuple(column for column in shown_columns_of(table) if column.name in latest.columns)
    few = tuple(few_in(row, columns, values.least_cell) for row in rows)
    return ListedRows(table.title, columns, tuple(rows), few)


def summaries(part: Any) -> Iterator[str]:
    """Yield the sentence that each picture in a drawn panel says of itself."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from summaries(one)
    elif hasattr(part, "children"):
        if getattr(part, "role", None) == "img" and (said := part.to_plotly_json()["props"].get("aria-label")):
            yield str(said)
        yield from summaries(part.children)
