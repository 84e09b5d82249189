"""The simulated city's figures: what was published as stated and as realised, and dirt as frequent as stated."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from etl.simulation.demand import BEHIND, FAULTLESS
from etl.simulation.parameters import LOCATING_AFTER, LOCATING_BEFORE, Locating, Shares
from etl.simulation.sending import LONGEST_DELAY_S, UNLISTED
from etl.simulation.streams.calls import UNLISTED_TOWN
from etl.simulation.world import Stream, Told
from tests.simulated import SITE, STREAMS, Z99, P, all_of, new_world, within_mean, within_share

FIRST, DAYS = date(2025, 3, 2), 364
"""Fifty-two whole weeks, half of them before the city's improvements and half after."""
ENDED_AT = int(datetime(2026, 3, 10, tzinfo=UTC).timestamp())
"""When everything about these weeks has been sent."""


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Return the days of a year."""
    world = new_world()
    return [world.day(FIRST + timedelta(days=i)) for i in range(DAYS)]


@pytest.fixture(scope="module")
def rows(told: list[Told]) -> dict[str, pd.DataFrame]:
    """Return what each stream sent about a year, each row with when it was sent and about which day."""
    found = {}
    for name in STREAMS:
        stream = Stream(name, SITE)
        parts = [(day, stream.module.sent_about(day)) for day in told]
        cells = {column: np.concatenate([part.cells[column] for _, part in parts]) for column in stream.header}
        sent_at = np.concatenate([part.sent_at for _, part in parts])
        is_live = np.concatenate([np.full(len(part.sent_at), day.day.is_live) for day, part in parts])
        found[name] = pd.DataFrame(cells).assign(sent_at=sent_at, is_live=is_live)
    return found


def once(frame: pd.DataFrame, key: str, revision: str | None = None) -> pd.DataFrame:
    """Return the newest revision of each row, once."""
    ordered = frame.sort_values([revision, "sent_at"] if revision else ["sent_at"], kind="stable")
    return ordered.drop_duplicates(key, keep="last")


@pytest.fixture(scope="module")
def calls(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each call as it is known in the end."""
    return once(rows["calls"], "呼叫流水号", "修订")


@pytest.fixture(scope="module")
def events(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each status event as it is known in the end."""
    return once(rows["vehicles"], "EVT_ID", "REV")


PUBLISHED = {
    "runs_per_day": 58,
    "runs_per_1000_residents_a_year": 15,
    "calls_per_run": 2.5,
    "e6_same_mean_min": 12.4,
    "e6_cross_mean_min": 15.7,
    "e6_within_12_share": 0.568,
    "cross_share": 0.374,
    "missing_share": 0.08,
    "negative_share": 0.005,
    "handling_gain_s": 30,
    "dispatch_gain_s": 60,
    "arrival_gain_s": 120,
    "located_gain_share": 0.30,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_figure_is_the_stated_constant(name):
    assert getattr(P, name) == PUBLISHED[name]


def test_the_runs_of_a_day_are_what_the_residents_come_to():
    assert P.runs_per_day == pytest.approx(P.residents / 1000 * P.runs_per_1000_residents_a_year / 365, abs=0.5)


def test_positions_improve_by_what_was_published():
    assert LOCATING_AFTER.ok_share - LOCATING_BEFORE.ok_share == pytest.approx(P.located_gain_share)


@pytest.mark.parametrize("is_cross", [False, True])
def test_the_parts_of_the_response_add_up_to_the_gain_on_arrival(is_cross):
    before, after = (sum(P.part_means_s(is_live=x)) + P.travel_mean_s(is_cross=is_cross, is_live=x) for x in (False, True))
    assert before - after == pytest.approx(P.arrival_gain_s)
    handling = [P.part_means_s(is_live=x) for x in (False, True)]
    assert (handling[0][0] - handling[1][0], handling[0][1] - handling[1][1]) == (P.handling_gain_s, P.dispatch_gain_s)


def test_parts_that_make_no_whole_are_refused():
    with pytest.raises(ValueError, match="not 1"):
        Shares({"A": 0.5, "B": 0.4})


def test_a_share_of_positions_is_the_sum_over_its_sources():
    assert Locating(mix=Shares({"a": 0.5, "b": 0.5}), ok={"a": 1.0, "b": 0.5}).ok_share == 0.75


def test_runs_a_day_are_as_published(told):
    counts = np.array([len(day.runs.ids) for day in told])
    variance = P.incidents_per_day * (1 + 3 * P.two_units_share)  # a Poisson number of incidents of one or two runs
    assert abs(counts.mean() - P.runs_per_day) <= Z99 * (variance / DAYS) ** 0.5


def test_calls_a_day_are_as_published(calls):
    assert abs(len(calls) / DAYS - P.calls_per_day) <= Z99 * (P.calls_per_day / DAYS) ** 0.5


@pytest.mark.parametrize("is_live", [False, True])
@pytest.mark.parametrize("is_cross", [False, True])
def test_the_mean_response_is_as_published_before_and_its_gain_less_after(told, is_cross, is_live):
    def response_s(day: Told) -> np.ndarray:
        task, runs, one = day.demand.tasks, day.runs, day.demand.incidents
        which = task.is_leader & (runs.is_cross == is_cross)
        return runs.onscene_at[which] - one.answer_at[task.incident[which]]

    published_min = P.e6_cross_mean_min if is_cross else P.e6_same_mean_min
    values = all_of([day for day in told if day.day.is_live is is_live], response_s)
    assert within_mean(values, 60 * published_min - is_live * P.arrival_gain_s)


def test_before_the_improvements_as_many_arrive_within_12_min_as_in_kunshan(told):
    def response_s(day: Told) -> np.ndarray:
        task = day.demand.tasks
        return (day.runs.onscene_at - day.demand.incidents.answer_at[task.incident])[task.is_leader]

    values = all_of([day for day in told if not day.day.is_live], response_s)
    assert np.mean(values <= 720) == pytest.approx(P.e6_within_12_share, abs=0.02)


@pytest.mark.parametrize(("part", "gain"), [(0, P.handling_gain_s), (1, P.dispatch_gain_s)])
def test_call_taking_and_dispatch_gain_what_was_published(told, part, gain):
    def parts_s(day: Told) -> np.ndarray:
        one = day.demand.incidents
        return (one.accept_at - one.answer_at, one.dispatch_at - one.accept_at)[part]

    for is_live in (False, True):
        values = all_of([day for day in told if day.day.is_live is is_live], parts_s)
        assert within_mean(values, P.part_means_s(is_live=is_live)[part])
    assert P.part_means_s(is_live=False)[part] - P.part_means_s(is_live=True)[part] == gain


def test_cross_town_runs_are_as_many_as_published(told):
    crosses = all_of(told, lambda day: day.runs.is_cross)
    assert within_share(crosses.sum(), len(crosses), P.cross_share)


@pytest.mark.parametrize(
    ("start", "end", "limit_s", "low", "high"),
    [("dispatch_at", "enroute_at", 180, 0.90, 0.95), ("hospital_at", "handover_at", 1200, 0.88, 0.92)],
    ids=["turned out within 3 min", "handed over within 20 min"],
)
def test_other_intervals_keep_their_shape(told, start, end, limit_s, low, high):
    values = all_of(told, lambda day: getattr(day.runs, end) - getattr(day.runs, start))
    assert low < np.mean(values <= limit_s) < high


@pytest.mark.parametrize(
    ("flag", "share"), [("is_cancelled", P.cancelled_share), ("is_empty", P.empty_share)], ids=["cancelled", "empty"]
)
def test_runs_end_as_often_without_a_patient_as_stated(told, flag, share):
    flags = all_of(told, lambda day: getattr(day.runs, flag))
    assert within_share(flags.sum(), len(flags), share)


def test_calls_have_two_peaks_a_day(told):
    hours = all_of(told, lambda day: (day.demand.incidents.ring_at + 8 * 3600) // 3600 % 24)
    count = np.bincount(hours, minlength=24)
    morning, noon, evening, night = (count[slice(*x)].mean() for x in ((8, 11), (12, 15), (18, 21), (0, 5)))
    assert night < noon < min(morning, evening)


def test_every_town_and_the_functional_zone_have_incidents(calls):
    assert {*calls["乡镇代码"]} >= {*new_world().places.towns.codes}


def no_value_of_e6(calls: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return, for each incident that should have a response time, whether it has none, and whether it is negative."""
    is_arrival = (events["ST"] == "30").to_numpy()
    arrivals = events[is_arrival].groupby("CASE_NO")["EVT_TIME"].min()
    gone = events.groupby("CASE_NO")["ST"].agg(lambda codes: "90" in {*codes} and "30" not in {*codes})
    due = calls[(calls["处置代码"] == "10") & calls["事件编号"].isin(gone.index[~gone])].set_index("事件编号")
    arrived_at = pd.to_datetime(arrivals.reindex(due.index), format="%Y/%m/%d %H:%M:%S")
    answered_at = pd.to_datetime(due["摘机时刻"].replace("", None))
    return arrived_at.isna() | answered_at.isna(), arrived_at < answered_at


def test_of_the_response_as_much_is_missing_and_negative_as_published(calls, events):
    is_missing, is_negative = no_value_of_e6(calls, events)
    assert within_share(is_missing.sum(), len(is_missing), P.missing_share)
    assert within_share(is_negative.sum(), len(is_negative), P.negative_share)


@pytest.mark.parametrize("is_live", [False, True])
def test_positions_are_right_as_often_as_stated(calls, is_live):
    located = calls[(calls["定位误差米"] != "") & (calls["is_live"] == is_live)]
    share = (LOCATING_AFTER if is_live else LOCATING_BEFORE).ok_share
    assert within_share((located["定位误差米"].astype(int) <= 50).sum(), len(located), share)


SHARES = {
    "unknown towns": ("calls", P.unknown_town_share, lambda f: f["乡镇代码"].isin(["", UNLISTED_TOWN])),
    "corrected calls": ("calls", P.call_corrected_share, lambda f: f["修订"] == "1"),
    "refused calls": ("calls", P.refused_share, lambda f: f["处置代码"] == UNLISTED),
    "corrected events": ("vehicles", P.status_corrected_share, lambda f: f["REV"] == "1"),
    "refused events": ("vehicles", P.refused_share, lambda f: f["ST"] == UNLISTED),
}


@pytest.mark.parametrize("what", SHARES)
def test_dirt_is_as_frequent_as_stated(rows, what):
    name, share, is_dirty = SHARES[what]
    key = "呼叫流水号" if name == "calls" else "EVT_ID"
    frame = once(rows[name], key, "修订" if name == "calls" else "REV")
    assert within_share(is_dirty(frame).sum(), len(frame), share)


@pytest.mark.parametrize("name", ["calls", "vehicles"])
def test_rows_are_sent_twice_as_often_as_stated(rows, name):
    frame = rows[name].drop(columns=["sent_at", "is_live"])
    assert within_share(frame.duplicated().sum(), len(frame.drop_duplicates()), P.duplicate_share)


def test_status_events_are_late_as_often_as_stated(told, rows):
    frame = rows["vehicles"].drop_duplicates(["EVT_ID"])
    event_at = pd.to_datetime(frame["EVT_TIME"], format="%Y/%m/%d %H:%M:%S").dt.tz_localize(SITE.zone)
    delay_s = (pd.to_datetime(frame["sent_at"], unit="s", utc=True) - event_at).dt.total_seconds()
    behind = {day.demand.incidents.ids[i] for day in told for i in np.flatnonzero(day.demand.incidents.fault == BEHIND)}
    delay_s = delay_s[~frame["CASE_NO"].isin(behind) & (frame["SRC"] != "B")]
    assert within_share((delay_s > 20 * 3600).sum(), len(delay_s), P.day_late_share)
    assert within_share(
        ((delay_s > 3600) & (delay_s <= 7 * 3600)).sum(), len(delay_s), P.hours_late_share * (1 - P.day_late_share)
    )
    assert np.mean(delay_s <= 10) > 0.95


def test_an_arrival_stands_by_button_and_by_geofence(rows):
    frame = once(rows["vehicles"], "EVT_ID", "REV")
    arrivals = frame[frame["ST"] == "30"].pivot(index="RUN_NO", columns="SRC", values="EVT_TIME")
    both = arrivals.dropna(subset=["A", "G"]).apply(pd.to_datetime, format="%Y/%m/%d %H:%M:%S")
    apart_s = (both["A"] - both["G"]).abs().dt.total_seconds()
    assert within_share((apart_s > 120).sum(), len(both), P.skewed_share)
    assert np.mean(apart_s <= 60) > 0.97


def test_video_is_up_as_much_as_stated_and_an_outage_is_a_row_of_zero(rows):
    up_min = rows["video"]["在线分钟"].astype(float)
    assert up_min.mean() / 60 == pytest.approx(P.video_up_share, abs=0.003)
    assert (up_min == 0).sum() > 100
    vehicles = rows["video"]["车辆编号"].nunique()
    live_days = (FIRST + timedelta(days=DAYS) - SITE.simulation.go_live).days
    assert len(up_min) == vehicles * 24 * live_days, "no link before the go-live, and a row for each hour since"


def test_the_rare_streams_are_as_frequent_as_stated(told, rows):
    transports = sum(int(day.runs.has_transport.sum()) for day in told)
    assert within_share(len(rows["prearrival"]), transports, P.ahead_share + P.ahead_late_share)
    joint = rows["linkage"]["案件号"].nunique()
    dispatched = sum(int((day.demand.incidents.unit_count > 0).sum()) for day in told)
    assert within_share(joint, dispatched, P.joint_share)
    assert abs(len(rows["aed"]) - P.aed_per_day * DAYS) <= Z99 * (P.aed_per_day * DAYS) ** 0.5


def test_rows_sent_late_are_within_the_days_looked_back_to(rows):
    assert max(frame["sent_at"].max() for frame in rows.values()) <= ENDED_AT
    assert LONGEST_DELAY_S < 5 * 86_400


def test_most_stamps_are_sound(told):
    fault = all_of(told, lambda day: day.demand.incidents.fault)
    assert np.mean(fault == FAULTLESS) > 0.9
