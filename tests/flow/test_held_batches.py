"""Batches that a person must look at: what holds them, and how they are let through or given up."""

from datetime import UTC, datetime

import pytest

from cockpit.errors import UnknownName
from cockpit.site import load_site
from etl.quarantine import WAIVABLE, Choice, discard_batch, held_batches, refused_rows, release_batch, release_rows
from etl.schedule import Schedule

NOON = int(datetime(2021, 3, 5, 12, tzinfo=UTC).timestamp())
MANY = 40


def calls(begin, count=MANY, **said):
    """Return calls, one a minute before noon."""
    return [
        {"call": f"c{n}", "rev": "0", "incident": f"i{n}", "called": f"2021-03-05T10:{n % 60:02d}:00", "town": "A", **said}
        for n in range(begin, begin + count)
    ]


class Office:
    """A small city's schedule, and the short way to ask what waits."""

    def __init__(self, city, store, clock):
        clock.now = float(NOON)
        self.city, self.store, self.clock = city, store, clock
        self.start(city.site())

    def start(self, site):
        self.site, self.schedule = site, Schedule(site, self.store.ledger, self.clock)

    def run(self):
        return self.schedule.run_due(everything=True)

    def deliver(self, rows, name="emergency_call.csv"):
        self.city.write("emergency_call", *rows, name=name)
        self.clock.now += 60
        return self.run()

    def state(self):
        return self.schedule.states()["emergency_call"].state

    def held(self):
        with self.store.ledger.reading() as connection:
            return held_batches(connection, self.store.ledger).to_dict("records")

    def known(self, column="call_id"):
        return [row[column] for row in self.store.rows("emergency_call")]

    def release(self, number):
        return release_batch(self.store.ledger, self.site, number, as_of=NOON, now=self.clock())


@pytest.fixture
def office(city, store, clock):
    return Office(city, store, clock)


def refused(count):
    """Return calls of which some cannot be read."""
    return [{**row, "called": "no time"} if n < count else row for n, row in enumerate(calls(0))]


def test_single_bad_rows_are_quarantined_and_the_rest_is_loaded(office):
    office.deliver(refused(2))
    assert (office.state(), len(office.known()), office.held()) == ("ok", MANY - 2, [])


def test_a_batch_of_which_more_than_a_twentieth_is_refused_is_held_whole(office):
    office.deliver(refused(3))
    (held,) = office.held()
    assert (office.state(), office.known(), office.store.rows("quarantine")) == ("held", [], [])
    assert "3 of 40 rows were refused" in held["message"]
    assert "event_at" in held["message"]


def test_few_rows_are_never_held_for_their_share(office):
    office.deliver([{**row, "called": "no time"} for row in calls(0, 5)])
    assert (office.state(), len(office.store.rows("quarantine"))) == ("ok", 5)


def test_a_released_batch_is_loaded_as_it_was_read_whatever_the_file_says_now(office):
    office.deliver(refused(3))
    (office.city.folder / "emergency_call.csv").unlink()
    (held,) = office.held()
    assert office.release(held["id"]) is not None
    assert (len(office.known()), len(office.store.rows("quarantine")), office.held()) == (MANY - 3, 3, [])


def test_a_release_makes_a_source_no_younger_than_its_read(office):
    office.deliver(calls(0))
    office.deliver(refused(3))
    read_at = office.clock()
    office.clock.now += 10_000
    office.release(office.held()[0]["id"])
    assert office.schedule.states()["emergency_call"].loaded_at == read_at


def test_a_batch_is_released_once(office):
    office.deliver(refused(3))
    number = office.held()[0]["id"]
    office.release(number)
    with pytest.raises(UnknownName, match=str(number)):
        office.release(number)


def test_a_batch_that_was_given_up_is_gone_and_its_source_is_well(office):
    office.deliver(refused(3))
    discard_batch(office.store.ledger, office.held()[0]["id"], now=office.clock())
    assert (office.held(), office.state(), office.known()) == ([], "ok", [])
    office.run()
    assert (office.held(), office.state(), office.known()) == ([], "ok", [])


def test_a_better_file_of_the_same_name_takes_the_place_of_the_held_one(office):
    office.deliver(refused(3))
    office.deliver(calls(0))
    assert (office.held(), office.state(), len(office.known())) == ([], "ok", MANY)


def test_a_file_that_lost_most_of_its_rows_is_held(office):
    office.deliver(calls(0))
    office.deliver(calls(0, 15))
    assert "15 rows came where 40 are usual" in office.held()[0]["message"]
    assert len(office.known()) == MANY


def test_a_file_that_lost_less_than_the_limit_is_loaded(office):
    office.deliver(calls(0))
    office.deliver(calls(0, 16))
    assert office.held() == []


def test_a_daily_file_is_held_against_the_last_ones(office):
    for day in range(4):
        office.deliver(calls(MANY * day), name=f"emergency_call-{day}.csv")
    office.deliver(calls(1000, 15), name="emergency_call-9.csv")
    assert "15 rows came where 40 are usual" in office.held()[0]["message"]


def test_yesterdays_file_again_is_held(office):
    office.deliver(calls(0), name="emergency_call-1.csv")
    office.deliver(calls(0), name="emergency_call-2.csv")
    (held,) = office.held()
    assert held["message"].startswith("emergency_call-2.csv: it is emergency_call-1.csv again")
    assert office.release(held["id"]) is None
    assert office.held() == []


def test_a_column_of_numbers_that_is_suddenly_all_zero_is_held(office):
    told = (
        (office.city.folder / "site.toml").read_text(encoding="utf-8").replace('outcome = "outcome"', 'loc_error_m = "outcome"')
    )
    (office.city.folder / "site.toml").write_text(told, encoding="utf-8")
    office.start(load_site(office.city.folder))
    office.deliver(calls(0, outcome="12"))
    office.deliver(calls(100, outcome="0"), name="emergency_call-2.csv")
    assert "emergency_call.loc_error_m is 0 in all 40 rows" in office.held()[0]["message"]


def test_a_guard_that_the_site_switches_off_holds_nothing(office):
    told = (office.city.folder / "site.toml").read_text(encoding="utf-8")
    off = "interval_s = 60\nguards = { refused_share = 1, drop_share = 1, zeros = false, again = false }"
    (office.city.folder / "site.toml").write_text(told.replace("interval_s = 60", off), encoding="utf-8")
    office.start(load_site(office.city.folder))
    office.deliver(calls(0))
    office.deliver(refused(30))
    office.deliver(calls(0, 3))
    assert office.held() == []


def rows_of(office, **said):
    with office.store.ledger.reading() as connection:
        return refused_rows(connection, office.store.ledger, Choice(source="emergency_call", **said)).to_dict("records")


def release(office, *, waived=WAIVABLE, **said):
    choice = Choice(source="emergency_call", **said)
    return release_rows(office.store.ledger, office.site, choice, waived=waived, as_of=NOON, now=office.clock())


def test_a_row_whose_time_is_doubted_is_loaded_when_a_person_says_so(office):
    office.deliver([*calls(0, 2), {**calls(2, 1)[0], "called": "2019-12-31T23:00:00"}])
    assert [row["reason"] for row in rows_of(office)] == ["before_floor"]
    assert release(office, reasons=["late"]) == 0
    assert release(office, waived=frozenset()) == 0
    assert release(office) == 1
    assert (office.known(), rows_of(office)) == (["c0", "c1", "c2"], [])


def test_a_row_that_cannot_be_read_stays_whoever_releases_it(office):
    office.deliver([*calls(0, 2), {**calls(2, 1)[0], "called": "no time"}])
    assert release(office) == 0
    assert [row["reason"] for row in rows_of(office)] == ["unparsable"]


def test_a_row_is_loaded_once_the_site_understands_it(office):
    office.deliver([*calls(0, 2), {**calls(2, 1)[0], "outcome": "sent"}])
    assert [row["reason"] for row in rows_of(office)] == ["not_allowed"]
    told = (office.city.folder / "site.toml").read_text(encoding="utf-8")
    mapped = 'outcome = { column = "outcome", values = { "sent" = "派车" } }'
    (office.city.folder / "site.toml").write_text(told.replace('outcome = "outcome"', mapped), encoding="utf-8")
    office.start(load_site(office.city.folder))
    assert (release(office), office.known("outcome")) == (1, [None, None, "派车"])


def test_of_two_rows_that_contradict_each_other_a_person_chooses_one(office):
    office.deliver([*calls(0, 2), {**calls(1, 1)[0], "incident": "i7"}])
    first, second = rows_of(office)
    assert (first["reason"], second["reason"], office.known()) == ("conflict", "conflict", ["c0"])
    assert release(office) == 0
    assert release(office, digest=second["digest"]) == 1
    assert [row["digest"] for row in rows_of(office)] == [first["digest"]]


def test_rows_that_come_too_late_are_refused_and_those_of_the_first_read_never_are(office):
    old = {**calls(0, 1)[0], "called": "2020-06-01T00:00:00"}
    office.deliver([old])
    office.deliver([{**old, "call": "c9"}], name="emergency_call-2.csv")
    assert (office.known(), [row["reason"] for row in rows_of(office)]) == (["c0"], ["late"])
    assert release(office) == 1
