"""The rules of the colours as the configuration sets them: what is wrong is logged in one line, and the default stands."""

import logging
from datetime import date

import pytest

from cockpit.errors import CockpitError
from cockpit.judging.colour_rules import BOUNDS, COLOURS, LETTER, ColourRules, colour_rules, floor, manual_override

DEFAULT = ColourRules(version="v1")
MANUAL = {
    "town": "331081107", "colour": "红", "from": "2026-11-02", "until": "2026-12-31",
    "reason": "专项整治", "approved_by": ["甲", "乙"],
}  # fmt: skip


def day(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def test_every_colour_has_a_letter_and_every_number_its_bounds():
    assert set(COLOURS) == set(LETTER)
    assert {"version", "grade_weights", "manual", *BOUNDS} == set(vars(DEFAULT))
    assert all(low <= getattr(DEFAULT, name) <= high for name, (low, high) in BOUNDS.items())


@pytest.mark.parametrize("told", [None, {}])
def test_what_is_not_named_is_the_default(told, caplog):
    assert colour_rules("v1", told) == DEFAULT
    assert not caplog.records


def test_what_is_named_is_taken():
    weights = [30, *range(9)]
    rules = colour_rules("v1", {"red": 65, "back": 12.5, "down_weeks": 6, "grade_weights": weights})
    assert (rules.cuts, rules.back, rules.down_weeks, rules.grade_weights) == ((30, 50, 65), 12.5, 6, tuple(weights))


@pytest.mark.parametrize(
    "told",
    [
        ["red"],
        {"redd": 65},
        {"red": "65"},
        {"red": True},
        {"red": float("nan")},
        {"red": 101},
        {"down_weeks": 2.5},
        {"grade_weights": [1, 2]},
        {"yellow": 60},
        {"level_max": 40},
        {"up_weeks": 4},
    ],
)
def test_what_is_wrong_is_logged_in_one_line_and_the_default_stands(told, caplog):
    with caplog.at_level(logging.WARNING, "cockpit.judging"):
        assert colour_rules("v1", told) == DEFAULT
    [record] = caplog.records
    assert "v1" in record.message
    assert "\n" not in record.message


def test_one_wrong_entry_does_not_undo_the_others():
    assert colour_rules("v1", {"red": 65, "orange": "x"}).cuts == (30, 50, 65)


def test_two_persons_may_raise_a_town_for_sixty_days():
    rules = colour_rules("v1", {"manual": [MANUAL]})
    held = manual_override(rules, "331081107", day("2026-12-31"))
    assert (held.colour, held.approved_by) == ("红", ("甲", "乙"))
    for town, on in (("331081107", "2026-11-01"), ("331081107", "2027-01-01"), ("331081001", "2026-11-15")):
        assert manual_override(rules, town, day(on)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"approved_by": ["甲"]},
        {"approved_by": ["甲", " 甲 "]},
        {"approved_by": ["甲", ""]},
        {"reason": " "},
        {"until": "2027-01-02"},
        {"until": "2026-11-01"},
        {"from": "soon"},
        {"colour": "紫"},
        {"town": ""},
        {"approved_by": None},
    ],
)
def test_an_override_by_hand_that_lacks_something_is_refused_in_one_line(changed, caplog):
    with caplog.at_level(logging.WARNING, "cockpit.judging"):
        assert colour_rules("v1", {"manual": [{**MANUAL, **changed}]}) == DEFAULT
    assert len(caplog.records) == 1


def test_the_higher_of_deaths_and_hands_counts():
    by_hand = manual_override(colour_rules("v1", {"manual": [{**MANUAL, "colour": "黄"}]}), "331081107", day("2026-11-10"))
    assert [floor(DEFAULT, deaths=deaths) for deaths in range(4)] == [None, "橙", "红", "红"]
    assert floor(DEFAULT, deaths=0, accident_deaths=3) == "红"
    assert floor(DEFAULT, deaths=0, manual=by_hand) == "黄"
    assert floor(DEFAULT, deaths=1, manual=by_hand) == "橙"


def test_other_cuts_must_rise():
    assert DEFAULT.with_cuts(20, 40, 60).cuts == (20, 40, 60)
    for cuts in ((50, 50, 70), (0, 50, 70), (30, 50, 101)):
        with pytest.raises(CockpitError, match="rise"):
            DEFAULT.with_cuts(*cuts)
