"""A year of colours: each town's weeks side by side, a letter in every cell."""

from datetime import timedelta
from typing import Any

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
from layouts.theme import COLOUR_MARK, PANEL, SILENT_MARK, TEXT, UNCOLOURED_MARK, Mark, figure

TITLE = Text("52周颜色", "Colours of 52 weeks")
NOTE = Text("每格一周，截至 {}", "one cell a week, to {}")
LETTER_PX, NAME_PX = 14, 15
MARKS = (UNCOLOURED_MARK, SILENT_MARK, *COLOUR_MARK.values())
"""What a cell can be, in the order of the scale of colours."""
LEFT_PX = {"zh": 66, "en": 98}
MONTH = Text("{}月", "{:02d}")


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
    """Return the weeks as cells of colour with letters; the name of a chosen town is bold."""
    cells = [[cell(row) for row in in_order(weeks.get(town.code, []), ends)] for town in towns]
    return figure(
        [
            {
                "type": "heatmap",
                "z": [[MARKS.index(mark) for mark in row] for row in cells],
                "text": [[mark.letter for mark in row] for row in cells],
                "texttemplate": "%{text}",
                "textfont": {"size": LETTER_PX},
                "zmin": -0.5,
                "zmax": len(MARKS) - 0.5,
                "colorscale": steps(),
                "showscale": False,
                "xgap": 1,
                "ygap": 1,
                "hoverinfo": "skip",
            }
        ],
        xaxis={**month_ticks(ends, language), "showgrid": False},
        yaxis={
            "autorange": "reversed",
            "tickvals": list(range(len(towns))),
            "ticktext": [town_name(values, town, language) for town in towns],
            "tickfont": {"size": NAME_PX, "color": TEXT},
            "showgrid": False,
        },
        margin={"l": LEFT_PX[language], "r": 2, "t": 8, "b": 24},
        plot_bgcolor=PANEL,
    )


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


def steps() -> list[list[Any]]:
    """Return a scale of colours that has a step for each mark."""
    count = len(MARKS)
    return [[place, mark.fill] for i, mark in enumerate(MARKS) for place in (i / count, (i + 1) / count)]


def month_ticks(ends: list[int], language: Language) -> dict[str, Any]:
    """Return a tick at the first week of each month."""
    months = [(EPOCH + timedelta(days=end)).month for end in ends]
    firsts = [place for place in range(1, len(months)) if months[place] != months[place - 1]]
    texts = [MONTH(language).format(months[place]) for place in firsts]
    return {"tickvals": firsts, "ticktext": texts, "tickfont": {"size": NAME_PX}}


HISTORY_STRIP = Panel(key="towns_history", title=TITLE, draw=history, needs=(TOLD,), latest=(STANDING, NEWEST, HISTORY))
