"""Contracts of work injury 工伤: the case, what happens to it, and what is paid for it."""

from cockpit.case_events import CASE_EVENTS
from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
from cockpit.text import Text

NONE, PERSONAL, SENSITIVE = Pii.NONE, Pii.PERSONAL, Pii.SENSITIVE
LONGITUDE, LATITUDE = (-180, 180), (-90, 90)
AT_MOST_FEN = (0, 10**12)
LATE_DAYS = 800
"""How late a record of a case may come (domain specification, section 10.1)."""

APPLICANTS = ("用人单位", "职工", "近亲属", "工会")
DECISIONS = ("认定", "视同", "不予认定", "不予受理", "撤回")
BASES = (*(f"14.{i}" for i in range(1, 8)), *(f"15.{i}" for i in range(1, 4)), *(f"ZJ18.{i}" for i in range(1, 5)))
ACCIDENT_TYPES = (*(f"{i:02}" for i in range(1, 21)), "90", "91", "92")
"""GB 6441-86, and locally 90 commuting, 91 sudden illness, 92 occupational disease."""
PACKAGES = tuple(f"P{i}" for i in range(1, 8))
ITEMS = (
    "医疗费",
    "伙食补助",
    "伤残补助金",
    "医疗补助金",
    "伤残津贴",
    "护理费",
    "丧葬",
    "工亡补助金",
    "抚恤金",
    "辅助器具",
    "康复",
)

WORK_INJURY_CASE = Table(
    name="work_injury_case",
    title=Text("工伤案件", "Work-injury case"),
    grain="one row per case",
    key=("case_id",),
    by=("case_id", "enterprise_id"),
    town="employer_town",
    late_days=LATE_DAYS,
    pii=PERSONAL,
    columns=(
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        REV,
        Column("event_at", Kind.INSTANT, Text("事故时刻", "When the accident happened, accident_at"), required=True),
        EVENT_LOCAL,
        Column("person_key", Kind.TEXT, Text("人员假名", "Pseudonym of the worker, HMAC-SHA256"), pii=SENSITIVE),
        Column("enterprise_id", Kind.TEXT, Text("用人单位", "Enterprise"), references="enterprise"),
        Column(
            "employer_town", Kind.TOWN, Text("单位所在乡镇", "Town of the production site"), required=True, references="town"
        ),
        Column("accident_town", Kind.TOWN, Text("事故乡镇", "Town of the accident"), required=True),
        Column("accident_lon", Kind.REAL, Text("经度", "Longitude, WGS 84"), bounds=LONGITUDE, unit="°", pii=SENSITIVE),
        Column("accident_lat", Kind.REAL, Text("纬度", "Latitude, WGS 84"), bounds=LATITUDE, unit="°", pii=SENSITIVE),
        Column("reported_at", Kind.INSTANT, Text("快报时刻", "When it was reported"), is_past=True),
        Column("reported_local", Kind.LOCAL, Text("快报当地时刻", "The same on the site's wall clock")),
        Column("applied_at", Kind.INSTANT, Text("申请时刻", "When recognition was applied for"), is_past=True),
        Column("applicant", Kind.TEXT, Text("申请人", "Who applied"), allowed=APPLICANTS),
        Column("accepted_at", Kind.INSTANT, Text("受理时刻", "When it was accepted"), is_past=True),
        Column("is_fast", Kind.BOOLEAN, Text("简易工伤", "On the fast track")),
        Column("is_clear", Kind.BOOLEAN, Text("事实清楚", "Facts clear, rights and duties definite")),
        Column("basis", Kind.TEXT, Text("认定依据", "Clause it is recognised by, as 14.1"), allowed=BASES),
        Column("accident_type", Kind.TEXT, Text("事故类别", "Type of accident, GB 6441-86"), allowed=ACCIDENT_TYPES),
        Column("body_part", Kind.TEXT, Text("受伤部位", "Injured part of the body, GB 6441-86 A.1"), pii=SENSITIVE),
        Column("injury_nature", Kind.TEXT, Text("受伤性质", "Nature of the injury, GB 6441-86 A.2"), pii=SENSITIVE),
        Column("occupation", Kind.TEXT, Text("职业", "Occupation, 职业分类大典")),
        Column("is_insured_at_accident", Kind.BOOLEAN, Text("事故时参保", "Insured when it happened")),
        Column("has_third_party", Kind.BOOLEAN, Text("第三人侵权", "A third party caused it")),
        Column("decision", Kind.TEXT, Text("决定", "Decision"), allowed=DECISIONS),
        Column("decided_at", Kind.INSTANT, Text("决定时刻", "When it was decided"), is_past=True),
        Column("delivered_at", Kind.INSTANT, Text("送达时刻", "When the decision was delivered"), is_past=True),
        Column("package", Kind.TEXT, Text("套餐", "Package"), allowed=PACKAGES),
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital"), pii=SENSITIVE),
        Column("disability_grade", Kind.INTEGER, Text("伤残等级", "Grade"), bounds=(1, 10), unit="1", pii=SENSITIVE),
        Column("care_level", Kind.INTEGER, Text("护理等级", "Care, 0 none"), bounds=(0, 3), unit="1", pii=SENSITIVE),
        Column("death_at", Kind.INSTANT, Text("死亡时刻", "When the worker died"), is_past=True, pii=SENSITIVE),
        Column("lost_days", Kind.INTEGER, Text("损失工作日", "Days lost"), bounds=(0, 6000), unit="d", pii=SENSITIVE),
        Column("age_band", Kind.TEXT, Text("年龄段", "Age band, as 30-39")),
        Column("sex", Kind.TEXT, Text("性别", "Sex, GB/T 2261.1"), allowed=("1", "2")),
        Column("specialist_id", Kind.TEXT, Text("服务专员", "Specialist who accompanies")),
        Column("is_accompanied", Kind.BOOLEAN, Text("陪跑", "Accompanied by a specialist")),
        Column("advance_avoided_fen", Kind.MONEY, Text("免垫付", "Not paid in advance"), bounds=AT_MOST_FEN, unit="分"),
    ),
)
"""Its states follow from `case_event`; the stamps here are what the list of cases itself says."""

CASE_EVENT = Table(
    name="case_event",
    title=Text("案件事件", "Event of a case"),
    grain="one row per event of one case",
    key=("event_id",),
    by=("case_id",),
    late_days=LATE_DAYS,
    pii=PERSONAL,
    columns=(
        Column("event_id", Kind.TEXT, Text("事件编号", "Event"), required=True),
        REV,
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        Column("event_code", Kind.TEXT, Text("事件代码", "What happened, as A0"), required=True, allowed=(*CASE_EVENTS,)),
        Column("event_at", Kind.INSTANT, Text("发生时刻", "When it happened"), required=True),
        EVENT_LOCAL,
        Column("actor_org", Kind.TEXT, Text("办理单位", "Who did it"), pii=NONE),
        Column("doc_no", Kind.TEXT, Text("文书编号", "Document")),
        Column("payload", Kind.JSON, Text("附加内容", "What belongs to this code: grade, item, channel …"), pii=SENSITIVE),
    ),
)

BENEFIT_PAYMENT = Table(
    name="benefit_payment",
    title=Text("待遇支付", "Benefit payment"),
    grain="one row per payment of one item; a reversal is a row with a negative amount",
    key=("pay_id",),
    by=("case_id",),
    pii=PERSONAL,
    columns=(
        Column("pay_id", Kind.TEXT, Text("支付编号", "Payment"), required=True),
        REV,
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        Column("item", Kind.TEXT, Text("待遇项目", "Item"), allowed=ITEMS),
        Column("amount_fen", Kind.MONEY, Text("金额", "Amount"), required=True, unit="分"),
        Column("paid_on", Kind.DAY, Text("支付日期", "Day it was paid"), required=True, is_past=True),
        Column("payer", Kind.TEXT, Text("支付方", "Who paid"), allowed=("基金", "单位"), pii=NONE),
        Column("month", Kind.MONTH, Text("支付月份", "Month it is booked in, ym")),
    ),
)

CASE_MATERIAL = Table(
    name="case_material",
    title=Text("案件材料", "Materials of a case"),
    grain="one row per case",
    key=("case_id",),
    by=("case_id",),
    pii=NONE,
    columns=(
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True, pii=PERSONAL),
        REV,
        Column("package", Kind.TEXT, Text("套餐", "Package"), allowed=PACKAGES),
        Column("material_count", Kind.INTEGER, Text("材料份数", "Materials handed in"), bounds=(0, 1000), unit="1"),
        Column("is_card_only", Kind.BOOLEAN, Text("凭卡即办", "Done with the card alone")),
        Column("step_count", Kind.INTEGER, Text("环节数", "Steps"), bounds=(0, 1000), unit="1"),
    ),
)
