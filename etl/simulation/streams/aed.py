"""`aed`: the AED map AED地图, one row a call in which somebody was guided to a defibrillator."""

import numpy as np

from etl.simulation.draws import between, happens
from etl.simulation.sending import Sent, prompt, sent, stamps, texts
from etl.simulation.world import Told

HEADER = ("指引单号", "事件编号", "AED编号", "乡镇代码", "指引时间")
GUIDED_AFTER_S = (40, 120)
PRIORITY, CAUSE = "P1", "心脑血管"
"""Cardiac arrests are among these. [DEF]"""


def sent_about(told: Told) -> Sent:
    """Return the guided uses of one day, each of the defibrillator nearest to the scene."""
    random, parameters, one = told.day.random("aed"), told.parameters, told.demand.incidents
    fitting = parameters.needs_per_day * parameters.priorities.parts[PRIORITY] * parameters.causes.parts[CAUSE]
    is_fitting = (one.priority == PRIORITY) & (one.cause == CAUSE)
    which = np.flatnonzero(is_fitting & happens(random, parameters.aed_per_day / fitting, len(one.ids)))
    guided_at = one.answer_at[which] + between(random, *GUIDED_AFTER_S, len(which))
    nearest = told.places.aeds.km_to(one.lon[which], one.lat[which]).argmin(axis=1)
    cells = {
        "指引单号": "D" + one.ids[which],
        "事件编号": one.ids[which],
        "AED编号": told.places.aeds.codes[nearest],
        "乡镇代码": texts(told.places.towns.codes, one.town[which]),
        "指引时间": stamps(guided_at, told.day.zone),
    }
    return sent(cells, prompt(random, guided_at))
