"""When something can have happened: not before the site's date floor, not in the future, and told in time."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cockpit.ledger.tables import Column, Kind, Table
from etl.batch import Refusal
from etl.fields import DAY_S, note
from etl.instants import Seconds, to_utc


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The instants (UTC s) between which rows may have happened; None: no limit.

    `heard_at` is the site's clock when they came, against which they may be too late.
    """

    zone: ZoneInfo
    floor_at: float
    latest_at: int | None
    heard_at: int | None


def implausible(table: Table, rows: pd.DataFrame, limits: Limits, late_days: int | None) -> list[Refusal]:
    """Refuse what lies before the floor or in the future, and rows that come later than `late_days`, if that is given."""
    refusals: list[Refusal] = []
    for column in table.columns:
        if column.is_past or column.name == "event_at":
            begun_at = beginning(column, rows[column.name], limits.zone)
            note(refusals, column, rows[column.name], begun_at < limits.floor_at, "before_floor")
            if limits.latest_at is not None:
                note(refusals, column, rows[column.name], begun_at > limits.latest_at, "in_future")
    if table.placed_by is not None and limits.heard_at is not None and late_days is not None:
        column = table.column(table.placed_by)
        begun_at = beginning(column, rows[column.name], limits.zone)
        note(refusals, column, rows[column.name], begun_at < limits.heard_at - late_days * DAY_S, "late")
    return refusals


def beginning(column: Column, values: pd.Series, zone: ZoneInfo) -> Seconds:
    """Return when each instant, local day or local month began (UTC s), NaN where none is known."""
    if column.kind is Kind.MONTH:
        months = pd.to_datetime(values, format="%Y-%m").to_numpy("datetime64[s]")
        return to_utc(np.where(np.isnat(months), np.nan, months.astype(np.int64)), zone)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(np.float64)
    return to_utc(numbers * DAY_S, zone) if column.kind is Kind.DAY else numbers
