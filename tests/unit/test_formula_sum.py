"""Sums, means, different words and different workers; and values that are made of other metrics' values."""

import pytest

from cockpit.combining import change, improvement, little, per_day, rate, rate_change
from cockpit.formula import Average, Count, Distinct, Share, Total, sums
from cockpit.formula_combined import NOTHING, together
from cockpit.marks import Sums
from cockpit.statistics import Estimate
from tests.unit.test_formula import AS_OF, rows

DAY_S = 86_400


def worth(value, n=1):
    return Sums(n, n, n, Estimate(value, None, None), {})


def test_a_sum_is_of_what_is_known_and_of_nothing_it_is_zero():
    found = sums(Total(column="number"), rows({"number": 1.5}, {"number": 2.5}, {}), AS_OF)
    assert (found.estimate.value, found.n, found.n_total) == (4.0, 2, 3)
    assert sums(Total(column="number"), rows(), AS_OF).estimate.value == 0


def test_a_sum_of_rows_that_all_say_nothing_is_unknown():
    assert sums(Total(column="number"), rows({}, {}), AS_OF).estimate is None


def test_a_mean_is_of_the_rows_that_say_something():
    found = sums(Average(column="number", minimum_n=1), rows({"number": 1.0}, {"number": 4.0}, {}), AS_OF)
    assert (found.estimate.value, found.n) == (2.5, 2)
    assert sums(Average(column="number"), rows({}), AS_OF).estimate is None


def test_different_words_are_counted_once():
    found = sums(Distinct(column="word"), rows({"word": "a"}, {"word": "b"}, {"word": "a"}, {}), AS_OF)
    assert (found.estimate.value, found.n, found.n_total) == (2.0, 3, 4)


def test_a_worker_with_two_cases_is_one_worker_and_one_hit_is_enough():
    share = Share(among=Count(), hit=Count(where={"truth": (True,)}), each="word", minimum_n=1)
    some = rows({"word": "a", "truth": False}, {"word": "a", "truth": True}, {"word": "b", "truth": False}, {"truth": True})
    found = sums(share, some, AS_OF)
    assert (found.n, found.hit_count) == (3, 2)  # a row without a name is somebody by himself
    assert found.estimate.value == pytest.approx(200 / 3)


def test_a_worker_whose_asked_row_is_the_second_is_asked():
    share = Share(among=Count(where={"truth": (True,)}), hit=Count(present=("number",)), each="word", minimum_n=1)
    found = sums(share, rows({"word": "a", "truth": False, "number": 1}, {"word": "a", "truth": True}), AS_OF)
    assert (found.n, found.hit_count) == (1, 0)


def test_five_thousand_cases_among_400_000_are_12_5_permille():
    assert rate([worth(5000.0), worth(400_000.0)]).estimate.value == 12.5


def test_a_rate_without_exposure_is_unknown_and_says_so():
    found = rate([worth(5.0), NOTHING])
    assert found.estimate is None
    assert found.note.zh == "参保人数未知"


def test_from_60_days_to_3_is_95_percent():
    assert improvement([worth(3.0, n=20), worth(60.0, n=20)]).estimate.value == 95.0


@pytest.mark.parametrize(("n", "n_before"), [(19, 20), (20, 19), (0, 20)])
def test_a_mean_of_too_few_is_held_against_nothing(n, n_before):
    found = improvement([worth(3.0, n=n), worth(60.0, n=n_before)])
    assert found.estimate is None
    assert found.note.zh.startswith("样本不足")


def test_nothing_last_year_gives_no_percent():
    found = change([worth(4.0), worth(0.0)])
    assert found.estimate is None
    assert found.note.zh == "上年同期为0"


def test_a_small_change_is_not_significant_and_a_large_one_is():
    assert change([worth(105.0), worth(100.0)]).note.zh == "变化不显著"
    assert change([worth(200.0), worth(100.0)]).note is None


def test_a_change_of_rates_takes_the_exposures_into_account():
    found = rate_change([worth(100.0), worth(1000.0), worth(100.0), worth(500.0)])
    assert found.estimate.value == -50.0
    assert found.note is None


def test_a_stock_that_littles_law_does_not_explain_is_said_to_be_wrong():
    # 2 cases a day that take 10 days each are 20 open ones
    exact = little([worth(20.0), worth(730.0), worth(10.0 * DAY_S, n=20)])
    assert (exact.estimate.value, exact.note) == (pytest.approx(0, abs=1e-12), None)
    assert little([worth(20.0), worth(730.0), worth(10.0 * DAY_S, n=19)]).estimate is None
    assert little([worth(26.0), worth(730.0), worth(10.0 * DAY_S, n=20)]).note.en.startswith("off by more")


def test_no_day_gives_no_count_a_day():
    assert per_day([worth(3.0), worth(0.0)]).estimate is None


def test_parts_are_read_together_and_one_without_rows_gives_nothing():
    cases, years = [("a", worth(1.0)), ("b", worth(2.0))], [("b", worth(9.0)), ("c", worth(3.0))]
    assert dict(together([cases, years])) == {
        "a": [worth(1.0), NOTHING],
        "b": [worth(2.0), worth(9.0)],
        "c": [NOTHING, worth(3.0)],
    }
