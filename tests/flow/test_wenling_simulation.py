"""The simulated city through the real mapping and a real store: dirt gets the treatment that any source's dirt gets."""

from collections import Counter
from datetime import datetime

import pytest

from cockpit.ledger.store import Ledger
from cockpit.scope import UNKNOWN_TOWN
from cockpit.site import load_site
from etl.batch import Batch
from etl.catalogue import check_reads, tables
from etl.known import Known, known_to
from etl.load import load
from etl.schedule import Schedule
from etl.simulation.sending import UNLISTED
from etl.simulation.streams.injury_cases import UNLISTED_FIRM, UNLISTED_TOWN
from etl.sources.csv import Source as Lists
from etl.sources.demo import Source
from tests.conftest import Clock, Store

SITE = load_site("wenling")
BEGIN = "2025-08-25"
UPTO = int(datetime(2025, 9, 7, 10, 30, tzinfo=SITE.zone).timestamp())
HALVES = (int(datetime(2025, 8, 31, 23, 59, 58, tzinfo=SITE.zone).timestamp()), UPTO)
FUNCTIONAL_ZONE = "331081400"


def fill(store: Store, *instants: int) -> list[Batch]:
    """Load the lists, then every simulated source up to each instant in turn; return the simulated batches."""
    batches: list[Batch] = []
    cursors = {source.key: {"begin": BEGIN} for source in SITE.sources if source.kind == "demo"}
    readers = {key: Source(SITE.source(key), SITE) for key in cursors}
    for source in SITE.sources:
        if source.kind == "csv":
            for batch in Lists(source, SITE).read({}, UPTO, known(store)):
                load(store.ledger, batch, as_of=instants[0], now=float(instants[0]))
    for as_of in instants:
        for key, reader in readers.items():
            for batch in reader.read(cursors[key], as_of, known(store)):
                load(store.ledger, batch, as_of=as_of, now=float(as_of))
                cursors[key] = dict(batch.cursor)
                batches.append(batch)
    return batches


def known(store: Store) -> Known:
    """Return what a store's rows are held against, nothing having been read before."""
    return known_to(store.ledger, None)


def towns(store: Store) -> frozenset[str]:
    """Return the codes of the towns that a store knows."""
    return frozenset(row["town_code"] for row in store.rows("town"))


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Return a store filled at once and one filled in two reads, each with its batches."""
    found = []
    for name, instants in (("whole", (UPTO,)), ("halves", HALVES)):
        ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp(name) / 'cockpit.db'}", tables())
        ledger.create()
        store = Store(ledger)
        found.append((store, fill(store, *instants)))
    yield found
    for store, _ in found:
        store.ledger.engine.dispose()


@pytest.fixture
def whole(stores) -> Store:
    """Return the store that was filled at once."""
    return stores[0][0]


def test_the_site_maps_what_its_streams_send():
    check_reads(SITE)


@pytest.mark.parametrize(
    "table",
    [
        *("emergency_call", "vehicle_status", "prearrival", "linkage", "aed_use", "video_link", "unit_run", "incident"),
        *("enterprise", "case_material", "job_post", "appraisal_slot", "work_injury_case", "case_event"),
        *("exchange_call", "injury_case", "injury_clock", "town_alias", "rectification_order", "order_state"),
    ],
)
def test_two_reads_leave_the_store_that_one_read_leaves(stores, table):
    (whole, _), (halves, _) = stores
    assert whole.rows(table) == halves.rows(table)
    assert whole.rows(table)


def test_every_row_is_loaded_refused_or_counted_as_a_duplicate(stores):
    for batch in stores[0][1]:
        (rows,) = batch.rows.values()
        assert batch.read_count == len(rows) + len(batch.refused) + batch.duplicate_count
    found = {batch.source: batch for batch in stores[0][1]}
    assert found["calls"].duplicate_count > 0
    assert found["vehicles"].duplicate_count > 0


def test_a_code_that_is_in_no_list_is_quarantined_with_the_row_as_it_came(whole):
    refused = whole.rows("quarantine")
    assert refused
    assert {(row["reason"], row["detail"]) for row in refused} <= {
        ("not_allowed", UNLISTED),
        ("unknown_reference", UNLISTED_TOWN),
        ("unknown_reference", UNLISTED_FIRM),
    }
    assert ("not_allowed", UNLISTED) in {(row["reason"], row["detail"]) for row in refused}
    assert all(row["detail"] in row["raw"] for row in refused)


def test_a_town_that_is_in_no_list_is_unknown_and_the_functional_zone_is_not(whole):
    count = Counter(row["town_code"] for row in whole.rows("emergency_call"))
    assert 0 < count[UNKNOWN_TOWN] < 0.04 * count.total()
    assert count[FUNCTIONAL_ZONE] > 0
    assert set(count) - {UNKNOWN_TOWN} == towns(whole)
    zone = {row["town_code"] for row in whole.rows("town") if row["is_functional"]}
    assert zone == {FUNCTIONAL_ZONE}


def test_what_a_site_labels_is_what_its_streams_say(whole):
    for table, column in (("emergency_call", "cause"), ("emergency_call", "kind"), ("linkage", "department")):
        assert {row[column] for row in whole.rows(table)} <= set(SITE.labels[column])
    hospitals = {row["hospital_id"] for row in whole.rows("prearrival")}
    assert hospitals == set(SITE.labels["hospital_id"])


def test_runs_follow_from_status_events_and_wait_only_where_the_call_was_refused(whole):
    runs = whole.rows("unit_run")
    waiting = {row["incident_id"] for row in runs if row["e4_state"] == "WAITING"}
    known = {row["incident_id"] for row in whole.rows("emergency_call")}
    assert not waiting & known
    assert len(waiting) < 0.02 * len(runs)


def test_a_poll_with_nothing_new_is_a_batch_all_the_same(whole):
    reader = Source(SITE.source("aed"), SITE)
    (batch,) = reader.read({"begin": BEGIN, "position": UPTO}, UPTO + 5, known(whole))
    assert (batch.read_count, batch.observed_at, batch.cursor["position"]) == (0, None, UPTO + 5)
    assert list(reader.read(batch.cursor, UPTO + 5, known(whole))) == []


def test_polls_have_names_of_their_own(whole):
    reader = Source(SITE.source("calls"), SITE)
    batches = [
        b for i in range(3) for b in reader.read({"begin": BEGIN, "position": UPTO + 5 * i}, UPTO + 5 * i + 5, known(whole))
    ]
    assert len({batch.content for batch in batches}) == len({batch.origin for batch in batches}) == 3
    assert batches[0].origin == "模拟/calls 2025-09-07 10:30:05"


def test_a_first_read_begins_some_years_before_at_midnight(whole):
    reader = Source(SITE.source("aed"), SITE)
    (batch,) = reader.read({}, UPTO, known(whole))
    assert batch.cursor == {"begin": "2022-09-07", "position": UPTO}
    leap = int(datetime(2028, 2, 29, 12, tzinfo=SITE.zone).timestamp())
    assert reader.begin(leap).isoformat() == "2025-02-28"


def test_the_schedule_runs_the_site(store):
    clock = Clock(float(UPTO))
    schedule = Schedule(SITE, store.ledger, clock)
    for key in ("towns", "stations", "linkage", "aed"):
        schedule.run_due(everything=True, only=key)
    states = schedule.states()
    assert {key: state.state for key, state in states.items()} == dict.fromkeys(("towns", "stations", "linkage", "aed"), "ok")
    clock.now += 5
    schedule.run_due(everything=True, only="aed")
    assert schedule.states()["aed"].loaded_at == UPTO + 5
