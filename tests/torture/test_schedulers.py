"""Three schedules at once on one store, and the one that runs it stands still for a while: nothing is published twice."""

import os
import random
import signal
import time
import traceback
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cockpit.errors import SchedulerRunning
from cockpit.ledger.engine import SETTINGS
from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from etl.lease import alone
from etl.schedule import Schedule
from tests.conftest import NewUrl
from tests.full import IS_FULL
from tests.torture.city import BEGAN
from tests.torture.conftest import Report
from tests.torture.passes import Torture
from tests.torture.test_kill import STORES, place

SCHEDULES = 3
STOPS = 20 if IS_FULL else 1
TTL_S, RENEW_S, LOOK_S = 2.0, 0.3, 0.2
TAKEN_WITHIN_S = 60.0
HELD = "idle_in_transaction_session_timeout"
HELD_FOR = "10s"
"""How long a session of PostgreSQL that stands still in a transaction may hold the store; shorter, as the lease here is."""


def compete(folder: str, url: str, stop: Any, failures: Any, began: float) -> None:
    """Be a schedule of a store whenever it is one's turn, until told to stop; runs in a process of its own."""
    SETTINGS[HELD] = HELD_FOR
    ledger = Ledger(url, tables())
    while not stop.is_set():
        try:
            with alone(ledger, stop=stop, ttl_s=TTL_S, renew_s=RENEW_S, look_s=LOOK_S):
                schedule = Schedule(load_site(folder), ledger, lambda: BEGAN + time.time() - began)
                while not stop.wait(0.05):
                    schedule.run_due(everything=True)
        except SchedulerRunning:
            continue
        except Exception as error:  # noqa: BLE001 whatever ends a schedule is a fault of it
            failures.put(f"A13: a schedule ended: {error!r} {traceback.format_exc(limit=-4)}")
            return


def leader(ledger: Ledger) -> tuple[int, int]:
    """Return the fence, and the process that holds it."""
    with ledger.reading() as connection:
        row = connection.execute(sa.select(ledger.lease.c.fence, ledger.lease.c.owner)).one()
    return row.fence, int(row.owner.split()[1]) if row.owner else 0


def wait_for_another(torture: Torture, fence: int) -> float:
    """Wait until another schedule has taken over, and return how long it took (s)."""
    began = time.monotonic()
    while leader(torture.ledger)[0] <= fence and time.monotonic() - began < TAKEN_WITHIN_S:
        time.sleep(0.1)
    return time.monotonic() - began


def stand_still(torture: Torture, dice: random.Random) -> float:
    """Stop the one that runs the schedule at any moment until another took over; return how long that took (s)."""
    fence, process = leader(torture.ledger)
    time.sleep(dice.uniform(0, 0.3))
    os.kill(process, signal.SIGSTOP)
    try:
        torture.departments.drop()
        return wait_for_another(torture, fence)
    finally:
        with suppress(ProcessLookupError):  # one that stood still in the middle of a write is ended by its successor
            os.kill(process, signal.SIGCONT)


@pytest.mark.torture
@pytest.mark.parametrize("kind", STORES)
def test_three_schedules_at_once_publish_nothing_twice(kind: str, new_url: NewUrl, tmp_path: Path, report: Report) -> None:
    line, dice = report.line(f"A13 {SCHEDULES} schedules, the leader stands still, {kind}"), random.Random(report.seed)
    torture = Torture(tmp_path, place(kind, tmp_path, new_url), seed=report.seed)
    torture.departments.drop()
    torture.heal()
    stop, failures = torture.context.Event(), torture.context.SimpleQueue()
    arguments = (str(torture.departments.inbox), torture.url, stop, failures, time.time())
    fence, schedules = leader(torture.ledger)[0], begun(torture, arguments, SCHEDULES)
    try:
        wait_for_another(torture, fence)
        with torture.watched():
            for _ in range(STOPS):
                torture.departments.drop()
                if not failures.empty():
                    break
                waited_s = stand_still(torture, dice)
                torture.note([] if waited_s < TAKEN_WITHIN_S else [f"A13: nobody took over for {waited_s:.0f} s"])
                line.slowest_s, line.times = max(line.slowest_s, waited_s), line.times + 1
                schedules += begun(torture, arguments, SCHEDULES - sum(schedule.is_alive() for schedule in schedules))
    finally:
        ended(schedules, stop)
    while not failures.empty():
        torture.note([failures.get()])
    torture.now += 3600
    torture.heal()
    torture.check(with_metrics=True)
    line.add(torture)
    line.end()


def begun(torture: Torture, arguments: tuple[Any, ...], count: int) -> list[ForkServerProcess]:
    """Start so many schedules."""
    schedules = [torture.context.Process(target=compete, args=arguments) for _ in range(count)]
    for schedule in schedules:
        schedule.start()
    return schedules


def ended(schedules: list[ForkServerProcess], stop: Any) -> None:
    """Let the schedules end."""
    stop.set()
    for schedule in schedules:
        schedule.join(TAKEN_WITHIN_S)
        schedule.kill()
