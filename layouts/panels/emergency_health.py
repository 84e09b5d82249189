"""What the numbers of emergency response rest on, in one line."""

from typing import Any

from dash import html

from cockpit.freshness import AGE_TEXT, Age, SourceAge
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.emergency import MONTH
from layouts.parts.reading import with_unit
from layouts.parts.refused import REFUSED_GLYPH
from layouts.theme import AGE_GLYPH

COUNTS = (
    ("e6_complete", MONTH, Text("反应时间有效率", "valid response times")),
    ("e6_negative", MONTH, Text("时序颠倒", "negative")),
    ("e6_out", MONTH, Text("超上限", "above cap")),
    ("town_unknown", MONTH, Text("镇街不明", "town unknown")),
    ("waiting_runs", MONTH, Text("待呼叫记录", "runs without call")),
    ("quarantined", "now", Text(f"{REFUSED_GLYPH} 隔离", f"{REFUSED_GLYPH} refused")),
)
NAMED_SOURCES = 2
"""How many sources that are not fresh are named; the header tells of the gravest."""


def health(values: Values, language: Language) -> list[Any]:
    """Draw valid shares, bad records, and which sources are not fresh."""
    said = [f"{name(language)} {with_unit(values.one(key, window), language)}" for key, window, name in COUNTS]
    said += [values.attribution(language)] if values.attribution and values.boundaries is None else []
    bad = [age for age in values.ages if age.age is not Age.FRESH]
    count = words.FRESH_SOURCES(language).format(len(values.ages) - len(bad), len(values.ages))
    fresh = html.Span([html.I("" if bad else AGE_GLYPH[Age.FRESH]), count], className="age")
    quality = html.Span([html.B(words.DATA_QUALITY(language)), f" {words.LAST_28D(language)} · " + " · ".join(said)])
    named = [age_of(age, language) for age in bad[:NAMED_SOURCES]]
    return [quality, html.Span([fresh, *named, "…" if len(bad) > NAMED_SOURCES else ""], className="ages")]


def age_of(age: SourceAge, language: Language) -> html.Span:
    """Return a source that is not fresh, with its state."""
    said = [html.I(AGE_GLYPH[age.age]), age.title(language), " ", AGE_TEXT[age.age](language)]
    return html.Span(said, className=f"age age-{age.age.value}", title=age.message)


HEALTH = Panel(
    key="health",
    title=Text("数据质量", "Data quality"),
    draw=health,
    needs=tuple(Need(key, window) for key, window, _ in COUNTS),
)
