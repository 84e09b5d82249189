"""The simulated city as tests ask it, and the bands in which a realised figure may lie."""

import numpy as np

from cockpit.site import load_site
from etl.simulation.parameters import Parameters
from etl.simulation.world import Stream, Told, World

SITE = load_site("wenling")
STREAMS = ("calls", "vehicles", "prearrival", "linkage", "aed", "video")
P = Parameters()
Z99 = 2.576


def new_world(seed: int = SITE.simulation.seed, parameters: Parameters = P) -> World:
    """Return the city of a seed, nothing of it made yet."""
    places = Stream("calls", SITE).world.places
    return World(places, parameters, seed=seed, go_live=SITE.simulation.go_live, zone=SITE.zone)


def new_stream(name: str, seed: int = SITE.simulation.seed) -> Stream:
    """Return a stream of a city of its own."""
    stream = Stream(name, SITE)
    stream.world = new_world(seed)
    return stream


def all_of(told: list[Told], value) -> np.ndarray:
    """Return one value of every day, in one array."""
    return np.concatenate([value(day) for day in told])


def within_share(hits: float, n: int, share: float) -> bool:
    """Whether a realised share lies in the 99 % band of its binomial distribution."""
    return abs(hits / n - share) <= Z99 * (share * (1 - share) / n) ** 0.5


def within_mean(values: np.ndarray, mean: float) -> bool:
    """Whether a realised mean lies in the 99 % band of its normal distribution."""
    return abs(values.mean() - mean) <= Z99 * values.std() / len(values) ** 0.5
