"""What is not a kill: an error, a full disk, a process that hangs at a named step, and kills on ways that are seldom gone."""

import os
import signal
from pathlib import Path

import pytest

from cockpit.failpoint import STEPS
from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from etl.quarantine import held_batches, release_batch
from tests.conftest import HEADERS, NewUrl
from tests.full import IS_FULL
from tests.torture.city import CALL, Line, encoded
from tests.torture.conftest import Report
from tests.torture.passes import Torture
from tests.torture.test_kill import STORES, place

ACTIONS = ("raise", "enospc", "hang") if IS_FULL else ("raise", "hang")
SOME_STEPS = STEPS if IS_FULL else STEPS[2::6]
HANGS_FOR_S = 1.0


@pytest.mark.torture
@pytest.mark.parametrize("kind", STORES if IS_FULL else STORES[:1])
def test_an_error_or_a_hang_at_any_step_loses_nothing(kind: str, new_url: NewUrl, tmp_path: Path, report: Report) -> None:
    line = report.line(f"A1 {', '.join(ACTIONS)} at steps, {kind}")
    torture = Torture(tmp_path, place(kind, tmp_path, new_url), seed=report.seed)
    torture.departments.drop()
    torture.heal()
    with torture.watched():
        for fail in (f"{step}:1:{action}" for step in SOME_STEPS for action in ACTIONS):
            torture.departments.drop()
            torture.strike(fail, HANGS_FOR_S if fail.endswith("hang") else None)
            torture.heal()
            torture.check()
            line.times += 1
    torture.check(with_metrics=True)
    line.add(torture)
    line.end()


@pytest.mark.torture
@pytest.mark.parametrize("kind", STORES if IS_FULL else STORES[:1])
def test_a_kill_while_a_batch_is_held_leaves_it_held_once(kind: str, new_url: NewUrl, tmp_path: Path, report: Report) -> None:
    line = report.line(f"A1 kill while a batch is held, {kind}")
    torture = Torture(tmp_path, place(kind, tmp_path, new_url), seed=report.seed)
    torture.heal()
    at, bad = "2026-03-04T09:00:00", range(30)
    lines = [Line((f"h{n}", "0", f"k{n}", "no time", at, "", "A", "", "s"), "refused", "unparsable") for n in bad]
    torture.departments.deliver(CALL, f"{CALL}-x.csv", lines)
    line.hit(torture.strike("held:1:kill"), "held")
    torture.departments.place(CALL, f"{CALL}-y.csv", encoded(HEADERS[CALL][::-1], []), [])
    line.hit(torture.strike("unread:1:kill"), "unread")
    torture.heal()
    with torture.ledger.reading() as connection:
        origins = sorted(held_batches(connection, torture.ledger)["origin"])
    torture.note([] if origins == [f"{CALL}-x.csv", f"{CALL}-y.csv"] else [f"held are {origins}"])
    torture.check(is_held=frozenset(origins))
    line.add(torture)
    line.end()


@pytest.mark.torture
@pytest.mark.parametrize("kind", STORES if IS_FULL else STORES[:1])
def test_a_kill_while_a_batch_is_released_leaves_it_loaded_once_and_waiting_no_more(
    kind: str, new_url: NewUrl, tmp_path: Path, report: Report
) -> None:
    line = report.line(f"A1 kill while a batch is released, {kind}")
    torture = Torture(tmp_path, place(kind, tmp_path, new_url), seed=report.seed)
    torture.heal()
    calls = [torture.departments.call(n) for n in range(30)]
    bad = [Line((*c.cells[:3], "no time", *c.cells[4:]), "refused", "unparsable") for c in calls[:10]]
    torture.departments.deliver(CALL, f"{CALL}-x.csv", [*bad, *calls[10:]])
    torture.heal()
    line.hit(died_releasing(torture), "released")
    torture.heal()
    torture.check()
    torture.note([f"batch {number} still waits" for number in held_numbers(torture)])
    line.add(torture)
    line.end()


def held_numbers(torture: Torture) -> list[int]:
    """Return the numbers of the batches that wait."""
    with torture.ledger.reading() as connection:
        return [int(number) for number in held_batches(connection, torture.ledger)["id"]]


def died_releasing(torture: Torture) -> bool:
    """Let a process release the one batch that waits, and die on the way; whether it died."""
    arguments = (str(torture.departments.inbox), torture.url, held_numbers(torture)[0], torture.now)
    process = torture.context.Process(target=one_release, args=arguments)
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


def one_release(folder: str, url: str, number: int, now: float) -> None:
    """Release a batch, and die right after it was loaded."""
    os.environ["COCKPIT_FAIL"] = "released:1:kill"
    release_batch(Ledger(url, tables()), load_site(folder), number, as_of=int(now), now=now)
