"""`headcounts`: the insured of each firm 参保月报, one row a firm and month, sent on the fifth of the next."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, Mask, happens
from etl.simulation.injury.city import City, first_day, month_text
from etl.simulation.injury.days import DAY_S
from etl.simulation.sending import Cells

HEADER = ("统一社会信用代码", "所属期", "修订", "月均人数")
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
    random, year = city.random("headcounts", month), city.year
    first, sent_on = first_day(month), first_day(month + 1) + SENT_DAY
    n = city.firms.joined(first)
    count, is_unknown = city.firms.headcount(city.growth(month))[:n], unknown(city, month, n)
    wrong = np.flatnonzero(~is_unknown & happens(random, city.parameters.month_corrected_share, n))
    which = np.concatenate([np.arange(n), wrong]).astype(np.int32)
    rev = np.concatenate([np.zeros(n, np.int8), np.ones(len(wrong), np.int8)])
    sent_at = year.at(np.full(len(which), sent_on), np.sort(random.integers(*SENT_S, len(which))))
    sent_at[n:] += DAY_S * random.integers(*CORRECTED_DAYS, len(wrong))
    told = np.where(is_unknown, -1, count)[which]
    told[wrong] += WRONG_BY

    def text(places: Codes) -> Cells:
        return {
            "统一社会信用代码": city.firms.ids[which[places]],
            "所属期": np.full(len(places), month_text(month), object),
            "修订": rev[places].astype(str).astype(object),
            "月均人数": np.where(told[places] < 0, "", told[places].astype(str)).astype(object),
        }

    return block(sent_at, np.full(len(which), first_day(month + 1) - 1), text)


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
