"""`exchange`: calls between the sixteen departments 数据共享, one row a call, since going live."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import MISSING, Codes, Random, happens, pick, pick_codes
from etl.simulation.injury.city import City, first_day, month_text
from etl.simulation.injury.mixes import ITEMS
from etl.simulation.sending import PROMPT_S, Cells, answers, stamps

HEADER = ("CALL_ID", "FROM_DEPT", "TO_DEPT", "ITEM", "CALLED", "ANSWERED", "OK")
MONTHS_BEFORE, MONTHS_AHEAD = 0, 0
LEAD = "人社"
BUSINESS = ("医保", "卫健", "总工会", "残联", "税务", "法院")
DATA = ("公安", "民政", "市场监管", "大数据", "交通运输", "住建")
SUPERVISION = ("应急管理", "财政", "司法")
DEPARTMENTS = np.array([LEAD, *BUSINESS, *DATA, *SUPERVISION], object)
"""Sixteen: the lead, six for business integration, six for data, three that supervise [S0]; which ones is ours. [DEF]"""
LEAD_SHARE = 0.6
"""Of calls, asked by the lead department. [DEF]"""
LATENCY_MEDIAN_S, LATENCY_SIGMA, LONGEST_S = 1.4, 0.9, 60
ANSWERED_SHARE = 0.4
"""Of calls that fail, that are answered all the same, with nothing that could be used. [DEF]"""
HOURS = (*(0.2,) * 7, 2, 8, 11, 10, 6, 3, 7, 10, 10, 8, 4, 2, 1.5, 1, 0.8, 0.5, 0.3)
CLOSED = 0.25
"""Of a working day's calls come on a day when offices are closed. [DEF]"""


def block_of(city: City, month: int) -> Block:
    """Return a month's calls."""
    random = city.random("exchange", month)
    first, end = first_day(month), first_day(month + 1)
    day = calling_days(city, random, np.arange(max(first, city.live_on), max(end, city.live_on)))
    n = len(day)
    called_at = np.sort(city.year.at(day, 3600 * pick_codes(random, HOURS, n) + random.integers(0, 3600, n)))
    is_ok = happens(random, city.parameters.exchange_ok_share, n)
    latency_s = np.minimum(np.ceil(LATENCY_MEDIAN_S * np.exp(LATENCY_SIGMA * random.standard_normal(n))), LONGEST_S)
    is_answered = is_ok | happens(random, ANSWERED_SHARE, n)
    answered_at = np.where(is_answered, called_at + latency_s.astype(np.int64), MISSING)
    sent_at = called_at + LONGEST_S + random.integers(*PROMPT_S, n)
    whom, item = asked(random, n), pick(random, ITEMS, n)

    def text(places: Codes) -> Cells:
        return {
            "CALL_ID": np.array([f"X{month_text(month).replace('-', '')}{place + 1:05d}" for place in places.tolist()], object),
            "FROM_DEPT": DEPARTMENTS[whom[0][places]],
            "TO_DEPT": DEPARTMENTS[whom[1][places]],
            "ITEM": item[places],
            "CALLED": stamps(called_at[places], city.zone),
            "ANSWERED": stamps(answered_at[places], city.zone),
            "OK": answers(is_ok[places]),
        }

    return block(sent_at, city.year.day_of(called_at), text)


def calling_days(city: City, random: Random, days: Codes) -> Codes:
    """Return the day of each call: so many a day on the average, fewer when offices are closed."""
    is_open = np.isin(days, city.year.open_days)
    weight = np.where(is_open, 1.0, CLOSED)
    open_share = len(city.year.open_days) / len(city.year.weights)
    mean = open_share + CLOSED * (1 - open_share)
    return np.repeat(days, random.poisson(city.parameters.exchange_per_day * weight / mean))


def asked(random: Random, n: int) -> tuple[Codes, Codes]:
    """Return who asked whom: never itself."""
    others = random.integers(1, len(DEPARTMENTS), n)
    is_lead = happens(random, LEAD_SHARE, n)
    return np.where(is_lead, 0, others), np.where(is_lead, others, 0)
