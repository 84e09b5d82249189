"""The six key figures of the overview: how many, what is open, how fast, how the towns stand, how fast help comes, what is due.

Each has one comparison that matters; what rests on what stands behind its link.
"""

from typing import Any

from dash import html

from cockpit.code_names import COLOURS
from cockpit.injury_clocks import BY_ID, RECOGNITION
from cockpit.metric import Reading, Status
from cockpit.numbers import NOTHING, written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts.panels.towns import COUNTS, count, standing_status
from layouts.parts.glance import doubt, glance_box, glance_card, marked, why_none
from layouts.parts.reading import opened, signed_text, value_text, with_unit
from layouts.parts.town_rows import STANDING, TOLD, towns_of
from layouts.parts.town_state import interruption_text
from layouts.theme import COLOUR_MARK

YEAR, NOW, MONTH = "r12", "now", "d28"
PAST_YEAR, FOUR_WEEKS = Text("近一年", "past year"), Text("近四周", "four weeks")
ACCEPTED = Text("工伤受理", "Injury cases")
OPEN = Text("在办案件", "Open cases")
DECISION = Text("受理至决定", "To decision")
TOWNS = Text("镇街四色", "Town colours")
RESPONSE = Text("急救反应", "Response")
DUE = Text("今日到期", "Due today")
MEDIAN_YEAR = Text("中位数 · 近一年", "median, past year")
MEDIAN_WEEKS = Text("中位数 · 近四周", "median, four weeks")

YEAR_ON_YEAR = Text("同比 {}", "{} y/y")
FALLEN, RISEN, NOT_SURE = Text("显著下降", "fallen"), Text("显著上升", "risen"), Text("变化不显著", "no clear change")
OVERDUE, NONE_OVERDUE = Text("超期 {}", "{} overdue"), Text("无超期", "none overdue")
LEGAL_LIMIT = Text("法定期限 {} 天", "legal limit {} days")
IN_TIME = Text("达标 {} · 参照 {}", "in time {}, ref. {}")
HEARD = Text("{} 有数据", "{} heard of")
ALL_HEARD = Text("全部镇街有数据", "all towns heard of")

ACCEPTED_NEED, CHANGE = Need("cases_accepted", YEAR), Need("cases_yoy", YEAR)
STOCK, LATE_STOCK = Need("stock_open", NOW), Need("overdue_open", NOW)
DAYS, MINUTES, SHARE = Need("legal_days_p50", YEAR), Need("e6_p50", MONTH), Need("e6_within12", MONTH)
DUE_NEEDS = (Need("due_today", NOW), Need("clocks_due_today", NOW))
LATE_NEEDS = (Need("overdue", NOW), Need("overdue_clocks", NOW))
"""Both with the orders to put right, and without, for a city that feeds none."""


def key_figures(values: Values, language: Language) -> list[Any]:
    """Draw the six key figures."""
    return [one(values, language) for one in (accepted, stock, decision, colours, response, due)]


def accepted(values: Values, language: Language) -> html.Div:
    """Return the card of cases accepted, against the year before."""
    year, change = (values.readings[need][0] for need in (ACCEPTED_NEED, CHANGE))
    return glance_card(values, year, language, title=ACCEPTED, window=PAST_YEAR, line=compared(change, language))


def compared(change: Reading, language: Language) -> list[Any] | str:
    """Return a change on last year, and whether it is one: a clear rise is an exception, a clear fall is none."""
    if change.value is None:
        return why_none(change, language)
    told = YEAR_ON_YEAR(language).format(signed_text(change, language))
    is_clear = change.reason is None and change.low is not None
    said = NOT_SURE if not is_clear else FALLEN if change.value < 0 else RISEN
    return marked(f"{told} · {said(language)}", is_over=is_clear and change.value > 0)


def stock(values: Values, language: Language) -> html.Div:
    """Return the card of open cases, and how many of them are overdue."""
    whole, late = (values.readings[need][0] for need in (STOCK, LATE_STOCK))
    return glance_card(values, whole, language, title=OPEN, line=overdue(late, language))


def overdue(late: Reading, language: Language) -> list[Any] | str:
    """Return how many are overdue, as an exception unless there are none."""
    if late.value is None:
        return why_none(late, language)
    return marked(OVERDUE(language).format(with_unit(late, language))) if late.value else NONE_OVERDUE(language)


def decision(values: Values, language: Language) -> html.Div:
    """Return the card of the days from acceptance to decision, against the limit of the law."""
    median, limit = values.readings[DAYS][0], legal_limit_days(values)
    line = marked(LEGAL_LIMIT(language).format(limit), is_over=(median.value or 0) > limit)
    return glance_card(values, median, language, title=DECISION, window=MEDIAN_YEAR, line=line)


def legal_limit_days(values: Values) -> int:
    """Return the days that the law, or the city's own rules in force, give for an ordinary decision."""
    told = values.configuration.sections.get("injury")
    own = told.get(RECOGNITION["ordinary"]) if isinstance(told, dict) else None
    limit = own.get("limit") if isinstance(own, dict) else None
    return limit if isinstance(limit, int) and not isinstance(limit, bool) else BY_ID[RECOGNITION["ordinary"]].limit


def colours(values: Values, language: Language) -> html.Div:
    """Return how many towns have each colour, as far as anything was judged; the map says which."""
    towns, told = towns_of(values), values.readings[TOLD][0]
    stopped = interruption_text(values, towns, language)
    every = [values.readings[need][0] for need in COUNTS.values()]
    counts = colour_counts(every, language, is_judged=any(town.colour for town in towns))
    box = glance_box(
        head=opened(TOWNS(language), values, every[0], language),
        window="",
        number=[counts, doubt(language, *every, told)],
        line=marked(stopped) if stopped else heard_text(told, language),
        reading=told,
        language=language,
    )
    box.className = f"card glance card-{standing_status(told, stopped).value}"
    return box


def colour_counts(every: list[Reading], language: Language, *, is_judged: bool) -> html.Div:
    """Return the number of towns of each colour; where nothing was judged that is not 0."""
    numbers = [value_text(reading, language) if is_judged else NOTHING for reading in every]
    told = zip(COUNTS, numbers, strict=True)
    parts = [count(COLOUR_MARK[colour].letter, COLOURS[colour](language), number) for colour, number in told]
    return html.Div(parts, className="colour-counts")


def heard_text(told: Reading, language: Language) -> list[Any] | str:
    """Return of how many towns anything is heard: of all, or of 15/16."""
    if told.value is None or not told.n_total:
        return why_none(told, language)
    if told.n == told.n_total:
        return ALL_HEARD(language)
    return marked(HEARD(language).format(f"{told.n}/{told.n_total}"))


def response(values: Values, language: Language) -> html.Div:
    """Return the card of how fast help comes, and how often it comes within its limit against what it is held to."""
    median, share = (values.readings[need][0] for need in (MINUTES, SHARE))
    return glance_card(values, median, language, title=RESPONSE, window=MEDIAN_WEEKS, line=held(share, language))


def held(share: Reading, language: Language) -> list[Any] | str:
    """Return a share within its limit beside its target; one that is clearly below is an exception."""
    target = share.metric.target
    if share.value is None or target is None:
        return why_none(share, language)
    told = IN_TIME(language).format(with_unit(share, language), f"{written(target.value, share.metric.unit, language)}%")
    return marked(told, is_over=share.high is not None and share.high < target.value)


def due(values: Values, language: Language) -> html.Div:
    """Return the card of what ends today, and what is over."""
    today, late = (known(values, needs) for needs in (DUE_NEEDS, LATE_NEEDS))
    return glance_card(values, today, language, title=DUE, line=overdue(late, language))


def known(values: Values, needs: tuple[Need, Need]) -> Reading:
    """Return the reading of all kinds where the city feeds all, else that of the clocks alone."""
    both, alone = (values.readings[need][0] for need in needs)
    return alone if both.status is Status.MISSING and not both.is_withheld else both


FIGURES = Panel(
    key="overview_figures",
    title=Text("关键指标", "Key figures"),
    draw=key_figures,
    frame="cards",
    needs=(
        *(ACCEPTED_NEED, CHANGE, STOCK, LATE_STOCK, DAYS),
        *COUNTS.values(),
        *(TOLD, MINUTES, SHARE, *DUE_NEEDS, *LATE_NEEDS),
    ),
    latest=(STANDING,),
)
