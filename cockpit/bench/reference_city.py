"""The reference city, filled as a demo fills it, its sources heard every second, and served."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cockpit.bench.city import ledger_at
from cockpit.bench.push import free_port, serving
from cockpit.ledger.store import Ledger
from cockpit.site import Site, load_site
from etl.books import note_source
from etl.schedule import Schedule

SITE = "wenling"
HEARD_EVERY_S = 1.0


@dataclass(frozen=True)
class Served:
    """A city whose screens can be looked at."""

    site: Site
    ledger: Ledger
    port: int

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def reference_city(folder: Path, years: int) -> Iterator[Served]:
    """Fill a store with so many years of history, none of which leaves it empty, and serve it.

    Nothing comes from its sources afterwards: each is noted as heard, so that what is shown is in force and stays as it is.
    """
    site, store = load_site(SITE), folder / "city.db"
    ledger = ledger_at(store)
    if years and site.simulation is not None:
        simulated = site.model_copy(update={"simulation": site.simulation.model_copy(update={"years": years})})
        Schedule(simulated, ledger, time.time).run_due(everything=True)
    hear(site, ledger)
    port = free_port()
    with hearing(site, ledger), serving(store, port, SITE):
        yield Served(site, ledger, port)
    ledger.engine.dispose()


def hear(site: Site, ledger: Ledger) -> None:
    """Note that every source was heard just now."""
    now = int(time.time())
    with ledger.writing() as connection:
        for source in site.sources:
            note_source(connection, ledger, source.key, now=now, loaded_at=now, observed_at=now)


@contextmanager
def hearing(site: Site, ledger: Ledger) -> Iterator[None]:
    """Hear every source once a second."""
    stop = threading.Event()

    def keep_hearing() -> None:
        while not stop.wait(HEARD_EVERY_S):
            hear(site, ledger)

    thread = threading.Thread(target=keep_hearing, name="hearing")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
