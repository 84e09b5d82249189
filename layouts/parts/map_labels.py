"""Where the letters and names of a map stand, so that none lies on another: above each other, else side by side, else moved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from layouts.parts.letters import width

LINE, GAP = 1.15, 0.3
"""The height of a line and the gap after a letter, in sizes of the letters."""

MOVED = ((0, 0), (0, 0.25), (0, -0.25), (0, 0.5), (0, -0.5), (-0.75, 0), (0.75, 0), (0, 0.75), (0, -0.75))
"""How far a label may be moved, right in sizes of letters and up in lines, the nearest first: not as far as another town."""


class Box(NamedTuple):
    """A label: its middle in px, y upwards, how wide and high it is, and whether its letter stands above its name."""

    x: float
    y: float
    width: float
    height: float
    is_stacked: bool

    def touches(self, other: "Box") -> bool:
        """Whether two labels overlap."""
        beside = abs(self.x - other.x) >= (self.width + other.width) / 2
        return not beside and abs(self.y - other.y) < (self.height + other.height) / 2


def arranged(places: Mapping[str, tuple[float, float]], texts: Mapping[str, tuple[str, str]], size: float) -> dict[str, Box]:
    """Return where each label stands, letter and name of places in px: only those move that would lie on another."""
    wanted = {code: list(candidates(place, *texts[code], size)) for code, place in places.items()}
    first = {code: boxes[0] for code, boxes in wanted.items()}
    free = {code: box for code, box in first.items() if not any(box.touches(first[other]) for other in first if other != code)}
    order = [code for code in places if code not in free]
    found = {**first}
    for _ in range(len(order)):
        found, crowded = settled(wanted, order, free)
        if crowded is None:
            break
        order = [crowded, *(code for code in order if code != crowded)]  # who finds no place chooses first next time
    return found


def settled(
    wanted: Mapping[str, list[Box]], order: Sequence[str], free: Mapping[str, Box]
) -> tuple[dict[str, Box], str | None]:
    """Give labels a place in an order, beside those that are free; return all, and the first that found none."""
    found, crowded = {**free}, None
    for code in order:
        box = next((box for box in wanted[code] if not any(map(box.touches, found.values()))), None)
        crowded = crowded or (code if box is None else None)
        found[code] = box or wanted[code][0]
    return found, crowded


def candidates(place: tuple[float, float], letter: str, name: str, size: float) -> Iterator[Box]:
    """Yield the ways a label may stand, the best first."""
    x, y = place
    flat = size * (width(letter) + GAP + width(name) if letter else width(name))
    stacked = size * max(width(letter), width(name))
    for right, lines in MOVED:
        across, up = x + right * size, y + lines * LINE * size
        if letter:
            yield Box(across, up, stacked, 2 * LINE * size, is_stacked=True)
        yield Box(across, up, flat, LINE * size, is_stacked=False)
