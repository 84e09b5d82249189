"""The towns ranked by colour and score, with what the score is made of; and what other cuts would make of them."""

from typing import Any

from dash import dcc, html

from cockpit.judging.funnel import sir_interval
from cockpit.numbers import NOTHING, whole_number
from cockpit.panel import Asked, Need, Panel, Values
from cockpit.text import Language, Text
from layouts.parts.frame import frame
from layouts.parts.refused import refused_mark
from layouts.parts.rules import colours_in_force, whose
from layouts.parts.small_cells import HIDDEN, few
from layouts.parts.town_address import ADDRESS, address
from layouts.parts.town_rows import (
    HISTORY,
    NEWEST,
    NONE_JUDGED,
    PART_NAMES,
    STANDING,
    TOLD,
    Town,
    colour_name,
    days_in,
    is_stale,
    mark_of,
    short_name,
    towns_of,
)
from layouts.parts.town_state import town_chip
from layouts.parts.what_if import replayed

TITLE = Text("评分表", "Scores")
PARTS_HEAD = Text("五项", "Parts")
HEADS = (
    Text("镇街", "Town"),
    Text("案件O", "O"),
    Text("人年", "PY"),
    Text("粗率‰", "rate ‰"),
    Text("标化比 95%区间", "O/E 95 % CI"),
    PARTS_HEAD,
    Text("得分", "Score"),
    Text("天数", "Days"),
)
TRIED = Text("试算", "What if")
TRIED_NOTE = Text("试算·未保存", "What-if, not saved")
REFUSED = Text("试算分数线无效，未采用：须为1–99且红>橙>黄", "Not tried: the cuts must be 1–99 and red > orange > yellow")
CUTS = Text("分数线", "Cuts")
TRY, CLEAR, ALL = Text("试算", "Try"), Text("清除", "Clear"), Text("全市", "All towns")
RAISED_MARK, RAISED = "↑", Text("升级规定", "raised by a floor")
ZONE = Text("功能区，计入全市，不评色", "zone: counted in the city, not coloured")
YEAR = "r12"
ZONE_CASES, ZONE_YEARS = Need("cases_production", YEAR, "town"), Need("person_years", YEAR, "town")
CUT_NAMES = ("红", "橙", "黄")
PERMILLE = 1000


def score_table(values: Values, language: Language) -> list[Any]:
    """Draw every town with its cases, rate, ratio and score, those of the worst colour first; the functional zone last."""
    towns = towns_of(values)
    if not towns:
        return frame(TITLE(language), "", html.Div(NONE_JUDGED(language), className="nothing"))
    tried = replayed(values, values.asked.cuts) if values.asked.cuts else None
    heads = [*HEADS, *([TRIED] if tried is not None else [])]
    head = html.Tr([html.Th(parts_head(name, language) if name is PARTS_HEAD else name(language)) for name in heads])
    rows = [town_row(values, town, tried, language) for town in towns]
    table = html.Table(
        [html.Thead(head), html.Tbody(rows + zone_rows(values, len(heads), language))], className="list town-list"
    )
    readings = (*values.readings[TOLD], *values.readings[ZONE_CASES], *values.readings[ZONE_YEARS])
    return frame(TITLE(language), note(values, language, refused_mark(language, *readings)), table, form(values, language))


def note(values: Values, language: Language, refused: Any) -> list[Any]:
    """Return what is tried or chosen, and the way back to all towns."""
    asked = values.asked
    said: list[Any] = [refused, " "]
    if asked.cuts:
        said += [html.B(TRIED_NOTE(language), className="tried"), " "]
    if asked.is_refused:
        said += [html.B(REFUSED(language), className="tried"), " "]
    if asked.town:
        said.append(dcc.Link(ALL(language), href=address(Asked(None, asked.cuts), language), className="plain-link"))
    return said


def town_row(values: Values, town: Town, tried: dict[str, str | None] | None, language: Language) -> html.Tr:
    """Return one town's row; what is silent, or never judged, has no numbers."""
    days = days_in(values, town)
    cells = [
        html.Td(name_cell(values, town, language)),
        *number_cells(town),
        html.Td(parts_bar(town, language)),
        html.Td(score_cell(town, language)),
        html.Td(NOTHING if days is None else whole_number(days)),
        *([html.Td(tried_cell(town, tried.get(town.code), language))] if tried is not None else []),
    ]
    return html.Tr(cells, className="is-chosen" if values.asked.town == town.code else "")


def name_cell(values: Values, town: Town, language: Language) -> dcc.Link:
    """Return a town's chip and name, which choose it as a click on the map does, or let it go."""
    asked = Asked(None if values.asked.town == town.code else town.code, values.asked.cuts)
    mark = mark_of(town, stale=is_stale(values))
    said = [town_chip(mark.letter), short_name(values, town.code, language)]
    return dcc.Link(said, href=address(asked, language), title=colour_name(town, language))


def number_cells(town: Town) -> list[html.Td]:
    """Return O, person-years, crude rate and ratio; small cells are hidden, and what would tell them."""
    week = town.week
    if not town.is_counted:
        return [html.Td(NOTHING) for _ in range(4)]
    years = whole_number(round(week["person_years"]))
    if town.is_small:
        return [html.Td(text) for text in (few(town.least), years, HIDDEN, HIDDEN)]
    crude = PERMILLE * week["observed_count"] / week["person_years"]
    return [html.Td(text) for text in (whole_number(week["observed_count"]), years, f"{crude:.2f}", ratio_cell(town))]


def ratio_cell(town: Town) -> Any:
    """Return a town's standardised ratio with its exact 95 % interval."""
    week = town.week
    if week["sir"] is None or not week["expected_count"]:
        return NOTHING
    low, high = sir_interval([week["observed_count"]], [week["expected_count"]])
    return [f"{week['sir']:.2f} ", html.Span(f"{low[0]:.2f}–{high[0]:.2f}", className="soft")]


def score_cell(town: Town, language: Language) -> Any:
    """Return a town's score, marked where its colour is demanded by more than the score."""
    if not town.is_scored:
        return NOTHING
    floor = html.Span(RAISED_MARK, className="is-over", title=RAISED(language)) if town.week["floor"] else ""
    return [floor, html.B(f"{town.week['score']:.1f}")]


def parts_bar(town: Town, language: Language) -> Any:
    """Return the five parts of a score side by side, on a track of 100 points."""
    if not town.has_parts:
        return NOTHING
    told = " · ".join(f"{name(language)} {town.week[key]:.1f}" for key, name in PART_NAMES.items())
    bars = [
        html.I(style={"width": f"{town.week[key] or 0:.1f}%"}, className=f"part-{place}")
        for place, key in enumerate(PART_NAMES)
    ]
    return html.Span(bars, className="parts-track", title=told)


def tried_cell(town: Town, colour: str | None, language: Language) -> Any:
    """Return the colour that a town would have, marked where it is another one."""
    if town.is_silent or colour is None:
        return NOTHING
    other = Town(town.code, {**town.standing, "colour": colour}, town.week)
    is_other = colour != town.colour
    chip = town_chip(mark_of(other, stale=False).letter)
    return html.Span(
        [chip, "≠" if is_other else ""], className="is-other" if is_other else "", title=colour_name(other, language)
    )


def zone_rows(values: Values, columns: int, language: Language) -> list[html.Tr]:
    """Return a line for each functional zone: its cases and person-years count in the city, it has no colour."""
    cases, years = ({r.dims["town"]: r.value for r in values.readings[need]} for need in (ZONE_CASES, ZONE_YEARS))
    rows = []
    for code in sorted(values.functional):
        n, py = cases.get(code), years.get(code)
        is_few = n is not None and 0 < n < values.least_cell
        known = n is not None and bool(py)
        crude = NOTHING if not known else HIDDEN if is_few else f"{PERMILLE * (n or 0) / (py or 1):.2f}"
        texts = (
            NOTHING if n is None else few(values.least_cell) if is_few else whole_number(round(n)),
            NOTHING if py is None else f"{py:,.0f}",
            crude,
        )
        name = html.Td([town_chip(""), short_name(values, code, language)])
        rest = html.Td(ZONE(language), colSpan=columns - 4, className="soft")
        rows.append(html.Tr([name, *(html.Td(text) for text in texts), rest], className="zone-row"))
    return rows


def form(values: Values, language: Language) -> html.Form:
    """Return the form that asks for other cuts in the address: it sends nothing, and changes nothing that is stored."""
    rules = colours_in_force(values)
    yellow, orange, red = values.asked.cuts or (round(cut) for cut in rules.cuts)
    fields = [field(name, cut) for name, cut in zip(CUT_NAMES, (red, orange, yellow), strict=True)]
    hidden = {"town": values.asked.town, "lang": language}
    kept = [dcc.Input(type="hidden", name=name, value=value) for name, value in hidden.items() if value]
    clear = dcc.Link(CLEAR(language), href=address(Asked(values.asked.town), language), className="plain-link")
    return html.Form(
        [
            html.B(CUTS(language)),
            *fields,
            *kept,
            html.Button(TRY(language), type="submit"),
            clear if is_tried(values) else html.Span(whose(rules, language), className="left-out small"),
        ],
        action=ADDRESS,
        method="get",
        className="what-if",
    )


def is_tried(values: Values) -> bool:
    """Whether the address asks for cuts, good or not."""
    return values.asked.cuts is not None or values.asked.is_refused


def field(colour: str, cut: int) -> html.Label:
    """Return the field of one cut, under its letter."""
    letter = {"红": "R", "橙": "O", "黄": "Y"}[colour]
    return html.Label(
        [
            town_chip(letter),
            "≥",
            dcc.Input(type="text", name="cuts", value=str(cut), inputMode="numeric", maxLength=2, size="2"),
        ]
    )


def parts_head(name: Text, language: Language) -> Any:
    """Return the head of the five parts: each part's letter on its shade."""
    letters = [html.I(told("en")[0], className=f"part-{place}") for place, told in enumerate(PART_NAMES.values())]
    return [name(language), html.Span(letters, className="parts-key")]


TABLE = Panel(
    key="towns_scores",
    title=TITLE,
    draw=score_table,
    needs=(TOLD, ZONE_CASES, ZONE_YEARS),
    latest=(STANDING, NEWEST, HISTORY),
)
