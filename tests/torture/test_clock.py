"""A clock that is set, in every step of a pass and while nothing happens: no row twice, none lost, nobody has to help."""

from pathlib import Path

import pytest

from cockpit.ledger.read import tick_at
from etl.schedule import Schedule
from tests.conftest import NewStore, Store
from tests.full import IS_FULL
from tests.torture.city import BEGAN, INTERVAL_S, Departments
from tests.torture.conftest import Report
from tests.torture.invariants import Checker

YEAR_S = 365 * 86_400
STEPS_S = (1, -1, 300, -300, 3600, -3600, 7200, -7200, YEAR_S, -YEAR_S) if IS_FULL else (7200, -YEAR_S)
MOST_LOOKS = 24
"""A pass does not look at the clock more often."""
SLACK_S = 30
TIMER_S = 0.5
DAY_S = 86_400


class SetClock:
    """A wall clock that is set at its n-th look, and the steady clock beside it, which shows the true time."""

    def __init__(self) -> None:
        self.true, self.ahead, self.looks = float(BEGAN), 0.0, 0
        self.at_look, self.by_s = 0, 0.0

    def __call__(self) -> float:
        self.looks += 1
        if self.looks == self.at_look:
            self.ahead += self.by_s
        return self.true + self.ahead

    def steady(self) -> float:
        return self.true

    def set(self, by_s: float, *, at_look: int) -> None:
        """Be set by so many seconds at a coming look; 0: now."""
        self.looks, self.at_look, self.by_s = 0, at_look, by_s
        if at_look == 0:
            self.ahead += by_s


class Town:
    """The departments, a schedule under a clock that is set, and what it knows in the end."""

    def __init__(self, folder: Path, store: Store, seed: int) -> None:
        self.departments, self.store, self.clock = Departments(folder, seed), store, SetClock()
        self.site = self.departments.write_site()
        self.schedule = Schedule(self.site, store.ledger, self.clock, self.clock.steady)
        self.departments.drop()
        self.turn()

    def turn(self) -> None:
        """Let the timer ask once, and wait for what is read."""
        self.schedule.run_due()
        while self.schedule.under_way:
            self.schedule.run_due()

    def pass_by(self, seconds: float) -> None:
        """Let so much true time pass."""
        self.clock.true += seconds
        self.departments.now = self.clock.true
        self.turn()

    def waits_s(self) -> float:
        """Deliver a file, and return how long it takes until it is read."""
        self.departments.drop()
        began = self.clock.true
        while self.violations() and self.clock.true - began <= INTERVAL_S + SLACK_S:
            self.pass_by(INTERVAL_S / 2)
        return self.clock.true - began

    def violations(self) -> list[str]:
        """Hold the store against what was delivered."""
        return Checker(self.departments, self.store.ledger).violations(self.site, with_metrics=False)

    def shown_s(self) -> float:
        """Return how far the newest tick's time is from the true one."""
        with self.store.ledger.reading() as connection:
            return tick_at(connection, self.store.ledger).as_of - self.clock.true


@pytest.mark.torture
@pytest.mark.parametrize("by_s", STEPS_S)
def test_a_clock_that_is_set_loses_nothing_and_doubles_nothing(
    by_s: float, new_store: NewStore, tmp_path: Path, report: Report
) -> None:
    line = report.line(f"E1 clock set by {by_s:+} s, at every look of a pass and between")
    looks = range(MOST_LOOKS) if IS_FULL else (0, 4, 11)
    with new_store() as store:
        town = Town(tmp_path, store, report.seed)
        for at_look in looks:
            town.departments.drop()
            town.clock.set(by_s, at_look=at_look)
            town.pass_by(INTERVAL_S)
            waited_s = town.waits_s()
            line.slowest_s = max(line.slowest_s, waited_s)
            wrong = town.violations() + ([] if waited_s <= INTERVAL_S + SLACK_S else [f"read after {waited_s} s"])
            line.judge(f"at look {at_look}", wrong)
            town.clock.set(-town.clock.ahead, at_look=0)
            town.pass_by(INTERVAL_S)
        town.pass_by(2 * INTERVAL_S)
        line.judge("set right", [] if abs(town.shown_s()) <= max(DAY_S, INTERVAL_S) else [f"shows {town.shown_s()} s off"])
    line.end()
