"""Contracts of what was judged 研判: colours, risk indices, alerts on bills, and the rules they were judged by.

A city's earlier system may deliver its history of them; where the cockpit judges itself, its models fill the same tables.
"""

from cockpit.ledger.tables import EVENT_LOCAL, REV, Column, Kind, Pii, Table
from cockpit.text import Text
from etl.contracts.enterprise import STEPS

COLOURS = ("红", "橙", "黄", "绿")
SCORE = (0, 100)
ALERT_STATES = ("ALERT", "ASSIGNED", "EXPLAINED", "REVIEWED", "CONFIRMED", "DISMISSED", "RECOVERED")
"""Steps of an alert (domain specification, section 5.3)."""
RULE = r"[A-Z][0-9]{2}"
WEEK = r"[0-9]{4}-W[0-5][0-9]"

TOWN_COLOUR_HISTORY = Table(
    name="town_colour_history",
    title=Text("区域四色历史", "Colours of the towns"),
    grain="one row per town and week",
    key=("town_code", "week_end_on"),
    by=("town_code",),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("town_code", Kind.TOWN, Text("乡镇", "Town"), required=True),
        Column("week_end_on", Kind.DAY, Text("周末日", "Last day of the week"), required=True, is_past=True),
        Column("observed_count", Kind.INTEGER, Text("案件数O", "Cases, O"), bounds=(0, 10**6), unit="1"),
        Column("person_years", Kind.REAL, Text("人年PY", "Person-years, PY"), bounds=(0, 10**9), unit="a"),
        Column("expected_count", Kind.REAL, Text("期望案件数E", "Expected cases, E"), bounds=(0, 10**6), unit="1"),
        Column("observed_before", Kind.INTEGER, Text("上年案件数", "Cases of the year before"), bounds=(0, 10**6), unit="1"),
        Column(
            "person_years_before", Kind.REAL, Text("上年人年", "Person-years of the year before"), bounds=(0, 10**9), unit="a"
        ),
        Column("sir", Kind.REAL, Text("标化比", "Standardised ratio, O/E"), unit="1"),
        Column("theta", Kind.REAL, Text("收缩比θ", "Shrunk ratio, θ"), unit="1"),
        Column("z", Kind.REAL, Text("z值", "Funnel z"), unit="1"),
        Column("zstar", Kind.REAL, Text("z*值", "Funnel z with over-dispersion"), unit="1"),
        Column("level_score", Kind.REAL, Text("水平分A", "Part A, level"), bounds=SCORE, unit="1"),
        Column("change_score", Kind.REAL, Text("同比分B", "Part B, year on year"), bounds=SCORE, unit="1"),
        Column("severity_score", Kind.REAL, Text("严重度分C", "Part C, severity"), bounds=SCORE, unit="1"),
        Column("overdue_score", Kind.REAL, Text("超期整改分D", "Part D, overdue orders"), bounds=SCORE, unit="1"),
        Column("repeat_score", Kind.REAL, Text("集中度分E", "Part E, concentration"), bounds=SCORE, unit="1"),
        Column("severity_ratio", Kind.REAL, Text("严重度倍数q", "Shrunk severity, times the city's"), unit="1"),
        Column("open_order_count", Kind.INTEGER, Text("在办整改", "Orders open"), bounds=(0, 10**6), unit="1"),
        Column("overdue_order_count", Kind.INTEGER, Text("超期整改", "Of these, overdue"), bounds=(0, 10**6), unit="1"),
        Column(
            "repeat_case_count",
            Kind.INTEGER,
            Text("重复企业案件", "Cases of firms with 3 or more"),
            bounds=(0, 10**6),
            unit="1",
        ),
        Column("death_count", Kind.INTEGER, Text("近90日工亡", "Deaths at work in 90 days"), bounds=(0, 10**4), unit="1"),
        Column("score", Kind.REAL, Text("总分", "Score"), bounds=SCORE, unit="1"),
        Column("raw_colour", Kind.TEXT, Text("原始颜色", "Colour by the score alone"), allowed=COLOURS),
        Column("floor", Kind.TEXT, Text("升级下限", "Colour that deaths, or two persons, demand at least"), allowed=COLOURS),
        Column("colour", Kind.TEXT, Text("颜色", "Colour that counts"), allowed=COLOURS),
        Column("since_on", Kind.DAY, Text("起始日", "First day in this colour")),
        Column("is_changed", Kind.BOOLEAN, Text("本周变色", "Another colour than before")),
        Column("is_thin", Kind.BOOLEAN, Text("样本不足", "Fewer than 5 cases expected")),
        Column("is_frozen", Kind.BOOLEAN, Text("冻结", "Colours frozen: the intake looked like an outage")),
        Column("is_silent", Kind.BOOLEAN, Text("数据中断", "Nothing was heard of the town for too long")),
        Column("week_observed", Kind.INTEGER, Text("本周案件数", "Cases of the week"), bounds=(0, 10**6), unit="1"),
        Column(
            "week_expected", Kind.REAL, Text("本周期望数", "Cases that its own 104 weeks expect"), bounds=(0, 10**6), unit="1"
        ),
        Column("cusum", Kind.REAL, Text("累积和", "CUSUM of the weeks"), unit="1"),
        Column("is_alarm", Kind.BOOLEAN, Text("早期预警", "CUSUM above its limit")),
        Column("reason_text", Kind.TEXT, Text("理由", "Why")),
        Column("config_version", Kind.TEXT, Text("口径版本", "Rules it was judged by")),
        Column("data_as_of_at", Kind.INSTANT, Text("数据时点", "State of knowledge it was judged on")),
    ),
)

ENTERPRISE_RISK = Table(
    name="enterprise_risk",
    title=Text("企业风险指数", "Risk index of enterprises"),
    grain="one row per enterprise, as the newest run that changed it left it",
    key=("enterprise_id",),
    by=("enterprise_id",),
    town="town_code",
    pii=Pii.NONE,
    columns=(
        Column("enterprise_id", Kind.TEXT, Text("企业", "Enterprise"), required=True),
        Column("run_week", Kind.TEXT, Text("评估周", "Week of the run, as 2026-W46"), required=True, pattern=WEEK),
        Column("name", Kind.TEXT, Text("名称", "Name; that of a sole trader is a person's"), pii=Pii.PERSONAL),
        Column("town_code", Kind.TOWN, Text("生产乡镇", "Town of its production site"), required=True),
        Column("division", Kind.TEXT, Text("行业大类", "Industry, two digits of GB/T 4754-2017")),
        Column("risk_cat", Kind.INTEGER, Text("风险类别", "Risk category"), bounds=(1, 8), unit="1"),
        Column("person_years", Kind.REAL, Text("人年PY₁", "Person-years of the last 12 months"), bounds=(0, 10**9), unit="a"),
        Column("is_carried", Kind.BOOLEAN, Text("含沿用人数", "Some months are carried from earlier ones")),
        Column("observed_count", Kind.INTEGER, Text("案件数O₁", "Cases of the last 12 months"), bounds=(0, 10**6), unit="1"),
        Column("observed_before", Kind.INTEGER, Text("上年案件数O₀", "Cases of the 12 before"), bounds=(0, 10**6), unit="1"),
        Column("expected_count", Kind.REAL, Text("期望案件数E₁", "Expected cases"), bounds=(0, 10**6), unit="1"),
        Column("count_score", Kind.REAL, Text("次数分s1", "Indicator 1, count"), bounds=SCORE, unit="1"),
        Column("rate_score", Kind.REAL, Text("发生率分s2", "Indicator 2, rate"), bounds=SCORE, unit="1"),
        Column("trend_score", Kind.REAL, Text("趋势分s3", "Indicator 3, trend"), bounds=SCORE, unit="1"),
        Column("severity_score", Kind.REAL, Text("伤残分s4", "Indicator 4, severity"), bounds=SCORE, unit="1"),
        Column("cost_score", Kind.REAL, Text("支缴比分s5", "Indicator 5, cost ratio"), bounds=SCORE, unit="1"),
        Column("trend", Kind.REAL, Text("趋势t", "Log ratio of this year to the last"), unit="1"),
        Column("severity_ratio", Kind.REAL, Text("严重度倍数q", "Shrunk severity, times its category's"), unit="1"),
        Column("cost_ratio", Kind.REAL, Text("支缴比", "Benefits paid to premium due, shrunk"), unit="1"),
        Column("idx", Kind.REAL, Text("指数", "Index"), bounds=SCORE, unit="1"),
        Column("idx_before", Kind.REAL, Text("上周指数", "Index of the week before"), bounds=SCORE, unit="1"),
        Column("grade", Kind.TEXT, Text("等级", "Grade"), allowed=COLOURS),
        Column("grade_before", Kind.TEXT, Text("上周等级", "Grade of the week before"), allowed=COLOURS),
        Column("floor", Kind.TEXT, Text("升级下限", "Grade that deaths or severe injuries demand at least"), allowed=COLOURS),
        Column("is_watched", Kind.BOOLEAN, Text("小微观察", "Too small to be ranked, fewer than 5 person-years")),
        Column("rate_advice", Kind.TEXT, Text("费率建议", "Per cent of the base rate, advice only"), allowed=STEPS),
        Column("is_gated", Kind.BOOLEAN, Text("证据不足", "Too little evidence for its grade")),
        Column("theta", Kind.REAL, Text("收缩比θ", "Shrunk ratio, θ"), unit="1"),
        Column("p_gt_15", Kind.REAL, Text("θ>1.5的概率", "Probability that θ > 1.5"), bounds=(0, 1), unit="1"),
        Column("reason", Kind.TEXT, Text("理由", "Why")),
        Column("config_version", Kind.TEXT, Text("口径版本", "Rules it was judged by")),
    ),
)

CLAIM_ALERT = Table(
    name="claim_alert",
    title=Text("医疗费用预警", "Alert on a bill"),
    grain="one row per alert",
    key=("alert_id",),
    by=("mdtrt_id",),
    pii=Pii.PERSONAL,
    columns=(
        Column("alert_id", Kind.TEXT, Text("预警编号", "Alert"), required=True),
        REV,
        Column("rule_id", Kind.TEXT, Text("规则", "Rule, as H01"), pattern=RULE, pii=Pii.NONE),
        Column("mdtrt_id", Kind.TEXT, Text("就诊编号", "Visit or stay"), required=True),
        Column("line_ids", Kind.JSON, Text("涉及明细", "Lines it is about, a list")),
        Column("amount_at_risk_fen", Kind.MONEY, Text("涉及金额", "Amount at risk"), unit="分"),
        Column("result_type", Kind.TEXT, Text("结果类型", "Certain or suspicious"), allowed=("违规", "可疑"), pii=Pii.NONE),
        Column("severity", Kind.INTEGER, Text("严重度", "Severity"), bounds=(1, 3), unit="1", pii=Pii.NONE),
        Column("score", Kind.REAL, Text("得分", "Score"), unit="1", pii=Pii.NONE),
        Column("evidence", Kind.JSON, Text("证据", "What is shown for it"), pii=Pii.SENSITIVE),
        Column("state", Kind.TEXT, Text("状态", "State"), allowed=ALERT_STATES, pii=Pii.NONE),
        Column("event_at", Kind.INSTANT, Text("预警时刻", "When it was raised, raised_at"), required=True),
        EVENT_LOCAL,
        Column("decided_at", Kind.INSTANT, Text("认定时刻", "When it was decided"), is_past=True),
        Column("confirmed_fen", Kind.MONEY, Text("认定金额", "Amount confirmed"), unit="分"),
        Column("rule_version", Kind.TEXT, Text("规则版本", "Version of the rule"), pii=Pii.NONE),
    ),
)

CONFIG = Table(
    name="config",
    title=Text("口径配置", "Rules and thresholds"),
    grain="one row per version of the rules",
    key=("config_version",),
    pii=Pii.NONE,
    columns=(
        Column("config_version", Kind.TEXT, Text("口径版本", "Version"), required=True),
        Column("effective_from_on", Kind.DAY, Text("生效日期", "First day it holds"), required=True),
        Column("json", Kind.JSON, Text("内容", "Every threshold of it"), required=True),
        Column("approved_by", Kind.TEXT, Text("批准人", "Who approved it"), pii=Pii.PERSONAL),
        Column("note", Kind.TEXT, Text("说明", "What changed, and why")),
    ),
)
