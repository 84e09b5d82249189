"""Grades of the ranked enterprises by town, as stacked bars with their numbers."""

from collections.abc import Mapping
from typing import Any

from dash import html

from cockpit.metric import Unit
from cockpit.numbers import whole_number, written
from cockpit.panel import Asked, Need, Panel, Values
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.enterprises import GRADED, NOW, nothing
from layouts.parts.frame import frame
from layouts.parts.grade_chip import LETTERS, grade_chip
from layouts.parts.reading import badge
from layouts.parts.refused import refused_mark

ABOVE_GREEN = ("红", "橙", "黄")
"""The grades that the bars stack: green ones are nearly all firms, and stand as the number they are."""

LONGEST = Text("占比至{}%", "share to {}%")
WHOLE = Text("全市", "city")


def by_town(values: Values, language: Language) -> list[Any]:
    """Draw the grades of each town's firms, the town with the largest share of red and orange first."""
    parts = {grade: values.parts(key, NOW, "town") for grade, key in GRADED.items()}
    counted = {grade: {r.dims["town"]: int(r.value or 0) for r in found} for grade, found in parts.items()}
    whole = [values.one(key, NOW) for key in GRADED.values()]
    note = [clear_link(values, language), " ", badge(whole[0], language) or refused_mark(language, *whole)]
    codes = sorted(set().union(*counted.values()), key=lambda code: order(values, code, counted))
    if not codes:
        return frame(BY_TOWN.title(language), note, nothing(values, language))
    top = max(share(counted, code, ABOVE_GREEN) for code in codes) or 1.0
    longest = LONGEST(language).format(written(100 * top, Unit.PERCENT, language))
    head = html.Tr(
        [html.Th(words.TOWN(language)), html.Th(longest), *(html.Th(grade_chip(grade, language)) for grade in GRADED)]
    )
    body = [town_row(values, code, counted, top, language) for code in codes]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="list dense small grades")
    return frame(BY_TOWN.title(language), note, table)


def share(counted: Mapping[str, Mapping[str | None, int]], code: str | None, grades: tuple[str, ...]) -> float:
    """Return the share of some grades among the ranked firms of a town."""
    ranked = sum(counts.get(code, 0) for counts in counted.values())
    return sum(counted[grade].get(code, 0) for grade in grades) / ranked if ranked else 0.0


def order(values: Values, code: str | None, counted: Mapping[str, Mapping[str | None, int]]) -> tuple[Any, ...]:
    """Return where a town stands; functional zones and the unknown town are counted and stand last."""
    apart = 2 if code in (None, UNKNOWN_TOWN) else int(code in values.functional)
    return (apart, -share(counted, code, ("红", "橙")), -share(counted, code, ABOVE_GREEN), code or "")


def town_row(
    values: Values, code: str | None, counted: Mapping[str, Mapping[str | None, int]], top: float, language: Language
) -> html.Tr:
    """Return one town: a link that chooses it, its bar, and the number of its firms of each grade."""
    name = values.label("town", code)(language)
    linked = name if code in (None, UNKNOWN_TOWN) else html.A(name, href=address(code, language))
    parts = [
        html.I(className=f"chip-{LETTERS[grade]}", style={"width": f"{100 * share(counted, code, (grade,)) / top:.1f}%"})
        for grade in ABOVE_GREEN
    ]
    numbers = (whole_number(counts.get(code, 0)) for counts in counted.values())
    cells = [linked, html.Span(parts, className="stacked-bar"), *numbers]
    return html.Tr([html.Td(cell) for cell in cells], className="is-chosen" if code == values.asked.town else "")


def address(code: str | None, language: Language) -> str:
    """Return the address of this page for a town, or for the whole city."""
    query = Asked(town=code).query
    return f"?lang={language}" + (f"&{query}" if query else "")


def clear_link(values: Values, language: Language) -> Any:
    """Return the way back to the whole city where a town was chosen."""
    return "" if values.asked.town is None else html.A(f"× {WHOLE(language)}", href=address(None, language), className="clear")


BY_TOWN = Panel(
    key="enterprise_towns",
    is_for_staff=True,
    title=Text("各镇（街道）等级", "Grades by town"),
    draw=by_town,
    needs=(*(Need(key, NOW) for key in GRADED.values()), *(Need(key, NOW, "town") for key in GRADED.values())),
)
