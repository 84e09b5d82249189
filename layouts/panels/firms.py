"""The firms with the highest risk index, of the chosen town or of the city, as a short list beside other pictures."""

from collections.abc import Mapping
from typing import Any

from dash import html

from cockpit.numbers import NOTHING
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts.panels.enterprises import KNOWN, RANKED, exceedance, note_of, nothing
from layouts.panels.enterprises_ranking import graded
from layouts.parts.firm import firm_name, firm_title, probability_text
from layouts.parts.frame import frame

SHOWN = 5
HIGHEST = RANKED._replace(limit=SHOWN)
INDEX = Text("指数", "Index")


def firms(values: Values, language: Language) -> list[Any]:
    """Draw the firms with the highest index: rank, who, index, grade, and how probably it is above."""
    rows, note = values.latest[HIGHEST], note_of(values, language)
    if not rows:
        return frame(FIRMS.title(language), note, nothing(values, language))
    body = [firm_row(values, place, row, language) for place, row in enumerate(rows, 1)]
    titles = ("#", firm_title(values, language), INDEX(language), "", exceedance(values))
    head = html.Thead(html.Tr([html.Th(title) for title in titles]))
    return frame(FIRMS.title(language), note, html.Table([head, html.Tbody(body)], className="list dense small firms-short"))


def firm_row(values: Values, place: int, row: Mapping[str, Any], language: Language) -> html.Tr:
    """Return one firm."""
    probability = html.Span(probability_text(row["p_gt_15"], language), className="soft")
    index = html.B(NOTHING if row["idx"] is None else f"{row['idx']:.1f}")
    cells = (place, firm_name(values, row, language), index, graded(row, language), probability)
    return html.Tr([html.Td(cell) for cell in cells])


FIRMS = Panel(
    key="firms",
    is_for_staff=True,
    title=Text("高风险企业", "Firms at risk"),
    draw=firms,
    needs=(KNOWN,),
    latest=(HIGHEST,),
    follows=True,
)
