"""The rows behind a number: how many there are, what part they play, and the newest of them, each cell as it may be seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from cockpit.columns import Rows
from cockpit.errors import ScopeError
from cockpit.interval import Interval
from cockpit.marks import Marks
from cockpit.metric import Metric
from cockpit.scope import Scope
from cockpit.shown import ShownColumn, shown_columns_of
from cockpit.text import Text
from cockpit.view import View, plain_rows

FEW_COLUMNS = 8
"""A table of so few columns is shown with all of them; of a wider one those that the number has to do with."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The rows of one metric in one window. Grain of `rows`: one per row in n total, the newest first, no more than were asked.

    `count`, `valid_count` and `hit_count` are of all of them: n total, n, and the numerator; `is_valid` and `is_hit` of each
    row say which it is in.
    """

    metric: Metric
    table_title: Text
    columns: tuple[ShownColumn, ...]
    rows: tuple[Mapping[str, Any], ...]
    count: int
    valid_count: int
    hit_count: int


def behind(  # noqa: PLR0917 in the order one says them, as `View.rows_behind`
    view: View, metric: Metric, name: str, scope: Scope, dims: Mapping[str, str | None], limit: int
) -> tuple[Behind, ...]:
    """Return the newest rows that a reading was computed from, of each metric that it is made of.

    Raises: ScopeError where the metric has no value for a town alone.
    """
    if reason := view.not_of_towns(metric, scope):
        raise ScopeError(f"{metric.key} has no rows of a town alone: {reason.en}; ask for the whole city's")
    read = view.read_behind(metric, name, dims)
    return tuple(newest_of(one, *view.marked(one, span, scope, dims), limit) for one, span in read)


def newest_of(metric: Metric, kept: Rows, marks: Marks, limit: int) -> Behind:
    """Return the newest of the rows in n total of a metric that reads rows."""
    places = newest(kept, metric.placed_by)[:limit]
    columns = columns_of(metric, kept)
    rows = plain_rows(kept.take(places), [column.name for column in columns])
    parts = zip(rows, marks.is_valid[places].tolist(), marks.is_hit[places].tolist(), strict=True)
    return Behind(
        metric=metric,
        table_title=kept.columns.table.title,
        columns=columns,
        rows=tuple({**row, "is_valid": valid, "is_hit": hit} for row, valid, hit in parts),
        count=len(kept),
        valid_count=int(np.count_nonzero(marks.is_valid)),
        hit_count=int(np.count_nonzero(marks.is_hit)),
    )


def newest(rows: Rows, placed_by: str) -> Any:
    """Return the places of rows, the newest first; of a table without time, those that were written last."""
    if placed_by not in rows.columns.arrays:
        return np.arange(len(rows))[::-1]
    return np.argsort(-rows.numbers(placed_by), kind="stable")


def columns_of(metric: Metric, rows: Rows) -> tuple[ShownColumn, ...]:
    """Return the columns that are shown of a metric's rows: when, where, by what it is split, and what it reads."""
    table = rows.columns.table
    shown = shown_columns_of(table)
    if len(shown) <= FEW_COLUMNS:
        return shown
    wanted = {
        metric.placed_by,
        *(rows.column_of(name) for name in metric.by),
        *words_in(metric.formula),
        *words_in(metric.among),
    }
    first = (metric.placed_by, table.town)
    asked = [column for column in shown if column.name in wanted or column.name in first]
    return tuple(sorted(asked, key=lambda column: first.index(column.name) if column.name in first else len(first)))


def words_in(part: object) -> Iterator[str]:
    """Yield every word in a formula, the names of the columns that it reads among them."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Interval):
        yield from (*part.stamps, part.value, part.state)
    elif is_dataclass(part) and not isinstance(part, type):
        for one in fields(part):
            yield from words_in(getattr(part, one.name))
    elif isinstance(part, Mapping):
        for name, value in part.items():
            yield from (*words_in(name), *words_in(value))
    elif isinstance(part, tuple):
        for one in part:
            yield from words_in(one)
