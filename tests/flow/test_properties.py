"""Laws of whole histories: the same facts give the same city, whatever way they came.

A few new histories each time; eight times as many under COCKPIT_TORTURE=full.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cockpit.columns import load_columns
from cockpit.errors import ScopeError
from cockpit.evaluate import catalogue, read_metric, tables_read
from cockpit.formula import sums
from cockpit.formula_combined import Combined
from cockpit.ledger.read import Tick, rows_known, tick_at
from cockpit.ledger.store import QUARANTINE
from cockpit.scope import CITY, UNKNOWN_TOWN, town_scope
from cockpit.statistics import Estimate
from cockpit.window import Window
from etl.catalogue import tables
from etl.contracts.emergency import BACKFILLED, BUTTON, GPS
from tests.full import IS_FULL

pytestmark = [pytest.mark.both_stores, pytest.mark.torture]
TIMES = 8 if IS_FULL else 1

HOUR_S = 3600
DAY = 18_691 * 24 * HOUR_S
NOW = DAY + 27 * HOUR_S  # 03:00 of the day after: the day is frozen, and what began in its morning has expired
FACTS = ("emergency_call", "vehicle_status")
DERIVED = ("incident", "unit_run")
WINDOW = "d7"
EVER = Window("now", 0, NOW + 1, is_provisional=False)
NO_ESTIMATE = Estimate(np.nan, None, None)
MOVED = [metric for metric in catalogue().values() if not metric.sources or {*metric.sources} & {*FACTS}]
"""The metrics that these histories can move: those that come from the facts, and those of all that is doubtful or refused.

No other has a row here; `test_oracle_injury_histories` and `tests/unit` tell histories of their own.
"""

incidents = st.sampled_from(["i1", "i2", "i3"])
minutes = st.integers(-3, 40)


def maybe(values):
    """Return a strategy of these values, missing among them."""
    return st.one_of(st.none(), values)


@st.composite
def calls(draw):
    """One version of a call; its stamps are mostly in order."""
    began = DAY + 60 * draw(st.sampled_from([300, 1200, 1230]))
    return {
        "call_id": draw(st.sampled_from(["c1", "c2", "c3"])),
        "rev": draw(st.integers(0, 3)),
        "incident_id": draw(incidents),
        "event_at": began,
        "t_ring": draw(maybe(st.just(began - 5))),
        "t_answer": draw(maybe(st.integers(-30, 30).map(lambda s: began + s))),
        "t_accept_end": draw(maybe(minutes.map(lambda m: began + 60 * m))),
        "town_code": draw(st.sampled_from(["A", "B", UNKNOWN_TOWN])),
        "outcome": draw(maybe(st.sampled_from(["派车", "取消", "指导"]))),
        "time_precision": draw(maybe(st.sampled_from(["s", "min"]))),
    }


@st.composite
def events(draw):
    """One version of a status event."""
    return {
        "event_id": draw(st.sampled_from([f"e{i}" for i in range(8)])),
        "rev": draw(st.integers(0, 2)),
        "run_id": draw(st.sampled_from(["r1", "r2"])),
        "incident_id": draw(incidents),
        "station_id": draw(maybe(st.sampled_from(["s1", "s2"]))),
        "status": draw(st.sampled_from(["DISPATCHED", "EN_ROUTE", "ON_SCENE", "AVAILABLE", "CANCELLED"])),
        "event_at": DAY + 60 * draw(st.sampled_from([300, 1200, 1230])) + 60 * draw(minutes),
        "source": draw(maybe(st.sampled_from([BUTTON, GPS, BACKFILLED]))),
    }


histories = st.tuples(
    st.lists(calls(), min_size=1, max_size=5, unique_by=lambda call: (call["call_id"], call["rev"])),
    st.lists(events(), max_size=9, unique_by=lambda event: (event["event_id"], event["rev"])),
)


@st.composite
def told_two_ways(draw):
    """A history, and the same in batches of another order, some of them told again."""
    some_calls, some_events = draw(histories)
    versions = [("emergency_call", call) for call in some_calls] + [("vehicle_status", event) for event in some_events]
    shuffled = draw(st.permutations(versions))
    cuts = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=2)))
    pieces = [shuffled[low:high] for low, high in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    again = draw(st.lists(st.sampled_from(pieces), max_size=2))
    return versions, [piece for piece in (*pieces, *again) if piece]


def tell(store, versions):
    """Tell versions as one batch."""
    return store.tell(as_of=NOW, **{name: [row for table, row in versions if table == name] for name in FACTS})


def now(store):
    """Return every table as it is known now."""
    return {name: store.rows(name) for name in (*FACTS, *DERIVED)}


def columns_of(store, tick=None):
    """Return the columns as they were known at a tick, or are now."""
    with store.ledger.reading() as connection:
        return load_columns(connection, store.ledger, tables_read(), tick or tick_at(connection, store.ledger))


def readings(columns, site, scope=CITY):
    """Return what every metric that moves counts, by its key: for the scope, and for each town."""
    said = {}
    for metric in MOVED:
        window = WINDOW if WINDOW in metric.windows else metric.windows[0]
        for by in (None, "town") if "town" in metric.by else (None,):
            for one in read_metric(columns, site, metric, scope, window, by):
                said[metric.key, *one.dims.values()] = (one.n, one.n_total, one.hit_count, one.status, one.value), one.states
    return said


def estimates(columns):
    """Return what every formula that moves makes of the whole city, whatever the least n."""
    said = {}
    for metric in MOVED:
        if not isinstance(metric.formula, Combined):
            estimate = sums(metric.formula, columns.rows(metric.table, CITY, EVER), NOW).estimate or NO_ESTIMATE
            said[metric.key] = [np.nan if end is None else end for end in estimate]
    return said


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a small site; laws of histories need its zone only."""
    from cockpit.site import Site, SourceConfig

    read = {"table": "town", "fields": {"town_code": "code", "name": "code"}}
    told = {"path": "t.csv", "encoding": "utf-8", "header": ("code",), "interval_s": 60, "reads": (read,)}
    source = SourceConfig(key="town", kind="csv", title="t", **told)
    folder = tmp_path_factory.mktemp("site")
    return Site(folder=folder, key="k", title="t", time_zone="UTC", date_floor="2020-01-01", sources=(source,))


@settings(max_examples=4 * TIMES)
@given(case=told_two_ways())
def test_splitting_reordering_doubling_and_replaying_batches_changes_nothing(new_store, site, case):
    versions, batches = case
    with new_store() as one, new_store() as other:
        tell(one, versions)
        for batch in batches:
            tell(other, batch)
        assert now(other) == now(one)
        ours, theirs = columns_of(other), columns_of(one)
        assert readings(ours, site) == readings(theirs, site)
        np.testing.assert_equal(
            {key: np.round(said, 6) for key, said in estimates(ours).items()},
            {key: np.round(said, 6) for key, said in estimates(theirs).items()},
        )


@settings(max_examples=3 * TIMES)
@given(history=histories, corrections=histories)
def test_insert_then_correct_equals_insert_corrected(new_store, history, corrections):
    key = {"emergency_call": "call_id", "vehicle_status": "event_id"}
    told = {name: {row[key[name]]: {**row, "rev": 0} for row in rows} for name, rows in zip(FACTS, history, strict=True)}
    later = {name: {row[key[name]]: {**row, "rev": 1} for row in rows} for name, rows in zip(FACTS, corrections, strict=True)}
    with new_store() as one, new_store() as other:
        one.tell(as_of=NOW, **{name: list(rows.values()) for name, rows in told.items()})
        one.tell(as_of=NOW, **{name: list(rows.values()) for name, rows in later.items()})
        other.tell(as_of=NOW, **{name: list({**told[name], **later[name]}.values()) for name in FACTS})
        assert now(other) == now(one)


class Ticks(RuleBasedStateMachine):
    """A store that is told batch after batch; the laws hold after each."""

    lend, site = None, None

    @initialize()
    def open_store(self):
        self.lent = type(self).lend()
        self.store = self.lent.__enter__()
        self.store.tell(as_of=NOW, town=[{"town_code": code, "name": code} for code in "AB"])
        self.columns = columns_of(self.store)
        self.said = readings(self.columns, type(self).site)
        self.remembered = {}

    def teardown(self):
        if hasattr(self, "lent"):
            self.lent.__exit__(None, None, None)

    @rule(history=histories)
    def a_batch_comes(self, history):
        tick = self.store.tell(as_of=NOW, **dict(zip(FACTS, history, strict=True)))
        if tick is not None:
            self.remembered[tick] = now(self.store)
        with self.store.ledger.reading() as connection:
            self.columns.advance(connection, self.store.ledger, tick_at(connection, self.store.ledger))
        self.said = readings(self.columns, type(self).site)

    @invariant()
    def what_was_known_at_a_tick_is_read_the_same_for_ever(self):
        for tick, tables_then in getattr(self, "remembered", {}).items():
            assert {name: self.store.rows(name, at=tick) for name in tables_then} == tables_then

    @invariant()
    def columns_that_advanced_equal_columns_loaded_fresh(self):
        if hasattr(self, "columns"):
            fresh = columns_of(self.store)
            assert self.columns.tick == fresh.tick
            assert {name: contents(self.columns, name) for name in fresh.tables} == {
                n: contents(fresh, n) for n in fresh.tables
            }

    @invariant()
    def the_city_is_its_towns_and_the_unknown(self):
        if hasattr(self, "columns"):
            for metric in MOVED:
                if "town" in metric.by:
                    parts = [self.said[key] for key in self.said if key[0] == metric.key and len(key) > 1]
                    assert added(parts) == added([self.said[metric.key,]])

    @invariant()
    def a_town_sees_its_own_rows_and_no_other(self):
        if hasattr(self, "columns"):
            for code in ("A", "B", UNKNOWN_TOWN):
                assert sees(self.store, self.columns, code) == {
                    name: [row for row in self.store.rows(name) if row[town_of(name)] == code] for name in seen_by_towns()
                }

    @invariant()
    def a_towns_readings_are_those_that_the_city_gives_of_it(self):
        if hasattr(self, "columns"):
            own = readings(self.columns, type(self).site, town_scope("A"))
            assert {key: said for key, said in self.said.items() if key[1:] == ("A",)} == {
                key: said for key, said in own.items() if len(key) > 1
            }


def contents(columns, name):
    """Return a table's known rows as held in memory, in order."""
    rows = columns.rows(name, CITY, EVER)
    held = rows.columns
    ids = held.ids[rows.at].tolist()
    return ids, [
        rows.texts(n) if n in held.vocabulary else np.nan_to_num(rows.numbers(n), nan=-1e99).tolist() for n in held.table.names
    ]


def added(parts):
    """Add up what readings count: n, n total, hits, and every state."""
    counted = np.sum([said[0][:3] for said in parts] or [(0, 0, 0)], axis=0).tolist()
    states = [said[1] for said in parts]
    return counted, {name: count for name in {n for s in states for n in s} if (count := sum(s[name] for s in states))}


def seen_by_towns():
    """Return the tables that a town may read, of those told here."""
    return [name for name in (*FACTS, *DERIVED) if tables()[name].town]


def town_of(name):
    """Return the column that a scope filters."""
    return tables()[name].town


def sees(store, columns, code):
    """Return all that a town's scope reads, from the store; memory must hold exactly the same."""
    seen = {}
    for name in seen_by_towns():
        with store.ledger.reading() as connection:
            frame = rows_known(connection, store.ledger, name, town_scope(code))
        if name in columns.tables:
            held = columns.rows(name, town_scope(code), EVER)
            assert held.columns.ids[held.at].tolist() == frame["id"].tolist()
        key = tables()[name].key
        seen[name] = sorted(frame.drop(columns="id").to_dict("records"), key=lambda row: [str(row[k]) for k in key])
    return seen


def test_the_laws_of_ticks_hold_after_every_batch(new_store, site):
    machine = type("Ticks", (Ticks,), {"lend": staticmethod(new_store), "site": site})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=2 * TIMES, stateful_step_count=4, suppress_health_check=checks)
    )


@pytest.mark.parametrize("name", sorted(name for name, table in tables().items() if table.is_city_wide))
def test_a_table_without_a_town_that_is_not_common_is_closed_to_towns(store, name):
    with store.ledger.reading() as connection, pytest.raises(ScopeError, match=name):
        rows_known(connection, store.ledger, name, town_scope("A"))
    with store.ledger.reading() as connection:
        columns = load_columns(connection, store.ledger, [name], Tick(0, 0, 0.0, ""))
    with pytest.raises(ScopeError, match=name):
        columns.rows(name, town_scope("A"), EVER)


def test_a_town_that_nobody_named_sees_nothing(store):
    tell(store, [("emergency_call", {"call_id": "canary", "incident_id": "i1", "event_at": DAY, "town_code": "A"})])
    columns = columns_of(store)
    for code in ("B", "A ", "a", ""):
        assert all(rows == [] for rows in sees(store, columns, code).values())
    assert [row["call_id"] for row in sees(store, columns, "A")["emergency_call"]] == ["canary"]


def test_the_quarantine_is_read_by_the_city_only_or_shows_a_town_nothing(store):
    refused = {
        "source": "s",
        "origin": "o",
        "line": 1,
        "into": "t",
        "digest": "d",
        "reason": "x",
        "raw": "{}",
        "town": UNKNOWN_TOWN,
    }
    store.tell(**{QUARANTINE.name: [refused]})
    with store.ledger.reading() as connection:
        assert len(rows_known(connection, store.ledger, QUARANTINE.name, town_scope("A"))) == 0
        assert len(rows_known(connection, store.ledger, QUARANTINE.name, CITY)) == 1
