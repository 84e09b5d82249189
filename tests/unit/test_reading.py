"""Reading in threads: a source that is slow or silent delays nobody, and what it brings at last is loaded."""

import threading

import pytest

from cockpit.errors import BatchHeld, SourceError
from etl import reading
from etl.reading import LONGEST_S, Over, Reading, patience
from etl.schedule import Schedule

CALL = {"call": "c1", "rev": "0", "incident": "i1", "called": "2021-03-05T10:00:00", "town": "A"}
NOON = 1_614_945_600.0


def test_nothing_is_read_before_it_is_asked_for_and_one_thing_at_a_time():
    read = []

    def brought():
        for number in range(3):
            read.append(number)
            yield BatchHeld(str(number))

    some = Reading(brought, None, 0)
    assert read == []
    assert [str(some.take(None)), list(read)] == ["0", [0]]
    assert [str(some.take(None)), list(read)] == ["1", [0, 1]]
    assert str(some.take(None)) == "2"
    assert isinstance(some.take(None), Over)


def test_what_is_not_there_in_time_is_there_later_and_a_fault_is_told_to_whoever_waits():
    gate = threading.Event()

    def brought():
        gate.wait(10)
        yield BatchHeld("late")
        raise SourceError("broken")

    some = Reading(brought, None, 0)
    assert some.take(0.01) is None
    assert some.take(0) is None
    gate.set()
    assert str(some.take(None)) == "late"
    with pytest.raises(SourceError, match="broken"):
        some.take(None)


def test_a_read_that_takes_too_long_is_spoken_of_once_each_time_that_long_has_passed():
    now = [0.0]
    some = Reading(lambda: iter(()), None, 0, lambda: now[0])
    some.check()
    for times in (1, 2):
        now[0] = LONGEST_S * times + 1
        with pytest.raises(SourceError, match="no answer for more than 10 minutes"):
            some.check()
        some.check()


class Silent:
    """A source that says nothing until it is let go, and then what another one says."""

    def __init__(self, inner):
        self.inner, self.gate, self.begun = inner, threading.Event(), 0

    def read(self, *told):
        self.begun += 1
        self.gate.wait(30)
        yield from self.inner.read(*told)


def until_loaded(schedule, store, count):
    """Run what is due, as the timer does, until so many calls are known."""
    for _ in range(20):
        schedule.run_due()
        if len(store.rows("emergency_call")) == count:
            return
    pytest.fail(f"{count} calls were not loaded")


def test_a_source_that_hangs_delays_no_other_and_is_loaded_when_it_answers(city, store, clock, monkeypatch):
    monkeypatch.setattr(reading, "FILE_PATIENCE_S", 1.0)
    clock.now = NOON
    city.write("emergency_call", CALL)
    schedule = Schedule(city.site(), store.ledger, clock)
    silent = schedule.readers["station"] = Silent(schedule.readers["station"])
    until_loaded(schedule, store, 1)
    clock.now += 3600
    city.write("emergency_call", CALL, {**CALL, "call": "c2"})
    until_loaded(schedule, store, 2)
    assert (store.rows("station"), silent.begun) == ([], 1)
    silent.gate.set()
    schedule.run_due(everything=True)
    assert len(store.rows("station")) == 2


@pytest.mark.parametrize(
    ("kind", "is_static", "everything", "expected"),
    [
        ("http", False, False, 0.5),
        ("csv", False, False, 5.0),
        ("csv", True, False, 30.0),
        ("csv", False, True, LONGEST_S),
        ("demo", False, False, None),
    ],
)
def test_only_what_others_need_or_a_person_asked_for_is_waited_for(city, kind, is_static, everything, expected):
    config = city.site().sources[0].model_copy(update={"kind": kind, "static": is_static})
    assert patience(config, None, everything=everything) == expected
