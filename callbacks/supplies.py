"""What the page of data shows, computed once per state for everybody who looks, and drawn once per language."""

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from callbacks.board import Board
from cockpit.freshness import source_ages
from cockpit.ledger.books import (
    Counts,
    held_batches,
    intakes,
    newest_batches,
    refused_groups,
    refused_rows,
    row_counts,
)
from cockpit.ledger.read import newest_tick_number, source_states
from cockpit.ledger.store import QUARANTINE
from cockpit.lineage import Declared, Stage, lineage
from cockpit.masking import shown_row
from cockpit.supply import BATCHES_EACH, Intake, RefusedGroup, RefusedRow, Supply, batch_line
from cockpit.text import Language
from layouts.office.data import sections
from layouts.office.lineage import drawing

LOOK_AGAIN_S = 3.0
"""How long what was found is shown to everybody before the books are opened again."""

INTAKE_DAYS = 28
INTAKE_AGAIN_S = 60.0
"""How long the sums of 28 days stand: they change slowly, and read many books."""

MOST_ROWS = 50
DAY_S = 86_400


@dataclass(frozen=True)
class Told:
    """The page drawn in one language: its changing parts as JSON, the drawing in them, and the hash they are known by."""

    body: bytes
    etag: str


class Supplies:
    """Opens the books when somebody looks, and no more often than every few seconds however many do. Nothing here writes."""

    def __init__(self, board: Board, declared: Declared) -> None:
        """Remember the board and what the house declares; the books are opened at the first look."""
        self.board, self.declared = board, declared
        self.flow = lineage(board.site, declared)
        named = {**declared.tables, QUARANTINE.name: QUARANTINE}
        self.titles = {name: table.title for name, table in named.items()}
        self.lock = asyncio.Lock()
        self.supply: Supply | None = None
        self.looked_at = 0.0
        self.counts: Counts | None = None
        self.sums: tuple[float, dict[str, Intake]] | None = None
        self.drawn: dict[Language, tuple[Supply, Told]] = {}

    async def newest(self) -> Supply:
        """Return what is known now, or was a few seconds ago."""
        async with self.lock:
            if self.supply is None or time.monotonic() - self.looked_at > LOOK_AGAIN_S:
                self.supply = await self.board.in_pool(self.look)
                self.looked_at = time.monotonic()
            return self.supply

    def forget(self) -> None:
        """Let the next look open the books: something was submitted."""
        self.looked_at = float("-inf")

    async def told(self, language: Language) -> Told:
        """Return the page drawn in a language, once for everybody."""
        supply = await self.newest()
        known = self.drawn.get(language)
        if known is None or known[0] is not supply:
            known = self.drawn[language] = (supply, await self.board.in_pool(draw, supply, language))
        return known[1]

    def look(self) -> Supply:
        """Open the books."""
        board, now = self.board, time.time()
        with board.ledger.reading() as connection:
            tick = newest_tick_number(connection, board.ledger)
            ages = source_ages(board.site, source_states(connection, board.ledger), now)
            batches = newest_batches(connection, board.ledger, [source.key for source in board.site.sources], BATCHES_EACH)
            held = held_batches(connection, board.ledger)
            groups = refused_groups(connection, board.ledger)
            if self.sums is None or not 0 <= now - self.sums[0] < INTAKE_AGAIN_S:
                found = intakes(connection, board.ledger, now - INTAKE_DAYS * DAY_S)
                self.sums = (now, {source: Intake(*counts) for source, counts in found.items()})
            names = sorted({node.name for node in self.flow.nodes if node.stage in (Stage.CONTRACT, Stage.DERIVED)})
            self.counts = row_counts(connection, board.ledger, names, tick, self.counts)
        return Supply(
            site=board.site,
            now=now,
            tick=tick,
            heard_at=board.current.heard_at() if tick else None,
            ages=ages,
            batches=tuple(map(batch_line, batches)),
            held=tuple(map(batch_line, held)),
            intakes=self.sums[1],
            groups=tuple(RefusedGroup(*group) for group in groups),
            row_counts=self.counts.rows,
            table_titles=self.titles,
            lineage=self.flow,
            local_time=board.current.local_time,
        )

    def refused(self, group: RefusedGroup) -> tuple[RefusedRow, ...]:
        """Return the newest refused rows of a group as a person may see them."""
        ledger, site = self.board.ledger, self.board.site
        source = next((source for source in site.sources if source.key == group.source), None)
        with ledger.reading() as connection:
            rows = refused_rows(connection, ledger, source=group.source, into=group.into, reason=group.reason, limit=MOST_ROWS)
        return tuple(shown_row(row, source, self.declared.tables) for row in rows)


def draw(supply: Supply, language: Language) -> Told:
    """Draw the page and encode it."""
    parts = {name: encoded(children) for name, children in sections(supply, language).items()}
    listed = ",".join(f"{json.dumps(name)}:{children}" for name, children in parts.items())
    body = f'{{"sections":{{{listed}}},"drawing":{json.dumps(drawing(supply, language), ensure_ascii=False)}}}'.encode()
    return Told(body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def encoded(children: Any) -> str:
    """Return components as Dash sends them to the browser."""
    return json.dumps(children, cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"))
