"""`enterprises`: the list of insured firms 参保单位, one row a firm, sent on the day it is insured."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, Names
from etl.simulation.injury.city import City
from etl.simulation.injury.firms import BUILDING, DISPATCH_CODE, Firms
from etl.simulation.injury.joining import joining
from etl.simulation.injury.mixes import BASE_RATES, INDUSTRIES, SIZES
from etl.simulation.sending import Cells, answers, texts

HEADER = (
    "统一社会信用代码", "单位名称", "注册乡镇", "生产乡镇", "行业代码", "风险类别", "基准费率", "浮动档次", "规模", "状态",
    "参保日期", "劳务派遣", "工程项目",
)  # fmt: skip
MONTHS_BEFORE, MONTHS_AHEAD = 12 * 40, 0
"""Firms stay insured, whatever the year in which they began."""
ALWAYS = 10**6
"""Told in any history."""


def block_of(city: City, month: int) -> Block:
    """Return the firms that were insured in a month."""
    which, second, step = joining(city, month)
    sent_at = city.year.at(city.firms.joined_on[which], second)
    return block(sent_at, np.full(len(which), ALWAYS), lambda places: cells(city, which[places], step[places]))


def cells(city: City, which: Codes, step: Names) -> Cells:
    """Return firms as the list has them."""
    firms, towns = city.firms, city.places.towns.codes
    industry = firms.industry[which]
    code = np.array([one.gb4754 for one in INDUSTRIES], object)[industry]
    category = np.array([one.risk_cat for one in INDUSTRIES])[industry]
    return {
        "统一社会信用代码": firms.ids[which],
        "单位名称": names(firms, which),
        "注册乡镇": texts(towns, firms.registered[which]),
        "生产乡镇": texts(towns, firms.town[which]),
        "行业代码": code,
        "风险类别": category.astype(str).astype(object),
        "基准费率": np.array([f"{rate:.4f}" for rate in BASE_RATES], object)[category - 1],
        "浮动档次": step,
        "规模": sizes(firms, which),
        "状态": np.full(len(which), "存续", object),
        "参保日期": np.datetime_as_string(firms.joined_on[which].astype("datetime64[D]")).astype(object),
        "劳务派遣": answers(code == DISPATCH_CODE),
        "工程项目": answers(np.isin(code, BUILDING) & np.char.startswith(firms.ids[which].astype(str), "P")),
    }


def names(firms: Firms, which: Codes) -> Names:
    """Return names that nobody takes for those of real firms."""
    kinds = np.array([one.name for one in INDUSTRIES], object)[firms.industry[which]]
    return np.array([f"模拟{kind}{place + 1:05d}号" for kind, place in zip(kinds, which.tolist(), strict=True)], object)


def sizes(firms: Firms, which: Codes) -> Names:
    """Return the size of firms, by how many people they insure."""
    places = np.searchsorted(np.array(list(SIZES.values()), np.float64), firms.size[which], side="right")
    size = np.array(list(SIZES), object)[places]
    return np.where(np.char.startswith(firms.ids[which].astype(str), "P") & (size == "微"), "个体", size).astype(object)
