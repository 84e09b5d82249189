"""Work injury 工伤: time limits, by the clocks of section 2.2: what is due, what is overdue, what was kept (section 2.4)."""

from collections.abc import Sequence

from cockpit.formula import Average, Count, Share
from cockpit.formula_combined import Outcome, Part, amount
from cockpit.injury_clocks import RECOGNITION
from cockpit.marks import Sums
from cockpit.metric import Metric, Unit
from cockpit.metrics.records import combined, counted, of_column, shared
from cockpit.metrics.work_injury_cases import BY_WEEK, NOW
from cockpit.statistics import share
from cockpit.text import Text
from cockpit.window import PERIODS

TABLE = "injury_clock"
SOURCES = ("work_injury_case", "case_event", "cn_workday")
CLOCKS = Text("项", "clocks")
BY = ("town", "clock", "track")
AT_ONCE_S = -1
"""An instant that is reached counts in its own second."""

OF_AGENCY = {"kind": ("agency",)}
RUNNING = {**OF_AGENCY, "state": ("RUNNING",)}
OF_RECOGNITION = {"clock": tuple(RECOGNITION.values())}
ORDINARY = RECOGNITION["ordinary"]

CLOCKS_RUNNING = counted(
    "clocks_running",
    Text("计时中的时限", "Clocks running"),
    Text("尚未停止的办理时限，含中止", "Time limits of agencies that have not stopped, suspended ones among them"),
    TABLE,
    Count(where={**OF_AGENCY, "state": ("RUNNING", "SUSPENDED")}),
    sources=SOURCES,
    example_row={"kind": "agency", "state": "RUNNING"},
    by=BY,
    windows=NOW,
    noun=CLOCKS,
)
CLOCKS_PROVISIONAL = counted(
    "clocks_provisional",
    Text("暂定到期日的时限", "Clocks whose due day is provisional"),
    Text(
        "到期年份的放假安排尚未公布，到期日按周末和法定节日暂定",
        "Time limits that fall due in a year whose holidays are not announced: weekends and statutory days only",
    ),
    TABLE,
    Count(where={**RUNNING, "is_provisional": (True,)}),
    sources=SOURCES,
    example_row={"kind": "agency", "state": "RUNNING", "is_provisional": True},
    by=BY,
    windows=NOW,
    noun=CLOCKS,
)
OVERDUE_OPEN = counted(
    "overdue_open",
    Text("超期在办", "Overdue and open"),
    Text("认定时限已过到期日、未中止、尚未决定的案件", "Cases undecided after their due day, none suspended"),
    TABLE,
    Count(where={**RUNNING, **OF_RECOGNITION}, present=("due_at",), beyond_s={"due_at": AT_ONCE_S}),
    sources=SOURCES,
    example_row={"kind": "agency", "state": "RUNNING", "clock": ORDINARY, "due_at": 0},
    by=BY,
    windows=NOW,
    direction="down",
)
OVERDUE_CLOCKS = counted(
    "overdue_clocks",
    Text("超期时限", "Clocks overdue"),
    Text("办理时限中已过到期日、未中止、尚未停止的", "Time limits of agencies past their due day that run"),
    TABLE,
    Count(where=RUNNING, present=("due_at",), beyond_s={"due_at": AT_ONCE_S}),
    sources=SOURCES,
    example_row={"kind": "agency", "state": "RUNNING", "due_at": 0},
    by=BY,
    windows=NOW,
    noun=CLOCKS,
    direction="down",
)
OVERDUE_CLOSED = counted(
    "overdue_closed",
    Text("超期办结", "Decided overdue"),
    Text("时段内作出、晚于到期日的认定决定", "Decisions of the window made after their due day"),
    TABLE,
    Count(where={**OF_AGENCY, **OF_RECOGNITION, "state": ("LATE",)}),
    sources=SOURCES,
    example_row={"kind": "agency", "clock": ORDINARY, "state": "LATE"},
    placed_by="stopped_at",
    by=BY,
    direction="down",
)


def overdue_share(parts: Sequence[Sums]) -> Outcome:
    """Return the overdue share in percent, of what is overdue and open, overdue and closed, closed, and open."""
    is_open, is_closed, closed, stock = (round(amount(part)) for part in parts)
    whole = closed + stock
    return Outcome(share(min(is_open + is_closed, whole), whole) if whole else None)


OVERDUE_RATE = combined(
    "overdue_rate",
    Text("超期率", "Overdue share"),
    Text("（超期在办＋超期办结）÷（办结＋在办），办结以时段计", "Overdue, open or decided in the window, among all of both"),
    TABLE,
    (Part("overdue_open", "now"), Part("overdue_closed"), Part("cases_decided"), Part("stock_open", "now")),
    overdue_share,
    unit=Unit.PERCENT,
    direction="down",
    sources=SOURCES,
    bounds=(0, 100),
    example=(
        (
            (OVERDUE_OPEN.example.rows[0],),
            (OVERDUE_CLOSED.example.rows[0],),
            ({"decided_at": 0},) * 6,
            ({"event_at": 0, "is_open": True},) * 2,
        ),
        25.0,
    ),
)
WARNINGS = (
    ("blue", "blue_at", "yellow_at", Text("蓝色预警", "Blue warning"), Text("剩余不超过时限的30%", "at most 30 % of it left")),
    ("yellow", "yellow_at", "orange_at", Text("黄色预警", "Yellow warning"), Text("剩余不超过时限的20%", "at most 20 % left")),
    (
        "orange",
        "orange_at",
        "strict_due_at",
        Text("橙色预警", "Orange warning"),
        Text("剩余不超过时限的10%或1个工作日", "at most 10 % of it, or one working day, left"),
    ),
    ("red", "strict_due_at", None, Text("红色预警", "Red warning"), Text("已过严格到期日", "past the strict due day")),
)
"""Levels of section 2.4, [DEF], by the strict due day, so that nobody relies on the days that a holiday grants."""


def warned(level: str, since: str, until: str | None, title: Text, what: Text) -> Metric:
    """Return how many running clocks are at one level of warning."""
    example_row = {"kind": "agency", "state": "RUNNING", since: 0, **({until: 1} if until else {})}
    return counted(
        f"due_{level}",
        title,
        Text(f"未停止、未中止的办理时限：{what.zh}", f"Time limits that run, {what.en}"),
        TABLE,
        Count(
            where=RUNNING,
            present=(since,),
            beyond_s={since: AT_ONCE_S},
            within_s={until: AT_ONCE_S} if until else {},
        ),
        sources=SOURCES,
        example_row=example_row,
        by=BY,
        windows=NOW,
        noun=CLOCKS,
        direction="down",
        is_platform_default=True,
    )


DUE_SOON = tuple(warned(*level) for level in WARNINGS)
ENDED = Count(where={**OF_AGENCY, "state": ("MET", "LATE")})
KEPT = Count(where={"state": ("MET",)})
CLOCK_KEPT = shared(
    "clock_kept",
    Text("时限遵守率", "Time limits kept"),
    Text("时段内停止的办理时限中未超期的占比", "Time limits of agencies kept, among those that stopped in the window"),
    TABLE,
    Share(among=ENDED, hit=KEPT),
    sources=SOURCES,
    hit={"kind": "agency", "state": "MET"},
    miss={"kind": "agency", "state": "LATE"},
    placed_by="stopped_at",
    by=BY,
    windows=PERIODS,
)
WITHIN_LIMIT = shared(
    "legal_within",
    Text("法定时限内办结率", "Decided within the limit"),
    Text("时段内作出的决定中未超过适用时限的占比", "Decisions of the window made within the limit that applied"),
    TABLE,
    Share(among=Count(where={**OF_AGENCY, **OF_RECOGNITION, "state": ("MET", "LATE")}), hit=KEPT),
    sources=SOURCES,
    hit={"kind": "agency", "clock": ORDINARY, "state": "MET"},
    miss={"kind": "agency", "clock": ORDINARY, "state": "LATE"},
    placed_by="stopped_at",
    by=BY,
    windows=BY_WEEK,
)
LIMIT_USED = of_column(
    "limit_used",
    Text("时限用去比例均值", "Share of the limit used, mean"),
    Text(
        "时段内的认定决定所用天数占适用时限的百分比的均值，扣除中止天数",
        "Mean of the days that decisions of the window took, pauses left out, in per cent of the limit that applied",
    ),
    TABLE,
    Average(column="limit_used_pct"),
    unit=Unit.PERCENT,
    sources=SOURCES,
    example=([50.0] * 10 + [100.0] * 10, 75.0),
    example_row={"kind": "agency", "clock": ORDINARY, "state": "MET"},
    placed_by="stopped_at",
    among=Count(where={**OF_AGENCY, **OF_RECOGNITION, "state": ("MET", "LATE")}),
    by=BY,
    direction="down",
)
