"""Where things are in a simulated city: the lists in the site's folder, as arrays."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from cockpit.errors import SiteError
from etl.simulation.draws import Codes, Floats, Mask, Names

KM_PER_DEGREE = 111.2
"""Of latitude; of longitude times the cosine of the latitude."""


Ranked = list[tuple[float, int]]
"""Places by distance in km."""


@dataclass(frozen=True)
class Places:
    """Places of one kind: code, position in WGS 84, and the town each stands in (its place in the list of towns)."""

    codes: Names
    lon: Floats
    lat: Floats
    town: Codes

    def km_to(self, lon: Floats, lat: Floats) -> Floats:
        """Return the distance in km of each position (rows) to each place (columns)."""
        east = (lon[:, None] - self.lon[None, :]) * np.cos(np.radians(self.lat.mean()))
        north = lat[:, None] - self.lat[None, :]
        km: Floats = KM_PER_DEGREE * np.hypot(east, north)
        return km


@dataclass(frozen=True)
class Geography:
    """One simulated city. `demand` is each town's share of calls; `home` is the station of each vehicle in service."""

    towns: Places
    demand: Floats
    stations: Places
    hospitals: Places
    aeds: Places
    vehicles: Names
    home: Codes

    @cached_property
    def hospital_km(self) -> Floats:
        """Distance in km from the centre of each town (rows) to each hospital (columns)."""
        return self.hospitals.km_to(self.towns.lon, self.towns.lat)

    @cached_property
    def town_of_vehicle(self) -> list[int]:
        """The town that each vehicle's station stands in."""
        return [int(town) for town in self.stations.town[self.home]]

    @cached_property
    def vehicles_of_station(self) -> list[list[int]]:
        """The vehicles of each station."""
        return [np.flatnonzero(self.home == station).tolist() for station in range(len(self.stations.codes))]

    @cached_property
    def near_stations(self) -> list[Ranked]:
        """The stations in each town, the nearest to its centre first."""
        return [self.ranked(town, self.stations.town == town) for town in range(len(self.towns.codes))]

    @cached_property
    def far_stations(self) -> list[Ranked]:
        """The stations outside each town, the nearest to its centre first."""
        return [self.ranked(town, self.stations.town != town) for town in range(len(self.towns.codes))]

    def ranked(self, town: int, which: Mask) -> Ranked:
        """Return some stations by their distance in km from the centre of a town."""
        km = self.stations.km_to(self.towns.lon[[town]], self.towns.lat[[town]])[0]
        return sorted((float(km[station]), int(station)) for station in np.flatnonzero(which))


def geography(folder: Path) -> Geography:
    """Read a site's lists. Raises: SiteError when one is not there or names what another does not."""
    towns, stations, vehicles = listed(folder, "towns"), listed(folder, "stations"), listed(folder, "vehicles")
    codes = [row["code"] for row in towns]
    places = {
        name: Places(
            np.array([row[key] for row in rows], object),
            np.array([float(row["lon"]) for row in rows]),
            np.array([float(row["lat"]) for row in rows]),
            positions(folder / f"{name}.csv", [row[town] for row in rows], codes),
        )
        for name, key, town, rows in (
            ("towns", "code", "code", towns),
            ("stations", "station", "town", stations),
            ("hospitals", "hospital", "town", listed(folder, "hospitals")),
            ("aed_points", "aed", "town", listed(folder, "aed_points")),
        )
    }
    demand = np.array([float(row["demand"]) for row in towns])
    serving = [row for row in vehicles if row["in_service"] == "true"]
    return Geography(
        towns=places["towns"],
        demand=demand / demand.sum(),
        stations=places["stations"],
        hospitals=places["hospitals"],
        aeds=places["aed_points"],
        vehicles=np.array([row["vehicle"] for row in serving], object),
        home=positions(folder / "vehicles.csv", [row["station"] for row in serving], [row["station"] for row in stations]),
    )


def listed(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of one list. Raises: SiteError."""
    path = folder / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise SiteError(f"{path}: a simulated site needs this list ({error.strerror})") from error


def positions(path: Path, named: Sequence[str], codes: Sequence[str]) -> Codes:
    """Return where each name stands in a list. Raises: SiteError for one that does not."""
    places = {code: place for place, code in enumerate(codes)}
    if unknown := sorted({name for name in named if name not in places}):
        raise SiteError(f"{path}: {', '.join(unknown)} is in no list")
    return np.array([places[name] for name in named], np.int64)
