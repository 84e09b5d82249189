"""Colours last: up in two weeks or at once, down one level after four (section 3.4, golden tests T8 and T9)."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.judging.colour_rules import COLOURS, ColourRules
from cockpit.judging.hysteresis import JudgedWeek, Standing, standings

RULES = ColourRules(version="default")
FIRST = 20_000


def weeks(scores, *, floors=None, skipped=()):
    floors = floors or {}
    return [JudgedWeek(FIRST + 7 * i, score, floors.get(i), i in skipped) for i, score in enumerate(scores)]


def colours(scores, begin=None, **more):
    return "".join(standing.colour or "-" for standing in standings(weeks(scores, **more), RULES, begin))


def test_t8_a_red_town_goes_down_one_level_every_four_weeks():
    assert colours([80, *[20] * 13]) == "红红红红橙橙橙橙黄黄黄黄绿绿"


def test_t9_red_needs_two_of_the_last_three_weeks():
    assert colours([69, 71, 69, 71]) == "橙橙橙红"


@pytest.mark.parametrize(("score", "colour"), [(29.9, "绿"), (30, "黄"), (49.9, "黄"), (50, "橙"), (69.9, "橙"), (70, "红")])
def test_the_first_week_takes_the_colour_of_its_score(score, colour):
    assert colours([score]) == colour


@pytest.mark.parametrize(("score", "colour"), [(79.9, "橙"), (80, "红")])
def test_ten_above_a_cut_is_enough_at_once(score, colour):
    assert colours([20, 20, score])[-1] == colour


@pytest.mark.parametrize(("score", "colour"), [(45.1, "橙"), (45, "黄")])
def test_falling_needs_five_below_the_cut(score, colour):
    assert colours([55, 55, 55, 55, score, score, score, score])[-1] == colour


def test_falling_needs_four_weeks_in_a_row():
    assert colours([55, 20, 20, 20, 46, 20, 20, 20, 20]) == "橙橙橙橙橙橙橙橙黄"


def test_falling_needs_28_days_in_the_colour():
    assert colours([20] * 6, begin=Standing("红", FIRST)) == "红红红红橙橙"
    assert colours([20] * 6, begin=Standing("红", FIRST + 7)) == "红红红红红橙"


def test_a_death_raises_at_once_and_holds_as_long_as_it_counts():
    assert colours([20] * 13, floors=dict.fromkeys(range(1, 8), "橙")) == "绿橙橙橙橙橙橙橙黄黄黄黄绿"


def test_two_deaths_are_red_at_the_first_evaluation_whatever_the_score():
    assert colours([0], floors={0: "红"}) == "红"
    assert colours([0, 0], floors={1: "红"}) == "绿红"


def test_while_any_override_holds_nothing_goes_down():
    assert colours([80, *[20] * 8], floors=dict.fromkeys(range(1, 7), "橙")) == "红红红红红红红橙橙"


def test_skipped_weeks_neither_count_nor_break():
    assert colours([69, 71, None, 0, 71], skipped={2, 3}) == "橙橙橙橙红"
    assert colours([80, 20, 20, 99, 99, 20, 20], skipped={3, 4}) == "红红红红红红橙"


def test_a_floor_waits_until_the_week_is_not_skipped():
    assert colours([20, 20, 20], floors={1: "红", 2: "红"}, skipped={1}) == "绿绿红"


def test_a_town_never_judged_has_no_colour():
    assert standings(weeks([None, 50], skipped={0}), RULES) == [Standing(None, None), Standing("橙", FIRST + 7)]


def test_since_is_the_sunday_of_the_week_that_gave_the_colour():
    since = [standing.since_on for standing in standings(weeks([20, 55, 55, 55]), RULES)]
    assert since == [FIRST, FIRST + 7, FIRST + 14, FIRST + 14]  # 55 is ten above yellow at once, and twice above orange


def test_other_cuts_give_other_colours_of_the_same_scores():
    told = weeks([40] * 5)
    assert standings(told, RULES.with_cuts(20, 35, 60))[-1].colour == "橙"
    assert standings(told, RULES)[-1].colour == "黄"


week = st.tuples(
    st.one_of(st.none(), st.integers(0, 1000).map(lambda tenths: tenths / 10)),
    st.sampled_from([None, None, None, None, "橙", "红"]),
    st.sampled_from([False, False, False, True]),
)
histories = st.lists(week, min_size=1, max_size=40).map(
    lambda told: [JudgedWeek(FIRST + 7 * i, *one) for i, one in enumerate(told)],
)
few = settings(max_examples=60, deadline=None)


@few
@given(histories)
def test_no_town_ever_falls_two_levels_at_once_nor_below_what_is_demanded(told):
    found = standings(told, RULES)
    for before, after in pairwise(found):
        if before.colour:
            assert COLOURS.index(after.colour) >= COLOURS.index(before.colour) - 1
    for week, standing in zip(told, found, strict=True):
        if week.floor and not week.is_skipped and week.score is not None:
            assert COLOURS.index(standing.colour) >= COLOURS.index(week.floor)


@few
@given(histories)
def test_nothing_changes_in_a_skipped_week(told):
    found = standings(told, RULES)
    for before, week, after in zip(found, told[1:], found[1:], strict=False):
        assert not week.is_skipped or before == after


@few
@given(histories, st.integers(0, 40))
def test_a_history_in_two_halves_is_the_same_as_at_once(told, at):
    whole = standings(told, RULES)
    first = standings(told[:at], RULES)
    assert first + standings(told[at:], RULES, first[-1] if first else None, before=told[:at]) == whole


@few
@given(histories)
def test_a_town_stays_28_days_at_least_before_it_falls(told):
    for before, week, after in zip(found := standings(told, RULES), told[1:], found[1:], strict=False):
        if before.colour and COLOURS.index(after.colour) < COLOURS.index(before.colour):
            assert week.week_end_on - before.since_on >= RULES.least_days
