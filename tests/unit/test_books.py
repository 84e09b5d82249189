"""The books read for people: newest batches of each source, sums of some days, groups of refused rows, counts of known rows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.ledger.books import (
    batches_of_content,
    first_since,
    held_batches,
    intakes,
    newest_batches,
    refused_groups,
    refused_rows,
    row_counts,
)
from cockpit.ledger.store import QUARANTINE


def booked(store, *rows):
    usual = {
        "content": "c",
        "origin": "o",
        "state": "loaded",
        "tick": None,
        "duplicate_count": 0,
        "opened_count": 0,
        "closed_count": 0,
        "message": "",
        "read_count": 10,
        "refused_count": 1,
    }
    with store.ledger.writing() as connection:
        for row in rows:
            connection.execute(store.ledger.batches.insert(), {**usual, **row})


def refused(store, *rows):
    usual = {"origin": "o", "field": "f", "detail": "d", "raw": "{}", "claimed_at": None, "town": "?", "line": 1}
    told = [{**usual, "digest": str(place), **row} for place, row in enumerate(rows)]
    store.tell(quarantine=told)


def test_a_source_that_speaks_often_hides_no_other(store):
    booked(store, {"source": "rare", "finished_at": 0.0}, *({"source": "often", "finished_at": float(i)} for i in range(1, 50)))
    with store.ledger.reading() as connection:
        found = newest_batches(connection, store.ledger, ["often", "rare", "never"], 3)
    assert [(row["source"], row["finished_at"]) for row in found] == [
        ("often", 49.0),
        ("often", 48.0),
        ("often", 47.0),
        ("rare", 0.0),
    ]


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(-1, 11))
@settings(max_examples=40)
def test_the_first_batch_since_an_instant_is_found_by_halves(new_store, steps, since):
    times = [sum(steps[: place + 1]) for place in range(len(steps))]
    with new_store() as store:
        booked(store, *({"source": "s", "finished_at": float(time)} for time in times))
        with store.ledger.reading() as connection:
            first = first_since(connection, store.ledger, float(since))
            found = [r["finished_at"] for r in newest_batches(connection, store.ledger, ["s"], 99) if r["id"] >= first]
    assert sorted(found) == [time for time in times if time >= since]


def test_what_a_source_brought_counts_what_was_loaded_once_and_nothing_older_or_held(store):
    booked(
        store,
        {"source": "a", "finished_at": 1.0},
        {"source": "a", "finished_at": 5.0},
        {"source": "b", "finished_at": 6.0, "read_count": 4, "refused_count": 0},
        {"source": "a", "finished_at": 7.0, "state": "held"},
        {"source": "a", "finished_at": 8.0, "state": "released"},
    )
    with store.ledger.reading() as connection:
        assert intakes(connection, store.ledger, 5.0) == {"a": (10, 1), "b": (4, 0)}
        (held,) = held_batches(connection, store.ledger)
        assert (held["finished_at"], held["can_be_released"]) == (7.0, False)


def test_the_batches_of_a_content_are_those_of_its_source(store):
    booked(
        store,
        {"source": "a", "finished_at": 1.0, "content": "x"},
        {"source": "b", "finished_at": 2.0, "content": "x"},
        {"source": "a", "finished_at": 3.0, "content": "x"},
    )
    with store.ledger.reading() as connection:
        assert [row["finished_at"] for row in batches_of_content(connection, store.ledger, "a", "x")] == [3.0, 1.0]


def test_refused_rows_are_grouped_by_source_table_and_reason(store):
    one, other = {"source": "s", "into": "t", "reason": "missing"}, {"source": "s", "into": "", "reason": "ragged"}
    refused(store, one, one, other)
    with store.ledger.reading() as connection:
        assert refused_groups(connection, store.ledger) == [("s", "t", "missing", 2), ("s", "", "ragged", 1)]
        rows = refused_rows(connection, store.ledger, source="s", into="t", reason="missing", limit=1)
    assert [row["digest"] for row in rows] == ["1"], "the newest"


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, "x", "y"])), max_size=4), max_size=5))
@settings(max_examples=25)
def test_counting_on_from_an_earlier_tick_gives_what_counting_anew_gives(new_store, batches):
    with new_store() as store:
        before = None
        for batch in batches:
            store.tell(station=[{"station_id": key, "name": name} for key, name in dict(batch).items()])
            with store.ledger.reading() as connection:
                tick = max([0, *connection.scalars(store.ledger.ticks.select().with_only_columns(store.ledger.ticks.c.number))])
                before = row_counts(connection, store.ledger, ["station", QUARANTINE.name], tick, before)
                assert before == row_counts(connection, store.ledger, ["station", QUARANTINE.name], tick, None)
        assert before is None or before.rows["station"] == len(store.rows("station"))
