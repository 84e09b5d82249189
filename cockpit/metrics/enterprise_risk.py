"""Enterprise risk 企业风险: how many enterprises stand in which grade, and how many moved since the week before."""

from dataclasses import dataclass

import numpy as np

from cockpit.columns import Mask, Rows
from cockpit.formula import Count
from cockpit.judging.risk_rules import GRADES
from cockpit.metric import Direction, Metric
from cockpit.metrics.records import Row, counted
from cockpit.text import Text

DOMAIN = Text("企业风险", "Enterprise risk")

TABLE = "enterprise_risk"
SOURCES = ("enterprise", "enterprise_month", "work_injury_case", "case_event", "benefit_payment")
FIRMS = Text("家", "firms")


@dataclass(frozen=True, kw_only=True)
class Moved(Count):
    """How many rows of a kind stand in another grade than the week before: a higher one, or a lower."""

    is_up: bool

    def mask(self, rows: Rows, as_of: int) -> Mask:
        """Return which rows moved so."""
        moved = np.zeros(len(rows), np.bool_)
        for place, grade in enumerate(GRADES):
            others = GRADES[:place] if self.is_up else GRADES[place + 1 :]
            moved |= rows.is_any("grade", (grade,)) & rows.is_any("grade_before", others)
        return moved & super().mask(rows, as_of)


def of_firms(
    key: str,
    title: Text,
    definition: Text,
    formula: Count,
    *,
    example_row: Row,
    direction: Direction = "down",
) -> Metric:
    """Return a count of enterprises as they stand; its example is one of them."""
    return counted(
        key,
        title,
        definition,
        TABLE,
        formula,
        sources=SOURCES,
        example_row=example_row,
        by=("town", "division"),
        windows=("now",),
        noun=FIRMS,
        direction=direction,
        is_platform_default=True,
    )


def graded(key: str, grade: str, title: Text, cut: Text, direction: Direction = "down") -> Metric:
    """Return how many enterprises of a grade are ranked."""
    definition = Text(
        f"最近一次周评估等级为“{grade}”的企业，{cut.zh}；小微观察企业除外",
        f"Enterprises so graded by the newest weekly run, {cut.en}; those only watched, being small, left out",
    )
    example_row = {"grade": grade, "is_watched": False}
    return of_firms(
        key,
        title,
        definition,
        Count(where={"grade": (grade,), "is_watched": (False,)}),
        example_row=example_row,
        direction=direction,
    )


BY_GRADE = (
    graded(
        "firms_red",
        "红",
        Text("红色企业", "Enterprises graded red"),
        Text(
            "默认为指数75及以上，或12个月内2人及以上工亡",
            "by default from an index of 75 on, or for two deaths within 12 months",
        ),
    ),
    graded(
        "firms_orange",
        "橙",
        Text("橙色企业", "Enterprises graded orange"),
        Text(
            "默认为指数55至75，或12个月内有工亡或1–4级伤残",
            "by default an index of 55 to 75, or for a death or a grade 1 to 4 within 12 months",
        ),
    ),
    graded(
        "firms_yellow",
        "黄",
        Text("黄色企业", "Enterprises graded yellow"),
        Text("默认为指数40至55", "by default an index of 40 to 55"),
    ),
    graded(
        "firms_green",
        "绿",
        Text("绿色企业", "Enterprises graded green"),
        Text("默认为指数40以下，或证据不足", "by default an index below 40, or too little evidence for more"),
        direction="context",
    ),
)
GATED = of_firms(
    "firms_gated",
    Text("证据不足企业", "Enterprises with too little evidence"),
    Text(
        "指数高于绿色而24个月内案件不足（默认2件）、暂列绿色的企业，含小微观察企业",
        "Indices above green with too few cases in 24 months (2 by default), so the grade stays green; small ones included",
    ),
    Count(where={"is_gated": (True,)}),
    example_row={"is_gated": True},
    direction="context",
)
WATCHED = of_firms(
    "firms_watched",
    Text("小微观察企业", "Enterprises only watched"),
    Text(
        "近12个月人年过少（默认不足5）而不参与排名的企业",
        "Too few person-years in the last 12 months (by default fewer than 5) to be ranked",
    ),
    Count(where={"is_watched": (True,)}),
    example_row={"is_watched": True},
    direction="context",
)
UP = of_firms(
    "firms_up",
    Text("升级企业", "Enterprises that moved up"),
    Text(
        "等级比上周更高（更差）的企业；小微观察企业除外",
        "Graded higher, that is worse, than a week before; those only watched left out",
    ),
    Moved(is_up=True, where={"is_watched": (False,)}),
    example_row={"grade": "红", "grade_before": "橙", "is_watched": False},
)
DOWN = of_firms(
    "firms_down",
    Text("降级企业", "Enterprises that moved down"),
    Text(
        "等级比上周更低（更好）的企业；小微观察企业除外",
        "Graded lower, that is better, than a week before; those only watched left out",
    ),
    Moved(is_up=False, where={"is_watched": (False,)}),
    example_row={"grade": "黄", "grade_before": "橙", "is_watched": False},
    direction="up",
)
