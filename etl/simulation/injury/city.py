"""One simulated city of firms and accidents, as its departments' systems ask for it: any month, by seed and month alone."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from etl.simulation.draws import Codes, Floats, Instants, Random
from etl.simulation.geography import geography, listed
from etl.simulation.injury.days import EPOCH, Year
from etl.simulation.injury.firms import Firms, firms
from etl.simulation.injury.parameters import InjuryParameters

MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365.25
EMPLOYER_SIZE = 12
"""People that a firm insures before it looks for others through the labour office. [DEF]"""
COMPANION = "代办陪跑员"


class City:
    """Firms, months and what became of the accidents of each."""

    def __init__(self, folder: Path, parameters: InjuryParameters, *, seed: int, go_live: date, zone: ZoneInfo) -> None:
        """Read the site's lists; nothing is drawn yet. Raises: SiteError."""
        self.folder, self.places = folder, geography(folder)
        self.parameters, self.seed, self.go_live, self.zone = parameters, seed, go_live, zone
        self.year = Year(zone)
        self.kept: dict[tuple[str, int], Any] = {}

    def remembered(self, purpose: str, month: int, new: Callable[[], Any]) -> Any:
        """Return what was made of a month before, or make it: all streams share it."""
        if (purpose, month) not in self.kept:
            self.kept[purpose, month] = new()
        return self.kept[purpose, month]

    @cached_property
    def live_on(self) -> int:
        """The day of going live, from 1970-01-01."""
        return (self.go_live - EPOCH).days

    @cached_property
    def firms(self) -> Firms:
        """Its firms."""
        return firms(self.random("firms", 0), self.parameters, self.places.towns, self.go_live)

    @cached_property
    def employers(self) -> Codes:
        """The firms that offer posts: those with people enough to need some."""
        big = np.flatnonzero((self.firms.size >= EMPLOYER_SIZE) & (self.firms.joined_on <= self.live_on))
        chosen: Codes = self.random("employers", 0).choice(big, self.parameters.employer_count, replace=False)
        return np.sort(chosen)

    @cached_property
    def specialists(self) -> list[dict[str, str]]:
        """The list of specialists, as it stands in the site's folder."""
        return listed(self.folder, "specialists")

    @cached_property
    def aliases(self) -> dict[str, list[str]]:
        """Other words for each town, as the site's list has them."""
        found: dict[str, list[str]] = {}
        for row in listed(self.folder, "town_alias"):
            found.setdefault(row["town"], []).append(row["alias"])
        return found

    @cached_property
    def companions(self) -> Codes:
        """The specialists that accompany people, by their place in the list."""
        return self.of_role(COMPANION)

    def of_role(self, role: str) -> Codes:
        """Return the specialists of a role, by their place in the list."""
        return np.flatnonzero([one["role"] == role for one in self.specialists])

    def random(self, purpose: str, month: int) -> Random:
        """Return the random numbers of one purpose in a month; those of no other are touched."""
        return np.random.default_rng([self.seed, month, *purpose.encode()])

    def years_live(self, day: Instants) -> Floats:
        """Return how many years days lie after go-live."""
        years: Floats = (day - self.live_on) / DAYS_A_YEAR
        return years

    def growth(self, month: int) -> float:
        """Return by what factor each firm has grown since going live: all that had joined by then insure what is stated."""
        years = (month - month_of(self.live_on)) / MONTHS_A_YEAR
        insured = self.parameters.insured_count * (1 + self.parameters.insured_growth) ** years
        return float(insured / self.firms.size[: self.firms.joined(first_day(month))].sum())


def month_of(day: int) -> int:
    """Return the month of a day, counted from January of the year 0."""
    on = EPOCH + timedelta(days=day)
    return on.year * MONTHS_A_YEAR + on.month - 1


def first_day(month: int) -> int:
    """Return the first day of a month, from 1970-01-01."""
    return (date(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1) - EPOCH).days


def month_text(month: int) -> str:
    """Return a month as text, 2026-04."""
    return f"{month // MONTHS_A_YEAR}-{month % MONTHS_A_YEAR + 1:02d}"


@lru_cache(maxsize=4)
def city(folder: Path, seed: int, go_live: date, time_zone: str) -> City:
    """Return a site's city; all its streams share one."""
    return City(folder, InjuryParameters(), seed=seed, go_live=go_live, zone=ZoneInfo(time_zone))
