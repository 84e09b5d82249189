"""A month's accidents: whom, where and how, and what will turn out to be true of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import (
    MISSING,
    Codes,
    Floats,
    Instants,
    Mask,
    Names,
    Random,
    happens,
    lognormal,
    pick,
    pick_codes,
    standard,
)
from etl.simulation.geography import KM_PER_DEGREE
from etl.simulation.injury import mixes
from etl.simulation.injury.city import City, first_day
from etl.simulation.injury.days import Year
from etl.simulation.injury.parameters import InjuryParameters, Knots

Told = dict[str, Instants]
"""When each step of each case happened (UTC s), MISSING where it did not: by its code, of a second time as C1.2."""

ELSEWHERE_SHARE = 0.05
"""Of accidents, in another town than the firm's. [DEF]"""
SCENE_SD_KM = 1.5
MALE_SHARE = 0.74
WAGE_MEAN_YUAN, WAGE_SIGMA = 6_300, 0.3
"""Monthly wages of those who are hurt. [DEF]"""
KNOWN_PLACE_SHARE = 0.6
"""Of accidents, whose place the telephone tells. [DEF]"""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The accidents of one month in their order. `grade` is what an appraisal would find, 0 for none."""

    ids: Names
    at: Instants
    firm: Codes
    town: Codes
    lon: Floats
    lat: Floats
    has_place: Mask
    accident_type: Names
    basis: Names
    nature: Names
    body_part: Names
    occupation: Names
    age: Names
    is_male: Mask
    grade: Codes
    is_death: Mask
    is_admitted: Mask
    is_insured: Mask
    has_third_party: Mask
    is_contested: Mask
    wage_yuan: Floats
    medical_yuan: Floats
    hospital: Codes

    def __len__(self) -> int:
        """Return how many accidents there are."""
        return len(self.at)


@dataclass(frozen=True)
class Draft:
    """A month's accidents while what became of them is drawn: `seeded` gives each purpose its own random numbers."""

    parameters: InjuryParameters
    year: Year
    live_on: int
    seeded: Callable[[str], Random]
    facts: Facts
    at: Told

    def __len__(self) -> int:
        """Return how many accidents there are."""
        return len(self.facts)

    def live(self, at: Instants) -> Mask:
        """Return which instants lie after going live."""
        return self.year.day_of(at) >= self.live_on

    def never(self) -> Instants:
        """Return for every case that something did not happen."""
        return np.full(len(self), MISSING, np.int64)

    def note(self, step: str, which: Mask, at: Instants) -> None:
        """Write down when a step happened, in the cases that came to it."""
        self.at[step] = np.where(which, at, MISSING)

    def had(self, *steps: str) -> Mask:
        """Return which cases came to all these steps."""
        found = np.ones(len(self), np.bool_)
        for step in steps:
            found &= self.at[step] != MISSING
        return found

    def newest(self, *steps: str) -> Instants:
        """Return the last of some steps."""
        found: Instants = np.max([self.at[step] for step in steps], axis=0)
        return found


def days_long(random: Random, median: float | Floats, sigma: float, n: int) -> Floats:
    """Return lognormal lengths with this median."""
    found: Floats = median * np.exp(sigma * standard(random, n))
    return found


def from_knots(random: Random, knots: Knots, n: int) -> Floats:
    """Return draws of a distribution that is given by its quantiles."""
    shares, values = zip(*knots, strict=True)
    found: Floats = np.interp(random.random(n), shares, values)
    return found


def facts(city: City, month: int, at: Instants, ids: Names) -> Facts:
    """Draw what is true of the accidents at these instants of a month."""
    random, parameters, n = city.random("facts", month), city.parameters, len(at)
    firm = firms_hit(random, city, first_day(month), n)
    kind = pick(random, mixes.ACCIDENT_TYPES, n)
    is_illness = kind == "91"
    death = np.where(is_illness, parameters.illness_death_share, parameters.plain_death_share)
    is_death = random.random(n) < death
    town = np.where(
        happens(random, ELSEWHERE_SHARE, n), random.integers(0, len(city.places.towns.codes), n), city.firms.town[firm]
    )
    east_km, north_km = SCENE_SD_KM * random.standard_normal((2, n))
    lat = city.places.towns.lat[town] + north_km / KM_PER_DEGREE
    return Facts(
        ids=ids,
        at=at,
        firm=firm,
        town=np.where(happens(random, parameters.nowhere_share, n), -1, town),
        lon=city.places.towns.lon[town] + east_km / KM_PER_DEGREE / np.cos(np.radians(lat)),
        lat=lat,
        has_place=happens(random, KNOWN_PLACE_SHARE, n),
        accident_type=kind,
        basis=bases(random, kind),
        nature=pick(random, mixes.NATURES, n),
        body_part=pick(random, mixes.BODY_PARTS, n),
        occupation=pick(random, mixes.OCCUPATIONS, n),
        age=pick(random, mixes.AGES, n),
        is_male=happens(random, MALE_SHARE, n),
        grade=np.where(is_death, 0, grades(random, parameters, n)),
        is_death=is_death,
        is_admitted=happens(random, parameters.admitted_share, n),
        is_insured=~happens(random, parameters.uninsured_share, n),
        has_third_party=(kind == "90") & happens(random, parameters.third_party_share, n),
        is_contested=happens(random, parameters.contested_share, n),
        wage_yuan=lognormal(standard(random, n), WAGE_MEAN_YUAN, WAGE_SIGMA),
        medical_yuan=lognormal(standard(random, n), parameters.medical_mean_yuan, parameters.medical_sigma),
        hospital=random.integers(0, len(city.places.hospitals.codes), n),
    )


def firms_hit(random: Random, city: City, day: int, n: int) -> Codes:
    """Return the firms whose people were hurt: those that insured many by then, in dangerous trades."""
    joined = city.firms.joined(day)
    return pick_codes(random, (city.firms.size * city.firms.risk)[:joined], n)


def bases(random: Random, kind: Names) -> Names:
    """Return the clause that each type of accident is recognised by."""
    usual = pick(random, mixes.BASES, len(kind))
    return np.array([mixes.BASIS_OF_TYPE.get(code, basis) for code, basis in zip(kind, usual, strict=True)], object)


def grades(random: Random, parameters: InjuryParameters, n: int) -> Codes:
    """Return the grades of those that are appraised and found to have one, 0 for the others."""
    is_graded = happens(random, parameters.graded_share / (1 - parameters.death_share), n)
    return np.where(is_graded, pick(random, mixes.GRADES, n).astype(np.int64), 0)
