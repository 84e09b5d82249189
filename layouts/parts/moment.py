"""Moments and durations on an office page; how long ago something was, the browser keeps true."""

from datetime import datetime
from typing import Any

from dash import html

from cockpit.numbers import NOTHING
from cockpit.text import Language, Text

UNITS = (
    (90, 1, Text("秒", "s")),
    (5_400, 60, Text("分钟", "min")),
    (172_800, 3_600, Text("小时", "h")),
    (float("inf"), 86_400, Text("天", "days")),
)
"""Up to how many seconds which unit is used; assets/office.js counts on in the same."""


def duration(seconds: float, language: Language) -> str:
    """Return a duration in the unit that suits it."""
    size, unit = next((size, unit) for limit, size, unit in UNITS if seconds < limit)
    return f"{max(0, round(seconds / size))} {unit(language)}"


def ago(instant: float | None, now: float, language: Language) -> Any:
    """Return how long ago an instant (UTC s) was; the browser counts on."""
    if instant is None:
        return NOTHING
    text = duration(now - instant, language)
    told = f"{text}前" if language == "zh" else f"{text} ago"
    return html.Span(told, className="ago", **{"data-since": f"{instant:.1f}"})


def moment(when: datetime | None) -> str:
    """Return a moment as the site's clock showed it."""
    return NOTHING if when is None else f"{when:%Y-%m-%d %H:%M:%S}"
