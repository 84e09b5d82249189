"""How a city is supplied with data: what one may know of its sources, batches and refused rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.freshness import SourceAge
from cockpit.lineage import Lineage
from cockpit.site import Site
from cockpit.text import Text

BATCHES_EACH = 6
"""How many of its newest batches are listed of each source, so that one that speaks every few seconds hides no other."""


@dataclass(frozen=True, kw_only=True)
class BatchLine:
    """One read of one source, as the books have it; `finished_at` is UTC seconds."""

    number: int
    source: str
    content: str
    origin: str
    state: str
    finished_at: float
    tick: int | None
    read_count: int
    duplicate_count: int
    refused_count: int
    opened_count: int
    closed_count: int
    message: str
    can_be_released: bool = False


@dataclass(frozen=True)
class Intake:
    """What a source brought in some days: rows that were read, and those of them that were refused."""

    read_count: int
    refused_count: int

    @property
    def refused_share(self) -> float | None:
        """Refused rows in percent of those read; None when nothing was read."""
        return 100 * self.refused_count / self.read_count if self.read_count else None


@dataclass(frozen=True)
class RefusedGroup:
    """The rows of one source, meant for one table, that one rule refused. `into` is empty where the rule was their length."""

    source: str
    into: str
    reason: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """One refused row as a person may see it; `value` and `cells` leave out whatever is, or may be, personal.

    `value` is None where it is hidden; `hidden_count` says how many cells of the row are.
    """

    origin: str
    line: int
    field: Text | None
    value: str | None
    cells: Mapping[str, str]
    hidden_count: int
    claimed_at: int | None


@dataclass(frozen=True, kw_only=True)
class Supply:
    """All that the page of data shows, at one moment (`now`, UTC s).

    `batches` are the newest of each source, newest first, `held` all that wait for a person; `intakes` what each source
    brought in 28 days; `row_counts` the rows now known of each table.
    """

    site: Site
    now: float
    tick: int
    heard_at: int | None
    ages: tuple[SourceAge, ...]
    batches: tuple[BatchLine, ...]
    held: tuple[BatchLine, ...]
    intakes: Mapping[str, Intake]
    groups: tuple[RefusedGroup, ...]
    row_counts: Mapping[str, int]
    table_titles: Mapping[str, Text]
    lineage: Lineage
    local_time: Callable[[float | None], datetime | None]

    def newest_batch(self, source: str) -> BatchLine | None:
        """Return the last batch of a source that was loaded."""
        loaded = (batch for batch in self.batches if batch.source == source and batch.state != "held")
        return next(loaded, None)

    def title(self, source: str) -> Text:
        """Return a source's title, or its key when the site knows it no more."""
        return next((age.title for age in self.ages if age.key == source), Text(source, source))


def batch_line(row: Mapping[str, Any]) -> BatchLine:
    """Return a row of the books as people read it."""
    told = {name: value for name, value in row.items() if name != "id"}
    return BatchLine(number=row["id"], **told)
