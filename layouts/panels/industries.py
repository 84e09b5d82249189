"""Incidence at work by industry and by risk category, with exact intervals, against the city's."""

from collections.abc import Sequence
from typing import Any

from dash import html

from cockpit.disclosure import hidden_cells
from cockpit.industries import UNKNOWN_CODE
from cockpit.metric import Reading, Unit
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.enterprises import where
from layouts.parts.frame import frame
from layouts.parts.industry import industry_name
from layouts.parts.reading import badge, interval_text, n_text, reason_text, value_text
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import FEW

YEAR = "r12"
RATE = "incidence_prod"
OF_CITY = Need(RATE, YEAR)
CATEGORIES = tuple("12345678")
SHOWN = 4
WIDEST = 3.0
"""The scale ends at so many times the highest rate shown: an interval that reaches farther is cut."""

CITY_RATE = Text("┆全市 {}‰", "┆city {}‰")
MORE, FEW_LEFT = Text("另{}个行业", "{} more"), Text("{}个因少于5件隐去", "{} hidden for <5 cases")
BY_CATEGORY = Text("按风险类别 ‰", "By risk category, ‰")


def industries(values: Values, language: Language) -> list[Any]:
    """Draw the industries by incidence, the highest first, and below them the eight risk categories."""
    city, rates = values.one(RATE, YEAR), values.parts(RATE, YEAR, "division")
    note = f"{where(values, language)} · {words.LAST_12M(language)} · ‰"
    ranked, few = told(rates)
    trust = [" ", refused_mark(language, city), badge(city, language)]
    if not ranked:
        nobody = reason_text(city, language) or words.NO_CASE(language)
        return frame(INDUSTRIES.title(language), [note, *trust], html.Div(nobody, className="nothing"))
    top = scale(ranked[:SHOWN], city)
    rows = [industry_row(values, reading, city, top, language) for reading in ranked[:SHOWN]]
    line = CITY_RATE(language).format(value_text(city, language))
    foot = html.Div([line, rest_text(len(ranked) - SHOWN, few, language)], className="left-out small")
    body = (html.Div(rows, className="ranges"), foot, categories(values, city, trust, language))
    return frame(INDUSTRIES.title(language), note, *body)


def told(rates: Sequence[Reading]) -> tuple[list[Reading], int]:
    """Return the rates that a wall may show, the highest first, and how many rest on too few cases to be shown."""
    known = [r for r in rates if r.value is not None and next(iter(r.dims.values())) not in (None, UNKNOWN_CODE)]
    hidden = hidden_cells([r.n for r in known])
    shown = [r for place, r in enumerate(known) if place not in hidden]
    return sorted(shown, key=lambda r: -(r.value or 0)), len(hidden)


def scale(shown: Sequence[Reading], city: Reading) -> float:
    """Return the rate at which the picture ends."""
    highest = max([r.value or 0 for r in shown] + [city.value or 0]) or 1.0
    return min(max([r.high or 0 for r in shown] + [highest]), WIDEST * highest)


def rest_text(more: int, few: int, language: Language) -> str:
    """Say how many industries are not listed, and how many have too few cases to be shown."""
    said = ((MORE, more), (FEW_LEFT, few))
    return "".join(f" · {text(language).format(count)}" for text, count in said if count > 0)


def industry_row(values: Values, reading: Reading, city: Reading, top: float, language: Language) -> html.Div:
    """Return one industry: its rate with its exact interval on a scale, marked where it is clearly above the city's."""
    is_above = reading.low is not None and city.value is not None and reading.low > city.value
    rate = f"{'◆' if is_above else ''}{value_text(reading, language)}"
    cells = (
        html.Span(industry_name(values, reading.dims["division"], language)),
        html.Span([*marks(reading, top), city_line(city, top)], className="range-track"),
        html.B(rate, className="is-over" if is_above else ""),
        html.Span(f"n={whole_number(reading.n)}", className="soft"),
    )
    return html.Div(list(cells), className="range-row", title=f"{interval_text(reading, language)} {n_text(reading)}")


def marks(reading: Reading, top: float) -> list[html.I]:
    """Return an interval as a line and its value as a point."""
    low, value = reading.low or 0.0, reading.value or 0.0
    high = min(top, value if reading.high is None else reading.high)
    span = {"left": f"{100 * low / top:.1f}%", "width": f"{100 * max(0.0, high - low) / top:.1f}%"}
    return [
        html.I(className="range-span", style=span),
        html.I(className="range-point", style={"left": f"{100 * value / top:.1f}%"}),
    ]


def city_line(city: Reading, top: float) -> html.I:
    """Return the city's rate as a line across."""
    return html.I(className="range-city", style={"left": f"{100 * (city.value or 0) / top:.1f}%"})


def categories(values: Values, city: Reading, trust: list[Any], language: Language) -> html.Div:
    """Draw the risk categories side by side, each with its rate; one of too few cases has none."""
    found = {r.dims["risk_cat"]: r for r in values.parts(RATE, YEAR, "risk_cat")}
    hidden = hidden_cells([found[code].n if code in found else 0 for code in CATEGORIES])
    shown = {code: found[code] for place, code in enumerate(CATEGORIES) if code in found and place not in hidden}
    few = {code for place, code in enumerate(CATEGORIES) if place in hidden}
    top = max([r.value or 0 for r in shown.values()] + [city.value or 0]) or 1.0
    cells = [category(values, code, shown.get(code), FEW if code in few else NOTHING, top, language) for code in CATEGORIES]
    head = html.Div([BY_CATEGORY(language), *trust], className="left-out small")
    return html.Div([head, html.Div(cells, className="categories")])


def category(  # noqa: PLR0917 in the order one says them: this one, its rate or what stands for it, on which scale
    values: Values, code: str, reading: Reading | None, otherwise: str, top: float, language: Language
) -> html.Div:
    """Return one category: a column as high as its rate, and its numbers."""
    name = html.Span(values.label("risk_cat", code)(language) if language == "zh" else code)
    if reading is None or reading.value is None:
        return html.Div([html.B(otherwise), html.Span(className="category-track"), name], className="category")
    bar = html.Span(html.I(style={"height": f"{100 * reading.value / top:.0f}%"}), className="category-track")
    told = f"{interval_text(reading, language)} {n_text(reading)}"
    return html.Div([html.B(written(reading.value, Unit.PERCENT, language)), bar, name], className="category", title=told)


INDUSTRIES = Panel(
    key="industries",
    is_for_staff=True,
    title=Text("行业发生率", "Industry rates"),
    draw=industries,
    needs=(OF_CITY, Need(RATE, YEAR, "division"), Need(RATE, YEAR, "risk_cat")),
    of_all=(OF_CITY,),
    follows=True,
)
