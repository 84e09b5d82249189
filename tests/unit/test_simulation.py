"""The simulated city: the same days for the same seed, alone or in order; told piece by piece and never ahead of time."""

import dataclasses
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import SiteError
from etl.known import Known
from etl.simulation.sending import stamps
from etl.simulation.world import Stream, Told
from etl.sources.demo import Source
from tests.simulated import SITE, STREAMS, P, all_of, new_stream, new_world

FIRST, DAYS = date(2025, 8, 1), 60
"""A month before the city's improvements and one after."""


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Return the days of two months."""
    world = new_world()
    return [world.day(FIRST + timedelta(days=i)) for i in range(DAYS)]


def test_a_vehicle_is_on_one_run_at_a_time(told):
    vehicle = all_of(told, lambda day: day.runs.vehicle)
    began, ended = all_of(told, lambda day: day.runs.dispatch_at), all_of(told, lambda day: day.runs.home_at)
    order = np.lexsort((began, vehicle))
    same = vehicle[order][1:] == vehicle[order][:-1]
    overlaps = same & (began[order][1:] < ended[order][:-1])
    assert overlaps.sum() <= 0.001 * len(vehicle)


def test_units_of_an_incident_are_different_vehicles(told):
    for day in told:
        pairs = pd.DataFrame({"incident": day.runs.incident, "vehicle": day.runs.vehicle})
        assert not pairs.duplicated().any()


def test_stages_of_a_run_follow_each_other(told):
    steps = ("dispatch_at", "enroute_at", "onscene_at", "leave_at", "hospital_at", "handover_at")
    for day in told:
        for earlier, later in pairwise(steps):
            assert (getattr(day.runs, later) >= getattr(day.runs, earlier)).all()


@pytest.mark.parametrize("name", STREAMS)
def test_a_day_is_the_same_alone_in_any_order_and_for_the_same_seed_only(name):
    days = [SITE.simulation.go_live + timedelta(days=i) for i in range(5)]
    forward, backward, other = new_stream(name), new_stream(name), new_stream(name, seed=1)
    first = {day: forward.day(day) for day in days}
    again = {day: backward.day(day) for day in reversed(days)}
    for day in days:
        assert np.array_equal(first[day].sent_at, again[day].sent_at)
        for column in forward.header:
            assert first[day].cells[column].tolist() == again[day].cells[column].tolist()
    assert any(first[day].sent_at.tolist() != other.day(day).sent_at.tolist() for day in days)


def test_a_position_is_off_the_scene_by_its_error(told):
    one = told[0].demand.incidents
    cells = pd.DataFrame(new_stream("calls").day(FIRST).cells).drop_duplicates("事件编号").set_index("事件编号")
    located = cells.loc[one.ids].assign(lon=one.lon, lat=one.lat).query("定位误差米 != ''")
    north = located["纬度"].astype(float) - located["lat"]
    east = (located["经度"].astype(float) - located["lon"]) * np.cos(np.radians(located["lat"]))
    assert np.allclose(111_200 * np.hypot(north, east), located["定位误差米"].astype(float), rtol=0.01, atol=1)


BEGAN_AT = int(datetime(2025, 8, 30, tzinfo=SITE.zone).timestamp())
INSTANTS = st.lists(st.integers(BEGAN_AT, BEGAN_AT + 6 * 86_400), min_size=2, max_size=6, unique=True).map(sorted)
SHARED = {name: new_stream(name) for name in STREAMS}


@settings(max_examples=15)
@given(name=st.sampled_from(STREAMS), instants=INSTANTS)
def test_reads_split_at_any_instants_tell_what_one_read_tells(name, instants):
    stream, begin = SHARED[name], date(2025, 8, 30)
    whole = stream.told(begin, None, instants[-1])
    parts = [stream.told(begin, after, upto) for after, upto in zip([None, *instants], instants, strict=False)]
    columns = list(stream.header)
    together = pd.concat(parts).sort_values(columns).reset_index(drop=True)
    assert together.to_numpy().tolist() == whole.sort_values(columns).to_numpy().tolist()


@settings(max_examples=15)
@given(name=st.sampled_from(STREAMS), as_of=st.integers(BEGAN_AT, BEGAN_AT + 6 * 86_400))
def test_nothing_is_told_before_it_happened(name, as_of):
    source = Source(SITE.source(name), SITE)
    (batch,) = source.read({"begin": "2025-08-30"}, as_of, Known())
    (frame,) = batch.rows.values()
    for column in (c for c in frame if c == "event_at" or c.startswith("t_")):
        told = frame[column].dropna()
        assert (told.astype("int64") <= as_of).all(), column


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("iso", "2026-01-02T03:04:05"),
        ("slash", "2026/01/02 03:04:05"),
        ("blank", "2026-01-02 03:04:05"),
        ("compact", "20260102030405"),
    ],
)
def test_stamps_are_written_as_the_system_writes_them(style, text):
    at = int(datetime(2026, 1, 2, 3, 4, 5, tzinfo=SITE.zone).timestamp())
    assert stamps(np.array([at, -1], np.int64), SITE.zone, style).tolist() == [text, ""]


def test_no_stamps_are_no_text():
    assert stamps(np.zeros(0, np.int64), SITE.zone).tolist() == []


def test_a_city_in_which_nothing_happens_sends_only_its_video():
    world = new_world(parameters=dataclasses.replace(P, runs_per_day=1e-6))
    for name in STREAMS:
        stream = Stream(name, SITE)
        stream.world = world
        assert bool(len(stream.told(date(2025, 9, 1), None, BEGAN_AT + 7 * 86_400))) is (name == "video")


def test_an_unknown_stream_is_a_site_error():
    with pytest.raises(SiteError, match="nowhere"):
        Stream("nowhere", SITE)
