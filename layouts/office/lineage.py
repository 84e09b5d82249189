"""The lineage drawn: columns from source to screen, and lines between them, as SVG text; and the same in words."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from dash import html

from cockpit.freshness import AGE_TEXT, Age, worst
from cockpit.lineage import Lineage, Node, Stage
from cockpit.numbers import NOTHING, whole_number
from cockpit.supply import Supply
from cockpit.text import Language, Text
from layouts.office import words
from layouts.office.arrange import Arranged, Edge, arranged
from layouts.parts.letters import width
from layouts.parts.tables import grid
from layouts.theme import AGE_GLYPH
from layouts.words import listed

NODE_WIDTH, NODE_HEIGHT, COLUMN_GAP, ROW_HEIGHT, HEAD_HEIGHT, MARGIN = 190, 50, 46, 60, 40, 4
TITLE_PX, STATE_PX = 15, 13.5
ROOM, SQUEEZE = NODE_WIDTH - 22, 1.15
"""Sizes in the drawing's own units, and how much a title that is too long is squeezed before it is cut."""

SMALLEST = 0.85
"""How far the drawing may shrink before its box scrolls: its smallest text is then 11.5 px high."""


def drawing(supply: Supply, language: Language) -> str:
    """Return the drawing as SVG; its nodes can be focused, and its edges name what they join."""
    flow = supply.lineage
    ranks = columns_of(flow)
    places = arranged(ranks, flow.edges)
    width = (max(ranks.values()) + 1) * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP + 2 * MARGIN
    height = HEAD_HEIGHT + places.height * ROW_HEIGHT + 2 * MARGIN
    parts = [
        *heads(flow, ranks, language),
        *(line(edge, ranks, places) for edge in flow.edges),
        *(box(node, ranks[node.key], places.heights[node.key], supply, language) for node in flow.nodes),
    ]
    label = quoteattr(words.LINEAGE(language))
    size = f'viewBox="0 0 {width} {height:.0f}" style="min-width:{SMALLEST * width:.0f}px"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="group" aria-label={label}>'
    return f"{start}{''.join(parts)}</svg>"


def columns_of(flow: Lineage) -> dict[str, int]:
    """Return each node's column: sources, contracts, derived tables one after what they follow from, and so on."""
    columns: dict[str, int] = {}
    for node in flow.nodes:  # a derived table comes after those that it follows from
        if node.stage is Stage.SOURCE:
            columns[node.key] = 0
        elif node.stage is Stage.CONTRACT:
            columns[node.key] = 1
        elif node.stage is Stage.DERIVED:
            columns[node.key] = 1 + max(columns[above] for above in flow.before[node.key])
    last = max(columns.values(), default=0)
    later = {Stage.METRICS: last + 1, Stage.PANEL: last + 2, Stage.SCREEN: last + 3}
    return columns | {node.key: later[node.stage] for node in flow.nodes if node.stage in later}


def left_of(column: int) -> int:
    """Return where a column begins."""
    return MARGIN + column * (NODE_WIDTH + COLUMN_GAP)


def middle_of(height: float) -> float:
    """Return how far down the middle of a place is."""
    return HEAD_HEIGHT + MARGIN + (height + 0.5) * ROW_HEIGHT


def heads(flow: Lineage, ranks: Mapping[str, int], language: Language) -> list[str]:
    """Return what stands above the first column of each stage."""
    first: dict[Stage, int] = {}
    for node in flow.nodes:
        first[node.stage] = min(first.get(node.stage, ranks[node.key]), ranks[node.key])
    return [
        f'<text class="lineage-head" x="{left_of(column)}" y="{MARGIN + 18}">{escape(words.STAGES[stage](language))}</text>'
        for stage, column in first.items()
    ]


def line(edge: Edge, ranks: Mapping[str, int], places: Arranged) -> str:
    """Return the line of an edge, level through the columns that it passes."""
    begin, end = edge
    route = places.routes[edge]
    x, y = left_of(ranks[begin]) + NODE_WIDTH, middle_of(route[0])
    steps = [f"M{x} {y:.1f}"]
    for column, height in enumerate(route[1:], start=ranks[begin] + 1):
        left, down = left_of(column), middle_of(height)
        half = (x + left) / 2
        steps.append(f"C{half} {y:.1f} {half} {down:.1f} {left} {down:.1f}")
        x, y = left + NODE_WIDTH, down
        if column < ranks[end]:
            steps.append(f"H{x}")
    return f'<path class="lineage-edge" data-from={quoteattr(begin)} data-to={quoteattr(end)} d="{"".join(steps)}"/>'


def box(node: Node, column: int, height: float, supply: Supply, language: Language) -> str:
    """Return a node: its title, its state with glyph and word, and how much it holds."""
    age = age_of(node, supply)
    state, amount = state_text(age, language), amount_text(node, supply, language)
    said, title = f"{state} · {amount}", fitted(node.title(language))
    x, y = left_of(column), middle_of(height) - NODE_HEIGHT / 2
    told = quoteattr(f"{words.STAGES[node.stage](language)} {node.title(language)}, {state}, {amount}")
    kind = "none" if age is None else age.value
    return (
        f'<g class="lineage-node age-{kind} stage-{node.stage.value}" data-key={quoteattr(node.key)} '
        f'tabindex="0" role="button" aria-pressed="false" aria-label={told}>'
        f"<title>{escape(title_text(node, language))}</title>"
        f'<rect x="{x}" y="{y:.1f}" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" rx="4"/>'
        f'<text class="lineage-title" x="{x + 12}" y="{y + 20:.1f}"{squeezed(title, TITLE_PX)}>{escape(title)}</text>'
        f'<text class="lineage-state" x="{x + 12}" y="{y + 40:.1f}"{squeezed(said, STATE_PX)}>{escape(said)}</text></g>'
    )


def age_of(node: Node, supply: Supply) -> Age | None:
    """Return the gravest age among the sources that something rests on; None when it rests on none, or nothing can be known."""
    names = supply.lineage.sources_of(node.key)
    if node.unknowable and node.unknowable == node.members:
        return None
    return worst(tuple(age for age in supply.ages if age.key in names)) if names else None


def state_text(age: Age | None, language: Language) -> str:
    """Return a state as glyph and word."""
    return NOTHING if age is None else f"{AGE_GLYPH[age]} {AGE_TEXT[age](language)}"


def amount_text(node: Node, supply: Supply, language: Language) -> str:
    """Return how much a node holds: rows, metrics or panels."""
    if node.stage is Stage.SOURCE:
        batch = supply.newest_batch(node.name)
        return NOTHING if batch is None else counted(batch.read_count, words.LAST_ROW, words.LAST_ROWS, language)
    if node.stage in (Stage.CONTRACT, Stage.DERIVED):
        return counted(supply.row_counts[node.name], words.ROW, words.ROWS, language)
    if node.stage is Stage.SCREEN:
        return counted(len(node.members), words.PANEL_COUNT, words.PANELS_COUNT, language)
    if not node.members:
        return words.NO_METRIC(language)
    if node.unknowable:
        return words.KNOWABLE(language).format(len(node.members) - len(node.unknowable), len(node.members))
    return counted(len(node.members), words.METRIC_COUNT, words.METRICS_COUNT, language)


def counted(count: int, one: Text, many: Text, language: Language) -> str:
    """Return a count with what it counts."""
    return (one if count == 1 else many)(language).format(whole_number(count))


def title_text(node: Node, language: Language) -> str:
    """Return what is shown when one points at a node: its whole title, its name, and its metrics or panels."""
    members = "\n".join(node.members)
    return f"{node.title(language)} ({node.name})" + (f"\n{members}" if members else "")


def squeezed(said: str, size_px: float) -> str:
    """Return what keeps a line within its box, however long its words and numbers are."""
    is_long = width(said) * size_px > ROOM
    return f' textLength="{ROOM}" lengthAdjust="spacingAndGlyphs"' if is_long else ""


def fitted(title: str) -> str:
    """Return a title that fits into its box when it is squeezed a little."""
    room = SQUEEZE * ROOM / TITLE_PX
    if width(title) <= room:
        return title
    kept = ""
    for letter in title:
        room -= width(letter)
        if room < 1:
            break
        kept += letter
    return f"{kept.rstrip()}…"


def in_words(supply: Supply, language: Language) -> list[Any]:
    """Return the same as text: each thing, how it stands, what it rests on and what rests on it."""
    flow = supply.lineage
    named = {node.key: node.title(language) for node in flow.nodes}
    heads = (words.STAGE, words.WHAT, words.STATE, words.HOLDS, words.RESTS_ON, words.LEADS_TO)
    rows = [
        [
            words.STAGES[node.stage](language),
            node.title(language),
            state_text(age_of(node, supply), language),
            amount_text(node, supply, language),
            listed([named[key] for key in flow.before[node.key]], language) or NOTHING,
            listed([named[key] for key in flow.after[node.key]], language) or NOTHING,
        ]
        for node in flow.nodes
    ]
    table = grid([head(language) for head in heads], rows)
    left_out = dict.fromkeys(node.title(language) for node in flow.left_out)
    note = html.P(f"{words.LEFT_OUT(language)}{listed(list(left_out), language)}") if left_out else None
    return [note, html.Details([html.Summary(words.LINEAGE_TEXT(language)), table])]
