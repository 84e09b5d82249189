"""What an enterprise's index is made of: the five indicators of the first ranked firm, and what they are for everybody."""

from collections.abc import Mapping
from math import exp
from typing import Any

from dash import html

from cockpit.numbers import NOTHING
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts.panels.enterprises import KNOWN, RANKED, note_of, nothing
from layouts.parts.firm import cases_text, firm_name, person_years_text, ratio_text
from layouts.parts.frame import frame
from layouts.parts.grade_chip import grade_chip
from layouts.parts.rules import risk_in_force, whose
from layouts.parts.small_cells import FEW

FIRST = Text("排行第一", "ranked first")
INDEX = Text("指数", "index")
YEARS_OF = Text("{} 人年", "{} person-years")
INDICATORS = (
    ("count_score", Text("发生次数", "Count"), Text("近12个月 {} 件", "{} in 12 mo.")),
    ("rate_score", Text("发生率", "Rate"), Text("收缩后为期望的 {}倍", "{} times the expected, shrunk")),
    ("trend_score", Text("趋势", "Trend"), Text("为上年的 {}倍", "{} times last year's")),
    ("severity_score", Text("伤残等级", "Severity"), Text("为同类的 {}倍", "{} times its class's")),
    ("cost_score", Text("支缴比", "Paid to due"), Text("收缩后 {}", "{}, shrunk")),
)
TELLING = 3
"""The first three follow from the counts of cases: where one is of 1 to 4, the three are hidden, and so the sum tells none."""

NOT_TOLD = Text(f"案件{FEW}件，不显示", f"{FEW} cases, not shown")
WHAT_IT_IS = Text(
    "五项指标各折成0–100分后加权：发生次数{}、发生率{}、趋势{}、伤残等级{}、支缴比{}；企业越小，比率越向同类均值收缩。",
    "Five indicators of 0–100, weighted: count {}, rate {}, trend {}, severity {}, paid to due {}; "
    "ratios of small firms are drawn to their class's.",
)
WHAT_IT_NEEDS = Text(
    "24个月不足{}件且无工亡或1–4级伤残的，不评绿以上（证据不足）；不足{:g}人年的只列小微观察，不参与排行。",
    "With under {} cases in 24 months and no death or grade 1–4 it stays green; under {:g} person-years it is not ranked.",
)
RULES = Text("评估口径 {}", "rules {}")


def profile(values: Values, language: Language) -> list[Any]:
    """Draw the five indicators of the first ranked firm as bars of 0 to 100, each with its weight and what it stands on."""
    rows, note = values.latest[RANKED][:1], note_of(values, language)
    if not rows:
        return frame(PROFILE.title(language), note, nothing(values, language))
    row = rows[0]
    size = f"{FIRST(language)} · {YEARS_OF(language).format(person_years_text(row))}"
    index = NOTHING if row["idx"] is None else f"{row['idx']:.1f}"
    who = html.Div([html.B(firm_name(values, row, language)), html.Span(size)], className="profile-who")
    told = html.Div([grade_chip(row["grade"], language), " ", INDEX(language), " ", html.B(index)], className="profile-index")
    bars = indicators(values, row, language)
    return frame(PROFILE.title(language), note, who, told, html.Div(bars, className="bars"))


def indicators(values: Values, row: Mapping[str, Any], language: Language) -> list[html.Div]:
    """Return the five indicators of a firm; those that would tell a count of 1 to 4 have neither score nor figure."""
    is_few = FEW in (cases_text(values, row[name]) for name in ("observed_count", "observed_before"))
    told = zip(INDICATORS, weights(values), figures_of(values, row), strict=True)
    drawn = []
    for place, ((column, name, text), weight, figure) in enumerate(told):
        is_hidden = is_few and place < TELLING
        stands_on = NOT_TOLD(language) if is_hidden else text(language).format(figure)
        drawn.append(indicator(None if is_hidden else row[column], f"{name(language)} ", weight, stands_on))
    return drawn


def weights(values: Values) -> tuple[str, ...]:
    """Return the weights of the five indicators that are in force, in per cent."""
    return tuple(f"{100 * weight:g}%" for weight in risk_in_force(values).weights)


def figures_of(values: Values, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what each indicator stands on: cases, shrunk ratio, times last year's, times its class's, paid to due."""
    trend = None if row["trend"] is None else exp(row["trend"])
    times = (NOTHING if value is None else f"{value:.2f}" for value in (row["theta"], trend, row["severity_ratio"]))
    return (cases_text(values, row["observed_count"]), *times, ratio_text(row["cost_ratio"]))


def indicator(score: float | None, name: str, weight: str, stands_on: str) -> html.Div:
    """Return one indicator: its name and weight, its score as a bar of 0 to 100, and what it stands on."""
    head = [html.Span([name, html.Small(weight)]), html.B(NOTHING if score is None else f"{score:.1f}")]
    track = html.Span(html.I(style={"width": f"{score or 0:.1f}%"}), className="bar-track")
    return html.Div([html.Div(head), track, html.Small(stands_on)], className="indicator")


def about(values: Values, language: Language) -> list[Any]:
    """Say what the index is, what it asks for before it grades, and by which rules the rows were judged."""
    version = next((row["config_version"] for row in values.latest[RANKED] if row["config_version"]), None)
    in_force = risk_in_force(values)
    needs = WHAT_IT_NEEDS(language).format(in_force.gate_cases, in_force.least_person_years)
    said = [html.P(WHAT_IT_IS(language).format(*weights(values))), html.P(needs)]
    rules = [html.P(RULES(language).format(version))] if version else []
    return frame(ABOUT.title(language), whose(in_force, language), html.Div([*said, *rules], className="explained"))


PROFILE = Panel(
    key="enterprise_profile",
    is_for_staff=True,
    title=Text("五项指标", "Indicators"),
    draw=profile,
    needs=(KNOWN,),
    latest=(RANKED,),
    follows=True,
)
ABOUT = Panel(key="enterprise_about", title=Text("指数说明", "What it is"), draw=about, latest=(RANKED,), follows=True)
