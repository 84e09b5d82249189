"""Three simulated years of work injury, a fifth as large: filled once, read and judged by the cockpit and by the oracles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from cockpit.ledger.store import Ledger
from cockpit.site import Site, load_site
from cockpit.view import View, open_view, refreshed
from etl.catalogue import tables
from etl.schedule import Schedule
from etl.simulation.injury import city
from etl.simulation.injury.parameters import InjuryParameters
from tests.conftest import Clock
from tests.oracle import wenling, wenling_injury
from tests.oracle.collecting import no_collecting
from tests.oracle.listening import listen

FRIDAY = datetime(2026, 2, 27, 10, 30)
"""Half a year after going live; what began before ten last night has expired, and the week before had no working day."""
MONDAY = datetime(2026, 3, 2, 2, 5)
"""A week has closed since, and its last day was frozen five minutes ago."""
NEW_YEAR = datetime(2027, 1, 4, 1, 10)
"""Forty-four weeks more; a Monday before its freeze, in a year whose holidays nobody has announced."""
INSTANTS = tuple(wenling.utc(local) for local in (FRIDAY, MONDAY, NEW_YEAR))

A_FIFTH = InjuryParameters(
    firm_count=2_800, firms_per_year=28, insured_count=80_000, accepted_per_year=1_028, employer_count=128, exchange_per_day=40
)
"""A city of one firm and one case in five, whose yearly figures of help are as they were."""

TOLD = {*wenling_injury.CONTRACTS, "town_alias", "config"}
"""The contracts of work injury, and the lists that judging it rests on besides."""


@dataclass
class Moment:
    """One instant: the live view, and the current rows of every department."""

    as_of: int
    view: View
    records: dict


@dataclass
class Filled:
    """The city's store, and all that its departments have sent into it."""

    ledger: Ledger
    site: Site
    departments: wenling_injury.InjuryDepartments = field(default_factory=wenling_injury.InjuryDepartments)


@contextmanager
def small_site() -> Iterator[Site]:
    """Wenling with the departments of work injury only, a fifth as large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(city, "InjuryParameters", lambda: A_FIFTH)
        city.city.cache_clear()
        whole = load_site("wenling")
        own = [source for source in whole.sources if {read.table for read in source.reads} & TOLD]
        yield whole.model_copy(update={"sources": tuple(own)})
    city.city.cache_clear()


@contextmanager
def empty_city(folder: Path, site: Site) -> Iterator[Filled]:
    """A store of the city in which nothing is yet."""
    ledger = Ledger(f"sqlite:///{folder / 'cockpit.db'}", tables())
    ledger.create()
    yield Filled(ledger, site)
    ledger.engine.dispose()


def moments(filled: Filled) -> Iterator[Moment]:
    """Fill the city up to each of the instants, judged by its models; the view moves on, and must be read before the next."""
    clock, view = Clock(float(INSTANTS[0])), None
    schedule = Schedule(filled.site, filled.ledger, clock, clock)
    listen(schedule, filled.departments)
    with no_collecting():
        for as_of in INSTANTS:
            clock.now = float(as_of)
            schedule.run_due(everything=True)
            view = refreshed(view, filled.ledger, clock.now) if view else open_view(filled.ledger, filled.site, clock.now)
            yield Moment(as_of, view, filled.departments.records())
