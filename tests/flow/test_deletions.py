"""What is gone: tombstones in any order, lists and spans read whole, and refused rows that are spared."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.site import load_site
from etl.batch import WHOLE_TABLE
from etl.known import Known
from etl.load import load
from etl.mapping import Mapper
from etl.mapping import batch_of as mapped
from etl.schedule import Schedule
from etl.sources.csv import read_text
from tests.conftest import FIELDS
from tests.full import IS_FULL

DAY = 86_400
NOON = 1_600_000_000


def batch_of(store, number, rows=(), deleted=(), complete=None, spared=()):
    """Return a batch of calls: rows, tombstones, and what it lists whole."""
    key = ["call_id", "rev"]
    gone = store.frame("emergency_call", [{"call_id": c, "rev": r} for c, r in deleted])[key]
    told = [{"call_id": c, "rev": r, "incident_id": c, "event_at": at, "cause": f"{c}{r}"} for c, r, at in rows]
    return store.batch(
        str(number),
        {"emergency_call": told},
        deleted={"emergency_call": gone},
        complete={} if complete is None else {"emergency_call": complete},
        spared={"emergency_call": store.frame("emergency_call", [{"call_id": c} for c in spared])[["call_id"]]},
    )


def tell(store, number, *args, **options):
    return load(store.ledger, batch_of(store, number, *args, **options), as_of=NOON, now=NOON)


def known(store, name="emergency_call", column="call_id", at=None):
    return [row[column] for row in store.rows(name, at=at)]


EVENTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.booleans()), unique_by=lambda e: e[:2], min_size=1, max_size=10
)

pytestmark = pytest.mark.both_stores


@pytest.mark.torture
@settings(max_examples=60 if IS_FULL else 15)
@given(events=EVENTS, order=st.randoms(use_true_random=False), cut=st.integers(1, 4))
def test_rows_and_tombstones_in_any_order_and_any_batches_end_the_same(new_store, events, order, cut):
    """A few new orders each time, four times as many under COCKPIT_TORTURE=full."""
    newest = {}
    for call, rev, is_gone in sorted(events, key=lambda e: e[1]):
        newest[call] = None if is_gone else rev
    expected = [(call, rev) for call, rev in sorted(newest.items()) if rev is not None]
    shuffled = order.sample(events, len(events))
    with new_store() as store:
        for number, begin in enumerate(range(0, len(shuffled), cut)):
            part = shuffled[begin : begin + cut]
            tell(
                store,
                number,
                rows=[(call, rev, NOON) for call, rev, is_gone in part if not is_gone],
                deleted=[(call, rev) for call, rev, is_gone in part if is_gone],
            )
        found = [(row["call_id"], row["rev"]) for row in store.rows("emergency_call")]
        assert found == expected
        assert known(store, "incident", "incident_id") == [call for call, _ in expected]


def test_a_deletion_is_history_and_what_was_known_before_stays_readable(store):
    first = tell(store, 1, rows=[("a", 0, NOON), ("b", 0, NOON)])
    second = tell(store, 2, deleted=[("a", 0)])
    assert (known(store, at=first), known(store, at=second)) == (["a", "b"], ["b"])
    assert known(store, "incident", "incident_id") == ["b"]


def test_a_deletion_told_again_makes_no_tick(store):
    tell(store, 1, rows=[("a", 0, NOON)])
    tell(store, 2, deleted=[("a", 0)])
    assert tell(store, 3, deleted=[("a", 0)]) is None


def test_a_deletion_of_what_was_never_known_waits_for_it(store):
    tell(store, 1, deleted=[("a", 3)])
    tell(store, 2, rows=[("a", 2, NOON)])
    assert known(store) == []
    tell(store, 3, rows=[("a", 4, NOON)])
    assert known(store) == ["a"]


def test_a_restored_row_of_the_same_revision_is_known_again(store):
    tell(store, 1, rows=[("a", 0, NOON)])
    tell(store, 2, deleted=[("a", 0)])
    tell(store, 3, rows=[("a", 0, NOON)])
    assert known(store) == ["a"]


def test_what_a_complete_span_no_longer_names_is_gone_and_what_lies_outside_stays(store):
    tell(store, 1, rows=[("before", 0, NOON - 1), ("kept", 0, NOON), ("gone", 0, NOON + 5), ("after", 0, NOON + DAY)])
    tell(store, 2, rows=[("kept", 0, NOON)], complete=(NOON, NOON + DAY))
    assert known(store) == ["after", "before", "kept"]
    tell(store, 3, rows=[("gone", 0, NOON + 5)])
    assert known(store) == ["after", "before", "gone", "kept"]


def test_an_empty_complete_read_takes_everything_in_its_span_away(store):
    tell(store, 1, rows=[("a", 0, NOON)])
    tell(store, 2, complete=WHOLE_TABLE)
    assert known(store) == []


def test_a_refused_row_is_not_gone(store):
    tell(store, 1, rows=[("a", 0, NOON), ("b", 0, NOON)])
    tell(store, 2, complete=WHOLE_TABLE, spared=["a"])
    assert known(store) == ["a"]


def test_where_a_refused_row_cannot_be_named_nothing_is_taken_for_gone(store):
    tell(store, 1, rows=[("a", 0, NOON), ("b", 0, NOON)])
    tell(store, 2, complete=WHOLE_TABLE, spared=[None])
    assert known(store) == ["a", "b"]


@pytest.fixture
def calls(city):
    """Return a function that maps a file of calls whose `outcome` 取消 is a tombstone, in a site that says so."""
    site = city.site()
    told = (city.folder / "site.toml").read_text(encoding="utf-8")
    stands = f'table = "emergency_call"\nfields = {{ {FIELDS["emergency_call"]} }}'
    assert stands in told
    deleting = stands.replace("\nfields", '\ndeleted = { column = "precision", says = ["D"] }\nfields')
    (city.folder / "site.toml").write_text(told.replace(stands, deleting), encoding="utf-8")
    site = load_site(city.folder)

    def of(*rows):
        path = city.write("emergency_call", *rows)
        source = site.source("emergency_call")
        extract = read_text(path, source)
        return replace(mapped(extract, Mapper(site, source, Known()), cursor={}), content=str(rows))

    return of


CALL = {"call": "c1", "rev": "1", "incident": "i1", "called": "2021-03-05T10:00:00"}


def test_a_tombstone_needs_its_key_and_nothing_else(store, calls):
    load(store.ledger, calls(CALL, {**CALL, "call": "c2"}), as_of=NOON, now=NOON)
    gone = calls({"call": "c1", "rev": "2", "precision": "D"})
    assert (len(gone.refused), gone.duplicate_count, gone.read_count) == (0, 0, 1)
    load(store.ledger, gone, as_of=NOON, now=NOON)
    assert known(store) == ["c2"]


def test_a_row_that_its_own_file_takes_back_in_the_same_revision_is_gone(store, calls):
    load(store.ledger, calls(CALL, {**CALL, "precision": "D"}), as_of=NOON, now=NOON)
    assert known(store) == []


def test_where_a_row_of_a_list_cannot_be_told_apart_nothing_is_taken_for_gone(city, store, clock):
    site = city.site()
    told = (city.folder / "site.toml").read_text(encoding="utf-8").replace('table = "town"', 'table = "town"\ncomplete = true')
    (city.folder / "site.toml").write_text(told, encoding="utf-8")
    site, clock.now = load_site(city.folder), float(NOON)
    schedule = Schedule(site, store.ledger, clock)
    schedule.run_due(everything=True)
    path = city.write("town", {"code": "A", "name": "Anning"})
    path.write_text(path.read_text(encoding="utf-8") + "B,Beihe,one too many\n", encoding="utf-8")
    schedule.run_due(everything=True)
    assert known(store, "town", "town_code") == ["A", "B"]
    city.write("town", {"code": "A", "name": "Anning"})
    schedule.run_due(everything=True)
    assert known(store, "town", "town_code") == ["A"]
