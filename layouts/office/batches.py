"""The newest batches: what each read brought, and what became of it."""

from typing import Any

from dash import html

from cockpit.numbers import NOTHING, whole_number
from cockpit.supply import BATCHES_EACH, BatchLine, Supply
from cockpit.text import Language, Text
from layouts.office import words
from layouts.office.sources import verbatim
from layouts.parts.moment import ago, moment
from layouts.parts.tables import grid


def batches_section(supply: Supply, language: Language) -> list[Any]:
    """Return the table of batches, newest first."""
    if not supply.batches:
        return [html.H2(words.BATCHES(language)), html.P(words.NO_BATCH(language))]
    heads = (
        words.TIME,
        words.SOURCE,
        words.FILE,
        words.STATE,
        words.READ,
        words.DUPLICATES,
        words.REFUSED,
        words.OPENED,
        words.CLOSED,
        words.TICK_COLUMN,
        words.SAYS,
    )
    note = f"{words.BATCHES_NOTE(language).format(BATCHES_EACH)} · {words.COUNTS_ARE_ROWS(language)}"
    rows = [row(batch, supply, language) for batch in supply.batches]
    return [
        html.H2(words.BATCHES(language)),
        html.P(note, className="office-note"),
        grid([head(language) for head in heads], rows, numbers=(4, 5, 6, 7, 8, 9), name="is-high"),
    ]


def row(batch: BatchLine, supply: Supply, language: Language) -> list[Any]:
    """Return one batch."""
    when = [
        html.Span(moment(supply.local_time(batch.finished_at)), className="when"),
        " · ",
        ago(batch.finished_at, supply.now, language),
    ]
    counts = (batch.read_count, batch.duplicate_count, batch.refused_count, batch.opened_count, batch.closed_count)
    return [
        html.Span(when),
        supply.title(batch.source)(language),
        html.Span(batch.origin or NOTHING, className="origin"),
        batch_state(batch, language),
        *(whole_number(count) for count in counts),
        words.UNCHANGED(language) if batch.tick is None else whole_number(batch.tick),
        verbatim(batch.message, language) if batch.message else NOTHING,
    ]


def batch_state(batch: BatchLine, language: Language) -> html.Span:
    """Return what became of a batch, with its glyph."""
    known = words.BATCH_STATE.get(batch.state, Text(batch.state, batch.state))
    return html.Span(known(language), className=f"batch-{batch.state}")
