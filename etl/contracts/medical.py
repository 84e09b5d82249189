"""Contracts of medical care 医疗: hospitals, settled bills and their lines. Names follow the national interface tables.

Rules H01 to H22 (domain specification, section 5.1) are said of these columns.
"""

from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
from cockpit.text import Text

NONE, PERSONAL, SENSITIVE = Pii.NONE, Pii.PERSONAL, Pii.SENSITIVE
LATE_DAYS = 400
"""How late a bill may come (domain specification, section 10.1)."""

LEVELS = tuple(f"{level:02}" for level in range(1, 12))
FUNDS = ("工伤", "职工医保", "居民医保")
LIST_TYPES = ("药品", "诊疗", "材料", "服务设施")
CHARGE_TYPES = tuple(f"{kind:02}" for kind in range(1, 15))
"""01 床位 02 诊察 03 检查 04 化验 05 治疗 06 手术 07 护理 08 材料 09 西药 10 饮片 11 成药 12 一般诊疗 13 挂号 14 其他."""
SCALED_YUAN = "10⁻⁴元"

HOSPITAL = Table(
    name="hospital",
    title=Text("医院", "Hospital"),
    grain="one row per hospital",
    key=("hospital_id",),
    town="town_code",
    pii=NONE,
    columns=(
        Column("hospital_id", Kind.TEXT, Text("医院编号", "Hospital"), required=True),
        Column("name", Kind.TEXT, Text("名称", "Name"), required=True),
        Column("town_code", Kind.TOWN, Text("所在乡镇", "Town it stands in"), required=True),
        Column("hosp_lv", Kind.TEXT, Text("等级", "Level, 01 三级特等 to 11 无等级"), allowed=LEVELS),
        Column("is_full_chain", Kind.BOOLEAN, Text("全链条定点", "Designated for the whole chain")),
        Column("is_appr_site", Kind.BOOLEAN, Text("鉴定点", "Appraisals are held here")),
    ),
)

CLAIM = Table(
    name="claim",
    title=Text("医疗结算", "Settled bill"),
    grain="one row per settlement of a visit or stay; a refund is a row of its own with negative amounts",
    key=("setl_id",),
    by=("mdtrt_id", "case_id"),
    late_days=LATE_DAYS,
    pii=SENSITIVE,
    columns=(
        Column("setl_id", Kind.TEXT, Text("结算编号", "Settlement"), required=True, pii=PERSONAL),
        REV,
        Column("mdtrt_id", Kind.TEXT, Text("就诊编号", "Visit or stay"), required=True, pii=PERSONAL),
        Column("fund", Kind.TEXT, Text("基金", "Fund"), allowed=FUNDS, pii=NONE),
        Column("person_key", Kind.TEXT, Text("人员假名", "Pseudonym of the patient")),
        Column("case_id", Kind.TEXT, Text("案件编号", "Work-injury case it belongs to"), pii=PERSONAL),
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital"), pii=PERSONAL),
        Column("med_type", Kind.TEXT, Text("医疗类别", "11 门诊, 13 急诊, 21 住院, 28 日间, 120 急救"), pii=PERSONAL),
        Column("event_at", Kind.INSTANT, Text("结算时刻", "When it was settled, setl_time"), required=True, pii=PERSONAL),
        EVENT_LOCAL,
        Column("begin_at", Kind.INSTANT, Text("就诊开始", "When visit or stay began, begntime"), is_past=True, pii=PERSONAL),
        Column("begin_local", Kind.LOCAL, Text("就诊开始当地时刻", "The same on the site's wall clock"), pii=PERSONAL),
        Column("end_at", Kind.INSTANT, Text("就诊结束", "When it ended, endtime"), is_past=True, pii=PERSONAL),
        Column("end_local", Kind.LOCAL, Text("就诊结束当地时刻", "The same on the site's wall clock"), pii=PERSONAL),
        Column("ipt_days", Kind.INTEGER, Text("住院天数", "Days in hospital"), bounds=(0, 36_600), unit="d"),
        Column("gend", Kind.TEXT, Text("性别", "Sex"), pii=PERSONAL),
        Column("age", Kind.INTEGER, Text("年龄", "Age"), bounds=(0, 150), unit="a", pii=PERSONAL),
        Column("adm_dept", Kind.TEXT, Text("入院科室", "Department admitted to")),
        Column("dscg_maindiag_code", Kind.TEXT, Text("出院主诊断", "Main diagnosis, ICD-10 医保版")),
        Column("diag_codes", Kind.JSON, Text("诊断代码", "All diagnoses, a list")),
        Column("oprn_codes", Kind.JSON, Text("手术代码", "Operations, a list")),
        Column("medfee_sum_fen", Kind.MONEY, Text("医疗费总额", "Total, medfee_sumamt"), unit="分", pii=PERSONAL),
        Column("inscp_fen", Kind.MONEY, Text("范围内金额", "Within the catalogue, inscp_amt"), unit="分", pii=PERSONAL),
        Column("ownpay_fen", Kind.MONEY, Text("全自费金额", "Paid in full, fulamt_ownpay_amt"), unit="分", pii=PERSONAL),
        Column("fund_pay_fen", Kind.MONEY, Text("基金支付", "Paid by the fund, fund_pay_sumamt"), unit="分", pii=PERSONAL),
        Column("cash_pay_fen", Kind.MONEY, Text("现金支付", "Paid in cash, cash_payamt"), unit="分", pii=PERSONAL),
        Column("setl_type", Kind.TEXT, Text("结算方式", "How it was settled"), allowed=("联网", "手工"), pii=NONE),
        Column("is_refund", Kind.BOOLEAN, Text("退费", "A refund, refd_setl_flag"), pii=NONE),
        Column("init_setl_id", Kind.TEXT, Text("原结算编号", "Settlement that a refund takes back"), pii=PERSONAL),
    ),
)
"""A visit that is settled, refunded and settled again has three rows, so the settlement and not the visit is the key."""

CLAIM_LINE = Table(
    name="claim_line",
    title=Text("费用明细", "Line of a bill"),
    grain="one row per line; a reversal is a line with a negative count",
    key=("feedetl_sn",),
    by=("mdtrt_id",),
    late_days=LATE_DAYS,
    pii=SENSITIVE,
    columns=(
        Column("feedetl_sn", Kind.TEXT, Text("明细流水号", "Line"), required=True, pii=PERSONAL),
        REV,
        Column("mdtrt_id", Kind.TEXT, Text("就诊编号", "Visit or stay"), required=True, pii=PERSONAL),
        Column("setl_id", Kind.TEXT, Text("结算编号", "Settlement"), pii=PERSONAL),
        Column("event_at", Kind.INSTANT, Text("费用发生时刻", "When it fell due, fee_ocur_time"), required=True, pii=PERSONAL),
        EVENT_LOCAL,
        Column("med_list_codg", Kind.TEXT, Text("国家项目代码", "National item")),
        Column("hilist_code", Kind.TEXT, Text("医保目录代码", "Item in the local catalogue")),
        Column("hilist_name", Kind.TEXT, Text("项目名称", "Name of the item")),
        Column("list_type", Kind.TEXT, Text("目录类别", "Kind of item"), allowed=LIST_TYPES),
        Column("med_chrgitm_type", Kind.TEXT, Text("收费类别", "Kind of charge"), allowed=CHARGE_TYPES),
        Column("cnt_e4", Kind.SCALED, Text("数量", "Count, cnt; negative for a reversal"), unit="10⁻⁴", pii=PERSONAL),
        Column("pric_e4", Kind.SCALED, Text("单价", "Unit price, pric"), unit=SCALED_YUAN, pii=NONE),
        Column("det_item_fee_fen", Kind.MONEY, Text("明细金额", "Amount, det_item_fee_sumamt"), unit="分", pii=PERSONAL),
        Column("pric_uplmt_e4", Kind.SCALED, Text("限价", "Price cap, pric_uplmt_amt"), unit=SCALED_YUAN, pii=NONE),
        Column("chrgitm_lv", Kind.TEXT, Text("项目等级", "01 甲, 02 乙, 03 丙"), allowed=("01", "02", "03"), pii=NONE),
        Column("inscp_fen", Kind.MONEY, Text("范围内金额", "Within the catalogue, inscp_amt"), unit="分", pii=PERSONAL),
        Column("spec", Kind.TEXT, Text("规格", "Package and strength")),
        Column("unit", Kind.TEXT, Text("计价单位", "Unit the count is in")),
        Column("rx_drord_no", Kind.TEXT, Text("医嘱号", "Order of the doctor"), pii=PERSONAL),
        Column("bilg_dr", Kind.TEXT, Text("开单医生", "Doctor who ordered"), pii=PERSONAL),
        Column("dept", Kind.TEXT, Text("科室", "Department")),
        Column("init_feedetl_sn", Kind.TEXT, Text("原明细流水号", "Line that a reversal takes back"), pii=PERSONAL),
    ),
)

CAMERA_MINUTE = Table(
    name="camera_minute",
    title=Text("视频在线", "Minutes of the cameras"),
    grain="one row per hospital and day; no pictures",
    key=("hospital_id", "day_on"),
    pii=NONE,
    columns=(
        Column("hospital_id", Kind.TEXT, Text("医院", "Hospital"), required=True),
        Column("day_on", Kind.DAY, Text("日期", "Day"), required=True, is_past=True),
        REV,
        Column("scheduled_min", Kind.INTEGER, Text("应在线分钟", "Minutes due"), bounds=(0, 1_000_000), unit="min"),
        Column("up_min", Kind.INTEGER, Text("在线分钟", "Minutes up"), bounds=(0, 1_000_000), unit="min"),
    ),
)
