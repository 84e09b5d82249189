"""A site: one city's folder, described by its `site.toml`."""

import os
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from cockpit.boundaries import Boundaries, read_boundaries
from cockpit.errors import SiteError
from cockpit.text import LANGUAGES, Language, Text

SHIPPED = Path(__file__).parent / "sites"


def as_text(value: Any) -> Text:
    """Read `{ zh = "…", en = "…" }`, or one string for both languages."""
    if isinstance(value, str):
        return Text(value, value)
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return Text(str(value["zh"]), str(value["en"]))
    raise ValueError('write one string, or { zh = "…", en = "…" }')


Words = Annotated[Text, BeforeValidator(as_text)]


class Strict(BaseModel):
    """A part of `site.toml`: frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


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


class SourceConfig(Strict):
    """Where rows come from and how they map to tables."""

    key: str
    kind: Literal["csv", "replay", "demo"]
    title: Words
    path: str = ""  # of csv and replay: a file or a glob, relative to the site folder
    encoding: str = ""  # of csv and replay: declared, strict, never guessed
    stream: str = ""  # of demo: the department's system that is simulated
    header: tuple[str, ...]
    interval_s: int = Field(gt=0)  # how often it is tried …
    expected_s: int | None = Field(default=None, gt=0)  # … and how often it should bring something, when that is rarer
    static: bool = False  # a list that changes rarely: its age is no reason for alarm
    late_days: int | None = Field(default=None, gt=0)  # how late a row may come, where its contract's limit does not fit
    guards: Guards = Guards()
    reads: tuple[Read, ...] = Field(min_length=1)

    @property
    def news_within_s(self) -> int:
        """How often it should bring something, in seconds."""
        return self.expected_s or self.interval_s


class ReplayClock(Strict):
    """A site whose clock is that of a record: where it starts, and how fast it runs."""

    start: datetime
    speed: float = Field(gt=0)


class Simulation(Strict):
    """A site whose departments are simulated: years told at the first read, and the day the improvements began."""

    seed: int = Field(ge=0)
    years: int = Field(default=3, gt=0)
    go_live: date


class Site(Strict):
    """One city's configuration, as its `site.toml` says it."""

    folder: Path
    key: str
    title: Words
    language: Language = "zh"
    time_zone: str
    date_floor: date
    attribution: Words | None = None
    notice: Words | None = None  # stands on every screen: what kind of data this is
    boundaries: str | None = None  # a GeoJSON file of the towns …
    boundaries_note: Words | None = None  # … and what it must not be taken for
    replay: ReplayClock | None = None
    simulation: Simulation | None = None
    cannot_know: dict[str, Words] = Field(default_factory=dict)  # stamp or column → why this site has none
    labels: dict[str, dict[str, Words]] = Field(default_factory=dict)  # dimension → code → name
    sources: tuple[SourceConfig, ...] = Field(min_length=1)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def outline(self) -> Boundaries | None:
        """The outlines of the towns, if the site has any. Raises: SiteError."""
        return None if self.boundaries is None else read_boundaries(self.folder / self.boundaries)

    @cached_property
    def start_at(self) -> int:
        """The instant (UTC s) at which a replayed site's clock starts."""
        if self.replay is None:
            raise SiteError(f"{self.key} is not replayed: its site.toml has no [replay]")
        return int(self.replay.start.replace(tzinfo=self.zone).timestamp())

    def source(self, key: str) -> SourceConfig:
        """Return a source by key. Raises: SiteError when there is none."""
        for source in self.sources:
            if source.key == key:
                return source
        raise SiteError(f"{self.key} has no source {key!r}; it has {', '.join(s.key for s in self.sources)}")

    def feeding(self, tables: tuple[str, ...]) -> tuple[SourceConfig, ...]:
        """Return the sources that fill any of these tables."""
        return tuple(s for s in self.sources if any(read.table in tables for read in s.reads))

    @property
    def default_store(self) -> str:
        """The URL of the store when none is given: one SQLite file under the site's `var/`."""
        root = os.environ.get("COCKPIT_VAR")
        var = Path(root) / self.key if root else self.folder / "var"
        return f"sqlite:///{var.resolve() / 'cockpit.db'}"


def load_site(folder: str | Path) -> Site:
    """Read a site folder, or the name of a site that ships with the cockpit.

    Raises: SiteError with file, key and what is wrong.
    """
    path = Path(folder)
    if not path.exists() and (SHIPPED / path.name).is_dir() and path.name == str(folder):
        path = SHIPPED / path.name
    file = path / "site.toml"
    if not file.is_file():
        shipped = ", ".join(sorted(p.name for p in SHIPPED.iterdir() if p.is_dir()))
        raise SiteError(f"{file} does not exist; give a site folder, or one of: {shipped}")
    try:
        return checked(Site(folder=path.resolve(), **tomllib.loads(file.read_text(encoding="utf-8"))))
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{file} is not TOML: {error}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise SiteError(f"{file}: {where or 'file'}: {wrong['msg']}") from error


def checked(site: Site) -> Site:
    """Check what no single key can say: zones exist, keys are unique, columns are in the header. Raises: SiteError."""
    file = site.folder / "site.toml"
    for zone in {site.time_zone, *(f.zone for s in site.sources for r in s.reads for f in r.fields.values() if f.zone)}:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SiteError(f"{file}: {zone!r} is not a time zone name, such as Asia/Shanghai") from error
    _ = site.outline  # a map that cannot be drawn is found now and not on the wall
    keys = [source.key for source in site.sources]
    if len(set(keys)) < len(keys):
        raise SiteError(f"{file}: two sources share a key; keys are {', '.join(keys)}")
    for source in site.sources:
        check_kind(site, source)
        for where, column in columns_used(source):
            if column not in source.header:
                raise SiteError(f"{file}: {where} uses column {column!r}, which is not in the header of {source.key}")
    return site


NEEDS = {"csv": ("path", "encoding"), "replay": ("path", "encoding"), "demo": ("stream",)}
"""What a source of each kind says of where its rows come from, and none of the others."""

SIMULATED = "模拟数据"
"""What the notice of a site with simulated data must say."""


def check_kind(site: Site, source: SourceConfig) -> None:
    """Check that a source has what its kind needs, of its own and of the site. Raises: SiteError."""
    where = f"{site.folder / 'site.toml'}: source {source.key}"
    given = {"path": source.path, "encoding": source.encoding, "stream": source.stream}
    needed = NEEDS[source.kind]
    if tuple(name for name, value in given.items() if value) != needed:
        raise SiteError(f"{where} is of kind {source.kind}: it needs {' and '.join(needed)}, and nothing else to read from")
    if source.kind == "replay" and site.replay is None:
        raise SiteError(f"{where} is replayed, but there is no [replay] clock")
    if source.kind == "demo" and site.simulation is None:
        raise SiteError(f"{where} is simulated, but there is no [simulation]")
    if source.kind == "demo" and (site.notice is None or not all(SIMULATED in site.notice(language) for language in LANGUAGES)):
        raise SiteError(f"{where} is simulated, so the site's notice must say {SIMULATED}")


def columns_used(source: SourceConfig) -> Iterator[tuple[str, str]]:
    """Yield each column that a source's reads use, with the place that uses it."""
    for read in source.reads:
        if read.unless_missing is not None:
            yield f"{source.key}.{read.table}.unless_missing", read.unless_missing
        if read.deleted is not None:
            yield f"{source.key}.{read.table}.deleted", read.deleted.column
        for name, field in read.fields.items():
            yield from ((f"{source.key}.{read.table}.{name}", column) for column in field.columns)
