"""Kill −9 at every named step and at random: nothing lost, nothing counted twice, and it heals by itself."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cockpit.failpoint import STEPS
from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from etl.schedule import Schedule
from tests.conftest import SmallCity

KILLS = int(os.environ.get("COCKPIT_KILLS", "50"))
ROWS_A_FILE = 40
EPOCH = 1_700_000_000
COMPARED = ("emergency_call", "vehicle_status", "quarantine", "unit_run", "incident")


def stamp(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(EPOCH + second))


def call(number: int, rev: int = 0) -> dict[str, str]:
    town = "AB?"[number % 3]
    called = stamp(60 * number)
    answered = "no time" if number % 17 == 0 else called
    return {
        "call": f"c{number}",
        "rev": str(rev),
        "incident": f"i{number}",
        "called": called,
        "answered": answered,
        "town": town,
    }


def run(number: int) -> list[dict[str, str]]:
    at = {"DISPATCHED": 60, "EN_ROUTE": 150, "ON_SCENE": 500 + number % 90, "AVAILABLE": 2000}
    shared = {"rev": "0", "run": f"r{number}", "incident": f"i{number}", "station": f"s{1 + number % 2}", "source": "按键"}
    return [{"event": f"{number}-{s}", "status": s, "at": stamp(60 * number + after), **shared} for s, after in at.items()]


def drop(city: SmallCity, piece: int) -> None:
    """Drop one file of calls, with a correction of an earlier one, and one of status events."""
    numbers = range(piece * ROWS_A_FILE, (piece + 1) * ROWS_A_FILE)
    corrected = call(max(0, numbers[0] - 7), rev=piece + 1)
    city.write("emergency_call", *(call(n) for n in numbers), corrected, name=f"emergency_call{piece:04d}.csv")
    city.write("vehicle_status", *(e for n in numbers for e in run(n)), name=f"vehicle_status{piece:04d}.csv")


def one_pass(folder: str, url: str, fail: str) -> None:
    """Run every source once, in a process of its own that may have to die on the way."""
    os.environ["COCKPIT_FAIL"] = fail
    ledger = Ledger(url, tables())
    ledger.create()
    Schedule(load_site(folder), ledger, time.time).run_due(everything=True)


def known(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the current rows of every compared table, without the ticks they came at."""
    ledger = Ledger(url, tables())
    found: dict[str, list[tuple[object, ...]]] = {}
    with ledger.reading() as connection:
        for name in COMPARED:
            table = ledger.tables[name]
            columns = [table.c[column] for column in ledger.declared[name].names]
            rows = connection.execute(sa.select(*columns).where(table.c.known_to.is_(None))).all()
            found[name] = sorted((tuple(row) for row in rows), key=repr)
    ledger.engine.dispose()
    return found


def books(url: str) -> tuple[list[int], list[tuple[str, str]]]:
    """Return the ticks' numbers, and source and content of every loaded batch."""
    ledger = Ledger(url, tables())
    with ledger.reading() as connection:
        ticks = list(connection.scalars(sa.select(ledger.ticks.c.number).order_by(ledger.ticks.c.number)))
        batches = [tuple(row) for row in connection.execute(sa.select(ledger.batches.c.source, ledger.batches.c.content))]
    ledger.engine.dispose()
    return ticks, batches


@pytest.fixture(scope="module")
def processes() -> Iterator[multiprocessing.context.ForkServerContext]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["etl.schedule", "etl.sources.csv", "etl.derive.emergency_run"])
    return context


def plan(seed: int) -> Iterator[tuple[str, float | None]]:
    """Yield one attempt after the other, for ever: by turns a named step at one of its passages, and a random moment."""
    dice = random.Random(seed)
    while True:
        for step in dice.sample(STEPS, len(STEPS)):
            yield f"{step}:{dice.choice((1, 1, 2, 3))}", None
            yield "", dice.uniform(0.05, 0.5)


@pytest.mark.torture
def test_kills_lose_nothing_and_count_nothing_twice(
    city: SmallCity, processes: multiprocessing.context.ForkServerContext, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seed = 20_261_121
    stores = tmp_path_factory.mktemp("stores")
    url, clean_url = f"sqlite:///{stores / 'killed.db'}", f"sqlite:///{stores / 'clean.db'}"
    city.site()
    killed = 0
    for piece, (fail, after_s) in enumerate(plan(seed)):
        if killed == KILLS:
            break
        drop(city, piece)
        process = processes.Process(target=one_pass, args=(str(city.folder), url, fail))
        process.start()
        if after_s is not None:
            time.sleep(after_s)
            process.kill()
        process.join(60)
        killed += process.exitcode == -signal.SIGKILL
    one = processes.Process(target=one_pass, args=(str(city.folder), url, ""))
    one.start()
    one.join(120)
    clean = processes.Process(target=one_pass, args=(str(city.folder), clean_url, ""))
    clean.start()
    clean.join(120)
    assert one.exitcode == clean.exitcode == 0
    after, expected = known(url), known(clean_url)
    for name in COMPARED:
        assert after[name] == expected[name], f"{name} differs after {killed} kills (seed {seed})"
    calls = {row[0] for row in after["emergency_call"]}
    assert len(calls) + len(after["quarantine"]) >= KILLS * ROWS_A_FILE
    ticks, batches = books(url)
    assert ticks == list(range(1, len(ticks) + 1)), "ticks have a gap"
    assert len(batches) == len(set(batches)), "a batch was loaded twice"


def test_one_pass_without_a_kill_ends_well(
    city: SmallCity, processes: multiprocessing.context.ForkServerContext, tmp_path: Path
) -> None:
    city.site()
    drop(city, 0)
    process = processes.Process(target=one_pass, args=(str(city.folder), f"sqlite:///{tmp_path / 'one.db'}", ""))
    process.start()
    process.join(60)
    assert process.exitcode == 0
