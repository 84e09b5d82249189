"""Work injury 工伤: how incidence and cases changed on the same window of last year (2.8, 3.3)."""

from cockpit.combining import change, rate_change
from cockpit.formula_combined import Part
from cockpit.metric import Metric, Target, Unit
from cockpit.metrics.records import Row, combined
from cockpit.metrics.work_injury_cases import SOURCES, TABLE
from cockpit.metrics.work_injury_rates import ACCEPTED, AT_WORK, BOTH, YEARS_OF_EXAMPLE
from cockpit.text import Text
from cockpit.window import COMPARED

HALVED = ((ACCEPTED,) * 10, YEARS_OF_EXAMPLE, (ACCEPTED,) * 20, YEARS_OF_EXAMPLE)
AT_WORK_HALVED = ((AT_WORK,) * 10, YEARS_OF_EXAMPLE, (AT_WORK,) * 20, YEARS_OF_EXAMPLE)
LESS_BY_5 = Target(value=-5.0, basis=Text("本平台默认口径", "our default"))
"""[DEF] What the city's rate is held against: ratios of towns are relative, and stay as they are when all worsen (3.3)."""


def rate_on_last_year(
    key: str,
    title: Text,
    definition: Text,
    cases: str,
    example_rows: tuple[tuple[Row, ...], ...],
    *,
    target: Target | None = None,
) -> Metric:
    """Return how a rate of cases to person-years changed on the same window of last year; in its example it halves."""
    return combined(
        key,
        title,
        definition,
        TABLE,
        tuple(Part(name, when) for when in ("compared", "last_year") for name in (cases, "person_years")),
        rate_change,
        unit=Unit.PERCENT,
        direction="down",
        sources=BOTH,
        bounds=(-100, 10**9),
        windows=COMPARED,
        target=target,
        example=(example_rows, -50.0),
    )


INCIDENCE_YOY = rate_on_last_year(
    "incidence_yoy",
    Text("发生率同比", "Incidence on last year"),
    Text(
        "工伤发生率相对上年同期的变化，2月29日不计；条件二项精确95%区间含0时变化不显著",
        "Change of the incidence on the same window of last year, 29 February left out; exact conditional binomial interval",
    ),
    "cases_accepted",
    HALVED,
)
INCIDENCE_PRODUCTION_YOY = rate_on_last_year(
    "incidence_prod_yoy",
    Text("生产区域发生率同比", "Incidence at work proper, on last year"),
    Text(
        "同发生率同比，不含上下班途中(14.6)和突发疾病(15.1)",
        "As the incidence on last year, without commuting (14.6) and sudden illness (15.1)",
    ),
    "cases_production",
    AT_WORK_HALVED,
    target=LESS_BY_5,
)
CASES_YOY = combined(
    "cases_yoy",
    Text("受理案件数同比", "Cases accepted on last year"),
    Text(
        "受理案件数相对上年同期的变化，2月29日不计；条件二项精确95%区间含0时变化不显著",
        "Change of the cases accepted on the same window of last year, 29 February left out; exact binomial interval",
    ),
    TABLE,
    (Part("cases_accepted", "compared"), Part("cases_accepted", "last_year")),
    change,
    unit=Unit.PERCENT,
    direction="down",
    sources=SOURCES,
    bounds=(-100, 10**9),
    windows=COMPARED,
    example=(HALVED[::2], -50.0),
)
