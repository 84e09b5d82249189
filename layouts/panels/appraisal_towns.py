"""Appraisals and work by town; a small count of persons is not shown, nor what would tell it (section 9.2)."""

from typing import Any

from dash import html

from cockpit.numbers import NOTHING
from cockpit.panel import Need, Panel, Values
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.appraisal import YEAR
from layouts.parts.frame import frame
from layouts.parts.reading import badge, reason_text
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import FEW, HIDDEN, LEAST, cell_texts

COLUMNS = (
    ("appraisals_concluded", Text("鉴定结论", "Appraised")),
    ("intents", Text("就业意向", "Wishes")),
    ("placed", Text("上岗", "Placed")),
)
RULE = Text(
    f"{FEW}：少于{LEAST}人 · {HIDDEN}：为防倒推而隐去",
    f"{FEW}: fewer than {LEAST} · {HIDDEN}: hidden with it",
)


def towns(values: Values, language: Language) -> list[Any]:
    """Draw the towns by appraisals concluded; functional zones and the unknown town are counted and stand last."""
    whole = [values.one(key, YEAR) for key, _ in COLUMNS]
    note = [f"{words.LAST_12M(language)} ", badge(whole[0], language)]
    found = [{r.dims["town"]: r.n for r in values.parts(key, YEAR, "town") if r.value is not None} for key, _ in COLUMNS]
    codes = sorted(set().union(*found), key=lambda code: (is_apart(values, code), -found[0].get(code, 0), code or ""))
    if not codes:
        told = reason_text(whole[0], language) or words.NO_CASE(language)
        return frame(TOWNS.title(language), note, html.Div(told, className="nothing"))
    texts = [cell_texts([column.get(code, 0) if column else None for code in codes], NOTHING) for column in found]
    head = html.Tr([html.Th(words.TOWN(language)), *(html.Th(name(language)) for _, name in COLUMNS)])
    body = [
        html.Tr([html.Td(values.label("town", code)(language)), *(html.Td(column[place]) for column in texts)])
        for place, code in enumerate(codes)
    ]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="list filling")
    return frame(
        TOWNS.title(language),
        note,
        table,
        html.Div([RULE(language), " ", refused_mark(language, *whole)], className="left-out small"),
    )


def is_apart(values: Values, code: str | None) -> int:
    """Return 1 for a functional zone and 2 for the unknown town, which are never ranked, 0 for a town."""
    return 2 if code in (None, UNKNOWN_TOWN) else int(code in values.functional)


TOWNS = Panel(
    key="appraisal_towns",
    is_for_staff=True,
    title=Text("各镇（街道）", "By town"),
    draw=towns,
    needs=(*(Need(key, YEAR) for key, _ in COLUMNS), *(Need(key, YEAR, "town") for key, _ in COLUMNS)),
)
