"""How a source is described in `site.toml`: where its rows come from, and how they map to tables."""

import codecs
from collections.abc import Iterator
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from cockpit.declared import Strict, Words
from cockpit.source_places import Address, Database, Sheet


class Field_(Strict):  # noqa: N801 `Field` is pydantic's
    """How one field of a table comes from the columns of a source. Exactly one origin is given."""

    column: str | None = None  # rename
    first_of: tuple[str, ...] = ()  # first non-empty of several columns
    constant: str | None = None
    template: str | None = None  # text with {Column} in it
    date: str | None = None  # a date column …
    clock: str | None = None  # … with a clock column
    after: str | None = None  # the clock column that this one follows, perhaps across midnight
    format: str | None = None  # strptime format of an instant; for date + clock, of both joined by a blank
    zone: str | None = None  # time zone of the stamps, the site's by default
    values: dict[str, str] = Field(default_factory=dict)  # value map; an unlisted value is refused …
    otherwise: str | None = None  # … unless this says what it becomes
    when_missing: str | None = None
    then: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the source that it reads."""
        named = (self.column, self.date, self.clock, self.after, self.when_missing)
        written = [name for _, name, _, _ in Formatter().parse(self.template or "") if name]
        return (*(name for name in named if name is not None), *self.first_of, *written)

    @model_validator(mode="after")
    def one_origin(self) -> "Field_":
        """Check that exactly one origin is given and that pairs are whole."""
        origins = [self.column, self.first_of or None, self.constant, self.template, self.date]
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("give exactly one of column, first_of, constant, template, date")
        if (self.date is None) != (self.clock is None):
            raise ValueError("date and clock belong together")
        if (self.when_missing is None) != (self.then is None):
            raise ValueError("when_missing and then belong together")
        return self


def as_field(value: Any) -> Any:
    """Read a bare string as a rename."""
    return {"column": value} if isinstance(value, str) else value


class Deleted(Strict):
    """How a row says that it is gone: its `column` says one of these words."""

    column: str
    says: tuple[str, ...] = Field(default=("D",), min_length=1)


class Read(Strict):
    """One table that a source fills; a row whose `unless_missing` column is empty gives none.

    `deleted`: some rows are tombstones. `complete`: what was read lists the whole table, or the whole span it was asked
    for, so that a row that is no longer in it is gone.
    """

    table: str
    unless_missing: str | None = None
    deleted: Deleted | None = None
    complete: bool = False
    fields: dict[str, Annotated[Field_, BeforeValidator(as_field)]]


class Guards(Strict):
    """Beyond what a batch is held until a person has looked at it; a guard set to 1, or false, never holds."""

    refused_share: float = Field(default=0.05, gt=0, le=1)  # more refused rows than this
    drop_share: float = Field(default=0.6, gt=0, le=1)  # so many fewer rows than such batches have
    zeros: bool = True  # a column that had numbers is all zero
    again: bool = True  # the very content of another file


Kind_ = Literal["csv", "excel", "parquet", "sql", "http", "replay", "demo", "calendar"]


class SourceConfig(Strict):
    """Where rows come from and how they map to tables."""

    key: str
    kind: Kind_
    title: Words
    path: str = ""  # of files: one or a glob, relative to the site folder, or absolute; of a calendar, if it has its own days
    encoding: str = ""  # of csv and replay: declared, strict, never guessed; of a calendar utf-8 if it does not say
    upload: bool = False  # of files: people may bring some too, see Site.inbox
    settle_s: float = Field(default=2, ge=0, le=60)  # of files: one is whole when it has not changed for so long …
    done_suffix: str = ""  # … or, where this is given, when its marker is there: calls.csv.done
    open_end: bool = False  # of csv, replay: a last line without its end is whole; otherwise it may be cut, and is refused
    max_mb: int = Field(default=512, gt=0)  # of files: a larger one, unpacked, is held
    sheet: Sheet | None = None  # of excel
    sql: Database | None = None  # of sql
    http: Address | None = None  # of http
    stream: str = ""  # of demo: the department's system that is simulated
    header: tuple[str, ...]  # the columns of a file or a query, to the letter; of http: a path into each row, "town.code"
    interval_s: int = Field(gt=0)  # how often it is tried …
    expected_s: int | None = Field(default=None, gt=0)  # … and how often it should bring something, when that is rarer
    static: bool = False  # a list that changes rarely: its age is no reason for alarm
    late_days: int | None = Field(default=None, gt=0)  # how late a row may come, where its contract's limit does not fit
    guards: Guards = Guards()
    reads: tuple[Read, ...] = Field(min_length=1)

    @field_validator("encoding")
    @classmethod
    def known_encoding(cls, value: str) -> str:
        """Check that an encoding exists, and is one of text."""
        if value:
            try:
                "".encode(value)
                codecs.getincrementaldecoder(value)
            except LookupError as error:
                raise ValueError(f"{value!r} is no encoding of text, such as utf-8, gb18030, utf-16") from error
        return value

    @property
    def is_of_files(self) -> bool:
        """Whether it reads files that are put down in a folder."""
        return self.kind in ("csv", "excel", "parquet")

    @property
    def news_within_s(self) -> int:
        """How often it should bring something, in seconds."""
        return self.expected_s or self.interval_s


def columns_used(source: SourceConfig) -> Iterator[tuple[str, str]]:
    """Yield each column that a source's reads use, with the place that uses it."""
    for read in source.reads:
        if read.unless_missing is not None:
            yield f"{source.key}.{read.table}.unless_missing", read.unless_missing
        if read.deleted is not None:
            yield f"{source.key}.{read.table}.deleted", read.deleted.column
        for name, field in read.fields.items():
            yield from ((f"{source.key}.{read.table}.{name}", column) for column in field.columns)
