"""Small counts of persons on a wall: 1 to 4 are not shown, nor what would tell them (domain specification, section 9.2, P1)."""

from collections.abc import Sequence

from cockpit.disclosure import LEAST_CELL, Level, hidden_cells, withheld
from cockpit.metric import Reading
from cockpit.numbers import whole_number
from cockpit.text import Language
from layouts.parts.reading import value_text, with_unit

LEAST = LEAST_CELL[Level.DUTY]
"""On a duty screen (display level P1) a cell holds at least so many persons, or nobody."""

FEW, HIDDEN = f"<{LEAST}", "…"


def few(least: int) -> str:
    """Return what stands for a count that is smaller than the least which may be shown."""
    return f"<{least}"


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
    return withheld(reading, LEAST)


def count_text(reading: Reading, language: Language, *, has_unit: bool = False) -> str:
    """Return a count of persons as text: `<5` for 1 to 4."""
    text = with_unit(reading, language) if has_unit else value_text(reading, language)
    return FEW if reading.value is not None and 0 < reading.value < LEAST else text
