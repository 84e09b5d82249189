"""`calendar`: the days on which the country works, from the yearly notices of the State Council 国务院办公厅.

The library `chinesecalendar` has the notices that were out when it was released, with make-up days; a file of one's own
(`path`, columns day,is_workday,name) adds a newer notice, or a day that differs here. A year that neither knows has no rows:
nobody knows yet on which of its days one works. The whole calendar is one batch, told again only when it changed.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from chinese_calendar.constants import Holiday, holidays, workdays

from cockpit.errors import BatchHeld, SiteError
from cockpit.site import Site, SourceConfig
from etl.batch import LINE, WHOLE_TABLE, Batch, Extract
from etl.delimited import Rows, extract_of, header_changed
from etl.known import Known
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of
from etl.sources.csv import read_text
from etl.sources.files import files
from etl.words import boolean

HEADER = ("day", "is_workday", "name")
LIBRARY = "chinesecalendar"
MADE_UP_FOR = "调休"
"""What follows a holiday's name on a day that is worked to make up for it."""

IN_EVERY_NOTICE = ((1, 1), (5, 1), (10, 1))
"""Holidays whose day of the year is fixed: a file that leaves one out does not hold the notice of the year."""


class Day(NamedTuple):
    """Whether a day is worked, and the holiday that it belongs to, if any."""

    is_workday: bool
    name: str


class Source:
    """The calendar of one country, with what a site knows better."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to read. Raises: SiteError when the declared header is not that of a calendar."""
        self.config, self.site = config, site
        self.origin = config.path or LIBRARY
        if config.header != HEADER:
            changed = header_changed(LIBRARY, config.header, HEADER)
            raise SiteError(f"{site.folder / 'site.toml'}: {config.key}: {changed}")

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield the whole calendar, unless it is what it was, or what is wrong with the file. Raises: SourceError."""
        try:
            days = calendar({} if not self.config.path else self.own(), self.site.date_floor.year)
        except BatchHeld as held:
            yield BatchHeld(str(held), origin=self.origin)
            return
        told = self.extract(days)
        if told.content == cursor.get("content"):
            return
        mapper = Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S)
        batch = batch_of(told, mapper, cursor={"content": told.content}, is_whole=True)
        yield replace(batch, complete=dict.fromkeys(batch.rows, WHOLE_TABLE))  # a day that it names no more is gone

    def extract(self, days: Mapping[date, Day]) -> Extract:
        """Return the calendar as a source gives its rows, known by what it says and by how that is mapped."""
        cells = [[on.isoformat(), str(day.is_workday).lower(), day.name] for on, day in sorted(days.items())]
        content = hashlib.sha256(repr((self.config, cells)).encode()).hexdigest()
        return extract_of(self.config, self.origin, content, Rows(list(range(1, len(cells) + 1)), cells))

    def own(self) -> dict[date, Day]:
        """Return what the site's own files say of some days. Raises: SourceError without one, BatchHeld for a bad line."""
        config = self.config.model_copy(update={"encoding": self.config.encoding or "utf-8", "open_end": True})
        found: dict[date, Day] = {}
        for path in files(config, self.site):
            for on, day in own_days(path, read_text(path, config)):
                if found.setdefault(on, day) != day:
                    raise BatchHeld(f"{path.name}: {on} stands in {config.path} twice and differs; leave the right line only")
        return found


def own_days(path: Path, told: Extract) -> Iterator[tuple[date, Day]]:
    """Yield the days that a file names. Raises: BatchHeld, naming file, line and column, for the first line that is none."""
    for bad in told.ragged.to_dict("records"):
        raise BatchHeld(f"{path.name}, line {bad['line']}: {bad['reason']}: {bad['detail']}; write {','.join(HEADER)}")
    for row in told.raw.to_dict("records"):
        where = f"{path.name}, line {row[LINE]}, column"
        is_workday = boolean(row["is_workday"].strip())
        if is_workday is None:
            wrong = f"{row['is_workday']!r} is no answer; write 1 for a day that is worked, 0 for one that is not"
            raise BatchHeld(f"{where} is_workday: {wrong}")
        try:
            on = date.fromisoformat(row["day"].strip())
        except ValueError as error:
            raise BatchHeld(f"{where} day: {row['day']!r} is no day; write it as 2027-01-31") from error
        yield on, Day(is_workday, row["name"].strip())


def calendar(own: Mapping[date, Day], first_year: int) -> dict[date, Day]:
    """Return every day of every year that is announced; the site's own word goes before the library's.

    Raises: BatchHeld when the site names a day of a year whose notice neither the library nor the site has.
    """
    years = announced()
    for year in sorted({on.year for on in own} - years):
        lacking = [on.isoformat() for month, day in IN_EVERY_NOTICE if (on := date(year, month, day)) not in own]
        if lacking:
            raise BatchHeld(
                f"the library {LIBRARY} does not know the notice of {year} yet, and the site's own days of {year} are not the "
                f"whole of it: {', '.join(lacking)} is not among them; add all holidays and make-up days, or wait with these"
            )
    every = (on for year in sorted(years | {on.year for on in own}) if year >= first_year for on in days_of(year))
    return {on: own.get(on) or official(on) for on in every}


def announced() -> set[int]:
    """Return the years whose notice the library has."""
    return {on.year for on in holidays}


def days_of(year: int) -> Iterator[date]:
    """Yield the days of a year."""
    on = date(year, 1, 1)
    while on.year == year:
        yield on
        on += timedelta(days=1)


def official(on: date) -> Day:
    """Return what the notices say of a day; one that none names is worked unless it is a Saturday or Sunday."""
    if on in holidays:
        return Day(is_workday=False, name=chinese(holidays[on]))
    if on in workdays:
        return Day(is_workday=True, name=f"{chinese(workdays[on])}{MADE_UP_FOR}")
    return Day(is_workday=on.isoweekday() <= 5, name="")


def chinese(name: str) -> str:
    """Return a holiday's name in Chinese."""
    return str(Holiday(name).chinese)
