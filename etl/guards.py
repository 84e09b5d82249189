"""Spike guards: what a batch can look like that no department means, however well each of its rows is formed."""

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.ledger.store import Ledger
from cockpit.site import SourceConfig
from etl.batch import Batch
from etl.catalogue import contracts

FEWEST_ROWS = 20
"""Of fewer rows no share is worth an alarm. [DEF]"""

COMPARED_BATCHES = 8
"""How many earlier reads of whole files a row count is held against. [DEF]"""

AMOUNTS = ("integer", "real", "money", "scaled")
"""Kinds of column that can be all zero by mistake."""


def objection(connection: sa.Connection, ledger: Ledger, source: SourceConfig, batch: Batch) -> str | None:
    """Return why a person should look at a batch before it is loaded, in one sentence, or None."""
    guards = source.guards
    found = (
        known_again(connection, ledger, batch) if guards.again else None,
        too_many_refused(batch, guards.refused_share),
        too_few_rows(connection, ledger, batch, guards.drop_share),
        all_zero(connection, ledger, source, batch) if guards.zeros else None,
    )
    return next((f"{batch.origin}: {reason}" for reason in found if reason), None)


def too_many_refused(batch: Batch, limit: float) -> str | None:
    """Object to a share of refused rows that speaks of another format rather than of single errors."""
    rows = batch.read_count
    share = len(batch.refused) / rows if rows else 0.0
    if rows < FEWEST_ROWS or share <= limit:
        return None
    reasons = batch.refused.groupby(["field", "reason"]).size().sort_values(ascending=False)
    field, reason = reasons.index[0]
    return (
        f"{len(batch.refused)} of {rows} rows were refused ({share:.0%}, limit {limit:.0%}), most for {field or 'length'}: "
        f"{reason}; was a column or a unit changed? Adapt site.toml, deliver it again, or release it"
    )


def too_few_rows(connection: sa.Connection, ledger: Ledger, batch: Batch, limit: float) -> str | None:
    """Object to a file that holds far fewer rows than its kind does."""
    if not batch.is_whole:
        return None
    usual = usual_count(connection, ledger, batch)
    if usual < FEWEST_ROWS or batch.read_count >= (1 - limit) * usual:
        return None
    return (
        f"{batch.read_count} rows came where {usual:.0f} are usual (-{1 - batch.read_count / usual:.0%}, limit -{limit:.0%}); "
        "is it complete? Deliver it again, or release it"
    )


def usual_count(connection: sa.Connection, ledger: Ledger, batch: Batch) -> float:
    """Return how many rows the same file had, or the median of the last files of its source."""
    books = ledger.batches.c
    counts = sa.select(books.read_count).where(books.source == batch.source, books.state == "loaded", books.read_count > 0)
    counts = counts.order_by(books.id.desc())
    same = connection.scalars(counts.where(books.origin == batch.origin).limit(1)).first()
    if same is not None:
        return float(same)
    others = connection.scalars(counts.limit(COMPARED_BATCHES)).all()
    return float(np.median(others)) if len(others) >= COMPARED_BATCHES // 2 else 0.0


def all_zero(connection: sa.Connection, ledger: Ledger, source: SourceConfig, batch: Batch) -> str | None:
    """Object to a column of numbers that is zero in every row, though it was not before."""
    for read in source.reads:
        table, rows = contracts()[read.table], batch.rows.get(read.table, pd.DataFrame())
        told = [c.name for c in table.columns if c.kind.value in AMOUNTS and c.name != "rev" and c.name in read.fields]
        for name in told if len(rows) >= FEWEST_ROWS else ():
            values = rows[name].dropna()
            if len(values) < FEWEST_ROWS or (values != 0).any():
                continue
            history = ledger.tables[read.table]
            was_something = sa.select(history.c.id).where(history.c[name] != 0, history.c.known_to.is_(None)).limit(1)
            if connection.scalars(was_something).first() is not None:
                return f"{read.table}.{name} is 0 in all {len(values)} rows; deliver it again, or release it"
    return None


def known_again(connection: sa.Connection, ledger: Ledger, batch: Batch) -> str | None:
    """Object to the very content of another file: somebody sent yesterday's again."""
    books = ledger.batches.c
    if not batch.is_whole or not batch.read_count:
        return None
    loaded = sa.select(books.origin).where(
        books.source == batch.source, books.content == batch.content, books.state == "loaded", books.origin != batch.origin
    )
    other = connection.scalars(loaded.order_by(books.id.desc()).limit(1)).first()
    return f"it is {other} again under another name; deliver the right file, or release it" if other is not None else None
