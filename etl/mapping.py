"""From the columns of a source to the rows of a contract, as `site.toml` says; every refusal has a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from cockpit.ledger.store import QUARANTINE
from cockpit.ledger.tables import Column, Table
from cockpit.site import Read, Site, SourceConfig
from etl.batch import LINE, WHOLE_TABLE, Batch, Extract, Refusal, Span, quarantine_rows
from etl.catalogue import contracts
from etl.content import Content, Mapped, agreed, claimed_instants, claims, outlived, without
from etl.fields import Fields
from etl.known import Known
from etl.plausible import Limits, implausible

FUTURE_TOLERANCE_S = 3600
"""How far a source's clock may run ahead before its events are refused. [DEF]"""


@dataclass(frozen=True)
class Mapper:
    """Maps raw frames of one source. `latest_at` is the newest instant (UTC s) that can be true, if any.

    `heard_at` is the site's clock (UTC s) against which rows may be too late; None: no row is. Reasons that are `waived`,
    by a person, refuse nothing.
    """

    site: Site
    source: SourceConfig
    known: Known
    latest_at: int | None = None
    heard_at: int | None = None
    waived: frozenset[str] = frozenset()

    def content(self, raw: pd.DataFrame, origin: str) -> Content:
        """Map rows of the source into the rows of each table it feeds; rows of one key that differ are all refused."""
        if raw.empty:
            return self.no_content()
        parts: dict[str, list[Mapped]] = {}
        asked: set[int] = set()
        for read in self.source.reads:
            some = raw[raw[read.unless_missing] != ""] if read.unless_missing else raw
            asked.update(some.index.tolist())
            parts.setdefault(read.table, []).append(self.table_rows(read, contracts()[read.table], some))
        found = Content({}, pd.DataFrame(), 0)
        refused: list[pd.DataFrame] = []
        told: set[int] = set()
        for name, mapped in parts.items():
            table = contracts()[name]
            kept, refusals = agreed(table, mapped)
            claimed = claims(table, mapped, refusals)
            lines = quarantine_rows(
                self.source.key, origin, into=name, raw=raw, refusals=refusals, claimed_at=claimed_instants(claimed)
            )
            refused.append(lines)
            deleted = pd.concat([part.deleted for part in mapped])
            told.update(kept.index.tolist(), deleted.index.tolist(), lines.index.tolist())
            found.rows[name] = outlived(table, kept, deleted).reset_index(drop=True)
            found.deleted[name] = deleted.drop_duplicates().reset_index(drop=True)
            found.spared[name] = claimed[list(table.key)].reset_index(drop=True)
        return Content(found.rows, pd.concat(refused, ignore_index=True), len(asked - told), found.deleted, found.spared)

    def no_content(self) -> Content:
        """Return what no rows say, at no cost: a source that is asked every few seconds mostly has nothing new."""
        empty = {
            t: pd.DataFrame(columns=list(contracts()[t].names), dtype=object) for t in (r.table for r in self.source.reads)
        }
        return Content(empty, pd.DataFrame(columns=list(QUARANTINE.names), dtype=object), 0)

    def table_rows(self, read: Read, table: Table, raw: pd.DataFrame) -> Mapped:
        """Map one read of the source into rows of its table; the first reason found speaks for a refused row."""
        gone = self.deletions(read, table, raw)
        raw = raw.drop(index=gone.index)
        refusals: list[Refusal] = []
        columns: dict[str, pd.Series] = {}
        for column in table.columns:
            columns[column.name] = self.field_values(column, read, raw, columns, refusals)
        rows = pd.DataFrame(columns, index=raw.index)
        refusals += self.implausible(table, rows)
        first = {r.row: r for r in reversed(refusals) if r.reason not in self.waived}
        refused = list(first)
        return Mapped(without(rows, refused), list(first.values()), gone, rows.loc[refused])

    def deletions(self, read: Read, table: Table, raw: pd.DataFrame) -> pd.DataFrame:
        """Return key and revision of the rows that say that they are gone; without a readable key there is none."""
        names = [*table.key, "rev"] if table.is_revised else [*table.key]
        if read.deleted is None:
            return pd.DataFrame(columns=names, index=raw.index[:0], dtype=object)
        some = raw[raw[read.deleted.column].isin(read.deleted.says)]
        none: list[Refusal] = []
        columns: dict[str, pd.Series] = {}
        for name in names:
            columns[name] = self.field_values(table.column(name), read, some, columns, none)
        return without(pd.DataFrame(columns, index=some.index), sorted({refusal.row for refusal in none}))

    def field_values(
        self, column: Column, read: Read, raw: pd.DataFrame, done: dict[str, pd.Series], refusals: list[Refusal]
    ) -> pd.Series:
        """Return the values of one column as Python objects, None where missing; note what is refused."""
        return self.fields.values(column, read.fields.get(column.name), raw, done, refusals)

    @cached_property
    def fields(self) -> Fields:
        """What reads the columns."""
        return Fields(self.site, self.known)

    def implausible(self, table: Table, rows: pd.DataFrame) -> list[Refusal]:
        """Refuse what lies before the site's date floor, after what can have happened yet, or is too late."""
        floor_at = pd.Timestamp(self.site.date_floor, tz=self.site.zone).timestamp()
        heard_at = None if self.known.is_first or self.heard_at is None else self.heard_at - self.known.earlier_s
        latest_at = None if self.latest_at is None else self.latest_at + self.known.later_s
        limits = Limits(zone=self.site.zone, floor_at=floor_at, latest_at=latest_at, heard_at=heard_at)
        return implausible(table, rows, limits, self.source.late_days or table.late_days)


def batch_of(
    extract: Extract, mapper: Mapper, *, cursor: Mapping[str, object], is_whole: bool = False, span: Span = WHOLE_TABLE
) -> Batch:
    """Map what a source gave into the tables it feeds. `span` is what it was asked for, where it lists that whole.

    Where a row could not be told apart at all, any row may be the one that it means, and none is taken for gone.
    """
    content = content_of(extract, mapper)
    listed = [read.table for read in mapper.source.reads if read.complete and extract.ragged.empty]
    return Batch(
        source=mapper.source.key,
        content=extract.content,
        origin=extract.origin,
        read_count=extract.read_count,
        duplicate_count=content.duplicate_count,
        rows=content.rows,
        refused=content.refused,
        deleted=content.deleted,
        complete=dict.fromkeys(listed, span),
        spared=content.spared,
        cursor=cursor,
        observed_at=newest(content.rows),
        is_whole=is_whole,
        extract=extract,
    )


def content_of(extract: Extract, mapper: Mapper) -> Content:
    """Map what a source gave, and count what the reading itself refused and dropped."""
    content = mapper.content(extract.raw, extract.origin)
    refused = pd.concat([extract.ragged, content.refused], ignore_index=True)
    return replace(content, refused=refused, duplicate_count=content.duplicate_count + extract.duplicate_count)


def newest(rows: Mapping[str, pd.DataFrame]) -> int | None:
    """Return the newest event (UTC s) that a batch tells of."""
    found = [int(frame["event_at"].max()) for frame in rows.values() if "event_at" in frame and len(frame)]
    return max(found, default=None)


def raw_frame(header: tuple[str, ...], lines: list[int], cells: list[list[str]]) -> pd.DataFrame:
    """Return cells, all text, as a raw frame with the line each row began on."""
    frame = pd.DataFrame(cells, columns=list(header), dtype=object)
    frame[LINE] = lines
    return frame
