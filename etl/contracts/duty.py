"""Contract of the duty roster 值班表: who is on duty, as what, from when until when."""

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text

DUTY = Table(
    name="duty",
    title=Text("值班表", "Duty roster"),
    grain="one row per shift of one post, which may lie ahead",
    key=("duty_id",),
    pii=Pii.NONE,
    columns=(
        Column("duty_id", Kind.TEXT, Text("班次编号", "Shift of a post, such as day and post"), required=True),
        Column("duty_on", Kind.DAY, Text("值班日", "Day that the roster names it by")),
        Column("begin_at", Kind.INSTANT, Text("开始时刻", "When it begins"), required=True),
        Column("end_at", Kind.INSTANT, Text("结束时刻", "When it ends: the first instant after it"), required=True),
        Column("post", Kind.TEXT, Text("岗位", "Post: 带班领导, 值班长 or another"), required=True),
        Column("person", Kind.TEXT, Text("姓名", "Name as the wall may show it"), pii=Pii.PERSONAL),
        Column("unit", Kind.TEXT, Text("单位", "Department")),
    ),
)
"""A roster is a plan, so it has no instant at which it happened. It names no town: it is the city's."""
