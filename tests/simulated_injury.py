"""The simulated accidents of some years, as tests ask for them: every month in one, with all that becomes of it."""

from datetime import date
from functools import cache

import numpy as np

from cockpit.site import load_site
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.city import City, month_of
from etl.simulation.injury.days import EPOCH
from etl.simulation.injury.parameters import InjuryParameters

SITE = load_site("wenling")
P = InjuryParameters()
STREAMS = (
    *("enterprises", "materials", "benefits", "reemployment", "posts", "slots", "hearings", "injury_cases", "injury_events"),
    *("exchange", "orders", "headcounts"),
)
FIRST, END = (month_of((day - EPOCH).days) for day in (date(2022, 6, 1), date(2026, 9, 1)))
"""Months of accidents that are told: what is accepted in the three years before the last one, and what led to it."""


def new_city(parameters: InjuryParameters = P, seed: int = SITE.simulation.seed) -> City:
    """Return the city of a seed, nothing of it made yet."""
    return City(SITE.folder, parameters, seed=seed, go_live=SITE.simulation.go_live, zone=SITE.zone)


def day(year: int, month: int, on: int) -> int:
    """Return a day, from 1970-01-01."""
    return (date(year, month, on) - EPOCH).days


class Whole:
    """All months' accidents, each array in one: `facts`, `course` … by name, instants by step."""

    def __init__(self, city: City, first: int = FIRST, end: int = END) -> None:
        """Tell them."""
        self.city = city
        self.months: list[Accidents] = [accidents(city, month) for month in range(first, end)]

    def of(self, part: str, name: str) -> np.ndarray:
        """Return one array of one part of all months."""
        return np.concatenate([getattr(getattr(month, part), name) for month in self.months])

    def at(self, *steps: str) -> np.ndarray:
        """Return when the last of some steps happened (UTC s), −1 where none did."""
        return np.concatenate([np.max([month.at[step] for step in steps], axis=0) for month in self.months])

    def on(self, *steps: str) -> np.ndarray:
        """Return the local day of the same; of what never was, a day before all."""
        return self.city.year.day_of(self.at(*steps))

    def days(self, begin: str, *ends: str) -> np.ndarray:
        """Return how many local days lie between two steps."""
        return self.on(*ends) - self.on(begin)

    def had(self, *steps: str) -> np.ndarray:
        """Return which cases came to any of these steps."""
        return self.at(*steps) >= 0


@cache
def whole() -> Whole:
    """Return the accidents of the site's own city; all tests share them."""
    return Whole(new_city())
