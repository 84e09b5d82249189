"""Quick arbitration 速裁: what is promised and kept, how disputes are mediated, and how hearings are held."""

from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.appraisal import YEAR
from layouts.parts.bars import bar
from layouts.parts.frame import frame
from layouts.parts.limit_table import Step, limit_table
from layouts.parts.reading import badge, n_text, reason_text, with_unit

KEPT = (
    ("same_day_accept", "arb_accept_days_p50", Text("当日受理", "Same-day start")),
    ("mediated_7d", "mediation_days_p50", Text("调解 ≤7日", "Mediated ≤7 d")),
    ("award_30d", "award_days_p50", Text("裁决 ≤30日", "Award ≤30 d")),
    ("legal_45d", "award_days_p50", Text("裁决 ≤45日", "Award ≤45 d")),
)
"""The share within each limit, and the median of what is limited."""

SHARES = (
    ("mediated_ok", Text("调解成功", "Settled by mediation")),
    ("hybrid_hearing_share", Text("一方在线庭审", "One side online")),
    ("cross_region_share", Text("跨区域庭审", "Across regions")),
    ("tolerance_accept_share", Text("容缺受理", "Papers missing")),
)


def arbitration(values: Values, language: Language) -> list[Any]:
    """Draw the promised limits, the shares of mediations and hearings, and why some cannot be told."""
    steps = [Step(values.one(share, YEAR), values.one(median, YEAR), name(language)) for share, median, name in KEPT]
    shares = [values.one(key, YEAR) for key, _ in SHARES]
    note = [f"{words.LAST_12M(language)} ", badge(steps[0].share, language)]
    rows = [share_row(name(language), one, language) for one, (_, name) in zip(shares, SHARES, strict=True)]
    reasons = dict.fromkeys(
        reason_text(one, language) for one in (*(step.share for step in steps), *shares) if one.value is None
    )
    return frame(
        ARBITRATION.title(language),
        note,
        *limit_table(steps, language, is_counted=True),
        html.Div(rows, className="bars"),
        html.Div(words.listed([*filter(None, reasons)], language), className="left-out small") if reasons else None,
    )


def share_row(name: str, reading: Reading, language: Language) -> html.Div:
    """Return a share as a bar of its whole, with its n."""
    count = "" if reading.value is None else n_text(reading)
    return bar(name, (reading.value or 0) / 100, with_unit(reading, language), count, kind="shares")


ARBITRATION = Panel(
    key="appraisal_arbitration",
    is_for_staff=True,
    title=Text("工伤速裁", "Quick arbitration"),
    draw=arbitration,
    needs=(
        *(Need(share, YEAR) for share, _, _ in KEPT),
        *(Need(key, YEAR) for key in dict.fromkeys(median for _, median, _ in KEPT)),
        *(Need(key, YEAR) for key, _ in SHARES),
    ),
)
