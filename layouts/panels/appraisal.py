"""Pictures of appraisal 鉴定: the key figures of the screen, and the chain from application to delivered conclusion."""

from typing import Any, NamedTuple

from dash import html

from cockpit.injury_clocks import BY_ID
from cockpit.metric import Reading, Unit
from cockpit.numbers import NOTHING, whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.frame import frame
from layouts.parts.reading import badge, card, interval_text, n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import count_text, protected

YEAR, YEAR_BEFORE, MONTH, NOW = "r12", "r12_ly", "month", "now"
SO_FAR, LAST_YEAR = Text("本月至今 {}", "this month {}"), Text("上年同期 {}", "a year ago {}")
TITLES = {
    "exam_days_p50": Text("现场鉴定至结论", "Exam to conclusion"),
    "inhosp_booking_share": Text("在院预约占比", "Booked in hospital"),
    "two_certificates": Text("一次鉴定两证并领", "Two certificates in one"),
    "placed_rate": Text("180天再就业上岗率", "Placed within 180 days"),
    "award_30d": Text("30日内裁决率", "Award within 30 days"),
}
COUNTED = ("appraisals_concluded", "two_certificates")
COMPARED = ("exam_days_p50", "inhosp_booking_share", "placed_rate", "award_30d")
APPLIED = Text("鉴定申请 {}", "{} applied for")
BOOKED = Text("在院预约 {}", "{} booked in hospital")
CARD_TOO = Text("出结论并取得残疾人证", "with the disability card")
OF_WHOM = Text("分母：意向登记满180天者(按人)", "of persons, wish 180+ d old")
"""The published rates do not say theirs."""

AIM = Text("目标 {}% · 45日内 {}", "target {}% · in 45 d {}")


class Step(NamedTuple):
    """One step of the chain: its event and short name, and who came to it."""

    code: str
    name: Text
    reached: str


class Way(NamedTuple):
    """The way from one step to another: its name, its interval, and the clock whose limit the law sets, if it sets any."""

    name: Text
    interval: str
    clock: str | None = None


STEPS = (
    Step("F1", Text("鉴定申请", "Applied for"), "appraisal_applications"),
    Step("F3", Text("现场鉴定", "Examined"), "appraisals_examined"),
    Step("F4", Text("鉴定结论", "Concluded"), "appraisals_concluded"),
    Step("F5", Text("结论送达", "Delivered"), "appraisals_delivered"),
)
WAYS = (
    Way(Text("认定送达→鉴定申请", "Recognised → applied"), "to_appraisal_days"),
    Way(Text("鉴定申请→结论", "Applied → concluded"), "appraise_days", "L10"),
    Way(Text("现场鉴定→结论", "Examined → concluded"), "exam_days"),
    Way(Text("结论→送达", "Concluded → delivered"), "appraisal_delivery_days", "L11"),
)
AGAIN = (
    (Text("再次鉴定", "Second one"), "reappraisals", "reappraisals_concluded"),
    (Text("复查鉴定", "Review"), "reviews", "reviews_concluded"),
)
COUNTED_ALONE = Text("近12个月 · 各环节按各自日期计，非同一批案件", "12 mo. · steps by their own dates, not the same cases")
BY_LAW, IN_DAYS = Text("法定时限", "by law"), Text("用时（天）", "Days")
APPLIED_FOR, CONCLUDED = Text("申请", "asked"), Text("结论", "concluded")


def key_figures(values: Values, language: Language) -> list[Any]:
    """Draw six key figures: how many, how soon, from the bed, two at once, back to work, awarded in time."""
    drawn = (concluded, examined, in_hospital, two_certificates, placed, awarded)
    return [one(values, language) for one in drawn]


def year_card(values: Values, reading: Reading, language: Language, *lines: str) -> html.Div:
    """Return the card of a number of twelve months."""
    title = TITLES.get(reading.metric.key, reading.metric.title)(language)
    return card(values, reading, language, title=title, window=words.LAST_12M(language), lines=lines)


def a_year_ago(values: Values, key: str, language: Language) -> str:
    """Return what a number was a year ago."""
    before = values.one(key, YEAR_BEFORE)
    is_count = before.metric.unit is Unit.COUNT
    return LAST_YEAR(language).format((count_text if is_count else with_unit)(before, language))


def counted(values: Values, key: str, last: str, language: Language) -> html.Div:
    """Return the card of a count, with this month's and last year's."""
    so_far = SO_FAR(language).format(count_text(values.one(key, MONTH), language))
    return year_card(values, protected(values.one(key, YEAR)), language, so_far, a_year_ago(values, key, language), last)


def concluded(values: Values, language: Language) -> html.Div:
    """Return the card of the appraisals concluded."""
    asked = APPLIED(language).format(count_text(values.one("appraisal_applications", YEAR), language))
    return counted(values, "appraisals_concluded", asked, language)


def two_certificates(values: Values, language: Language) -> html.Div:
    """Return the card of the appraisals that gave the disability card too."""
    return counted(values, "two_certificates", CARD_TOO(language), language)


def examined(values: Values, language: Language) -> html.Div:
    """Return the card of the days from the examination to the conclusion."""
    median, tail = values.one("exam_days_p50", YEAR), values.one("exam_days_p90", YEAR)
    first = f"{words.MEDIAN(language)} {interval_text(median, language)}"
    second = f"P90 {with_unit(tail, language)} · {n_text(median)}"
    return year_card(values, median, language, first, second, a_year_ago(values, "exam_days_p50", language))


def sure(reading: Reading, language: Language) -> str:
    """Return the interval and the n of a share."""
    return f"{interval_text(reading, language)} {n_text(reading)}"


def in_hospital(values: Values, language: Language) -> html.Div:
    """Return the card of the appraisals booked from the hospital bed."""
    share, count = values.one("inhosp_booking_share", YEAR), values.one("inhosp_bookings", YEAR)
    said = BOOKED(language).format(count_text(count, language, has_unit=True))
    return year_card(values, share, language, sure(share, language), said, a_year_ago(values, "inhosp_booking_share", language))


def placed(values: Values, language: Language) -> html.Div:
    """Return the card of those placed within 180 days, and of whom they are a share."""
    share = values.one("placed_rate", YEAR)
    return year_card(
        values, share, language, sure(share, language), OF_WHOM(language), a_year_ago(values, "placed_rate", language)
    )


def awarded(values: Values, language: Language) -> html.Div:
    """Return the card of the awards within 30 days, the local promise, and within 45, the law's limit."""
    share, legal = values.one("award_30d", YEAR), values.one("legal_45d", YEAR)
    target = share.metric.target
    aim = AIM(language).format(f"{target.value:g}" if target else NOTHING, with_unit(legal, language))
    return year_card(values, share, language, sure(share, language), aim, a_year_ago(values, "award_30d", language))


def chain(values: Values, language: Language) -> list[Any]:
    """Draw the steps of an appraisal, what each way between them takes, and the appraisals that were asked for again."""
    reached = [values.one(step.reached, YEAR) for step in STEPS]
    note = [COUNTED_ALONE(language), " ", refused_mark(language, *reached), badge(reached[0], language)]
    steps = [draw_step(step, reading, language) for step, reading in zip(STEPS, reached, strict=True)]
    tables = html.Div([ways_table(values, language), again_table(values, language)], className="side-by-side")
    return frame(CHAIN.title(language), note, html.Div(steps, className="arrows"), tables)


def draw_step(step: Step, reading: Reading, language: Language) -> html.Div:
    """Return one step with how many came to it."""
    name = html.Div([html.Span(step.name(language)), html.Span(step.code, className="step-code")], className="step-name")
    unit = html.Span(reading.metric.unit_text(language), className="card-unit")
    told = reason_text(reading, language) or reading.metric.definition(language)
    return html.Div([name, html.Div([html.B(count_text(reading, language)), unit])], className="arrow", title=told)


def ways_table(values: Values, language: Language) -> html.Table:
    """Return median and P90 of each way, the law's limit, and n; all in days."""
    titles = (words.MEDIAN, words.P90, BY_LAW)
    head = html.Tr([html.Th(IN_DAYS(language)), *(html.Th(title(language)) for title in titles), html.Th("n")])
    return html.Table([html.Thead(head), html.Tbody([way_row(values, way, language) for way in WAYS])], className="list")


def way_row(values: Values, way: Way, language: Language) -> html.Tr:
    """Return one way."""
    median, tail = values.one(f"{way.interval}_p50", YEAR), values.one(f"{way.interval}_p90", YEAR)
    limit = whole_number(BY_ID[way.clock].limit) if way.clock else NOTHING
    numbers = (html.B(value_text(median, language)), value_text(tail, language), limit)
    count = html.Td(whole_number(median.n), className="soft")
    row = [html.Td(way.name(language)), *(html.Td(number) for number in numbers), count]
    return html.Tr(row, className="is-thin" if median.is_thin else "", title=reason_text(median, language))


def again_table(values: Values, language: Language) -> html.Table:
    """Return how many second appraisals and reviews were asked for, and concluded."""
    head = html.Tr([html.Th(""), html.Th(APPLIED_FOR(language)), html.Th(CONCLUDED(language))])
    body = [
        html.Tr([html.Td(name(language)), *(html.Td(count_text(values.one(key, YEAR), language)) for key in keys)])
        for name, *keys in AGAIN
    ]
    return html.Table([html.Thead(head), html.Tbody(body)], className="list")


KEY_FIGURES = Panel(
    key="appraisal_figures",
    title=Text("关键指标", "Key figures"),
    draw=key_figures,
    frame="cards",
    needs=(
        *(Need(key, window) for key in COUNTED for window in (YEAR, YEAR_BEFORE, MONTH)),
        *(Need(key, window) for key in COMPARED for window in (YEAR, YEAR_BEFORE)),
        *(Need(key, YEAR) for key in ("appraisal_applications", "exam_days_p90", "inhosp_bookings", "legal_45d")),
    ),
)
CHAIN = Panel(
    key="appraisal_chain",
    is_for_staff=True,
    title=Text("劳动能力鉴定", "Appraisals"),
    draw=chain,
    needs=(
        *(Need(step.reached, YEAR) for step in STEPS),
        *(Need(f"{way.interval}_{which}", YEAR) for way in WAYS for which in ("p50", "p90")),
        *(Need(key, YEAR) for _, *keys in AGAIN for key in keys),
    ),
)
