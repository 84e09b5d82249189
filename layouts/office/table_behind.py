"""`/numbers/<screen>/<panel>`: the table behind a picture: each of its readings, which opens its number, and its rows."""

from dataclasses import replace
from typing import Any

from dash import html

from cockpit.metric import Reading, Unit
from cockpit.panel import Need, Values
from cockpit.tabled import ListedRows, Tabled
from cockpit.text import Language
from cockpit.window import WINDOW_TEXT
from layouts.office import number_words as words
from layouts.office.cells import cell, heads, numbers_in
from layouts.office.head import Way, box, office_page, page_head, standing
from layouts.office.readings import FEW, counted, interval_text, reading_heads, reading_row, value_text
from layouts.parts.address import number_address, panel_address, query
from layouts.parts.reading import badge
from layouts.parts.tables import grid
from layouts.parts.weekly import WEEK
from layouts.words import NOT_FOR_VISITORS, TOWN

MOST_WEEKS = 53
"""The weeks that a table shows, the newest first."""


def table_page(tabled: Tabled, panel_key: str, ways: list[Way], language: Language) -> html.Div:
    """Return the whole page."""
    values = tabled.values
    other: Language = "en" if language == "zh" else "zh"
    elsewhere = panel_address(values.asked, tabled.screen_key, panel_key, other)
    title = f"{tabled.screen_title(language)} · {tabled.panel_title(language)}"
    town = values.asked.town
    whose = values.label("town", town)(language) if town else words.CITY(language)
    back = html.A(
        words.BACK_TO(language).format(tabled.screen_title(language)),
        href=f"/screen/{tabled.screen_key}?{query(values.asked, language)}",
    )
    line = [html.B(whose), *standing(values, values.ages, language), back]
    head = page_head(title, line, ways, elsewhere, language)
    return office_page("table", language, head, *sections(tabled, language))


def sections(tabled: Tabled, language: Language) -> list[html.Section]:
    """Return what the picture says of itself, its numbers and its rows."""
    if tabled.is_withheld:
        return [box(tabled.panel_title(language), html.P(NOT_FOR_VISITORS(language)))]
    said = [html.P(sentence) for sentence in tabled.summaries]
    numbers = [*wholes(tabled, language), *(part for by in tabled.parts for part in matrix(tabled, by, language))]
    rows = [part for one in tabled.lists for part in listed(tabled.values, one, language)]
    named = ((words.PICTURE_SAYS, said), (words.NUMBERS, numbers), (words.ROWS, rows))
    found = [box(name(language), *parts) for name, parts in named if parts]
    return found or [box(tabled.panel_title(language), html.P(words.NO_NUMBERS(language), className="office-note"))]


def values_of(tabled: Tabled, need: Need) -> Values:
    """Return the values that the address of a reading is made of: one of the whole scope has no town."""
    if need not in tabled.of_all:
        return tabled.values
    return replace(tabled.values, asked=replace(tabled.values.asked, town=None))


def wholes(tabled: Tabled, language: Language) -> list[Any]:
    """Return the readings of the whole scope."""
    if not tabled.wholes:
        return []
    lines = [reading_row(values_of(tabled, need), one, one.metric.title(language), language) for need, one in tabled.wholes]
    return [grid(reading_heads(words.NUMBER(language), language), lines, numbers=(2, 3))]


def matrix(tabled: Tabled, by: str, language: Language) -> list[Any]:
    """Return the readings of one dimension: its values as rows, metrics as columns; of weeks the newest first."""
    needs = tabled.parts[by]
    title = {"town": TOWN, WEEK: words.WEEK}.get(by) or tabled.dimension_titles[by]
    titles = [f"{found[0].metric.title(language)} · {WINDOW_TEXT[need.window](language)}" for need, found in needs if found]
    codes = list(dict.fromkeys(one.dims[by] for _, found in needs for one in found))
    if by == WEEK:
        codes = sorted(codes, key=str)[::-1][:MOST_WEEKS]
    known = [(need, {one.dims[by]: one for one in found}) for need, found in needs if found]
    lines = [
        [
            name_of(tabled.values, by, code, language),
            *(cell_of(tabled, need, found.get(code), language) for need, found in known),
        ]
        for code in codes
    ]
    return (
        [html.H3(words.BY(language).format(title(language))), grid([title(language), *titles], lines, name="is-high")]
        if lines
        else []
    )


def name_of(values: Values, by: str, code: str | None, language: Language) -> str:
    """Return the name of a part; a week's is its own."""
    return code or "" if by == WEEK else values.label(by, code)(language)


def cell_of(tabled: Tabled, need: Need, reading: Reading | None, language: Language) -> Any:
    """Return one reading: its value, which opens it, its interval, n and status."""
    if reading is None:
        return "—"
    link = html.A(value_text(reading, language), href=number_address(values_of(tabled, need), reading, language))
    beside = [] if reading.low is reading.high is None else [interval_text(reading, language)]
    beside.append(FEW if reading.is_withheld else f"n={counted(reading)}")
    return html.Span([link, html.Small(" · ".join(beside)), badge(reading, language)], className="reading")


def listed(values: Values, one: ListedRows, language: Language) -> list[Any]:
    """Return the rows that a panel lists."""
    if not one.columns:
        return []
    lines = [
        [
            FEW if column.name in few else cell(column, row[column.name], values, Unit.SECONDS, language)
            for column in one.columns
        ]
        for row, few in zip(one.rows, one.few, strict=True)
    ]
    count = words.COUNT(language).format(len(one.rows))
    table = (
        [grid(heads(one.columns, Unit.SECONDS, language), lines, numbers=numbers_in(one.columns), name="is-high")]
        if lines
        else []
    )
    return [html.H3(f"{one.title(language)} · {count}"), html.P(words.MASKS(language), className="office-note"), *table]
