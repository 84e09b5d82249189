"""What every metric, every contract and every derived table must have, whichever domain it is of."""

from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from cockpit.columns import USUAL_PLACE, Rows, TableColumns
from cockpit.evaluate import catalogue, chosen, metric_named, plain, read, reading, tables_read
from cockpit.formula import (
    MINIMUM_N,
    Average,
    Count,
    Distinct,
    InState,
    Nowcast,
    OfInterval,
    Ratio,
    Share,
    SurvivalQuantile,
    Total,
    Within,
    sums,
)
from cockpit.formula_combined import Combined
from cockpit.interval import Interval, State
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.ledger.tables import Kind
from cockpit.metric import UNIT_TEXT, Status
from cockpit.metrics.due import together
from cockpit.site import SHIPPED, Read, load_site
from cockpit.text import LANGUAGES
from cockpit.window import PERIODS, PLACED, WINDOW_TEXT, Window
from etl.catalogue import contracts, derivations, tables

TABLES = {**tables(), QUARANTINE.name: QUARANTINE}
NOW = Window("now", 0, 1, is_provisional=False)

every_metric = pytest.mark.parametrize("metric", catalogue().values(), ids=lambda metric: metric.key)
of_rows = [metric for metric in catalogue().values() if not isinstance(metric.formula, Combined)]
every_metric_of_rows = pytest.mark.parametrize("metric", of_rows, ids=lambda metric: metric.key)
COUNTED = Count | InState | Total | Distinct | Nowcast
"""Formulas of which nothing is zero."""
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
every_derived = pytest.mark.parametrize("derived", derivations(), ids=lambda derived: derived.table.name)
every_interval = pytest.mark.parametrize(
    "interval",
    dict.fromkeys(m.formula.interval for m in catalogue().values() if isinstance(m.formula, OfInterval)),
    ids=lambda interval: interval.key,
)


def held(metric, rows):
    """Return rows, which give some columns only, as the columns of the metric's table."""
    table = TABLES[metric.table]
    full = [[i, *(row.get(name) for name in table.names)] for i, row in enumerate(rows)]
    columns = TableColumns(table)
    columns.append(pd.DataFrame(full, columns=["id", *table.names], dtype=object))
    return Rows(columns, np.arange(len(rows)))


@pytest.fixture(scope="module")
def site():
    """The reference city, with one more source that feeds every contract."""
    city = load_site("wenling")
    every = tuple(Read(table=name, fields={}) for name in contracts())
    return city.model_copy(update={"sources": (*city.sources, city.sources[0].model_copy(update={"reads": every}))})


def read_parts(metric, site, parts):
    """Return the reading of a metric that is made of others, each with its rows."""
    asked = [metric_named(part.metric) for part in metric.formula.of]
    found = [sums(plain(one), chosen(one, held(one, rows), 0), 0) for one, rows in zip(asked, parts, strict=True)]
    return reading(metric, site, metric.formula.sums(found), NOW, {})


def read_example(metric, site):
    """Return the reading of a metric's example."""
    if isinstance(metric.formula, Combined):
        return read_parts(metric, site, metric.example.parts)
    return read(metric, site, held(metric, metric.example.rows), NOW, as_of=0, dims={})


def counts(formula):
    """Return the counts that a formula is made of."""
    if isinstance(formula, Share):
        return [formula.among, formula.valid, formula.hit, *([formula.still_open] if formula.still_open else [])]
    return [formula] if isinstance(formula, Count) else []


def columns_read(formula):
    """Return the columns that a formula reads."""
    if isinstance(formula, OfInterval):
        return {formula.interval.value, formula.interval.state, "event_at"}
    if isinstance(formula, SurvivalQuantile):
        return {formula.interval.value, formula.interval.state, formula.since, formula.censored_at}
    if isinstance(formula, Nowcast):
        return {formula.told, "event_at", "event_local"}
    if isinstance(formula, Total | Average | Distinct):
        return {formula.column}
    if isinstance(formula, Ratio):
        return {formula.numerator, formula.denominator}
    named = {formula.each} if isinstance(formula, Share) and formula.each else set()
    return named | {name for count in counts(formula) for name in names_in(count)}


def names_in(count):
    """Return the columns that a count reads."""
    return {
        *(*count.where, *count.present, *count.absent, *count.at_least),
        *(*count.at_most, *count.within_s, *count.beyond_s),
    }


def split_by(metric):
    """Return the columns that a metric is split by; `town` is what its table says it is."""
    table = TABLES[metric.table]
    return {(table.town if name == "town" else name) for name in metric.by}


@every_metric
def test_a_metric_speaks_both_languages(metric):
    for text in (metric.title, metric.definition):
        assert all(text(language).strip() for language in LANGUAGES)
    assert metric.unit in UNIT_TEXT


@every_metric
def test_a_metrics_example_gives_the_expected_value(metric, site):
    found = read_example(metric, site)
    assert found.value == pytest.approx(metric.example.value, abs=1e-9)
    assert found.status is Status.OK
    assert found.n == found.n_total == len((metric.example.parts or (metric.example.rows,))[0])


@every_metric_of_rows
def test_a_metrics_example_is_of_rows_as_its_table_has_them(metric):
    assert metric.example.rows
    assert {name for row in metric.example.rows for name in row} <= {*TABLES[metric.table].names}


@every_metric
def test_a_metrics_bounds_contain_its_example(metric, site):
    low, high = metric.bounds
    found = read_example(metric, site)
    ends = [value for value in (found.value, found.low, found.high, metric.example.value) if value is not None]
    assert all(low <= value <= high for value in ends)


@every_metric
def test_a_metric_of_nothing_is_zero_or_missing_and_never_a_guess(metric, site):
    if isinstance(metric.formula, Combined):
        found = read_parts(metric, site, [[]] * len(metric.formula.of))
        expected = (0, Status.OK) if metric.formula.combine is together else (None, Status.MISSING)
    else:
        found = read(metric, site, held(metric, []), NOW, as_of=0, dims={})
        expected = (0, Status.OK) if isinstance(metric.formula, COUNTED) else (None, Status.MISSING)
    assert (found.value, found.status) == expected
    assert (found.reason is None) is (found.value is not None)


@pytest.mark.parametrize("metric", [m for m in catalogue().values() if isinstance(m.formula, Combined)], ids=lambda m: m.key)
def test_a_metric_made_of_others_leans_on_what_they_lean_on(metric):
    parts = [metric_named(part.metric) for part in metric.formula.of]
    assert {*metric.sources} == {source for part in parts for source in part.sources}
    assert metric.table == parts[0].table
    assert all({*metric.by} <= {*part.by} for part in parts if part.by)
    for part, one in zip(metric.formula.of, parts, strict=True):
        asked = {"now"} if part.when == "now" else {*metric.windows}
        asked |= {f"{name}_ly" for name in asked} if part.when == "last_year" else set()
        assert asked <= {*one.windows} or part.when == "now", f"{one.key} is not read in {asked - {*one.windows}}"


@every_metric_of_rows
def test_a_metric_reads_a_table_and_columns_that_exist(metric):
    names = TABLES[metric.table].names
    among = names_in(metric.among) if metric.among else set()
    placed = {metric.placed_by} - {USUAL_PLACE}
    assert columns_read(metric.formula) | split_by(metric) | {*metric.needs} | among | placed <= {*names}


@every_metric_of_rows
def test_a_counted_word_is_one_that_its_column_allows(metric):
    asked = [*counts(metric.formula), *([metric.among] if metric.among else [])]
    for name, wanted in (pair for count in asked for pair in count.where.items()):
        column = TABLES[metric.table].column(name)
        assert wanted
        assert not column.allowed or {*wanted} <= {*column.allowed}
        assert {type(word) for word in wanted} <= ({bool} if column.kind is Kind.BOOLEAN else {str, State})


@every_metric
def test_a_metric_is_read_in_windows_that_exist_and_by_time_only_where_there_is_one(metric):
    assert metric.windows
    assert {*metric.windows} <= {*WINDOW_TEXT}
    is_placed = metric.placed_by in TABLES[metric.table].names or isinstance(metric.formula, Combined)
    assert is_placed or {*metric.windows}.isdisjoint({*PLACED, *PERIODS})


@every_metric
def test_a_metric_is_as_old_as_contracts_that_exist(metric):
    assert {*metric.sources} <= {*contracts()}
    assert metric.sources or metric.table in (QUARANTINE.name, "data_quality_issue")  # which every source may tell of


@every_metric_of_rows
def test_a_metric_is_split_only_by_words(metric):
    kinds = {TABLES[metric.table].column(name).kind for name in split_by(metric)}
    assert kinds <= {Kind.TEXT, Kind.TOWN}


@every_metric_of_rows
def test_a_quantile_a_mean_or_a_share_asks_for_enough_values(metric):
    expected = {0} if isinstance(metric.formula, COUNTED) else {MINIMUM_N}
    assert metric.formula.minimum_n in expected | ({1} if isinstance(metric.formula, Ratio) else set())


@every_metric
def test_a_target_lies_within_the_bounds_and_names_its_basis(metric):
    if metric.target is not None:
        assert metric.bounds[0] <= metric.target.value <= metric.bounds[1]
        assert all(metric.target.basis(language).strip() for language in LANGUAGES)
    assert metric.target is None or isinstance(metric.formula, Within | Share | Combined)


@every_interval
def test_an_interval_runs_between_stamps_of_its_table(interval: Interval):
    table = TABLES[interval.table]
    assert {*interval.stamps} <= {*table.names}
    assert {table.column(name).kind for name in interval.stamps} == {Kind.INSTANT}
    assert {interval.start, interval.end} <= {*interval.stamps}
    assert {*table.column(interval.state).allowed} == {*State}


def test_every_metric_is_found_by_its_key():
    assert len(catalogue()) >= 50
    assert all(metric_named(key) is metric for key, metric in catalogue().items())
    assert all(metric.key == key for key, metric in catalogue().items())


def test_no_two_metrics_share_a_title():
    for language in LANGUAGES:
        titles = [metric.title(language) for metric in catalogue().values()]
        assert len({*titles}) == len(titles)


def test_what_metrics_read_is_in_the_ledger():
    assert {*tables_read()} <= {*TABLES}


@every_table
def test_a_table_says_what_it_and_its_columns_mean_in_both_languages(table):
    assert table.grain.startswith("one row per")
    for text in (table.title, *(column.meaning for column in table.columns)):
        assert all(text(language).strip() for language in LANGUAGES)


@every_table
def test_a_table_names_each_column_once_and_none_that_the_store_adds(table):
    assert len({*table.names}) == len(table.names)
    assert {*table.names}.isdisjoint({"id", "known_from", "known_to"})


@every_table
def test_a_key_is_of_columns_that_exist(table):
    assert table.key
    assert {*table.key} <= {*table.names}


@pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.name)
def test_key_columns_are_required(table):
    assert all(table.column(name).required for name in table.key)


@every_table
def test_a_town_column_exists_is_a_town_and_every_town_is_required(table):
    towns = [column for column in table.columns if column.kind is Kind.TOWN]
    assert table.town in [None, *(column.name for column in towns)]
    assert all(column.required for column in towns)
    assert table.town or not towns


@every_table
def test_by_columns_exist(table):
    assert {*table.by} <= {*table.names}


@every_table
def test_a_local_time_stands_beside_its_instant(table):
    locals_ = [column.name for column in table.columns if column.kind is Kind.LOCAL]
    instants = {column.name for column in table.columns if column.kind is Kind.INSTANT}
    assert all(name.endswith("_local") and name.replace("_local", "_at") in instants for name in locals_)
    assert ("event_at" in table.names) is ("event_local" in table.names)


@every_derived
def test_a_derived_table_follows_from_tables_that_share_its_column(derived):
    assert {*derived.reads} <= {*tables()}
    for table in (derived.table, *(tables()[name] for name in derived.sources)):
        assert derived.by in table.by, f"{table.name} has no index by {derived.by}"


@every_derived
def test_a_derivation_gives_the_columns_of_its_table_in_order(derived, tmp_path):
    if derived.frame is not None:
        none = {name: pd.DataFrame(columns=list(tables()[name].names), dtype=object) for name in derived.reads}
        assert tuple(derived.frame(none).columns) == derived.table.names
        return
    ledger = Ledger(f"sqlite:///{tmp_path / 'x.db'}", tables())
    current = {name: sa.select(ledger.tables[name]).subquery(name) for name in derived.reads}
    assert tuple(column.name for column in derived.query(current).selected_columns) == derived.table.names


def test_sources_are_derived_before_what_follows_from_them():
    done = {*contracts()}
    for derived in derivations():
        assert {*derived.reads} <= done
        done.add(derived.table.name)


def test_a_site_that_ships_maps_every_required_field_of_its_tables():
    given = {"rev", "event_local"}
    for folder in sorted(path for path in SHIPPED.iterdir() if path.is_dir()):
        site = load_site(folder)
        assert site.time_zone in available_timezones()
        for source in site.sources:
            for one in source.reads:
                table = contracts()[one.table]
                required = {c.name for c in table.columns if c.required and c.kind is not Kind.TOWN} - given
                assert required <= {*one.fields} <= {*table.names}, f"{site.key}.{source.key}.{one.table}"
