"""A rehearsal: each source of a site is opened, and its first rows are mapped, into a store that is thrown away."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from cockpit.errors import BatchHeld, SourceError
from cockpit.ledger.store import QUARANTINE, Ledger
from cockpit.site import Site
from cockpit.source_config import SourceConfig
from etl.batch import Batch, Extract
from etl.catalogue import contracts, tables
from etl.known import known_to
from etl.load import load
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of
from etl.schedule import Schedule

ROWS = 100
"""How many rows of each source are mapped; of a list all are, since other sources refer to it."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What became of one source: `trouble` when it could not be read, else what its rows would become."""

    source: str
    trouble: str = ""
    read_count: int = 0
    rows: dict[str, int]
    refused: pd.DataFrame

    @property
    def refusals(self) -> list[str]:
        """What would be refused, most often first: field, reason, how often, and the first value with its place."""
        lines = []
        for (field, reason), group in self.refused.groupby(["field", "reason"], sort=False):
            first = group.iloc[0]
            where = f"{first['origin']}, line {first['line']}" if first["line"] else first["origin"]
            lines.append((len(group), f"{field or 'row'} {reason}: {len(group)} rows, first {first['detail']!r} ({where})"))
        return [line for _, line in sorted(lines, key=lambda found: -found[0])]


def rehearse(site: Site, now: float) -> Iterator[Finding]:
    """Yield what would become of each source of a site, in its order. Nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="cockpit-check-") as folder:
        ledger = Ledger(f"sqlite:///{Path(folder) / 'check.db'}", tables())
        ledger.create()
        schedule = Schedule(site, ledger, lambda: now)
        try:
            yield from (rehearsed(schedule, source, now) for source in site.sources)
        finally:
            ledger.engine.dispose()


def rehearsed(schedule: Schedule, source: SourceConfig, now: float) -> Finding:
    """Read a source, map its first rows, and load them into the store of the rehearsal."""
    nothing = pd.DataFrame(columns=list(QUARANTINE.names))
    as_of = int(now) if schedule.site.replay is None else schedule.site.start_at
    try:
        known = known_to(schedule.ledger, None)
        begin = {"begin": datetime.fromtimestamp(as_of, schedule.site.zone).date().isoformat()} if source.kind == "demo" else {}
        brought = next(iter(schedule.readers[source.key].read(begin, as_of, known)), None)
    except SourceError as error:
        return Finding(source=source.key, trouble=str(error), rows={}, refused=nothing)
    if isinstance(brought, BatchHeld):
        return Finding(source=source.key, trouble=str(brought), rows={}, refused=nothing)
    if brought is None:
        return Finding(source=source.key, rows={}, refused=nothing)
    mapper = Mapper(schedule.site, source, known, as_of + FUTURE_TOLERANCE_S)
    is_list = not any("event_at" in contracts()[read.table].names for read in source.reads)
    few = brought if is_list or brought.extract is None else first_rows(brought, brought.extract, mapper)
    load(schedule.ledger, few, as_of=as_of, now=now)
    rows = {name: len(frame) for name, frame in few.rows.items()}
    return Finding(source=source.key, read_count=few.read_count, rows=rows, refused=few.refused)


def first_rows(batch: Batch, extract: Extract, mapper: Mapper) -> Batch:
    """Return the batch that the first rows of a read would have been."""
    raw, ragged = extract.raw.head(ROWS), extract.ragged.head(ROWS)
    few = replace(extract, raw=raw, ragged=ragged, read_count=len(raw) + len(ragged), duplicate_count=0)
    return batch_of(few, mapper, cursor=batch.cursor)
