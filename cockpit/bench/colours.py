"""What the rule of the four colours does where the truth is known: how often it is wrong, how soon right, how restless.

All of it runs the rule itself, week by week, over the towns of `cockpit/bench/simulated_towns.py`. Baselines are the naive
rule's on the same cases: a town's rate of 365 days against the city's, red from 1.5 times on, orange from 1.25, no memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt

from cockpit.bench.figure import Figure, Measure, Place, Sizes
from cockpit.bench.simulated_towns import BURN_IN_WEEKS, DEATH_WEEKS, TOWNS, YEAR_WEEKS
from cockpit.bench.town_runs import (
    MEDIAN_TOWN,
    ORANGE,
    RED,
    Runs,
    by_town,
    colours,
    factors_of,
    flips,
    floors_of,
    judged,
)
from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.cusum import cusum, weeks_expected
from cockpit.statistics import Numbers

NAIVE_ALARM = 2.0
"""Of the cases that a week expects: the naive early alarm."""

LEAD_WEEKS, ORANGE_WEEKS, RED_WEEKS, CUSUM_WEEKS = 8, 26, 52, 8
"""Weeks that a scenario is judged before anything happens, and within which it must be seen."""

FACTORS = (1.0, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2.1, 2.5, 3.0)
"""True rates, times the city's, whose mean scores tell at which rate a town sits on a cut."""
MOVES = (-10, -5, 0, 5, 10)
"""By how many points each cut is moved in search of better ones."""

FALSE_RED_MOST, FLIPS_MOST = 5.0, 1.0

Flags = npt.NDArray[np.bool_]


def run(place: Place) -> Iterable[Figure]:
    """Judge quiet years, then towns that change, then towns that sit on a cut; all follows from one seed."""
    draw, rules, sizes = np.random.default_rng(1), ColourRules(version="default"), place.sizes
    quiet = judged(draw, rules, *quiet_factors(sizes), towns=[*range(TOWNS)])
    yield from quiet_figures(quiet, rules)
    yield from change_figures(draw, rules, sizes.colour_runs)
    yield two_deaths(draw, quiet, rules)
    yield from cut_figures(draw, quiet, rules, sizes.colour_runs)


def quiet_factors(sizes: Sizes) -> tuple[int, Numbers]:
    """Return how many histories make up the months asked for, at most a hundred each, and their factors."""
    histories = max(1, sizes.colour_months // 100)
    return histories, factors_of(sizes.colour_months * YEAR_WEEKS // 12 // histories)


def share(flags: Flags | np.bool_) -> float:
    """Return how many of all are true, per cent."""
    return 100 * float(np.mean(flags))


def months_with(flags: Flags, histories: int) -> float:
    """Return the share of months in which any town has a flag in any week, per cent."""
    any_town = flags.reshape(histories, -1, flags.shape[1]).any(axis=1)
    month = np.arange(flags.shape[1]) * 12 // YEAR_WEEKS
    return share(np.logical_or.reduceat(any_town, np.flatnonzero(np.diff(month, prepend=-1)), axis=1))


def quiet_figures(quiet: Runs, rules: ColourRules) -> Iterator[Figure]:
    """Yield how often something is red or orange though all towns are alike, and the false alarms of the CUSUM."""
    count, scores, naive = len(quiet.scores), by_town(quiet.scores), by_town(quiet.naive.astype(np.float64))
    by_score = colours(scores, rules)
    floors = floors_of(by_town(quiet.towns.deaths), rules)
    shown, demanded = colours(scores, rules, floors), np.array([[least == "红" for least in row] for row in floors])
    yield percent("colours_false_red", months_with(by_score >= RED, count), months_with(naive >= RED, count), FALSE_RED_MOST)
    yield percent("colours_false_orange", months_with(by_score >= ORANGE, count), months_with(naive >= ORANGE, count))
    yield percent("colours_override_red", months_with(demanded, count))
    yield percent("colours_shown_red", months_with(shown >= RED, count))
    cases = by_town(quiet.towns.cases)
    weeks = scores.shape[1] * count
    false, naive_false = alarms(cases, rules).sum(), naive_alarms(cases).sum()
    yield Figure(name="colours_cusum_weeks", value=weeks / max(1, false), unit="weeks", baseline=weeks / max(1, naive_false))


def percent(
    name: str, value: float, baseline: float | None = None, goal: float | None = None, *, at_least: bool = False
) -> Figure:
    """Return a share as a figure."""
    return Figure(name=name, value=value, unit="%", baseline=baseline, goal=goal, at_least=at_least)


def alarms(cases: Numbers, rules: ColourRules) -> Flags:
    """Return which judged weeks raise the CUSUM's alarm. Shape: rows × judged weeks, of cases with the burn-in."""
    expected = [[None if np.isnan(e) else e for e in row] for row in weeks_expected(cases).tolist()]
    skipped = [False] * cases.shape[1]
    found = [cusum(row, of, skipped, rules) for row, of in zip(cases.astype(np.int64).tolist(), expected, strict=True)]
    return np.array([[week.is_alarm for week in row] for row in found])[:, BURN_IN_WEEKS:]


def naive_alarms(cases: Numbers) -> Flags:
    """Return which judged weeks have twice the cases that they expect."""
    return (cases >= NAIVE_ALARM * weeks_expected(cases))[:, BURN_IN_WEEKS:]


def change_figures(draw: np.random.Generator, rules: ColourRules, runs: int) -> Iterator[Figure]:
    """Yield how surely a doubled and a trebled rate of the median town are seen in time; runs that saw it before count not."""
    doubled = judged(draw, rules, runs, factors_of(LEAD_WEEKS + ORANGE_WEEKS, 2, LEAD_WEEKS), towns=[MEDIAN_TOWN])
    yield reached("colours_double_orange", doubled, rules, ORANGE, 80)
    cases = doubled.towns.cases[:, :, MEDIAN_TOWN]
    soon = slice(LEAD_WEEKS, LEAD_WEEKS + CUSUM_WEEKS)
    heard, naive = (flags[:, soon].any(axis=1) for flags in (alarms(cases, rules), naive_alarms(cases)))
    yield percent("colours_double_cusum", share(heard), share(naive), 80, at_least=True)
    trebled = judged(draw, rules, runs, factors_of(LEAD_WEEKS + RED_WEEKS, 3, LEAD_WEEKS), towns=[MEDIAN_TOWN])
    yield reached("colours_treble_red", trebled, rules, RED, 95)


def reached(name: str, changed: Runs, rules: ColourRules, colour: int, goal: float) -> Figure:
    """Return in how many runs the median town rises to a colour after its rate has changed, and was below it before."""
    found = colours(changed.scores[:, :, MEDIAN_TOWN], rules), changed.naive[:, :, MEDIAN_TOWN]
    rose, naive = ((of[:, LEAD_WEEKS - 1] < colour) & (of[:, LEAD_WEEKS:] >= colour).any(axis=1) for of in found)
    return percent(name, share(rose), share(naive), goal, at_least=True)


def two_deaths(draw: np.random.Generator, quiet: Runs, rules: ColourRules) -> Figure:
    """Return in how many quiet histories two deaths within 90 days make the median town red when the second is judged."""
    scores, naive = quiet.scores[:, :, MEDIAN_TOWN], quiet.naive[:, :, MEDIAN_TOWN]
    rows = np.arange(len(scores))
    second = draw.integers(DEATH_WEEKS, scores.shape[1], len(rows))
    deaths = np.zeros((len(rows), BURN_IN_WEEKS + scores.shape[1]))
    for week in (second, second - draw.integers(0, DEATH_WEEKS, len(rows))):
        deaths[rows, BURN_IN_WEEKS + week] += 1
    shown = colours(scores, rules, floors_of(deaths, rules))
    seen, naively = (of[rows, second] >= RED for of in (shown, naive))
    return percent("colours_two_deaths_red", share(seen), share(naively), 100, at_least=True)


def cut_figures(draw: np.random.Generator, quiet: Runs, rules: ColourRules, runs: int) -> Iterator[Figure]:
    """Yield how often a town changes its colour in a year whose true score sits on a cut, and the smallest remedy."""
    grid = [judged(draw, rules, max(1, runs // 12), factors_of(2 * YEAR_WEEKS, f), towns=[MEDIAN_TOWN]) for f in FACTORS]
    at_cut = [sitting(draw, rules, cut, grid, runs) for cut in rules.cuts]
    for name, on in zip(("yellow", "orange", "red"), at_cut, strict=True):
        naive = flips(on.naive[:, :, MEDIAN_TOWN])
        found = flips(colours(on.scores[:, :, MEDIAN_TOWN], rules))
        yield Figure(name=f"colours_flips_{name}", value=found, unit="a year", baseline=naive, goal=FLIPS_MOST)
    moved = min(worst_flips(grid, rules.with_cuts(*cuts)) for cuts in other_cuts(rules))
    yield Figure(name="colours_moved_cuts_flips", value=moved, unit="a year", goal=FLIPS_MOST)
    back = next(back for back in range(round(rules.back), 101) if is_calm(replace(rules, back=back), at_cut, quiet))
    yield Figure(name="colours_back_needed", value=back, unit="points", baseline=rules.back)
    calm = max(flips(colours(on.scores[:, :, MEDIAN_TOWN], replace(rules, back=back))) for on in at_cut)
    yield Figure(name="colours_back_flips", value=calm, unit="a year", goal=FLIPS_MOST)


def sitting(draw: np.random.Generator, rules: ColourRules, cut: float, grid: list[Runs], runs: int) -> Runs:
    """Judge four years of a median town whose true rate is such that its mean score is a cut."""
    means = [float(of.scores[:, :, MEDIAN_TOWN].mean()) for of in grid]
    factor = float(np.interp(cut, means, FACTORS))
    return judged(draw, rules, max(1, runs // 6), factors_of(4 * YEAR_WEEKS, factor), towns=[MEDIAN_TOWN])


def other_cuts(rules: ColourRules) -> Iterator[tuple[float, float, float]]:
    """Yield the cuts with each moved by up to ten points, as long as they rise."""
    for moves in product(MOVES, repeat=3):
        yellow, orange, red = (cut + move for cut, move in zip(rules.cuts, moves, strict=True))
        if yellow < orange < red:
            yield yellow, orange, red


def worst_flips(grid: list[Runs], rules: ColourRules) -> float:
    """Return the changes a year at that cut where there are most, between the rates of the grid in a straight line."""
    means = [float(of.scores[:, :, MEDIAN_TOWN].mean()) for of in grid]
    changes = [flips(colours(of.scores[:, :, MEDIAN_TOWN], rules)) for of in grid]
    return max(float(np.interp(cut, means, changes)) for cut in rules.cuts)


def is_calm(rules: ColourRules, at_cut: list[Runs], quiet: Runs) -> bool:
    """Return whether towns on a cut rest and quiet years have no more false reds than they may; rising is as it was."""
    if any(flips(colours(on.scores[:, :, MEDIAN_TOWN], rules)) > FLIPS_MOST for on in at_cut):
        return False
    return months_with(colours(by_town(quiet.scores), rules) >= RED, len(quiet.scores)) <= FALSE_RED_MOST


MEASURE = Measure(
    names=tuple(
        f"colours_{what}"
        for what in (
            *("false_red", "false_orange", "override_red", "shown_red", "cusum_weeks"),
            *("double_orange", "double_cusum", "treble_red", "two_deaths_red"),
            *("flips_yellow", "flips_orange", "flips_red", "moved_cuts_flips", "back_needed", "back_flips"),
        )
    ),
    run=run,
)
