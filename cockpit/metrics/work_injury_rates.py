"""Work injury 工伤: incidence, time saved in handling, the working day's cases, a check of the stock (2.4, 2.8, 2.9)."""

from cockpit.combining import improvement, little, per_day, rate
from cockpit.formula import Count, Nowcast, Total
from cockpit.formula_combined import Part
from cockpit.interval import State
from cockpit.metric import Example, Metric, Unit
from cockpit.metrics.records import combined, counted, of_column
from cockpit.metrics.work_injury_cases import BY_INDUSTRY, CASES, SOURCES, TABLE
from cockpit.metrics.work_injury_intervals import HANDLING, LEGAL
from cockpit.text import Text
from cockpit.window import COMPARED, DAY_S, PERIODS

EXPOSED = ("enterprise", "enterprise_month")
BOTH = (*SOURCES, *EXPOSED)
CALENDAR = ("cn_workday",)
DAYS = Text("天", "days")
IN_WEEKS = ("w156",)
ACCEPTED, AT_WORK = {"accepted_at": 0}, {"accepted_at": 0, "is_production": True}
HOLIDAYS = ("春节", "国庆节")
"""The weeks of these are shaded and left out of control charts (section 2.9)."""

PERSON_YEARS = of_column(
    "person_years",
    Text("参保人年", "Insured person-years"),
    Text(
        "时段内各月参保人数之和÷12，按日摊分；未报月份沿用前两个月内的人数",
        "Monthly insured headcounts of the window / 12, spread over days; unknown months carry one of at most 2 months before",
    ),
    "exposure",
    Total(column="person_years"),
    unit=Unit.PERSON_YEARS,
    sources=EXPOSED,
    example=([0.5] * 4, 2.0),
    placed_by="day_on",
    by=BY_INDUSTRY,
)
YEARS_OF_EXAMPLE = ({"day_on": 0, "person_years": 80.0},)
INCIDENCE = combined(
    "incidence",
    Text("工伤发生率", "Incidence"),
    Text(
        "时段内受理案件数÷参保人年×1000，精确泊松区间", "Cases accepted to 1,000 insured person-years; exact Poisson interval"
    ),
    TABLE,
    (Part("cases_accepted"), Part("person_years")),
    rate,
    unit=Unit.PERMILLE,
    direction="down",
    sources=BOTH,
    bounds=(0, 1_000_000),
    by=BY_INDUSTRY,
    example=(((ACCEPTED,), YEARS_OF_EXAMPLE), 12.5),
)
INCIDENCE_PRODUCTION = combined(
    "incidence_prod",
    Text("生产区域工伤发生率", "Incidence, at work proper"),
    Text(
        "同工伤发生率，不含上下班途中(14.6)和突发疾病(15.1)",
        "As the incidence, without commuting (14.6) and sudden illness (15.1)",
    ),
    TABLE,
    (Part("cases_production"), Part("person_years")),
    rate,
    unit=Unit.PERMILLE,
    direction="down",
    sources=BOTH,
    bounds=(0, 1_000_000),
    by=BY_INDUSTRY,
    example=(((AT_WORK,), YEARS_OF_EXAMPLE), 12.5),
)


def decided_after(days: int, n: int) -> tuple[dict[str, object], ...]:
    """Return rows decided so many days after their application and acceptance."""
    states = {LEGAL.state: State.VALID.value, HANDLING.state: State.VALID.value}
    return ({"decided_at": 0, LEGAL.value: days * DAY_S, HANDLING.value: days * DAY_S, **states},) * n


HANDLING_IMPROVED = combined(
    "handling_improved",
    Text("提速率", "Handling time saved"),
    Text(
        "（上年同期申请至决定天数均值－本期均值）÷上年同期均值",
        "Mean days from application to decision, last year's less this year's, in per cent of last year's",
    ),
    TABLE,
    (Part("handling_days_mean"), Part("handling_days_mean", "last_year")),
    improvement,
    unit=Unit.PERCENT,
    direction="up",
    sources=SOURCES,
    bounds=(-(10**9), 100),
    windows=COMPARED,
    minimum_n=1,
    example=((decided_after(3, 20), decided_after(60, 20)), 95.0),
)
LITTLE_WINDOW = "r12"
LITTLES_LAW = combined(
    "littles_law",
    Text("在办量核对偏差", "Stock against Little's law"),
    Text(
        "计时在办案件数相对（日均受理数×平均用时）的偏差；超过±25%提示数据可能有误",
        "Open cases, clock running, off from arrivals a day × mean days; beyond ±25 % the data may be wrong",
    ),
    TABLE,
    (Part("stock_running", "now"), Part("cases_accepted"), Part("legal_days_mean")),
    little,
    unit=Unit.PERCENT,
    direction="context",
    sources=SOURCES,
    bounds=(-100, 10**9),
    windows=(LITTLE_WINDOW,),
    example=(
        (
            ({"event_at": 0, "is_open": True, "is_suspended": False},) * 3,
            (ACCEPTED,) * 365,
            decided_after(2, 20),
        ),
        50.0,
    ),
)

WORKDAYS = counted(
    "workdays",
    Text("工作日数", "Working days"),
    Text("国务院放假安排下的工作日，含调休上班日", "Working days by the State Council's notice, make-up days among them"),
    "cn_workday",
    Count(where={"is_workday": (True,)}),
    sources=CALENDAR,
    example_row={"is_workday": True},
    placed_by="day_on",
    by=(),
    windows=(*PERIODS, *IN_WEEKS),
    noun=DAYS,
)
HOLIDAYS_OFF = counted(
    "long_holidays",
    Text("春节国庆休假日数", "Days off of the long holidays"),
    Text(
        "春节和国庆节的休假日；含有它们的周不进控制图",
        "Days off of Spring Festival and National Day; no chart counts their weeks",
    ),
    "cn_workday",
    Count(where={"name": HOLIDAYS, "is_workday": (False,)}),
    sources=CALENDAR,
    example_row={"name": HOLIDAYS[0], "is_workday": False},
    placed_by="day_on",
    by=(),
    windows=IN_WEEKS,
    noun=DAYS,
)
CASES_A_DAY = combined(
    "cases_per_workday",
    Text("每工作日受理数", "Cases accepted a working day"),
    Text("时段内受理案件数÷工作日数", "Cases accepted in the window to each working day"),
    TABLE,
    (Part("cases_accepted"), Part("workdays")),
    per_day,
    unit=Unit.MEAN_COUNT,
    direction="down",
    sources=(*SOURCES, *CALENDAR),
    by=(),
    windows=("r12", "r12_ly", *IN_WEEKS),
    noun=Text("件/日", "a day"),
    example=(((ACCEPTED,) * 5, ({"day_on": 0, "is_workday": True},) * 2), 2.5),
)
ACCIDENTS_NOWCAST = Metric(
    key="accidents_nowcast",
    title=Text("事故日期口径案件数（即时预报）", "Cases by date of accident, nowcast"),
    definition=Text(
        "按事故发生周计的受理案件，未报足的周按上报延迟规律补估，附5–95%区间",
        "Accepted cases by the week of their accident; weeks not told in full are estimated, 5–95 % interval",
    ),
    unit=Unit.COUNT,
    direction="down",
    table=TABLE,
    formula=Nowcast(told="accepted_at"),
    sources=SOURCES,
    bounds=(0, 10**7),
    windows=IN_WEEKS,
    by=(),
    noun=CASES,
    is_platform_default=True,
    example=Example(rows=({"event_at": 0, "accepted_at": 0},), value=1),
)
