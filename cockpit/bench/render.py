"""What one tick costs to draw, and to send to one browser."""

import random
import time
from collections.abc import Iterable
from statistics import median

from callbacks.board import Board
from callbacks.edition import Edition, Page
from cockpit.app import screens
from cockpit.bench.city import FIRST_AT, WEEK_S, Week, ledger_at, load_week
from cockpit.bench.figure import Figure, Measure, Place
from cockpit.bench.history import Told
from cockpit.scope import CITY
from cockpit.site import load_site
from cockpit.view import open_view, refreshed
from etl.books import note_source

CHANGED_ROWS = 20


def run(place: Place) -> Iterable[Figure]:
    """Draw the first screen of the Dublin site in one language after each of some ticks of 20 rows.

    `render_tick_ms` is all panels drawn and encoded, `apply_tick_ms` what came before: the tick's rows read
    and applied. `bytes_update` is what a browser that has the edition before is sent, compressed;
    `bytes_page` what one is sent that has none.
    """
    week, site, sizes = Week(place.sizes.drawn_incidents), load_site("dublin"), place.sizes
    ledger = ledger_at(place.folder / "render.db")
    load_week(ledger, week, incidents_a_batch=1000)
    told = Told(ledger, week, 1, random.Random(1))  # noqa: S311 nothing is kept secret
    with ledger.writing() as connection:
        for source in site.sources:
            note_source(connection, ledger, source.key, now=time.time(), loaded_at=time.time(), observed_at=FIRST_AT + WEEK_S)
    shown = {key: screen for key, screen in screens().items() if screen.shows(site)}
    board = Board(site, ledger, shown, "bench")
    board.view = open_view(ledger, site, time.time())
    editions = [drawn(board)]
    applied_ms, rendered_ms, sent = [], [], []
    for _ in range(sizes.ticks):
        told.commit(CHANGED_ROWS)
        began = time.perf_counter()
        board.view = refreshed(board.current, ledger, time.time())
        applied = time.perf_counter()
        editions.append(drawn(board))
        rendered_ms.append((time.perf_counter() - applied) * 1000)
        applied_ms.append((applied - began) * 1000)
        sent.append(size(board, editions[-1], since=editions[-2].name))
    ledger.engine.dispose()
    whole = size(board, editions[-1], since="")
    yield Figure(name="apply_tick_ms", value=median(applied_ms), unit="ms")
    yield Figure(name="render_tick_ms", value=median(rendered_ms), unit="ms")
    yield Figure(name="bytes_update", value=median(sent), unit="bytes", baseline=whole)
    yield Figure(name="bytes_page", value=whole, unit="bytes")


def drawn(board: Board) -> Edition:
    """Draw the first screen, and remember it as the board does."""
    page, name = first_page(board), board.edition
    edition = board.drawn(page, name)
    board.editions[page, name] = edition
    return edition


def size(board: Board, edition: Edition, since: str) -> int:
    """Return how many bytes a browser is sent."""
    return len(board.changed(edition, first_page(board), since))


def first_page(board: Board) -> Page:
    """Return the first screen as everybody sees it."""
    return Page(next(iter(board.screens)), CITY, board.site.language)


MEASURE = Measure(names=("apply_tick_ms", "render_tick_ms", "bytes_update", "bytes_page"), run=run)
