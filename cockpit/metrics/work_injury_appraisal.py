"""Work injury 工伤: appraisal 鉴定, going back to work 再就业 and quick arbitration 速裁 (WI-08, WI-09, WI-10)."""

from dataclasses import replace

from cockpit.formula import Count, Distinct, Ratio, Share, Within
from cockpit.interval import Interval, State
from cockpit.metric import Example, Metric, Target, Unit
from cockpit.metrics.in_days import EXAMPLE_LENGTHS
from cockpit.metrics.records import counted, of_column, shared
from cockpit.metrics.work_injury_cases import BY_WEEK, CASES, NOW, SOURCES, TABLE
from cockpit.metrics.work_injury_intervals import ARB_ACCEPT, AWARD, INTENT_TO_JOB, MEDIATION
from cockpit.text import Text
from cockpit.window import DAY_S, PERIODS

COHORT_S = 180 * DAY_S
"""Who filed a wish to work is counted once 180 days are over, and as placed when it took no longer (section 2.8) [DEF]."""

FIRMS, POSTS, TIMES = Text("家", "firms"), Text("个", "posts"), Text("次", "times")

BOOKED_IN_HOSPITAL = counted(
    "inhosp_bookings",
    Text("在院预约鉴定数", "Appraisals booked in hospital"),
    Text("时段内住院期间预约鉴定(F0)的案件", "Cases whose appraisal was booked from the hospital bed in the window, F0"),
    TABLE,
    sources=SOURCES,
    placed_by="inhosp_booked_at",
    windows=BY_WEEK,
    noun=CASES,
    direction="up",
)
IN_HOSPITAL_SHARE = shared(
    "inhosp_booking_share",
    Text("在院预约占比", "Booked in hospital"),
    Text("时段内鉴定申请中在院预约的占比", "Applications for appraisal of the window that were booked from the hospital bed"),
    TABLE,
    Share(among=Count(), hit=Count(where={"is_inhosp": (True,)})),
    sources=SOURCES,
    hit={"is_inhosp": True},
    miss={"is_inhosp": False},
    placed_by="appraisal_applied_at",
    windows=PERIODS,
)
TWO_CERTIFICATES = counted(
    "two_certificates",
    Text("一次鉴定两证并领", "Two certificates in one appraisal"),
    Text("时段内出结论、同时取得残疾人证的鉴定", "Appraisals concluded in the window that gave the disability card too"),
    TABLE,
    Count(where={"is_two_certificates": (True,)}),
    sources=SOURCES,
    example_row={"is_two_certificates": True},
    placed_by="concluded_at",
    noun=CASES,
    direction="up",
)
SLOTS_USED = shared(
    "slots_used",
    Text("鉴定场次使用率", "Session places used"),
    Text("时段内鉴定场次的已约人数占容量的比例", "Persons booked in per cent of the places of sessions in the window"),
    "appraisal_slot",
    Ratio(numerator="booked_count", denominator="capacity_count", minimum_n=1),
    sources=("appraisal_slot",),
    hit={"booked_count": 4, "capacity_count": 4},
    miss={"booked_count": 0, "capacity_count": 4},
    placed_by="begin_at",
    by=("hospital_id",),
    windows=PERIODS,
    direction="context",
)
NO_SHOW = replace(
    SLOTS_USED,
    key="no_show",
    title=Text("爽约率", "No-shows"),
    definition=Text("时段内鉴定场次中爽约人数占已约人数的比例", "Persons who did not come in per cent of those booked"),
    direction="down",
    formula=Ratio(numerator="no_show_count", denominator="booked_count", minimum_n=1),
    example=Example(rows=({"no_show_count": 3, "booked_count": 4},), value=75.0),
)
SESSIONS = counted(
    "appraisal_sessions",
    Text("鉴定场次", "Appraisal sessions"),
    Text("时段内开始的鉴定场次", "Sessions that began in the window"),
    "appraisal_slot",
    sources=("appraisal_slot",),
    placed_by="begin_at",
    by=("hospital_id",),
    noun=TIMES,
)

PLACED_RATE = shared(
    "placed_rate",
    Text("再就业上岗率", "Placed in 180 days"),
    Text(
        "时段内登记意向(R1)且已满180天的职工中180天内上岗(R4)的占比，按人去重",
        "Workers placed within 180 days of the wish to work that they filed in the window, where these are over; each once",
    ),
    TABLE,
    Share(
        among=Count(present=("intent_at",), beyond_s={"intent_at": COHORT_S}),
        hit=Count(at_most={INTENT_TO_JOB.value: COHORT_S}),
        each="person_key",
    ),
    sources=SOURCES,
    hit={"intent_at": -COHORT_S - 1, INTENT_TO_JOB.value: COHORT_S},
    miss={"intent_at": -COHORT_S - 1},
    placed_by="intent_at",
    windows=("r12", "r12_ly"),
    is_platform_default=True,
)
IS_OPEN = Count(absent=("closed_on",))
POSTS_OPEN = counted(
    "posts_open",
    Text("在招岗位", "Posts open"),
    Text("已发布、尚未关闭的岗位", "Posts that were posted and not closed"),
    "job_post",
    IS_OPEN,
    sources=("job_post",),
    placed_by="posted_on",
    by=(),
    windows=NOW,
    noun=POSTS,
    direction="up",
)
EMPLOYERS = of_column(
    "posting_employers",
    Text("在招单位", "Firms with open posts"),
    Text("有在招岗位的用人单位", "Enterprises that have an open post"),
    "job_post",
    Distinct(column="employer_id"),
    unit=Unit.COUNT,
    sources=("job_post",),
    example=(["a", "b", "b"], 2.0),
    placed_by="posted_on",
    among=IS_OPEN,
    by=(),
    windows=NOW,
    noun=FIRMS,
    direction="up",
)

WENZHOU = Text("瓯海工伤速裁", "Ouhai's quick arbitration")
LAW = Text("劳动争议调解仲裁法第四十三条", "Arbitration law, article 43")
ARBITRATIONS = counted(
    "arbitrations",
    Text("仲裁申请数", "Arbitrations applied for"),
    Text("时段内申请仲裁(H4)的案件", "Cases with arbitration applied for in the window, H4"),
    TABLE,
    sources=SOURCES,
    placed_by="arb_applied_at",
    noun=CASES,
)
AWARDS = counted(
    "awards",
    Text("仲裁裁决数", "Awards"),
    Text("时段内作出裁决(H7)的案件", "Cases with an award in the window, H7"),
    TABLE,
    sources=SOURCES,
    placed_by="awarded_at",
    noun=CASES,
)


def in_time(  # noqa: PLR0917 in the order one says them: this share, of this interval, within so many days
    key: str, interval: Interval, days: int, title: Text, what: Text, placed_by: str, basis: Text
) -> Metric:
    """Return the share of an interval's valid lengths of at most so many days; all of them is what was promised."""
    rows = tuple({"event_at": 0, interval.value: n * DAY_S, interval.state: State.VALID.value} for n in EXAMPLE_LENGTHS)
    return Metric(
        key=key,
        title=title,
        definition=what,
        unit=Unit.PERCENT,
        direction="up",
        table=TABLE,
        formula=Within(interval=interval, limit_s=days * DAY_S),
        sources=SOURCES,
        bounds=(0, 100),
        windows=PERIODS,
        placed_by=placed_by,
        by=("town",),
        target=Target(value=100, basis=basis),
        example=Example(rows=rows, value=100 * sum(n <= days for n in EXAMPLE_LENGTHS) / len(EXAMPLE_LENGTHS)),
    )


QUICK = (
    in_time(
        "same_day_accept",
        ARB_ACCEPT,
        0,
        Text("仲裁当日受理率", "Accepted the same day"),
        Text("时段内受理的仲裁中申请当日受理的占比", "Arbitrations accepted in the window on the day of the application"),
        "arb_accepted_at",
        WENZHOU,
    ),
    in_time(
        "mediated_7d",
        MEDIATION,
        7,
        Text("7日内调解率", "Mediated within 7 days"),
        Text("时段内调解成功的案件中7日内成功的占比", "Mediations settled in the window within 7 days"),
        "mediated_at",
        WENZHOU,
    ),
    in_time(
        "award_30d",
        AWARD,
        30,
        Text("30日内裁决率", "Award within 30 days"),
        Text("时段内裁决中受理后30日内作出的占比", "Awards of the window within 30 days of acceptance"),
        "awarded_at",
        WENZHOU,
    ),
    in_time(
        "legal_45d",
        AWARD,
        45,
        Text("45日内裁决率", "Award within 45 days"),
        Text("时段内裁决中受理后45日内作出的占比", "Awards of the window within 45 days of acceptance"),
        "awarded_at",
        LAW,
    ),
)
HEARING = "hearing"
HEARING_SOURCES = ("arb_hearing",)
HEARINGS = counted(
    "hearings",
    Text("开庭数", "Hearings"),
    Text("时段内的仲裁庭审", "Hearings of arbitration in the window"),
    HEARING,
    sources=HEARING_SOURCES,
    by=("town", "mode"),
    noun=TIMES,
)


def of_hearings(
    key: str, title: Text, definition: Text, kind: Count, *, hit: dict[str, object], miss: dict[str, object]
) -> Metric:
    """Return the share of hearings of one kind."""
    return shared(
        key,
        title,
        definition,
        HEARING,
        Share(among=Count(), valid=Count(present=tuple(hit)), hit=kind),
        sources=HEARING_SOURCES,
        hit=hit,
        miss=miss,
        windows=PERIODS,
        direction="context",
    )


HYBRID = of_hearings(
    "hybrid_hearing_share",
    Text("混合庭审占比", "Hybrid hearings"),
    Text("时段内庭审中一方到场、一方在线的占比", "Hearings of the window with one side present and the other online"),
    Count(where={"mode": ("一方到场一方在线",)}),
    hit={"mode": "一方到场一方在线"},
    miss={"mode": "现场"},
)
CROSS_REGION = of_hearings(
    "cross_region_share",
    Text("跨区域庭审占比", "Hearings across regions"),
    Text("时段内庭审中跨区域的占比", "Hearings of the window across regions"),
    Count(where={"is_cross_region": (True,)}),
    hit={"is_cross_region": True},
    miss={"is_cross_region": False},
)
TOLERANT = of_hearings(
    "tolerance_accept_share",
    Text("容缺受理占比", "Accepted with papers missing"),
    Text("时段内庭审的案件中容缺受理的占比", "Hearings of the window whose case was accepted with papers missing"),
    Count(where={"is_tolerance_accepted": (True,)}),
    hit={"is_tolerance_accepted": True},
    miss={"is_tolerance_accepted": False},
)
