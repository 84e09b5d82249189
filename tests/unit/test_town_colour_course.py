"""How colours go on from week to week in a store: up and down, frozen, silent, raised by two persons, under new rules."""

import logging
from itertools import pairwise
from math import log

import pytest

from cockpit.judging.colour_rules import COLOURS
from etl.models.town_colour import TOWN_COLOUR_MODEL
from tests import towns
from tests.towns import FIRST, history, judge, rules, scored, steady, sundays, together, workdays

WEEKS = sundays(FIRST, 36)
FROZEN, SILENT_FROM, SILENT_TO, BURST, NEW_RULES = 16, 20, 28, 30, 33
"""Weeks: one with little intake, those in which nothing comes from C, one with many cases of B, and the first of new rules."""

GAPS = {("A", 2): (2, 0), ("A", 4): (8, 1), ("B", 4): (2, 1), ("C", 4): (2, 0)}
SCORES = {
    "A": {0: 80, **dict.fromkeys(range(1, 14), 20), **dict.fromkeys(range(14, 16), 10), FROZEN: 95, 17: 95},
    "B": {0: 69, 1: 71, 2: 69, 3: 71, **dict.fromkeys(range(4, 8), 50), 34: 45, 35: 45},
    "C": dict.fromkeys(range(36), 35),
}
BY_ORDERS = {"overdue_max": 100, "overdue_full": 1.0} | dict.fromkeys(
    ("level_max", "change_max", "severity_max", "repeat_max"), 0
)
"""Rules by which a score is the share of orders that are overdue, and nothing else."""

RAISED = {
    "town": "B",
    "colour": "橙",
    "from": towns.iso(WEEKS[24] - 6),
    "until": towns.iso(WEEKS[26]),
    "reason": "专项整治",
    "approved_by": ["甲", "乙"],
}
ONE_PERSON = {**RAISED, "town": "A", "colour": "红", "approved_by": ["甲", "甲"]}


def days_of(first, last):
    """Return the days from the Monday of a week to the Sunday of another."""
    return range(WEEKS[first] - 6, WEEKS[last] + 1)


@pytest.fixture(scope="module")
def facts():
    """A steady city whose orders give the scores."""
    little = {(town, on) for town in "ABC" for on in [*days_of(FROZEN, FROZEN)][1:]}
    silent = {("C", on) for on in days_of(SILENT_FROM, SILENT_TO)}
    given = [scored(town, WEEKS[week], score) for town, by_week in SCORES.items() for week, score in by_week.items()]
    return together(
        steady(GAPS, little | silent),
        *(towns.accepted(f"burst-{number}", ("B", 4), WEEKS[BURST] - 5) for number in range(10)),
        {
            "rectification_order": [row for rows in given for row in rows],
            "config": [
                rules("2024-1", towns.BEGIN, **BY_ORDERS, manual=[RAISED, ONE_PERSON]),
                rules("2025-1", WEEKS[NEW_RULES] - 3, **BY_ORDERS, yellow=20, orange=30, red=40),
            ],
        },
    )


@pytest.fixture(scope="module")
def judged(new_store, facts):
    """All weeks judged at once."""
    with new_store() as store:
        store.tell(**facts)
        judge(store, *WEEKS)
        yield store


@pytest.fixture(scope="module")
def rows(judged):
    """The rows of each town, in the order of the weeks."""
    return {town: history(judged, town) for town in "ABC"}


def colours(rows, town):
    """Return a town's colours as letters."""
    return "".join({"红": "R", "橙": "O", "黄": "Y", "绿": "G", None: "."}[row["colour"]] for row in rows[town])


def test_the_scores_are_those_that_the_orders_give(rows):
    for town, by_week in SCORES.items():
        for week, score in by_week.items():
            assert rows[town][week]["score"] in (None, pytest.approx(score, abs=0.15))


def test_a_red_town_with_scores_of_20_falls_one_level_every_four_weeks(rows):
    assert colours(rows, "A")[:14] == "RRRROOOOYYYYGG"


def test_69_71_69_71_is_red_in_the_fourth_week_and_not_before(rows):
    assert colours(rows, "B")[:8] == "OOORRRRO"


def test_a_frozen_week_repeats_the_colour_and_does_not_count(rows):
    assert [week for week, row in enumerate(rows["A"]) if row["is_frozen"]] == [FROZEN]
    before, frozen, after = rows["A"][FROZEN - 1 : FROZEN + 2]
    assert (frozen["colour"], frozen["since_on"]) == (before["colour"], before["since_on"]) == ("绿", WEEKS[12])
    assert frozen["raw_colour"] == "红"
    assert "冻结" in frozen["reason_text"]
    assert (after["colour"], after["since_on"], after["is_changed"]) == ("红", WEEKS[FROZEN + 1], True)
    assert frozen["cusum"] == before["cusum"]


def test_a_silent_town_has_no_colour_and_leaves_what_is_expected_of_the_others(rows):
    silent = [week for week, row in enumerate(rows["C"]) if row["is_silent"]]
    assert silent == [*range(silent[0], SILENT_TO + 1)]
    assert SILENT_FROM < silent[0] <= SILENT_FROM + 3
    for week in (silent[0] - 1, silent[0]):
        told = [rows[town][week] for town in "ABC"[: 3 - (week in silent)]]
        assert sum(row["expected_count"] for row in told) == pytest.approx(sum(row["observed_count"] for row in told), abs=0.2)
    row = rows["C"][silent[0]]
    unsaid = ("score", "raw_colour", "colour", "since_on", "level_score", "overdue_score", "sir", "expected_count", "theta")
    assert {row[name] for name in unsaid} == {None}
    assert "数据中断" in row["reason_text"]
    assert row["cusum"] == rows["C"][silent[0] - 1]["cusum"]


def test_after_a_silence_the_last_colour_goes_on(rows):
    told = rows["C"][SILENT_TO + 1]
    assert (told["colour"], told["since_on"], told["is_changed"]) == ("黄", WEEKS[0], False)


def test_two_persons_raise_a_colour_for_as_long_as_they_say_and_one_does_not(new_store, facts, rows, caplog):
    assert [week for week, row in enumerate(rows["B"]) if row["floor"]] == [24, 25, 26]
    assert colours(rows, "B")[23:27] == "GOOO"
    assert {row["floor"] for row in rows["A"]} == {None}
    with new_store() as store, caplog.at_level(logging.WARNING):
        store.tell(**{name: facts[name] for name in ("town", "config")})
        judge(store, WEEKS[0])
    [line] = [record.message for record in caplog.records if "manual" in record.message]
    assert "two different persons" in line


def test_each_week_is_judged_by_the_newest_rules_in_force_on_its_sunday(rows):
    assert {row["config_version"] for row in rows["B"][:NEW_RULES]} == {"2024-1"}
    assert {row["config_version"] for row in rows["B"][NEW_RULES:]} == {"2025-1"}
    assert (rows["B"][34]["raw_colour"], rows["C"][34]["raw_colour"], rows["C"][32]["raw_colour"]) == ("红", "橙", "黄")


def test_no_colour_ever_falls_two_levels_at_once(rows):
    for told in rows.values():
        levels = [COLOURS.index(row["colour"]) for row in told if row["colour"]]
        assert min(after - before for before, after in pairwise(levels)) >= -1


def test_the_cases_of_a_week_are_held_against_its_own_two_years_and_its_working_days(rows):
    days = {*workdays(towns.BEGIN, towns.END)}
    for week, row in enumerate(rows["B"]):
        assert row["week_observed"] <= row["observed_count"]
        worked = len(days & {*days_of(week, week)})
        assert row["week_expected"] == pytest.approx(worked / 2, rel=0.1)


def test_an_early_alarm_is_raised_once_and_the_sum_begins_again(rows):
    before, alarm, after = rows["B"][BURST - 1 : BURST + 2]
    assert [week for week, row in enumerate(rows["B"]) if row["is_alarm"]] == [BURST]
    told = [
        max(0, begin + row["week_observed"] * log(1.5) - row["week_expected"] / 2)
        for begin, row in ((before["cusum"], alarm), (0, after))
    ]
    assert [alarm["cusum"], after["cusum"]] == pytest.approx(told, abs=0.001)
    assert alarm["cusum"] >= 3.5
    assert alarm["colour"] == before["colour"]


def test_new_rules_judge_again_from_their_day_and_leave_the_weeks_before(new_store, facts, rows):
    with new_store() as store:
        store.tell(**facts)
        judge(store, *WEEKS)
        store.tell(config=[rules("2026-1", WEEKS[30], **BY_ORDERS, yellow=5, orange=10, red=15)])
        judge(store, *WEEKS[30:])
        again = {town: history(store, town) for town in "ABC"}
    assert {town: told[:30] for town, told in again.items()} == {town: told[:30] for town, told in rows.items()}
    assert {row["config_version"] for row in again["C"][30:33]} == {"2026-1"}
    assert [row["colour"] for row in again["C"][29:32]] == ["黄", "红", "红"]


def now(store, on, as_of=0):
    """Judge how the towns stand when a day is over, and return the rows by town."""
    judge(store, on, model=TOWN_COLOUR_MODEL, as_of=as_of)
    return {row["town_code"]: row for row in store.rows("town_colour")}


def test_how_towns_stand_is_told_of_the_last_week_and_previewed_of_yesterday(judged):
    found = now(judged, WEEKS[24] + 3)
    assert {*found} == {"A", "B", "C"}
    row = found["B"]
    assert (row["colour"], row["since_on"], row["week_end_on"]) == ("橙", WEEKS[24], WEEKS[24])
    assert (row["next_on"], row["preview_on"]) == (WEEKS[25] + 1, WEEKS[24] + 3)
    assert (row["preview_score"], row["preview_raw"], row["preview_colour"]) == (0.0, "绿", "橙")
    assert row["preview_reason"].startswith("得分0.0(绿)")
    assert (row["is_outage"], row["is_frozen"], row["is_silent"]) == (False, False, False)
    assert 0.4 * row["usual_intake"] <= row["week_intake"]


def test_a_town_that_is_silent_yesterday_has_no_colour_now(judged):
    row = now(judged, WEEKS[24] + 3)["C"]
    assert row["is_silent"]
    assert row["silent_workday_count"] > 14
    assert row["silent_probability"] == 0.0
    assert {row[name] for name in ("colour", "since_on", "preview_score", "preview_colour")} == {None}


def test_a_preview_that_ends_on_the_judged_sunday_is_its_evaluation(judged):
    found = now(judged, WEEKS[24])
    for town, row in found.items():
        [told] = [one for one in history(judged, town) if one["week_end_on"] == WEEKS[24]]
        names = {
            "preview_score": "score",
            "preview_raw": "raw_colour",
            "preview_colour": "colour",
            "preview_reason": "reason_text",
        }
        assert {name: row[name] for name in names} == {name: told[source] for name, source in names.items()}


def test_an_alarm_is_shown_for_four_weeks(judged):
    assert now(judged, WEEKS[BURST] - 1)["B"]["alarm_on"] is None
    assert now(judged, WEEKS[BURST])["B"]["alarm_on"] == now(judged, WEEKS[BURST] + 27)["B"]["alarm_on"] == WEEKS[BURST]
    assert now(judged, WEEKS[BURST] + 28)["B"]["alarm_on"] is None


def test_only_when_a_row_was_made_writes_nothing(judged):
    before = now(judged, WEEKS[24] + 1, as_of=1)
    assert now(judged, WEEKS[24] + 1, as_of=2) == before


def test_changes_are_counted_but_not_the_first_colour_nor_the_return_from_silence(rows):
    changed = {town: sum(row["is_changed"] for row in told) for town, told in rows.items()}
    letters = {town: colours(rows, town).replace(".", "") for town in rows}
    assert changed == {town: sum(a != b for a, b in pairwise(told)) for town, told in letters.items()}
