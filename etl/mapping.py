"""From the columns of a source to the rows of a contract, as `site.toml` says; every refusal has a reason."""

from dataclasses import dataclass
from string import Formatter
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cockpit.ledger.store import QUARANTINE
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.scope import UNKNOWN_TOWN
from cockpit.site import Field_, Read, Site, SourceConfig
from etl.batch import LINE, Refusal, quarantine_rows
from etl.catalogue import contracts
from etl.instants import Seconds, across_midnight, parse, to_utc, to_wall
from etl.words import Mask, converted, looked_up

DEFAULT_FORMAT = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True)
class Mapped:
    """The rows of one table, by the row of the source they came from, and the refusals."""

    rows: pd.DataFrame
    refusals: list[Refusal]


@dataclass(frozen=True)
class Content:
    """What a source says: the rows of each table, all refused rows, and how many rows only say again what others say."""

    rows: dict[str, pd.DataFrame]
    refused: pd.DataFrame
    duplicate_count: int


@dataclass(frozen=True)
class Mapper:
    """Maps raw frames of one source. `latest_at` is the newest instant (UTC s) that can be true, if any."""

    site: Site
    source: SourceConfig
    towns: frozenset[str]
    latest_at: int | None = None

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
        rows: dict[str, pd.DataFrame] = {}
        refused: list[pd.DataFrame] = []
        told: set[int] = set()
        for name, mapped in parts.items():
            kept, refusals = agreed(contracts()[name], mapped)
            refused.append(quarantine_rows(self.source.key, origin, name, raw, refusals))
            rows[name] = kept.reset_index(drop=True)
            told.update(kept.index.tolist(), (refusal.row for refusal in refusals))
        return Content(rows, pd.concat(refused, ignore_index=True), len(asked - told))

    def no_content(self) -> Content:
        """Return what no rows say, at no cost: a source that is asked every few seconds mostly has nothing new."""
        empty = {
            t: pd.DataFrame(columns=list(contracts()[t].names), dtype=object) for t in (r.table for r in self.source.reads)
        }
        return Content(empty, pd.DataFrame(columns=list(QUARANTINE.names), dtype=object), 0)

    def table_rows(self, read: Read, table: Table, raw: pd.DataFrame) -> Mapped:
        """Map one read of the source into rows of its table; the first reason found speaks for a refused row."""
        refusals: list[Refusal] = []
        columns: dict[str, pd.Series] = {}
        for column in table.columns:
            columns[column.name] = self.field_values(column, read, raw, columns, refusals)
        rows = pd.DataFrame(columns, index=raw.index)
        refusals += self.implausible(table, rows)
        first = {refusal.row: refusal for refusal in reversed(refusals)}
        return Mapped(without(rows, list(first)), list(first.values()))

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
        values, is_bad = converted(column, words, self.towns)
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
