"""Display levels: what may be seen by whom on a wall (domain specification, section 9.2); more is never shown by default."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from cockpit.metric import Reading, Status
from cockpit.text import Text


class Level(StrEnum):
    """For whose eyes a screen is drawn, as an address says it."""

    PUBLIC = "p0"  # visitors in the room: aggregates of ten and more, no firms, no vehicles, no single case
    DUTY = "p1"  # signed-in staff: aggregates of five and more, lists of cases with masked names


LEAST_CELL: Mapping[Level, int] = {Level.PUBLIC: 10, Level.DUTY: 5}
"""How many persons a cell holds at least; zero may be shown."""

OF_NO_PERSON = frozenset(
    {
        *("town_colour", "town_colour_history", "vehicle", "quarantine", "data_quality_issue", "specialist"),
        *("cn_workday", "duty"),
    }
)
"""Tables whose rows are no persons: towns, vehicles, what was refused, days, shifts. However few, they may be shown."""

WITHHELD = Text("少于{}，为保护个人不显示", "fewer than {}, not shown")


def hidden_cells(counts: Sequence[int], least: int = LEAST_CELL[Level.DUTY]) -> frozenset[int]:
    """Return the places of the counts that are not shown beside their total.

    Besides those of 1 to `least` - 1, the next larger ones are hidden for as long as the total would tell a hidden one.
    """
    ranked = sorted((n, place) for place, n in enumerate(counts) if n)
    count = sum(n < least for n, _ in ranked)
    while 0 < count < len(ranked) and is_told([n for n, _ in ranked[:count]], ranked[count][0], least):
        count += 1
    return frozenset(place for _, place in ranked[:count])


def is_told(hidden: Sequence[int], next_shown: int, least: int) -> bool:
    """Whether a small count follows from the sum of the hidden ones, which total and shown ones give away.

    The small ones are 1 to `least` - 1 each; the others, hidden for their sake, lie between `least` and what is shown.
    """
    small = sum(n < least for n in hidden)
    others = len(hidden) - small
    lowest = max(small, sum(hidden) - others * next_shown)
    highest = min(small * (least - 1), sum(hidden) - others * least)
    return lowest == highest and (small == 1 or lowest in (small, small * (least - 1)))


def withheld(reading: Reading, least: int) -> Reading:
    """Return a reading without anything that would tell it, and why."""
    reason = Text(*(text.format(least) for text in WITHHELD))
    nothing = replace(reading, value=None, low=None, high=None, least=None, most=None, is_bounded=False, detail=(), states={})
    return replace(nothing, n=0, n_total=0, hit_count=0, status=Status.MISSING, reason=reason, is_withheld=True)


def disclosed(readings: Sequence[Reading], level: Level) -> tuple[Reading, ...]:
    """Return readings as visitors may see them: none of fewer than ten, nor what their total would tell; staff see all of them.

    A part is hidden by how many rows it rests on, whether it is a count or a rate of them.
    """
    return tuple(readings) if level is Level.DUTY else without_small(readings, LEAST_CELL[level])


def without_small(readings: Sequence[Reading], least: int) -> tuple[Reading, ...]:
    """Return the parts of a whole, or the weeks of a year, without those of fewer persons, nor what their total would tell."""
    if not readings or readings[0].metric.table in OF_NO_PERSON:
        return tuple(readings)
    hidden = hidden_cells([reading.n for reading in readings], least)
    small = {
        place for place, reading in enumerate(readings) if 0 < reading.hit_count < least and reading.hit_count != reading.n
    }
    return tuple(withheld(one, least) if place in hidden | small else one for place, one in enumerate(readings))
