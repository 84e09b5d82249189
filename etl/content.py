"""What the reads of one source say together: rows that agree, rows that contradict each other, and rows that are gone."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cockpit.ledger.tables import Table
from etl.batch import Refusal


@dataclass(frozen=True)
class Mapped:
    """The rows of one table, by the row of the source they came from, the refusals, and what is said to be gone.

    `claimed` are the refused rows as far as they could be read.
    """

    rows: pd.DataFrame
    refusals: list[Refusal]
    deleted: pd.DataFrame
    claimed: pd.DataFrame


@dataclass(frozen=True)
class Content:
    """What a source says: the rows of each table, what is gone, all refused rows, and how many rows only say it again.

    `complete` are the tables and spans that it lists whole; `spared` the keys of refused rows, of which nobody
    knows whether they are gone.
    """

    rows: dict[str, pd.DataFrame]
    refused: pd.DataFrame
    duplicate_count: int
    deleted: dict[str, pd.DataFrame] = field(default_factory=dict)
    spared: dict[str, pd.DataFrame] = field(default_factory=dict)


def agreed(table: Table, parts: list[Mapped]) -> tuple[pd.DataFrame, list[Refusal]]:
    """Return the rows of a table that several reads agree on, and every refusal, one a row of the source."""
    together = pd.concat([part.rows for part in parts]) if len(parts) > 1 else parts[0].rows
    key = [*table.key, "rev"] if table.is_revised else [*table.key]
    shares_key = together.duplicated(subset=key, keep=False)  # rows can only be equal, or differ, where their keys are
    conflicts: list[Refusal] = []
    if shares_key.any():
        twins = together[shares_key]
        is_again = twins.duplicated()
        conflicts = conflicting(table, twins[~is_again], key)
        keeps = np.ones(len(together), np.bool_)
        keeps[shares_key.to_numpy()] = ~is_again.to_numpy()
        together = together[keeps]
    first = {r.row: r for r in reversed([*(r for part in parts for r in part.refusals), *conflicts])}
    return without(together, [conflict.row for conflict in conflicts]), [first[row] for row in sorted(first)]


def without(rows: pd.DataFrame, which: list[int]) -> pd.DataFrame:
    """Return rows but for some, known by the row of the source they came from."""
    return rows.drop(index=which) if which else rows


def conflicting(table: Table, rows: pd.DataFrame, key: list[str]) -> list[Refusal]:
    """Refuse rows that share key and revision but differ: none of them can be known to be right."""
    twice = rows[rows.duplicated(subset=key, keep=False)]
    values = zip(twice.index.tolist(), twice[table.key[0]].tolist(), strict=True)
    return [Refusal(row, "conflict", table.key[0], str(value)) for row, value in values]


def claims(table: Table, parts: list[Mapped], refusals: list[Refusal]) -> pd.DataFrame:
    """Return the refused rows of a table as far as they could be read, conflicting ones among them."""
    refused = {refusal.row for refusal in refusals}
    read = [part.claimed for part in parts] + [part.rows[part.rows.index.isin(refused)] for part in parts]
    together = pd.concat([some for some in read if len(some)] or [pd.DataFrame(columns=list(table.names), dtype=object)])
    return together[~together.index.duplicated()]


def claimed_instants(claimed: pd.DataFrame) -> dict[int, int]:
    """Return when refused rows say that they happened, by the row of the source."""
    if "event_at" not in claimed:
        return {}
    known = claimed["event_at"].dropna()
    return dict(zip(known.index.tolist(), known.tolist(), strict=True))


def outlived(table: Table, rows: pd.DataFrame, deleted: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the same read does not take back in the same revision: what is said last is that it is gone."""
    if deleted.empty or rows.empty:
        return rows
    names = [*table.key, "rev"] if table.is_revised else [*table.key]
    return rows[~pd.MultiIndex.from_frame(rows[names]).isin(pd.MultiIndex.from_frame(deleted[names]))]
