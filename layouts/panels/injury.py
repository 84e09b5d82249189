"""Pictures of work injury: the key figures, each with what it is compared with and how sure that is."""

from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.numbers import NOTHING, written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.parts.reading import (
    card,
    interval_text,
    n_text,
    reason_text,
    signed,
    signed_text,
    value_text,
    with_unit,
)

YEAR, NOW = "r12", "now"
SO_FAR = (("month", Text("本月", "mo.")), ("week", Text("本周", "week")), ("today", Text("今日", "today")))
YEAR_ON_YEAR = Text("同比", "y/y")
YEAR_BEFORE = Text("（上年同期 {}）", " (from {})")
RUNNING, SUSPENDED = Text("计时", "running"), Text("中止", "suspended")
OVERDUE = Text("超期在办", "overdue")
DECIDED = Text("近12个月决定", "decided in 12 mo.")
WITHIN_3_DAYS = Text("3日内 {}（目标 {}%）", "in 3 days {} (target {}%)")
TITLES = {
    "legal_within": Text("法定时限内办结率", "Within the limit"),
    "fast_days_p50": Text("速办用时中位数", "Fast track, median"),
    "endtoend_days_p50": Text("全程用时中位数", "End to end, median"),
}


def key_figures(values: Values, language: Language) -> list[Any]:
    """Draw how many, how often, what is open, and how soon: by the limits, on the fast track, from accident to money."""
    drawn = (accepted, incidence, stock, within_limit, fast_track, end_to_end)
    return [one(values, language) for one in drawn]


def accepted(values: Values, language: Language) -> html.Div:
    """Return the card of cases accepted."""
    year, change = values.one("cases_accepted", YEAR), values.one("cases_yoy", YEAR)
    so_far = " · ".join(
        f"{name(language)} {value_text(values.one('cases_accepted', window), language)}" for window, name in SO_FAR
    )
    before = YEAR_BEFORE(language).format(value_text(values.one("cases_accepted", "r12_ly"), language))
    compared = f"{YEAR_ON_YEAR(language)} {signed_text(change, language)}{before}"
    lines = (so_far, compared, how_sure(change, language))
    return card(values, year, language, title=year.metric.title(language), window=words.LAST_12M(language), lines=lines)


def how_sure(change: Reading, language: Language) -> str:
    """Return the interval of a change, or that it is not significant, or why there is none."""
    if change.reason is not None or change.low is None:
        return reason_text(change, language)
    low, high = (NOTHING if end is None else signed(end, change, language) for end in (change.low, change.high))
    return f"{words.INTERVAL_95(language)} {low} ~ {high}"


def incidence(values: Values, language: Language) -> html.Div:
    """Return the card of the incidence to 1,000 insured person-years."""
    rate, change = values.one("incidence", YEAR), values.one("incidence_yoy", YEAR)
    years = values.one("person_years", YEAR)
    compared = f"{YEAR_ON_YEAR(language)} {signed_text(change, language)} {how_sure_in_brackets(change, language)}"
    lines = (interval_text(rate, language), compared, f"{n_text(rate)} · {with_unit(years, language)}")
    return card(values, rate, language, title=rate.metric.title(language), window=words.LAST_12M(language), lines=lines)


def how_sure_in_brackets(change: Reading, language: Language) -> str:
    """Return the ends of a change's interval in brackets, or what must be said instead."""
    if change.reason is not None or change.low is None:
        return reason_text(change, language)
    low, high = (NOTHING if end is None else signed(end, change, language) for end in (change.low, change.high))
    return f"({low} ~ {high})"


def stock(values: Values, language: Language) -> html.Div:
    """Return the card of the open cases, and which of them are overdue."""
    whole, overdue = values.one("stock_open", NOW), values.one("overdue_open", NOW)
    parts = ((RUNNING, "stock_running"), (SUSPENDED, "stock_suspended"))
    split = " · ".join(f"{name(language)} {value_text(values.one(key, NOW), language)}" for name, key in parts)
    mark = html.I("◆ ", className="is-over") if overdue.value else ""
    late = [mark, f"{OVERDUE(language)} {with_unit(overdue, language)}"]
    decided = f"{DECIDED(language)} {value_text(values.one('cases_decided', YEAR), language)}"
    lines = (split, late, decided)
    return card(values, whole, language, title=whole.metric.title(language), window=words.NOW(language), lines=lines)


def within_limit(values: Values, language: Language) -> html.Div:
    """Return the card of decisions within the limit that applied."""
    share, rate, closed = (values.one(key, YEAR) for key in ("legal_within", "overdue_rate", "overdue_closed"))
    title = closed.metric.title(language)
    lines = (
        f"{interval_text(share, language)} {n_text(share)}",
        f"{title} {value_text(closed, language)}",
        f"{rate.metric.title(language)} {with_unit(rate, language)}",
    )
    return card(values, share, language, title=TITLES["legal_within"](language), window=words.LAST_12M(language), lines=lines)


def fast_track(values: Values, language: Language) -> html.Div:
    """Return the card of the fast track."""
    median, tail, kept, share = (values.one(key, YEAR) for key in ("fast_days_p50", "fast_days_p90", "fast_ok", "fast_share"))
    target = kept.metric.target
    promised = NOTHING if target is None else written_target(target.value)
    lines = (
        f"P90 {with_unit(tail, language)} · {n_text(median)}",
        WITHIN_3_DAYS(language).format(with_unit(kept, language), promised),
        f"{share.metric.title(language)} {with_unit(share, language)}",
    )
    return card(values, median, language, title=TITLES["fast_days_p50"](language), window=words.LAST_12M(language), lines=lines)


def written_target(value: float) -> str:
    """Return a target without decimals that it has not."""
    return f"{value:g}"


def end_to_end(values: Values, language: Language) -> html.Div:
    """Return the card of the days from the accident to the first lump sum."""
    median, tail, mean = (values.one(f"endtoend_days_{which}", YEAR) for which in ("p50", "p90", "mean"))
    unit = mean.metric.unit
    lines = (
        f"P90 {written(tail.value, unit, language)} · {words.MEAN(language)} {written(mean.value, unit, language)}",
        interval_text(median, language),
        n_text(median),
    )
    return card(
        values, median, language, title=TITLES["endtoend_days_p50"](language), window=words.LAST_12M(language), lines=lines
    )


KEY_FIGURES = Panel(
    key="injury_figures",
    title=Text("关键指标", "Key figures"),
    draw=key_figures,
    frame="cards",
    needs=(
        *(Need("cases_accepted", window) for window in (YEAR, "r12_ly", *(window for window, _ in SO_FAR))),
        *(Need(key, NOW) for key in ("stock_open", "stock_running", "stock_suspended", "overdue_open")),
        *(
            Need(key, YEAR)
            for key in (
                "cases_yoy",
                "incidence",
                "incidence_yoy",
                "person_years",
                "cases_decided",
                "legal_within",
                "overdue_rate",
                "overdue_closed",
                "fast_days_p50",
                "fast_days_p90",
                "fast_ok",
                "fast_share",
                "endtoend_days_p50",
                "endtoend_days_p90",
                "endtoend_days_mean",
            )
        ),
    ),
)
