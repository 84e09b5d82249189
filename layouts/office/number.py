"""`/number/<metric>`: one number opened: what it is, what it rests on, its weeks, its parts, its rows."""

from dataclasses import replace
from typing import Any

from dash import html

from cockpit.behind import Behind
from cockpit.disclosure import OF_NO_PERSON
from cockpit.metric import Reading
from cockpit.numbers import whole_number, written
from cockpit.opened import Opened
from cockpit.text import Language
from cockpit.window import WINDOW_TEXT
from layouts.office import number_words as words
from layouts.office.cells import cell, heads, numbers_in
from layouts.office.head import Way, box, facts, office_page, page_head, standing
from layouts.office.number_facts import facts_of, sources_of
from layouts.office.number_weeks import weeks_of
from layouts.office.readings import reading_heads, reading_row, unit_after
from layouts.parts.address import number_address
from layouts.parts.reading import badge
from layouts.parts.refused import refused_mark
from layouts.parts.tables import grid
from layouts.parts.weekly import WEEK
from layouts.words import TOWN

NUMERIC = 3
"""Codes that are numbers stand in their order; they have at most so many digits."""


def number_page(opened: Opened, ways: list[Way], language: Language) -> html.Div:
    """Return the whole page."""
    line = [html.B(whose(opened, language)), *standing(opened.values, opened.feeders, language)]
    other: Language = "en" if language == "zh" else "zh"
    elsewhere = number_address(opened.values, opened.reading, other)
    return office_page(
        "number",
        language,
        page_head(opened.metric.title(language), line, ways, elsewhere, language),
        value_box(opened, language),
        box(words.NUMBER(language), facts(facts_of(opened, language)), *made_of(opened, language)),
        box(words.SOURCES(language), *sources_of(opened, language)),
        box(words.WEEKS(language), *weeks_of(opened, language), name="weeks"),
        *parts(opened, language),
        box(words.ROWS(language), *rows(opened, language), name="rows"),
    )


def whose(opened: Opened, language: Language) -> str:
    """Return of which town and which part a number is."""
    values, reading = opened.values, opened.reading
    town = values.asked.town
    said = [values.label("town", town)(language) if town else words.CITY(language)]
    said += [
        f"{dimension_title(opened, name, language)} {values.label(name, code)(language)}" for name, code in reading.dims.items()
    ]
    return " · ".join(said)


def dimension_title(opened: Opened, name: str, language: Language) -> str:
    """Return what a dimension is called."""
    fixed = {"town": TOWN, WEEK: words.WEEK}
    return (fixed.get(name) or opened.dimension_titles[name])(language)


def value_box(opened: Opened, language: Language) -> html.Section:
    """Return the value, large, with its unit, status and window, and the ways to its other windows."""
    reading = opened.reading
    value = html.Span(written(reading.value, reading.metric.unit, language, "text"), className="number-value")
    unit = html.Span(unit_after(reading, language), className="number-unit")
    said = [value, unit, html.Span(WINDOW_TEXT[reading.window.name](language), className="number-window")]
    line = [*said, badge(reading, language), refused_mark(language, reading)]
    reason = [html.P(reading.reason(language), className="soft")] if reading.reason else []
    body = [html.P(line, className="number-line"), *reason, windows(opened, language)]
    return html.Section(body, className="office-section number-box", **{"aria-label": opened.metric.title(language)})


def windows(opened: Opened, language: Language) -> html.Nav:
    """Return the ways to the other windows of the number."""
    reading = opened.reading
    links = [window_link(opened, reading, name, language) for name in opened.windows]
    return html.Nav(links, className="windows", **{"aria-label": words.OTHER_WINDOWS(language)})


def window_link(opened: Opened, reading: Reading, name: str, language: Language) -> html.A:
    """Return the way to one window; the one that is open is marked."""
    whole = {by: code for by, code in reading.dims.items() if by != WEEK}
    address = number_address(opened.values, replace(reading, window=replace(reading.window, name=name), dims=whole), language)
    here = {"aria-current": "true"} if name == reading.window.name else {}
    return html.A(WINDOW_TEXT[name](language), href=address, **here)


def made_of(opened: Opened, language: Language) -> list[Any]:
    """Return the numbers that this one is made of."""
    if not opened.made_of:
        return []
    lines = [reading_row(opened.values, one, one.metric.title(language), language) for one in opened.made_of]
    return [html.H3(words.MADE_OF(language)), grid(reading_heads(words.NUMBER(language), language), lines, numbers=(2, 3))]


def parts(opened: Opened, language: Language) -> list[Any]:
    """Return the parts of the number, a table for each dimension."""
    if not opened.parts:
        return []
    tables: list[Any] = []
    for by, readings in opened.parts.items():
        title = dimension_title(opened, by, language)
        lines = [part_row(opened, by, one, language) for one in ordered(by, readings)]
        tables += [
            html.H3(words.BY(language).format(title)),
            grid(reading_heads(title, language), lines, numbers=(2, 3), name="is-high"),
        ]
    note = words.SMALL_CELLS(language).format(opened.values.least_cell - 1)
    is_of_persons = opened.metric.table not in OF_NO_PERSON
    return [
        box(words.PARTS(language), *([html.P(note, className="office-note")] if is_of_persons else []), *tables, name="parts")
    ]


def ordered(by: str, readings: tuple[Reading, ...]) -> list[Reading]:
    """Return parts in the order of their codes where these are numbers, else the highest value first."""
    codes = [one.dims[by] for one in readings if one.dims[by] not in (None, "?")]
    if all(code is not None and len(code) <= NUMERIC and code.isdigit() for code in codes):
        return sorted(readings, key=lambda one: int(one.dims[by] or 0) if one.dims[by] not in (None, "?") else 10**NUMERIC)
    return sorted(readings, key=lambda one: (one.value is None, -(one.value or 0), one.dims[by] or ""))


def part_row(opened: Opened, by: str, reading: Reading, language: Language) -> list[Any]:
    """Return one part; its name opens it."""
    return reading_row(opened.values, reading, opened.values.label(by, reading.dims[by])(language), language)


def rows(opened: Opened, language: Language) -> list[Any]:
    """Return the newest rows that reproduce the number, or why there are none."""
    if opened.no_rows is not None:
        return [html.P(opened.no_rows(language), className="office-note")]
    found: list[Any] = [html.P(words.MASKS(language), className="office-note")]
    for behind in opened.rows:
        found += rows_of(opened, behind, language, is_one=len(opened.rows) == 1)
    return found


def rows_of(opened: Opened, behind: Behind, language: Language, *, is_one: bool) -> list[Any]:
    """Return the rows of one metric."""
    count = words.COUNT(language).format(whole_number(behind.count))
    if len(behind.rows) < behind.count:
        count += words.NEWEST_SHOWN(language).format(len(behind.rows))
    named = behind.table_title(language) if is_one else f"{behind.metric.title(language)} · {behind.table_title(language)}"
    told = words.REPRODUCE(language).format(whole_number(behind.valid_count), whole_number(behind.hit_count))
    said = [html.H3(f"{named} · {count}"), html.P(told, className="office-note")]
    return [*said, row_table(opened, behind, language)] if behind.rows else said


def row_table(opened: Opened, behind: Behind, language: Language) -> html.Div:
    """Return the table of rows; where every row in n is in the numerator, that is not said again."""
    unit, is_share = behind.metric.unit, behind.hit_count != behind.valid_count
    marks = ("is_valid", "is_hit") if is_share else ("is_valid",)
    titles = (words.IN_N(language), words.IN_NUMERATOR(language))[: len(marks)]
    lines = [
        [
            *(cell(column, row[column.name], opened.values, unit, language) for column in behind.columns),
            *("●" if row[m] else "—" for m in marks),
        ]
        for row in behind.rows
    ]
    return grid([*heads(behind.columns, unit, language), *titles], lines, numbers=numbers_in(behind.columns), name="is-high")
