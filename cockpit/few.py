"""Rows that are of a town or a firm and count persons in it: what of them would tell of a few (specification, section 9.2)."""

from collections.abc import Iterable, Mapping
from typing import Any

from cockpit.shown import Form, ShownColumn

OF_PERSONS = ("observed_count", "observed_before", "death_count", "repeat_case_count", "week_intake", "usual_intake")
"""Columns that count persons, or cases of them."""

TOLD = ("score", "idx", "idx_before", "preview_score", "person_years", "person_years_before")
"""Numbers that may stand beside a hidden count: it cannot be computed from one of them."""

REASONS = ("reason", "reason_text")
"""Texts that tell the counts again."""


def few_in(row: Mapping[str, Any], columns: Iterable[ShownColumn], least: int) -> frozenset[str]:
    """Return the columns that are not shown of a row: its counts of 1 to `least` - 1, and what would tell them."""
    small = {name for name in OF_PERSONS if row.get(name) is not None and 0 < row[name] < least}
    if not small:
        return frozenset()
    telling = {one.name for one in columns if one.form is Form.NUMBER and one.name not in TOLD}
    return frozenset(small | telling | {*REASONS})
