"""From the cells of a source to the values of a table's columns, as `site.toml` says; every refusal has a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cockpit.ledger.tables import Column, Kind
from cockpit.scope import UNKNOWN_TOWN
from cockpit.site import Field_, Site
from etl.batch import Refusal
from etl.garbled import storable
from etl.identifiers import is_destroyed
from etl.instants import Seconds, across_midnight, parse, to_utc, to_wall
from etl.known import Known
from etl.quantities import normalised
from etl.words import NOT_ALLOWED, UNPARSABLE, Mask, converted, looked_up

MISSING = "missing"
DAY_S = 86_400
FORMATS = {Kind.INSTANT: "%Y-%m-%dT%H:%M:%S", Kind.DAY: "%Y-%m-%d", Kind.MONTH: "%Y-%m"}
"""How stamps are written where the site says nothing."""

Values = tuple[pd.Series, Mapping[str, Mask]]
"""What is read from texts, None where nothing is, and for each reason which of them are no values."""


@dataclass(frozen=True)
class Fields:
    """Reads columns from rows of a source; `known` is what their words are held against."""

    site: Site
    known: Known

    @cached_property
    def fed(self) -> frozenset[str]:
        """The tables that the site feeds: a key is looked for in these, and in no list that nobody delivers."""
        return frozenset(read.table for source in self.site.sources for read in source.reads)

    def values(
        self, column: Column, field: Field_ | None, raw: pd.DataFrame, done: dict[str, pd.Series], refusals: list[Refusal]
    ) -> pd.Series:
        """Return the values of one column as Python objects, None where missing; note what is refused."""
        if field is None:
            return self.unmapped(column, raw, done)
        text = text_of(field, raw)
        if column.kind in FORMATS:
            values, bad = self.stamped(column, field, text, raw)
        else:
            values, bad = self.spoken(column, field, text)
        for reason, is_so in bad.items():
            note(refusals, column, text, is_so, reason)
        is_bad = np.logical_or.reduce([*bad.values(), np.zeros(len(text), np.bool_)])
        is_missing = values.isna().to_numpy()
        if column.name == "rev":
            values, is_missing = values.mask(is_missing, 0), np.zeros(len(values), np.bool_)
        if column.allowed:
            note(refusals, column, text, ~is_missing & ~values.isin(column.allowed).to_numpy(), NOT_ALLOWED)
        if column.required:
            note(refusals, column, text, is_missing & ~is_bad, MISSING)
        return values

    def spoken(self, column: Column, field: Field_, text: pd.Series) -> Values:
        """Return text as values of a column, each word looked up and converted once, and for each reason which are none."""

        def read(words: pd.Series) -> Values:
            plain = words.str.strip()
            if is_plain(column) and not field.values:
                return plain_texts(plain)
            return converted(column, looked_up(field, plain), self.known, self.fed)

        return each_once(text, read)

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

    def stamped(self, column: Column, field: Field_, text: pd.Series, raw: pd.DataFrame) -> Values:
        """Return stamps as `stamps` does; days and months are few words, and instants nearly all differ."""
        if column.kind is Kind.INSTANT or field.after is not None:
            return self.stamps(column, field, text, raw)
        return each_once(text, lambda words: self.stamps(column, field, words, raw))

    def stamps(self, column: Column, field: Field_, text: pd.Series, raw: pd.DataFrame) -> Values:
        """Return instants in UTC seconds, days or months, and which stamps could not be parsed."""
        format_ = normalised(field.format or FORMATS[column.kind])
        wall: Seconds = parse(text.map(normalised), format_)
        if field.after is not None:
            followed = (raw[str(field.date)] + " " + raw[field.after]).where(raw[field.after] != "", "")
            wall = across_midnight(wall, parse(followed.map(normalised), format_))
        is_bad = np.isnan(wall) & (text != "").to_numpy()
        zone = self.site.zone if field.zone is None else ZoneInfo(field.zone)
        utc = wall if "%z" in format_ else to_utc(wall, zone)
        if column.kind is Kind.INSTANT:
            return whole(utc, text.index), {UNPARSABLE: is_bad}
        is_elsewhere = "%z" in format_ or zone != self.site.zone  # a day is the site's local day
        return calendar(to_wall(utc, self.site.zone) if is_elsewhere else wall, column.kind, text.index), {UNPARSABLE: is_bad}


def is_plain(column: Column) -> bool:
    """Whether any text that can be stored is a value of a column."""
    return column.kind is Kind.TEXT and column.pattern is None and column.check is None and column.references is None


def each_once(text: pd.Series, read: Callable[[pd.Series], Values]) -> Values:
    """Return what is read from texts, where equal ones are read once: in most columns few words stand in many rows."""
    places, unique = pd.factorize(text.to_numpy())
    values, bad = read(pd.Series(unique, dtype=object))
    return pd.Series(values.to_numpy()[places], text.index, dtype=object), {r: mask[places] for r, mask in bad.items()}


def plain_texts(words: pd.Series) -> Values:
    """Return texts byte for byte, None where nothing is left of them without the blanks around them."""
    is_bad = np.array([is_destroyed(word) for word in words.tolist()], np.bool_)
    return words.mask((words == "").to_numpy() | is_bad, None), {UNPARSABLE: is_bad}


def calendar(wall: Seconds, kind: Kind, index: pd.Index) -> pd.Series:
    """Return wall-clock seconds as days since 1970-01-01, or as months, as text."""
    if kind is Kind.DAY:
        return whole(np.floor(wall / DAY_S), index)
    months = np.datetime_as_string(pd.to_datetime(wall, unit="s").to_numpy("datetime64[M]")).astype(object)
    months[np.isnan(wall)] = None
    return pd.Series(months, index, dtype=object)


def text_of(field: Field_, raw: pd.DataFrame) -> pd.Series:
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


def templated(template: str, raw: pd.DataFrame) -> pd.Series:
    """Return a template filled from each row's columns."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    cells = zip(*(raw[name] for name in names), strict=True)
    return pd.Series([template.format_map(dict(zip(names, row, strict=True))) for row in cells], raw.index, dtype=object)


def filled(value: object, raw: pd.DataFrame) -> pd.Series:
    """Return one value for every row."""
    return pd.Series(np.full(len(raw), value, object), raw.index, dtype=object)


def whole(numbers: Seconds, index: pd.Index) -> pd.Series:
    """Return whole numbers as integers, None where missing."""
    is_missing = np.isnan(numbers)
    values = np.where(is_missing, 0, numbers).astype(np.int64).astype(object)
    values[is_missing] = None
    return pd.Series(values, index, dtype=object)


def note(refusals: list[Refusal], column: Column, values: pd.Series, is_bad: Mask, reason: str) -> None:
    """Add a refusal for each bad row."""
    if not is_bad.any():
        return
    bad = values[is_bad]
    refusals += [
        Refusal(row, reason, column.name, storable(str(value)))
        for row, value in zip(bad.index.tolist(), bad.tolist(), strict=True)
    ]
