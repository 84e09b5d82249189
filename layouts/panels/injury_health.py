"""What the numbers of work injury rest on, in one line."""

from typing import Any

from cockpit.numbers import whole_number
from cockpit.panel import Need, Panel, Values
from cockpit.quality import RULES
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.injury import NOW, YEAR
from layouts.parts.health import health_line
from layouts.parts.reading import with_unit
from layouts.parts.refused import REFUSED_GLYPH

OF_TABLES = ("work_injury_case", "case_event", "enterprise_month")
"""The contracts whose doubtful rows concern this screen."""

DOUBTFUL = Text("数据疑点", "doubtful rows")
COUNTS = (
    ("legal_days_complete", YEAR, Text("受理至决定有效率", "decisions valid")),
    ("endtoend_days_complete", YEAR, Text("全程有效率", "end-to-end valid")),
    ("quarantined", NOW, Text(f"{REFUSED_GLYPH} 隔离", f"{REFUSED_GLYPH} refused")),
)


def health(values: Values, language: Language) -> list[Any]:
    """Draw valid shares, doubtful and refused rows, and which sources are not fresh."""
    said = [f"{name(language)} {with_unit(values.one(key, window), language)}" for key, window, name in COUNTS]
    return health_line(values, language, [doubtful(values, language), *said])


def doubtful(values: Values, language: Language) -> str:
    """Return how many rows break a rule, and the rule that most of them break."""
    tables = {key: rule.of_table for key, rule in RULES.items()}
    broken = [r for r in values.parts("issues", NOW, "rule") if tables.get(r.dims["rule"] or "") in OF_TABLES]
    ranked = sorted((r for r in broken if r.n), key=lambda r: -r.n)
    more = f" ({values.label('rule', ranked[0].dims['rule'])(language)} {whole_number(ranked[0].n)})" if ranked else ""
    return f"{DOUBTFUL(language)} {whole_number(sum(r.n for r in ranked))} {words.ROWS(language)}{more}"


HEALTH = Panel(
    key="injury_health",
    title=Text("数据质量", "Data quality"),
    draw=health,
    frame="line",
    needs=(*(Need(key, window) for key, window, _ in COUNTS), Need("issues", NOW, "rule")),
)
