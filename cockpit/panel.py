"""The words *panel* and *screen*: one picture, and one page of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from cockpit.boundaries import Boundaries
from cockpit.columns import USUAL_PLACE
from cockpit.configuration import DEFAULT, Configuration
from cockpit.disclosure import LEAST_CELL, Level
from cockpit.evaluate import metric_named, unknowable
from cockpit.freshness import SourceAge
from cockpit.metric import Reading
from cockpit.site import Site
from cockpit.text import Language, Text


class Need(NamedTuple):
    """A metric's readings in one window, of the whole scope or of each value of a dimension."""

    metric: str
    window: str
    by: str | None = None


class Latest(NamedTuple):
    """The newest rows of a table, perhaps only those with some words or truths in a column, and not older than so many seconds.

    Where `by` names another column than the instant of the event, those that are highest in it, or highest above what they
    have in the column `above`, or, where it asks for the `lowest`, those that are lowest; rows without a number there, which no
    order can place, are left out. `also` are further columns with the words that must stand in them.
    """

    table: str
    columns: tuple[str, ...]
    limit: int
    column: str | None = None
    words: tuple[str | bool, ...] = ()
    within_s: int | None = None
    by: str = USUAL_PLACE
    above: str | None = None
    lowest: bool = False
    also: tuple[tuple[str, tuple[str | bool, ...]], ...] = ()


Cuts = tuple[int, int, int]
"""Scores from which a town would be yellow, orange and red: rising."""


@dataclass(frozen=True)
class Asked:
    """What a page's address asks of its panels.

    A town; cuts to try, `is_refused` where it asked for cuts that are none; `at`, a past moment as the address names it, by
    default now; and for whose eyes it is drawn, by default those of the staff on duty.
    """

    town: str | None = None
    cuts: Cuts | None = None
    is_refused: bool = False
    at: str | None = None
    level: Level = Level.DUTY

    @property
    def query(self) -> str:
        """What is asked, as an address says it; cuts stand from red to yellow, and those that are none as `none`."""
        cuts = "none" if self.is_refused else "-".join(str(cut) for cut in reversed(self.cuts or ()))
        level = self.level.value if self.level is not Level.DUTY else None
        asked = (("town", self.town), ("cuts", cuts), ("at", self.at), ("level", level))
        return urlencode({name: value for name, value in asked if value})


@dataclass(frozen=True)
class Values:
    """All that a panel may know: what it asked for, the names of codes, and how old everything is.

    `functional` are the codes of functional zones: counted in the city, never ranked. `began_at` gives the
    oldest event (UTC s) that a table knows of; `heard_at` is the instant up to which every live source was heard;
    `chart_from` is the day from which control charts take their baseline, where the site declares one. `asked` is what the
    address asks for; `may_name` says whether firms may be named, which only those may see whose own scope is a town;
    `configuration` are the rules in force; `is_day_over`: it is another day by now than the one that everything speaks of.
    """

    readings: Mapping[Need, tuple[Reading, ...]]
    latest: Mapping[Latest, list[dict[str, Any]]]
    ages: tuple[SourceAge, ...]
    label: Callable[[str, str | None], Text]
    local_time: Callable[[float | None], datetime | None]
    site_title: Text
    notice: Text | None
    attribution: Text | None
    cannot_know: Mapping[str, Text]
    functional: frozenset[str]
    boundaries: Boundaries | None
    boundaries_note: Text | None
    began_at: Callable[[str], float | None]
    heard_at: int
    as_of: int
    tick: int
    chart_from: date | None = None
    screen_title: Text | None = None
    asked: Asked = Asked()
    may_name: bool = False
    is_day_over: bool = False
    configuration: Configuration = DEFAULT

    @property
    def least_cell(self) -> int:
        """How many persons a cell holds at least, to be shown at this display level."""
        return LEAST_CELL[self.asked.level]

    def one(self, metric: str, window: str) -> Reading:
        """Return the reading of the whole scope."""
        return self.readings[Need(metric, window)][0]

    def parts(self, metric: str, window: str, by: str) -> tuple[Reading, ...]:
        """Return the readings of each part."""
        return self.readings[Need(metric, window, by)]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One picture: what it needs, and a pure function from values to a component.

    `frame` says how its place looks: a box, a row of cards or of scenes that are boxes themselves, or one line. One that
    `follows` is given the readings and rows of the town that the address asks for, and of the whole scope where it asks for
    none; those of its needs that are `of_all` are of the whole scope always, for a town is held against it. One that
    `is_for_staff` lists single cases, firms or vehicles, or counts too small for visitors, who do not see it.
    """

    key: str
    title: Text
    draw: Callable[[Values, Language], Any]
    needs: tuple[Need, ...] = ()
    latest: tuple[Latest, ...] = ()
    frame: Literal["box", "cards", "scenes", "top", "line"] = "box"
    follows: bool = False
    is_for_staff: bool = False
    of_all: tuple[Need, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """One way to fill a page; `asks` are the contracts that a site must feed for it.

    `grid` is the page's grid template as CSS writes it, on a stage of 1920 × 1080; its areas are the keys of the panels.
    """

    name: str
    grid: str
    panels: tuple[Panel, ...]
    asks: tuple[str, ...] = ()

    def fits(self, site: Site) -> bool:
        """Whether a site feeds all that it asks for."""
        return all(site.feeding((table,)) for table in self.asks)

    @property
    def follows(self) -> bool:
        """Whether any of its panels follows the town that an address asks for."""
        return any(panel.follows for panel in self.panels)


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One page; of its arrangements a site gets the first whose contracts it feeds, and no page where it feeds none's.

    `place` is its place among the screens, from 1 (domain specification, section 11.2); a city opens on its first.
    """

    key: str
    title: Text
    place: int
    arrangements: tuple[Arrangement, ...]

    def arranged(self, site: Site) -> Arrangement:
        """Return the arrangement for a site; the last one where none fits."""
        return next((one for one in self.arrangements if one.fits(site)), self.arrangements[-1])

    def shows(self, site: Site) -> bool:
        """Whether a site can know any metric of it that comes from a source; a page of dashes is no page."""
        arranged = self.arranged(site)
        needed = (metric_named(need.metric) for panel in arranged.panels for need in panel.needs)
        return arranged.fits(site) and any(metric.sources and unknowable(site, metric) is None for metric in needed)
