"""The simulated departments of work injury: the same city for the same seed, told piece by piece, as clean as stated."""

import dataclasses
from datetime import date, datetime
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.case_events import CASE_EVENTS
from etl.identifiers import is_enterprise_id
from etl.known import Known
from etl.simulation.blocks import LongStream
from etl.simulation.injury.accidents import accidents
from etl.simulation.injury.city import month_of
from etl.simulation.sending import UNLISTED
from etl.simulation.streams.injury_cases import UNLISTED_FIRM, UNLISTED_TOWN
from etl.simulation.world import module_of
from etl.sources.demo import Source
from tests.simulated import within_share
from tests.simulated_injury import SITE, STREAMS, P, day, new_city, whole

BEGIN = date(2023, 9, 1)
TOLD_UPTO = int(datetime(2026, 9, 1, 9, tzinfo=SITE.zone).timestamp())
LONG_AFTER = TOLD_UPTO + 4 * 366 * 86_400
"""When everything about the months that tests tell of has been sent."""


@cache
def stream(name: str) -> LongStream:
    """Return a stream of the city that all tests share."""
    return LongStream(name, module_of(name), whole().city)


@cache
def told(name: str) -> pd.DataFrame:
    """Return what a stream told of three years, the insured of two months only."""
    begin = date(2026, 7, 1) if name == "headcounts" else BEGIN
    return stream(name).told(begin, None, TOLD_UPTO)


def known() -> Known:
    """Return the lists that rows are held against."""
    city = whole().city
    return Known(towns=frozenset(city.places.towns.codes), keys={"enterprise": frozenset(city.firms.ids)}, is_first=True)


INSTANTS = st.lists(st.integers(TOLD_UPTO - 40 * 86_400, TOLD_UPTO), min_size=2, max_size=5, unique=True).map(sorted)


@settings(max_examples=14, deadline=None)
@given(name=st.sampled_from(STREAMS), instants=INSTANTS)
def test_reads_split_at_any_instants_tell_what_one_read_tells(name, instants):
    one, begin = stream(name), date(2026, 6, 1)
    whole_read = one.told(begin, None, instants[-1])
    parts = [one.told(begin, after, upto) for after, upto in zip([None, *instants], instants, strict=False)]
    columns = list(one.header)
    together = pd.concat(parts).sort_values(columns)
    assert together.to_numpy().tolist() == whole_read.sort_values(columns).to_numpy().tolist()


@pytest.mark.parametrize("name", STREAMS)
def test_a_month_is_the_same_in_any_order_and_for_the_same_seed_only(name):
    first, again, other = new_city(), new_city(), new_city(seed=1)
    module, months = module_of(name), [month_of(day(2025, 9, 1)), month_of(day(2025, 10, 1))]
    forward = {month: module.block_of(first, month) for month in months}
    backward = {month: module.block_of(again, month) for month in reversed(months)}
    for month in months:
        places = np.arange(len(forward[month].sent_at))
        assert np.array_equal(forward[month].sent_at, backward[month].sent_at)
        cells, same = forward[month].text(places), backward[month].text(places)
        assert all(cells[column].tolist() == same[column].tolist() for column in module.HEADER)
    assert any(not np.array_equal(forward[month].sent_at, module.block_of(other, month).sent_at) for month in months)


@pytest.mark.parametrize("name", STREAMS)
def test_every_row_passes_its_contract_but_for_those_that_are_refused_on_purpose(name):
    source = Source(SITE.source(name), SITE)
    source.stream = stream(name)
    begin = "2026-07-01" if name in ("headcounts", "exchange") else "2025-06-01"
    (batch,) = source.read({"begin": begin}, TOLD_UPTO, known())
    said = {UNLISTED, UNLISTED_FIRM, UNLISTED_TOWN}
    assert batch.read_count
    assert set(batch.refused["detail"]) <= said
    assert (len(batch.refused) > 0) == (name in ("injury_events", "injury_cases"))
    (rows,) = batch.rows.values()
    assert batch.read_count == len(rows) + len(batch.refused) + batch.duplicate_count


@pytest.mark.parametrize("name", STREAMS)
def test_nothing_is_told_before_it_happened(name):
    block = stream(name).block(month_of(day(2026, 3, 1)))
    rows = pd.DataFrame(block.text(np.arange(len(block.sent_at))))
    sent = pd.to_datetime(block.sent_at + 8 * 3600, unit="s")
    for column in (
        "办理时间",
        "申请时间",
        "决定时间",
        "送达时间",
        "死亡时间",
        "意向登记",
        "上岗",
        "开庭时间",
        "CALLED",
        "ANSWERED",
        "推送时间",
        "签收时间",
        "检查时间",
        "整改时间",
        "复查时间",
        "销号时间",
    ):
        if column in rows:
            at = pd.to_datetime(rows[column].where(rows[column] != "").str.replace("T", " "), format="%Y-%m-%d %H:%M:%S")
            assert (at.dropna() <= sent[at.notna().to_numpy()]).all(), column


def test_ids_of_firms_have_right_check_digits_and_none_comes_twice():
    ids = whole().city.firms.ids.tolist()
    assert all(is_enterprise_id(one) for one in ids)
    assert len(set(ids)) == len(ids)
    assert is_enterprise_id(UNLISTED_FIRM)
    assert UNLISTED_FIRM not in ids
    sole = sum(one.startswith("P") for one in ids)
    assert within_share(sole, len(ids), P.sole_trader_share)


def test_names_are_nobodys():
    assert told("enterprises")["单位名称"].str.startswith("模拟").all()


def test_every_case_names_a_firm_that_is_in_the_list_by_then():
    city = whole().city
    for month in whole().months[-6:]:
        joined_on = city.firms.joined_on[month.facts.firm]
        assert (joined_on <= city.year.day_of(month.at["A0"])).all()


def test_what_must_come_before_a_step_came_before_it_but_where_it_is_dirt():
    log = pd.DataFrame(
        [
            (f"{month.month}-{case}", step[:2], month.at[step][case])
            for month in whole().months[-8:]
            for step in month.at
            for case in np.flatnonzero(month.at[step] >= 0).tolist()
        ],
        columns=["case", "code", "at"],
    )
    first = log.groupby(["case", "code"])["at"].min().unstack()
    for code, event in CASE_EVENTS.items():
        if event.after and code in first:
            before = first.reindex(columns=list(event.after)).min(axis=1)
            has = first[code].notna()
            assert (before[has] <= first.loc[has, code]).all(), code


def test_every_code_of_the_rules_is_told():
    assert set(told("injury_events")["环节代码"]) == {*CASE_EVENTS, UNLISTED}


def test_dirt_is_as_frequent_as_stated():
    events = told("injury_events")
    once = events.drop_duplicates()
    originals = events[events["修订"] == "0"]
    unique = originals.drop_duplicates()
    assert within_share(len(events) - len(once), len(once), P.event_duplicate_share)
    assert within_share((unique["环节代码"] == UNLISTED).sum(), len(unique), P.event_refused_share)
    assert within_share((once["修订"] == "1").sum(), len(unique), P.event_corrected_share)


def test_steps_are_forgotten_as_often_as_stated():
    recorded = dict.fromkeys(("C1", "G2"), 0)
    happened = dict(recorded)
    block = stream("injury_events")
    for month in whole().months[-24:]:
        rows = block.block(month.month)
        cells = pd.DataFrame(rows.text(np.arange(len(rows.sent_at))))
        numbers = cells["事项流水号"].drop_duplicates().str.split("-", n=1).str[1].str[:2]
        for code in recorded:
            recorded[code] += int((numbers == code).sum())
            happened[code] += sum(int((at >= 0).sum()) for step, at in month.at.items() if step[:2] == code)
    assert within_share(happened["C1"] - recorded["C1"], happened["C1"], P.acceptance_missing_share)
    assert within_share(happened["G2"] - recorded["G2"], happened["G2"], P.stamp_missing_share)


def test_strange_firms_and_towns_are_as_frequent_as_stated_and_put_right_later():
    rows = told("injury_cases").drop_duplicates()
    filed, later = rows[rows["修订"] == "0"], rows[rows["修订"] != "0"]
    assert within_share((filed["用人单位代码"] == UNLISTED_FIRM).sum(), len(filed), P.unknown_firm_share)
    assert within_share((filed["单位乡镇"] == UNLISTED_TOWN).sum(), len(filed), P.unknown_town_share)
    assert not later["用人单位代码"].eq(UNLISTED_FIRM).any()
    assert not later["单位乡镇"].eq(UNLISTED_TOWN).any()
    assert within_share((filed["事故乡镇"] == "").sum(), len(filed), P.nowhere_share)


def test_a_history_tells_of_what_was_applied_for_since_it_began_with_all_that_went_before():
    rows = told("injury_cases")
    assert rows["申请时间"].min() >= BEGIN.isoformat()
    assert rows["事故时间"].min() < BEGIN.isoformat()
    events = told("injury_events")
    assert set(rows["案件编号"]) <= set(events["案件编号"])


def test_the_insured_of_a_month_come_on_the_fifth_and_an_unknown_count_is_empty():
    block = stream("headcounts").block(month_of(day(2026, 7, 1)))
    first = datetime.fromtimestamp(int(block.sent_at[0]), SITE.zone)
    assert (first.isoformat()[:10], first.hour) == ("2026-08-05", 6)
    rows = told("headcounts")
    counts = rows[rows["月均人数"] != ""]["月均人数"].astype(int)
    assert counts.min() >= 1
    assert 0.005 < (rows["月均人数"] == "").mean() < 0.015
    assert set(rows["所属期"]) == {"2026-07"}


@pytest.mark.parametrize("name", ["headcounts", "injury_cases"])
def test_a_first_read_tells_as_many_years_as_the_site_says(name):
    assert Source(SITE.source(name), SITE).begin(TOLD_UPTO) == date(2023, 9, 1)


def test_a_read_without_news_is_cheap_in_rows_and_blocks():
    one = stream("injury_events")
    told("injury_events")
    made = one.block.cache_info().misses
    assert [len(one.told(BEGIN, TOLD_UPTO + second, TOLD_UPTO + second)) for second in range(3)] == [0, 0, 0]
    assert one.block.cache_info().misses == made


def test_a_quiet_city_tells_only_its_lists():
    city = new_city(dataclasses.replace(P, accepted_per_year=1e-9))
    month = month_of(day(2026, 3, 1))
    for name in ("injury_cases", "injury_events", "benefits", "materials", "reemployment", "hearings"):
        assert len(module_of(name).block_of(city, month).sent_at) == 0
    assert len(accidents(city, month)) == 0


def test_instants_of_one_case_never_run_backwards_along_the_main_line():
    for month in whole().months[-12:]:
        main = ("A0", "B1", "C1", "D1", "D4", "F1", "F3", "F4", "F5")
        for earlier, later in pairwise(main):
            both = (month.at[earlier] >= 0) & (month.at[later] >= 0)
            assert (month.at[later][both] >= month.at[earlier][both]).all(), (earlier, later)


def test_everything_about_a_month_has_been_sent_within_four_years():
    for name in ("injury_cases", "injury_events", "materials", "reemployment", "hearings", "orders"):
        assert stream(name).block(month_of(day(2026, 8, 1))).sent_at.max() < LONG_AFTER
