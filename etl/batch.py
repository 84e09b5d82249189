"""A batch: what one read of one source brought, mapped and checked, ready to be loaded."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cockpit.ledger.store import QUARANTINE, REFUSED_TOWN

LINE = "\0line"
"""Column of a raw frame that holds the line a row began on, 0 where lines have no number; no header can contain it."""

Span = tuple[int | None, int | None]
"""From an instant (UTC s, included) to another (excluded); None: from the first, to the last."""

WHOLE_TABLE: Span = (None, None)


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What a source gave, as text: its rows, what was dropped or ragged, and the hash it is known by.

    `raw` has the declared columns and `LINE`; `ragged` are rows of the quarantine that had too few or too many cells.
    """

    origin: str
    content: str
    raw: pd.DataFrame
    ragged: pd.DataFrame
    read_count: int
    duplicate_count: int


@dataclass(frozen=True)
class Refusal:
    """Why a row was refused: the rule, the field that broke it, and the offending value."""

    row: int
    reason: str
    field: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One read of one source.

    `content` is the hash it is known by; `rows` holds a frame for each table, with the contract's columns; `refused` is a
    frame of quarantine rows; `deleted` holds, for each table, the keys (and revisions) of rows that the source says are
    gone; `complete` says of which tables and spans of `event_at` it lists every row, so that what is not in it is gone
    too, but for `spared` keys, those of refused rows; `cursor` is where the next read begins; `as_of`, of a source that
    keeps the site's clock, is the instant (UTC s) that it shows afterwards; `is_whole` says that it holds all that its
    origin has to say; `extract` is what it was made from, kept when it is held; `settled` are the keys of refused rows
    that it decides upon anew.
    """

    source: str
    content: str
    origin: str
    read_count: int
    duplicate_count: int
    rows: Mapping[str, pd.DataFrame]
    refused: pd.DataFrame
    deleted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    complete: Mapping[str, Span] = field(default_factory=dict)
    spared: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    observed_at: int | None = None
    as_of: int | None = None
    is_whole: bool = False
    state: str = "ok"
    message: str = ""
    extract: Extract | None = None
    settled: pd.DataFrame | None = None


def quarantine_rows(
    source: str, origin: str, *, into: str, raw: pd.DataFrame, refusals: list[Refusal], claimed_at: Mapping[int, int]
) -> pd.DataFrame:
    """Return refused rows as the quarantine keeps them, the row as it came among them, each once.

    `claimed_at` gives the instant (UTC s) that a refused row, by its place in `raw`, says it happened.
    """
    came = raw.loc[[refusal.row for refusal in refusals]].to_dict("records")
    rows = [
        {
            "source": source,
            "into": into,
            "digest": digest(cells),
            "origin": origin,
            "line": cells.pop(LINE),
            "reason": refusal.reason,
            "field": refusal.field,
            "detail": refusal.detail,
            "raw": json.dumps(cells, ensure_ascii=False),
            "claimed_at": claimed_at.get(refusal.row),
            "town": REFUSED_TOWN,
        }
        for refusal, cells in zip(refusals, came, strict=True)
    ]
    index = [refusal.row for refusal in refusals]
    return pd.DataFrame(rows, index, list(QUARANTINE.names), dtype=object).drop_duplicates(list(QUARANTINE.key))


def digest(cells: Mapping[Any, Any]) -> str:
    """Return what a refused row is known by, wherever it stood: a hash of its cells."""
    told = json.dumps({name: value for name, value in cells.items() if name != LINE}, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
