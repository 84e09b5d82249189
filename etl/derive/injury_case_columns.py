"""The columns of `injury_case`: all that is known of one work-injury case, and how personal each of it is."""

from dataclasses import replace

from cockpit.case_events import CASE_EVENTS
from cockpit.code_names import GRADES, STAGES, TRACKS
from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.metrics.work_injury_intervals import INJURY_CASE_INTERVALS
from cockpit.text import Text
from etl.contracts.work_injury import PACKAGES, WORK_INJURY_CASE
from etl.contracts.work_injury_care import ROLES
from etl.derive.injury_log import ENDINGS
from etl.derive.timing import instants, interval_columns


def said(name: str) -> Column:
    """Return a column as the list of cases declares it; its values were checked there."""
    return replace(WORK_INJURY_CASE.column(name), required=False, references=None, is_past=False)


WHO = (
    Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
    said("person_key"),
    said("enterprise_id"),
    Column("town", Kind.TOWN, Text("生产所在乡镇", "Town of the production site"), required=True),
    Column("accident_town", Kind.TOWN, Text("事故乡镇", "Town of the accident"), required=True),
    Column("division", Kind.TEXT, Text("行业大类", "Industry, two digits of GB/T 4754-2017; ?: not known"), required=True),
    Column("risk_cat", Kind.TEXT, Text("风险类别", "Risk category, 1 to 8; ?: not known"), required=True),
    said("basis"),
    said("accident_type"),
    said("applicant"),
    Column("package", Kind.TEXT, Text("套餐", "Package"), allowed=PACKAGES),
    said("specialist_id"),
    Column("specialist_role", Kind.TEXT, Text("专员角色", "Role of the specialist"), allowed=ROLES),
    Column("mediator_role", Kind.TEXT, Text("调解专员角色", "Role of who opened the mediation"), allowed=ROLES),
    Column("trainer_role", Kind.TEXT, Text("培训专员角色", "Role of who trained the worker"), allowed=ROLES),
    said("hospital_id"),
    Column("grade", Kind.TEXT, Text("伤残等级", "Grade 1 to 10, none when missing"), allowed=(*GRADES,), pii=Pii.SENSITIVE),
    Column("track", Kind.TEXT, Text("办理通道", "Track: fast, clear or ordinary"), required=True, allowed=(*TRACKS,)),
    Column("decision", Kind.TEXT, Text("本轮结果", "How the current round ended"), allowed=ENDINGS),
    Column("state", Kind.TEXT, Text("主线状态", "Furthest event that stands"), required=True, allowed=(*CASE_EVENTS,)),
    Column("stage", Kind.TEXT, Text("当前阶段", "Where the case stands now"), required=True, allowed=(*STAGES,)),
)

WHEN = (
    Column("event_at", Kind.INSTANT, Text("事故时刻", "When the accident happened"), required=True),
    EVENT_LOCAL,
    *instants(
        reported_at=Text("快报时刻", "When it was reported"),
        applied_at=Text("申请时刻", "When recognition was applied for"),
        accepted_at=Text("受理时刻", "When the application was accepted"),
        clock_from_at=Text("时限起算时刻", "From when the legal clock runs: acceptance, or revocation"),
        decided_at=Text("决定时刻", "When the current round was decided"),
        delivered_at=Text("送达时刻", "When the decision was delivered"),
        withdrawn_at=Text("撤回时刻", "When the application was withdrawn"),
        revoked_at=Text("撤销时刻", "When a decision was last revoked"),
        refused_at=Text("不予受理时刻", "When the application was not accepted"),
        inhosp_booked_at=Text("在院预约鉴定时刻", "When appraisal was booked in hospital"),
        appraisal_applied_at=Text("鉴定申请时刻", "When appraisal was applied for"),
        exam_at=Text("现场鉴定时刻", "When the worker was examined"),
        concluded_at=Text("鉴定结论时刻", "When the appraisal was concluded"),
        appraisal_delivered_at=Text("结论送达时刻", "When the conclusion was delivered"),
        reappraisal_applied_at=Text("再次鉴定申请时刻", "When a second appraisal was applied for"),
        reappraisal_concluded_at=Text("再次鉴定结论时刻", "When the second appraisal was concluded"),
        review_applied_at=Text("复查鉴定申请时刻", "When a review was applied for"),
        review_concluded_at=Text("复查鉴定结论时刻", "When the review was concluded"),
        benefit_applied_at=Text("首次待遇申请时刻", "When a benefit was first applied for"),
        assessed_at=Text("首次待遇核定时刻", "When a benefit was first assessed"),
        paid_at=Text("首次支付时刻", "When a benefit was first paid"),
        lump_paid_at=Text("首次一次性待遇支付时刻", "When a lump sum was first paid"),
        closed_at=Text("办结时刻", "When the case was closed"),
        disputed_at=Text("首次争议时刻", "When a dispute first began"),
        mediation_opened_at=Text("调解开始时刻", "When mediation was opened"),
        mediated_at=Text("调解成功时刻", "When mediation succeeded"),
        mediation_failed_at=Text("调解不成时刻", "When mediation failed"),
        arb_applied_at=Text("仲裁申请时刻", "When arbitration was applied for"),
        arb_accepted_at=Text("仲裁受理时刻", "When arbitration was accepted"),
        settled_at=Text("仲裁调解时刻", "When arbitration was settled"),
        awarded_at=Text("仲裁裁决时刻", "When the award was made"),
        intent_at=Text("就业意向时刻", "When the wish to work was filed"),
        trained_at=Text("培训时刻", "When the worker was trained"),
        offered_at=Text("岗位推荐时刻", "When a post was offered"),
        placed_at=Text("上岗时刻", "When the worker was placed"),
    ),
    said("death_at"),
    *instants(
        ended_at=Text("认定终结时刻", "When the current round ended, however it did"),
        stock_from_at=Text("计入在办时刻", "From when it is among the open cases"),
        age_from_at=Text("在办天数起点", "Midnight from which an open case's age counts, pauses left out"),
    ),
)


def flags(**meanings: Text) -> tuple[Column, ...]:
    """Return one yes-or-no column for each name."""
    return tuple(Column(name, Kind.BOOLEAN, meaning) for name, meaning in meanings.items())


def health_flags(**meanings: Text) -> tuple[Column, ...]:
    """Return one yes-or-no column about a person's health for each name."""
    return tuple(Column(name, Kind.BOOLEAN, meaning, pii=Pii.SENSITIVE) for name, meaning in meanings.items())


WHETHER = (
    said("is_fast"),
    said("is_clear"),
    *flags(
        is_insured=Text("事故时参保", "Insured when it happened"),
        is_recognised=Text("已认定或视同", "Recognised or deemed"),
        is_production=Text("生产区域事故", "Neither commuting (14.6) nor sudden illness (15.1)"),
        is_suspended=Text("中止中", "Suspended now"),
    ),
    *health_flags(
        is_graded=Text("已评级", "Graded 1 to 10"),
        is_severe=Text("重残或死亡", "Grade 1 to 4, or death"),
        is_two_certificates=Text("一次鉴定两证并领", "One appraisal, two certificates"),
    ),
    *flags(
        has_dispute=Text("有争议", "With a dispute"),
        is_accompanied=Text("陪跑", "Accompanied by a specialist"),
        is_mediated=Text("调解成功", "Settled by mediation"),
        is_card_only=Text("凭卡即办", "Done with the card alone"),
        is_in_package=Text("套餐内", "Handled inside a package"),
        is_inhosp=Text("在院预约鉴定", "Appraisal booked in hospital"),
        is_fast_eligible=Text("符合简易条件", "Meets the conditions of the fast track"),
        is_open=Text("在办", "Accepted, and the current round not ended"),
    ),
)

HOW_MUCH = (
    Column("material_count", Kind.INTEGER, Text("材料份数", "Materials handed in"), unit="1"),
    said("advance_avoided_fen"),
    Column("paused_days", Kind.INTEGER, Text("中止天数", "Days the current round was suspended, ended pauses only"), unit="d"),
    Column("round_count", Kind.INTEGER, Text("认定轮次", "Rounds of recognition whose clock began"), unit="1"),
)

INJURY_CASE_TABLE = Table(
    name="injury_case",
    title=Text("工伤案件全程", "Work-injury case, whole chain"),
    grain="one row per case of the list of cases",
    key=("case_id",),
    by=("case_id",),
    town="town",
    pii=Pii.PERSONAL,
    columns=(*WHO, *WHEN, *WHETHER, *HOW_MUCH, *interval_columns(INJURY_CASE_INTERVALS)),
)
