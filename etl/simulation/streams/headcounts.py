"""`headcounts`: the insured of each firm 参保月报, one row a firm and month, sent on the fifth of the next."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, Mask, Names, happens
from etl.simulation.injury.city import City, first_day, month_text
from etl.simulation.injury.days import DAY_S
from etl.simulation.injury.premiums import TEN_THOUSAND, Premiums, premiums, whole_yuan, yuan
from etl.simulation.sending import Cells

HEADER = (
    "统一社会信用代码", "所属期", "修订", "月均人数", "月末人数", "缴费基数元", "应缴保费元", "实缴保费元", "执行费率",
)  # fmt: skip
MONTHS_BEFORE, MONTHS_AHEAD = 0, 0
SENT_DAY, SENT_S = 4, (21_600, 25_200)
"""On the fifth, from six to seven in the morning."""
CORRECTED_DAYS = (3, 15)
GAPS = ((1, 0.70), (2, 0.20), (4, 0.10))
"""Months in a row that are unknown, and how often. [DEF]"""
WRONG_BY = 2
"""A count that is corrected later was too high by so many."""


def block_of(city: City, month: int) -> Block:
    """Return the insured of each firm in a month."""
    random, year, firms = city.random("headcounts", month), city.year, city.firms
    first, sent_on = first_day(month), first_day(month + 1) + SENT_DAY
    n = firms.joined(first)
    count, is_unknown = firms.headcount(city.growth(month))[:n], unknown(city, month, n)
    wrong = np.flatnonzero(~is_unknown & happens(random, city.parameters.month_corrected_share, n))
    which = np.concatenate([np.arange(n), wrong]).astype(np.int32)
    rev = np.concatenate([np.zeros(n, np.int8), np.ones(len(wrong), np.int8)])
    sent_at = year.at(np.full(len(which), sent_on), np.sort(random.integers(*SENT_S, len(which))))
    sent_at[n:] += DAY_S * random.integers(*CORRECTED_DAYS, len(wrong))
    more = np.zeros(len(which), np.int64)
    more[wrong] = WRONG_BY
    told, end = count[which] + more, firms.headcount(city.growth(month + 1))[which] + more

    def text(places: Codes) -> Cells:
        firm, is_told = which[places], ~is_unknown[which[places]]
        return {
            "统一社会信用代码": firms.ids[firm],
            "所属期": np.full(len(places), month_text(month), object),
            "修订": rev[places].astype(str).astype(object),
            "月均人数": where_told(whole(told[places]), is_told),
            "月末人数": where_told(whole(end[places]), is_told),
            **amounts(premiums(city, month, firm.astype(np.int64), told[places]), is_told),
        }

    return block(sent_at, np.full(len(which), first_day(month + 1) - 1), text)


def amounts(owed: Premiums, is_told: Mask) -> Cells:
    """Return the cells of wages, premiums and rate; of a month whose count is unknown they are too."""
    is_told = is_told & owed.is_known
    due = yuan(owed.due_fen)
    paid, short = due.copy(), np.flatnonzero(owed.paid_fen < owed.due_fen)
    paid[short] = yuan(owed.paid_fen[short])
    cells = {"缴费基数元": whole_yuan(owed.wage_fen), "应缴保费元": due, "实缴保费元": paid, "执行费率": rates(owed.rate_e4)}
    return {name: where_told(values, is_told) for name, values in cells.items()}


def rates(rate_e4: Codes) -> Names:
    """Return rates in ten-thousandths as decimal numbers."""
    words, places = np.unique(rate_e4, return_inverse=True)
    return np.array([f"{one / TEN_THOUSAND:.4f}" for one in words.tolist()], object)[places]


def whole(count: Codes) -> Names:
    """Return whole numbers as text."""
    return np.array(list(map(str, count.tolist())), object)


def where_told(values: Names, is_told: Mask) -> Names:
    """Return text, '' where nothing is known."""
    values[~is_told] = ""
    return values


def unknown(city: City, month: int, n: int) -> Mask:
    """Return the firms whose month is unknown: one of a row of months, which began in it or before."""
    mean = sum(length * share for length, share in GAPS)
    is_unknown = np.zeros(n, np.bool_)
    for back in range(max(length for length, _ in GAPS)):
        random = city.random("gaps", month - back)
        begins = happens(random, city.parameters.unknown_month_share / mean, len(city.firms))
        length = random.choice([length for length, _ in GAPS], len(city.firms), p=[share for _, share in GAPS])
        is_unknown |= (begins & (length > back))[:n]
    return is_unknown
