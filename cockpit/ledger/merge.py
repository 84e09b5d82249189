"""The one primitive that writes versioned rows.

Rows go to a stage whose primary key is the table's key, and every look-up runs from the stage to the
history, so that the cost follows what was touched and not what is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Table, stage

Rows = pd.DataFrame | sa.Select[Any]


@dataclass(frozen=True)
class Delta:
    """What one merge changed: how many versions it opened and closed at its tick."""

    table: str
    tick: int
    opened_count: int
    closed_count: int

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return self.opened_count + self.closed_count > 0


def merge(
    connection: sa.Connection, ledger: Ledger, name: str, rows: Rows, *, tick: int, within: Mapping[str, Rows] | None = None
) -> Delta:
    """Make `rows` the current rows of a table at `tick`, and close what they replace.

    `within` maps one column to the values that `rows` lists completely: current rows with such a
    value that `rows` does not name are closed. Rows equal to the current ones write nothing. In a
    table with revisions a row whose `rev` is below the newest known one is kept as a version that
    was never current.
    """
    table, current = ledger.declared[name], ledger.tables[name]
    staged = stage(table, sa.MetaData())
    with temporary(connection, staged):
        fill(connection, staged, table.names, rows)
        for column, values in (within or {}).items():
            close_vanished(connection, table, current, staged, tick, column, values)
        drop_unchanged(connection, table, current, staged)
        if table.is_revised:
            keep_outdated(connection, table, current, staged, tick)
        close_replaced(connection, table, current, staged, tick)
        insert(connection, table, current, sa.select(staged), tick, known_to=None)
    return delta(connection, current, tick)


class temporary:  # noqa: N801 a context manager, named like one
    """A temporary table that exists inside the block."""

    def __init__(self, connection: sa.Connection, table: sa.Table) -> None:
        """Remember what to create."""
        self.connection, self.table = connection, table

    def __enter__(self) -> sa.Table:
        """Create the table."""
        self.table.create(self.connection)
        return self.table

    def __exit__(self, *_: object) -> None:
        """Drop it, also after an error: the connection goes back to the pool."""
        self.table.drop(self.connection)


def fill(connection: sa.Connection, staged: sa.Table, names: Sequence[str], rows: Rows) -> None:
    """Put rows, a frame or a SELECT, into a temporary table."""
    if isinstance(rows, sa.Select):
        connection.execute(staged.insert().from_select(list(names), rows))
        return
    if len(rows):
        connection.execute(staged.insert(), records(rows, names))


def records(frame: pd.DataFrame, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return a frame as plain records, every missing value as None."""
    plain = {name: [None if gone else value for value, gone in pairs(frame[name])] for name in names}
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]


def pairs(series: pd.Series) -> Iterable[tuple[Any, bool]]:
    """Return each value as a Python object with whether it is missing."""
    return zip(series.tolist(), series.isna().tolist(), strict=True)


def same_key(table: Table, left: sa.FromClause, right: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that two rows share the declared key."""
    return sa.and_(*(left.c[k] == right.c[k] for k in table.key))


def same_row(table: Table, left: sa.FromClause, right: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that two rows agree in every declared column."""
    rest = [left.c[name].is_not_distinct_from(right.c[name]) for name in table.names if name not in table.key]
    return sa.and_(same_key(table, left, right), *rest)


def close_vanished(
    connection: sa.Connection, table: Table, current: sa.Table, staged: sa.Table, tick: int, column: str, values: Rows
) -> None:
    """Close the current rows of the listed values that the stage does not name."""
    listed = sa.Table("stage_within", sa.MetaData(), sa.Column("value", current.c[column].type), prefixes=["TEMPORARY"])
    with temporary(connection, listed):
        fill(connection, listed, ["value"], values)
        named = sa.exists().where(same_key(table, staged, current))
        gone = (
            sa.select(current.c.id)
            .join_from(listed, current, sa.and_(current.c[column] == listed.c.value, current.c.known_to.is_(None)))
            .where(~named)
        )
        connection.execute(current.update().where(current.c.id.in_(gone)).values(known_to=tick))


def drop_unchanged(connection: sa.Connection, table: Table, current: sa.Table, staged: sa.Table) -> None:
    """Take from the stage what the current rows say already."""
    known = sa.exists().where(same_row(table, current, staged), current.c.known_to.is_(None))
    connection.execute(staged.delete().where(known))


def keep_outdated(connection: sa.Connection, table: Table, current: sa.Table, staged: sa.Table, tick: int) -> None:
    """Move staged rows older than the newest revision into the history, each version once."""
    other = staged.alias("newer")
    newer_known = sa.exists().where(
        same_key(table, current, staged), current.c.known_to.is_(None), current.c.rev > staged.c.rev
    )
    newer_staged = sa.exists().where(same_key(table, other, staged), other.c.rev > staged.c.rev)
    outdated = sa.or_(newer_known, newer_staged)
    kept = sa.exists().where(same_row(table, current, staged))
    insert(connection, table, current, sa.select(staged).where(outdated, ~kept), tick, known_to=tick)
    connection.execute(staged.delete().where(newer_known))
    # Rows of one key stand in the stage by revision; the newest stays.
    newest = sa.select(sa.func.max(other.c.rev)).where(same_key(table, other, staged)).scalar_subquery()
    connection.execute(staged.delete().where(staged.c.rev < newest))


def close_replaced(connection: sa.Connection, table: Table, current: sa.Table, staged: sa.Table, tick: int) -> None:
    """Close the current rows that the stage replaces."""
    same = sa.and_(same_key(table, current, staged), current.c.known_to.is_(None))
    replaced = sa.select(current.c.id).join_from(staged, current, same)
    connection.execute(current.update().where(current.c.id.in_(replaced)).values(known_to=tick))


def insert(
    connection: sa.Connection, table: Table, current: sa.Table, rows: sa.Select[Any], tick: int, known_to: int | None
) -> None:
    """Append rows to the history as versions opened at `tick`."""
    listed = rows.subquery()
    known = [sa.literal(tick, sa.BigInteger), sa.literal(known_to, sa.BigInteger)]
    chosen = sa.select(*(listed.c[name] for name in table.names), *known)
    connection.execute(current.insert().from_select([*table.names, "known_from", "known_to"], chosen))


def delta(connection: sa.Connection, current: sa.Table, tick: int) -> Delta:
    """Count what a tick opened and closed; drivers' row counts are not to be trusted for INSERT … SELECT."""
    opened = sa.select(sa.func.count()).where(current.c.known_from == tick)
    closed = sa.select(sa.func.count()).where(current.c.known_to == tick, current.c.known_from < tick)
    return Delta(current.name, tick, connection.scalars(opened).one(), connection.scalars(closed).one())
