"""`video`: the vehicles' cameras 车载视频, one row a vehicle and finished hour; an hour without picture is a row of 0 min.

The links came with the go-live: before it there is no row. [DEF]
"""

import numpy as np

from etl.simulation.draws import Mask, Random, between, happens
from etl.simulation.sending import Sent, numbers, sent, stamps, texts
from etl.simulation.world import Told

HEADER = ("车辆编号", "整点", "所在乡镇", "计划分钟", "在线分钟")
SCHEDULED_MIN = 60
SENT_AFTER_S = (60, 180)
EVENNESS = 60.0
"""Of the beta distribution of minutes up in an hour without outage: the higher, the closer to its mean. [DEF]"""
HOURS = 24


def sent_about(told: Told) -> Sent:
    """Return a row for each vehicle and hour of one day."""
    random, parameters, places = told.day.random("video"), told.parameters, told.places
    n = len(places.vehicles) if told.day.is_live else 0
    is_out = outages(random, n, parameters.outage_share, parameters.outage_h)
    mean_h = sum(parameters.outage_h) / 2
    mean = parameters.video_up_share / (1 - parameters.outage_share * mean_h / HOURS)
    up_min = SCHEDULED_MIN * random.beta(EVENNESS * mean, EVENNESS * (1 - mean), (n, HOURS))
    vehicle, hour = np.divmod(np.arange(n * HOURS), HOURS)
    began_at = told.day.midnight_at + 3600 * hour
    every = np.ones(n * HOURS, np.bool_)
    cells = {
        "车辆编号": places.vehicles[vehicle],
        "整点": stamps(began_at, told.day.zone),
        "所在乡镇": texts(places.towns.codes, places.stations.town[places.home[vehicle]]),
        "计划分钟": numbers(np.full(n * HOURS, SCHEDULED_MIN), 0, every),
        "在线分钟": numbers(np.where(is_out, 0, up_min).ravel(), 1, every),
    }
    return sent(cells, began_at + 3600 + between(random, *SENT_AFTER_S, n * HOURS))


def outages(random: Random, n: int, share: float, length_h: tuple[int, int]) -> Mask:
    """Return the hours (columns) in which vehicles (rows) have no picture; an outage ends with the day."""
    hours = random.integers(length_h[0], length_h[1] + 1, n)
    first = (random.random(n) * (HOURS + 1 - hours)).astype(np.int64)
    hour = np.arange(HOURS)[None, :]
    within = (hour >= first[:, None]) & (hour < (first + hours)[:, None])
    return within & happens(random, share, n)[:, None]
