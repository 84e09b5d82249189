"""Weekly series: what a metric gives of each ISO week of a window of whole weeks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from cockpit.columns import Columns, Rows
from cockpit.effect import doubt
from cockpit.errors import UnknownName
from cockpit.evaluate import WEEK, chosen, is_covered, is_of_days, leaves, metric_named, of_part, plain, read_metric, reading
from cockpit.formula import Sums, sums
from cockpit.formula_cohort import Nowcast
from cockpit.formula_combined import Combined
from cockpit.ledger.tables import Kind
from cockpit.metric import Metric, Reading
from cockpit.scope import CITY, Scope
from cockpit.site import Site
from cockpit.window import WEEKS, YEAR_IN_WEEKS, Window, weeks_of, window

Part = Mapping[str, str | None]
WHOLE: Part = MappingProxyType({})

STATE = "now"
"""The window of what simply is so, and has no weeks."""


def has_weeks(metric: Metric) -> bool:
    """Whether a metric has a weekly series: its rows are placed in time, and nothing that it is made of is so now only."""
    if isinstance(metric.formula, Combined):
        return all(part.when != STATE and has_weeks(metric_named(part.metric)) for part in metric.formula.of)
    return {*metric.windows} != {STATE}


def windows_of(metric: Metric) -> tuple[str, ...]:
    """Return the windows that a metric may be read in: those that it declares, and a year of weeks where it has any."""
    return (*metric.windows, YEAR_IN_WEEKS) if has_weeks(metric) else metric.windows


def read_by(  # noqa: PLR0917 as `read_metric`
    columns: Columns, site: Site, metric: Metric, scope: Scope, name: str, by: str | None = None
) -> list[Reading]:
    """Return a metric's reading in one window: of the whole scope, of each value of a dimension, or of each week."""
    read = read_weeks if by == WEEK else partial(read_metric, by=by)
    return read(columns, site, metric, scope, name)


def read_weeks(  # noqa: PLR0917 as `read_metric`
    columns: Columns, site: Site, metric: Metric, scope: Scope, name: str, dims: Part = WHOLE
) -> list[Reading]:
    """Return a metric's reading of each week of a window of whole weeks, oldest first, perhaps of one part.

    Raises: UnknownName where a metric has no weeks.
    """
    if name not in WEEKS or not has_weeks(metric):
        raise UnknownName(f"{metric.key} has no weekly series in the window {name!r}; windows of weeks are {', '.join(WEEKS)}")
    as_of = columns.tick.as_of
    span = window(name, as_of, site.zone)
    weeks = list(weeks_of(span, site.zone))
    doubts = [doubt(columns, site, leaves(metric, week, as_of, site)) for week in weeks]
    found = of_weeks(columns, site, metric, scope, span, dims)
    return [
        reading(metric, site, some, week, {**dims, WEEK: week.label}, refused)
        for some, week, refused in zip(found, weeks, doubts, strict=True)
    ]


def of_weeks(  # noqa: PLR0917 as `read_metric`
    columns: Columns, site: Site, metric: Metric, scope: Scope, span: Window, dims: Part = WHOLE
) -> list[Sums]:
    """Return what comes of the rows of each week of a window of whole weeks, oldest first."""
    as_of = columns.tick.as_of
    if isinstance(metric.formula, Combined):
        asked = [(metric_named(part.metric), part.span(span, as_of, site.zone)) for part in metric.formula.of]
        parts = [of_weeks(columns, site, one, scope, its_span, dims) for one, its_span in asked]
        return [metric.formula.sums(found) for found in zip(*parts, strict=True)]
    rows = of_part(chosen(metric, columns.rows(metric.table, scope, span, metric.placed_by), as_of), dims)
    if isinstance(metric.formula, Nowcast):
        whole = rows if scope.is_city else chosen(metric, columns.rows(metric.table, CITY, span, metric.placed_by), as_of)
        return list(metric.formula.by_week(rows, span, as_of, metric.formula.law(whole, span, as_of)))
    weeks = list(weeks_of(span, site.zone))
    found = [sums(plain(metric), part, as_of) for part in parted(metric, rows, weeks)]
    if not is_of_days(rows, metric):
        return found
    days = zip(found, parted(metric, rows, weeks), weeks, strict=True)
    return [replace(some, is_covered=is_covered(metric, part, week)) for some, part, week in days]


def parted(metric: Metric, rows: Rows, weeks: list[Window]) -> Iterable[Rows]:
    """Yield the rows of each week."""
    is_day = rows.columns.table.column(metric.placed_by).kind is Kind.DAY
    placed = rows.numbers(metric.placed_by)
    order = np.argsort(placed, kind="stable")
    ends = [week.days if is_day else (week.from_at, week.to_at) for week in weeks]
    bounds = pairwise(np.searchsorted(placed[order], [*(begin for begin, _ in ends), ends[-1][1]]).tolist())
    return (rows.take(order[first:last]) for first, last in bounds)
