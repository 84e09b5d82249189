"""`materials`: the front desk 一件事经办, one row a case when it is accepted or refused: package, papers, steps."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, between
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.city import City
from etl.simulation.sending import PROMPT_S, Cells, answers

HEADER = ("案件编号", "套餐", "材料份数", "凭卡即办", "环节数")
MONTHS_BEFORE, MONTHS_AHEAD = 15, 0


def block_of(city: City, month: int) -> Block:
    """Return the rows about one month's cases."""
    told = accidents(city, month)
    known_at = np.maximum(told.at["C1"], told.at["C2"])
    sent_at = known_at + between(city.random("materials", month), *PROMPT_S, len(told))
    return block(sent_at, city.year.day_of(told.at["B1"]), lambda case: cells(told, case))


def cells(told: Accidents, case: Codes) -> Cells:
    """Return rows as the desk writes them."""
    service = told.service
    return {
        "案件编号": told.facts.ids[case],
        "套餐": service.package[case],
        "材料份数": service.materials[case].astype(str).astype(object),
        "凭卡即办": answers(service.is_card_only[case]),
        "环节数": service.steps[case].astype(str).astype(object),
    }
