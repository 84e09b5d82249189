"""Data quality 数据质量: how many rows were loaded although something about them is doubtful."""

from cockpit.formula import Count
from cockpit.metric import Example, Metric, Unit
from cockpit.text import Text

DOMAIN = Text("数据质量", "Data quality")

ISSUES = Metric(
    key="issues",
    title=Text("数据疑点", "Doubtful rows"),
    definition=Text(
        "已入库但违反合理性规则的行，每条规则每行计一次；改正后自动消失",
        "Rows that were loaded and break a rule of plausibility, once a rule and row; until they are put right",
    ),
    unit=Unit.COUNT,
    direction="down",
    table="data_quality_issue",
    formula=Count(),
    sources=(),
    bounds=(0, 10_000_000),
    windows=("now",),
    by=("town", "rule", "of_table"),
    noun=Text("行", "rows"),
    example=Example(rows=({"rule": "WI_TRANSITION", "of_table": "case_event", "town": "?"},), value=1),
)
"""It has no source of its own: of what a city does not feed, nothing can be doubtful."""
