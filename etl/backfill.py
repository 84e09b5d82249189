"""Reading a source's history once more: what was missed, or is mapped otherwise now."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from cockpit.errors import BatchHeld, SourceError
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from etl.load import load
from etl.schedule import Schedule, site_clock


def backfill(ledger: Ledger, site: Site, key: str, *, begin: date, end: date, now: float) -> list[int]:
    """Read what a source has to say of some local days, last day included, load it, and return the ticks.

    Neither the source's cursor nor its age moves. Raises: SourceError, and BatchHeld when something is not what was declared.
    """
    schedule = Schedule(site, ledger, lambda: now)
    reader = schedule.readers[key]
    if not hasattr(reader, "history"):
        raise SourceError(f"source {key} is of kind {site.source(key).kind}, which has no history to read again")
    if end < begin:
        raise SourceError(f"--from {begin} lies after --to {end}")
    span = (midnight(site, begin), midnight(site, end + timedelta(days=1)))
    as_of = site_clock(site, schedule.states(), now)
    ticks = []
    known = replace(schedule.known(key), is_first=True)  # a person asks for history: no row is too late
    for brought in reader.history(span, as_of, known):
        if isinstance(brought, BatchHeld):
            raise brought
        ticks.append(load(ledger, brought, as_of=as_of, now=now, again=True))
    return [tick for tick in ticks if tick is not None]


def midnight(site: Site, on: date) -> int:
    """Return the instant (UTC s) at which a local day begins."""
    return int(datetime.combine(on, time(), site.zone).timestamp())
