"""How the sources stood at a past instant, by the book of stretches.

The book has one row for each stretch in which a source stood the same, be it weeks: heard again and again and never late in
between, or not heard at all. So a state is known as it was then; how many seconds ago a source was heard is kept only where
it had not been heard for long.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from cockpit.ledger.read import SourceState
from cockpit.ledger.store import Ledger

TICKS_WITHIN_S = 90
"""A tick comes every 60 s while the schedule lives, and later while it is busy; with none for so long it did not. [DEF]"""


def source_states_at(connection: sa.Connection, ledger: Ledger, keys: Iterable[str], instant: float) -> dict[str, SourceState]:
    """Return the state of every source of these that had been tried by an instant (UTC s), by its key."""
    found = {key: state_at(connection, ledger, key, instant) for key in keys}
    return {key: state for key, state in found.items() if state is not None}


def state_at(connection: sa.Connection, ledger: Ledger, key: str, instant: float) -> SourceState | None:
    """Return how a source stood at an instant (UTC s), if it had been tried by then."""
    stretches = ledger.stretches.c
    told = sa.select(ledger.stretches).where(stretches.source == key, stretches.began_at <= instant)
    row = connection.execute(told.order_by(stretches.began_at.desc(), stretches.id.desc()).limit(1)).first()
    if row is None:
        return before_the_book(connection, ledger, key, instant)
    is_between = row.loaded_at is not None and row.first_loaded_at <= instant <= row.loaded_at
    loaded_at = instant if is_between else row.loaded_at
    return SourceState(key, row.began_at, loaded_at, row.observed_at, {}, row.state, row.message)


def before_the_book(connection: sa.Connection, ledger: Ledger, key: str, instant: float) -> SourceState | None:
    """Return how a source stood before there was a book of stretches: once it had brought something, heard while ticks came.

    Batches that brought nothing and reads that failed were not written down then, and are not made up.
    """
    loaded_at = newest(connection, ledger.batches.c, instant, ledger.batches.c.source == key, ledger.batches.c.state != "held")
    if loaded_at is None:
        return None
    ticks = ledger.ticks.c
    ticked = sa.select(ticks.committed_at).where(ticks.committed_at <= instant).order_by(ticks.number.desc()).limit(1)
    ticked_at = connection.scalars(ticked).first() or loaded_at
    heard_at = max(loaded_at, instant if instant - ticked_at <= TICKS_WITHIN_S else ticked_at)
    return SourceState(key, heard_at, heard_at, None, {}, "ok", "")


def newest(connection: sa.Connection, books: Any, instant: float, *which: sa.ColumnElement[bool]) -> float | None:
    """Return when the newest batch of some was finished (UTC s), of those that were by an instant."""
    query = sa.select(books.finished_at).where(books.finished_at <= instant, *which).order_by(books.id.desc()).limit(1)
    return connection.scalars(query).first()
