"""`benefits`: the fund's payments 待遇支付, one row a payment of one item, sent on the evening of the day."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import MISSING, Codes, Instants, Names, between, happens
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.benefits import ITEMS, MONTH_DAYS, MONTHLY_COUNT, TOGETHER
from etl.simulation.injury.city import City
from etl.simulation.sending import AGAIN_AFTER_S, Cells

HEADER = ("支付流水号", "案件编号", "项目", "金额元", "支付日期", "支付方", "所属月")
MONTHS_BEFORE, MONTHS_AHEAD = 15, 0
SENT_S = (64_800, 72_000)
"""The fund's books are closed between 18:00 and 20:00."""


def block_of(city: City, month: int) -> Block:
    """Return the payments about one month's accidents."""
    told = accidents(city, month)
    case, item, turn = due(told)
    paid_on = city.year.day_of(first_paid(told, item, case)) + MONTH_DAYS * turn
    random = city.random("payments", month)
    sent_at = np.maximum(city.year.at(paid_on, random.integers(*SENT_S, len(case))), first_paid(told, item, case) + 60)
    again = np.flatnonzero(happens(random, city.parameters.event_duplicate_share, len(case)))
    which = np.concatenate([np.arange(len(case)), again])
    sent_at = np.concatenate([sent_at, sent_at[again] + between(random, *AGAIN_AFTER_S, len(again))])
    began_on = city.year.day_of(told.at["B1"])[case[which]]
    return block(
        sent_at,
        began_on,
        lambda places: cells(told, *(part[which[places]] for part in (case, item, turn, paid_on))),
    )


def due(told: Accidents) -> tuple[Codes, Codes, Codes]:
    """Return case, item and month (0 the first) of every payment."""
    amounts = np.stack([told.amounts[item.name] for item in ITEMS])
    item, case = np.nonzero(amounts > 0)
    count = np.array([MONTHLY_COUNT if one.is_monthly else 1 for one in ITEMS])[item]
    turn = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    item, case = np.repeat(item, count), np.repeat(case, count)
    is_paid = first_paid(told, item, case) != MISSING
    return case[is_paid], item[is_paid], turn[is_paid]


def first_paid(told: Accidents, item: Codes, case: Codes) -> Instants:
    """Return when the first payment of an item was made; some are paid together with another."""
    number = {one.name: one.number for one in ITEMS}
    paid = np.stack([told.at[f"G3.{number[TOGETHER.get(one.name, one.name)]}"] for one in ITEMS])
    found: Instants = paid[item, case]
    return found


def cells(told: Accidents, case: Codes, item: Codes, turn: Codes, paid_on: Codes) -> Cells:
    """Return payments as the fund's books have them."""
    ids, names = told.facts.ids[case], np.array([one.name for one in ITEMS], object)[item]
    amounts = np.stack([told.amounts[one.name] for one in ITEMS])[item, case]
    days = np.datetime_as_string(paid_on.astype("datetime64[D]")).astype(object)
    return {
        "支付流水号": np.array([f"{one}-P{i}{k:02d}" for one, i, k in zip(ids, item, turn, strict=True)], object),
        "案件编号": ids,
        "项目": names,
        "金额元": np.array([f"{amount:.2f}" for amount in amounts.tolist()], object),
        "支付日期": days,
        "支付方": payers(told, case),
        "所属月": np.array([day[:7] for day in days.tolist()], object),
    }


def payers(told: Accidents, case: Codes) -> Names:
    """Return who pays: the fund, or the employer who had insured nobody."""
    return np.where(told.facts.is_insured[case], "基金", "单位").astype(object)
