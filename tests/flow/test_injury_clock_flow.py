"""Clocks in a store: a notice makes provisional days final, and a correction derives its own case and nothing else."""

import pytest
import sqlalchemy as sa

from tests.injury import case, event, notices, rules

pytestmark = pytest.mark.both_stores

CASES = [case("kept", "2024-01-02"), case("turning", "2024-10-02")]
EVENTS = [event("kept", "C1", "2024-03-01"), event("turning", "C1", "2024-12-04")]


def changed(store, tick):
    """Return how many rows of `injury_clock` a tick opened and closed, by case."""
    clock = store.ledger.tables["injury_clock"]
    with store.ledger.reading() as connection:
        counts = [
            dict(
                connection.execute(
                    sa.select(clock.c.case_id, sa.func.count()).where(end == tick).group_by(clock.c.case_id)
                ).all()
            )
            for end in (clock.c.known_from, clock.c.known_to)
        ]
    return tuple(counts)


def recognition(store):
    """Return due day and provisional mark of L5 by case."""
    rows = [row for row in store.rows("injury_clock") if row["clock"] == "L5"]
    return {row["case_id"]: (row["due_on"], row["is_provisional"]) for row in rows}


def test_a_notice_that_arrives_makes_provisional_rows_final_and_touches_no_others(store):
    store.tell(cn_workday=notices(2023, 2024), work_injury_case=CASES, case_event=EVENTS)
    before = recognition(store)
    assert {name: is_provisional for name, (_, is_provisional) in before.items()} == {"kept": False, "turning": True}
    tick = store.tell(cn_workday=notices(2025))
    opened, closed = changed(store, tick)
    after = recognition(store)
    assert (after["kept"], after["turning"]) == (before["kept"], (before["turning"][0] + 2, False))
    assert not any(row["is_provisional"] for row in store.rows("injury_clock"))
    assert opened == closed
    assert opened["turning"] >= 1
    provisional = {r["case_id"] for r in store.rows("injury_clock", at=tick - 1) if r["is_provisional"]}
    assert {*opened} <= provisional
    assert changed(store, store.tell(cn_workday=notices(2020))) == ({}, {})


def test_a_corrected_event_derives_the_clocks_of_its_case_and_of_no_other(store):
    store.tell(cn_workday=notices(2024, 2025), work_injury_case=CASES, case_event=EVENTS)
    moved = {**event("kept", "C1", "2024-03-05"), "rev": 1}
    assert changed(store, store.tell(case_event=[moved])) == ({"kept": 1}, {"kept": 1})


def test_a_new_configuration_changes_the_clocks_that_start_under_it(store):
    store.tell(cn_workday=notices(2024, 2025), work_injury_case=CASES, case_event=EVENTS)
    tick = store.tell(config=[rules("1", "2024-06-01", L5={"limit": 30})])
    assert changed(store, tick) == ({"turning": 1}, {"turning": 1})
