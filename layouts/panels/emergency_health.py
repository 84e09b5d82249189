"""What the numbers of emergency response rest on, in one line."""

from typing import Any

from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.emergency import MONTH
from layouts.parts.health import health_line
from layouts.parts.reading import with_unit
from layouts.parts.refused import REFUSED_GLYPH

COUNTS = (
    ("e6_complete", MONTH, Text("反应时间有效率", "valid response times")),
    ("e6_negative", MONTH, Text("时序颠倒", "negative")),
    ("e6_out", MONTH, Text("超上限", "above cap")),
    ("town_unknown", MONTH, Text("镇街不明", "town unknown")),
    ("waiting_runs", MONTH, Text("待呼叫记录", "runs without call")),
    ("quarantined", "now", Text(f"{REFUSED_GLYPH} 隔离", f"{REFUSED_GLYPH} refused")),
)


def health(values: Values, language: Language) -> list[Any]:
    """Draw valid shares, bad records, and which sources are not fresh."""
    said = [f"{name(language)} {with_unit(values.one(key, window), language)}" for key, window, name in COUNTS]
    return health_line(values, language, [words.LAST_28D(language), *said])


HEALTH = Panel(
    key="health",
    title=Text("数据质量", "Data quality"),
    draw=health,
    frame="line",
    needs=tuple(Need(key, window) for key, window, _ in COUNTS),
)
