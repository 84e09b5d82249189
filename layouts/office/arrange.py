"""Places for things in columns, so that the lines between them cross as little as a few sweeps can bring about.

Columns are given; a line over several columns passes through a place of its own in each one between. Places in a column
are ordered by where their neighbours stand (Sugiyama, Tagawa and Toda 1981), neighbours swapped while that helps, and
then moved as near to their neighbours as the order allows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 12
NODE_ROOM, PASSING_ROOM = 1.0, 0.35
"""How much of a column's height a thing takes, and a line that only passes."""

Edge = tuple[str, str]
Ranks = Mapping[str, int]


@dataclass(frozen=True)
class Arranged:
    """Heights (0 = top, 1 = one thing) of everything, and the heights that each line has in the columns it touches."""

    heights: Mapping[str, float]
    routes: Mapping[Edge, tuple[float, ...]]
    height: float


def arranged(ranks: Ranks, edges: Sequence[Edge]) -> Arranged:
    """Return where things stand. `ranks` gives each thing's column, every line runs to a later column."""
    chains = {edge: passage(edge, ranks) for edge in edges}
    links = list(dict.fromkeys(link for chain in chains.values() for link in pairwise(chain)))
    columns = ordered(first_columns(ranks, chains), links)
    heights = placed(columns, links, ranks)
    top = min((heights[name] for name in ranks), default=0.0)
    heights = {name: height - top for name, height in heights.items()}
    routes = {edge: tuple(heights[name] for name in chain) for edge, chain in chains.items()}
    return Arranged({name: heights[name] for name in ranks}, routes, max(heights.values(), default=0.0) + NODE_ROOM)


def passage(edge: Edge, ranks: Ranks) -> tuple[str, ...]:
    """Return the places a line runs through; lines from one thing share theirs."""
    begin, end = edge
    between = [f"{begin}>{rank}" for rank in range(ranks[begin] + 1, ranks[end])]
    return (begin, *between, end)


def first_columns(ranks: Ranks, chains: Mapping[Edge, tuple[str, ...]]) -> list[list[str]]:
    """Return each column's things, and then its passages, in the order in which they were given."""
    columns: list[dict[str, None]] = [{} for _ in range(max(ranks.values(), default=0) + 1)]
    for name, rank in ranks.items():
        columns[rank][name] = None
    for (begin, _), chain in chains.items():
        for step, name in enumerate(chain):
            columns[ranks[begin] + step][name] = None
    return [list(column) for column in columns]


def ordered(columns: list[list[str]], links: Sequence[Edge]) -> list[list[str]]:
    """Return the columns in the best order that some sweeps to and fro have found."""
    best = [list(column) for column in columns]
    fewest = crossings(best, links)
    now = best
    for sweep in range(SWEEPS):
        now = swapped(swept(now, links, is_forward=sweep % 2 == 0), links)
        count = crossings(now, links)
        if count < fewest:
            best, fewest = now, count
    return best


def swept(columns: list[list[str]], links: Sequence[Edge], *, is_forward: bool) -> list[list[str]]:
    """Return every column ordered by the mean place of what stands before it, or after it."""
    found = [list(column) for column in columns]
    near = neighbours(links, is_forward=is_forward)
    for index in range(1, len(found)) if is_forward else range(len(found) - 2, -1, -1):
        beside = {name: place for place, name in enumerate(found[index - 1 if is_forward else index + 1])}
        own = {name: place for place, name in enumerate(found[index])}
        means = {name: mean([beside[n] for n in near.get(name, ())], own[name]) for name in found[index]}
        found[index].sort(key=means.__getitem__)
    return found


def swapped(columns: list[list[str]], links: Sequence[Edge]) -> list[list[str]]:
    """Return the columns with two that stand beside each other swapped wherever that takes crossings away."""
    found = [list(column) for column in columns]
    before, after = neighbours(links, is_forward=True), neighbours(links, is_forward=False)
    for index, column in enumerate(found):
        sides = [(before, found[index - 1] if index else []), (after, found[index + 1] if index + 1 < len(found) else [])]
        places = [(near, {name: place for place, name in enumerate(beside)}) for near, beside in sides]
        for place in range(len(column) - 1):
            upper, lower = column[place], column[place + 1]
            gain = 0
            for near, at in places:
                ups, downs = [at[n] for n in near.get(upper, ())], [at[n] for n in near.get(lower, ())]
                gain += sum((u > d) - (u < d) for u in ups for d in downs)
            if gain > 0:
                column[place], column[place + 1] = lower, upper
    return found


def crossings(columns: list[list[str]], links: Sequence[Edge]) -> int:
    """Count how often lines cross."""
    place = {name: (rank, index) for rank, column in enumerate(columns) for index, name in enumerate(column)}
    by_rank: dict[int, list[tuple[int, int]]] = {}
    for begin, end in links:
        by_rank.setdefault(place[begin][0], []).append((place[begin][1], place[end][1]))
    return sum(
        (a < c and b > d) or (a > c and b < d)
        for lines in by_rank.values()
        for index, (a, b) in enumerate(lines)
        for c, d in lines[index + 1 :]
    )


def neighbours(links: Sequence[Edge], *, is_forward: bool) -> dict[str, list[str]]:
    """Return what stands before each thing, or after it."""
    near: dict[str, list[str]] = {}
    for begin, end in links:
        name, other = (end, begin) if is_forward else (begin, end)
        near.setdefault(name, []).append(other)
    return near


def placed(columns: list[list[str]], links: Sequence[Edge], ranks: Ranks) -> dict[str, float]:
    """Return heights: everything as near to its neighbours as its column's order and room allow."""
    heights: dict[str, float] = {}
    for column in columns:
        heights |= dict(zip(column, spread([0.0] * len(column), column, ranks), strict=True))
    before, after = neighbours(links, is_forward=True), neighbours(links, is_forward=False)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            near = {name: [*before.get(name, ()), *after.get(name, ())] for name in column}
            wished = [mean([heights[n] for n in near[name]], heights[name]) for name in column]
            heights |= dict(zip(column, spread(wished, column, ranks), strict=True))
    return heights


def spread(wished: Sequence[float], column: Sequence[str], ranks: Ranks) -> list[float]:
    """Return the heights nearest to those wished (least squares) that keep order and room: wishes that clash share a block."""
    rooms = [NODE_ROOM if name in ranks else PASSING_ROOM for name in column]
    offsets = [0.0]
    for upper, lower in pairwise(rooms):
        offsets.append(offsets[-1] + (upper + lower) / 2)
    blocks: list[list[float]] = []
    for wish, offset in zip(wished, offsets, strict=False):
        blocks.append([wish - offset, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            value, weight = blocks.pop()
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + value * weight) / (blocks[-1][1] + weight), blocks[-1][1] + weight]
    levels = [value for value, weight in blocks for _ in range(int(weight))]
    return [level + offset for level, offset in zip(levels, offsets, strict=False)]


def mean(values: Sequence[float], otherwise: float) -> float:
    """Return the mean, or something else when there are none."""
    return sum(values) / len(values) if values else otherwise
