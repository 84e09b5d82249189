"""A year of colours: each town's weeks side by side, every run of one colour with its letter and its pattern."""

from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple

from dash import html

from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from cockpit.window import EPOCH
from layouts import words
from layouts.parts.frame import chart, frame
from layouts.parts.refused import refused_mark
from layouts.parts.town_rows import (
    HISTORY,
    NEWEST,
    NONE_JUDGED,
    SHOWN_WEEKS,
    STANDING,
    TOLD,
    Row,
    Town,
    day,
    short_name,
    towns_of,
)
from layouts.parts.what_if import weeks_of
from layouts.theme import AXIS_PX, BACKGROUND, COLOUR_MARK, PANEL, SILENT_MARK, TEXT, UNCOLOURED_MARK, Mark, figure

TITLE = Text("52周颜色", "Colours of 52 weeks")
NOTE = Text("按周，截至 {}", "by week, to {}")
LETTER_PX, NAME_PX = 17, 18
PATTERN_PX, SOLIDITY, OPACITY = 9, 0.2, 0.4
"""A pattern that is seen on a row of a strip, and through which its letter can still be read."""

MARKS = (UNCOLOURED_MARK, SILENT_MARK, *COLOUR_MARK.values())
LEFT_PX = {"zh": 86, "en": 126}
MONTH = Text("{}月", "{:02d}")


class Run(NamedTuple):
    """Weeks of one town that look alike: how, in which row, from which place on, and how many they are."""

    mark: Mark
    row: int
    begin: int
    length: int


def history(values: Values, language: Language) -> list[Any]:
    """Draw the towns as the table has them, the gravest first, the oldest week left."""
    towns, weeks = towns_of(values), weeks_of(values)
    ends = sorted({int(row["week_end_on"]) for rows in weeks.values() for row in rows})[-SHOWN_WEEKS:]
    if not towns or not ends:
        return frame(TITLE(language), "", html.Div(NONE_JUDGED(language), className="nothing"))
    note = [NOTE(language).format(f"{day(ends[-1]):%Y-%m-%d} "), refused_mark(language, values.readings[TOLD][0])]
    return frame(
        TITLE(language),
        note,
        chart(history_figure(values, towns, weeks, ends, language), summary(towns, weeks, ends, language)),
    )


def summary(towns: list[Town], weeks: dict[str, list[Row]], ends: list[int], language: Language) -> str:
    """Return how many towns have been judged how often, for those who cannot see it."""
    return f"{TITLE(language)}: {words.TOWN(language)} {len(towns)} × {len(ends)} ({sum(len(rows) for rows in weeks.values())})"


def history_figure(
    values: Values, towns: list[Town], weeks: dict[str, list[Row]], ends: list[int], language: Language
) -> dict[str, Any]:
    """Return the runs as bars with pattern and letter; the name of a chosen town is bold."""
    found = [run for row, town in enumerate(towns) for run in runs(row, in_order(weeks.get(town.code, []), ends))]
    return figure(
        [*(bars(mark, [run for run in found if run.mark == mark]) for mark in MARKS), letters(found)],
        barmode="overlay",
        bargap=0.12,
        xaxis={**month_ticks(ends, language), "showgrid": False, "range": [0, len(ends)]},
        yaxis={
            "range": [len(towns) - 0.5, -0.5],
            "tickvals": list(range(len(towns))),
            "ticktext": [town_name(values, town, language) for town in towns],
            "tickfont": {"size": NAME_PX, "color": TEXT},
            "showgrid": False,
        },
        margin={"l": LEFT_PX[language], "r": 2, "t": 6, "b": 28},
        plot_bgcolor=PANEL,
    )


def runs(row: int, weeks: list[Row | None]) -> list[Run]:
    """Return the runs of one town's weeks, oldest first."""
    found, begin = [], 0
    for mark, some in groupby(cell(week) for week in weeks):
        count = len(list(some))
        found.append(Run(mark, row, begin, count))
        begin += count
    return found


def bars(mark: Mark, found: list[Run]) -> dict[str, Any]:
    """Return the runs of one mark."""
    pattern = {
        "shape": mark.pattern,
        "bgcolor": mark.fill,
        "fgcolor": BACKGROUND,
        "fgopacity": OPACITY,
        "size": PATTERN_PX,
        "solidity": SOLIDITY,
    }
    edge = {"color": PANEL, "width": 1}
    return {
        "type": "bar",
        "orientation": "h",
        "base": [run.begin for run in found],
        "x": [run.length for run in found],
        "y": [run.row for run in found],
        "marker": {"color": mark.fill, "line": edge, **({"pattern": pattern} if mark.pattern else {})},
        "hoverinfo": "skip",
    }


def letters(found: list[Run]) -> dict[str, Any]:
    """Return the letter of each run, in the ink that is read on it."""
    told = [run for run in found if run.mark.letter]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [run.begin + run.length / 2 for run in told],
        "y": [run.row for run in told],
        "text": [f"<b>{run.mark.letter}</b>" for run in told],
        "textfont": {"size": LETTER_PX, "color": [run.mark.ink for run in told]},
        "hoverinfo": "skip",
    }


def town_name(values: Values, town: Town, language: Language) -> str:
    """Return a town's name, bold where it is the chosen one."""
    name = short_name(values, town.code, language)
    return f"<b>▶{name}</b>" if values.asked.town == town.code else name


def in_order(rows: list[Row], ends: list[int]) -> list[Row | None]:
    """Return a town's rows in the order of the weeks; none of a week that it was not judged in."""
    known = {int(row["week_end_on"]): row for row in rows}
    return [known.get(end) for end in ends]


def cell(row: Row | None) -> Mark:
    """Return how a week is drawn: one without a colour is silent, or was not judged."""
    if row is None:
        return UNCOLOURED_MARK
    if row["is_silent"]:
        return SILENT_MARK
    return COLOUR_MARK.get(str(row["colour"]), UNCOLOURED_MARK)


def month_ticks(ends: list[int], language: Language) -> dict[str, Any]:
    """Return a tick at the first week of each month."""
    months = [(EPOCH + timedelta(days=end)).month for end in ends]
    firsts = [place for place in range(1, len(months)) if months[place] != months[place - 1]]
    texts = [MONTH(language).format(months[place]) for place in firsts]
    return {"tickvals": firsts, "ticktext": texts, "tickfont": {"size": AXIS_PX}, "tickangle": 0}


HISTORY_STRIP = Panel(key="towns_history", title=TITLE, draw=history, needs=(TOLD,), latest=(STANDING, NEWEST, HISTORY))
