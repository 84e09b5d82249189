"""Small counts of persons on a wall: what is not shown, and what must go with it (domain specification, section 9.2)."""

from itertools import product
from types import SimpleNamespace

import pytest

from cockpit.disclosure import hidden_cells
from cockpit.text import Text
from layouts.panels.appraisal_grades import grade_rows
from layouts.parts.small_cells import FEW, HIDDEN, cell_texts


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ((0, 7, 12), set()),
        ((4, 7, 12), {0, 1}),
        ((12, 2, 3), {1, 2}),
        ((1, 5, 9, 30), {0, 1, 2}),
        ((4, 5, 5, 30), {0, 1, 2}),
        ((1, 1, 9, 30), {0, 1, 2}),
        ((4, 4, 9, 30), {0, 1, 2}),
        ((3,), {0}),
        ((0, 0), set()),
    ],
    ids=[
        "nobody may be shown",
        "a small one takes the next larger with it",
        "two small ones hide each other",
        "the least there can be would be told by their sum",
        "and the most, since what is hidden is less than what is shown",
        "two of one person would be told by their sum",
        "so would two of four",
        "one alone has no other to hide behind",
        "nothing to hide",
    ],
)
def test_a_small_count_is_hidden_with_as_many_others_as_the_total_would_tell_it_by(counts, hidden):
    assert hidden_cells(counts) == hidden


@pytest.mark.parametrize(
    "counts", [(4, 6, 50), (1, 2, 60), (1, 1, 5, 7), (2, 8, 8, 8), (1, 5, 6, 40), (4, 5, 5, 5), (4, 5, 6, 7)]
)
def test_no_small_count_follows_from_the_total_and_what_is_shown(counts):
    hidden = sorted(hidden_cells(counts))
    kept = [n for place, n in enumerate(counts) if place not in hidden]
    signs = [range(1, 5) if counts[place] < 5 else range(5, min(kept, default=60) + 1) for place in hidden]
    possible = [one for one in product(*signs) if sum(one) == sum(counts[place] for place in hidden)]
    for at, place in enumerate(hidden):
        assert counts[place] >= 5 or len({one[at] for one in possible}) > 1


def test_a_zero_is_told_an_unknown_is_a_dash_and_a_hidden_one_says_why():
    assert cell_texts([0, 3, 9, 1200], "—") == ["0", FEW, HIDDEN, "1,200"]
    assert cell_texts([None, 9], "—") == ["—", "9"]


def test_severe_grades_stand_in_one_bar_where_any_of_them_is_small():
    named = SimpleNamespace(label=lambda _dimension, code: Text(f"{code}级", f"Grade {code}"))
    apart = grade_rows(named, {"1": 6, "2": 8, "3": 0, "4": 9, "10": 40, None: 12}, "en")
    together = grade_rows(named, {"1": 6, "2": 2, "3": 1, "4": 9, "10": 40, None: 12}, "en")
    assert [n for _, n in apart] == [6, 8, 0, 9, 0, 0, 0, 0, 0, 40, 12]
    assert [n for _, n in together] == [18, 0, 0, 0, 0, 0, 40, 12]
