"""What the ledger knew before a read, which the rows that it brings are held against."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from cockpit.ledger.read import SourceState
from cockpit.ledger.store import Ledger
from cockpit.scope import UNKNOWN_TOWN


@dataclass(frozen=True, kw_only=True)
class Known:
    """What rows are held against.

    `towns` are the codes of the city's towns, `aliases` other codes that stand for one of them, or for `?`; `keys` the
    keys of the lists that other tables refer to. Of a source of which nothing was ever loaded (`is_first`) rows may be as
    old as they like. It may be `later_s` later, and `earlier_s` earlier, than the site's clock shows, which was set.
    """

    towns: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_first: bool = False
    later_s: int = 0
    earlier_s: int = 0


class Lists(Mapping[str, frozenset[str]]):
    """The current keys of every list of a ledger that has a key of one column, each read when it is first asked for.

    A city has more than a hundred thousand enterprises, and most reads bring no row that names one.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Remember where the lists are; none is read yet."""
        self.ledger = ledger
        self.read: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> frozenset[str]:
        """Return the keys that a list has."""
        if name not in self.read:
            if len(self.ledger.declared[name].key) != 1:
                raise KeyError(name)
            history = self.ledger.tables[name]
            key = history.c[self.ledger.declared[name].key[0]]
            with self.ledger.reading() as connection:
                self.read[name] = frozenset(connection.scalars(sa.select(key).where(history.c.known_to.is_(None))))
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        """Name the lists."""
        return (name for name, table in self.ledger.declared.items() if len(table.key) == 1)

    def __len__(self) -> int:
        """Count the lists."""
        return sum(1 for _ in self)


def known_to(ledger: Ledger, before: SourceState | None) -> Known:
    """Return what the ledger knows, for a source in a state."""
    town, alias = ledger.tables["town"].c, ledger.tables["town_alias"].c
    with ledger.reading() as connection:
        towns = frozenset(connection.scalars(sa.select(town.town_code).where(town.known_to.is_(None))))
        others = connection.execute(sa.select(alias.alias_code, alias.town_code).where(alias.known_to.is_(None))).all()
    aliases = {code: UNKNOWN_TOWN if stands_for is None else stands_for for code, stands_for in others}
    return Known(towns=towns, aliases=aliases, keys=Lists(ledger), is_first=before is None or before.loaded_at is None)
