"""A number opened: its reading, and everything that it rests on, as one may see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.behind import Behind
from cockpit.freshness import SourceAge
from cockpit.metric import Metric, Reading
from cockpit.panel import Values
from cockpit.text import Text


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One number and what it rests on.

    `values` say who looks, at what and at which level, `now` (UTC s) is when; `reading` is the number in its window, `windows`
    are those it may be read in. `weeks` are its last 53, oldest first, `holidays` those of the long holidays, `untold` the
    labels of weeks of which not everything is told yet. `parts` are its readings by dimension, `made_of` the metrics that it
    is made of, `rows` those that reproduce it. Where there are no weeks or rows, `no_weeks` or `no_rows` says why.
    """

    values: Values
    now: float
    reading: Reading
    windows: tuple[str, ...]
    feeders: tuple[SourceAge, ...]
    dimension_titles: Mapping[str, Text]
    weeks: tuple[Reading, ...] = ()
    holidays: tuple[Reading, ...] = ()
    untold: frozenset[str] = frozenset()
    parts: Mapping[str, tuple[Reading, ...]]
    made_of: tuple[Reading, ...] = ()
    rows: tuple[Behind, ...] = ()
    no_weeks: Text | None = None
    no_rows: Text | None = None

    @property
    def metric(self) -> Metric:
        """What it is a number of."""
        return self.reading.metric
