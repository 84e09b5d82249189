"""What the ledger knew before a read, which the rows that it brings are held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from cockpit.ledger.read import SourceState
from cockpit.ledger.store import Ledger


@dataclass(frozen=True, kw_only=True)
class Known:
    """What rows are held against.

    `towns` are the codes of the city's towns, `aliases` other codes that stand for one of them; `keys` the keys of the
    lists that other tables refer to. Of a source of which nothing was ever loaded (`is_first`) rows may be as old as they like.
    """

    towns: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_first: bool = False


def known_to(ledger: Ledger, before: SourceState | None) -> Known:
    """Return what the ledger knows, for a source in a state."""
    town = ledger.tables["town"]
    with ledger.reading() as connection:
        towns = frozenset(connection.scalars(sa.select(town.c.town_code).where(town.c.known_to.is_(None))))
    return Known(towns=towns, is_first=before is None or before.loaded_at is None)
