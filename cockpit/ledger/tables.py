"""How a table is declared, and how a declared table stands in the store.

A declaration says what each column means; the store adds `id`, `known_from` and `known_to`, so that
every state of knowledge stays readable: a row was known at tick N when `known_from <= N < known_to`
(`known_to` empty: still known). A version with `known_from = known_to` was never current.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from cockpit.text import Text


class Kind(StrEnum):
    """What a value is; how it is stored follows from it."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    MONEY = "money"  # integer 分; never a float, whose sums depend on their order
    SCALED = "scaled"  # integer ten-thousandths: unit prices, quantities, rates
    INSTANT = "instant"  # integer UTC seconds, so that a difference is portable SQL
    LOCAL = "local"  # the site's wall clock as seconds since 1970-01-01 00:00 of that same clock
    DAY = "day"  # a calendar day as integer days since 1970-01-01
    MONTH = "month"  # a calendar month as text, 2026-04
    JSON = "json"  # text that is JSON
    TOWN = "town"  # a town code of the site, `?` when the record names none


NUMBERS = (Kind.INTEGER, Kind.REAL, Kind.MONEY, Kind.SCALED)
"""Kinds that mean nothing without their unit."""


class Pii(StrEnum):
    """What a column says of a natural person (个人信息保护法, articles 4 and 28)."""

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"  # health, identity, whereabouts: what is shown of it only masked, and for a reason


class Check(StrEnum):
    """A rule that no pattern can say; its function stands in `etl/words.py`."""

    ENTERPRISE_ID = "enterprise_id"  # 统一社会信用代码 with the check digit of GB 32100, or P and 15 digits or letters


TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text is compared and sorted by its bytes on every store, whatever the language of a server."""

SQL_TYPES: dict[Kind, sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]] = {
    Kind.TEXT: TEXT,
    Kind.INTEGER: sa.BigInteger,
    Kind.REAL: sa.Double,
    Kind.BOOLEAN: sa.Boolean,
    Kind.MONEY: sa.BigInteger,
    Kind.SCALED: sa.BigInteger,
    Kind.INSTANT: sa.BigInteger,
    Kind.LOCAL: sa.BigInteger,
    Kind.DAY: sa.BigInteger,
    Kind.MONTH: TEXT,
    Kind.JSON: TEXT,
    Kind.TOWN: TEXT,
}


@dataclass(frozen=True)
class Column:
    """One column: its kind, its meaning, and what a value must be to be accepted.

    `unit` is that of the stored value, "1" for what is counted or ranked; `bounds` are in it. `pattern` is what a whole
    text must match; `references` names the list that must have a row of this key, where the site feeds that list. What
    `is_past` (an instant, a day, a month) lies neither before the site's date floor nor in the future; `event_at` always is.
    A column that does not say how personal it is, is as personal as its table's rows.
    """

    name: str
    kind: Kind
    meaning: Text
    required: bool = False
    allowed: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    unit: str = ""
    pii: Pii | None = None
    pattern: str | None = None
    references: str | None = None
    check: Check | None = None
    is_past: bool = False


REV = Column("rev", Kind.INTEGER, Text("修订号", "Revision; the highest is current"), unit="1", pii=Pii.NONE)
EVENT_LOCAL = Column("event_local", Kind.LOCAL, Text("当地时刻", "The same instant on the site's wall clock"), required=True)
"""Columns that every table of revised rows, or of rows that happened, has."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One versioned table.

    `by` names the columns whose touched values decide what is derived again; each is indexed.
    `town` is the column that a scope filters; a table without one can only be read city-wide, but for one that `is_common`:
    it speaks of no town, as a calendar does.
    A table with a `rev` column keeps late revisions as versions that were never current. Rows that come more than
    `late_days` after they happened are refused. `pii` is how personal its rows are; until somebody has decided, sensitive.
    """

    name: str
    title: Text
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    by: tuple[str, ...] = ()
    town: str | None = None
    is_common: bool = False
    late_days: int | None = None
    pii: Pii | None = None

    def __post_init__(self) -> None:
        """Let each column that does not say how personal it is be as personal as the rows."""
        usual = self.pii or Pii.SENSITIVE
        object.__setattr__(self, "columns", tuple(replace(c, pii=c.pii or usual) for c in self.columns))

    @property
    def names(self) -> tuple[str, ...]:
        """The declared column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def is_revised(self) -> bool:
        """Whether its rows carry a revision number."""
        return "rev" in self.names

    @property
    def placed_by(self) -> str | None:
        """The column that says when a row happened, if there is one: how late it comes is counted from there."""
        past = [column.name for column in self.columns if column.name == "event_at" or column.is_past]
        return "event_at" if "event_at" in past else next(iter(past), None)

    @property
    def is_city_wide(self) -> bool:
        """Whether only the whole city may read it: it names no town, and is nothing that every town may read."""
        return self.town is None and not self.is_common

    def column(self, name: str) -> Column:
        """Return a declared column by name."""
        return next(column for column in self.columns if column.name == name)


def history(table: Table, metadata: sa.MetaData) -> sa.Table:
    """Return the table as it stands in the store, every version of every row.

    There is no plain index on `known_to`: open rows would all be one value of it.
    """
    columns = [sa.Column(c.name, SQL_TYPES[c.kind], nullable=c.name not in table.key) for c in table.columns]
    built = sa.Table(
        table.name,
        metadata,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *columns,
        sa.Column("known_from", sa.BigInteger, nullable=False),
        sa.Column("known_to", sa.BigInteger),
    )
    is_open, is_closed = built.c.known_to.is_(None), built.c.known_to.is_not(None)
    sa.Index(
        f"{table.name}_current", *(built.c[k] for k in table.key), unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    sa.Index(f"{table.name}_opened", built.c.known_from)
    sa.Index(f"{table.name}_closed", built.c.known_to, sqlite_where=is_closed, postgresql_where=is_closed)
    newest = [built.c.event_at] if "event_at" in built.c else []
    for name in table.by:
        sa.Index(f"{table.name}_by_{name}", built.c[name], built.c.known_to, *newest)
    if table.is_revised:
        sa.Index(f"{table.name}_versions", *(built.c[k] for k in table.key), built.c.rev)
    return built


TEMPORARY: dict[str, Any] = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DELETE ROWS"}
"""How the tables are made that a session fills and empties; nobody but the commit vacuums a temporary table of PostgreSQL."""


@cache
def stage(table: Table) -> sa.Table:
    """Return the temporary table that a merge fills; its primary key is the declared key, in its order, and the revision.

    One object a table, so that SQLAlchemy compiles each statement of a merge once and not in every batch.
    """
    key = (*table.key, "rev") if table.is_revised else table.key
    columns = [sa.Column(c.name, SQL_TYPES[c.kind]) for c in table.columns]
    return sa.Table(f"stage_{table.name}", sa.MetaData(), *columns, sa.PrimaryKeyConstraint(*key), **TEMPORARY)


@cache
def listing(label: str, table: Table, names: tuple[str, ...]) -> sa.Table:
    """Return a temporary table that lists values of some columns of a table, each once."""
    columns = [sa.Column(name, SQL_TYPES[table.column(name).kind], primary_key=True) for name in names]
    return sa.Table("_".join((label, table.name, *names)), sa.MetaData(), *columns, **TEMPORARY)


def by_name(tables: Iterable[Table]) -> dict[str, Table]:
    """Return the tables by name; a name may stand only once."""
    found: dict[str, Table] = {}
    for table in tables:
        if found.get(table.name, table) is not table:
            raise ValueError(f"two tables are named {table.name}")
        found[table.name] = table
    return found
