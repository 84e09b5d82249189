"""The words *panel* and *screen*: one picture, and one page of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cockpit.freshness import SourceAge
from cockpit.metric import Reading
from cockpit.text import Language, Text


class Need(NamedTuple):
    """A metric's readings in one window, of the whole scope or of each value of a dimension."""

    metric: str
    window: str
    by: str | None = None


class Latest(NamedTuple):
    """The newest rows of a table."""

    table: str
    columns: tuple[str, ...]
    limit: int


@dataclass(frozen=True)
class Values:
    """All that a panel may know: what it asked for, the names of codes, and how old everything is."""

    readings: Mapping[Need, tuple[Reading, ...]]
    latest: Mapping[Latest, list[dict[str, Any]]]
    ages: tuple[SourceAge, ...]
    label: Callable[[str, str | None], Text]
    local_time: Callable[[float | None], datetime | None]
    site_title: Text
    notice: Text | None
    attribution: Text | None
    cannot_know: Mapping[str, Text]
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
class Screen:
    """One page of panels; `areas` is its CSS grid, each panel's key naming its area."""

    key: str
    title: Text
    panels: tuple[Panel, ...]
