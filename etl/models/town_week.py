"""One close of a city: what the record says of every town, and the scores that follow (domain specification, section 3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from cockpit.judging.colour_rules import ColourRules, floor, manual_override
from cockpit.judging.town_score import TownFigures, TownScores, town_scores
from cockpit.silence import EmptyRun, WeekIntake, empty_run, week_intakes
from cockpit.window import EPOCH, number
from etl.models.town_facts import NEVER, NONE, UNGRADED, Days, Mask, Numbers, TownFacts

YEAR_DAYS = 365
"""Both windows, so that each has as many days as the other (domain specification, section 3.3)."""

RATE_DAYS = 1095
"""36 months, from which the rate of each risk category comes (section 3.3)."""


class Intake:
    """What was accepted day by day, as the rules of silence ask for it."""

    def __init__(self, facts: TownFacts) -> None:
        """Count the cases of each town, and of the whole city, on the days that have any."""
        self.working = facts.working
        self.city = by_day(facts.first, facts.daily.sum(axis=0))
        self.towns = [by_day(facts.first, row) for row in facts.daily[: facts.town_count]]

    def is_workday(self, day: date) -> bool:
        """Whether it is a working day."""
        return number(day) in self.working

    def weeks(self, last: int) -> list[WeekIntake]:
        """Return the intake of the city in each seven days since its record begins, those that end with a day last."""
        return week_intakes(self.city, self.is_workday, EPOCH + timedelta(days=last))

    def runs(self, last: int) -> tuple[EmptyRun, ...]:
        """Return the run of empty working days of each town that ends with a day."""
        return tuple(empty_run(counts, self.is_workday, EPOCH + timedelta(days=last)) for counts in self.towns)


def by_day(first: int, counts: Numbers) -> dict[date, int]:
    """Return counts of days, from the first on, by date; days without any are not named."""
    return {EPOCH + timedelta(days=first + int(place)): int(counts[place]) for place in np.flatnonzero(counts)}


@dataclass(frozen=True)
class Amounts:
    """What was counted of each place on a close, the last place being all that is not judged."""

    observed: Numbers
    person_years: Numbers
    raw_expected: Numbers
    observed_before: Numbers
    person_years_before: Numbers
    severity_sum: Numbers
    open_orders: Numbers
    overdue_orders: Numbers
    repeat_cases: Numbers
    deaths: Numbers
    accident_deaths: Numbers


@dataclass(frozen=True)
class TownWeek:
    """One close: how the intake stood, what was counted of each place, and the scores of the towns that are judged."""

    facts: TownFacts
    close: int
    rules: ColourRules
    intake: WeekIntake
    runs: tuple[EmptyRun, ...]

    @cached_property
    def amounts(self) -> Amounts:
        """What was counted of each place."""
        return amounts(self.facts, self.close, self.rules)

    @property
    def is_silent(self) -> Mask:
        """Which towns have not been heard of for too long."""
        return np.array([run.is_silent for run in self.runs], np.bool_)

    @property
    def is_exposed(self) -> Mask:
        """Of which towns it is known who works there, up to the close: without the newest months every rate would rise."""
        return np.asarray(self.facts.exposed(self.close, self.close).sum(axis=1)[: self.facts.town_count] > 0)

    @property
    def is_judged(self) -> Mask:
        """Which towns can be judged: they are heard of, and of those who work there some case is expected."""
        return ~self.is_silent & self.is_exposed & (self.amounts.raw_expected[: self.facts.town_count] > 0)

    @cached_property
    def expected(self) -> Numbers:
        """The cases expected of each judged town, rescaled so that they sum to what was observed of them; of others 0."""
        towns = np.where(self.is_judged, self.amounts.raw_expected[: self.facts.town_count], 0.0)
        observed = np.where(self.is_judged, self.amounts.observed[: self.facts.town_count], 0.0)
        return np.asarray(towns * (observed.sum() / towns.sum() if towns.any() else 0.0))

    @cached_property
    def scores(self) -> TownScores:
        """The scores of the towns that are judged, in their order."""
        of = {name: values[: self.facts.town_count][self.is_judged] for name, values in self.counted.items()}
        city = self.amounts.severity_sum.sum() / self.amounts.person_years.sum() if self.is_judged.any() else 0.0
        return town_scores(TownFigures(expected=self.expected[self.is_judged], city_severity=float(city), **of), self.rules)

    @property
    def counted(self) -> dict[str, Numbers]:
        """What the score of a town rests on besides what is expected, by the names that the figures of a score have."""
        names = ("observed", "person_years", "observed_before", "person_years_before")
        others = ("severity_sum", "open_orders", "overdue_orders", "repeat_cases")
        return {name: getattr(self.amounts, name) for name in (*names, *others)}

    def floor(self, place: int) -> str | None:
        """Return the colour that deaths, or two persons, demand of a town at least (section 3.4)."""
        deaths, accident_deaths = int(self.amounts.deaths[place]), int(self.amounts.accident_deaths[place])
        manual = manual_override(self.rules, self.facts.towns[place], self.close)
        return floor(self.rules, deaths=deaths, accident_deaths=accident_deaths, manual=manual)


def amounts(facts: TownFacts, close: int, rules: ColourRules) -> Amounts:
    """Return what was counted of each place in the 365 days that end with a close, and in the 365 before."""
    begin, before = close - YEAR_DAYS + 1, close - 2 * YEAR_DAYS + 1
    exposed = facts.exposed(begin, close)
    open_orders, overdue_orders = orders(facts, close)
    return Amounts(
        observed=facts.accepted(begin, close).sum(axis=1),
        person_years=exposed.sum(axis=1),
        raw_expected=exposed @ category_rates(facts, close),
        observed_before=facts.accepted(before, begin - 1).sum(axis=1),
        person_years_before=facts.exposed(before, begin - 1).sum(axis=1),
        severity_sum=severity(facts, close, rules),
        open_orders=open_orders,
        overdue_orders=overdue_orders,
        repeat_cases=repeated(facts, close, rules.repeat_cases),
        deaths=deaths(facts, close, rules.death_days),
        accident_deaths=accident_deaths(facts, close, rules.death_days),
    )


def category_rates(facts: TownFacts, close: int) -> Numbers:
    """Return the rate λ of each risk category, in cases a person-year of the city, over as many of 1,095 days as are known."""
    begin = max(close - RATE_DAYS + 1, facts.exposed_from)
    exposed, accepted = facts.exposed(begin, close).sum(axis=0), facts.accepted(begin, close).sum(axis=0)
    return np.asarray(np.divide(accepted, exposed, out=np.zeros_like(exposed), where=exposed > 0))


def severity(facts: TownFacts, close: int, rules: ColourRules) -> Numbers:
    """Return the sum of the weights of the cases of each place, each counted once and on the day that made it so grave.

    A case that ended in death counts on that day, one that is graded on the day of the conclusion, any other on the day of
    its acceptance (domain specification, section 3.3).
    """
    case = facts.cases
    is_dead = case.died_on <= close
    is_graded = ~is_dead & (case.graded_on <= close) & (case.grade > UNGRADED)
    on = np.where(is_dead, case.died_on, np.where(is_graded, case.graded_on, case.accepted_on))
    by_grade = np.array([rules.ungraded_weight, *rules.grade_weights])
    weight = np.where(is_dead, rules.death_weight, by_grade[np.where(is_graded, case.grade, UNGRADED)])
    is_in = (case.accepted_on <= close) & (on > close - YEAR_DAYS) & (on <= close)
    return by_place(facts, case.place[is_in], weight[is_in])


def deaths(facts: TownFacts, close: int, days: int) -> Numbers:
    """Return how many of each place died in the days that end with a close."""
    case = facts.cases
    is_in = (case.died_on <= close) & (case.died_on > close - days) & (case.accepted_on <= close)
    return by_place(facts, case.place[is_in])


def accident_deaths(facts: TownFacts, close: int, days: int) -> Numbers:
    """Return how many died of the worst single accident of each place, of those whose last death is in the days to a close.

    One accident is what happened in one firm in one minute.
    """
    case = facts.cases
    named = (case.died_on <= close) & (case.accepted_on <= close) & (case.firm != NONE)
    accident = np.stack([case.place[named], case.firm[named], case.accident_minute[named]])
    each, which, count = np.unique(accident, axis=1, return_inverse=True, return_counts=True)
    last = np.full(len(count), -NEVER)
    np.maximum.at(last, which.ravel(), case.died_on[named])
    worst = np.zeros(facts.town_count + 1)
    np.maximum.at(worst, each[0], np.where(last > close - days, count, 0))
    return worst


def repeated(facts: TownFacts, close: int, least: int) -> Numbers:
    """Return the cases of each place that are of firms with so many or more in the 365 days that end with a close."""
    case = facts.cases
    is_in = (case.accepted_on > close - YEAR_DAYS) & (case.accepted_on <= close) & (case.firm != NONE)
    of_firm = np.bincount(case.firm[is_in])
    return by_place(facts, case.place[is_in][of_firm[case.firm[is_in]] >= least])


def orders(facts: TownFacts, close: int) -> tuple[Numbers, Numbers]:
    """Return how many orders are open in each place at a close, and how many of these were due before it."""
    order = facts.orders
    is_open = (order.pushed_on <= close) & (order.closed_on > close)
    return by_place(facts, order.place[is_open]), by_place(facts, order.place[is_open & (order.due_on < close)])


def by_place(facts: TownFacts, place: Days, weight: Numbers | None = None) -> Numbers:
    """Return how many there are of each place, or the sum of their weights."""
    return np.bincount(place, weight, facts.town_count + 1).astype(np.float64)
