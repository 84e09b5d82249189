"""What a number could be if a few rows were others: the closed forms against every way in which rows could differ."""

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit import extremes
from cockpit.statistics import quantile

MOST = 5
BEYOND = 10**9
"""A value that stands for any, however great, where nothing bounds a value."""

rows_of_parts = st.lists(st.sampled_from(("hit", "miss", "other")), max_size=5)
few = st.integers(1, 3)
values = st.lists(st.integers(0, MOST), min_size=1, max_size=5)


def others(rows: list, changed: int, possible: Iterable) -> Iterator[list]:
    """Yield, brute force, all rows that come of these when each of so many goes, comes or turns into another, or none does."""
    possible = list(possible)
    for gone_count, come_count in product(range(min(changed, len(rows)) + 1), range(changed + 1)):
        for gone in combinations(range(len(rows)), gone_count):  # one that turns goes and comes at once
            left = [row for place, row in enumerate(rows) if place not in gone]
            for come in combinations_with_replacement(possible, come_count):
                yield [*left, *come]


def ends(numbers: Iterable[float]) -> tuple[float, float]:
    found = list(numbers)
    return min(found), max(found)


def test_brute_force_knows_of_every_change_and_of_no_more():
    found = {tuple(sorted(rows)) for rows in others(["a"], 1, ["a", "b"])}
    assert found == {("a",), (), ("a", "a"), ("a", "b"), ("b",)}


@given(rows_of_parts, few)
def test_a_count_is_bounded_exactly(rows, changed):
    possible = ends(some.count("hit") for some in others(rows, changed, ("hit", "other")))
    assert extremes.count(rows.count("hit"), changed) == possible


@given(rows_of_parts.filter(lambda rows: {*rows} & {"hit", "miss"}), few)
@example(["hit"], 1)
@example(["miss"], 3)
@example(["hit", "miss"], 1)
def test_a_share_is_bounded_exactly(rows, changed):
    shares = []
    for some in others(rows, changed, ("hit", "miss", "other")):
        valid = some.count("hit") + some.count("miss")
        shares += [Fraction(some.count("hit"), valid)] if valid else []
    found = extremes.share(rows.count("hit"), rows.count("hit") + rows.count("miss"), changed)
    assert found == tuple(pytest.approx(float(100 * end)) for end in ends(shares))


@given(values, few, st.sampled_from((0.1, 0.5, 0.9, 0.95)))
@example([2, 2, 3], 1, 0.5)
@example([4], 2, 0.9)
def test_a_quantile_is_bounded_exactly(some, changed, q):
    possible = ends(float(np.quantile(rest, q)) for rest in others(some, changed, (0, MOST)) if rest)
    found = extremes.quantile(np.array(sorted(some), float), q, changed, most=MOST, is_sorted=True)
    assert found == pytest.approx(possible)
    assert found == extremes.quantile(np.array(some, float), q, changed, most=MOST)


@given(values, few, st.sampled_from((0.1, 0.5, 0.9, 0.95)))
@example([1, 2, 3, 4, 5], 2, 0.5)
@example([1, 2, 3, 4, 5], 3, 0.5)
def test_a_quantile_without_a_cap_is_open_exactly_where_it_can_grow_without_end(some, changed, q):
    low, high = ends(float(np.quantile(rest, q)) for rest in others(some, changed, (0, BEYOND)) if rest)
    found = extremes.quantile(np.array(some, float), q, changed, most=None)
    assert found.low == pytest.approx(low)
    assert found.high == (None if high > MOST else pytest.approx(high))


@given(values, few)
@example([0], 1)
@example([5, 5], 2)
def test_a_mean_is_bounded_exactly(some, changed):
    possible = ends(math.fsum(rest) / len(rest) for rest in others(some, changed, (0, MOST)) if rest)
    assert extremes.mean(np.array(some, float), changed, most=MOST) == pytest.approx(possible)
    assert extremes.mean(np.array(some, float), changed, most=None) == (pytest.approx(possible[0]), None)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60), st.integers(0, 80), st.sampled_from((0.5, 0.9)))
def test_the_value_itself_lies_between_its_extremes_and_more_changes_bound_it_less(some, changed, q):
    lengths = np.array(some, float)
    value = quantile(lengths, q).value
    nearer, farther = (extremes.quantile(lengths, q, count, most=500) for count in (changed, changed + 1))
    assert farther.low <= nearer.low <= value <= nearer.high <= farther.high
    assert extremes.quantile(lengths, q, 0, most=500) == (value, value)
    means = [extremes.mean(lengths, count, most=500) for count in (changed, changed + 1)]
    assert means[1].low <= means[0].low <= means[0].high <= means[1].high


def test_values_in_between_move_a_quantile_or_a_mean_less_than_those_at_the_ends():
    """What brute force leaves out: every whole value, not only the least and the most."""
    some = [1, 3, 4]
    every = [rest for rest in others(some, 2, range(MOST + 1)) if rest]
    for q in (0.5, 0.9):
        assert ends(float(np.quantile(rest, q)) for rest in every) == pytest.approx(
            extremes.quantile(np.array(some, float), q, 2, most=MOST)
        )
    assert ends(sum(rest) / len(rest) for rest in every) == pytest.approx(extremes.mean(np.array(some, float), 2, most=MOST))
