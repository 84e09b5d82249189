"""Contracts of enterprises 企业: the list of insured firms, and their insured workers month by month."""

from cockpit.ledger.tables import REV, Check, Column, Kind, Pii, Table
from cockpit.text import Text
from etl.quantities import TEN_THOUSANDTH

HEADCOUNT_LATE_DAYS = 762
"""24 months (domain specification, section 10.1) after the month's end, counted from its first day."""

RATE = (0, 10_000)
STEPS = ("50", "80", "100", "120", "150")
WORKERS = (0, 10_000_000)
AT_LEAST_NOTHING = (0, 10**15)

ENTERPRISE = Table(
    name="enterprise",
    title=Text("企业", "Enterprise"),
    grain="one row per insured unit",
    key=("enterprise_id",),
    by=("enterprise_id",),
    town="prod_town",
    pii=Pii.NONE,
    columns=(
        Column(
            "enterprise_id",
            Kind.TEXT,
            Text("统一社会信用代码", "Credit code, or P and 15 signs"),
            required=True,
            check=Check.ENTERPRISE_ID,
        ),
        Column("name", Kind.TEXT, Text("名称", "Name; that of a sole trader is a person's"), pii=Pii.PERSONAL),
        Column("reg_town", Kind.TOWN, Text("注册乡镇", "Town it is registered in"), required=True),
        Column("prod_town", Kind.TOWN, Text("生产乡镇", "Town of its production site"), required=True),
        Column("gb4754", Kind.TEXT, Text("行业代码", "Industry, GB/T 4754-2017: 2 to 4 digits"), pattern=r"[0-9]{2,4}"),
        Column("risk_cat", Kind.INTEGER, Text("风险类别", "Risk category"), bounds=(1, 8), unit="1"),
        Column("base_rate_e4", Kind.SCALED, Text("基准费率", "Base rate: 90 is 0.9 %"), bounds=RATE, unit=TEN_THOUSANDTH),
        Column("float_step", Kind.TEXT, Text("浮动档次", "Per cent of the base rate that is paid"), allowed=STEPS),
        Column("size", Kind.TEXT, Text("规模", "Size"), allowed=("大", "中", "小", "微", "个体")),
        Column("status", Kind.TEXT, Text("状态", "Status"), allowed=("存续", "注销", "吊销", "迁出")),
        Column("insured_since_on", Kind.DAY, Text("参保日期", "First day it was insured")),
        Column("is_dispatch", Kind.BOOLEAN, Text("劳务派遣", "Sends workers to other firms")),
        Column("is_project", Kind.BOOLEAN, Text("工程项目", "A building project")),
        Column("valid_from_on", Kind.DAY, Text("生效日期", "First day these facts hold")),
        Column("valid_to_on", Kind.DAY, Text("失效日期", "Last day these facts hold")),
    ),
)

ENTERPRISE_MONTH = Table(
    name="enterprise_month",
    title=Text("企业月参保", "Enterprise by month"),
    grain="one row per enterprise and month; a month without a row is unknown and not 0",
    key=("enterprise_id", "month"),
    by=("enterprise_id", "month"),
    late_days=HEADCOUNT_LATE_DAYS,
    pii=Pii.NONE,
    columns=(
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise"), required=True),
        Column("month", Kind.MONTH, Text("月份", "Month, ym"), required=True, is_past=True),
        REV,
        Column("headcount", Kind.INTEGER, Text("月均参保人数", "Insured, month average"), bounds=WORKERS, unit="1"),
        Column("headcount_end", Kind.INTEGER, Text("月末参保人数", "Insured at its end"), bounds=WORKERS, unit="1"),
        Column("wage_base_fen", Kind.MONEY, Text("缴费基数", "Wages premiums are paid on"), bounds=AT_LEAST_NOTHING, unit="分"),
        Column("premium_due_fen", Kind.MONEY, Text("应缴保费", "Premium due"), unit="分"),
        Column("premium_paid_fen", Kind.MONEY, Text("实缴保费", "Premium paid"), unit="分"),
        Column("rate_e4", Kind.SCALED, Text("执行费率", "Rate paid: 90 is 0.9 %"), bounds=RATE, unit=TEN_THOUSANDTH),
    ),
)
