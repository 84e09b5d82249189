"""From the columns of a source to the rows of a contract, as `site.toml` says; every refusal has a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from string import Formatter
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cockpit.ledger.store import QUARANTINE
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.scope import UNKNOWN_TOWN
from cockpit.site import Field_, Read, Site, SourceConfig
from etl.batch import LINE, WHOLE_TABLE, Batch, Extract, Refusal, Span, quarantine_rows
from etl.catalogue import contracts
from etl.instants import Seconds, across_midnight, parse, to_utc, to_wall
from etl.known import Known
from etl.words import Mask, converted, looked_up

DEFAULT_FORMAT = "%Y-%m-%dT%H:%M:%S"

FUTURE_TOLERANCE_S = 3600
"""How far a source's clock may run ahead before its events are refused. [DEF]"""

DAY_S = 86_400


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
        field = read.fields.get(column.name)
        if field is None:
            return self.unmapped(column, raw, done)
        text = self.text_of(field, raw)
        if column.kind is Kind.INSTANT:
            values, is_bad = self.instants(field, text, raw)
        else:
            values, is_bad = self.spoken(column, field, text)
        note(refusals, column, text, is_bad, "unparsable" if column.kind is not Kind.TEXT else "not_allowed")
        is_missing = values.isna().to_numpy()
        if column.name == "rev":
            values, is_missing = values.mask(is_missing, 0), np.zeros(len(values), np.bool_)
        if column.allowed:
            note(refusals, column, text, ~is_missing & ~values.isin(column.allowed).to_numpy(), "not_allowed")
        if column.required:
            note(refusals, column, text, is_missing & ~is_bad, "missing")
        return values

    def spoken(self, column: Column, field: Field_, text: pd.Series) -> tuple[pd.Series, Mask]:
        """Return text as values of a column, each word looked up and converted once, and which of them are none."""
        if column.kind is Kind.TEXT and not field.values:
            return text.mask((text == "").to_numpy(), None), np.zeros(len(text), np.bool_)
        places, unique = pd.factorize(text.to_numpy())
        words = looked_up(field, pd.Series(unique, dtype=object))
        values, is_bad = converted(column, words, self.known)
        is_bad |= words.isna().to_numpy()
        return pd.Series(values.to_numpy()[places], text.index, dtype=object), is_bad[places]

    def unmapped(self, column: Column, raw: pd.DataFrame, done: dict[str, pd.Series]) -> pd.Series:
        """Return what a column holds that the site does not map: nothing, or what follows from others."""
        if column.name == "rev":
            return filled(0, raw)
        if column.kind is Kind.TOWN:
            return filled(UNKNOWN_TOWN, raw)
        if column.kind is Kind.LOCAL:
            instants = pd.to_numeric(done[column.name.replace("_local", "_at")], errors="coerce")
            return whole(to_wall(instants.to_numpy(np.float64), self.site.zone), raw.index)
        return filled(None, raw)

    def text_of(self, field: Field_, raw: pd.DataFrame) -> pd.Series:
        """Return a field's text before it is looked up or parsed, '' where missing."""
        if field.constant is not None:
            text = filled(field.constant, raw)
        elif field.template is not None:
            text = templated(field.template, raw)
        elif field.first_of:
            text = raw[field.first_of[0]].astype(object)
            for name in field.first_of[1:]:
                text = text.where(text != "", raw[name])
        elif field.date is not None and field.clock is not None:
            both = (raw[field.date] != "") & (raw[field.clock] != "")
            text = (raw[field.date] + " " + raw[field.clock]).where(both, "")
        else:
            text = raw[str(field.column)].astype(object)
        if field.when_missing is not None:
            text = text.where(raw[field.when_missing] != "", field.then)
        return text

    def instants(self, field: Field_, text: pd.Series, raw: pd.DataFrame) -> tuple[pd.Series, Mask]:
        """Return instants in UTC seconds, and which stamps could not be parsed."""
        format_ = field.format or DEFAULT_FORMAT
        wall: Seconds = parse(text, format_)
        if field.after is not None:
            followed = (raw[str(field.date)] + " " + raw[field.after]).where(raw[field.after] != "", "")
            wall = across_midnight(wall, parse(followed, format_))
        zone = self.site.zone if field.zone is None else ZoneInfo(field.zone)
        utc = wall if "%z" in format_ else to_utc(wall, zone)
        return whole(utc, raw.index), np.isnan(wall) & (text != "").to_numpy()

    def implausible(self, table: Table, rows: pd.DataFrame) -> list[Refusal]:
        """Refuse events before the site's date floor and after what can have happened yet."""
        if "event_at" not in table.names:
            return []
        floor = pd.Timestamp(self.site.date_floor, tz=self.site.zone).timestamp()
        event_at = pd.to_numeric(rows["event_at"], errors="coerce")
        refusals: list[Refusal] = []
        column = table.column("event_at")
        note(refusals, column, rows["event_at"], (event_at < floor).to_numpy(), "before_floor")
        if self.latest_at is not None:
            note(refusals, column, rows["event_at"], (event_at > self.latest_at).to_numpy(), "in_future")
        late_days = self.source.late_days or table.late_days
        if self.heard_at is not None and late_days is not None and not self.known.is_first:
            note(refusals, column, rows["event_at"], (event_at < self.heard_at - late_days * DAY_S).to_numpy(), "late")
        return refusals


def templated(template: str, raw: pd.DataFrame) -> pd.Series:
    """Return a template filled from each row's columns."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    cells = zip(*(raw[name] for name in names), strict=True)
    return pd.Series([template.format_map(dict(zip(names, row, strict=True))) for row in cells], raw.index, dtype=object)


def filled(value: object, raw: pd.DataFrame) -> pd.Series:
    """Return one value for every row."""
    return pd.Series(np.full(len(raw), value, object), raw.index, dtype=object)


def whole(seconds: Seconds, index: pd.Index) -> pd.Series:
    """Return seconds as integers, None where missing."""
    is_missing = np.isnan(seconds)
    values = np.where(is_missing, 0, seconds).astype(np.int64).astype(object)
    values[is_missing] = None
    return pd.Series(values, index, dtype=object)


def note(refusals: list[Refusal], column: Column, values: pd.Series, is_bad: Mask, reason: str) -> None:
    """Add a refusal for each bad row."""
    if not is_bad.any():
        return
    bad = values[is_bad]
    refusals += [
        Refusal(row, reason, column.name, str(value)) for row, value in zip(bad.index.tolist(), bad.tolist(), strict=True)
    ]


def batch_of(
    extract: Extract, mapper: Mapper, *, cursor: Mapping[str, object], is_whole: bool = False, span: Span = WHOLE_TABLE
) -> Batch:
    """Map what a source gave into the tables it feeds. `span` is what it was asked for, where it lists that whole."""
    content = content_of(extract, mapper)
    return Batch(
        source=mapper.source.key,
        content=extract.content,
        origin=extract.origin,
        read_count=extract.read_count,
        duplicate_count=content.duplicate_count,
        rows=content.rows,
        refused=content.refused,
        deleted=content.deleted,
        complete={read.table: span for read in mapper.source.reads if read.complete},
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


def raw_frame(header: tuple[str, ...], lines: list[int], cells: list[list[str]]) -> pd.DataFrame:
    """Return cells, all text, as a raw frame with the line each row began on."""
    frame = pd.DataFrame(cells, columns=list(header), dtype=object)
    frame[LINE] = lines
    return frame
