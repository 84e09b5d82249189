"""From wall clocks to instants and back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.instants import across_midnight, parse, to_utc, to_wall

ZONES = [ZoneInfo(name) for name in ("Europe/Dublin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe")]
EPOCH = datetime(1970, 1, 1)
HOUR_S = 3600

zones = st.sampled_from(ZONES)
walls = st.integers(int((datetime(1980, 1, 1) - EPOCH).total_seconds()), int((datetime(2037, 12, 31) - EPOCH).total_seconds()))


@st.composite
def near_changes(draw):
    """A zone, and wall-clock seconds within hours of one of its changes of clock, or anywhere."""
    zone = draw(zones)
    changes = draw(st.sampled_from(CHANGES[zone])) if CHANGES[zone] else draw(walls)
    return zone, draw(st.one_of(walls, st.integers(changes - 3 * HOUR_S, changes + 3 * HOUR_S)))


def clock_changes(zone: ZoneInfo) -> list[int]:
    """Return the wall-clock hours from which on the zone's offset is another."""
    hours = [datetime(2019, 1, 1) + timedelta(hours=h) for h in range(3 * 366 * 24)]
    offsets = [hour.replace(tzinfo=zone).utcoffset() for hour in hours]
    pairs = zip(hours, offsets, offsets[1:], strict=False)
    return [int((hour - EPOCH).total_seconds()) for hour, now, then in pairs if now != then]


CHANGES = {zone: clock_changes(zone) for zone in ZONES}


def wall_of(second: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """Return a wall-clock second as an aware moment."""
    return (EPOCH + timedelta(seconds=second)).replace(tzinfo=zone, fold=fold)


def one(result: np.ndarray) -> int:
    """Return the only value, which is a whole number."""
    (value,) = result.tolist()
    assert value == int(value)
    return int(value)


@settings(max_examples=300)
@given(near_changes())
def test_a_wall_clock_time_is_the_instant_that_zoneinfo_says_the_first_of_two(case):
    zone, wall = case
    assert one(to_utc(np.array([float(wall)]), zone)) == int(wall_of(wall, zone).timestamp())


@settings(max_examples=300)
@given(near_changes())
def test_an_instant_stands_on_the_wall_clock_as_zoneinfo_says(case):
    zone, wall = case
    utc = int(wall_of(wall, zone, fold=1).timestamp())
    said = datetime.fromtimestamp(utc, zone).replace(tzinfo=None)
    assert one(to_wall(np.array([float(utc)]), zone)) == int((said - EPOCH).total_seconds())


@settings(max_examples=300)
@given(near_changes())
def test_a_wall_clock_time_that_exists_comes_back_the_same(case):
    zone, wall = case
    is_gap = datetime.fromtimestamp(wall_of(wall, zone).timestamp(), zone).replace(tzinfo=None) != wall_of(wall, zone).replace(
        tzinfo=None
    )
    back = one(to_wall(to_utc(np.array([float(wall)]), zone), zone))
    assert (back == wall) is not is_gap


@given(st.lists(st.one_of(st.just(float("nan")), walls.map(float)), max_size=8), zones)
def test_each_stamp_stands_alone_and_missing_stays_missing(stamps, zone):
    together = to_utc(np.array(stamps), zone)
    alone = [to_utc(np.array([stamp]), zone)[0] for stamp in stamps]
    np.testing.assert_array_equal(together, np.array(alone))
    np.testing.assert_array_equal(np.isnan(together), np.isnan(np.array(stamps)))


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2021-03-28 00:59:59", "2021-03-28 00:59:59"),  # the last second of winter time
        ("2021-03-28 02:00:00", "2021-03-28 01:00:00"),  # the first of summer time
        ("2021-10-31 01:30:00", "2021-10-31 00:30:00"),  # happens twice: the first
        ("2021-10-31 02:00:00", "2021-10-31 02:00:00"),
    ],
)
def test_dublin_changes_its_clock_at_one_in_utc(wall, utc):
    stamps = parse(pd.Series([wall, utc], dtype=object), "%Y-%m-%d %H:%M:%S")
    assert one(to_utc(stamps[:1], ZONES[0])) == int(stamps[1])


def test_lord_howe_changes_by_half_an_hour():
    before = int((datetime(2021, 4, 4, 1, 29) - EPOCH).total_seconds())
    after = int((datetime(2021, 4, 4, 2, 0) - EPOCH).total_seconds())
    first, last = to_utc(np.array([float(before), float(after)]), ZONES[3]).tolist()
    assert last - first == 31 * 60 + 30 * 60


@pytest.mark.parametrize(
    ("stamp", "followed", "is_next_day"),
    [
        ("00:10:00", "23:50:00", True),
        ("23:50:00", "00:10:00", False),
        ("10:00:00", "10:00:05", False),
        ("08:00:00", "20:00:00", False),  # 12 h to the second is not more than 12 h
        ("07:59:59", "20:00:00", True),
    ],
)
def test_a_clock_time_belongs_to_the_next_day_only_when_more_than_12_h_before(stamp, followed, is_next_day):
    clocks = parse(pd.Series([f"2021-01-01 {stamp}", f"2021-01-01 {followed}"], dtype=object), "%Y-%m-%d %H:%M:%S")
    moved = across_midnight(clocks[:1], clocks[1:])
    assert one(moved - clocks[:1]) == (86_400 if is_next_day else 0)


def test_a_clock_time_that_follows_nothing_stays_on_its_day():
    assert across_midnight(np.array([5.0]), np.array([np.nan])).tolist() == [5.0]


@pytest.mark.parametrize("word", ["now", "today", "NaT", "nan", "24:00:00", "2021-02-29T00:00:00", "2021-01-01", "x", " "])
def test_only_a_stamp_of_the_declared_format_is_one(word):
    assert np.isnan(parse(pd.Series([word], dtype=object), "%Y-%m-%dT%H:%M:%S")).all()


@pytest.mark.parametrize("far", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_the_ends_of_the_calendar_take_nothing_down(far):
    stamps = parse(pd.Series([far, "2021-01-01T00:00:00"], dtype=object), "%Y-%m-%dT%H:%M:%S")
    for zone in ZONES:
        assert to_wall(to_utc(stamps, zone), zone)[1] == 1_609_459_200
