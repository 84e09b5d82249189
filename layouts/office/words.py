"""The words of the office pages, in Chinese and English."""

from cockpit.lineage import Stage
from cockpit.text import Text

DATA = Text("数据", "Data")
DATA_NOTE = Text("数据从哪里来、到了哪里、哪些被拒绝", "where data come from, where they go, and what was refused")
OTHER_LANGUAGE = Text("English", "中文")
TICK = Text("版本 {}", "tick {}")
LOST = Text("与服务器失去联系，以下为最后一次收到的内容", "Connection to the server is lost; this is what came last")

SOURCES = Text("来源", "Sources")
SOURCE = Text("来源", "Source")
KIND = Text("类型", "Kind")
STATE = Text("状态", "State")
LAST_READ = Text("上次完整读取", "Last whole read")
NEWEST_EVENT = Text("最新事件", "Newest event")
EXPECTED = Text("应每隔", "Expected every")
LAST_BATCH = Text("末批行数", "Rows, last batch")
REFUSED_28D = Text("近28日拒绝率", "Refused, 28 days")
SAYS = Text("说明", "What is wrong, what to do")
NEVER = Text("从未", "never")
LIST = Text("名录", "list")
ROWS = Text("{} 行", "{} rows")
ROW = Text("{} 行", "{} row")
LAST_ROWS = Text("末批 {} 行", "last {} rows")
LAST_ROW = Text("末批 {} 行", "last {} row")
ALL_WELL = Text("无异常", "nothing wrong")
KINDS = {
    "csv": Text("CSV 文件", "CSV files"),
    "excel": Text("Excel 文件", "Excel files"),
    "parquet": Text("Parquet 文件", "Parquet files"),
    "sql": Text("数据库", "database"),
    "http": Text("接口", "interface"),
    "replay": Text("记录回放", "replayed record"),
    "demo": Text("模拟", "simulated"),
    "calendar": Text("工作日历", "working days"),
}
STATE_MEANS = {
    "late": Text("超过预期间隔的1.5倍没有完整读取", "no whole read for 1.5 times what is expected"),
    "stale": Text("超过预期间隔的3倍没有完整读取", "no whole read for 3 times what is expected"),
    "held": Text("有批次待人核对，未载入", "a batch waits for a person and was not loaded"),
    "never": Text("从未完整读取过", "it was never read whole"),
    "ended": Text("记录已播完", "the record was told to its end"),
}
SAID = Text("系统原文：", "")
"""What stands before a sentence that the machinery said, which it says in English."""

BATCHES = Text("最近批次", "Newest batches")
BATCHES_NOTE = Text(
    "每个来源最近 {} 批；没有新内容的读取不记批", "the newest {} of each source; reads that brought nothing are not listed"
)
TIME = Text("时间", "Time")
FILE = Text("文件 / 地址", "File or address")
READ = Text("读入", "Read")
DUPLICATES = Text("重复", "Duplicate")
REFUSED = Text("拒绝", "Refused")
OPENED = Text("新增", "Opened")
CLOSED = Text("关闭", "Closed")
TICK_COLUMN = Text("版本", "Tick")
NO_BATCH = Text("还没有批次", "No batch yet")
UNCHANGED = Text("无变化", "no change")
COUNTS_ARE_ROWS = Text("数量单位：行", "counts are rows")
BATCH_STATE = {
    "loaded": Text("● 已载入", "● loaded"),
    "held": Text("◆ 待核", "◆ held"),
    "released": Text("● 已放行", "● released"),
    "discarded": Text("■ 已放弃", "■ discarded"),
    "superseded": Text("■ 已被取代", "■ superseded"),
}

QUARANTINE = Text("隔离区", "Quarantine")
QUARANTINE_NOTE = Text(
    "被拒绝的行原样保留，改正后可放行", "refused rows are kept as they came, and can be released once that is right"
)
HELD_BATCHES = Text("待核批次", "Held batches")
RELEASE = Text("确认无误后放行：", "When it is right, release it:")
DELIVER_AGAIN = Text("此批无法放行，请重新提供", "it cannot be released; deliver it again")
TABLE = Text("目标表", "Table")
REASON = Text("原因", "Reason")
COUNT = Text("行数", "Rows")
SHOW = Text("查看", "Show")
NEWEST_REFUSED = Text("最新 {} 行（个人信息不显示）", "newest {} (personal data are not shown)")
LINE = Text("行号", "Line")
FIELD = Text("字段", "Field")
VALUE = Text("取值", "Value")
CELLS = Text("可显示的原始单元格", "Cells that may be shown")
HIDDEN = Text("另有 {} 格不显示", "{} more not shown")
NOT_SHOWN = Text("不显示", "not shown")
NOTHING_REFUSED = Text("没有被拒绝的行", "No row is refused")
NOTHING_HELD = Text("没有待核批次", "No batch is held")
CHOOSE_GROUP = Text("点“查看”列出该组最新的行", "Show lists the newest rows of a group")
EMPTY = Text("（空）", "(empty)")
REASONS = {
    "unparsable": Text("值读不懂", "the value cannot be read"),
    "not_allowed": Text("值不在允许的范围", "the value is none of those allowed"),
    "missing": Text("必填却为空", "required, but empty"),
    "conflict": Text("同一主键的行互相矛盾", "rows of one key contradict each other"),
    "ragged": Text("列数与表头不符", "more or fewer cells than the header"),
    "unfinished": Text("最后一行没有换行符，可能被截断", "the last line has no end: it may be cut"),
    "before_floor": Text("早于本站点的起始日期", "before the site's first date"),
    "in_future": Text("时间在未来", "in the future"),
    "late": Text("来得太晚", "came too late"),
    "unknown_reference": Text("所指的编号不在名录中", "it names something that is in no list"),
    "mojibake": Text("文字乱码", "garbled characters"),
    "check_digit": Text("校验位不符", "the check digit is wrong"),
}
REMEDIES = {
    "unparsable": Text("按“写法”改写这一格", "write the cell in the form given"),
    "not_allowed": Text("改为允许的取值之一", "use one of the allowed values"),
    "missing": Text("补上这一格", "fill the cell in"),
    "conflict": Text("只保留正确的一行", "keep only the right row"),
    "ragged": Text("检查多余的逗号或引号", "look for a stray comma or quote"),
    "unfinished": Text("重新完整导出", "export it again, whole"),
    "before_floor": Text("核对日期", "check the date"),
    "in_future": Text("核对日期和时区", "check the date and the time zone"),
    "late": Text("核对日期；确需补录请联系管理员", "check the date; to add old rows ask whoever runs the cockpit"),
    "unknown_reference": Text("先补名录，或改正编号", "complete the list first, or correct the code"),
    "mojibake": Text("用正确的编码重新导出", "export it again in the right encoding"),
    "check_digit": Text("核对编码", "check the code"),
}

LINEAGE = Text("数据流向", "Lineage")
LINEAGE_NOTE = Text(
    "从来源到屏幕；点一项，看它的上游和下游", "from source to screen; choose one to see what it rests on and what rests on it"
)
LINEAGE_TEXT = Text("文字版", "As text")
STAGES = {
    Stage.SOURCE: Text("来源", "Sources"),
    Stage.CONTRACT: Text("契约表", "Contract tables"),
    Stage.DERIVED: Text("派生表", "Derived tables"),
    Stage.METRICS: Text("指标", "Metrics"),
    Stage.PANEL: Text("图板", "Panels"),
    Stage.SCREEN: Text("屏幕", "Screens"),
}
METRICS_COUNT = Text("{} 项指标", "{} metrics")
METRIC_COUNT = Text("{} 项指标", "{} metric")
PANELS_COUNT = Text("{} 个图板", "{} panels")
PANEL_COUNT = Text("{} 个图板", "{} panel")
KNOWABLE = Text("{}/{} 项可得", "{}/{} known")
NO_METRIC = Text("不用指标", "needs no metric")
RESTS_ON = Text("上游", "Rests on")
LEADS_TO = Text("下游", "Leads to")
WHAT = Text("名称", "Name")
STAGE = Text("环节", "Stage")
HOLDS = Text("内容", "Holds")
LEFT_OUT = Text("本站点没有接入：", "Not fed at this site: ")

UPLOAD = Text("上传文件", "Upload a file")
UPLOAD_NOTE = Text("先预览，确认后才提交；预览不保存任何内容", "a preview first; nothing is kept until you confirm")
TEMPLATE = Text("下载模板", "Template")
TEMPLATE_EXPLAINED = Text("模板与填写说明（Excel）", "Template and explanation (Excel)")
CHOOSE_FILE = Text("选择文件", "Choose a file")
UP_TO = Text("不超过 {} MB", "up to {} MB")
PREVIEW = Text("预览", "Preview")
CONFIRM = Text("确认提交", "Confirm")
WOULD_LOAD = Text("可载入", "would load")
WOULD_REFUSE = Text("将拒绝", "would be refused")
FIRST_ROWS = Text("前 {} 行将这样理解", "The first {} rows, as they would be understood")
REFUSED_ROWS = Text("将被拒绝的行（前 {} 行）", "Rows that would be refused (first {})")
COLUMN = Text("列", "Column")
WHAT_TO_DO = Text("怎么改", "What to do")
ALLOWED = Text("允许：", "allowed: ")
WRITTEN = Text("写法：", "form: ")
NOT_READABLE = Text("此文件不能读入", "This file cannot be read")
WOULD_BE_HELD = Text("提交后会先待核，不直接载入", "After confirming it would wait for a person first")
LOADED_BEFORE = Text(
    "这份文件已在 {} 提交过，再次提交不会改变任何内容", "This very file came before, at {}; sending it again changes nothing"
)
NOTHING_TO_LOAD = Text("没有可载入的行", "There is no row to load")
SUBMITTED = Text("已提交，等待定时读取（约每 {} 一次）", "Submitted; it waits for the next scheduled read (about every {})")
BATCH_LOADED = Text("已载入", "Loaded")
BATCH_HELD = Text("批次待核", "The batch is held")
NONE_TO_UPLOAD = Text("本站点没有可上传的来源", "No source of this site takes uploads")
BATCH = Text("批次 {}", "batch {}")
