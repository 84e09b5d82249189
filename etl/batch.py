"""A batch: what one read of one source brought, mapped and checked, ready to be loaded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cockpit.ledger.store import QUARANTINE, REFUSED_TOWN

LINE = "\0line"
"""Column of a raw frame that holds the line a row began on; no header can contain it."""


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

    `content` is the hash it is known by; `rows` holds a frame for each table, with the contract's
    columns; `refused` is a frame of quarantine rows; `cursor` is where the next read begins; `as_of`,
    of a source that keeps the site's clock, is the instant (UTC s) that it shows afterwards;
    `is_whole` says that it holds all that its origin has to say.
    """

    source: str
    content: str
    origin: str
    read_count: int
    duplicate_count: int
    rows: Mapping[str, pd.DataFrame]
    refused: pd.DataFrame
    cursor: Mapping[str, Any] = field(default_factory=dict)
    observed_at: int | None = None
    as_of: int | None = None
    is_whole: bool = False
    state: str = "ok"
    message: str = ""


def quarantine_rows(source: str, origin: str, into: str, raw: pd.DataFrame, refusals: list[Refusal]) -> pd.DataFrame:
    """Return refused rows as the quarantine keeps them, the row as it came among them."""
    came = raw.loc[[refusal.row for refusal in refusals]].to_dict("records")
    rows = [
        {
            "source": source,
            "origin": origin,
            "line": cells.pop(LINE),
            "into": into,
            "reason": refusal.reason,
            "field": refusal.field,
            "detail": refusal.detail,
            "raw": json.dumps(cells, ensure_ascii=False),
            "town": REFUSED_TOWN,
        }
        for refusal, cells in zip(refusals, came, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(QUARANTINE.names), dtype=object)
