"""`duty`: the city's duty roster 值班表, a row for each shift of each post, sent some days before the month begins."""

from typing import NamedTuple

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes
from etl.simulation.injury.city import City, first_day
from etl.simulation.sending import Cells, stamps
from etl.simulation.streams.posts import days

HEADER = ("班次", "日期", "岗位", "开始", "结束", "姓名", "单位")
MONTHS_BEFORE, MONTHS_AHEAD = 0, 1
SENT_DAYS_AHEAD, SENT_S = 10, 34_200
"""The roster of a month is sent ten days before its first day, at half past nine. [DEF]"""

MORNING_S, EVENING_S, NEXT_MORNING_S = 30_600, 63_000, 30_600 + 86_400
"""From 8:30 to 17:30, and through the night."""


class Shift(NamedTuple):
    """A post, whose people hold it, and from when until when (seconds of the local day)."""

    post: str
    unit: str
    begin_s: int
    end_s: int


SHIFTS = (
    Shift("带班领导", "市政府", MORNING_S, NEXT_MORNING_S),
    Shift("值班长", "市应急指挥中心", MORNING_S, EVENING_S),
    Shift("值班长", "市应急指挥中心", EVENING_S, NEXT_MORNING_S),
    Shift("工伤专班", "市人社局", MORNING_S, NEXT_MORNING_S),
    Shift("急救调度", "市急救指挥中心", MORNING_S, EVENING_S),
    Shift("急救调度", "市急救指挥中心", EVENING_S, NEXT_MORNING_S),
)
"""At every instant each post is held by one person. [DEF]"""

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
"""The first sixteen of the Hundred Family Surnames: whoever is named so here is nobody."""


def block_of(city: City, month: int) -> Block:
    """Return the roster of a month."""
    on = np.repeat(np.arange(first_day(month), first_day(month + 1)), len(SHIFTS))
    shift = np.tile(np.arange(len(SHIFTS)), len(on) // len(SHIFTS))
    surname = city.random("duty", month).integers(len(SURNAMES), size=len(on))
    sent_at = city.year.at(np.full(len(on), first_day(month) - SENT_DAYS_AHEAD), np.full(len(on), SENT_S))
    return block(sent_at, on, lambda rows: cells(city, on[rows], shift[rows], surname[rows]))


def cells(city: City, on: Codes, shift: Codes, surname: Codes) -> Cells:
    """Return shifts as the office writes them; names are masked, as a wall may show them, and say that they are simulated."""
    begin_s, end_s = (np.array([getattr(one, name) for one in SHIFTS])[shift] for name in ("begin_s", "end_s"))
    post, unit = (np.array([getattr(one, name) for one in SHIFTS], object)[shift] for name in ("post", "unit"))
    day = days(on)
    return {
        "班次": np.array([f"{one}-{place + 1}" for one, place in zip(day, shift.tolist(), strict=True)], object),
        "日期": day,
        "岗位": post,
        "开始": stamps(city.year.at(on, begin_s), city.zone),
        "结束": stamps(city.year.at(on, end_s), city.zone),
        "姓名": np.array([f"模拟{SURNAMES[place]}某某" for place in surname.tolist()], object),
        "单位": unit,
    }
