"""From columns to readings: every metric, for the city and each part of it."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

import cockpit.metrics
from cockpit.columns import Columns, Rows
from cockpit.effect import NO_DOUBT, Doubt, doubt
from cockpit.errors import UnknownName
from cockpit.formula import Formula, Sums, Total, sums, sums_by
from cockpit.formula_combined import Combined, together
from cockpit.ledger.tables import Kind
from cockpit.metric import SCALE, Metric, Reading, Status
from cockpit.scope import Scope
from cockpit.site import Site
from cockpit.text import Text
from cockpit.window import Window, window

WEEK = "week"
"""The dimension of a series: the ISO weeks of a window of whole weeks."""

TOWN = "town"

NO_CASE = Text("时段内无记录", "nothing to time in this window")
NOT_FED = Text("本站点未接入此数据", "this site has no such source")
NO_VALUE = Text("时段内无有效值", "no valid value in this window")


@cache
def catalogue() -> Mapping[str, Metric]:
    """Return every metric by key, as the files of `cockpit/metrics` declare them."""
    found: dict[str, Metric] = {}
    for info in pkgutil.iter_modules(cockpit.metrics.__path__):
        module = importlib.import_module(f"cockpit.metrics.{info.name}")
        for metric in declared(vars(module)):
            if found.setdefault(metric.key, metric) is not metric:
                raise ValueError(f"two metrics are named {metric.key}")
    return found


def declared(names: Mapping[str, object]) -> Iterator[Metric]:
    """Yield the metrics of one module, single ones and those in tuples."""
    for value in names.values():
        members = value if isinstance(value, tuple) else (value,)
        yield from (member for member in members if isinstance(member, Metric))


def metric_named(key: str) -> Metric:
    """Return a metric by key. Raises: UnknownName."""
    if key not in catalogue():
        raise UnknownName(f"there is no metric {key!r}; `cockpit metrics` lists them")
    return catalogue()[key]


def tables_read() -> tuple[str, ...]:
    """Return the tables that metrics read."""
    return tuple(sorted({m.table for m in catalogue().values() if not isinstance(m.formula, Combined)}))


def read_metric(  # noqa: PLR0917 in the order one says them: this metric, of this scope, in this window, by that
    columns: Columns, site: Site, metric: Metric, scope: Scope, name: str, by: str | None = None
) -> list[Reading]:
    """Return a metric's reading in one window: of the whole scope, or of each value of a dimension."""
    span = window(name, columns.tick.as_of, site.zone)
    refused = doubt(columns, site, leaves(metric, span, columns.tick.as_of, site))
    parts = found_in(columns, site, metric, scope, span, by, refused.changed)
    return [reading(metric, site, part, span, {} if by is None else {by: word}, refused) for word, part in parts]


def found_in(  # noqa: PLR0917 as `read_metric`, in doubt of so many rows
    columns: Columns, site: Site, metric: Metric, scope: Scope, span: Window, by: str | None, changed: int = 0
) -> Iterable[tuple[str | None, Sums]]:
    """Yield what comes of the rows of the whole scope, or of each value of a dimension."""
    as_of = columns.tick.as_of
    if isinstance(metric.formula, Combined):
        asked = [(metric_named(part.metric), part.span(span, as_of, site.zone)) for part in metric.formula.of]
        parts = [found_in(columns, site, one, scope, its_span, by) for one, its_span in asked]
        return [(word, metric.formula.sums(found)) for word, found in together(parts)]
    rows = chosen(metric, columns.rows(metric.table, scope, span, metric.placed_by), as_of)
    if is_of_days(rows, metric):
        return found_of_days(metric, rows, span, by, as_of)
    if by is None:
        return [(None, sums(plain(metric), rows, as_of, changed))]
    return sums_by(plain(metric), rows, rows.column_of(by), as_of, changed)


def is_of_days(rows: Rows, metric: Metric) -> bool:
    """Whether rows stand for days, and what they add up to is of the days that they stand for."""
    placed_by = metric.placed_by
    is_day = placed_by in rows.columns.arrays and rows.columns.table.column(placed_by).kind is Kind.DAY
    return is_day and isinstance(metric.formula, Total)


def found_of_days(metric: Metric, rows: Rows, span: Window, by: str | None, as_of: int) -> list[tuple[str | None, Sums]]:
    """Return sums over days, of all or of each value of a dimension, each with whether every day of the window is covered.

    A town's days are its own. Those of an industry are the days of all rows: where it has none, it had nobody on that day.
    """
    parts: dict[str | None, Rows] = {None: rows} if by is None else dict(rows.groups(rows.column_of(by)))
    whole = is_covered(metric, rows, span)
    covered = {word: is_covered(metric, part, span) if by == TOWN else whole for word, part in parts.items()}
    return [(word, replace(sums(plain(metric), part, as_of), is_covered=covered[word])) for word, part in parts.items()]


def is_covered(metric: Metric, rows: Rows, span: Window) -> bool:
    """Whether rows that stand for days speak of every day of a window."""
    asked = span.days[1] - span.days[0] - (span.left_out is not None)
    days = rows.numbers(metric.placed_by).astype(np.int64) - span.days[0]
    return bool(np.count_nonzero(np.bincount(days)) >= asked)


def chosen(metric: Metric, rows: Rows, as_of: int) -> Rows:
    """Return the rows that a metric is about, of those in its window."""
    return rows if metric.among is None else rows.where(metric.among.mask(rows, as_of))


def of_part(rows: Rows, dims: Mapping[str, str | None]) -> Rows:
    """Return the rows of one part: those that have its code in each dimension, or none where the part is of those without."""
    for dimension, code in dims.items():
        column = rows.column_of(dimension)
        rows = rows.where(~rows.has(column) if code is None else rows.is_any(column, [code]))
    return rows


def plain(metric: Metric) -> Formula:
    """Return the formula of a metric that reads rows. Raises: TypeError for one that is made of others."""
    if isinstance(metric.formula, Combined):
        raise TypeError(f"{metric.key} is made of other metrics and reads no rows itself")
    return metric.formula


def tables_of(metric: Metric) -> set[str]:
    """Return the tables that a metric reads, or those that what it is made of reads."""
    if isinstance(metric.formula, Combined):
        return {table for part in metric.formula.of for table in tables_of(metric_named(part.metric))}
    return {metric.table}


def leaves(metric: Metric, span: Window, as_of: int, site: Site) -> list[tuple[Metric, Window]]:
    """Return the metrics that read rows, and in which windows: the metric itself, or those that it is made of."""
    if not isinstance(metric.formula, Combined):
        return [(metric, span)]
    return [
        leaf
        for part in metric.formula.of
        for leaf in leaves(metric_named(part.metric), part.span(span, as_of, site.zone), as_of, site)
    ]


def read(
    metric: Metric,
    site: Site,
    rows: Rows,
    span: Window,
    *,
    as_of: int,
    dims: Mapping[str, str | None],
    refused: Doubt = NO_DOUBT,
) -> Reading:
    """Evaluate one metric that reads rows over some, in doubt of those that were refused."""
    found = sums(plain(metric), chosen(metric, rows, as_of), as_of, refused.changed)
    return reading(metric, site, found, span, dims, refused)


def reading(  # noqa: PLR0917 in the order one says them: of this metric, at this site, what was found, where, in doubt of what
    metric: Metric, site: Site, found: Sums, span: Window, dims: Mapping[str, str | None], refused: Doubt = NO_DOUBT
) -> Reading:
    """Return what a formula made of rows as a reading of its metric."""
    unknown = unknowable(site, metric)
    status, reason = judge(metric, found, span, unknown)
    is_withheld = unknown is not None or status is Status.SHORT
    shown = in_unit(metric, (None, None, None) if is_withheld or found.estimate is None else found.estimate)
    extremes = None if is_withheld else found.extremes
    least, most = in_unit(metric, extremes or (None, None))
    return Reading(
        metric=metric,
        window=span,
        dims=dims,
        value=shown[0],
        n=found.n,
        n_total=found.n_total,
        hit_count=found.hit_count,
        low=shown[1],
        high=shown[2],
        status=status,
        states=found.states,
        reason=reason or found.note,
        quarantined=0 if unknown else refused.rows,
        is_bounded=extremes is not None,
        least=least,
        most=most,
        detail=() if is_withheld else found.detail,
    )


def in_unit(metric: Metric, numbers: Sequence[float | None]) -> list[float | None]:
    """Return estimated numbers in the metric's unit."""
    scale = SCALE.get(metric.unit, 1)
    return [None if number is None else number / scale for number in numbers]


def unknowable(site: Site, metric: Metric) -> Text | None:
    """Return why a site cannot know a metric at all, if it cannot: a stamp it has not, or a contract that nothing fills."""
    if isinstance(metric.formula, Combined):
        reasons = (unknowable(site, metric_named(part.metric)) for part in metric.formula.of)
        return next((reason for reason in reasons if reason), None)
    said = next((site.cannot_know[stamp] for stamp in metric.needs if stamp in site.cannot_know), None)
    return said or (None if all(site.feeding((table,)) for table in metric.sources) else NOT_FED)


def judge(metric: Metric, found: Sums, span: Window, unknown: Text | None) -> tuple[Status, Text | None]:
    """Say how far a reading may be trusted, and why it has no value."""
    least = metric.formula.minimum_n
    if unknown:
        return Status.MISSING, unknown
    if least and found.n == 0:
        return Status.MISSING, NO_VALUE if found.n_total else NO_CASE
    if found.n < least:
        return Status.SHORT, Text(f"样本不足 n={found.n}<{least}", f"too few, n={found.n}<{least}")
    if found.estimate is None:
        return Status.MISSING, found.note or (NO_VALUE if found.n_total else NO_CASE)
    return (Status.PROVISIONAL if span.is_provisional else Status.OK), None
