"""Who drives: a station's free vehicle for each unit, one run at a time, the same whatever day is asked for first.

A vehicle counts as taken for the longest that its run can take. Whenever nobody is under way all vehicles are free,
whatever came before; so a day's runs follow from such a moment, which comes nearly every night. The one taken lies a
day back, so that what is owed (see `Line.served`) has been made up for in between.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from etl.simulation.demand import CROSS, Day, Incidents, turnout_s
from etl.simulation.draws import Codes, Floats, Instants, Mask, between, happens, lognormal, standard, whole_s
from etl.simulation.geography import Geography, Ranked
from etl.simulation.parameters import Parameters

LONGEST_RUN_S = 8 * 3600
"""No run can take longer, draws being bounded."""
OWED_FOR_S = 24 * 3600
MOST_DAYS_BACK = 6
"""Beyond that a quiet moment is no longer looked for."""
LAST_VEHICLE_KM = 4.0
"""How much further a station may be whose last vehicle need not be taken. [DEF]"""


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """What each unit of a day has to do, by when it is sent: seconds from one step to the next.

    `until_at` is when it is free again at the latest (UTC s); `lag_s` is how long after the first unit another arrives.
    """

    incident: Codes
    unit: Codes
    town: Codes
    dispatch_at: Instants
    turnout_s: Instants
    lag_s: Instants
    scene_s: Instants
    transport_s: Instants
    handover_s: Instants
    tidy_s: Instants
    return_s: Instants
    cancel_part: Floats
    is_leader: Mask
    is_cancelled: Mask
    is_empty: Mask
    wants_cross: Mask
    choice: Floats
    until_at: Instants


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A day's incidents and what their units have to do."""

    day: Day
    incidents: Incidents
    tasks: Tasks


def tasks(day: Day, parameters: Parameters, told: Incidents) -> Tasks:
    """Draw what each unit of a day's incidents has to do."""
    random = day.random("tasks")
    incident = np.repeat(np.arange(len(told.ids)), told.unit_count)
    n = len(incident)
    is_second = np.r_[False, incident[1:] == incident[:-1]] if n else np.zeros(0, np.bool_)
    has_two = told.unit_count[incident] == 2
    is_leader = ~has_two | (is_second == told.second_leads[incident])
    # Of two units only the later one is turned back, twice as often, so that arrivals stay what they were drawn as.
    cancelled = np.where(has_two, np.where(is_leader, 0.0, 2 * parameters.cancelled_share), parameters.cancelled_share)
    lag_s = np.where(is_leader, 0, between(random, 30, 300, n))
    scene_s = whole_s(lognormal(standard(random, n), parameters.e7_mean_s, parameters.e7_sigma))
    transport_s = whole_s(lognormal(standard(random, n), parameters.e8_mean_s, parameters.e8_sigma))
    handover_s = whole_s(lognormal(standard(random, n), parameters.e9_mean_s, parameters.e9_sigma))
    tidy_s, return_s = between(random, 60, 300, n), between(random, 240, 900, n)
    busy_s = lag_s + scene_s + transport_s + handover_s + tidy_s + return_s
    found = Tasks(
        incident=incident,
        unit=1 + is_second,
        town=told.town[incident],
        dispatch_at=told.dispatch_at[incident] + is_second * between(random, 30, 150, n),
        turnout_s=np.where(is_second, turnout_s(random, parameters, n), told.turnout_s[incident]),
        lag_s=lag_s,
        scene_s=scene_s,
        transport_s=transport_s,
        handover_s=handover_s,
        tidy_s=tidy_s,
        return_s=return_s,
        cancel_part=random.uniform(0.2, 0.9, n),
        is_leader=is_leader,
        is_cancelled=random.random(n) < cancelled,
        is_empty=happens(random, parameters.empty_share, n),
        wants_cross=happens(random, parameters.cross_share, n),
        choice=random.random(n),
        until_at=told.answer_at[incident] + told.arrives_s[CROSS][incident] + busy_s,
    )
    order = np.argsort(found.dispatch_at, kind="stable")
    return Tasks(**{name: values[order] for name, values in vars(found).items()})


def vehicles_sent(on: date, demand_of: Callable[[date], Demand], places: Geography) -> Codes:
    """Return the vehicle that each task of a day falls to; tasks of the next day may come before the last of its own."""
    if not len(demand_of(on).tasks.incident):
        return np.zeros(0, np.int64)
    chain = [demand_of(on).tasks, demand_of(on + timedelta(days=1)).tasks]
    begin: int | None = None
    while begin is None:
        back = len(chain) - 1
        chain.insert(0, demand_of(on - timedelta(days=back)).tasks)
        line, is_own = lined_up(chain, back)
        first, last = (int(place) for place in np.flatnonzero(is_own)[[0, -1]])
        begin = line.begin(first) if back < MOST_DAYS_BACK else 0
    sent = line.served(places, begin, last + 1)
    return sent[is_own[begin : last + 1]]


def lined_up(chain: list[Tasks], own: int) -> tuple["Line", Mask]:
    """Return the tasks of several days in one line, and which of them are of the day at place `own`."""
    dispatch_at = np.concatenate([one.dispatch_at for one in chain])
    order = np.argsort(dispatch_at, kind="stable")
    rest = ("until_at", "town", "wants_cross", "choice")
    day = np.repeat(np.arange(len(chain)), [len(one.incident) for one in chain])
    line = Line(dispatch_at[order], *(np.concatenate([getattr(one, name) for one in chain])[order] for name in rest))
    return line, day[order] == own


@dataclass(frozen=True)
class Line:
    """Units that wait to be sent, in order."""

    dispatch_at: Instants
    until_at: Instants
    town: Codes
    wants_cross: Mask
    choice: Floats

    def begin(self, first: int) -> int | None:
        """Return the last place, well before the first, at whose turn nobody is under way."""
        longest = np.maximum.accumulate(self.until_at)
        is_quiet = self.dispatch_at[1:] > longest[:-1]
        is_sure = self.dispatch_at[1:] > self.dispatch_at[0] + LONGEST_RUN_S  # those of days before are over
        is_early = self.dispatch_at[1:] <= self.dispatch_at[first] - OWED_FOR_S
        quiet = np.flatnonzero(is_quiet & is_sure & is_early)
        return int(quiet[-1]) + 1 if len(quiet) else None

    def served(self, places: Geography, begin: int, end: int) -> Codes:
        """Send a vehicle to each unit from `begin` to `end`; all are free at the beginning.

        A unit that should come from its own town but finds nobody there is owed for by the next one that should come
        from elsewhere and need not, so that the share of cross-town runs is what it is meant to be.
        """
        fleet = Fleet(places)
        owed, sent = 0, []
        waiting = zip(*(values[begin:end].tolist() for values in vars(self).values()), strict=True)
        for at, until, town, wants_cross, choice in waiting:
            near, far = places.near_stations[town], places.far_stations[town]
            first, second = (far, near) if wants_cross and owed <= 0 else (near, far)
            vehicle = fleet.nearest(first, at, choice)
            if vehicle is None and (vehicle := fleet.nearest(second, at, choice)) is None:
                vehicle = fleet.first_back()
            owed += int(places.town_of_vehicle[vehicle] != town) - int(wants_cross)
            fleet.free_at[vehicle] = max(until, fleet.free_at[vehicle])
            sent.append(vehicle)
        return np.array(sent, np.int64)


class Fleet:
    """The vehicles, and when each is free again at the latest (UTC s)."""

    def __init__(self, places: Geography) -> None:
        """Let all be free."""
        self.vehicles = places.vehicles_of_station
        self.free_at = [0] * len(places.vehicles)

    def nearest(self, stations: Ranked, at: int, choice: float) -> int | None:
        """Return a free vehicle of the nearest station, one that keeps a vehicle if that is not much further."""
        best: list[int] = []
        best_km = np.inf
        for km, station in stations:
            if km >= best_km:
                break
            free = [vehicle for vehicle in self.vehicles[station] if self.free_at[vehicle] < at]
            cost_km = km + LAST_VEHICLE_KM * (len(free) == 1)
            if free and cost_km < best_km:
                best, best_km = free, cost_km
        return best[int(choice * len(best))] if best else None

    def first_back(self) -> int:
        """Return the vehicle that is free first, when all are taken."""
        return self.free_at.index(min(self.free_at))
