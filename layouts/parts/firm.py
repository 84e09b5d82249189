"""One enterprise in a list, as a wall may show it: by name only to a person of its own town, else by town and industry.

Source: domain specification, section 9.2, level P1.
"""

from collections.abc import Mapping
from typing import Any

from cockpit.metric import Unit
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Values
from cockpit.text import Language, Text
from layouts.parts.industry import industry_name
from layouts.parts.small_cells import FEW, LEAST

NAME, INDUSTRY, TOWN_AND_INDUSTRY = Text("企业", "Firm"), Text("行业", "Industry"), Text("镇街·行业", "Town·industry")
FIRST_SEEN = Text("新", "new")
SURE_FROM = 0.9995
"""A probability that would be printed as 100 % although nothing is certain."""

UP, DOWN, SAME = "▲", "▼", "＝"


def firm_name(values: Values, row: Mapping[str, Any], language: Language) -> str:
    """Return a firm's name where names may be shown, else its town, unless that was chosen, and its industry."""
    if values.may_name and row["name"]:
        return str(row["name"])
    industry = industry_name(values, row["division"], language)
    return industry if values.asked.town else f"{values.label('town', row['town_code'])(language)}·{industry}"


def firm_title(values: Values, language: Language) -> str:
    """Return what a column of `firm_name` is called."""
    return (NAME if values.may_name else INDUSTRY if values.asked.town else TOWN_AND_INDUSTRY)(language)


def cases_text(values: Values, count: int | None) -> str:
    """Return a firm's cases; 1 to 4 are told only to whom its name is told."""
    if count is None:
        return NOTHING
    return FEW if not values.may_name and 0 < count < LEAST else whole_number(count)


def person_years_text(row: Mapping[str, Any]) -> str:
    """Return a firm's person-years, those of the smallest with a decimal."""
    years = row["person_years"]
    if years is None:
        return NOTHING
    return f"{years:.1f}" if years < LEAST else whole_number(round(years))


def probability_text(probability: float | None, language: Language) -> str:
    """Return a probability in per cent; none is printed as certain."""
    if probability is None:
        return NOTHING
    if probability >= SURE_FROM:
        return ">99.9%"
    return f"{written(100 * probability, Unit.PERCENT, language)}%"


def ratio_text(ratio: float | None) -> str:
    """Return a ratio in whole per cent."""
    return NOTHING if ratio is None else f"{100 * ratio:,.0f}%"


def index_change(row: Mapping[str, Any]) -> float | None:
    """Return by how much a firm's index changed since the week before, to a tenth as indices are."""
    now, before = row["idx"], row["idx_before"]
    return None if now is None or before is None else round(now - before, 1)


def change_text(row: Mapping[str, Any], language: Language) -> str:
    """Return the change of a firm's index with its direction."""
    change = index_change(row)
    if change is None:
        return FIRST_SEEN(language) if row["idx"] is not None else NOTHING
    if change == 0:
        return SAME
    return f"{UP if change > 0 else DOWN}{abs(change):.1f}"


def change_kind(row: Mapping[str, Any]) -> str:
    """Return the class of a change: an index that rose is worse."""
    change = index_change(row) or 0
    return "is-worse" if change > 0 else "is-better" if change < 0 else "soft"
