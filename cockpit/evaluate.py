"""From columns to readings: every metric, for the city and each part of it."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import cockpit.metrics
from cockpit.columns import Columns, Rows
from cockpit.effect import NO_DOUBT, Doubt, doubt
from cockpit.errors import UnknownName
from cockpit.formula import Sums, sums, sums_by
from cockpit.metric import SCALE, Metric, Reading, Status
from cockpit.scope import Scope
from cockpit.site import Site
from cockpit.text import Text
from cockpit.window import Window, window

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
    return tuple(sorted({metric.table for metric in catalogue().values()}))


def read_metric(  # noqa: PLR0917 in the order one says them: this metric, of this scope, in this window, by that
    columns: Columns, site: Site, metric: Metric, scope: Scope, name: str, by: str | None = None
) -> list[Reading]:
    """Return a metric's reading in one window: of the whole scope, or of each value of a dimension."""
    span = window(name, columns.tick.as_of, site.zone)
    rows = columns.rows(metric.table, scope, span)
    refused = doubt(columns, site, metric, span)
    if by is None:
        return [read(metric, site, rows, span, as_of=columns.tick.as_of, dims={}, refused=refused)]
    parts = sums_by(metric.formula, rows, rows.column_of(by), columns.tick.as_of, refused.changed)
    return [reading(metric, site, part, span, {by: value}, refused) for value, part in parts]


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
    """Evaluate one metric over rows, in doubt of those that were refused."""
    return reading(metric, site, sums(metric.formula, rows, as_of, refused.changed), span, dims, refused)


def reading(  # noqa: PLR0917 in the order one says them: of this metric, at this site, what was found, where, in doubt of what
    metric: Metric, site: Site, found: Sums, span: Window, dims: Mapping[str, str | None], refused: Doubt = NO_DOUBT
) -> Reading:
    """Return what a formula made of rows as a reading of its metric."""
    unknown = unknowable(site, metric)
    status, reason = judge(metric, found.n, found.n_total, span, unknown)
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
        reason=reason,
        quarantined=0 if unknown else refused.rows,
        is_bounded=extremes is not None,
        least=least,
        most=most,
    )


def in_unit(metric: Metric, numbers: Sequence[float | None]) -> list[float | None]:
    """Return estimated numbers in the metric's unit."""
    scale = SCALE[metric.unit]
    return [None if number is None else number / scale for number in numbers]


def unknowable(site: Site, metric: Metric) -> Text | None:
    """Return why a site cannot know a metric at all, if it cannot: a stamp it has not, or a contract that nothing fills."""
    said = next((site.cannot_know[stamp] for stamp in metric.needs if stamp in site.cannot_know), None)
    return said or (None if all(site.feeding((table,)) for table in metric.sources) else NOT_FED)


def judge(metric: Metric, n: int, n_total: int, span: Window, unknown: Text | None) -> tuple[Status, Text | None]:
    """Say how far a reading may be trusted, and why it has no value."""
    least = metric.formula.minimum_n
    if unknown:
        return Status.MISSING, unknown
    if least and n == 0:
        return Status.MISSING, NO_VALUE if n_total else NO_CASE
    if n < least:
        return Status.SHORT, Text(f"样本不足 n={n}<{least}", f"too few, n={n}<{least}")
    return (Status.PROVISIONAL if span.is_provisional else Status.OK), None
