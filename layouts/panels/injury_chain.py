"""The whole chain of work injury 工伤全链条: how many cases came to each step, where they stand now, and how old they are."""

from typing import Any, NamedTuple

from dash import html

from cockpit.metric import Reading
from cockpit.metrics.work_injury_cases import AGE_BANDS, STOCK_BY_AGE
from cockpit.numbers import NOTHING, whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.injury import NOW, YEAR
from layouts.parts.frame import frame
from layouts.parts.reading import badge, n_text, reason_text, signed_text, value_text, with_unit
from layouts.parts.refused import refused_mark


class Step(NamedTuple):
    """One step: its event and short name, who came to it, the stages that follow it, and how long the way to it takes."""

    code: str
    name: Text
    reached: str
    stages: tuple[str, ...]
    took: str | None = None
    is_over: bool = False


STEPS = (
    Step("A0", Text("事故", "Accident"), "cases_happened", ("accident",)),
    Step("A1", Text("快报", "Report"), "cases_reported", ("reported",), "report_lag_p50"),
    Step("B1", Text("申请", "Applied"), "cases_applied", ("applied", "supplementing"), "apply_days_p50"),
    Step("C1", Text("受理", "Accepted"), "cases_accepted", ("accepted", "suspended"), "accept_days_p50"),
    Step("D", Text("决定", "Decided"), "cases_decided", ("decided",), "legal_days_p50"),
    Step("D4", Text("送达", "Delivered"), "cases_delivered", ("delivered",), "deliver_days_p50"),
    Step("F1", Text("鉴定申请", "Appraise"), "appraisal_applications", ("appraising",), "to_appraisal_days_p50"),
    Step("F4", Text("鉴定结论", "Appraised"), "appraisals_concluded", ("appraised",), "appraise_days_p50"),
    Step("G1", Text("待遇申请", "Benefit"), "benefits_applied", ("benefit",)),
    Step("G3", Text("支付", "Paid"), "cases_paid", ("paid",), "benefit_days_p50"),
    Step("Z1", Text("办结", "Closed"), "cases_closed", ("closed", "ended"), is_over=True),
)
HERE, IN_ALL = Text("在此", "here"), Text("累计", "in all")
CHAIN_NOTE = Text(
    "近12个月到达件数 · 在此：现停留 · ▸ 上一步至此中位用时",
    "reached in 12 mo. · here: standing now · ▸ median time from the step before",
)
AGE_NAMES = tuple(f"{first}–{last}" if last is not None else f">{first - 1}" for first, last in AGE_BANDS)
BY_AGE = tuple(zip(AGE_NAMES, (metric.key for metric in STOCK_BY_AGE), strict=True))
SUSPENDED = Text("中止", "paused")
LITTLE = Text("利特尔核对 偏差", "Off Little's law")
DOUBTED = Text("数据或有误", "data?")


def chain(values: Values, language: Language) -> list[Any]:
    """Draw the steps of the main line, from the accident to the closed case."""
    title = Text("工伤全链条", "The whole chain")(language)
    reached = [values.one(step.reached, YEAR) for step in STEPS]
    standing = {r.dims["stage"]: r for r in values.parts("cases_by_stage", NOW, "stage")}
    most = max((r.value or 0 for r in reached), default=0)
    steps = [draw_step(values, step, standing, most, language) for step in STEPS]
    note = [CHAIN_NOTE(language), " ", refused_mark(language, *reached), " ", badge(reached[0], language)]
    return frame(title, note, html.Div(steps, className="steps"))


def draw_step(values: Values, step: Step, standing: dict[str | None, Reading], most: float, language: Language) -> html.Div:
    """Return one step: its number with a bar, who stands there, and how long the way to it takes."""
    reached = values.one(step.reached, YEAR)
    part = 100 * (reached.value or 0) / most if most else 0
    here = NOTHING if reached.value is None else whole_number(sum(standing[s].n for s in step.stages if s in standing))
    standing_here = f"{(IN_ALL if step.is_over else HERE)(language)} {here}"
    way = values.one(step.took, YEAR) if step.took else None
    took, timed = (f"▸ {with_unit(way, language)}", n_text(way)) if way else ("\u00a0", "")
    return html.Div(
        [
            html.Div(step.name(language), className="step-name"),
            html.B(value_text(reached, language), className="step-number"),
            html.Div(html.I(style={"width": f"{part:.1f}%"}), className="bar-track thin"),
            html.Div(standing_here, className="step-line"),
            html.Div(took, className="step-line step-took", title=timed),
        ],
        className="step",
        title=reached.metric.definition(language) if reached.value is not None else reason_text(reached, language),
    )


def stock_age(values: Values, language: Language) -> list[Any]:
    """Draw the open cases by their age, and whether there are as many as arrivals and days say."""
    title = Text("当前库龄", "Age, now")(language)
    bands = [(f"{name} {words.DAYS(language)}", values.one(key, NOW)) for name, key in BY_AGE]
    rows = [*bands, (SUSPENDED(language), values.one("stock_suspended", NOW))]
    most = max((r.value or 0 for _, r in rows), default=0)
    whole, little = values.one("stock_open", NOW), values.one("littles_law", YEAR)
    note = refused_mark(language, whole)
    if whole.value is None:
        return frame(title, note, html.Div(reason_text(whole, language), className="nothing"))
    bars = html.Div([age_row(name, r, most, language) for name, r in rows], className="bars")
    return frame(title, note, bars, little_line(little, language))


def age_row(name: str, reading: Reading, most: float, language: Language) -> html.Div:
    """Return one band of ages as a bar."""
    width = 100 * (reading.value or 0) / most if most else 0
    return html.Div(
        [
            html.Span(name, className="bar-name"),
            html.Span(html.I(style={"width": f"{width:.1f}%"}), className="bar-track"),
            html.Span(value_text(reading, language), className="bar-count"),
        ],
        className="bar-row short",
    )


def little_line(reading: Reading, language: Language) -> html.Div:
    """Return how far the stock is off Little's law, marked when it is so far that the data may be wrong."""
    said = f"{LITTLE(language)} {signed_text(reading, language)}"
    told = f"{reading.metric.definition(language)} {reason_text(reading, language)}"
    if reading.value is None or reading.reason is None:
        return html.Div(said, className="left-out small", title=told)
    return html.Div([html.I("▲ ", className="is-over"), f"{said} {DOUBTED(language)}"], className="left-out small", title=told)


CHAIN = Panel(
    key="injury_chain",
    is_for_staff=True,
    title=Text("工伤全链条", "The whole chain"),
    draw=chain,
    needs=(
        *(Need(step.reached, YEAR) for step in STEPS),
        *(Need(step.took, YEAR) for step in STEPS if step.took),
        Need("cases_by_stage", NOW, "stage"),
    ),
)
STOCK_AGE = Panel(
    key="stock_age",
    is_for_staff=True,
    title=Text("在办库龄", "Open cases by age"),
    draw=stock_age,
    needs=(
        *(Need(key, NOW) for _, key in BY_AGE),
        *(Need(k, NOW) for k in ("stock_open", "stock_suspended")),
        Need("littles_law", YEAR),
    ),
)
