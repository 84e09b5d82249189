"""One month's accidents with all that becomes of them: facts, steps, and what each lane decided."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.injury.appraisal import Appraisal, appraised
from etl.simulation.injury.benefits import Amounts, paid
from etl.simulation.injury.city import City, first_day, month_text
from etl.simulation.injury.disputes import Disputes, disputed
from etl.simulation.injury.facts import Draft, Facts, Told, facts
from etl.simulation.injury.filing import Filing, filed
from etl.simulation.injury.recognition import Course, recognised
from etl.simulation.injury.returning import Returning, returned
from etl.simulation.injury.service import Service, served


@dataclass(frozen=True)
class Accidents:
    """The accidents of one month. `at` holds each step's instants (UTC s), MISSING where a case did not come to it."""

    city: City
    month: int
    facts: Facts
    filing: Filing
    course: Course
    appraisal: Appraisal
    amounts: Amounts
    disputes: Disputes
    returning: Returning
    service: Service
    at: Told

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.facts)


def accidents(city: City, month: int) -> Accidents:
    """Return the accidents of a month."""
    found: Accidents = city.remembered("accidents", month, lambda: new_accidents(city, month))
    return found


def new_accidents(city: City, month: int) -> Accidents:
    """Draw the accidents of a month, and tell what becomes of them."""
    first, end = first_day(month), first_day(month + 1)
    at = city.year.accidents(city.random("accidents", month), first, expected(city, np.arange(first, end)))
    ids = np.array([f"GS{month_text(month).replace('-', '')}{number:04d}" for number in range(1, len(at) + 1)], object)
    drawn = facts(city, month, at, ids)
    draft = Draft(city.parameters, city.year, city.live_on, lambda name: city.random(name, month), drawn, {})
    filing = filed(draft)
    course = recognised(draft, filing)
    appraisal = appraised(draft, course)
    disputes = disputed(draft, course)
    amounts = paid(draft, course, appraisal)
    returning = returned(draft, appraisal, city.employers)
    service = served(draft, filing, appraisal, city.companions)
    return Accidents(city, month, drawn, filing, course, appraisal, amounts, disputes, returning, service, draft.at)


def expected(city: City, day: np.ndarray) -> np.ndarray:
    """Return how many accidents are expected on each day, were all days of a year the same."""
    parameters = city.parameters
    a_year = parameters.accepted_per_year / (1 - parameters.not_accepted_share)
    per_day: np.ndarray = a_year / 365.25 * parameters.case_growth ** city.years_live(day)
    return per_day
