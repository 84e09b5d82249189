"""Names of codes that the law or the specification fixes, by the column they stand in; a site's own `labels` go before them.

Source: domain specification, sections 2.1 (events), 2.2 (clocks), 2.6 (packages), 2.7 (grades), 2.10 (GB 6441-86). Industries
and risk categories stand in `cockpit/industries.py`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cockpit.industries import DIVISIONS, RISK_CATEGORIES
from cockpit.injury_clock import ClockKind, ClockState
from cockpit.injury_clocks import CLOCKS
from cockpit.quality import RULES
from cockpit.text import Text

STAGES = {
    "accident": Text("事故发生", "Accident"),
    "reported": Text("已快报", "Reported"),
    "applied": Text("已申请", "Applied"),
    "supplementing": Text("补正中", "Being supplemented"),
    "accepted": Text("已受理", "Accepted"),
    "suspended": Text("中止", "Suspended"),
    "decided": Text("已决定", "Decided"),
    "delivered": Text("已送达", "Delivered"),
    "appraising": Text("鉴定中", "Being appraised"),
    "appraised": Text("已鉴定", "Appraised"),
    "benefit": Text("待遇办理中", "Benefit under way"),
    "paid": Text("已支付", "Paid"),
    "closed": Text("已办结", "Closed"),
    "ended": Text("已终结", "Ended"),
}
"""Where a case can stand now."""

TRACKS = {
    "fast": Text("简易工伤", "Fast track"),
    "clear": Text("事实清楚", "Facts clear"),
    "ordinary": Text("一般", "Ordinary"),
}
PACKAGES = {
    "P1": Text("认定＋门诊", "Clinic"),
    "P2": Text("认定＋住院", "Hospital"),
    "P3": Text("鉴定＋补助", "Lump sum"),
    "P4": Text("两证并领", "Two cards"),
    "P5": Text("解除关系两金", "Leaving"),
    "P6": Text("工亡待遇", "Death"),
    "P7": Text("长期待遇", "Long term"),
}
"""Working names [DEF] of the seven packages: the pages do not name them, 套餐名称待业务确认."""

ROLES = {
    "政策宣传员": Text("政策宣传员", "Policy guide"),
    "安全制度监督员": Text("安全制度监督员", "Safety guide"),
    "代办陪跑员": Text("代办陪跑员", "Companion"),
    "矛盾纠纷调处员": Text("矛盾纠纷调处员", "Mediator"),
    "再就业培训指导员": Text("再就业培训指导员", "Job trainer"),
}
"""The five kinds of specialist 五大专员."""

DECISIONS = {
    "D1": Text("认定", "Recognised"),
    "D2": Text("视同", "Deemed"),
    "D3": Text("不予认定", "Not recognised"),
    "C2": Text("不予受理", "Not accepted"),
    "D9": Text("撤回", "Withdrawn"),
}
"""How a round of recognition ends."""

GRADES = {str(grade): Text(f"{word}级", f"Grade {grade}") for grade, word in enumerate("一二三四五六七八九十", 1)}
COLOURS = {"红": Text("红", "Red"), "橙": Text("橙", "Orange"), "黄": Text("黄", "Yellow"), "绿": Text("绿", "Green")}
"""How a town or an enterprise is graded."""

ACCIDENT_TYPES = {
    "01": Text("物体打击", "Struck by object"),
    "02": Text("车辆伤害", "Vehicle"),
    "03": Text("机械伤害", "Machinery"),
    "04": Text("起重伤害", "Lifting gear"),
    "05": Text("触电", "Electric shock"),
    "06": Text("淹溺", "Drowning"),
    "07": Text("灼烫", "Burn"),
    "08": Text("火灾", "Fire"),
    "09": Text("高处坠落", "Fall from height"),
    "10": Text("坍塌", "Collapse"),
    "11": Text("冒顶片帮", "Roof fall"),
    "12": Text("透水", "Flooding"),
    "13": Text("放炮", "Blasting"),
    "14": Text("火药爆炸", "Powder explosion"),
    "15": Text("瓦斯爆炸", "Gas explosion"),
    "16": Text("锅炉爆炸", "Boiler explosion"),
    "17": Text("容器爆炸", "Vessel explosion"),
    "18": Text("其他爆炸", "Other explosion"),
    "19": Text("中毒和窒息", "Poisoning"),
    "20": Text("其他伤害", "Other"),
    "90": Text("上下班交通", "Commuting"),
    "91": Text("突发疾病", "Sudden illness"),
    "92": Text("职业病", "Occupational disease"),
}

CLOCK_KINDS = {
    ClockKind.AGENCY: Text("办理机关时限", "An office's limit"),
    ClockKind.PARTY: Text("当事人时限", "A party's limit"),
    ClockKind.NOT_BEFORE: Text("最早日", "Not before"),
    ClockKind.LEAVE: Text("停工留薪期", "Paid leave"),
}
CLOCK_STATES = {
    ClockState.RUNNING: Text("计时中", "running"),
    ClockState.SUSPENDED: Text("中止", "suspended"),
    ClockState.MET: Text("按期", "in time"),
    ClockState.LATE: Text("超期", "late"),
    ClockState.VOID: Text("作废", "void"),
}

VEHICLE_STATES = {
    "standby": Text("待命", "Standby"),
    "dispatched": Text("已派", "Sent"),
    "en_route": Text("途中", "Under way"),
    "on_scene": Text("现场", "On scene"),
    "transporting": Text("转运", "To hospital"),
    "at_hospital": Text("医院", "At hospital"),
    "unknown": Text("不明", "Silent"),
    "off": Text("停用", "Off"),
}

CODE_NAMES: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "stage": STAGES,
        "track": TRACKS,
        "package": PACKAGES,
        "role": ROLES,
        "specialist_role": ROLES,
        "mediator_role": ROLES,
        "trainer_role": ROLES,
        "decision": DECISIONS,
        "grade": {**GRADES, **COLOURS},
        "accident_type": ACCIDENT_TYPES,
        "division": DIVISIONS,
        "risk_cat": RISK_CATEGORIES,
        "clock": {clock.id: clock.title for clock in CLOCKS},
        "kind": {kind.value: name for kind, name in CLOCK_KINDS.items()},
        "state": {**{state.value: name for state, name in CLOCK_STATES.items()}, **VEHICLE_STATES},
        "rule": {rule.key: rule.title for rule in RULES.values()},
    }
)
"""Column → code → name."""


def code_name(column: str, code: str) -> Text:
    """Return the name of a code in a column, or the code itself where nothing fixes one."""
    return CODE_NAMES.get(column, {}).get(code) or Text(code, code)
