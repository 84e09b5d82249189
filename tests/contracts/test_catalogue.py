"""What every metric, every contract and every derived table must have, whichever domain it is of."""

from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from cockpit.columns import Rows, TableColumns
from cockpit.evaluate import catalogue, metric_named, read, tables_read
from cockpit.formula import MINIMUM_N, Count, InState, OfInterval, Ratio, Share, Within
from cockpit.interval import Interval, State
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.ledger.tables import Kind
from cockpit.metric import UNIT_TEXT, Status
from cockpit.site import SHIPPED, Read, load_site
from cockpit.text import LANGUAGES
from cockpit.window import PLACED, WINDOW_TEXT, Window
from etl.catalogue import contracts, derivations, tables

TABLES = {**tables(), QUARANTINE.name: QUARANTINE}
NOW = Window("now", 0, 1, is_provisional=False)

every_metric = pytest.mark.parametrize("metric", catalogue().values(), ids=lambda metric: metric.key)
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


def counts(formula):
    """Return the counts that a formula is made of."""
    if isinstance(formula, Share):
        return [formula.among, formula.valid, formula.hit, *([formula.still_open] if formula.still_open else [])]
    return [formula] if isinstance(formula, Count) else []


def columns_read(formula):
    """Return the columns that a formula reads."""
    if isinstance(formula, OfInterval):
        return {formula.interval.value, formula.interval.state, "event_at"}
    if isinstance(formula, Ratio):
        return {formula.numerator, formula.denominator}
    return {n for c in counts(formula) for n in (*c.where, *c.present, *c.at_least, *c.at_most, *c.within_s, *c.beyond_s)}


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
    reading = read(metric, site, held(metric, metric.example.rows), NOW, as_of=0, dims={})
    assert reading.value == pytest.approx(metric.example.value, abs=1e-9)
    assert reading.status is Status.OK
    assert reading.n == reading.n_total == len(metric.example.rows)


@every_metric
def test_a_metrics_example_is_of_rows_as_its_table_has_them(metric):
    assert metric.example.rows
    assert {name for row in metric.example.rows for name in row} <= {*TABLES[metric.table].names}


@every_metric
def test_a_metrics_bounds_contain_its_example(metric, site):
    low, high = metric.bounds
    reading = read(metric, site, held(metric, metric.example.rows), NOW, as_of=0, dims={})
    ends = [value for value in (reading.value, reading.low, reading.high, metric.example.value) if value is not None]
    assert all(low <= value <= high for value in ends)


@every_metric
def test_a_metric_of_nothing_is_zero_or_missing_and_never_a_guess(metric, site):
    reading = read(metric, site, held(metric, []), NOW, as_of=0, dims={})
    expected = (0, Status.OK) if isinstance(metric.formula, Count | InState) else (None, Status.MISSING)
    assert (reading.value, reading.status) == expected
    assert (reading.reason is None) is (reading.value is not None)


@every_metric
def test_a_metric_reads_a_table_and_columns_that_exist(metric):
    names = TABLES[metric.table].names
    assert columns_read(metric.formula) | split_by(metric) | {*metric.needs} <= {*names}


@every_metric
def test_a_counted_word_is_one_that_its_column_allows(metric):
    for name, wanted in (pair for count in counts(metric.formula) for pair in count.where.items()):
        column = TABLES[metric.table].column(name)
        assert wanted
        assert not column.allowed or {*wanted} <= {*column.allowed}
        assert {type(word) for word in wanted} <= ({bool} if column.kind is Kind.BOOLEAN else {str, State})


@every_metric
def test_a_metric_is_read_in_windows_that_exist_and_by_time_only_where_there_is_one(metric):
    assert metric.windows
    assert {*metric.windows} <= {*WINDOW_TEXT}
    assert "event_at" in TABLES[metric.table].names or {*metric.windows}.isdisjoint(PLACED)


@every_metric
def test_a_metric_is_as_old_as_contracts_that_exist(metric):
    assert {*metric.sources} <= {*contracts()}
    assert metric.sources or metric.table in (QUARANTINE.name, "data_quality_issue")  # which every source may tell of


@every_metric
def test_a_metric_is_split_only_by_words(metric):
    kinds = {TABLES[metric.table].column(name).kind for name in split_by(metric)}
    assert kinds <= {Kind.TEXT, Kind.TOWN}


@every_metric
def test_a_quantile_a_mean_or_a_share_asks_for_enough_values(metric):
    assert metric.formula.minimum_n == (0 if isinstance(metric.formula, Count | InState) else MINIMUM_N)


@every_metric
def test_a_target_lies_within_the_bounds_and_names_its_basis(metric):
    if metric.target is not None:
        assert metric.bounds[0] <= metric.target.value <= metric.bounds[1]
        assert all(metric.target.basis(language).strip() for language in LANGUAGES)
    assert metric.target is None or isinstance(metric.formula, Within)


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
