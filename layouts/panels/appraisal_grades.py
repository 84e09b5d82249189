"""The grades 伤残等级 that appraisals found, the worst first; small counts of persons are not shown (section 9.2)."""

from typing import Any

from dash import html

from cockpit.disclosure import hidden_cells
from cockpit.numbers import whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.appraisal import YEAR
from layouts.parts.bars import bar, bar_row
from layouts.parts.frame import frame
from layouts.parts.reading import badge, reason_text
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import FEW, HIDDEN, LEAST

SEVERE, OTHERS = ("1", "2", "3", "4"), ("5", "6", "7", "8", "9", "10")
SEVERE_MARK, SEVERE_WORD = "▲", Text("重度", "severe")
ONE_TO_FOUR, NO_GRADE = Text("一至四级", "Gr. 1–4"), Text("未达等级", "No grade")
RULE = Text(
    f"少于{LEAST}人的等级合并，或记{FEW}；{HIDDEN}为防倒推而隐去",
    f"fewer than {LEAST} are put together, or {FEW}; {HIDDEN} hidden with it",
)


def grades(values: Values, language: Language) -> list[Any]:
    """Draw how many conclusions found each grade; the severe ones in one bar where any of them is small."""
    whole = values.one("appraisals_concluded", YEAR)
    found = {r.dims["grade"]: r.n for r in values.parts("appraisals_concluded", YEAR, "grade")}
    note = [f"{words.LAST_12M(language)} · n={whole_number(whole.n)} ", badge(whole, language)]
    if not whole.value or not found:
        told = reason_text(whole, language) or words.NO_CASE(language)
        return frame(GRADES.title(language), note, html.Div(told, className="nothing"))
    rows = grade_rows(values, found, language)
    drawn = drawn_rows(rows, sum(found.values()), language)
    below = html.Div([RULE(language), " ", refused_mark(language, whole)], className="left-out small")
    return frame(GRADES.title(language), note, html.Div(drawn, className="bars"), below)


def grade_rows(values: Values, found: dict[str | None, int], language: Language) -> list[tuple[Any, int]]:
    """Return each bar's name and count: the grades from the worst, and who has none."""
    severe = [found.get(grade, 0) for grade in SEVERE]
    names = [values.label("grade", grade)(language) for grade in (*SEVERE, *OTHERS)]
    worst = [(severe_name(name, language), n) for name, n in zip(names, severe, strict=False)]
    if hidden_cells(severe):
        worst = [(severe_name(ONE_TO_FOUR(language), language), sum(severe))]
    others = [(name, found.get(grade, 0)) for name, grade in zip(names[len(SEVERE) :], OTHERS, strict=True)]
    return [*worst, *others, (NO_GRADE(language), found.get(None, 0))]


def severe_name(name: str, language: Language) -> list[Any]:
    """Return the name of a severe grade with its mark and word."""
    return [html.I(f"{SEVERE_MARK} ", className="is-over"), f"{name} {SEVERE_WORD(language)}"]


def drawn_rows(rows: list[tuple[Any, int]], total: int, language: Language) -> list[html.Div]:
    """Return the bars; a hidden count has none."""
    counts = [n for _, n in rows]
    hidden, top = hidden_cells(counts), max(counts)

    def drawn(place: int, name: Any, n: int) -> html.Div:
        if place in hidden:
            return bar(name, 0, FEW if n < LEAST else HIDDEN, kind="wide")
        return bar_row(name, n, top, total, language, kind="wide")

    return [drawn(place, name, n) for place, (name, n) in enumerate(rows)]


GRADES = Panel(
    key="appraisal_grades",
    is_for_staff=True,
    title=Text("伤残等级构成", "Grades found"),
    draw=grades,
    needs=(Need("appraisals_concluded", YEAR), Need("appraisals_concluded", YEAR, "grade")),
)
