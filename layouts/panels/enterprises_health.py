"""What the numbers of enterprise risk rest on, in one line."""

from typing import Any

from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts.panels.enterprises import NOW
from layouts.parts.health import health_line
from layouts.parts.reading import with_unit
from layouts.parts.refused import REFUSED_GLYPH

WEEKLY = Text("每周评估一次，按已关账的周", "judged once a week, on closed weeks")
REFUSED = Text(f"{REFUSED_GLYPH} 隔离", f"{REFUSED_GLYPH} refused")
APPEAL = Text("等级可申诉（15日）", "grades may be appealed, 15 days")
"""Domain specification, section 9.2."""


def health(values: Values, language: Language) -> list[Any]:
    """Draw how often firms are judged, refused rows, and which sources are not fresh."""
    refused = f"{REFUSED(language)} {with_unit(values.one('quarantined', NOW), language)}"
    return health_line(values, language, [WEEKLY(language), APPEAL(language), refused])


HEALTH = Panel(
    key="enterprise_health",
    title=Text("数据质量", "Data quality"),
    draw=health,
    frame="line",
    needs=(Need("quarantined", NOW),),
)
