"""The words of the dictionary of metrics, in Chinese and English."""

from cockpit.text import Text

COUNT = Text("{} 项指标", "{} metrics")
FIND_LABEL = Text("查找", "Find")
FIND = Text("名称、定义或代码", "title, definition or key")
FOUND = Text("找到 {} 项", "{} found")
NOT_HERE = Text("本站点不可得：", "Not known here:")
MORE = Text("口径、时段、示例", "How it is read, and an example")
UNIT = Text("单位", "Unit")
WINDOWS = Text("时段", "Windows")
NO_PARTS = Text("不分项", "none")
RESTS_ON = Text("来源表", "Rests on")
EXAMPLE = Text("示例", "Example")
ROWS = Text("{} 行", "{} rows")
SUCH_AS, NAMELY = Text("，如 ", ", such as "), Text("：", ": ")
