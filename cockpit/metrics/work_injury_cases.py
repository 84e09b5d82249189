"""Work injury 工伤: how many cases came this far, how many stand where, and how old they are (section 2.4)."""

from cockpit.case_events import CASE_EVENTS
from cockpit.formula import Count
from cockpit.metric import Metric
from cockpit.metrics.records import counted
from cockpit.text import Text
from cockpit.window import DAY_S, PERIODS

TABLE = "injury_case"
SOURCES = ("work_injury_case", "case_event")
CASES, WORKERS = Text("件", "cases"), Text("人", "workers")
NOW = ("now",)
BY_WEEK = (*PERIODS, "w156")
"""The windows of what is also told week by week."""

BY = ("town", "track")
BY_INDUSTRY = ("town", "division", "risk_cat")
"""What person-years are counted by, and so what rates to them can be told by."""


def reached(
    key: str, code: str, stamp: str, title: Text, *, by: tuple[str, ...] = ("town",), windows: tuple[str, ...] = PERIODS
) -> Metric:
    """Return how many cases came to an event in the window."""
    event = CASE_EVENTS[code].title
    return counted(
        key,
        title,
        Text(f"时段内发生“{event.zh}”({code})的案件", f"Cases that came to this in the window: {event.en.lower()}, {code}"),
        TABLE,
        sources=SOURCES,
        placed_by=stamp,
        by=by,
        windows=windows,
        noun=CASES,
    )


REACHED = (
    reached("cases_happened", "A0", "event_at", Text("事故数", "Accidents")),
    reached("cases_reported", "A1", "reported_at", Text("快报数", "Reported")),
    reached("cases_applied", "B1", "applied_at", Text("申请数", "Applied for"), by=("town", "package")),
    reached(
        "cases_accepted",
        "C1",
        "accepted_at",
        Text("受理案件数", "Cases accepted"),
        by=(*BY_INDUSTRY, "track", "accident_type"),
        windows=BY_WEEK,
    ),
    reached("cases_delivered", "D4", "delivered_at", Text("送达数", "Decisions delivered")),
    reached("appraisal_applications", "F1", "appraisal_applied_at", Text("鉴定申请数", "Appraisals applied for")),
    reached("appraisals_examined", "F3", "exam_at", Text("现场鉴定数", "Workers examined")),
    reached("appraisals_concluded", "F4", "concluded_at", Text("鉴定结论数", "Appraisals concluded"), by=("town", "grade")),
    reached("appraisals_delivered", "F5", "appraisal_delivered_at", Text("鉴定结论送达数", "Conclusions delivered")),
    reached("reappraisals", "F6", "reappraisal_applied_at", Text("再次鉴定申请数", "Appraisals contested")),
    reached("reappraisals_concluded", "F7", "reappraisal_concluded_at", Text("再次鉴定结论数", "Second appraisals concluded")),
    reached("reviews", "F8", "review_applied_at", Text("复查鉴定申请数", "Reviews of appraisals")),
    reached("reviews_concluded", "F9", "review_concluded_at", Text("复查鉴定结论数", "Reviews concluded")),
    reached("benefits_applied", "G1", "benefit_applied_at", Text("待遇申请案件数", "Cases with benefits applied for")),
    reached("cases_paid", "G3", "paid_at", Text("待遇支付案件数", "Cases with benefits paid")),
    reached("cases_closed", "Z1", "closed_at", Text("办结数", "Cases closed")),
    reached("cases_withdrawn", "D9", "withdrawn_at", Text("撤回数", "Applications withdrawn")),
    reached("cases_revoked", "D8", "revoked_at", Text("决定被撤销数", "Decisions revoked")),
    reached("cases_refused", "C2", "refused_at", Text("不予受理数", "Not accepted")),
)
DECIDED = counted(
    "cases_decided",
    Text("决定数", "Cases decided"),
    Text("时段内作出决定的案件，以当前有效的决定计", "Cases decided in the window, by the decision that stands"),
    TABLE,
    sources=SOURCES,
    placed_by="decided_at",
    by=(*BY, "decision"),
    windows=BY_WEEK,
    noun=CASES,
)
RECOGNISED = counted(
    "cases_recognised",
    Text("认定案件数", "Cases recognised"),
    Text("时段内认定或视同工伤的案件", "Cases recognised or deemed a work injury in the window"),
    TABLE,
    Count(where={"is_recognised": (True,)}),
    sources=SOURCES,
    example_row={"is_recognised": True},
    placed_by="decided_at",
    noun=CASES,
)
PRODUCTION = counted(
    "cases_production",
    Text("生产区域受理案件数", "Cases accepted, at work proper"),
    Text(
        "时段内受理的案件，不含上下班途中(14.6)和突发疾病(15.1)",
        "Cases accepted in the window without commuting (14.6) and sudden illness (15.1)",
    ),
    TABLE,
    Count(where={"is_production": (True,)}),
    sources=SOURCES,
    example_row={"is_production": True},
    placed_by="accepted_at",
    by=BY_INDUSTRY,
    noun=CASES,
    direction="down",
)
DEATHS = counted(
    "injury_deaths",
    Text("工亡人数", "Deaths"),
    Text("死亡时刻在时段内的案件", "Cases whose worker died in the window"),
    TABLE,
    sources=SOURCES,
    placed_by="death_at",
    noun=WORKERS,
    direction="down",
)

STOCK = counted(
    "stock_open",
    Text("在办案件数", "Open cases"),
    Text("已受理、尚未决定也未撤回的案件", "Cases accepted and neither decided nor withdrawn"),
    TABLE,
    Count(where={"is_open": (True,)}),
    sources=SOURCES,
    example_row={"is_open": True},
    by=BY,
    windows=NOW,
    noun=CASES,
    direction="down",
)
RUNNING = {"is_open": (True,), "is_suspended": (False,)}
STOCK_RUNNING = counted(
    "stock_running",
    Text("计时在办案件数", "Open cases, clock running"),
    Text("已受理、尚未决定且未中止的案件", "Open cases whose time limit is not suspended"),
    TABLE,
    Count(where=RUNNING),
    sources=SOURCES,
    example_row={"is_open": True, "is_suspended": False},
    windows=NOW,
    noun=CASES,
    direction="down",
)
STOCK_SUSPENDED = counted(
    "stock_suspended",
    Text("中止案件数", "Suspended cases"),
    Text("已受理、尚未决定、时限中止的案件", "Open cases whose time limit is suspended"),
    TABLE,
    Count(where={"is_open": (True,), "is_suspended": (True,)}),
    sources=SOURCES,
    example_row={"is_open": True, "is_suspended": True},
    windows=NOW,
    noun=CASES,
    direction="down",
)
AGE_BANDS = ((0, 3), (4, 15), (16, 30), (31, 45), (46, 60), (61, None))
"""Days since acceptance, pauses left out, first and last (section 2.4)."""


def stock_of_age(first: int, last: int | None) -> Metric:
    """Return how many open cases are so many days old; an age changes at local midnight."""
    name = f"{first}-{last}" if last is not None else f">{first - 1}"
    key = f"stock_{first}_{last}" if last is not None else f"stock_over_{first - 1}"
    return counted(
        key,
        Text(f"库龄{name}天", f"Open for {name} days"),
        Text(f"受理后{name}天、未中止的在办案件，扣除中止天数", f"Open cases of {name} days, pauses left out, none suspended"),
        TABLE,
        Count(
            where=RUNNING,
            within_s={} if last is None else {"age_from_at": (last + 1) * DAY_S - 1},
            beyond_s={"age_from_at": first * DAY_S - 1} if first else {},
        ),
        sources=SOURCES,
        example_row={"is_open": True, "is_suspended": False, "age_from_at": -first * DAY_S},
        windows=NOW,
        noun=CASES,
        direction="down",
    )


STOCK_BY_AGE = tuple(stock_of_age(first, last) for first, last in AGE_BANDS)
STAGES = counted(
    "cases_by_stage",
    Text("各环节案件数", "Cases by stage"),
    Text("每件案件目前所在的环节", "Where each case stands now"),
    TABLE,
    sources=SOURCES,
    by=("stage",),
    windows=NOW,
    noun=CASES,
)
