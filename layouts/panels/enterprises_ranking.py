"""The ranking of enterprises by their risk index: with its evidence, its probability, its movement, and advice on the rate."""

from collections.abc import Mapping
from typing import Any

from dash import html

from cockpit.numbers import NOTHING
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts.panels.enterprises import KNOWN, RANKED, exceedance, note_of, nothing
from layouts.parts.firm import (
    cases_text,
    change_kind,
    change_text,
    firm_name,
    firm_title,
    person_years_text,
    probability_text,
    ratio_text,
)
from layouts.parts.frame import frame
from layouts.parts.grade_chip import grade_chip
from layouts.parts.rules import risk_in_force
from layouts.parts.small_cells import FEW, LEAST

COLUMNS: tuple[Text | None, ...] = (
    Text("人年", "PY"),
    Text("本年/上年", "Cases/before"),
    Text("指数", "Index"),
    Text("等级", "Grade"),
    None,
    Text("较上周", "Change"),
    Text("支缴比", "Paid/due"),
    Text("费率*", "Rate*"),
)
"""The heads; one without words is the probability, which is of what the rules say."""

GATED = Text("证据不足", "thin")
FLOOR = Text("升级下限：工亡或1–4级", "raised: a death, or grade 1–4")
ORDER = Text("按指数", "by index")
FOOT = Text(
    f"* 费率档次（基准%）仅供参考，由经办机构决定 · {FEW}：1–{LEAST - 1}件不显示 · P：真实倍数超过{{:g}}的概率",
    f"* per cent of the base rate: advice, the agency decides · {FEW}: 1–{LEAST - 1} not shown · P: true ratio above {{:g}}",
)


def ranking(values: Values, language: Language) -> list[Any]:
    """Draw the firms with the highest index; on the city's wall they have no names."""
    rows = values.latest[RANKED]
    note = note_of(values, language, ORDER(language))
    if not rows:
        return frame(RANKING.title(language), note, nothing(values, language))
    titles = ("#", firm_title(values, language), *(title(language) if title else exceedance(values) for title in COLUMNS))
    head = html.Thead(html.Tr([html.Th(title) for title in titles]))
    body = [firm_row(values, place, row, language) for place, row in enumerate(rows, 1)]
    table = html.Table([head, html.Tbody(body)], className="list dense firms-ranked")
    foot = FOOT(language).format(risk_in_force(values).high_theta)
    return frame(RANKING.title(language), note, table, html.Div(foot, className="left-out small foot"))


def firm_row(values: Values, place: int, row: Mapping[str, Any], language: Language) -> html.Tr:
    """Return one firm: who, how large, its cases, its index and what that stands on."""
    cases = " / ".join(cases_text(values, row[name]) for name in ("observed_count", "observed_before"))
    cells = (
        place,
        firm_name(values, row, language),
        person_years_text(row),
        cases,
        index_bar(row),
        graded(row, language),
        probability_text(row["p_gt_15"], language),
        html.Span(change_text(row, language), className=change_kind(row)),
        ratio_text(row["cost_ratio"]),
        html.Span(advice_text(row), className="soft"),
    )
    return html.Tr([html.Td(cell) for cell in cells])


def index_bar(row: Mapping[str, Any]) -> html.Div:
    """Return the index as a number and as a bar of 0 to 100."""
    index = row["idx"]
    if index is None:
        return html.Div(NOTHING)
    bar = html.Span(html.I(style={"width": f"{index:.1f}%"}), className="bar-track")
    return html.Div([bar, html.B(f"{index:.1f}")], className="index-bar")


def graded(row: Mapping[str, Any], language: Language) -> list[Any]:
    """Return the chip of a grade, and what held it down or up."""
    gate = html.Span(GATED(language), className="gate-mark") if row["is_gated"] else ""
    floor = html.Span("↑", className="gate-mark", title=FLOOR(language)) if row["floor"] else ""
    return [gate, floor, grade_chip(row["grade"], language)]


def advice_text(row: Mapping[str, Any]) -> str:
    """Return the step of the rate that the cost ratio suggests, in per cent of the base rate."""
    return NOTHING if row["rate_advice"] is None else f"{row['rate_advice']}%"


RANKING = Panel(
    key="enterprise_ranking",
    is_for_staff=True,
    title=Text("企业风险排行", "Firms by risk index"),
    draw=ranking,
    needs=(KNOWN,),
    latest=(RANKED,),
    follows=True,
)
