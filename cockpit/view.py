"""A view: what one scope may see of the city at one tick, ready for a screen, an answer or an export."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from cockpit.by_week import read_by
from cockpit.code_names import code_name
from cockpit.columns import Columns, Rows, load_columns
from cockpit.columns_at import columns_at
from cockpit.configuration import DEFAULT, Configuration
from cockpit.errors import ScopeError, UnknownName
from cockpit.evaluate import WEEK, chosen, leaves, metric_named, of_part, plain, tables_of, tables_read
from cockpit.formula_combined import Combined
from cockpit.formula_count import stands_in
from cockpit.freshness import Age, SourceAge, aged, source_ages, worst
from cockpit.ledger.read import SourceState, Tick, has_tick, source_states, tick_at
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.ledger.stretches import source_states_at
from cockpit.marks import Marks
from cockpit.metric import Metric, Reading, Status
from cockpit.named import in_force, read_functional, read_labels
from cockpit.panel import Latest
from cockpit.scope import CITY, UNKNOWN_TOWN, Scope, town_scope
from cockpit.site import Site
from cockpit.text import Text
from cockpit.window import Window, is_over, weeks_of, window

MINUTE_S = 60
UNKNOWN = Text("不明", "unknown")
NEVER_READ = Text("数据源尚未读入", "not read yet")
NOT_A_TOWNS = Text("被拒绝的行不知属于哪个乡镇", "a refused row names no town")
OF_THE_CITY = Text("只按全市统计，不分乡镇", "known of the whole city only")


@dataclass(frozen=True)
class View:
    """One tick's columns, the names of codes, and what was recorded of the sources up to an instant (`now`, UTC s).

    `is_aged`: readings say so when their sources are old; otherwise they are what the rows alone make them.
    """

    site: Site
    columns: Columns
    labels: Mapping[str, Mapping[str, Text]]
    functional: frozenset[str]
    states: Mapping[str, SourceState]
    now: float
    is_aged: bool = True
    configuration: Configuration = DEFAULT

    @property
    def tick(self) -> Tick:
        """The tick that everything here was known at."""
        return self.columns.tick

    def ages(self) -> tuple[SourceAge, ...]:
        """Return how old each source is."""
        return source_ages(self.site, dict(self.states), self.now)

    def readings(self, key: str, name: str, scope: Scope, by: str | None = None) -> tuple[Reading, ...]:
        """Return a metric's readings, marked late or stale when its sources are. Raises: UnknownName."""
        metric = metric_named(key)
        if reason := self.not_of_towns(metric, scope):
            return (unread(metric, window(name, self.tick.as_of, self.site.zone), reason),) if by is None else ()
        asked = (key, name, scope, by)
        if asked not in self.columns.read:
            self.columns.read[asked] = read_by(self.columns, self.site, metric, scope, name, by)
        return self.dated(metric, self.columns.read[asked])

    def dated(self, metric: Metric, found: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return readings as the age of their sources allows, and the day that it is by now."""
        feeders = feeding(self.site, metric)
        if not self.is_aged or not feeders:  # what nothing feeds has no age, and its reading says why it has no value
            return tuple(found)
        age = worst(tuple(a for a in self.ages() if a.key in feeders))
        told = [dated(reading, age) for reading in found]
        return tuple(map(self.of_its_day, told)) if self.is_day_over else tuple(told)

    def of_its_day(self, reading: Reading) -> Reading:
        """Return a reading that says up to when it counts, and is late, where the day or week it is named after is over."""
        if not is_over(reading.window.name, self.tick.as_of, self.now, self.site.zone):
            return reading
        late = aged(reading.status, Age.LATE) if reading.status is not Status.STALE else Status.STALE
        return replace(reading, status=late, up_to=self.local_time(self.tick.as_of))

    @property
    def is_day_over(self) -> bool:
        """Whether it is another day by now than that of the tick, if there is one: nothing here speaks of today."""
        days = [datetime.fromtimestamp(instant, self.site.zone).date() for instant in (self.tick.as_of, self.now)]
        return self.is_aged and self.site.replay is None and self.tick.number > 0 and days[0] < days[1]

    def not_of_towns(self, metric: Metric, scope: Scope) -> Text | None:
        """Return why a metric has no value for a town alone, if it has none: what it reads names no town."""
        tables = tables_of(metric)
        if QUARANTINE.name in tables and not scope.is_city:
            return NOT_A_TOWNS
        return None if all(self.columns.may_read(table, scope) for table in tables) else OF_THE_CITY

    def observed_at(self, table: str, scope: Scope) -> float | None:
        """Return the newest event (UTC s) that a table knows of in a scope; a table that names no town tells a town none."""
        if not self.columns.may_read(table, scope):
            return None
        rows = self.columns.rows(table, scope, Window("all", 0, self.tick.as_of + 1, is_provisional=True))
        has_time = "event_at" in rows.columns.table.names and len(rows) > 0
        return float(rows.numbers("event_at").max()) if has_time else None

    def began_at(self, table: str, scope: Scope) -> float | None:
        """Return the oldest event (UTC s) that a table knows of in a scope, as `observed_at`."""
        if not self.columns.may_read(table, scope):
            return None
        rows = self.columns.rows(table, scope, Window("all", 0, self.tick.as_of + 1, is_provisional=True))
        return float(rows.numbers("event_at").min()) if len(rows) else None

    def heard_at(self) -> int:
        """Return the instant (UTC s) up to which every source that is waited for was heard: unheard time is not counted."""
        waited = self.waited
        live = [state.loaded_at for key, state in self.states.items() if state.loaded_at and key in waited]
        return self.tick.as_of if self.site.replay else min([self.tick.as_of, *map(int, live)])

    @property
    def waited(self) -> frozenset[str]:
        """The keys of the live sources that news is waited for: one that brings some each hour, only once it is late."""
        rare = {source.key for source in self.site.sources if source.news_within_s > MINUTE_S}
        return self.live - {age.key for age in self.ages() if age.age is Age.FRESH and age.key in rare}

    @property
    def live(self) -> frozenset[str]:
        """The keys of the sources that are no mere lists."""
        return frozenset(source.key for source in self.site.sources if not source.static)

    def label(self, dimension: str, code: str | None) -> Text:
        """Return the name of a code, or the code itself."""
        if code is None or (dimension == "town" and code == UNKNOWN_TOWN):
            return UNKNOWN
        return self.labels.get(dimension, {}).get(code) or code_name(dimension, code)

    def scope_of(self, code: str | None) -> Scope:
        """Return the scope of a town's code, or of the city when none is given. Raises: UnknownName."""
        towns = self.labels.get("town", {})
        if code is not None and code not in towns:
            raise UnknownName(f"{self.site.key} has no town {code!r}; it has {', '.join(sorted(towns)) or 'none yet'}")
        return CITY if code is None else town_scope(code)

    def latest(self, wanted: Latest, scope: Scope) -> list[dict[str, Any]]:
        """Return the newest rows of a table, newest first, or those that are highest, or lowest, in a column, these first.

        A table that names no town gives a town none.
        """
        if not self.columns.may_read(wanted.table, scope):
            return []
        begin = 0 if wanted.within_s is None else self.tick.as_of - wanted.within_s
        rows = self.columns.rows(wanted.table, scope, Window("all", begin, self.tick.as_of + 1, is_provisional=True))
        asked = (*(() if wanted.column is None else ((wanted.column, wanted.words),)), *wanted.also)
        for name, among in asked:
            rows = rows.where(stands_in(rows, name, among))
        height = rows.numbers(wanted.by) - (0.0 if wanted.above is None else rows.numbers(wanted.above))
        known = np.flatnonzero(~np.isnan(height))
        order = known[np.argsort(height[known] if wanted.lowest else -height[known], kind="stable")[: wanted.limit]]
        return plain_rows(rows.take(order), wanted.columns)

    def rows_behind(self, metric: Metric, name: str, scope: Scope, dims: Mapping[str, str | None]) -> list[dict[str, Any]]:
        """Return the rows a reading was computed from, each with the part it plays.

        Grain: one row per row of the metric's table that is in n total; of a metric that is made of others, `part` names the
        one it is a row of. `is_valid` rows are n, `is_hit` rows are the numerator.
        Raises: ScopeError where the metric has no value for a town alone.
        """
        if reason := self.not_of_towns(metric, scope):
            raise ScopeError(f"{metric.key} has no rows of a town alone: {reason.en}; ask for the whole city's")
        read = self.read_behind(metric, name, dims)
        named = [{"part": one.key} if isinstance(metric.formula, Combined) else {} for one, _ in read]
        found = [self.rows_of(one, its_span, scope, dims) for one, its_span in read]
        return [{**name, **row} for name, rows in zip(named, found, strict=True) for row in rows]

    def read_behind(self, metric: Metric, name: str, dims: Mapping[str, str | None]) -> list[tuple[Metric, Window]]:
        """Return the metrics that read the rows of a reading, and in which windows: one week of a window of weeks."""
        span = window(name, self.tick.as_of, self.site.zone)
        weeks = {week.label: week for week in weeks_of(span, self.site.zone)} if WEEK in dims else {}
        return leaves(metric, weeks.get(dims.get(WEEK) or "", span), self.tick.as_of, self.site)

    def rows_of(self, metric: Metric, span: Window, scope: Scope, dims: Mapping[str, str | None]) -> list[dict[str, Any]]:
        """Return the rows that a metric which reads rows makes its value of, in one window."""
        kept, marks = self.marked(metric, span, scope, dims)
        names = [n for n in kept.columns.table.names if not n.endswith("_local")]
        parts = zip(plain_rows(kept, names), marks.is_valid.tolist(), marks.is_hit.tolist(), strict=True)
        return [{**row, "is_valid": valid, "is_hit": hit} for row, valid, hit in parts]

    def marked(self, metric: Metric, span: Window, scope: Scope, dims: Mapping[str, str | None]) -> tuple[Rows, Marks]:
        """Return the rows in n total of a metric which reads rows, and the part that each of them plays."""
        placed = chosen(metric, self.columns.rows(metric.table, scope, span, metric.placed_by), self.tick.as_of)
        rows = of_part(placed, {name: code for name, code in dims.items() if name != WEEK})
        marks = plain(metric).marks(rows, self.tick.as_of)
        is_kept = marks.is_total
        return rows.where(is_kept), Marks(is_kept[is_kept], marks.is_valid[is_kept], marks.is_hit[is_kept])

    def local_time(self, instant: float | None) -> datetime | None:
        """Return an instant (UTC s) on the site's wall clock."""
        return None if instant is None else datetime.fromtimestamp(instant, UTC).astimezone(self.site.zone)


def unread(metric: Metric, span: Window, reason: Text) -> Reading:
    """Return a reading of what nobody asked the rows for, and why."""
    return Reading(metric, span, {}, None, 0, 0, 0, None, None, Status.MISSING, {}, reason)


def unknown(reading: Reading, reason: Text) -> Reading:
    """Return a reading without its value, and why."""
    nothing = replace(reading, value=None, low=None, high=None, is_bounded=False, least=None, most=None)
    return replace(nothing, status=Status.MISSING, reason=reason)


def dated(reading: Reading, age: Age) -> Reading:
    """Return a reading as the age of its sources allows: what was never read is not zero, but unknown."""
    if age is Age.NEVER:
        return unknown(reading, NEVER_READ)
    return replace(reading, status=aged(reading.status, age))


def feeding(site: Site, metric: Metric) -> set[str]:
    """Return the keys of the sources that feed a metric."""
    return {source.key for source in site.feeding(metric.sources)}


def plain_rows(rows: Rows, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return rows as records of plain values; whole numbers are integers."""
    columns: dict[str, list[Any]] = {}
    for name in names:
        if name in rows.columns.vocabulary:
            columns[name] = list(rows.texts(name))
        else:
            columns[name] = [None if np.isnan(v) else int(v) if v == int(v) else v for v in rows.numbers(name).tolist()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def open_view(ledger: Ledger, site: Site, now: float, *, number: int | None = None, fork: Columns | None = None) -> View:
    """Load a view of the newest tick, or of a numbered one, its sources as they stood at `now` (UTC s). Raises: UnknownName.

    With a fork of newer columns only what changed since is read; the fork is used up.
    """
    with ledger.reading() as connection:
        tick = tick_at(connection, ledger, number=number)
        is_past = number is not None
        return View(
            site=site,
            columns=columns_at(fork, connection, ledger, tick) if fork else loaded(connection, ledger, tick),
            labels=read_labels(connection, ledger, site, tick.number),
            functional=read_functional(connection, ledger, tick.number),
            states=past_states(connection, ledger, site, now) if is_past else source_states(connection, ledger),
            now=now,
            configuration=in_force(connection, ledger, site, tick),
        )


def loaded(connection: sa.Connection, ledger: Ledger, tick: Tick) -> Columns:
    """Load all that metrics read, as it was known at a tick."""
    return load_columns(connection, ledger, tables_read(), tick)


def past_states(connection: sa.Connection, ledger: Ledger, site: Site, instant: float) -> dict[str, SourceState]:
    """Return how the sources of a site stood at an instant (UTC s)."""
    return source_states_at(connection, ledger, [source.key for source in site.sources], instant)


def refreshed(view: View, ledger: Ledger, now: float) -> View:
    """Return the view of the newest tick, moved on from an earlier one by what changed between.

    A store that was put back to an earlier tick, or no longer has the tick that the view stands on, is loaded anew.
    """
    with ledger.reading() as connection:
        tick = tick_at(connection, ledger)
        if tick.number < view.tick.number or not has_tick(connection, ledger, view.tick.number):
            return open_view(ledger, view.site, now)
        if tick.number != view.tick.number:
            view.columns.advance(connection, ledger, tick)
            view = replace(
                view,
                labels=read_labels(connection, ledger, view.site, tick.number),
                functional=read_functional(connection, ledger, tick.number),
                configuration=in_force(connection, ledger, view.site, tick),
            )
        return replace(view, states=source_states(connection, ledger), now=now)
