"""Work injury 工伤: packages, specialists, disputes and what they are spared (WI-00, WI-01, WI-07, section 2.8)."""

from collections.abc import Sequence

from cockpit.formula import Average, Count, Share, Total
from cockpit.formula_combined import Outcome, Part, amount
from cockpit.marks import Sums
from cockpit.metric import Target, Unit
from cockpit.metrics.records import combined, counted, of_column, shared
from cockpit.metrics.work_injury_cases import CASES, NOW, SOURCES, TABLE, WORKERS
from cockpit.statistics import Estimate
from cockpit.text import Text
from cockpit.window import PERIODS

MATERIALS = (*SOURCES, "case_material")
BY = ("town",)
BY_ROLE, BY_MEDIATOR, BY_TRAINER = (("town", f"{who}_role") for who in ("specialist", "mediator", "trainer"))
TIMES = Text("次", "times")
PUBLISHED = Text("公开报道", "as published")
IS_RECOGNISED = Count(where={"is_recognised": (True,)})

PACKAGE_COVERAGE = shared(
    "package_coverage",
    Text("套餐覆盖率", "Handled inside a package"),
    Text("时段内申请中按固定套餐办理的占比；套餐名称待业务确认", "Applications handled inside one of the fixed packages"),
    TABLE,
    Share(among=Count(), valid=Count(present=("is_in_package",)), hit=Count(where={"is_in_package": (True,)})),
    sources=MATERIALS,
    hit={"is_in_package": True},
    miss={"is_in_package": False},
    placed_by="applied_at",
    windows=PERIODS,
    target=Target(value=95, basis=PUBLISHED),
)
MATERIALS_PER_CASE = of_column(
    "materials_per_case",
    Text("每件材料数", "Materials a case"),
    Text("时段内申请的案件所交材料份数的均值", "Mean number of materials handed in, cases applied for in the window"),
    TABLE,
    Average(column="material_count"),
    unit=Unit.MEAN_COUNT,
    sources=MATERIALS,
    example=([1] * 10 + [4] * 10, 2.5),
    placed_by="applied_at",
    by=("town", "package"),
    noun=Text("份/件", "a case"),
    direction="down",
)
CARD_ONLY = shared(
    "card_only_share",
    Text("凭卡即办率", "Done with the card alone"),
    Text("时段内申请的案件中只凭社保卡办理的占比", "Cases applied for in the window that needed nothing but the card"),
    TABLE,
    Share(among=Count(), valid=Count(present=("is_card_only",)), hit=Count(where={"is_card_only": (True,)})),
    sources=MATERIALS,
    hit={"is_card_only": True},
    miss={"is_card_only": False},
    placed_by="applied_at",
    windows=PERIODS,
)
ADVANCE_AVOIDED = of_column(
    "advance_avoided",
    Text("免垫付金额", "Advance payments avoided"),
    Text("受理案件中医院直接结算、未先垫付的金额", "Hospital bills settled direct, not paid first by anybody"),
    TABLE,
    Total(column="advance_avoided_fen"),
    unit=Unit.YUAN,
    sources=SOURCES,
    example=([150_000, 250_000], 4000.0),
    placed_by="accepted_at",
    direction="up",
)
DISABLED_SHARE = shared(
    "disabled_share",
    Text("伤残占比", "Disabled share"),
    Text(
        "时段内认定的案件中评定1–10级的占比；近期认定的案件鉴定未完，此值偏低",
        "Graded 1 to 10 among cases recognised in the window; low for recent ones, whose appraisal is not done",
    ),
    TABLE,
    Share(among=IS_RECOGNISED, hit=Count(where={"is_graded": (True,)})),
    sources=SOURCES,
    hit={"is_recognised": True, "is_graded": True},
    miss={"is_recognised": True, "is_graded": False},
    placed_by="decided_at",
    windows=PERIODS,
    direction="context",
)
SEVERE_SHARE = shared(
    "severe_share",
    Text("重伤残及死亡占比", "Severe share"),
    Text("时段内认定的案件中1–4级或死亡的占比", "Grades 1 to 4 and deaths among cases recognised in the window"),
    TABLE,
    Share(among=IS_RECOGNISED, hit=Count(where={"is_severe": (True,)})),
    sources=SOURCES,
    hit={"is_recognised": True, "is_severe": True},
    miss={"is_recognised": True, "is_severe": False},
    placed_by="decided_at",
    windows=PERIODS,
    direction="down",
)
DISPUTE_SHARE = shared(
    "dispute_share",
    Text("争议占比", "Dispute share"),
    Text("时段内认定的案件中有调解、仲裁、复议或诉讼的占比", "Cases recognised in the window that had any dispute"),
    TABLE,
    Share(among=IS_RECOGNISED, hit=Count(where={"has_dispute": (True,)})),
    sources=SOURCES,
    hit={"is_recognised": True, "has_dispute": True},
    miss={"is_recognised": True, "has_dispute": False},
    placed_by="decided_at",
    windows=PERIODS,
    direction="down",
)

ACCOMPANIED = counted(
    "accompany_cnt",
    Text("陪跑件数", "Accompaniments"),
    Text("时段内申请、由服务专员陪跑的案件", "Cases applied for in the window that a specialist accompanies"),
    TABLE,
    Count(where={"is_accompanied": (True,)}),
    sources=SOURCES,
    example_row={"is_accompanied": True},
    placed_by="applied_at",
    by=BY_ROLE,
    noun=CASES,
    direction="up",
)
ACCOMPANY_RATE = shared(
    "accompany_rate",
    Text("陪跑率", "Accompanied share"),
    Text("时段内认定的案件中由服务专员陪跑的占比", "Cases recognised in the window that a specialist accompanied"),
    TABLE,
    Share(among=IS_RECOGNISED, valid=Count(present=("is_accompanied",)), hit=Count(where={"is_accompanied": (True,)})),
    sources=SOURCES,
    hit={"is_recognised": True, "is_accompanied": True},
    miss={"is_recognised": True, "is_accompanied": False},
    placed_by="decided_at",
    windows=PERIODS,
)
MEDIATIONS = counted(
    "mediations",
    Text("调解受理数", "Mediations opened"),
    Text("时段内受理调解(H1)的案件", "Cases whose mediation was opened in the window, H1"),
    TABLE,
    sources=SOURCES,
    placed_by="mediation_opened_at",
    by=BY_MEDIATOR,
    noun=CASES,
)
MEDIATED = counted(
    "mediated",
    Text("调解成功数", "Mediations settled"),
    Text("时段内调解成功(H2)的案件", "Cases settled by mediation in the window, H2"),
    TABLE,
    sources=SOURCES,
    placed_by="mediated_at",
    by=BY_MEDIATOR,
    noun=CASES,
    direction="up",
)
MEDIATED_OK = shared(
    "mediated_ok",
    Text("调解成功率", "Settled by mediation"),
    Text("时段内受理的调解中成功的占比", "Mediations opened in the window that were settled"),
    TABLE,
    Share(among=Count(), hit=Count(present=("mediated_at",))),
    sources=SOURCES,
    hit={"mediated_at": 0},
    miss={},
    placed_by="mediation_opened_at",
    by=BY_MEDIATOR,
    windows=PERIODS,
)
SPECIALISTS = counted(
    "specialists",
    Text("在岗服务专员", "Specialists at work"),
    Text("名录中在岗的五类服务专员", "Specialists of the five kinds who are at work now"),
    "specialist",
    Count(where={"is_active": (True,)}),
    sources=("specialist",),
    example_row={"specialist_id": "1", "is_active": True},
    placed_by="specialist_id",
    by=("town", "role"),
    windows=NOW,
    noun=WORKERS,
)


def for_each(parts: Sequence[Sums]) -> Outcome:
    """Return how much of the first part there is to each of the second."""
    whole, count = (amount(part) for part in parts)
    return Outcome(Estimate(whole / count, None, None) if count else None)


LOAD = combined(
    "load_per_specialist",
    Text("专员人均办件", "Cases a specialist"),
    Text("时段内受理案件数÷在岗服务专员数", "Cases accepted in the window to each specialist at work"),
    TABLE,
    (Part("cases_accepted"), Part("specialists", "now")),
    for_each,
    unit=Unit.MEAN_COUNT,
    direction="context",
    sources=(*SOURCES, "specialist"),
    noun=Text("件/人", "each"),
    example=((({"accepted_at": 0},) * 5, (SPECIALISTS.example.rows[0],) * 2), 2.5),
)
TRAINED = counted(
    "trained",
    Text("培训人次", "Trained"),
    Text("时段内参加再就业培训(R2)的工伤职工", "Injured workers trained for new work in the window, R2"),
    TABLE,
    sources=SOURCES,
    placed_by="trained_at",
    by=BY_TRAINER,
    noun=TIMES,
    direction="up",
)
INTENTS = counted(
    "intents",
    Text("就业意向登记数", "Wishes to work filed"),
    Text("时段内登记就业意向(R1)的工伤职工", "Injured workers who filed a wish to work in the window, R1"),
    TABLE,
    sources=SOURCES,
    placed_by="intent_at",
    noun=WORKERS,
)
OFFERED = counted(
    "offered",
    Text("岗位推荐人数", "Offered a post"),
    Text("时段内获推荐岗位(R3)的工伤职工", "Injured workers who were offered a post in the window, R3"),
    TABLE,
    sources=SOURCES,
    placed_by="offered_at",
    noun=WORKERS,
    direction="up",
)
PLACED = counted(
    "placed",
    Text("上岗人数", "Placed"),
    Text("时段内上岗(R4)的工伤职工", "Injured workers placed in the window, R4"),
    TABLE,
    sources=SOURCES,
    placed_by="placed_at",
    noun=WORKERS,
    direction="up",
)
