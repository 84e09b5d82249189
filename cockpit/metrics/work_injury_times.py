"""Work injury 工伤: how long each stage takes, from the accident to the money (section 2.3), and what is fast (WI-03)."""

from dataclasses import replace

from cockpit.formula import Count, Mean, Quantile, Share, SurvivalQuantile, Within
from cockpit.interval import Interval, State
from cockpit.metric import Example, Metric, Target, Unit
from cockpit.metrics.in_days import EXAMPLE_LENGTHS, in_days
from cockpit.metrics.records import shared
from cockpit.metrics.work_injury_cases import BY_WEEK, SOURCES, TABLE
from cockpit.metrics.work_injury_intervals import (
    ACCEPT,
    APPLY,
    APPRAISAL_DELIVERY,
    APPRAISE,
    ARB_ACCEPT,
    AWARD,
    BENEFIT,
    DELIVER,
    END_TO_END,
    EXAM,
    HANDLING,
    INTENT_TO_JOB,
    LEGAL,
    MEDIATION,
    REPORT_LAG,
    TO_APPRAISAL,
)
from cockpit.text import Text
from cockpit.window import DAY_S, PERIODS

BY = ("town", "track")
FAST_LIMIT_S = 3 * DAY_S
"""60→3: the local fast track decides within three days (WI-03)."""


def stage(interval: Interval, placed_by: str, what: Text, *, unit: Unit = Unit.DAYS) -> tuple[Metric, ...]:
    """Return the metrics of a stage, each case standing in the window in which the stage ended."""
    windows = BY_WEEK if interval in (LEGAL, HANDLING) else PERIODS
    return in_days(interval, what, sources=SOURCES, by=BY, unit=unit, placed_by=placed_by, windows=windows)


STAGES = (
    *stage(
        REPORT_LAG, "reported_at", Text("从事故到快报(A0→A1)的时长", "Time from accident to report, A0 to A1"), unit=Unit.HOURS
    ),
    *stage(APPLY, "applied_at", Text("从事故到申请(A0→B1)的天数", "Days from accident to application, A0 to B1")),
    *stage(ACCEPT, "accepted_at", Text("从申请到受理(B1→C1)的天数", "Days from application to acceptance, B1 to C1")),
    *stage(
        LEGAL,
        "decided_at",
        Text(
            "从受理到决定(C1→D)的天数，扣除中止天数；决定被撤销后从撤销日重算",
            "Days from acceptance to decision, C1 to D, pauses left out; anew from the day a decision was revoked",
        ),
    ),
    *stage(
        HANDLING,
        "decided_at",
        Text("从申请到决定(B1→D)的天数，含中止", "Days from application to decision, B1 to D, pauses among them"),
    ),
    *stage(DELIVER, "delivered_at", Text("从决定到送达(D→D4)的天数", "Days from decision to delivery, D to D4")),
    *stage(
        TO_APPRAISAL,
        "appraisal_applied_at",
        Text("从送达到鉴定申请(D4→F1)的天数", "Days from delivery to the application for appraisal, D4 to F1"),
    ),
    *stage(
        APPRAISE,
        "concluded_at",
        Text("从鉴定申请到结论(F1→F4)的天数", "Days from application for appraisal to conclusion, F1 to F4"),
    ),
    *stage(EXAM, "concluded_at", Text("从现场鉴定到结论(F3→F4)的天数", "Days from examination to conclusion, F3 to F4")),
    *stage(
        APPRAISAL_DELIVERY,
        "appraisal_delivered_at",
        Text("从结论到送达(F4→F5)的天数", "Days from conclusion to delivery, F4 to F5"),
    ),
    *stage(BENEFIT, "paid_at", Text("从待遇申请到首次支付(G1→G3)的天数", "Days from application to first payment, G1 to G3")),
    *stage(
        END_TO_END,
        "lump_paid_at",
        Text("从事故到首笔一次性待遇支付(A0→G3)的天数", "Days from accident to the first lump sum, A0 to G3"),
    ),
    *stage(MEDIATION, "mediated_at", Text("从调解受理到成功(H1→H2)的天数", "Days from opening to settlement, H1 to H2")),
    *stage(
        ARB_ACCEPT, "arb_accepted_at", Text("从仲裁申请到受理(H4→H5)的天数", "Days from application to acceptance, H4 to H5")
    ),
    *stage(AWARD, "awarded_at", Text("从仲裁受理到裁决(H5→H7)的天数", "Days from acceptance to award, H5 to H7")),
    *stage(
        INTENT_TO_JOB,
        "placed_at",
        Text("从就业意向到上岗(R1→R4)的天数", "Days from the wish to work to the job, R1 to R4"),
    ),
)

FAST_TRACK = Count(where={"is_fast": (True,)})
FAST_EXAMPLE = tuple(
    {"event_at": 0, "is_fast": True, HANDLING.value: n * DAY_S, HANDLING.state: State.VALID.value} for n in EXAMPLE_LENGTHS
)
FAST_DAYS = tuple(
    Metric(
        key=f"fast_days_{suffix}",
        title=Text(f"速办时长{name.zh}", f"Fast-track handling, {name.en}"),
        definition=Text(
            "简易工伤从申请到决定(B1→D)的天数；按当地日历日相减",
            "Days from application to decision of cases on the fast track; by local calendar days",
        ),
        unit=Unit.DAYS,
        direction="down",
        table=TABLE,
        formula=formula,
        sources=SOURCES,
        bounds=(0, 36_525),
        windows=PERIODS,
        placed_by="decided_at",
        among=FAST_TRACK,
        by=("town",),
        example=Example(rows=FAST_EXAMPLE, value=value),
    )
    for suffix, name, formula, value in (
        ("p50", Text("中位数", "median"), Quantile(interval=HANDLING, q=0.5), 10.5),
        ("p90", Text("P90", "P90"), Quantile(interval=HANDLING, q=0.9), 18.1),
        ("mean", Text("均值", "mean"), Mean(interval=HANDLING), 10.5),
    )
)
PUBLISHED = Text("三天办结", "decided in three days")
FAST_OK = Metric(
    key="fast_ok",
    title=Text("速办达标率", "Fast track within 3 days"),
    definition=Text(
        "简易工伤中受理到决定(C1→D)不超过3天的占比，扣除中止天数",
        "Share of fast-track decisions made at most 3 days after acceptance, pauses left out",
    ),
    unit=Unit.PERCENT,
    direction="up",
    table=TABLE,
    formula=Within(interval=LEGAL, limit_s=FAST_LIMIT_S),
    sources=SOURCES,
    bounds=(0, 100),
    windows=PERIODS,
    placed_by="decided_at",
    among=FAST_TRACK,
    by=("town",),
    target=Target(value=90, basis=PUBLISHED),
    is_platform_default=True,
    example=Example(
        rows=tuple(
            {"event_at": 0, "is_fast": True, LEGAL.value: n * DAY_S, LEGAL.state: State.VALID.value} for n in EXAMPLE_LENGTHS
        ),
        value=15.0,
    ),
)
FAST_SHARE = shared(
    "fast_share",
    Text("速办占比", "Fast-track share"),
    Text("时段内作出的决定中简易工伤的占比", "Fast-track cases among decisions of the window"),
    TABLE,
    Share(among=Count(), valid=Count(present=("is_fast",)), hit=FAST_TRACK),
    sources=SOURCES,
    hit={"is_fast": True},
    miss={"is_fast": False},
    placed_by="decided_at",
    windows=BY_WEEK,
)
FAST_ELIGIBLE_SHARE = shared(
    "fast_used_share",
    Text("可速办已速办率", "Eligible cases on the fast track"),
    Text("符合简易工伤条件的受理案件中走速办的占比", "Cases on the fast track among accepted ones that are eligible for it"),
    TABLE,
    Share(among=Count(where={"is_fast_eligible": (True,)}), valid=Count(present=("is_fast",)), hit=FAST_TRACK),
    sources=SOURCES,
    hit={"is_fast_eligible": True, "is_fast": True},
    miss={"is_fast_eligible": True, "is_fast": False},
    placed_by="accepted_at",
    windows=PERIODS,
    is_platform_default=True,
)
OPEN_COHORT = replace(
    FAST_OK,
    key="open_cohort_p50",
    title=Text("开放队列决定时长中位数", "Days to decision, open cohort, median"),
    definition=Text(
        "时段内受理案件的受理到决定天数的Kaplan–Meier中位数；未决、中止、撤回的按截尾计，积压不能隐身",
        "Kaplan–Meier median of days from acceptance to decision of cases accepted in the window; undecided, suspended and "
        "withdrawn ones are censored, so that a backlog cannot hide",
    ),
    unit=Unit.DAYS,
    direction="down",
    formula=SurvivalQuantile(interval=LEGAL, since="age_from_at", censored_at="ended_at", q=0.5),
    bounds=(0, 36_525),
    placed_by="accepted_at",
    among=None,
    by=BY,
    target=None,
    is_platform_default=False,
    example=Example(rows=tuple({k: v for k, v in row.items() if k != "is_fast"} for row in FAST_OK.example.rows), value=10.0),
)
