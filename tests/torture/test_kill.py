"""Kill −9 at every named step and at random: nothing lost, nothing counted twice, nothing half, and it heals by itself."""

import random
import signal
from pathlib import Path

import pytest

from cockpit.failpoint import STEPS
from tests.conftest import NewUrl
from tests.full import IS_FULL
from tests.torture.conftest import Report
from tests.torture.passes import ENDS_WITHIN_S, Torture, one_creation, processes

STORES = ("sqlite", "postgresql")
TIMES_A_STEP = 10 if IS_FULL else 1
RANDOM_KILLS = 170 if IS_FULL else 4
UPGRADE_KILLS = 20 if IS_FULL else 1
KILLS_A_CITY = 25
"""Then another city begins, so that what is compared stays small."""


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest) -> str:
    """Return a kind of store; PostgreSQL only where a server can be started."""
    return request.param


def place(kind: str, folder: Path, new_url: NewUrl) -> str:
    """Return the URL of a store that is not there yet, a file in a folder of its own or a database."""
    return f"sqlite:///{folder / 'store' / 'cockpit.db'}" if kind == "sqlite" else new_url(kind)


def plan(dice: random.Random) -> list[str]:
    """Return every named step as often as asked, at its first passage and at later ones, in another order each time."""
    asked = []
    for turn in range(TIMES_A_STEP):
        nth = 1 + turn % 2  # a pass brings a file of calls and one of events
        asked += [f"{step}:{1 if step == 'passed' else nth}:kill" for step in dice.sample(STEPS, len(STEPS))]
    return asked


@pytest.mark.torture
def test_a_kill_at_any_step_loses_nothing(kind: str, new_url: NewUrl, tmp_path: Path, report: Report) -> None:
    dice, line = random.Random(7), report.line(f"A1 kill at each of {len(STEPS)} steps, {kind}")
    asked = plan(dice) if IS_FULL or kind == STORES[0] else plan(dice)[::4]
    for begin in range(0, len(asked), KILLS_A_CITY):
        torture = Torture(tmp_path / str(begin), place(kind, tmp_path / str(begin), new_url), seed=report.seed + begin)
        torture.departments.drop()
        torture.heal()
        with torture.watched():
            for fail in asked[begin : begin + KILLS_A_CITY]:
                if not fail.startswith("passed"):  # time makes a tick only when there is no news
                    torture.departments.drop()
                line.hit(torture.strike(fail), fail)
                torture.heal()
                torture.check()
        torture.check(with_metrics=True)
        line.add(torture)
    line.end()


@pytest.mark.torture
def test_a_kill_at_any_moment_loses_nothing_while_files_keep_coming(
    kind: str, new_url: NewUrl, tmp_path: Path, report: Report
) -> None:
    dice, line = random.Random(report.seed), report.line(f"A2 kill at random, files keep coming, {kind}")
    killed = city = 0
    while killed < RANDOM_KILLS:
        torture = Torture(tmp_path / str(city), place(kind, tmp_path / str(city), new_url), seed=report.seed + 1000 + city)
        torture.departments.drop()
        torture.heal()
        with torture.watched():
            while torture.kills < min(KILLS_A_CITY, RANDOM_KILLS - killed):
                torture.departments.drop()
                if torture.strike(after_s=dice.uniform(0.03, 0.4), meanwhile=dice.choice((0, 1, 2))):
                    torture.strike(after_s=dice.uniform(0.03, 0.3))  # and its recovery too
                torture.heal()
                torture.check()
        torture.check(with_metrics=True)
        killed, city = killed + torture.kills, city + 1
        line.add(torture, times=torture.kills)
    line.end()


@pytest.mark.torture
def test_a_kill_while_the_store_is_made_leaves_nothing_half(kind: str, new_url: NewUrl, tmp_path: Path, report: Report) -> None:
    dice, line = random.Random(report.seed), report.line(f"A2 kill while the store is made, {kind}")
    for turn in range(UPGRADE_KILLS):
        folder = tmp_path / str(turn)
        folder.mkdir()
        url = place(kind, folder, new_url)
        line.hit(died_making(url, dice.uniform(0.2, 1.5) if turn % 2 else None), f"turn {turn}")
        torture = Torture(folder, url, seed=report.seed + turn)
        torture.departments.drop()
        torture.heal()
        torture.check()
        line.add(torture)
    line.end()


def died_making(url: str, after_s: float | None) -> bool:
    """Let a process make a store and die right before it commits, or after a while; whether it died."""
    process = processes().Process(target=one_creation, args=(url, "created:1:kill"))
    process.start()
    process.join(ENDS_WITHIN_S if after_s is None else after_s)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL
