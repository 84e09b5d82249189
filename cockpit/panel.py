"""The words *panel* and *screen*: one picture, and one page of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cockpit.boundaries import Boundaries
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
    """The newest rows of a table, perhaps only those with some words in a column, and not older than so many seconds."""

    table: str
    columns: tuple[str, ...]
    limit: int
    column: str | None = None
    words: tuple[str, ...] = ()
    within_s: int | None = None


@dataclass(frozen=True)
class Values:
    """All that a panel may know: what it asked for, the names of codes, and how old everything is.

    `functional` are the codes of functional zones: counted in the city, never ranked. `began_at` gives the
    oldest event (UTC s) that a table knows of; `heard_at` is the instant up to which every live source was heard.
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

    def one(self, metric: str, window: str) -> Reading:
        """Return the reading of the whole scope."""
        return self.readings[Need(metric, window)][0]

    def parts(self, metric: str, window: str, by: str) -> tuple[Reading, ...]:
        """Return the readings of each part."""
        return self.readings[Need(metric, window, by)]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One picture: what it needs, and a pure function from values to a component."""

    key: str
    title: Text
    draw: Callable[[Values, Language], Any]
    needs: tuple[Need, ...] = ()
    latest: tuple[Latest, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """One way to fill a page; `asks` are the contracts that a site must feed for it."""

    name: str
    panels: tuple[Panel, ...]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One page; of its arrangements a site gets the first whose contracts it feeds."""

    key: str
    title: Text
    arrangements: tuple[Arrangement, ...]

    def arranged(self, site: Site) -> Arrangement:
        """Return the arrangement for a site; the last one asks for nothing."""
        fitting = (one for one in self.arrangements if all(site.feeding((table,)) for table in one.asks))
        return next(fitting, self.arrangements[-1])

    def shows(self, site: Site) -> bool:
        """Whether a site can know any metric of it that comes from a source; a page of dashes is no page."""
        needed = (metric_named(need.metric) for panel in self.arranged(site).panels for need in panel.needs)
        return any(metric.sources and unknowable(site, metric) is None for metric in needed)
