"""What the numbers of appraisal, work and arbitration rest on, in one line."""

from typing import Any

from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts.panels.appraisal import NOW, YEAR
from layouts.parts.health import health_line
from layouts.parts.reading import with_unit
from layouts.parts.refused import REFUSED_GLYPH

TIMES = (
    ("appraise_days_complete", Text("鉴定", "appraisal")),
    ("award_days_complete", Text("裁决", "award")),
    ("intent_to_job_days_complete", Text("上岗", "post")),
)
VALID = Text("近12个月时长有效率", "valid times, 12 mo.")
REFUSED = Text(f"{REFUSED_GLYPH} 隔离", f"{REFUSED_GLYPH} refused")


def health(values: Values, language: Language) -> list[Any]:
    """Draw valid shares, refused rows, and which sources are not fresh."""
    said = [f"{name(language)} {with_unit(values.one(key, YEAR), language)}" for key, name in TIMES]
    refused = f"{REFUSED(language)} {with_unit(values.one('quarantined', NOW), language)}"
    return health_line(values, language, [VALID(language), *said, refused])


HEALTH = Panel(
    key="appraisal_health",
    title=Text("数据质量", "Data quality"),
    draw=health,
    frame="line",
    needs=(*(Need(key, YEAR) for key, _ in TIMES), Need("quarantined", NOW)),
)
