"""A number opened, from a view: what an address asks for, read at its display level."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qs

from callbacks.asked import level_of, may_see
from callbacks.gathering import gathered
from cockpit.behind import behind
from cockpit.by_week import has_weeks, read_weeks, windows_of
from cockpit.disclosure import LEAST_CELL, OF_NO_PERSON, Level, disclosed, without_small
from cockpit.errors import UnknownName
from cockpit.evaluate import WEEK, leaves, metric_named, tables_of
from cockpit.formula_combined import Combined
from cockpit.ledger.tables import Pii
from cockpit.metric import Metric, Reading
from cockpit.opened import Opened
from cockpit.panel import Asked, Need, Panel
from cockpit.scope import CITY, UNKNOWN_TOWN, Scope, town_scope
from cockpit.text import Text
from cockpit.view import View, feeding
from cockpit.window import WEEKS, WINDOW_TEXT, YEAR_IN_WEEKS, window

MOST_ROWS = 200
TOWN = "town"

ITS_ROWS = Panel(key="opened", title=Text("指标", "Number"), draw=lambda _values, _language: [], follows=True)
"""What is gathered besides readings is gathered as for a panel without needs."""

OF_NOW = Text("此指标说的是当前状态，没有逐周序列", "It tells how things stand now, and has no weekly series")
WITHHELD_WEEKS = Text("样本太少，逐周数值不显示", "too few for weekly values to be shown")
NOT_FOR_VISITORS = Text("访客画面不列明细", "Visitors are not shown single rows")
WITHHELD_ROWS = Text("样本太少，为保护个人不列明细", "Too few to list without telling of persons")

SLOWLY_TOLD = frozenset({("injury_case", "event_at"), ("work_injury_days", "event_at")})
"""Rows that are placed by the accident become known weeks later: the newest weeks are not yet told in full."""

NOWCAST = "accidents_nowcast"
IS_JUDGED = 2
"""Where the detail of a nowcast week says whether a chart may judge it."""


def opened(view: View, scope: Scope, key: str, query: str) -> Opened:
    """Return the number that an address asks for. Raises: UnknownName."""
    metric, said = metric_named(key), {name: found[0] for name, found in parse_qs(query.removeprefix("?")).items()}
    name = window_of(metric, said)
    asked = Asked(town=town_of(view, scope, said), at=said.get("at"), level=level_of(said.get("level", "")))
    seen = scope if asked.town is None else town_scope(asked.town)
    reading = the_reading(view, metric, name, seen, said, asked.level)
    found = Opened(
        values=replace(gathered(view, ITS_ROWS, scope, None, asked), readings={Need(key, name): (reading,)}),
        now=view.now,
        reading=reading,
        windows=windows_of(metric),
        feeders=tuple(age for age in view.ages() if age.key in feeding(view.site, metric)),
        dimension_titles=dimension_titles(view, metric),
        parts=parts_of(view, metric, name, seen, reading, asked),
        made_of=made_of(view, reading, seen, asked.level),
    )
    return with_rows(view, with_weeks(view, found, seen), seen)


def window_of(metric: Metric, said: Mapping[str, str]) -> str:
    """Return the window that an address asks for, or the usual one. Raises: UnknownName."""
    name = said.get("window", metric.usual_window)
    if name not in windows_of(metric):
        raise UnknownName(f"{metric.key} is not read in the window {name!r}; it is in {', '.join(windows_of(metric))}")
    return name


def town_of(view: View, scope: Scope, said: Mapping[str, str]) -> str | None:
    """Return the town that an address asks for, `?` being those cases of which nobody knows it. Raises: UnknownName."""
    town = said.get(TOWN) or None
    if town is None or (town == UNKNOWN_TOWN and scope.is_city) or may_see(view, scope, town):
        return town
    raise UnknownName(f"there is no town {town!r} that may be seen here; leave ?town= out for all of them")


def the_reading(  # noqa: PLR0917 in the order one says them: this metric, in this window, of this scope, this part, at this level
    view: View, metric: Metric, name: str, seen: Scope, said: Mapping[str, str], level: Level
) -> Reading:
    """Return the reading of the scope, or of the part that is named, as it may be seen. Raises: UnknownName."""
    dimensions = (WEEK,) if name in WEEKS else metric.by
    by = next((dimension for dimension in dimensions if dimension in said and dimension != TOWN), None)
    if by is not None:
        read = view.readings(metric.key, name, seen, by)
        parts = disclosed(read, level) if by == WEEK and seen.is_city else shown(view, read, level)
        found = [one for one in parts if (one.dims[by] or UNKNOWN_TOWN) == said[by]]
        if not found:
            there = ", ".join(sorted(one.dims[by] or UNKNOWN_TOWN for one in parts)) or "none"
            raise UnknownName(f"{metric.key} has no part {by}={said[by]!r} in the window {name}; there are {there}")
        return found[0]
    (whole,) = view.readings(metric.key, name, seen)
    if seen.is_city or view.not_of_towns(metric, seen):
        return disclosed((whole,), level)[0]
    towns = view.readings(metric.key, name, CITY, TOWN) if TOWN in metric.by else ()
    beside = [one for one in towns if one.dims[TOWN] != seen.code]
    return shown(view, (whole, *beside), level)[0]


def shown(view: View, parts: tuple[Reading, ...], level: Level) -> tuple[Reading, ...]:
    """Return the parts of a whole, or the weeks of one part, without those that would tell of a few persons."""
    is_of_persons = bool(parts) and of_persons(view, parts[0].metric)
    return without_small(parts, LEAST_CELL[level]) if is_of_persons else disclosed(parts, level)


def tells_of_few(view: View, reading: Reading, level: Level) -> bool:
    """Whether a number is withheld, or of so few persons that its parts and its rows would tell who they are."""
    return reading.is_withheld or (of_persons(view, reading.metric) and 0 < reading.n < LEAST_CELL[level])


def of_persons(view: View, metric: Metric) -> bool:
    """Whether the rows that a metric counts are of persons."""
    tables = [view.columns.tables[name].table for name in tables_of(metric)]
    return any(table.pii is not Pii.NONE and table.name not in OF_NO_PERSON for table in tables)


def dimension_titles(view: View, metric: Metric) -> dict[str, Text]:
    """Return what the dimensions of a metric are called: as their columns are."""
    tables = [view.columns.tables[name].table for name in sorted(tables_of(metric))]
    named = [(name, table) for table in reversed(tables) for name in metric.by if name in table.names and name != TOWN]
    return {name: table.column(name).meaning for name, table in named}


def parts_of(  # noqa: PLR0917 as `the_reading`
    view: View, metric: Metric, name: str, seen: Scope, reading: Reading, asked: Asked
) -> dict[str, tuple[Reading, ...]]:
    """Return the readings of each dimension; a part, and a number that is withheld, has none."""
    if reading.dims or name in WEEKS or tells_of_few(view, reading, asked.level):
        return {}
    wanted = [by for by in metric.by if by != TOWN or asked.town is None]
    return {by: found for by in wanted if (found := shown(view, view.readings(metric.key, name, seen, by), asked.level))}


def made_of(view: View, reading: Reading, seen: Scope, level: Level) -> tuple[Reading, ...]:
    """Return the readings that a number is made of, each in its own window."""
    formula = reading.metric.formula
    if not isinstance(formula, Combined) or reading.dims or reading.is_withheld:
        return ()
    zone, as_of = view.site.zone, view.tick.as_of
    whole = window(reading.window.name, as_of, zone)
    asked = {(part.metric, part.span(whole, as_of, zone).name): None for part in formula.of}
    read = [one for key, name in asked if name in WINDOW_TEXT for one in view.readings(key, name, seen)]
    return tuple(safe for one in read for safe in (disclosed if seen.is_city else partial(shown, view))((one,), level))


def with_weeks(view: View, found: Opened, seen: Scope) -> Opened:
    """Add the last 53 weeks, or why there are none."""
    metric, asked = found.metric, found.values.asked
    if not has_weeks(metric):
        return replace(found, no_weeks=OF_NOW)
    if reason := view.not_of_towns(metric, seen):
        return replace(found, no_weeks=reason)
    if found.reading.is_withheld:
        return replace(found, no_weeks=WITHHELD_WEEKS)
    dims = {name: code for name, code in found.reading.dims.items() if name != WEEK}
    weeks = view.dated(metric, read_weeks(view.columns, view.site, metric, seen, YEAR_IN_WEEKS, dims))
    is_part = not seen.is_city or bool(dims)
    weeks = shown(view, weeks, asked.level) if is_part else disclosed(weeks, asked.level)
    holidays = view.readings("long_holidays", YEAR_IN_WEEKS, seen, WEEK)
    return replace(found, weeks=weeks, holidays=holidays, untold=untold(view, metric, seen))


def untold(view: View, metric: Metric, seen: Scope) -> frozenset[str]:
    """Return the weeks of which so little is told yet that no chart may judge them."""
    span = window(YEAR_IN_WEEKS, view.tick.as_of, view.site.zone)
    read = leaves(metric, span, view.tick.as_of, view.site)
    if metric.key == NOWCAST or SLOWLY_TOLD.isdisjoint((one.table, one.placed_by) for one, _ in read):
        return frozenset()
    weeks = view.readings(NOWCAST, YEAR_IN_WEEKS, seen, WEEK)
    return frozenset(one.dims[WEEK] or "" for one in weeks if one.detail and not one.detail[0][IS_JUDGED])


def with_rows(view: View, found: Opened, seen: Scope) -> Opened:
    """Add the newest rows, or why there are none."""
    reason = view.not_of_towns(found.metric, seen)
    if found.values.asked.level is Level.PUBLIC:
        reason = NOT_FOR_VISITORS
    elif tells_of_few(view, found.reading, found.values.asked.level):
        reason = WITHHELD_ROWS
    if reason:
        return replace(found, no_rows=reason)
    reading = found.reading
    return replace(found, rows=behind(view, found.metric, reading.window.name, seen, reading.dims, MOST_ROWS))
