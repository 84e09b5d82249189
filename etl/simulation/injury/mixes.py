"""How insured people, firms, accidents and disputes of the simulated city are made up: published mixes, and ours [DEF]."""

from collections.abc import Mapping
from dataclasses import dataclass

from etl.simulation.parameters import Shares


@dataclass(frozen=True)
class Industry:
    """One industry of the city: its code, its share of the insured, its risk category, and what its firms are called."""

    gb4754: str
    share: float
    risk_cat: int
    name: str


INDUSTRIES = (
    Industry("3441", 0.170, 4, "泵业"),
    Industry("3812", 0.090, 4, "电机"),
    Industry("1954", 0.140, 4, "鞋业"),
    Industry("3324", 0.080, 4, "工量刃具"),
    Industry("3670", 0.080, 4, "汽摩配件"),
    Industry("3599", 0.060, 4, "专用设备"),
    Industry("3731", 0.035, 4, "船舶"),
    Industry("2919", 0.060, 4, "橡塑"),
    Industry("1361", 0.035, 3, "水产加工"),
    Industry("4710", 0.050, 6, "房屋建筑"),
    Industry("4819", 0.020, 6, "土木工程"),
    Industry("4910", 0.012, 5, "建筑安装"),
    Industry("5011", 0.013, 5, "建筑装饰"),
    Industry("5430", 0.020, 5, "道路运输"),
    Industry("1819", 0.020, 4, "服装"),
    Industry("2231", 0.010, 5, "纸品"),
    Industry("5179", 0.030, 2, "批发"),
    Industry("6210", 0.020, 2, "餐饮"),
    Industry("7263", 0.025, 2, "劳务"),
    Industry("8415", 0.010, 2, "卫生服务"),
    Industry("7820", 0.010, 3, "环境卫生"),
    Industry("6513", 0.010, 1, "软件"),
)
"""The local mix of section 2.10 (pumps, motors, shoes, metal and tools, car and motorcycle parts, ships, rubber and plastic,
fish, building, road transport) and what else a city has; the shares are ours. [DEF]"""

BASE_RATES = (0.0020, 0.0040, 0.0070, 0.0090, 0.0110, 0.0130, 0.0160, 0.0190)
"""By risk category 一 to 八 [src: FEE71, RISK8]."""
ACCIDENTS_BY_RISK = (0.25, 0.45, 0.80, 1.05, 1.25, 1.60, 1.80, 2.20)
"""How often people of each risk category have accidents, relative to one another. [DEF]"""

INSURED_BY_TOWN: Mapping[str, float] = {
    "331081001": 44, "331081002": 24, "331081003": 18, "331081004": 26, "331081005": 22, "331081100": 62,
    "331081101": 60, "331081102": 24, "331081103": 24, "331081104": 26, "331081105": 14, "331081106": 12,
    "331081107": 16, "331081108": 12, "331081109": 5, "331081110": 3, "331081400": 8,
}  # fmt: skip
"""Thousands of insured people by town of production: 泽国, 大溪, 城北, 温峤, 石桥头, 坞根 of section 3.5, others ours."""
ACCIDENTS_BY_TOWN: Mapping[str, float] = {
    "331081004": 1.209, "331081100": 0.968, "331081101": 1.065, "331081107": 1.337, "331081109": 1.260, "331081110": 0.718,
}  # fmt: skip
"""Standardised ratios of section 3.5, where it gives one; elsewhere it is the same as the city's."""

SIZES = {"微": 10, "小": 100, "中": 500, "大": 10**9}
"""Fewer insured people than this (simplified from 统计上大中小微型企业划分办法). [DEF]"""
FLOAT_STEPS = Shares({"50": 0.12, "80": 0.28, "100": 0.45, "120": 0.10, "150": 0.05})

ACCIDENT_TYPES = Shares(
    {
        "03": 0.45, "01": 0.15, "09": 0.09, "90": 0.10, "02": 0.04, "20": 0.10,
        "07": 0.020, "91": 0.012, "04": 0.010, "05": 0.008, "10": 0.008,
        "08": 0.004, "92": 0.003, "19": 0.002, "18": 0.002, "06": 0.001,
    }
)  # fmt: skip
"""GB 6441-86, the mix of section 2.10: 机械伤害 45 %, 物体打击 15, 高处坠落 9, 车辆 and 交通 14, 其他 10, rest. [DEF]"""
NATURES = Shares({"03": 0.14, "05": 0.30, "02": 0.22, "06": 0.18, "10": 0.06, "09": 0.03, "12": 0.02, "17": 0.03, "07": 0.02})
"""GB 6441-86 A.2 by number: 骨折, 割擦刺, 挫轧压伤 and others. [DEF]"""
BODY_PARTS = Shares(
    {
        "13": 0.50, "12": 0.08, "14": 0.10, "15": 0.10, "01": 0.05, "02": 0.02, "03": 0.04, "08": 0.03,
        "11": 0.04, "10": 0.02, "09": 0.01, "04": 0.003, "05": 0.003, "06": 0.002, "07": 0.002,
    }
)  # fmt: skip
"""GB 6441-86 A.1, the fifteen groups by number: hand and wrist about half (section 2.10). [DEF]"""
BASES = Shares({"14.1": 0.935, "14.2": 0.03, "14.3": 0.02, "14.5": 0.005, "ZJ18.2": 0.008, "ZJ18.3": 0.002})
"""Of accidents that are neither on the way to work, nor a sudden illness, nor an occupational disease. [DEF]"""
BASIS_OF_TYPE = {"90": "14.6", "91": "15.1", "92": "14.4"}
CLEAR_BASES = ("14.1", "14.2", "14.3")
"""The clauses that the fast track takes (section 2.5)."""

HALF_GRADED = {"10": 62, "9": 24, "8": 8, "7": 3, "6": 1.0, "5": 0.5, "4": 0.125, "3": 0.125, "2": 0.125, "1": 0.125}
GRADES = Shares({grade: part / sum(HALF_GRADED.values()) for grade, part in HALF_GRADED.items()})
"""Of graded cases, per cent (section 2.7 [DEF]); the one per cent that it leaves to rounding is spread over all."""
AGES = Shares({"16-24": 0.07, "25-34": 0.20, "35-44": 0.25, "45-54": 0.31, "55-64": 0.17})
OCCUPATIONS = Shares(
    {"6-18": 0.34, "6-20": 0.16, "6-04": 0.10, "6-29": 0.10, "6-31": 0.14, "4-02": 0.06, "4-03": 0.05, "3-01": 0.05}
)
"""Of who is hurt, by group of the 职业分类大典. [DEF]"""

APPLICANTS = Shares({"用人单位": 0.80, "职工": 0.15, "近亲属": 0.04, "工会": 0.01})
CHANNELS_BEFORE = Shares({"浙里办": 0.10, "窗口": 0.90})
CHANNELS_AFTER = Shares({"浙里办": 0.75, "窗口": 0.25})
DISPUTES = Shares({"mediation": 0.50, "arbitration": 0.38, "reconsideration": 0.07, "litigation": 0.05})
"""Of recognised cases with a dispute, the way that it takes first. [DEF]"""
MODES_BEFORE = Shares({"现场": 0.95, "线上": 0.05, "一方到场一方在线": 0.0})
MODES_AFTER = Shares({"现场": 0.50, "线上": 0.15, "一方到场一方在线": 0.35})
ITEMS = Shares(
    {
        "参保状态核验": 0.22, "身份信息核验": 0.20, "营业执照核验": 0.12, "诊断病历调取": 0.14, "联网结算": 0.12,
        "交通事故认定书": 0.05, "社保卡信息": 0.08, "残疾人证": 0.02, "劳动合同备案": 0.05,
    }
)  # fmt: skip
"""Who applies, how, and what departments ask of one another. [DEF]"""

LEVELS = Shares({"红": 0.12, "橙": 0.38, "黄": 0.50})
ORDER_KINDS = Shares(
    {
        "机械防护": 0.34,
        "作业规程": 0.18,
        "培训教育": 0.16,
        "用电安全": 0.12,
        "登高作业": 0.10,
        "消防通道": 0.06,
        "职业健康": 0.04,
    }
)
"""Orders to put things right 整改指令, by level and by what is to be put right. [DEF]"""
OVERDUE_BY_TOWN: Mapping[str, float] = {
    "331081001": 0.10, "331081002": 0.08, "331081003": 0.12, "331081004": 0.15, "331081005": 0.12, "331081100": 0.08,
    "331081101": 0.10, "331081102": 0.07, "331081103": 0.09, "331081104": 0.06, "331081105": 0.13, "331081106": 0.05,
    "331081107": 0.25, "331081108": 0.11, "331081109": 0.00, "331081110": 0.10, "331081400": 0.05,
}  # fmt: skip
"""Of a town's open orders, overdue: 温峤, 城北 and 石桥头 as section 3.5 has them; others ours. [DEF]"""
