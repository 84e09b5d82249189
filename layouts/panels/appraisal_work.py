"""Back to work 再就业: from the wish to the post, and which posts there are."""

from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.appraisal import NOW, YEAR
from layouts.parts.bars import bar
from layouts.parts.frame import frame
from layouts.parts.reading import badge, n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import LEAST, count_text

STEPS = (
    ("intents", Text("就业意向", "Wish filed")),
    ("trained", Text("培训", "Trained")),
    ("offered", Text("岗位推荐", "Post offered")),
    ("placed", Text("上岗", "Placed")),
)
POSTS = (("posts_open", Text("在招岗位", "Posts open")), ("posting_employers", Text("在招单位", "Firms")))
TO_JOB = Text("意向→上岗中位数", "Wish to post, median")
BY_STEP = Text("各步按各自日期计", "each step by its own date")


def back_to_work(values: Values, language: Language) -> list[Any]:
    """Draw how many came to each step, and what posts wait for them."""
    steps = [values.one(key, YEAR) for key, _ in STEPS]
    days, posts = values.one("intent_to_job_days_p50", YEAR), [values.one(key, NOW) for key, _ in POSTS]
    note = [f"{words.LAST_12M(language)} ", badge(steps[0], language)]
    open_now = [fact(name(language), r, value_text(r, language), language) for (_, name), r in zip(POSTS, posts, strict=True)]
    refused = refused_mark(language, *steps, days, *posts)
    foot = html.Div([BY_STEP(language), " ", refused], className="left-out small")
    facts = [*(html.Div(line, className="facts") for line in (to_job(days, language), [words.NOW(language), *open_now])), foot]
    if all(step.value is None for step in steps):
        return frame(WORK.title(language), note, html.Div(reason_text(steps[0], language), className="nothing"), *facts)
    top = max(step.value or 0 for step in steps) or 1
    rows = [step_row(name(language), step, top, language) for (_, name), step in zip(STEPS, steps, strict=True)]
    return frame(WORK.title(language), note, html.Div(rows, className="bars funnel"), *facts)


def step_row(name: str, reading: Reading, top: float, language: Language) -> html.Div:
    """Return one step as a bar; a small count has none."""
    value = reading.value or 0
    return bar(name, value / top if value >= LEAST else 0, count_text(reading, language, has_unit=True), kind="named")


def fact(name: str, reading: Reading, text: str, language: Language) -> html.Span:
    """Return a number, as it is written, behind its name."""
    return html.Span([f"{name} ", html.B(text)], title=reason_text(reading, language))


def to_job(days: Reading, language: Language) -> list[Any]:
    """Return how long the way from the wish to the post takes."""
    told = reason_text(days, language) or n_text(days)
    return [fact(TO_JOB(language), days, with_unit(days, language), language), html.Span(told)]


WORK = Panel(
    key="appraisal_work",
    is_for_staff=True,
    title=Text("再就业帮扶", "Back to work"),
    draw=back_to_work,
    needs=(
        *(Need(key, YEAR) for key, _ in STEPS),
        *(Need(key, NOW) for key, _ in POSTS),
        Need("intent_to_job_days_p50", YEAR),
    ),
)
