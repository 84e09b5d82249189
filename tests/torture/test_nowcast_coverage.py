"""The nowcast and the control chart against worlds whose law of reporting is known: is the screen as sure as it says?

Small by default; `make torture ARGS="-k nowcast_coverage --log-cli-level=INFO"` looks at many more worlds, and prints figures.
"""

import logging
from itertools import product

import numpy as np
import pytest

from cockpit.control_chart import chart
from tests.full import IS_FULL
from tests.reported import A_WEEK, LAWS, TOWN_PERSON_YEARS, World, a_week_later, held_up, world

log = logging.getLogger(__name__)
pytestmark = pytest.mark.torture

WEEKS, FIRST_SEEN, LAGS = 150, 54, 9
CITY_WORLDS, TOWN_WORLDS, SHIFTED_WORLDS = (60, 30, 60) if IS_FULL else (8, 3, 12)
SHIFT_WEEK = 100
TOWNS = range(len(TOWN_PERSON_YEARS))


def is_covered(weeks, truth):
    newest = weeks[: -LAGS - 1 : -1]
    return [week.low <= truth[week.week] <= week.high for week in newest]


def is_improving(values):
    return chart(values, direction="down").variation == "improvement"


@pytest.fixture(scope="module", params=LAWS)
def flat(request):
    worlds = [world(seed, WEEKS, LAWS[request.param]) for seed in range(CITY_WORLDS)]
    return request.param, [(each, week, each.city(week)) for each, week in product(worlds, range(FIRST_SEEN, WEEKS + 1))]


def of_worlds(looks, count):
    """Return the looks at the first worlds."""
    return looks[: count * (WEEKS + 1 - FIRST_SEEN)]


def test_the_citys_interval_covers_the_final_count_as_often_as_it_says(flat):
    name, looks = flat
    covered = 100 * np.mean([is_covered(found.weeks, each.truth.sum(axis=1)) for each, _, found in looks], axis=0)
    log.info(f"{name}: city coverage by lag {covered.round(1)}, of all {covered.mean():.1f} %")
    assert covered.min() >= 85
    assert covered.mean() <= 95
    # With less than three cases to come, none has a chance of 5 % and more: an interval of whole numbers then covers over 95 %.
    to_come = A_WEEK * (1 - np.cumsum(LAWS[name]))[:LAGS]
    assert covered[to_come >= 3].max() <= 95


def test_each_towns_interval_covers_the_final_count_at_every_lag(flat):
    name, looks = flat
    covered = np.zeros((len(TOWNS), LAGS))
    looks = of_worlds(looks, TOWN_WORLDS)
    for each, week, city in looks:
        covered += [is_covered(each.town(week, town, city.law).weeks, each.truth[:, town]) for town in TOWNS]
    covered *= 100 / len(looks)
    log.info(f"{name}: towns' coverage by lag, least {covered.min(axis=0).round(1)}, mean {covered.mean(axis=0).round(1)} %")
    assert covered.min() >= 88


def test_a_flat_truth_is_seldom_called_improving_and_always_by_raw_counts(flat):
    name, looks = flat
    called = np.mean([verdicts(found) for _, _, found in looks], axis=0) * 100
    judged, complete, means, raw = called.round(1)
    log.info(f"{name}: called improving: judged weeks {judged}, complete weeks {complete}, all means {means}, raw {raw} %")
    assert judged <= 5
    assert raw >= 90


def verdicts(found):
    complete = [None if week.is_raw else week.mean for week in found.weeks]
    means, raw = ([getattr(week, what) for week in found.weeks] for what in ("mean", "observed"))
    return [is_improving(values) for values in (found.judged(), complete, means, raw)]


def test_a_towns_flat_truth_is_seldom_called_improving(flat):
    name, looks = flat
    called = [
        is_improving(each.town(week, town, city.law).judged())
        for each, week, city in of_worlds(looks, TOWN_WORLDS // 2)
        if week % 4 == 0
        for town in TOWNS
    ]
    log.info(f"{name}: towns called improving {100 * np.mean(called):.1f} %")
    assert np.mean(called) <= 0.05


def test_the_law_is_seldom_said_to_change_when_it_does_not(flat):
    name, looks = flat
    falsely = 100 * np.mean([found.is_law_changed for _, _, found in looks])
    log.info(f"{name}: falsely announced in {falsely:.2f} % of weeks")
    assert falsely <= 2


def announced_after(shifted: World):
    return next((week for week in range(1, 27) if shifted.city(SHIFT_WEEK + week).is_law_changed), 99)


@pytest.mark.parametrize("name", LAWS)
def test_a_change_of_the_law_is_announced_within_four_weeks(name):
    held = [held_up(world(seed, WEEKS, LAWS[name]), SHIFT_WEEK, 1.0, seed) for seed in range(SHIFTED_WORLDS)]
    weeks = np.array([announced_after(each) for each in held])
    log.info(f"{name}: all held up by a week: announced after {np.median(weeks):.0f}, at most {weeks.max()} weeks")
    assert weeks.max() <= 4


@pytest.mark.parametrize("name", LAWS)
def test_after_a_change_the_interval_widens_and_no_trend_is_seen(name):
    covered, called = [], []
    for seed in range(SHIFTED_WORLDS):
        shifted = held_up(world(seed, WEEKS, LAWS[name]), SHIFT_WEEK, 1.0, seed)
        for week in range(SHIFT_WEEK + 1, SHIFT_WEEK + 27):
            found = shifted.city(week)
            called.append(is_improving(found.judged()))
            if found.is_law_changed:
                covered.append(is_covered(found.weeks, shifted.truth.sum(axis=1)))
    log.info(f"{name}: after the change covered {100 * np.mean(covered):.1f}, called improving {100 * np.mean(called):.1f} %")
    assert np.mean(covered) >= 0.85
    assert np.mean(called) <= 0.05


@pytest.mark.parametrize("name", LAWS)
def test_smaller_changes_take_longer(name):
    law = LAWS[name]
    kinds = {
        "half is held up": lambda seed: held_up(world(seed, WEEKS, law), SHIFT_WEEK, 0.5, seed),
        "new accidents come a week later": lambda seed: world(
            seed, WEEKS, lambda week: a_week_later(law) if week >= SHIFT_WEEK else law
        ),
    }
    for kind, made in kinds.items():
        weeks = np.array([announced_after(made(seed)) for seed in range(SHIFTED_WORLDS)])
        within = 100 * np.mean(weeks <= 4)
        log.info(f"{name}, {kind}: announced after {np.median(weeks):.0f} weeks, within 4 in {within:.0f} %")
        assert np.median(weeks) <= 8
