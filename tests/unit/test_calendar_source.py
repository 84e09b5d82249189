"""The calendar: what the notices say, what a site knows better, and one clear error for a line that says nothing."""

from datetime import date

import pytest

from cockpit.errors import BatchHeld, SiteError
from cockpit.site import load_site
from etl.known import Known
from etl.schedule import Schedule
from etl.sources.calendar import HEADER, LIBRARY, Source

NOW = 1_770_000_000
SITE = """
key = "small"
title = "A small city"
time_zone = "Asia/Shanghai"
date_floor = {floor}
[[sources]]
key = "calendar"
kind = "calendar"
title = "Working days"
header = {header}
interval_s = 86400
static = true
{more}
[[sources.reads]]
table = "cn_workday"
fields = {{ day_on = "day", is_workday = "is_workday", name = "name" }}
"""
NOTICE_2027 = """day,is_workday,name
2027-01-01,0,元旦
2027-02-08,0,春节
2027-02-14,1,春节调休
2027-05-01,0,劳动节
2027-10-01,0,国庆节"""


@pytest.fixture
def read(tmp_path):
    """Return a function that reads the calendar of a site, with a file of its own days if one is given."""

    def once(own=None, cursor=None, floor="2024-01-01", more="", header=HEADER):
        if own is not None:
            (tmp_path / "own.csv").write_text(own, encoding="utf-8")
            more = 'path = "own.csv"'
        (tmp_path / "site.toml").write_text(SITE.format(floor=floor, more=more, header=list(header)), encoding="utf-8")
        site = load_site(tmp_path)
        return list(Source(site.sources[0], site).read(cursor or {}, NOW, Known()))

    return once


def days(batch):
    """Return the days of a batch as date: working day and name."""
    rows = batch.rows["cn_workday"].to_dict("records")
    epoch = date(1970, 1, 1).toordinal()
    return {date.fromordinal(epoch + row["day_on"]).isoformat(): (row["is_workday"], row["name"]) for row in rows}


def test_every_day_of_every_announced_year_is_told_with_holidays_in_chinese_and_make_up_days(read):
    [batch] = read()
    told = days(batch)
    assert (min(told), max(told), len(told), len(batch.refused)) == ("2024-01-01", "2026-12-31", 366 + 365 + 365, 0)
    assert told["2024-10-01"] == (False, "国庆节")
    assert told["2024-02-10"] == (False, "春节")
    assert told["2024-02-18"] == (True, "春节调休")
    assert (told["2024-03-01"], told["2024-03-02"]) == ((True, None), (False, None))


def test_a_day_of_its_own_goes_before_the_librarys_and_leaves_the_others_alone(read):
    [batch] = read("day,is_workday,name\n2024-10-08,0,停工")
    told = days(batch)
    assert (told["2024-10-08"], told["2024-10-09"]) == ((False, "停工"), (True, None))


def test_a_notice_that_the_library_does_not_know_adds_its_whole_year(read):
    [batch] = read(NOTICE_2027)
    told = days(batch)
    assert max(told) == "2027-12-31"
    assert [told[f"2027-02-{n:02}"] for n in (8, 13, 14)] == [(False, "春节"), (False, None), (True, "春节调休")]


def test_a_calendar_that_is_what_it_was_brings_no_batch(read):
    [batch] = read()
    assert read(cursor=batch.cursor) == []
    [changed] = read(NOTICE_2027, cursor=batch.cursor)
    assert read(NOTICE_2027, cursor=changed.cursor) == []


BAD = {
    "no day": ("day,is_workday,name\n2027-13-01,0,元旦", "own.csv, line 2, column day: '2027-13-01' is no day; write it as"),
    "no answer": ("day,is_workday,name\n2027-01-01,休,元旦", "own.csv, line 2, column is_workday: '休' is no answer; write 1"),
    "too few cells": (NOTICE_2027 + "\n2027-10-02,0", "own.csv, line 7: ragged: 2 cells, not 3; write day,is_workday,name"),
    "another header": ("date,is_workday,name\n", "own.csv, line 1: the header came without day"),
    "told twice": (NOTICE_2027 + "\n2027-10-01,1,国庆节", "own.csv: 2027-10-01 stands in own.csv twice and differs; leave"),
    "half a notice": ("day,is_workday,name\n2027-03-08,0,妇女节", "2027-01-01, 2027-05-01, 2027-10-01 is not among them; add"),
}


@pytest.mark.parametrize(("own", "said"), BAD.values(), ids=[*BAD])
def test_a_bad_line_holds_the_calendar_and_says_where_and_what_to_do(read, own, said):
    [held] = read(own)
    assert isinstance(held, BatchHeld)
    assert said in str(held)
    assert "\n" not in str(held)
    assert held.origin == "own.csv"


def test_a_header_of_another_kind_and_a_place_of_another_kind_are_errors_of_the_site(read):
    with pytest.raises(SiteError, match=r"site\.toml: calendar: .*the header came in another order"):
        read(header=HEADER[::-1])
    with pytest.raises(SiteError, match="of kind calendar: it needs no place"):
        read(more='stream = "calls"')


def test_a_held_calendar_leaves_the_last_one_and_a_better_file_takes_its_place(read, store, tmp_path):
    read(NOTICE_2027)
    site = load_site(tmp_path)
    schedule = Schedule(site, store.ledger, lambda: NOW)
    schedule.run_due(everything=True)
    before = store.rows("cn_workday")
    (tmp_path / "own.csv").write_text("day,is_workday,name\nsoon,0,元旦", encoding="utf-8")
    assert schedule.run_due(everything=True) == []
    assert (store.rows("cn_workday") == before, schedule.states()["calendar"].state) == (True, "held")
    (tmp_path / "own.csv").write_text("day,is_workday,name\n", encoding="utf-8")
    assert len(schedule.run_due(everything=True)) == 1
    assert (len(before) - len(store.rows("cn_workday")), schedule.states()["calendar"].state) == (365, "ok")


def test_without_a_file_the_batch_is_named_after_the_library(read):
    [batch] = read()
    assert batch.origin == LIBRARY
