"""Small counts of persons on a wall: 1 to 4 are not shown, nor what would tell them (domain specification, section 9.2, P1)."""

from collections.abc import Sequence
from dataclasses import replace

from cockpit.metric import Reading, Status
from cockpit.numbers import whole_number
from cockpit.text import Language, Text
from layouts.parts.reading import value_text, with_unit

LEAST = 5
"""On a duty screen (display level P1) a cell holds at least so many persons, or nobody."""

FEW, HIDDEN = f"<{LEAST}", "…"
NOT_SHOWN = Text("少于5人，为保护个人不显示", "fewer than 5, not shown")


def hidden_cells(counts: Sequence[int]) -> frozenset[int]:
    """Return the places of the counts that are not shown beside their total.

    Besides those of 1 to 4, the next larger ones are hidden for as long as the total would tell a hidden one.
    """
    ranked = sorted((n, place) for place, n in enumerate(counts) if n)
    count = sum(n < LEAST for n, _ in ranked)
    while 0 < count < len(ranked) and is_told([n for n, _ in ranked[:count]], ranked[count][0]):
        count += 1
    return frozenset(place for _, place in ranked[:count])


def is_told(hidden: Sequence[int], next_shown: int) -> bool:
    """Whether a small count follows from the sum of the hidden ones, which total and shown ones give away.

    The small ones are 1 to 4 each; the others, hidden for their sake, lie between 5 and the least that is shown.
    """
    small = sum(n < LEAST for n in hidden)
    others = len(hidden) - small
    least = max(small, sum(hidden) - others * next_shown)
    most = min(small * (LEAST - 1), sum(hidden) - others * LEAST)
    return least == most and (small == 1 or least in (small, small * (LEAST - 1)))


def cell_texts(counts: Sequence[int | None], nothing: str) -> list[str]:
    """Return what stands for each count: the count, `<5`, `…` where it is hidden for another's sake, or that it is unknown."""
    hidden = hidden_cells([n or 0 for n in counts])

    def text(place: int, n: int | None) -> str:
        if n is None:
            return nothing
        return whole_number(n) if place not in hidden else FEW if n < LEAST else HIDDEN

    return [text(place, n) for place, n in enumerate(counts)]


def protected(reading: Reading) -> Reading:
    """Return a count of persons as a wall may show it: 1 to 4 without its value, and why."""
    if reading.value is None or not 0 < reading.value < LEAST:
        return reading
    return replace(reading, value=None, low=None, high=None, n=0, n_total=0, status=Status.MISSING, reason=NOT_SHOWN)


def count_text(reading: Reading, language: Language, *, has_unit: bool = False) -> str:
    """Return a count of persons as text: `<5` for 1 to 4."""
    text = with_unit(reading, language) if has_unit else value_text(reading, language)
    return FEW if reading.value is not None and 0 < reading.value < LEAST else text
