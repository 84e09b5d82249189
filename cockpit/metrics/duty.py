"""Duty 值班: how many posts somebody holds now, by the city's roster."""

from cockpit.formula import Count
from cockpit.metric import Example, Metric, Unit
from cockpit.text import Text

DOMAIN = Text("值班", "On duty")

DOMAIN = Text("值班", "Duty")

AT_ONCE_S = -1
"""An instant that is reached counts in its own second."""

MOST_POSTS = 10_000

ON_DUTY = Metric(
    key="on_duty",
    title=Text("在岗值班", "On duty"),
    definition=Text("值班表中此刻在班次之内的岗位数", "Posts of the roster whose shift has begun and not ended"),
    unit=Unit.COUNT,
    direction="context",
    table="duty",
    formula=Count(present=("begin_at",), beyond_s={"begin_at": AT_ONCE_S}, within_s={"end_at": AT_ONCE_S}),
    sources=("duty",),
    bounds=(0, MOST_POSTS),
    windows=("now",),
    by=("post",),
    noun=Text("个岗位", "posts"),
    example=Example(rows=({"begin_at": 0, "end_at": 1},), value=1),
)
