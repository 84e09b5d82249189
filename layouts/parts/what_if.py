"""What-if: the stored scores of the weeks, judged again by other cuts; nothing of it is ever saved."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from cockpit.judging.hysteresis import JudgedWeek, standings
from cockpit.panel import Cuts, Values
from layouts.parts.rules import colours_in_force
from layouts.parts.town_rows import HISTORY, REPLAYED_WEEKS


def replayed(values: Values, cuts: Cuts) -> dict[str, str | None]:
    """Return the colour that each town would have by other cuts, the other rules being those in force."""
    rules = colours_in_force(values).with_cuts(*cuts)
    return {code: standings(judged(rows), rules)[-1].colour for code, rows in weeks_of(values).items()}


def weeks_of(values: Values) -> dict[str, list[Mapping[str, Any]]]:
    """Return each town's judged weeks, the oldest first, of as many weeks as are replayed."""
    rows = [
        row for row in values.latest[HISTORY] if row["week_end_on"] is not None and row["town_code"] not in values.functional
    ]
    oldest = max((int(row["week_end_on"]) for row in rows), default=0) - 7 * REPLAYED_WEEKS
    kept = [row for row in rows if row["week_end_on"] > oldest]
    ordered = sorted(kept, key=lambda row: (str(row["town_code"]), row["week_end_on"]))
    return {code: list(some) for code, some in groupby(ordered, key=lambda row: str(row["town_code"]))}


def judged(rows: Sequence[Mapping[str, Any]]) -> list[JudgedWeek]:
    """Return rows of the history as the rules of rising and falling take them."""
    return [
        JudgedWeek(int(row["week_end_on"]), row["score"], row["floor"], bool(row["is_frozen"] or row["is_silent"]))
        for row in rows
    ]
