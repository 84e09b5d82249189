"""A wall clock held against a steady one: how much later, and how much earlier, it may be than it shows."""

import logging

import pytest

from etl.steady import REMEMBERED_S, STEP_S, Steadiness
from tests.conftest import Clock


@pytest.fixture
def wall():
    return Clock(1_700_000_000.0)


@pytest.fixture
def steady():
    return Clock(50.0)


@pytest.fixture
def steadiness(wall, steady):
    return Steadiness(wall, steady)


def pass_by(seconds, *clocks):
    for clock in clocks:
        clock.now += seconds


def test_a_clock_that_nobody_set_is_believed(steadiness, wall, steady):
    pass_by(10 * REMEMBERED_S, wall, steady)
    assert steadiness.doubt_s() == (0, 0)


def test_a_drift_is_no_step(steadiness, wall, steady):
    for _ in range(100):
        pass_by(60, wall, steady)
        wall.now += STEP_S / 2
        assert steadiness.doubt_s() == (0, 0)


@pytest.mark.parametrize(("by_s", "doubt"), [(7200, (0, 7200)), (-7200, (7200, 0))])
def test_after_a_step_either_time_may_be_the_right_one(steadiness, wall, by_s, doubt):
    wall.now += by_s
    assert steadiness.doubt_s() == doubt


def test_a_clock_that_was_set_right_again_is_doubted_by_what_it_showed_meanwhile(steadiness, wall, steady):
    wall.now += 7200
    steadiness.doubt_s()
    pass_by(60, wall, steady)
    wall.now -= 7200
    assert steadiness.doubt_s() == (7200, 0)


def test_a_step_is_forgotten_after_a_day(steadiness, wall, steady):
    wall.now -= 7200
    steadiness.doubt_s()
    pass_by(REMEMBERED_S, wall, steady)
    assert steadiness.doubt_s() == (0, 0)


def test_a_step_is_said_once(steadiness, wall, caplog):
    wall.now -= 7200
    with caplog.at_level(logging.WARNING):
        steadiness.doubt_s()
        steadiness.doubt_s()
    assert ["-7200 s" in record.getMessage() for record in caplog.records] == [True]
