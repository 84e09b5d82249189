"""What every picture of the towns says of itself: its key, a frozen week, an outage, how old it is."""

from typing import Any

from dash import html

from cockpit.code_names import COLOURS
from cockpit.freshness import AGE_TEXT, worst
from cockpit.metric import Unit
from cockpit.numbers import written
from cockpit.panel import Values
from cockpit.text import Language, Text
from layouts.parts.town_rows import SILENT_NAME, Town, day_text, interrupted_since, is_stale
from layouts.theme import COLOUR_MARK, SILENT_MARK

FROZEN = Text(
    "颜色冻结：全市本周受理量不足前8周中位数的40%，疑似数据中断",
    "Colours frozen: the city's intake is below 40 % of its 8-week median, which looks like an outage",
)
OUTAGE = Text(
    "疑似数据中断：近7日每工作日受理 {} 件，常量 {} 件",
    "Looks like an outage: {} cases a working day in 7 days, usually {}",
)
OLD = Text("数据中断，颜色不代表现状：已 {}", "Interrupted, no colour is today's: for {}")
INTERRUPTED = Text("评估中断：最近一次评至 {}", "judgement interrupted, last to {}")
"""Its sources may be fresh: it is the evaluation that did not run."""

HOURS, DAYS = Text("{} 小时", "{} h"), Text("{} 天", "{} days")
HOUR_S, DAY_S, HOURS_UNTIL = 3600, 86_400, 72


def colour_key(language: Language) -> list[Any]:
    """Return the key of letters and colours, the silent one among them."""
    told = [(mark.letter, COLOURS[colour](language)) for colour, mark in COLOUR_MARK.items()]
    told.append((SILENT_MARK.letter, SILENT_NAME(language)))
    return [html.Span([town_chip(letter), f" {name} "], className="key") for letter, name in told]


def town_chip(letter: str) -> html.I:
    """Return a letter on its colour and pattern."""
    return html.I(letter, className=f"town-chip chip-{letter if letter.isalpha() else 'silent' if letter else 'none'}")


def town_banner(values: Values, towns: list[Town], language: Language) -> Any:
    """Return what warns of all colours at once: old news, no judgement, a frozen week, an outage; nothing when all is well."""
    if is_stale(values):
        return html.Div(OLD(language).format(age_text(values, language)), className="banner is-stale", role="alert")
    if interruption := interruption_text(values, towns, language):
        return html.Div(f"◆ {interruption}", className="banner", role="alert")
    if any(town.standing["is_frozen"] for town in towns):
        return html.Div(FROZEN(language), className="banner", role="alert")
    outage = next((town.standing for town in towns if town.standing["is_outage"]), None)
    if outage is None:
        return None
    told = (written(outage[name], Unit.MEAN_COUNT, language) for name in ("week_intake", "usual_intake"))
    return html.Div(OUTAGE(language).format(*told), className="banner", role="alert")


def interruption_text(values: Values, towns: list[Town], language: Language) -> str:
    """Return since when nothing was judged; nothing when it was last night, or when the sources themselves are too old."""
    since = None if is_stale(values) else interrupted_since(values, towns)
    return "" if since is None else INTERRUPTED(language).format(day_text(since))


def age_text(values: Values, language: Language) -> str:
    """Return how long the source that was heard of longest ago has been silent."""
    known = [age.age_s for age in values.ages if age.age_s is not None and not age.is_static]
    if not known:
        return AGE_TEXT[worst(values.ages)](language)
    oldest = max(known)
    hours = round(oldest / HOUR_S)
    return HOURS(language).format(hours) if hours < HOURS_UNTIL else DAYS(language).format(round(oldest / DAY_S))
