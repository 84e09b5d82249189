"""Work injury 工伤: how many accidents, and how many days until they were reported."""

from cockpit.formula import Count, InState
from cockpit.interval import State
from cockpit.metric import Example, Metric, Unit
from cockpit.metrics.in_days import in_days
from cockpit.metrics.work_injury_intervals import REPORT_DELAY
from cockpit.text import Text

DOMAIN = Text("工伤", "Work injury")

SOURCES = ("work_injury_case",)
BY = ("town",)
CASES = Text("件", "cases")

INJURY_CASES = Metric(
    key="injury_cases",
    title=Text("工伤案件数", "Work-injury cases"),
    definition=Text("事故发生在时段内的工伤案件", "Cases whose accident happened in the window"),
    unit=Unit.COUNT,
    direction="down",
    table="work_injury_days",
    formula=Count(),
    sources=SOURCES,
    bounds=(0, 10_000_000),
    by=BY,
    noun=CASES,
    example=Example(rows=({"event_at": 0},), value=1),
)
REPORTED_BEFORE = Metric(
    key="report_delay_negative",
    title=Text("早于事故的报案", "Reported before the accident"),
    definition=Text("报案日早于事故日的案件", "Cases whose report is stamped before their accident"),
    unit=Unit.COUNT,
    direction="down",
    table="work_injury_days",
    formula=InState(interval=REPORT_DELAY, state=State.NEG),
    sources=SOURCES,
    bounds=(0, 10_000_000),
    by=BY,
    noun=CASES,
    example=Example(rows=({"event_at": 0, REPORT_DELAY.state: State.NEG.value},), value=1),
)
REPORTING = in_days(
    REPORT_DELAY,
    Text(
        "从事故到报案的天数，尚未报案也未申请的不计入总数",
        "Days from accident to report; cases neither reported nor applied for are not in n total",
    ),
    sources=SOURCES,
    by=BY,
)
