"""Town colours 区域四色: how many towns have which colour now, which are not heard of, and how often a colour changed."""

from dataclasses import dataclass

import numpy as np

from cockpit import extremes
from cockpit.columns import Mask, Rows
from cockpit.extremes import Extremes
from cockpit.formula import Count, Marks
from cockpit.judging.colour_rules import COLOURS
from cockpit.metric import Direction, Example, Metric, Unit
from cockpit.metrics.records import Row, counted
from cockpit.statistics import Estimate
from cockpit.text import Text

DOMAIN = Text("区域四色", "Town colours")

TABLE, HISTORY, CASE = "town_colour", "town_colour_history", "injury_case"
CASES = ("work_injury_case", "case_event")
SOURCES = (*CASES, "enterprise", "enterprise_month")
"""What every colour rests on; a city that feeds no orders to put right has colours too."""

NOW = ("now",)
TOWNS = Text("个乡镇", "towns")
MOST_TOWNS = 10_000
MOST_DEATHS = 10_000

REFUSED = ("D3", "C2", "D9")
"""不予认定, 不予受理, 撤回: events that end a round after which a case is none (domain specification, section 3.3)."""

DEATH_S = 90 * 86_400
"""The 90 days of the floor that deaths set (section 3.4)."""


@dataclass(frozen=True, kw_only=True)
class Told(Count):
    """How many rows there are of one kind, valid, of all that there are, total."""

    def marks(self, rows: Rows, as_of: int) -> Marks:
        """Total: every row. Valid: those of the kind."""
        mask = self.mask(rows, as_of)
        return Marks(np.ones(len(rows), np.bool_), mask, mask)

    def estimate(self, rows: Rows, marks: Marks) -> Estimate | None:
        """Return how many are of the kind, without an interval."""
        return Estimate(float(np.count_nonzero(marks.is_valid)), None, None)

    def extremes(self, rows: Rows, marks: Marks, changed: int) -> Extremes | None:
        """Return the fewest and the most rows of the kind."""
        return extremes.count(int(np.count_nonzero(marks.is_valid)), changed)


def of_towns(
    key: str, title: Text, definition: Text, formula: Count, example_row: Row, *, direction: Direction = "down"
) -> Metric:
    """Return a count of towns as they stand."""
    return counted(
        key,
        title,
        definition,
        TABLE,
        formula,
        sources=SOURCES,
        example_row=example_row,
        windows=NOW,
        noun=TOWNS,
        direction=direction,
        most=MOST_TOWNS,
        is_platform_default=True,
    )


def coloured(name: str, colour: str, colour_en: str, direction: Direction = "down") -> Metric:
    """Return how many towns have a colour."""
    title = Text(f"{colour}色乡镇", f"{colour_en.capitalize()} towns")
    definition = Text(
        f"当前为{colour}色的乡镇（街道）；数据中断的不计，功能区不着色",
        f"Towns that stand at {colour_en} now; those that are silent are not counted, functional zones have no colour",
    )
    return of_towns(
        f"towns_{name}", title, definition, Count(where={"colour": (colour,)}), {"colour": colour}, direction=direction
    )


GREEN, YELLOW, ORANGE, RED = COLOURS
TOWNS_RED = coloured("red", RED, "red")
TOWNS_ORANGE = coloured("orange", ORANGE, "orange")
TOWNS_YELLOW = coloured("yellow", YELLOW, "yellow")
TOWNS_GREEN = coloured("green", GREEN, "green", "up")

TOWNS_SILENT = of_towns(
    "towns_silent",
    Text("数据中断乡镇", "Silent towns"),
    Text(
        "截至昨日连续无受理案件的工作日，按其自身此前26周的频率，概率低于0.001的乡镇",
        "Towns whose run of working days without a case, up to yesterday, has P < 0.001 at their own rate of 26 weeks",
    ),
    Count(where={"is_silent": (True,)}),
    {"is_silent": True},
)
TOWNS_TOLD = of_towns(
    "towns_told",
    Text("有数据乡镇", "Towns heard of"),
    Text(
        "未中断的乡镇数；分母为应着色的乡镇数，即“15/16”",
        "Towns that are not silent; n total are all that may have a colour, as 15/16",
    ),
    Told(where={"is_silent": (False,)}),
    {"is_silent": False},
    direction="up",
)
TOWNS_ALARMED = of_towns(
    "towns_alarmed",
    Text("早期预警乡镇", "Towns with an early alarm"),
    Text(
        "近4周内累积和超限的乡镇；16个乡镇约每12周误报一次，不改变颜色",
        "Towns whose CUSUM passed its limit within 4 weeks; of 16 towns about one in 12 weeks is false; it changes no colour",
    ),
    Count(present=("alarm_on",)),
    {"alarm_on": 0},
)
COLOUR_CHANGES = Metric(
    key="colour_changes",
    title=Text("变色次数", "Changes of colour"),
    definition=Text(
        "时段内周评估使颜色不同于此前的次数；首次评估不计，中断后恢复原色不计",
        "Weekly evaluations of the window that gave a town another colour than it had; the first one is none, "
        "nor is a return from silence to the same",
    ),
    unit=Unit.COUNT,
    direction="down",
    table=HISTORY,
    formula=Count(where={"is_changed": (True,)}),
    sources=SOURCES,
    bounds=(0, MOST_TOWNS * 53),
    windows=("d365", "d28"),
    placed_by="week_end_on",
    by=("town",),
    noun=Text("次", "changes"),
    is_platform_default=True,
    example=Example(rows=({"week_end_on": 0, "is_changed": True},), value=1),
)


@dataclass(frozen=True, kw_only=True)
class Dead(Count):
    """How many workers died at work, of cases that were accepted and not refused."""

    def mask(self, rows: Rows, as_of: int) -> Mask:
        """Return which rows are such deaths."""
        return super().mask(rows, as_of) & ~rows.is_any("decision", REFUSED)


DEATHS_90D = Metric(
    key="deaths_90d",
    title=Text("近90日工亡", "Deaths at work in 90 days"),
    definition=Text(
        "死亡时刻在近90日内、已受理且未被否定的生产区域案件，含功能区；一例使所在乡镇至少为橙，两例为红",
        "Accepted cases at work, not refused, with death within 90 days, functional zones among them; one makes a town "
        "at least orange, two red",
    ),
    unit=Unit.COUNT,
    direction="down",
    table=CASE,
    formula=Dead(where={"is_production": (True,)}, present=("accepted_at",), within_s={"death_at": DEATH_S}),
    sources=CASES,
    bounds=(0, MOST_DEATHS),
    windows=NOW,
    by=("town",),
    noun=Text("人", "workers"),
    is_platform_default=True,
    example=Example(rows=({"event_at": 0, "accepted_at": 0, "death_at": 0, "is_production": True},), value=1),
)
