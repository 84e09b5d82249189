"""The estimators against numpy, and against plain arithmetic."""

from fractions import Fraction
from math import comb, fsum, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cockpit.statistics import improvement, mean, poisson, quantile, rate_change, rate_permille, rate_ratio, share

TAIL = Fraction(1, 40)
SHARES = [Fraction(1, 2), Fraction(9, 10), Fraction(1, 4), Fraction(19, 20)]

lengths = st.lists(st.integers(0, 7200), min_size=1, max_size=80)


def binomial_below(r: int, n: int, q: Fraction) -> Fraction:
    """Return P(B < r) for B ~ Binomial(n, q), exactly."""
    return sum((comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(r)), Fraction(0))


def ranks(n: int, q: Fraction) -> tuple[int, int]:
    """Return the largest r with P(B < r) <= 2.5 % and the smallest s with P(B >= s) <= 2.5 %."""
    r = max(r for r in range(n + 1) if binomial_below(r, n, q) <= TAIL)
    s = min(s for s in range(1, n + 2) if 1 - binomial_below(s, n, q) <= TAIL)
    return r, s


@settings(max_examples=80)
@given(lengths, st.sampled_from(SHARES))
def test_a_quantile_is_numpys_linear_interpolation(values, q):
    assert quantile(np.array(values, np.float64), float(q)).value == np.quantile(values, float(q), method="linear")


@settings(max_examples=60)
@given(lengths, st.sampled_from(SHARES))
def test_a_quantiles_ends_are_the_order_statistics_of_exact_binomial_ranks(values, q):
    r, s = ranks(len(values), q)
    ordered = sorted(values)
    estimate = quantile(np.array(values, np.float64), float(q))
    assert estimate.low == (ordered[r - 1] if r >= 1 else None)
    assert estimate.high == (ordered[s - 1] if s <= len(values) else None)


@pytest.mark.parametrize(("n", "q", "expected"), [(20, 0.5, (6, 15)), (100, 0.5, (40, 61)), (100, 0.9, (84, 96))])
def test_the_ranks_of_the_textbook(n, q, expected):
    estimate = quantile(np.arange(1, n + 1, dtype=np.float64), q)
    assert (estimate.low, estimate.high) == expected


def test_a_sample_too_small_for_an_end_says_none():
    assert quantile(np.array([7.0, 9.0, 8.0]), 0.5)[1:] == (None, None)


def test_the_order_of_the_values_does_not_matter():
    assert quantile(np.array([3.0, 1.0, 2.0]), 0.5) == quantile(np.array([1.0, 2.0, 3.0]), 0.5)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (8, 10, 49.0162, 94.3318),
        (0, 10, 0.0, 27.7533),
        (10, 10, 72.2467, 100.0),
        (1, 10, 1.7876, 40.4150),
        (81, 263, 25.5275, 36.6212),  # Newcombe 1998, Statistics in Medicine 17, table I
        (15, 148, 6.2386, 16.0526),  # the same
        (0, 20, 0.0, 16.1125),  # the same
        (1, 29, 0.6113, 17.1755),  # the same
    ],
)
def test_a_share_has_wilsons_interval(hits, n, low, high):
    estimate = share(hits, n)
    assert estimate.value == pytest.approx(100 * hits / n)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-3)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_that_in_0_to_100(case):
    value, low, high = share(*case)
    assert 0 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 100


def test_a_mean_has_the_interval_of_its_standard_error():
    values = [2.0, 4.0, 9.0]
    half = 1.959963984540054 * sqrt(fsum((v - 5) ** 2 for v in values) / 2) / sqrt(3)
    assert mean(np.array(values)) == pytest.approx((5.0, 5 - half, 5 + half))


def test_one_value_has_a_mean_without_an_interval():
    assert mean(np.array([4.0])) == (4.0, None, None)


@pytest.mark.parametrize(("count", "low", "high"), [(3, 0.62, 8.77), (7, 2.81, 14.42), (19, 11.44, 29.67), (0, 0.0, 3.69)])
def test_a_count_has_the_exact_poisson_interval(count, low, high):
    assert poisson(count) == pytest.approx((count, low, high), abs=5e-3)


@settings(max_examples=40)
@given(st.integers(1, 2000))
def test_beyond_either_end_a_count_has_a_chance_of_one_in_forty(count):
    _, low, high = poisson(count)
    assert stats.poisson.sf(count - 1, low) == pytest.approx(0.025)
    assert stats.poisson.cdf(count, high) == pytest.approx(0.025)


def test_five_thousand_cases_in_400000_person_years_are_12_5_permille():
    assert rate_permille(5000, 400_000) == pytest.approx((12.5, 12.156, 12.851), abs=1e-3)


def test_no_case_is_a_rate_of_nought_with_an_upper_end():
    assert rate_permille(0, 1000) == pytest.approx((0, 0, 3.689), abs=1e-3)


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.2, 5))
def test_a_rate_ratio_has_the_ends_at_which_the_exact_test_gives_way(count, count_before, exposure):
    value, low, high = rate_ratio(count, exposure, count_before, 1.0)
    assert value == pytest.approx(count / exposure / count_before)
    assert low <= value <= high
    n = count + count_before
    for end, tail in ((low, "greater"), (high, "less")):
        if end > 0:
            chance = end * exposure / (1 + end * exposure)
            assert stats.binomtest(count, n, chance, alternative=tail).pvalue == pytest.approx(0.025, abs=1e-6)


def test_a_change_is_the_ratio_less_one_and_16_percent_on_few_cases_is_not_significant():
    change = rate_change(283, 16_000, 238, 15_600)
    assert change == pytest.approx((15.935, -2.768, 38.331), abs=1e-3)
    assert rate_change(0, 1.0, 1, 1.0)[:2] == (-100, -100)


def test_the_same_change_on_ten_times_the_cases_is_significant():
    assert rate_change(2830, 160_000, 2380, 156_000).low > 0


def test_sixty_days_to_three_is_95_percent_faster():
    assert improvement(60, 3) == 95.0
    assert improvement(10, 12) == -20.0
