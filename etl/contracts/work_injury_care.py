"""Contracts of what goes with a work injury: specialists, appraisals in hospital, going back to work, and hearings."""

from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
from cockpit.text import Text
from etl.contracts.work_injury import LATE_DAYS

PERSONS = (0, 100_000)
DAY_MIN = 1440
ROLES = ("政策宣传员", "安全制度监督员", "代办陪跑员", "矛盾纠纷调处员", "再就业培训指导员")
HEARING_MODES = ("现场", "线上", "一方到场一方在线")
"""Everybody in the room, nobody, or one party of the two (domain specification, section 7.12)."""

SPECIALIST = Table(
    name="specialist",
    title=Text("服务专员", "Specialist"),
    grain="one row per specialist",
    key=("specialist_id",),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("specialist_id", Kind.TEXT, Text("专员编号", "Specialist"), required=True, pii=Pii.PERSONAL),
        Column("hospital_id", Kind.TEXT, Text("驻点医院", "Hospital the specialist works at")),
        Column("town_code", Kind.TOWN, Text("服务乡镇", "Town, `?` for none"), required=True),
        Column("role", Kind.TEXT, Text("角色", "Role"), allowed=ROLES),
        Column("is_active", Kind.BOOLEAN, Text("在岗", "At work now")),
    ),
)

APPRAISAL_SLOT = Table(
    name="appraisal_slot",
    title=Text("鉴定场次", "Appraisal session"),
    grain="one row per session, which may lie ahead",
    key=("slot_id",),
    pii=Pii.NONE,
    columns=(
        Column("slot_id", Kind.TEXT, Text("场次编号", "Session"), required=True),
        REV,
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital it is held at")),
        Column("begin_at", Kind.INSTANT, Text("开始时刻", "When it begins"), required=True),
        Column("capacity_count", Kind.INTEGER, Text("容量", "Persons it has room for"), bounds=PERSONS, unit="1"),
        Column("booked_count", Kind.INTEGER, Text("已约", "Persons booked"), bounds=PERSONS, unit="1"),
        Column("no_show_count", Kind.INTEGER, Text("爽约", "Persons who did not come"), bounds=PERSONS, unit="1"),
        Column("is_inhosp_only", Kind.BOOLEAN, Text("仅限在院", "For patients of the hospital only")),
    ),
)

REEMPLOY = Table(
    name="reemploy",
    title=Text("再就业", "Return to work"),
    grain="one row per case of a worker who wishes to work again",
    key=("case_id",),
    by=("case_id",),
    town="post_town",
    pii=Pii.PERSONAL,
    columns=(
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        REV,
        Column("person_key", Kind.TEXT, Text("人员假名", "Pseudonym of the worker"), pii=Pii.SENSITIVE),
        Column("intent_at", Kind.INSTANT, Text("意向登记时刻", "When the wish was filed"), is_past=True),
        Column("trained_at", Kind.INSTANT, Text("培训时刻", "When the worker was trained"), is_past=True),
        Column("offered_at", Kind.INSTANT, Text("推荐时刻", "When a post was offered"), is_past=True),
        Column("placed_at", Kind.INSTANT, Text("上岗时刻", "When the worker was placed"), is_past=True),
        Column("post_town", Kind.TOWN, Text("岗位乡镇", "Town of the post"), required=True, pii=Pii.NONE),
        Column("employer_id", Kind.TEXT, Text("用人单位", "Enterprise that employs the worker")),
    ),
)

JOB_POST = Table(
    name="job_post",
    title=Text("岗位", "Post"),
    grain="one row per post that enterprises offer",
    key=("post_id",),
    pii=Pii.NONE,
    columns=(
        Column("post_id", Kind.TEXT, Text("岗位编号", "Post"), required=True),
        REV,
        Column("employer_id", Kind.TEXT, Text("用人单位", "Enterprise")),
        Column("posted_on", Kind.DAY, Text("发布日期", "Day it was posted"), required=True, is_past=True),
        Column("closed_on", Kind.DAY, Text("关闭日期", "Day it was filled or withdrawn")),
        Column("is_for_disabled", Kind.BOOLEAN, Text("面向残疾人", "For disabled workers")),
    ),
)

ARB_HEARING = Table(
    name="arb_hearing",
    title=Text("仲裁庭审", "Arbitration hearing"),
    grain="one row per hearing that was held; a case may have several",
    key=("hearing_id",),
    by=("case_id",),
    late_days=LATE_DAYS,
    pii=Pii.PERSONAL,
    columns=(
        Column("hearing_id", Kind.TEXT, Text("庭审编号", "Hearing"), required=True),
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        REV,
        Column("event_at", Kind.INSTANT, Text("开庭时刻", "When it began"), required=True),
        EVENT_LOCAL,
        Column("mode", Kind.TEXT, Text("庭审方式", "Who was in the room"), allowed=HEARING_MODES, pii=Pii.NONE),
        Column("minute_count", Kind.INTEGER, Text("时长", "How long it took"), bounds=(0, DAY_MIN), unit="min", pii=Pii.NONE),
        Column("is_cross_region", Kind.BOOLEAN, Text("跨区域", "The parties are of two regions"), pii=Pii.NONE),
        Column("is_tolerance_accepted", Kind.BOOLEAN, Text("容缺受理", "Accepted before its papers were whole"), pii=Pii.NONE),
    ),
)
"""Section 7.12 gives no number of a hearing; a case that is heard twice needs one."""
