"""Contracts of supervision 监管: risks that were pushed, orders to put things right, calls between departments."""

from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
from cockpit.text import Text

PUSH_STATES = (
    "PUSHED",
    "SIGNED",
    "INSPECTED",
    "ORDERED",
    "RECTIFIED",
    "RECHECKED",
    "CLOSED",
    "ESCALATED",
    "RATE_SUGGESTED",
)
"""Steps of the closed loop (domain specification, section 4.1)."""

RISK_PUSH = Table(
    name="risk_push",
    title=Text("风险推送", "Pushed risk"),
    grain="one row per step of one push",
    key=("event_id",),
    by=("push_id", "enterprise_id"),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("event_id", Kind.TEXT, Text("步骤编号", "Step"), required=True),
        REV,
        Column("push_id", Kind.TEXT, Text("推送编号", "Push"), required=True),
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise")),
        Column("town_code", Kind.TOWN, Text("乡镇", "Town it was pushed to"), required=True),
        Column("state", Kind.TEXT, Text("步骤", "State that it reached"), required=True, allowed=PUSH_STATES),
        Column("event_at", Kind.INSTANT, Text("发生时刻", "When it reached it"), required=True),
        EVENT_LOCAL,
        Column("due_on", Kind.DAY, Text("整改期限", "Day by which an order is due")),
        Column("actor", Kind.TEXT, Text("办理人", "Who did it"), pii=Pii.PERSONAL),
        Column("evidence", Kind.JSON, Text("佐证", "Snapshot, checklist, decision"), pii=Pii.PERSONAL),
    ),
)

RECTIFICATION_ORDER = Table(
    name="rectification_order",
    title=Text("整改指令", "Order to put right"),
    grain="one row per order",
    key=("order_id",),
    by=("order_id", "enterprise_id"),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("order_id", Kind.TEXT, Text("指令编号", "Order"), required=True),
        REV,
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise")),
        Column("town_code", Kind.TOWN, Text("乡镇", "Town"), required=True),
        Column("kind", Kind.TEXT, Text("类别", "Kind")),
        Column("level", Kind.TEXT, Text("级别", "Level"), allowed=("红", "橙", "黄")),
        Column("event_at", Kind.INSTANT, Text("推送时刻", "When it was pushed, pushed_at"), required=True),
        EVENT_LOCAL,
        Column("signed_at", Kind.INSTANT, Text("签收时刻", "When it was signed for"), is_past=True),
        Column("inspected_at", Kind.INSTANT, Text("检查时刻", "When the firm was inspected"), is_past=True),
        Column("due_on", Kind.DAY, Text("整改期限", "Day by which it is due")),
        Column("rectified_at", Kind.INSTANT, Text("整改时刻", "When it was put right"), is_past=True),
        Column("rechecked_at", Kind.INSTANT, Text("复查时刻", "When it was checked again"), is_past=True),
        Column("closed_at", Kind.INSTANT, Text("销号时刻", "When it was closed"), is_past=True),
    ),
)

EXCHANGE_CALL = Table(
    name="exchange_call",
    title=Text("数据共享调用", "Call between departments"),
    grain="one row per call",
    key=("call_id",),
    by=("call_id",),
    pii=Pii.NONE,
    columns=(
        Column("call_id", Kind.TEXT, Text("调用编号", "Call"), required=True),
        REV,
        Column("from_dept", Kind.TEXT, Text("调用部门", "Department that asked")),
        Column("to_dept", Kind.TEXT, Text("被调用部门", "Department that was asked")),
        Column("item", Kind.TEXT, Text("事项", "What was asked for")),
        Column("event_at", Kind.INSTANT, Text("调用时刻", "When it was asked, called_at"), required=True),
        EVENT_LOCAL,
        Column("answered_at", Kind.INSTANT, Text("应答时刻", "When it was answered"), is_past=True),
        Column("is_ok", Kind.BOOLEAN, Text("成功", "Whether the answer could be used")),
    ),
)
