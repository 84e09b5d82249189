"""How each source stood at a past minute is told as it was seen then: late, interrupted, held, lost, or well."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cockpit.errors import BatchHeld, SourceError
from cockpit.freshness import source_ages
from cockpit.ledger.read import source_states
from cockpit.ledger.stretches import source_states_at
from etl.schedule import Schedule

BEGIN = 1_700_000_000
STEP_S = 20
KEY = "emergency_call"
WORDS = ("news", "quiet", "lost", "held", "stopped")
DAYS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 12)), min_size=1, max_size=6)
"""What a source does, and for how many steps."""


class Department:
    """A source's port: it does what it is told to do."""

    def __init__(self, store):
        self.store, self.does, self.count = store, "quiet", 0

    def read(self, cursor, as_of, known):
        self.count += 1
        if self.does == "lost":
            raise SourceError("nobody answers")
        if self.does == "held":
            yield BatchHeld("not the columns that were declared", origin=f"file {self.count}")
            return
        row = {"call_id": f"c{self.count}", "incident_id": f"i{self.count}", "event_at": as_of}
        rows, observed_at = ([row], as_of) if self.does == "news" else ([], None)
        batch = self.store.batch(f"{KEY} {self.count}", {KEY: rows}, cursor={"count": self.count}, observed_at=observed_at)
        yield replace(batch, source=KEY, read_count=len(rows))


def lived(store, site, clock, days):
    """Let a schedule live through some days, and return what was seen of the sources at each instant, and between two."""
    schedule, department = Schedule(site, store.ledger, clock), Department(store)
    schedule.readers = {key: department if key == KEY else Silent() for key in schedule.readers}
    seen = {}
    for does, step_count in days:
        for _ in range(step_count):
            clock.now += STEP_S
            if does != "stopped":
                department.does = does
                schedule.run_due()
            for instant in (clock.now, clock.now + STEP_S / 2):
                seen[instant] = told(store, site, instant)
    return seen


class Silent:
    """A port that never brings anything."""

    def read(self, cursor, as_of, known):
        return iter(())


def told(store, site, instant, *, is_past=False):
    """Return how each source stands by the books, those of now or those of then, and what is said of it."""
    keys = [source.key for source in site.sources]
    with store.ledger.reading() as connection:
        past = source_states_at(connection, store.ledger, keys, instant) if is_past else None
        ages = source_ages(site, source_states(connection, store.ledger) if past is None else past, instant)
    return {age.key: (age.age, age.message, age.observed_at) for age in ages}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS)
@example(days=[("news", 3), ("quiet", 12), ("lost", 12), ("quiet", 2), ("stopped", 12), ("news", 1), ("held", 10)])
def test_every_minute_is_told_as_it_was_seen(new_store, city, clock, days):
    site = city.site()
    with new_store() as store:
        clock.now = float(BEGIN)
        seen = lived(store, site, clock, days)
        for instant, then in seen.items():
            assert told(store, site, instant, is_past=True) == then, instant - BEGIN


def test_a_source_that_is_heard_all_the_time_costs_one_row(store, city, clock):
    clock.now = float(BEGIN)
    lived(store, city.site(), clock, [("quiet", 60)])
    with store.ledger.reading() as connection:
        rows = connection.execute(store.ledger.stretches.select().where(store.ledger.stretches.c.source == KEY)).all()
    assert len(rows) == 1
    assert rows[0].loaded_at - rows[0].began_at > 50 * STEP_S


def test_a_clock_that_was_wrong_leaves_nothing_of_the_time_to_come(store, city, clock):
    site = city.site()
    clock.now = float(BEGIN + 1e7)
    lived(store, site, clock, [("news", 2)])
    clock.now = float(BEGIN)
    seen = lived(store, site, clock, [("lost", 10)])
    for instant, then in seen.items():
        assert told(store, site, instant, is_past=True)[KEY] == then[KEY]


@pytest.mark.parametrize(("later_s", "age"), [(30, "fresh"), (600, "stale")])
def test_before_there_was_a_book_a_source_is_taken_as_heard_while_ticks_came(store, city, clock, later_s, age):
    site = city.site()
    clock.now = float(BEGIN)
    lived(store, site, clock, [("news", 1), ("quiet", 6)])
    with store.ledger.writing() as connection:
        connection.execute(store.ledger.stretches.delete())
        last = connection.execute(store.ledger.ticks.select()).all()[-1].committed_at
    assert told(store, site, last + later_s, is_past=True)[KEY][0] == age
