"""`hearings`: the arbitration court's hearings 庭审, one row a hearing that was held."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, Instants, between, happens
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.city import City
from etl.simulation.sending import Cells, answers, stamps

HEADER = ("庭审编号", "案件编号", "开庭时间", "庭审方式", "时长分钟", "跨区域", "容缺受理")
MONTHS_BEFORE, MONTHS_AHEAD = 15, 0
MINUTES, SENT_AFTER_S = (25, 150), (600, 3_600)
CROSS_SHARE, TOLERANCE_SHARE = 0.06, 0.18
"""Of hearings: the parties are of two regions; the papers were not whole. [DEF]"""


def block_of(city: City, month: int) -> Block:
    """Return the hearings about one month's cases."""
    told = accidents(city, month)
    random = city.random("hearings", month)
    case = np.flatnonzero(told.at["H5"] >= 0)
    minutes = random.integers(*MINUTES, len(case))
    ended_at = np.maximum(told.at["H6"], told.at["H7"])[case] - 900
    held_at = ended_at - 60 * minutes
    flags = happens(random, CROSS_SHARE, len(case)), happens(random, TOLERANCE_SHARE, len(case))
    sent_at = ended_at + between(random, *SENT_AFTER_S, len(case))
    began_on = city.year.day_of(told.at["B1"])[case]
    return block(
        sent_at,
        began_on,
        lambda places: cells(told, case[places], held_at[places], minutes[places], [f[places] for f in flags]),
    )


def cells(told: Accidents, case: Codes, held_at: Instants, minutes: Codes, flags: list[np.ndarray]) -> Cells:
    """Return rows as the court writes them."""
    ids = told.facts.ids[case]
    return {
        "庭审编号": ids + "-T1",
        "案件编号": ids,
        "开庭时间": stamps(held_at, told.city.zone, "blank"),
        "庭审方式": told.disputes.mode[case],
        "时长分钟": minutes.astype(str).astype(object),
        "跨区域": answers(flags[0]),
        "容缺受理": answers(flags[1]),
    }
