"""The words of the pages of numbers, in Chinese and English."""

from collections.abc import Mapping

from cockpit.metric import Direction, Status
from cockpit.text import Text

NUMBER = Text("指标", "Number")
DEFINITION = Text("定义", "Definition")
BASIS = Text("口径", "Whose definition")
OFFICIAL = Text("官方或本领域通用口径", "official, or customary in the field")
WINDOW = Text("时段", "Window")
OTHER_WINDOWS = Text("换时段", "Other windows")
UP_TO_TICK = Text("截至 {}", "as of {}")
VALID_OF = Text("有效 n / 应有", "n valid / n total")
NUMERATOR = Text("分子", "Numerator")
INTERVAL = Text("95%区间", "95 % interval")
NO_INTERVAL = Text("此值不带区间", "none is given for it")
TARGET = Text("目标", "Target")
NO_TARGET = Text("未设目标", "none set")
DIRECTION = Text("方向", "Direction")
DIRECTIONS: Mapping[Direction, Text] = {
    "up": Text("越高越好", "higher is better"),
    "down": Text("越低越好", "lower is better"),
    "context": Text("不分好坏，仅供了解", "neither good nor bad"),
}
LEAST_N = Text("最少样本", "Fewest values")
LEAST_N_IS = Text("n<{} 时不给值", "no value with n<{}")
NO_LEAST_N = Text("不限", "no minimum")
THRESHOLDS = Text("限值", "Thresholds")
WITHIN = Text("计入达标：≤{} {}", "within: up to {} {}")
CAP = Text("超过 {} {}的不计为有效", "longer than {} {} is not valid")
NO_THRESHOLD = Text("无", "none")
KNOWN_AT = Text("所据版本", "Known at")
TICK_AS_OF = Text("第 {} 版，数据截至 {}", "tick {}, as of {}")
REFUSED_EFFECT = Text("隔离行的影响", "Refused rows")
NONE_REFUSED = Text("没有可能涉及此值的隔离行", "none may concern it")
REFUSED_ROWS = Text("{} 行。{}", "{} rows. {}")
STATES = Text("各行去向", "What became of the rows")
WHY = Text("为何没有值", "Why there is no value")
NOTE = Text("说明", "Note")
STATUS_MEANS: Mapping[Status, Text] = {
    Status.OK: Text("正常", "as it should be"),
    Status.PROVISIONAL: Text("时段未结束，实时未审核", "the window has not ended; nobody has audited it"),
    Status.SHORT: Text("样本不足，不给值", "too few values"),
    Status.LATE: Text("有来源超过预期间隔的1.5倍没有读到", "a source was not read for 1.5 times its interval"),
    Status.STALE: Text("有来源超过预期间隔的3倍没有读到", "a source was not read for 3 times its interval"),
    Status.MISSING: Text("没有值", "there is no value"),
}

SOURCES = Text("来源", "Sources")
NO_SOURCES = Text("本站点没有来源提供此数据", "no source of this site feeds it")
SOURCE, STATE, LAST_READ, NEWEST = (
    Text("来源", "Source"),
    Text("状态", "State"),
    Text("上次完整读取", "Last whole read"),
    Text("最新事件", "Newest event"),
)

WEEKS = Text("近53周", "Last 53 weeks")
WEEKS_TABLE = Text("逐周数据表", "The weeks as a table")
WEEK = Text("周", "Week")
SUMMARY = Text("近53周控制图：{}", "Control chart of the last 53 weeks: {}")
NEWEST_WEEK = Text("最新可判断的一周 {}", "the newest week that is judged is {}")
LIMITS = Text("中心线 {}，控制限 {} 至 {} {}", "centre {}, limits {} to {} {}")
SHORT_BASELINE = Text("有值的周不足12周，不画控制限", "fewer than 12 weeks with a value, so there are no limits")
NO_WEEK_HAS = Text("53周里没有一周有值", "no week of the 53 has a value")
UNTOLD = Text("最近 {} 周尚未报足，不参与判断", "the newest {} weeks are not told in full yet, and are not judged")
UNTOLD_WEEK = Text("未报足", "not told in full")
HOLIDAY_WEEK = Text("假期周，不判断", "holidays, not judged")
LEGEND = Text(
    "灰带：春节、国庆所在周，不判断。圆点：正常波动；菱形：向好；三角：异常。",
    "Grey bands: weeks of the long holidays, not judged. Dots: common cause; diamonds: improvement; triangles: concern.",
)
SAYS = Text("判断", "Chart says")

PARTS = Text("分项", "Parts")
BY = Text("按{}", "By {}")
VALUE = Text("数值", "Value")
STATUS = Text("状态", "Status")
MADE_OF = Text("由这些指标算出", "Made of")
SMALL_CELLS = Text(
    "1–{}的格子不显示；必要时再隐去一格，使总数推不出它",
    "cells of 1–{} are not shown, nor others that the total would tell them by",
)

ROWS = Text("明细行", "Rows")
COUNT = Text("共 {} 行", "{} rows")
NEWEST_SHOWN = Text("，显示最新 {} 行", ", the newest {} shown")
REPRODUCE = Text(
    "计入 n 的 {} 行，计入分子的 {} 行；由这些行可以重算上面的数值",
    "{} in n, {} in the numerator; the value above can be computed from these rows",
)
MASKS = Text(
    "个人的时刻只到小时；敏感内容显示为***；案件、人员、企业编号不列出",
    "Moments of persons are told to the hour, sensitive cells are ***, and what identifies cases, persons or firms is left out",
)
IN_N, IN_NUMERATOR = Text("计入n", "in n"), Text("计入分子", "in numerator")
NO_ROWS = Text("时段内没有行", "There is no row in this window")

OPEN_NUMBER = Text("打开这个数", "Open this number")
DICTIONARY = Text("指标字典", "Dictionary")
OVERVIEW = Text("手机总览", "Overview for the phone")
DATA = Text("数据", "Data")
BACK_TO = Text("返回{}", "Back to {}")
VISITORS = Text("访客画面", "Public view")
REPLAYED = Text("回放：当时所知", "Replay: as it was known then")
CITY = Text("全市", "whole city")

PICTURE_SAYS = Text("图示概要", "What the picture says")
NUMBERS = Text("图中的数", "Its numbers")
NO_NUMBERS = Text("此图板没有数值", "This panel shows no number")
OTHER_PAGES = Text("其他页面", "Other pages")
NO_SUCH_METRIC = Text("没有这个指标", "There is no such metric")
