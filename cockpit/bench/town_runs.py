"""Histories of simulated towns, judged week by week by the rule itself, and by the naive one."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cockpit.bench.simulated_towns import (
    BURN_IN_WEEKS,
    DEATH_WEEKS,
    TOWNS,
    YEAR_WEEKS,
    Places,
    Towns,
    exposures,
    rolled,
    simulated,
)
from cockpit.judging.colour_rules import COLOURS, ColourRules, floor
from cockpit.judging.hysteresis import JudgedWeek, standings
from cockpit.judging.town_score import town_scores
from cockpit.statistics import Numbers

ORANGE, RED = (COLOURS.index(colour) for colour in "橙红")
NAIVE_CUTS = (1.25, 1.5)
"""Times the city's rate of 365 days: orange and red of the naive rule."""

MEDIAN_TOWN = (TOWNS - 1) // 2
"""The eighth smallest, which expects 137 cases a year."""

WHOLE_WEEK = 7


@dataclass(frozen=True)
class Runs:
    """Histories of towns with their scores of each judged week. Shape: histories × judged weeks × towns."""

    towns: Towns
    scores: Numbers

    @property
    def naive(self) -> Places:
        """The places in COLOURS that the naive rule gives."""
        observed = self.towns.observed[:, BURN_IN_WEEKS:]
        usual = exposures() / exposures().sum() * observed.sum(axis=2, keepdims=True)
        orange, red = (observed >= cut * usual for cut in NAIVE_CUTS)
        places: Places = orange * np.int64(ORANGE) + red * np.int64(RED - ORANGE)
        return places


def judged(draw: np.random.Generator, rules: ColourRules, histories: int, factors: Numbers, *, towns: list[int]) -> Runs:
    """Simulate histories and score every week of them after the burn-in."""
    made = simulated(draw, histories, factors, rules, towns=towns)
    weeks = range(BURN_IN_WEEKS, len(factors))
    scores = [[town_scores(made.figures(history, week), rules).score for week in weeks] for history in range(histories)]
    return Runs(made, np.array(scores))


def factors_of(weeks: int, factor: float = 1.0, since: int = 0) -> Numbers:
    """Return the factors of the true rate: 1 but in the median town, from a judged week on. Shape: weeks × towns."""
    factors = np.ones((BURN_IN_WEEKS + weeks, TOWNS))
    factors[BURN_IN_WEEKS + since if since else 0 :, MEDIAN_TOWN] = factor
    return factors


def colours(scores: Numbers, rules: ColourRules, floors: list[list[str | None]] | None = None) -> Places:
    """Return the places in COLOURS of towns after each week. Shape: towns (or histories of one) × weeks, as the scores."""
    found = np.zeros(scores.shape, np.int64)
    for number, row in enumerate(scores.tolist()):
        demanded = floors[number] if floors else [None] * len(row)
        weeks = [
            JudgedWeek(WHOLE_WEEK * week, score, least, is_skipped=False)
            for week, (score, least) in enumerate(zip(row, demanded, strict=True))
        ]
        found[number] = [COLOURS.index(standing.colour) for standing in standings(weeks, rules) if standing.colour]
    return found


def by_town(values: Numbers) -> Numbers:
    """Return histories × weeks × towns as one row of weeks for each history and town."""
    return values.transpose(0, 2, 1).reshape(-1, values.shape[1])


def floors_of(deaths: Numbers, rules: ColourRules) -> list[list[str | None]]:
    """Return the colour that deaths demand of each judged week. Shape: as the deaths, rows × weeks from the burn-in on."""
    recent = rolled(deaths, DEATH_WEEKS)[:, BURN_IN_WEEKS:]
    return [[floor(rules, deaths=int(count)) for count in row] for row in recent]


def flips(places: Places) -> float:
    """Return the changes of colour in a town-year. Shape: rows × weeks."""
    changes = sum(int((after != before).sum()) for before, after in pairwise(places.T))
    return changes / (places.size - len(places)) * YEAR_WEEKS
