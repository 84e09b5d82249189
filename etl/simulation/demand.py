"""A day's demand: the incidents that need a vehicle, by seed and day alone; who drives is decided in `dispatch`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from etl.simulation.draws import (
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
    whole_s,
)
from etl.simulation.geography import KM_PER_DEGREE, Geography
from etl.simulation.parameters import Parameters

SCENE_SD_KM = 1.6
"""How far scenes lie from the centre of their town, in each direction. [DEF]"""
SHORTEST_TRAVEL_S = 60
SECOND_LEADS_SHARE = 0.15
"""Of incidents with two units the second one sent arrives first. [DEF]"""
SAME, CROSS = 0, 1


@dataclass(frozen=True, kw_only=True)
class Day:
    """Which day of which simulated city: its midnight in UTC seconds, and whether the improvements are there."""

    on: date
    zone: ZoneInfo
    seed: int
    is_live: bool

    @property
    def midnight_at(self) -> int:
        """The instant (UTC s) at which the day begins."""
        return int(datetime(self.on.year, self.on.month, self.on.day, tzinfo=self.zone).timestamp())

    @property
    def is_weekend(self) -> bool:
        """Whether it is a Saturday or Sunday."""
        return self.on.isoweekday() >= 6

    def numbered(self, numbers: Iterable[int], width: int) -> Names:
        """Return numbers of this day: its date, and a number of so many digits."""
        prefix = f"{self.on:%Y%m%d}"
        return np.array([f"{prefix}{number:0{width}d}" for number in numbers], object)

    def random(self, stream: str) -> Random:
        """Return the random numbers of one purpose on this day; those of no other day or purpose are touched."""
        return np.random.default_rng([self.seed, self.on.toordinal(), *stream.encode()])


@dataclass(frozen=True, kw_only=True)
class Incidents:
    """A day's incidents that need a vehicle, by the time they ring. Instants are true ones, in UTC seconds.

    `unit_count` is 0 where none was sent; `arrives_s` is the time from answering until somebody arrives, by a station
    of the same town (row 0) or of another one (row 1); `fault` says what becomes of the stamps of E6.
    """

    ids: Names
    ring_at: Instants
    answer_at: Instants
    accept_at: Instants
    dispatch_at: Instants
    turnout_s: Instants
    arrives_s: Instants
    town: Codes
    lon: Floats
    lat: Floats
    kind: Names
    priority: Names
    cause: Names
    unit_count: Codes
    second_leads: Mask
    is_unmet: Mask
    is_called_off: Mask
    fault: Codes


FAULTLESS, UNANSWERED, UNARRIVED, BEHIND = 0, 1, 2, 3
"""Nothing; the answering was not stamped; no arrival was stamped; the vehicle's clock was behind (E6 negative)."""


def ring_instants(day: Day, random: Random, parameters: Parameters, per_day: float) -> Instants:
    """Return when telephones ring on a day, in order: double peaks, and quieter weekends."""
    weekend = parameters.weekend_factor
    factor = weekend if day.is_weekend else (7 - 2 * weekend) / 5
    n = int(random.poisson(per_day * factor))
    hours = parameters.weekend_hours if day.is_weekend else parameters.day_hours
    return np.sort(day.midnight_at + 3600 * pick_codes(random, hours, n) + random.integers(0, 3600, n))


def incidents(day: Day, parameters: Parameters, places: Geography) -> Incidents:
    """Draw the incidents of one day that need a vehicle."""
    random = day.random("incidents")
    ring_at = ring_instants(day, random, parameters, parameters.needs_per_day)
    n = len(ring_at)
    answer_at = ring_at + answering_s(random, parameters, n)
    accept_at, dispatch_at, turns_out_s, arrives_s = handled(day, random, parameters, answer_at)
    fate = random.random(n)
    is_unmet = fate < parameters.unmet_share
    is_called_off = ~is_unmet & (fate < parameters.unmet_share + parameters.called_off_share)
    unit_count = np.where(is_unmet | is_called_off, 0, 1 + happens(random, parameters.two_units_share, n))
    town = pick_codes(random, places.demand, n)
    lon, lat = scenes(random, places, town)
    return Incidents(
        ids=day.numbered(range(n), 4),
        ring_at=ring_at,
        answer_at=answer_at,
        accept_at=accept_at,
        dispatch_at=dispatch_at,
        turnout_s=turns_out_s,
        arrives_s=arrives_s,
        town=town,
        lon=lon,
        lat=lat,
        kind=pick(random, parameters.kinds, n),
        priority=pick(random, parameters.priorities, n),
        cause=pick(random, parameters.causes, n),
        unit_count=unit_count,
        second_leads=happens(random, SECOND_LEADS_SHARE, n),
        is_unmet=is_unmet,
        is_called_off=is_called_off,
        fault=faults(random, parameters, unit_count),
    )


def answering_s(random: Random, parameters: Parameters, n: int) -> Instants:
    """Return how long telephones ring (E1)."""
    return whole_s(parameters.e1_median_s * np.exp(parameters.e1_sigma * standard(random, n)))


def handled(
    day: Day, random: Random, parameters: Parameters, answer_at: Instants
) -> tuple[Instants, Instants, Instants, Instants]:
    """Return when call taking ends, when the first unit is sent, its turn-out, and the time from answering to arrival."""
    n = len(answer_at)
    e2_mean_s, e3_mean_s = parameters.part_means_s(is_live=day.is_live)
    e2_s = whole_s(lognormal(standard(random, n), e2_mean_s, parameters.e2_sigma))
    e3_s = whole_s(lognormal(standard(random, n), e3_mean_s, parameters.e3_sigma))
    e4_s = turnout_s(random, parameters, n)
    z = standard(random, n)
    means_s = [parameters.travel_mean_s(is_cross=is_cross, is_live=day.is_live) for is_cross in (False, True)]
    e5_s = np.array([np.maximum(whole_s(lognormal(z, mean_s, parameters.e5_sigma)), SHORTEST_TRAVEL_S) for mean_s in means_s])
    return answer_at + e2_s, answer_at + e2_s + e3_s, e4_s, e2_s + e3_s + e4_s + e5_s


def turnout_s(random: Random, parameters: Parameters, n: int) -> Instants:
    """Return how long crews take to turn out (E4)."""
    return whole_s(parameters.e4_median_s * np.exp(parameters.e4_sigma * standard(random, n)))


def scenes(random: Random, places: Geography, town: Codes) -> tuple[Floats, Floats]:
    """Return where incidents happen: around the centre of their town."""
    east_km, north_km = SCENE_SD_KM * random.standard_normal((2, len(town)))
    lat = places.towns.lat[town] + north_km / KM_PER_DEGREE
    return places.towns.lon[town] + east_km / KM_PER_DEGREE / np.cos(np.radians(lat)), lat


def faults(random: Random, parameters: Parameters, unit_count: Codes) -> Codes:
    """Return what becomes of the stamps of E6; only one unit's clock is behind, so of two units one has it right."""
    lost = parameters.missing_share
    single = 1 - parameters.two_units_share
    draw = random.random(len(unit_count))
    fault = np.select(
        [draw < lost / 8, draw < lost, draw < lost + parameters.negative_share / single],
        [UNANSWERED, UNARRIVED, BEHIND],
        FAULTLESS,
    )
    return np.where((fault == BEHIND) & (unit_count > 1), FAULTLESS, fault)
