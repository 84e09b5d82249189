"""`reemployment`: those who wish to work again 再就业一表, a row a step; a later one has all that an earlier had."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import MISSING, Codes, between
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.city import City
from etl.simulation.sending import PROMPT_S, Cells, stamps, texts
from etl.simulation.streams.injury_cases import persons

HEADER = ("案件编号", "修订", "人员标识", "意向登记", "培训", "推荐", "上岗", "岗位乡镇", "接收单位")
MONTHS_BEFORE, MONTHS_AHEAD = 15, 0
STEPS = {"意向登记": "R1", "培训": "R2", "推荐": "R3", "上岗": "R4"}


def block_of(city: City, month: int) -> Block:
    """Return the rows about one month's cases: one each time that something is added."""
    told = accidents(city, month)
    step, case = np.nonzero(np.stack([told.at[code] for code in STEPS.values()]) != MISSING)
    at = np.stack([told.at[code] for code in STEPS.values()])
    upto = at[step, case]
    rev = (at[:, case] <= upto).sum(axis=0) - (at[:, case] == MISSING).sum(axis=0) - 1
    sent_at = upto + between(city.random("reemployment", month), *PROMPT_S, len(case))
    began_on = city.year.day_of(told.at["B1"])[case]
    return block(sent_at, began_on, lambda places: cells(told, case[places], rev[places], upto[places]))


def cells(told: Accidents, case: Codes, rev: Codes, upto: Codes) -> Cells:
    """Return rows as the list has them after each step."""
    city, employer = told.city, told.returning.employer[case]
    at = {name: told.at[code][case] for name, code in STEPS.items()}
    is_placed = (at["上岗"] != MISSING) & (at["上岗"] <= upto)
    return {
        "案件编号": told.facts.ids[case],
        "修订": rev.astype(str).astype(object),
        "人员标识": persons(told, case),
        **{name: stamps(np.where(one <= upto, one, MISSING), city.zone) for name, one in at.items()},
        "岗位乡镇": np.where(is_placed, texts(city.places.towns.codes, city.firms.town[employer]), "").astype(object),
        "接收单位": np.where(is_placed, city.firms.ids[employer], "").astype(object),
    }
