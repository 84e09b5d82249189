"""States of a filled city whose sources tell nothing more: all heard just now, all late, one town silent."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cockpit.freshness import LATE_AFTER, STALE_AFTER
from cockpit.judging.town_reason import reason
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from etl.books import note_source
from tests.conftest import Store

HEARD_EVERY_S = 1.0
LATE_BY = (LATE_AFTER + STALE_AFTER) / 2
"""Expected intervals since a source was heard that is late, and not yet taken for dead."""

SILENT_WEEKS, SILENT_WORKDAYS = 4, 21
KEPT = ("town_code", "week_end_on", "config_version", "data_as_of_at", "person_years", "person_years_before", "is_frozen")
"""What is known of a week of which nothing was heard."""


@contextmanager
def heard(site: Site, ledger: Ledger, ago: float = 0.0) -> Iterator[None]:
    """Keep every source as old as so many of its own intervals; a mere list is heard now always."""
    stop = threading.Event()

    def note() -> None:
        now = time.time()
        with ledger.writing() as connection:
            for source in site.sources:
                at = now if source.static else now - ago * source.news_within_s
                note_source(connection, ledger, source.key, now=now, state="ok", loaded_at=at)

    def keep_noting() -> None:
        while not stop.wait(HEARD_EVERY_S):
            note()

    note()
    noting = threading.Thread(target=keep_noting)
    noting.start()
    try:
        yield
    finally:
        stop.set()
        noting.join()


def silence(ledger: Ledger, town: str, as_of: int) -> None:
    """Let a town have been judged silent in its newest weeks, as the models write it."""
    store = Store(ledger)
    [standing] = [row for row in store.rows("town_colour") if row["town_code"] == town]
    weeks = sorted(
        (row for row in store.rows("town_colour_history") if row["town_code"] == town), key=lambda r: r["week_end_on"]
    )
    gone = dict.fromkeys(("colour", "since_on", "preview_score", "preview_raw", "preview_colour", "preview_reason"))
    told = {"is_silent": True, "silent_workday_count": SILENT_WORKDAYS, "silent_probability": 0.0}
    store.tell(
        as_of=as_of,
        town_colour=[{**standing, **gone, **told}],
        town_colour_history=[silent_week(row) for row in weeks[-SILENT_WEEKS:]],
    )


def silent_week(row: dict[str, object]) -> dict[str, object]:
    """Return a town's week as it is when nothing was heard of it."""
    known = {name: row.get(name) for name in KEPT}
    told = {**known, "observed_count": 0, "is_silent": True, "is_alarm": False, "is_thin": False}
    return {**told, "reason_text": reason(told, "zh")}
