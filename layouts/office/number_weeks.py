"""The last 53 weeks of a number: a control chart, what it says in a sentence, and the weeks as a table behind it."""

from typing import Any

from dash import html

from cockpit.control_chart import ASSURANCE_TEXT, VARIATION_TEXT
from cockpit.metric import Reading
from cockpit.numbers import NOTHING, written
from cockpit.opened import Opened
from cockpit.text import Language
from layouts.office import number_words as words
from layouts.office.readings import FEW, counted, interval_text, value_text
from layouts.parts.address import number_address
from layouts.parts.frame import chart
from layouts.parts.tables import grid
from layouts.parts.weekly import WEEK, Weekly, control_figure, verdict, weekly

SHOWN = 53


def weeks_of(opened: Opened, language: Language) -> list[Any]:
    """Return the chart of the weeks, its sentence and its table; or why there are none."""
    if opened.no_weeks is not None:
        return [html.P(opened.no_weeks(language), className="office-note")]
    series = series_of(opened)
    said = summary(opened, series, language)
    if not any(value is not None for value in series.values):
        return [html.P(said, className="office-note"), table(opened, series, language)]
    newest = opened.weeks[series.chart.newest_index if series.chart.newest_index is not None else -1]
    drawn = control_figure(series, newest, SHOWN, language, has_months=True)
    drawn["layout"]["yaxis"] |= {"rangemode": "normal", "nticks": 5}  # what varies is shown, and that needs no zero
    picture = chart(drawn, said)
    return [
        html.P([*verdict(series, language)], className="verdict"),
        html.P(said),
        html.Div(picture, className="office-chart"),
        html.P(words.LEGEND(language), className="office-note"),
        table(opened, series, language),
    ]


def series_of(opened: Opened) -> Weekly:
    """Return the weeks under a control chart; those that are not told in full are not in it."""
    values = [None if week.dims[WEEK] in opened.untold else week.value for week in opened.weeks]
    return weekly(opened.weeks, values, opened.holidays, opened.values.chart_from)


def summary(opened: Opened, series: Weekly, language: Language) -> str:
    """Return in one sentence what the chart shows."""
    found = series.chart
    if found.newest_index is None:
        return words.SUMMARY(language).format(words.NO_WEEK_HAS(language))
    newest = opened.weeks[found.newest_index]
    said = [f"{words.NEWEST_WEEK(language).format(newest.dims[WEEK])}: {value_text(newest, language)}", found.text(language)]
    if found.limits is None:
        said.append(words.SHORT_BASELINE(language))
    else:
        ends = (
            found.limits.centre,
            max(0.0, found.limits.low) if newest.metric.bounds[0] >= 0 else found.limits.low,
            found.limits.high,
        )
        numbers = [written(end, newest.metric.unit, language, "text") for end in ends]
        said.append(words.LIMITS(language).format(*numbers, newest.metric.unit_text(language)).strip())
    if found.assurance != "none":
        said.append(ASSURANCE_TEXT[found.assurance](language))
    if opened.untold:
        said.append(words.UNTOLD(language).format(len(opened.untold)))
    return words.SUMMARY(language).format(("；" if language == "zh" else "; ").join(said))


def table(opened: Opened, series: Weekly, language: Language) -> html.Details:
    """Return the weeks as a table, the newest first."""
    heads = [words.WEEK(language), words.VALUE(language), "n", words.INTERVAL(language), words.SAYS(language)]
    lines = [week_row(opened, series, place, week, language) for place, week in enumerate(opened.weeks)]
    return html.Details([html.Summary(words.WEEKS_TABLE(language)), grid(heads, lines[::-1], numbers=(1, 2), name="is-high")])


def week_row(opened: Opened, series: Weekly, place: int, week: Reading, language: Language) -> list[Any]:
    """Return one week."""
    return [
        html.A(week.dims[WEEK], href=number_address(opened.values, week, language)),
        value_text(week, language),
        FEW if week.is_withheld else counted(week),
        interval_text(week, language),
        said_of(opened, series, place, week, language),
    ]


def said_of(opened: Opened, series: Weekly, place: int, week: Reading, language: Language) -> str:
    """Return what the chart says of one week, or why it says nothing."""
    if week.dims[WEEK] in opened.untold:
        return words.UNTOLD_WEEK(language)
    if place in series.left_out:
        return words.HOLIDAY_WEEK(language)
    if week.value is None:
        return week.reason(language) if week.reason else NOTHING
    if series.chart.limits is None or place < series.start:
        return NOTHING
    return VARIATION_TEXT[series.variation(place)](language)
