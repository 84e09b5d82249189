"""A site: one city's folder, described by its `site.toml`."""

import os
import re
import tomllib
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError

from cockpit.boundaries import Boundaries, read_boundaries
from cockpit.declared import Strict, Words
from cockpit.environment import load_environment
from cockpit.errors import SiteError
from cockpit.source_config import Field_, Read, SourceConfig, columns_used
from cockpit.source_places import Database
from cockpit.text import LANGUAGES, Language

__all__ = ["SHIPPED", "Field_", "Read", "Site", "SourceConfig", "checked", "load_site"]

SHIPPED = Path(__file__).parent / "sites"


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
    chart_from: date | None = None  # control charts judge by the weeks from this day on; by default from the record's first
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
        return f"sqlite:///{self.var / 'cockpit.db'}"

    @property
    def var(self) -> Path:
        """The folder of what the site writes: `var/` in its own, or where the variable COCKPIT_VAR says."""
        root = os.environ.get("COCKPIT_VAR")
        return (Path(root) / self.key if root else self.folder / "var").resolve()

    def inbox(self, key: str) -> Path:
        """Return the folder of the files that people bring for a source; it need not be there yet."""
        return self.var / "inbox" / key


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
    load_environment(path)
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


NEEDS: dict[str, tuple[str, ...]] = {
    "csv": ("path", "encoding"),
    "replay": ("path", "encoding"),
    "excel": ("path",),
    "parquet": ("path",),
    "sql": ("sql",),
    "http": ("http",),
    "demo": ("stream",),
    "calendar": (),
}
"""What a source of each kind says of where its rows come from, and none of the others."""

MAY_HAVE: dict[str, tuple[str, ...]] = {"calendar": ("path", "encoding")}
"""What a source of a kind may say besides."""

FOLDER_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Keys that can name a folder on any system."""

SIMULATED = "模拟数据"
"""What the notice of a site with simulated data must say."""


def check_kind(site: Site, source: SourceConfig) -> None:
    """Check that a source has what its kind needs, of its own and of the site. Raises: SiteError."""
    where = f"{site.folder / 'site.toml'}: source {source.key}"
    needed = NEEDS[source.kind]
    places = (name for name in ("path", "encoding", "sql", "http", "stream") if name not in MAY_HAVE.get(source.kind, ()))
    given = tuple(name for name in places if getattr(source, name))
    if given != needed and not (source.upload and given == needed[1:]):
        asked = " and ".join(needed) or "no place"
        raise SiteError(f"{where} is of kind {source.kind}: it needs {asked}, and nothing else to read from")
    if source.kind == "replay" and site.replay is None:
        raise SiteError(f"{where} is replayed, but there is no [replay] clock")
    if source.kind == "demo" and site.simulation is None:
        raise SiteError(f"{where} is simulated, but there is no [simulation]")
    if source.kind == "demo" and (site.notice is None or not all(SIMULATED in site.notice(language) for language in LANGUAGES)):
        raise SiteError(f"{where} is simulated, so the site's notice must say {SIMULATED}")
    if source.sheet is not None and source.kind != "excel":
        raise SiteError(f"{where} is of kind {source.kind}: only a workbook (kind excel) has a [sources.sheet]")
    if source.upload and not (source.is_of_files and FOLDER_NAME.fullmatch(source.key)):
        raise SiteError(f"{where}: upload needs kind csv, excel or parquet, and a key of letters, digits, _ and -")
    if source.sql is not None:
        check_database(where, source, source.sql)


def check_database(where: str, source: SourceConfig, place: Database) -> None:
    """Check that what orders and limits the rows of a database is read with them. Raises: SiteError."""
    for name in ("cursor_column", "window_column"):
        column = getattr(place, name)
        if column and column not in source.header:
            raise SiteError(f"{where}: {name} {column!r} is not in its header")
    for read in source.reads:
        event_at = read.fields.get("event_at")
        if read.complete and place.cursor_column and not place.window_column:
            raise SiteError(f"{where}: {read.table} cannot be complete: a read by cursor_column brings only what is new")
        if read.complete and place.window_column and (event_at is None or event_at.columns != (place.window_column,)):
            raise SiteError(f"{where}: {read.table} is complete within window_column, so event_at must be that column alone")
