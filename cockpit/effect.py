"""What the rows in quarantine could do to a reading.

A row that a contract refused may be right but for one cell, and nobody knows what it would have said. So a reading tells how
many refused rows may concern it, and between which ends its value would lie whatever they said.

A refused row may concern a reading when it was meant for one of the metric's contracts (a ragged one, for any that its source
fills) and the instant that it claims does not rule the window out. It names no town that could be trusted, so it may
concern any town and any other part as much as the city. The instant rules a window out

- of a contract's own rows, when it lies outside: rows are placed by that instant;
- of derived rows, when it lies more than `AHEAD_OF_PLACE_S` before the window: what belongs to a call, a case or a stay
  follows what placed it;
- of derived rows that are placed by a later stamp, when it lies further before the window than its contract lets rows come:
  what happened to a case up to then belongs to it;
- of what is so now, when it is older than `TOLD_AGAIN_S`: what it told of has been told again since.

A row that claims no readable instant, or one that itself was refused, may concern every window.

Each such row may add one row to those that the metric reads, take one away or make one of them another: then the value lies
between its extremes (`cockpit.extremes`), exactly, and there are rows that would move it to each end. That one refused row
concerns one row at most is known where it names that row by its own cells: the contract is the metric's table itself, or
the table is derived by a column of the contract and its key is among the contract's columns. A call names its incident, but
not the runs to it; a run that was cancelled counts by what became of the others; a row of a source may give several rows of
one contract; and a ragged row may be several that ran together. There nothing bounds the value.

Assumed: what one row of a source gives of a contract, a correction of an earlier row among it, speaks of one thing and one
window; rows of a held batch are not in the quarantine, and their source is shown as held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.columns import USUAL_PLACE, Columns, Rows
from cockpit.formula_combined import Combined
from cockpit.ledger.store import QUARANTINE
from cockpit.ledger.tables import Table
from cockpit.metric import Metric
from cockpit.scope import CITY
from cockpit.site import Site
from cockpit.window import DAY_S, Window, window

AHEAD_OF_PLACE_S = DAY_S // 2
"""How long before a derived row's own instant something may be stamped that belongs to it: clocks differ. [DEF]"""

TOLD_AGAIN_S = 7 * DAY_S
"""After how long what is so now has been told again, whatever was refused before. [DEF]"""

NO_TRUE_INSTANT = ("before_floor", "in_future")
"""Reasons for which it is the claimed instant itself that was refused."""


@dataclass(frozen=True)
class Doubt:
    """How many refused rows may concern a reading, and whether each of them concerns at most one of the rows read."""

    rows: int = 0
    is_bounded: bool = False

    @property
    def changed(self) -> int:
        """How many of the rows read could be others, as far as that can be bounded; 0 where there is nothing to reckon."""
        return self.rows if self.is_bounded else 0


NO_DOUBT = Doubt()


@dataclass(frozen=True)
class Claims:
    """When the refused rows of one source for one table say that they happened (UTC s, sorted), and how many do not say."""

    instants: npt.NDArray[np.float64]
    undated: int

    def within(self, from_at: float, to_at: float) -> int:
        """Count those that may have happened in [from_at, to_at)."""
        first, last = np.searchsorted(self.instants, (from_at, to_at))
        return self.undated + max(0, int(last - first))


def doubt(columns: Columns, site: Site, read: Sequence[tuple[Metric, Window]]) -> Doubt:
    """Return what is in quarantine that may concern a metric in a window, or a value made of several."""
    if QUARANTINE.name not in columns.tables or not columns.tables[QUARANTINE.name].count:
        return NO_DOUBT
    refused = columns.rows(QUARANTINE.name, CITY, window("now", columns.tick.as_of, site.zone))
    found, is_bounded = 0, len(read) == 1
    for place, claims in claims_of(refused).items():
        counts = [concerning(columns, site, metric, span, place, claims) for metric, span in read]
        found += max(counts)
        if max(counts) and is_bounded:
            is_bounded = concerns_one_row(columns, site, read[0][0], place)
    return Doubt(found, is_bounded) if found else NO_DOUBT


def concerning(  # noqa: PLR0917 in the order one says them: what this metric, in this window, has to fear from these
    columns: Columns, site: Site, metric: Metric, span: Window, place: tuple[str, str], claims: "Claims"
) -> int:
    """Return how many refused rows of one source and table may concern a metric in a window."""
    contracts = [name for name in meant_for(site, *place, metric) if name in metric.sources]
    return max((claims.within(*reach(columns, metric, name, span)) for name in contracts), default=0)


def concerns_one_row(columns: Columns, site: Site, metric: Metric, place: tuple[str, str]) -> bool:
    """Whether each refused row of a source for a table concerns at most one of the rows that a metric reads."""
    source, into = place
    if isinstance(metric.formula, Combined) or metric.formula.asks_others():
        return False
    return gives_one(site, source, into, metric.table) and concerns_one(columns.declared, into, metric.table)


def claims_of(refused: Rows) -> Mapping[tuple[str, str], Claims]:
    """Return what refused rows claim, by their source and the table they were meant for; it is found once a tick."""
    if ("claims", "") not in refused.found:
        claimed = refused.numbers("claimed_at")
        is_true = ~(np.isnan(claimed) | refused.is_any("reason", NO_TRUE_INSTANT))
        refused.found["claims", ""] = {
            (source, into): Claims(np.sort(claimed[at][is_true[at]]), int(np.count_nonzero(~is_true[at])))
            for (source, into), at in places(refused).items()
        }
    claims: Mapping[tuple[str, str], Claims] = refused.found["claims", ""]
    return claims


def places(refused: Rows) -> dict[tuple[str, str], npt.NDArray[np.intp]]:
    """Return the places of refused rows by their source and the table they were meant for."""
    sources, tables = ([*refused.columns.vocabulary[name]] for name in ("source", "into"))
    both = refused.values("source").astype(np.int64) * len(tables) + refused.values("into")
    return {
        (sources[code // len(tables)], tables[code % len(tables)]): np.flatnonzero(both == code)
        for code in np.unique(both).tolist()
    }


def meant_for(site: Site, source: str, into: str, metric: Metric) -> tuple[str, ...]:
    """Return the contracts that a refused row may have been meant for; of a source that is no more, any."""
    if into:
        return (into,)
    tables = [tuple(read.table for read in config.reads) for config in site.sources if config.key == source]
    return tables[0] if tables else metric.sources


def gives_one(site: Site, source: str, into: str, name: str) -> bool:
    """Whether a row of a source gives at most one row of a table that is its contract; derived rows are of one thing anyhow."""
    tables = [read.table for config in site.sources if config.key == source for read in config.reads]
    return into != name or tables.count(into) <= 1


def reach(columns: Columns, metric: Metric, contract: str, span: Window) -> tuple[float, float]:
    """Return the instants (UTC s) from which and before which a refused row of a contract may concern a window."""
    arrays, declared = columns.tables[metric.table].arrays, columns.declared.get(contract)
    if metric.placed_by not in arrays:
        return columns.tick.as_of - TOLD_AGAIN_S, np.inf
    if metric.placed_by != USUAL_PLACE:
        late_days = declared.late_days if declared else None
        return (-np.inf if late_days is None else span.from_at - late_days * DAY_S), np.inf
    return (span.from_at, span.to_at) if contract == metric.table else (span.from_at - AHEAD_OF_PLACE_S, np.inf)


def concerns_one(declared: Mapping[str, Table], contract: str, name: str) -> bool:
    """Whether a row of a contract concerns at most one row of a table, the one that it names by its own cells."""
    if contract == name:
        return True
    if contract not in declared or name not in declared:
        return False
    told, read = declared[contract], declared[name]
    return bool({*told.by} & {*read.by}) and {*read.key} <= {*told.names}
