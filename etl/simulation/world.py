"""A simulated city as one asks it: any day of it, and what each stream sent between two instants."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cockpit.errors import SiteError
from cockpit.site import Site
from etl.simulation.blocks import LongStream
from etl.simulation.demand import Day, incidents
from etl.simulation.dispatch import Demand, tasks, vehicles_sent
from etl.simulation.draws import Instants, Names
from etl.simulation.geography import Geography, geography
from etl.simulation.injury.city import city
from etl.simulation.parameters import Parameters
from etl.simulation.runs import Runs, runs
from etl.simulation.sending import LONGEST_DELAY_S, Sent

LONGEST_RUN_S = 8 * 3600
LOOK_BACK_DAYS = 2 + (LONGEST_DELAY_S + LONGEST_RUN_S) // 86_400
"""Days before the position whose rows may still be sent: the longest run, the longest delay, and a part of a day each."""
KEPT_DAYS = 2 * LOOK_BACK_DAYS
"""Of each stream, as text."""
KEPT_WHOLE_DAYS = 5 * 366
"""Of the city itself, some 30 kB each, for every stream's first read walks the same years."""


@dataclass(frozen=True)
class Told:
    """One day of the city: what was needed and what was done."""

    demand: Demand
    runs: Runs
    places: Geography
    parameters: Parameters

    @property
    def day(self) -> Day:
        """Which day it is."""
        return self.demand.day


class World:
    """One simulated city. Its days are made when they are asked for, and the newest ones kept."""

    def __init__(self, places: Geography, parameters: Parameters, *, seed: int, go_live: date, zone: ZoneInfo) -> None:
        """Remember what the city is like."""
        self.places, self.parameters, self.seed, self.go_live, self.zone = places, parameters, seed, go_live, zone
        self.demand: Callable[[date], Demand] = lru_cache(maxsize=KEPT_WHOLE_DAYS)(self.new_demand)
        self.day: Callable[[date], Told] = lru_cache(maxsize=KEPT_WHOLE_DAYS)(self.new_day)

    def new_demand(self, on: date) -> Demand:
        """Draw what a day needs."""
        day = Day(on=on, zone=self.zone, seed=self.seed, is_live=on >= self.go_live)
        found = incidents(day, self.parameters, self.places)
        return Demand(day=day, incidents=found, tasks=tasks(day, self.parameters, found))

    def new_day(self, on: date) -> Told:
        """Tell one day."""
        demand = self.demand(on)
        vehicle = vehicles_sent(on, self.demand, self.places)
        return Told(demand, runs(demand, vehicle, self.places), self.places, self.parameters)

    def local_day(self, at: int) -> date:
        """Return the city's day at an instant (UTC s)."""
        return datetime.fromtimestamp(at, self.zone).date()


@lru_cache(maxsize=4)
def world(folder: Path, seed: int, go_live: date, time_zone: str) -> World:
    """Return a site's city; all its streams share one."""
    return World(geography(folder), Parameters(), seed=seed, go_live=go_live, zone=ZoneInfo(time_zone))


class Stream:
    """One department's system: the rows it sends, by the time it sends them."""

    def __init__(self, name: str, site: Site) -> None:
        """Find the stream's module. Raises: SiteError when there is none."""
        if site.simulation is None:
            raise SiteError(f"{site.key}: there is no [simulation]")
        told = site.simulation
        self.name, self.module = name, module_of(name)
        self.world = world(site.folder, told.seed, told.go_live, site.time_zone)
        self.day: Callable[[date], Sent] = lru_cache(maxsize=KEPT_DAYS)(self.new_day)

    @property
    def header(self) -> tuple[str, ...]:
        """The columns it sends."""
        header: tuple[str, ...] = self.module.HEADER
        return header

    def new_day(self, on: date) -> Sent:
        """Return what is sent about one day."""
        found: Sent = self.module.sent_about(self.world.day(on))
        return found

    def told(self, begin: date, after: int | None, upto: int) -> pd.DataFrame:
        """Return the rows about days from `begin` on that were sent in (after, upto], in UTC seconds."""
        first = begin if after is None else max(begin, self.world.local_day(after) - timedelta(days=LOOK_BACK_DAYS))
        last = self.world.local_day(upto)
        days = [self.day(first + timedelta(days=i)) for i in range((last - first).days + 1)]
        parts = [(one, slice(*bounds(one.sent_at, after, upto))) for one in days]
        some = [(one, part) for one, part in parts if part.start < part.stop]
        cells = {name: [one.cells[name][part] for one, part in some] for name in self.header}
        joined: dict[str, Names] = {
            name: np.concatenate(values) if values else np.zeros(0, object) for name, values in cells.items()
        }
        return pd.DataFrame(joined, columns=list(self.header), dtype=object)


def stream_of(name: str, site: Site) -> Stream | LongStream:
    """Return a department's system: one that tells of days, or one that tells of what goes on for years. Raises: SiteError."""
    told, module = site.simulation, module_of(name)
    if told is None or hasattr(module, "sent_about"):
        return Stream(name, site)
    return LongStream(name, module, city(site.folder, told.seed, told.go_live, site.time_zone))


def bounds(sent_at: Instants, after: int | None, upto: int) -> tuple[int, int]:
    """Return where the rows sent in (after, upto] begin and end."""
    low = 0 if after is None else int(np.searchsorted(sent_at, after, side="right"))
    return low, int(np.searchsorted(sent_at, upto, side="right"))


def module_of(name: str) -> ModuleType:
    """Return the module of a stream. Raises: SiteError when there is none."""
    try:
        module: Any = importlib.import_module(f"etl.simulation.streams.{name}")
    except ModuleNotFoundError as error:
        raise SiteError(f"stream {name!r} is not simulated ({error})") from error
    return module  # type: ignore[no-any-return] # import_module gives a module
