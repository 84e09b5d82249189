"""Sixteen towns of one true rate, week by week: their cases by firm, grades, deaths and orders to rectify.

A year is 52 weeks and 90 days are 13 weeks. There are no holidays: each week has five working days.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.town_score import TownFigures
from cockpit.statistics import Numbers
from etl.simulation.injury.mixes import GRADES
from etl.simulation.injury.parameters import InjuryParameters

Places = npt.NDArray[np.int64]

YEAR_WEEKS, BURN_IN_WEEKS, DEATH_WEEKS = 52, 104, 13
TOWNS, SPREAD = 16, 40
CASES_A_YEAR, PERMILLE = 4400.0, 11.0
"""Production cases of the city, and a year's to 1,000 insured people (domain specification, sections 3.2 and 3.5)."""

FIRMS, SIZE_SIGMA = 14_000, 1.3
"""Firms of lognormal size (section 10.4; [DEF]): about 0.3 of cases then come from firms with three or more."""

GRADE_LAG_WEEKS, GRADE_LAG_SPREAD, GRADE_LAGS = 26.0, 5.0, (10, YEAR_WEEKS - 1)
"""Grades come half a year after acceptance. [DEF]"""

ORDERS_A_WEEK, ORDER_SHAPE, ORDER_SCALE, DUE_WEEKS = 1.0, 3.0, 1.2, 5
"""Orders to rectify: about four open in a town, of which one in eight stays open past its month. [DEF]"""


def exposures() -> Numbers:
    """Return the cases that a year expects of each town, the smallest first: the biggest is forty times the smallest."""
    steps = SPREAD ** (np.arange(TOWNS) / (TOWNS - 1))
    expected: Numbers = CASES_A_YEAR * steps / steps.sum()
    return expected


@dataclass(frozen=True, kw_only=True)
class Towns:
    """What is counted of towns at the close of each week. Shape: histories × weeks × towns, oldest first, smallest first.

    `cases` and `deaths` are the week's; the others are the 52 weeks' that end with it, orders those that stand at its end.
    """

    cases: Numbers
    deaths: Numbers
    observed: Numbers
    severity_sum: Numbers
    open_orders: Numbers
    overdue_orders: Numbers
    repeat_cases: Numbers

    def figures(self, history: int, week: int) -> TownFigures:
        """Return what is known of the towns at one close, from two years on."""
        at, before = (history, week), (history, week - YEAR_WEEKS)
        years = exposures() * 1000 / PERMILLE
        return TownFigures(
            observed=self.observed[at],
            person_years=years,
            expected=years / years.sum() * self.observed[at].sum(),
            observed_before=self.observed[before],
            person_years_before=years,
            severity_sum=self.severity_sum[at],
            open_orders=self.open_orders[at],
            overdue_orders=self.overdue_orders[at],
            repeat_cases=self.repeat_cases[at],
            city_severity=float(self.severity_sum[at].sum() / years.sum()),
        )


def simulated(draw: np.random.Generator, histories: int, factors: Numbers, rules: ColourRules, *, towns: list[int]) -> Towns:
    """Return histories of the towns at the true rate times factors (weeks × towns).

    Firms with several cases are counted for some towns only; of the others there are none.
    """
    cases = draw.poisson(exposures() / YEAR_WEEKS * factors, (histories, *factors.shape))
    place = np.repeat(np.arange(cases.size), cases.ravel())
    share, death_share = InjuryParameters().graded_share, InjuryParameters().plain_death_share
    fate = draw.random(len(place))
    dead, graded = place[fate < death_share], place[(fate >= death_share) & (fate < death_share + share)]
    lag = np.clip(np.rint(draw.normal(GRADE_LAG_WEEKS, GRADE_LAG_SPREAD, len(graded))), *GRADE_LAGS).astype(np.int64)
    deaths = tallied(dead, cases.shape)
    open_orders, overdue_orders = orders(draw, cases.shape)
    return Towns(
        cases=cases.astype(np.float64),
        deaths=deaths,
        observed=rolled(cases),
        severity_sum=severity(cases - deaths, graded, moved(graded, lag, cases.shape), deaths, draw=draw, rules=rules),
        open_orders=open_orders,
        overdue_orders=overdue_orders,
        repeat_cases=repeats(draw, cases, towns, rules),
    )


def severity(
    ungraded: Numbers, graded: Places, concluded: Places, deaths: Numbers, *, draw: np.random.Generator, rules: ColourRules
) -> Numbers:
    """Return the months of severity of the last 52 weeks: each case once, as it is known at the close."""
    weights = draw.choice(rules.grade_weights, len(concluded), p=[GRADES.parts[str(grade)] for grade in range(1, 11)])
    is_told = concluded >= 0
    months = tallied(concluded[is_told], ungraded.shape, weights[is_told]) + rules.death_weight * deaths
    accepted = np.cumsum(tallied(graded, ungraded.shape), axis=1)
    known = np.cumsum(tallied(concluded[is_told], ungraded.shape), axis=1)
    known[:, YEAR_WEEKS:] -= accepted[:, :-YEAR_WEEKS]  # a grade comes within 52 weeks: those accepted before are all graded
    return rolled(months) + rules.ungraded_weight * (rolled(ungraded) - known)


def orders(draw: np.random.Generator, shape: tuple[int, ...]) -> tuple[Numbers, Numbers]:
    """Return how many orders are open, and how many of these overdue, at the end of each week."""
    pushed = draw.poisson(ORDERS_A_WEEK, shape)
    place = np.repeat(np.arange(pushed.size), pushed.ravel())
    lasted = np.floor(draw.gamma(ORDER_SHAPE, ORDER_SCALE, len(place))).astype(np.int64) + 1
    late = lasted > DUE_WEEKS
    due = moved(place[late], np.full(late.sum(), DUE_WEEKS), shape)
    return standing(place, moved(place, lasted, shape), shape), standing(due, moved(place[late], lasted[late], shape), shape)


def standing(begun: Places, ended: Places, shape: tuple[int, ...]) -> Numbers:
    """Return how many have begun and not ended, at the end of each week; below 0 is after the last week."""
    count: Numbers = np.cumsum(tallied(begun[begun >= 0], shape) - tallied(ended[ended >= 0], shape), axis=1)
    return count


def repeats(draw: np.random.Generator, cases: Places, towns: list[int], rules: ColourRules) -> Numbers:
    """Return how many cases of the last 52 weeks come from firms that have three or more of them."""
    found = np.zeros(cases.shape)
    for town in towns:
        firms = max(1, round(FIRMS * exposures()[town] / CASES_A_YEAR))
        sizes = np.exp(SIZE_SIGMA * special.ndtri((np.arange(firms) + 0.5) / firms))
        chance = np.cumsum(sizes) / sizes.sum()
        weekly = [np.repeat(np.arange(len(cases)), counts) * firms for counts in cases[:, :, town].T]
        hurt = [firm + np.searchsorted(chance[:-1], draw.random(len(firm))) for firm in weekly]
        held = np.zeros(len(cases) * firms, np.int64)
        for week, new in enumerate(hurt):
            np.add.at(held, new, 1)
            if week >= YEAR_WEEKS:
                np.subtract.at(held, hurt[week - YEAR_WEEKS], 1)
            found[:, week, town] = np.where(held >= rules.repeat_cases, held, 0).reshape(len(cases), firms).sum(axis=1)
    return found


def moved(place: Places, weeks: Places, shape: tuple[int, ...]) -> Places:
    """Return places so many weeks later in the same history and town; -1 after its last week."""
    at = place // shape[2] % shape[1] + weeks
    return np.where(at < shape[1], place + weeks * shape[2], -1)


def tallied(place: Places, shape: tuple[int, ...], weights: Numbers | None = None) -> Numbers:
    """Return how many there are at each place, or the sum of their weights."""
    return np.bincount(place, weights, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)


def rolled(values: Numbers | Places, weeks: int = YEAR_WEEKS) -> Numbers:
    """Return the sums over the weeks that end with each; of the first ones over as many as there are."""
    sums = np.cumsum(values, axis=1, dtype=np.float64)
    sums[:, weeks:] -= sums[:, :-weeks].copy()
    return sums
