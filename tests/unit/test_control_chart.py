"""Control charts against the domain specification's golden series, and against the rules told in plain words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.control_chart import Rule, Signal, chart

GOLDEN = [92, 101, 97, 88, 104, 99, 95, 107, 93, 100, 98, 90]
STEADY = [100, 110] * 13
"""Centre 105, mean moving range 10, limits 78.4 … 131.6; two thirds of the way 87.27 … 122.73."""

series = st.lists(st.integers(60, 150), min_size=12, max_size=60)


def drawn(values, **told):
    return chart(values, **{"direction": "down", **told})


def rules(values, place=-1):
    return {(signal.rule.value, signal.side) for signal in drawn(values).signals[place]}


def test_the_golden_series_has_its_limits_and_no_special_cause():
    found = drawn(GOLDEN)
    assert found.limits.centre == 97.0
    assert found.limits.mean_moving_range == pytest.approx(8.1818, abs=5e-5)
    assert (found.limits.low, found.limits.high) == pytest.approx((75.236, 118.764), abs=5e-4)
    assert (found.baseline_n, found.variation, found.is_short) == (12, "common", False)
    assert not any(found.signals)
    assert found.text("zh") == "正常波动"


def test_eleven_weeks_are_too_few_for_limits():
    found = drawn(GOLDEN[:11], target=200)
    assert (found.is_short, found.variation, found.assurance, found.text.zh) == (True, None, "none", "基线不足")
    assert not any(found.signals)


def test_an_empty_series_has_no_limits_either():
    assert drawn([]).is_short
    assert drawn([None] * 30).newest_index is None


def test_the_baseline_is_the_first_26_weeks_from_the_start():
    before, after = [500.0] * 5, [300.0] * 9
    found = drawn([*before, *STEADY, *after], start=5)
    assert (found.limits.centre, found.limits.mean_moving_range, found.baseline_n) == (105, 10, 26)
    assert not any(found.signals[:5])


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ([131], set()),
        ([132], {("outside", "high")}),
        ([78], {("outside", "low")}),
        ([79], set()),
        ([123, 105, 123], {("near", "high")}),
        ([123, 87, 105], set()),
        ([123, 105, 105, 123], set()),
        ([104] * 6, set()),
        ([105, 104, 104, 104, 104, 104, 104, 104], {("run", "low")}),
        ([104, 104, 104, 105, 104, 104, 104], set()),
        ([101, 102, 103, 106, 107, 108], {("trend", "high")}),
        ([120, 104, 103, 102, 101, 99], {("trend", "low")}),
        ([101, 102, 103, 103, 107, 108], set()),
    ],
)
def test_a_rule_fires_for_exactly_what_it_says(newest, expected):
    assert rules([*STEADY, *newest]) == expected


def test_every_point_of_a_pattern_carries_its_signal():
    signals = drawn([*STEADY, 105, *[104] * 7]).signals
    assert [Signal(Rule.RUN, "low") in each for each in signals] == [False] * 27 + [True] * 7
    signals = drawn([*STEADY, 105, 123, 105, 123]).signals
    assert [bool(each) for each in signals[-4:]] == [False, True, False, True]
    signals = drawn([*STEADY, 120, 104, 103, 102, 101, 99]).signals
    assert [Signal(Rule.TREND, "low") in each for each in signals[-6:]] == [True] * 6


@pytest.mark.parametrize(
    ("newest", "direction", "expected"),
    [
        ([60], "down", "improvement"),
        ([60], "up", "concern"),
        ([60], "context", "change"),
        ([150], "down", "concern"),
        ([150], "up", "improvement"),
        ([105], "up", "common"),
        ([60, 105], "down", "common"),  # what was special is over
    ],
)
def test_the_icon_speaks_of_the_newest_point_in_the_direction_that_is_good(newest, direction, expected):
    assert drawn([*STEADY, *newest], direction=direction).variation == expected


def test_one_sign_of_concern_outweighs_any_of_improvement():
    falling_from_far_above = [220, 210, 200, 190, 180, 170]
    assert {signal.side for signal in drawn([*STEADY, *falling_from_far_above]).signals[-1]} == {"high", "low"}
    assert drawn([*STEADY, *falling_from_far_above]).variation == "concern"


@pytest.mark.parametrize(
    ("direction", "target", "expected"),
    [
        ("down", 131.6, "met"),
        ("down", 131.5, "may"),
        ("down", 78.4, "may"),
        ("down", 78.3, "never"),
        ("up", 78.4, "met"),
        ("up", 78.5, "may"),
        ("up", 131.7, "never"),
        ("context", 10, "none"),
        ("down", None, "none"),
    ],
)
def test_a_target_is_met_when_the_whole_band_keeps_to_it(direction, target, expected):
    assert drawn(STEADY, direction=direction, target=target).assurance == expected


def test_a_steady_series_of_fractions_has_no_special_cause():
    assert not any(drawn([0.1 + 0.2, 0.3] * 20).signals)


def test_a_series_that_never_moved_sees_the_first_that_does():
    assert rules([5] * 26 + [5]) == set()
    assert ("outside", "high") in rules([5] * 26 + [6])


@settings(max_examples=60)
@given(series, st.data())
def test_weeks_left_out_and_unknown_weeks_change_nothing_for_the_others(values, draw):
    gaps = draw.draw(st.lists(st.tuples(st.integers(0, len(values)), st.sampled_from([None, 0, 999])), max_size=6))
    wide, left_out, own = list(values), set(), list(range(len(values)))
    for at, filler in sorted(gaps, key=lambda gap: gap[0], reverse=True):
        wide.insert(at, filler)
        own = [place + (place >= at) for place in own]
        left_out = {place + (place >= at) for place in left_out} | ({at} if filler is not None else set())
    plain, gapped = drawn(values), drawn(wide, left_out=left_out)
    assert (gapped.limits, gapped.variation, gapped.baseline_n) == (plain.limits, plain.variation, plain.baseline_n)
    assert [gapped.signals[place] for place in own] == list(plain.signals)
    assert not any(signals for place, signals in enumerate(gapped.signals) if place not in own)


@settings(max_examples=60)
@given(series)
def test_upside_down_the_chart_says_the_opposite(values):
    opposite = {"improvement": "concern", "concern": "improvement", "common": "common"}
    right, turned = drawn(values), drawn([-value for value in values])
    assert right.limits.centre == pytest.approx(-turned.limits.centre)
    flipped = [{(s.rule, {"high": "low", "low": "high"}[s.side]) for s in signals} for signals in turned.signals]
    assert [set(map(tuple, signals)) for signals in right.signals] == flipped
    if len({signal.side for signal in right.signals[-1]}) < 2:
        assert turned.variation == opposite[right.variation]


@settings(max_examples=60)
@given(series)
def test_the_signals_are_those_of_a_plain_reading_of_the_rules(values):
    found = drawn(values)
    assert [set(map(tuple, signals)) for signals in found.signals] == plainly(values, found.limits)


def plainly(values, limits):
    """Read the rules word by word: every stretch of the series is looked at."""
    signs = [set() for _ in values]
    near_way = 2 / 3 * (limits.high - limits.centre)
    for side, turn in (("high", 1), ("low", -1)):
        out = [turn * (value - limits.centre) for value in values]
        for first in range(len(out)):
            stretch = range(first, len(out))
            if out[first] > limits.high - limits.centre + 1e-6:
                signs[first].add((Rule.OUTSIDE, side))
            if len(seven := stretch[:7]) == 7 and all(out[place] > 1e-6 for place in seven):
                [signs[place].add((Rule.RUN, side)) for place in seven]
            if len(six := stretch[:6]) == 6 and all(out[place] < out[place + 1] for place in six[:-1]):
                [signs[place].add((Rule.TREND, side)) for place in six]
            far = [place for place in stretch[:3] if out[place] > near_way + 1e-6]
            if len(far) >= 2:
                [signs[place].add((Rule.NEAR, side)) for place in far]
    return signs
