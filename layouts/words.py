"""The words of the interface that belong to no metric, table or site, in Chinese and English."""

from cockpit.text import Language, Text

REPLAY = Text("回放", "Replay")
DATA_AS_OF = Text("数据截至", "Data as of")
ENDED = Text("截至{:%m-%d %H:%M}", "to {:%m-%d %H:%M}")
DAY_IS_OVER = Text("日期已过，以下不是今日数据", "this day is over: nothing below is of today")
SERVER_LOST = Text(
    "与服务器失去联系，以下为最后一次收到的画面", "Connection to the server is lost; this is the last picture received"
)
INTERVAL_95 = Text("95%区间", "95% CI")
LAST_24H = Text("近24小时", "last 24 h")
TODAY = Text("今日", "today")
LAST_28D = Text("近28日", "28 days")
RESPONSE_IS = Text("摘机至到达", "answer to arrival")
LAST_365D = Text("近365日", "365 days")
LAST_12M = Text("近12个月", "12 mo.")
REFERENCE = Text("参照", "ref.")
MEDIAN = Text("中位数", "median")
P90 = Text("P90", "P90")
MEAN = Text("均值", "mean")
NOW = Text("当前", "now")
IN_ALL = Text("共 {}", "{}")
CITY = Text("全市", "city")
TOWN = Text("镇街", "Town")
SHOWN = Text("显示最新 {} 起", "newest {} shown")
SHARE = Text("达标率", "share")
ELAPSED_MIN = Text("已过/分", "Min ago")
PROGRESS = Text("进展", "Progress")
HOUR = Text("时", "h")
DAYS = Text("天", "days")
MEAN_28D = Text("28日均值", "28-d mean")
TODAY_CASES = Text("今日 {} 起", "today {}")
RECENTLY_CLOSED = Text("最新已结束", "Newest closed")
NONE_RECENT = Text("近12小时内无在办事件", "none of the last 12 hours")
NO_HISTORY = Text("历史不足7日，无均值", "too short a history for a mean")
TARGET = Text("目标", "target")
FRESH_SOURCES = Text("来源 {}/{} 正常", "sources fresh: {}/{}")
NO_MAP = Text("本站点未提供边界", "this site brings no outlines")
NOT_ON_MAP = Text("图外", "not on the map")
NOTHING_UNDER_WAY = Text("当前无在办事件", "nothing under way now")
PLATFORM_DEFAULT = Text("本平台默认口径", "our default")
DATA_QUALITY = Text("数据质量", "Data quality")
STATION = Text("站点", "Station")
CALLED = Text("呼叫", "Called")
CAUSE = Text("类型", "Type")
RESPONSE_MIN = Text("反应/分", "Min")
STATE = Text("状态", "State")
MINUTES = Text("分钟", "min")
CASES = Text("起", "cases")
ROWS = Text("行", "rows")
REFUSED = Text("隔离 {} 行", "{} refused")
REFUSED_ROWS = Text("来源中有被拒绝、未计入的行", "Rows that were refused, and are not counted, may concern this")
BOUND = Text("；不论其内容如何，此值在 {}–{} {}之间", ": whatever they would have said, it lies between {} and {} {}")
NO_BOUND = Text("；其影响无法界定", ": nothing bounds what they would have changed")
OTHER = Text("其他", "other")
TOO_FEW_TO_RANK = Text("样本不足，不参与排序", "too few values, not ranked")
NO_WEEK = Text("尚无可判断的周", "no week to judge yet")
NO_CASE = Text("暂无案件", "no case yet")
NO_CURVE = Text("尚无已决案件", "nothing decided yet")
NO_INCIDENT = Text("暂无事件", "No incident yet")
TABLE_BEHIND = Text("图后数据表", "Table behind")
NOT_FOR_VISITORS = Text("访客画面不显示", "not shown to visitors")
VISITORS = Text("访客画面", "Public view")
MASKED = Text("个人信息，不显示", "personal, not shown")
NOT_FOUND = Text("没有这个页面", "There is no such page")
NO_SUCH_TOWN = Text("没有这个镇街，或无权查看", "There is no such town, or it may not be seen here")
NOT_FOUND_HELP = Text("可用的页面：", "Pages there are: ")
EVENTS_TO = Text("数据到", "up to")
CANNOT_KNOW = Text("本站点无法得知", "This site cannot know")
WEEKDAYS = (
    Text("周一", "Mon"),
    Text("周二", "Tue"),
    Text("周三", "Wed"),
    Text("周四", "Thu"),
    Text("周五", "Fri"),
    Text("周六", "Sat"),
    Text("周日", "Sun"),
)
STAGE = {
    "waiting": Text("待派车", "waiting"),
    "dispatched": Text("已派车", "sent"),
    "en_route": Text("途中", "under way"),
    "on_scene": Text("在现场", "on scene"),
    "left_scene": Text("转运中", "transport"),
    "at_hospital": Text("在医院", "hospital"),
}
"""How far an incident that is not closed has come."""

INCIDENT_STATE = {
    "waiting": Text("待派车", "waiting"),
    "under_way": Text("途中", "under way"),
    "on_scene": Text("在现场", "on scene"),
    "closed": Text("已结束", "closed"),
    "cancelled": Text("已取消", "cancelled"),
    "no_dispatch": Text("无需出车", "no unit"),
}


def listed(names: list[str], language: Language) -> str:
    """Return names in a row, as the language separates them."""
    return ("、" if language == "zh" else ", ").join(names)
