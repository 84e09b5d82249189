"""Batches that no department means, and the same rows in every order and disguise: through real files and the schedule."""

from pathlib import Path

import pytest

from etl.quarantine import held_batches, release_batch
from etl.schedule import Schedule
from tests.conftest import Clock, NewStore, Store
from tests.torture.city import BEGAN, CALL, Departments, Line
from tests.torture.conftest import Report
from tests.torture.invariants import Checker

MANY = 1000
SHARES_PERMILLE = (1, 50, 500, 1000)
LIMIT_PERMILLE = 50
DAY_S = 86_400


class Office:
    """The departments and a schedule in this process."""

    def __init__(self, folder: Path, store: Store, seed: int) -> None:
        self.departments, self.store, self.clock = Departments(folder, seed), store, Clock(float(BEGAN))
        self.site = self.departments.write_site()
        self.schedule = Schedule(self.site, store.ledger, self.clock)
        self.departments.deliver("vehicle_status", "vehicle_status.csv", [])
        self.departments.deliver(CALL, f"{CALL}.csv", [])
        self.run()

    def run(self) -> None:
        self.clock.now += 60
        self.departments.now = self.clock.now
        self.schedule.run_due(everything=True)

    def calls(self, begin: int, count: int, *, rev: int = 0, later_s: int = 0) -> list[Line]:
        return [self.departments.call(n, rev=rev, later_s=later_s) for n in range(begin, begin + count)]

    def deliver(self, lines: list[Line], name: str) -> None:
        self.departments.deliver(CALL, name, lines)
        self.run()

    def held(self) -> list[dict[str, object]]:
        with self.store.ledger.reading() as connection:
            return held_batches(connection, self.store.ledger).to_dict("records")

    def wrong(self, *held: str) -> list[str]:
        """Return what is violated, when just these files should be held, each with one sentence that names it."""
        names = [str(row["origin"]) for row in self.held()]
        found = [] if sorted(names) == sorted(held) else [f"held are {names} and not {held}"]
        found += [f"unclear: {row['message']}" for row in self.held() if str(row["origin"]) not in str(row["message"])]
        checker = Checker(self.departments, self.store.ledger, is_held=frozenset(held))
        return found + checker.violations(self.site, with_metrics=False)


@pytest.fixture
def office(tmp_path: Path, store: Store, report: Report) -> Office:
    return Office(tmp_path / "city", store, report.seed)


def broken(line: Line) -> Line:
    """Return a call whose time cannot be read."""
    return Line((*line.cells[:3], "no time", *line.cells[4:]), "refused", "unparsable")


@pytest.mark.torture
@pytest.mark.parametrize("permille", SHARES_PERMILLE)
def test_single_bad_rows_are_quarantined_and_a_bad_file_is_held(permille: int, office: Office, report: Report) -> None:
    line = report.line(f"A9 {permille / 10:g} % garbage")
    bad = MANY * permille // 1000
    lines = [broken(call) if n < bad else call for n, call in enumerate(office.calls(0, MANY))]
    office.deliver(lines, "emergency_call-1.csv")
    line.judge("garbage", office.wrong(*(["emergency_call-1.csv"] if permille > LIMIT_PERMILLE else [])))
    office.run()
    line.judge("again", office.wrong(*(["emergency_call-1.csv"] if permille > LIMIT_PERMILLE else [])))
    office.deliver(office.calls(0, MANY), "emergency_call-1.csv")
    line.judge("put right", office.wrong())
    line.end()


@pytest.mark.torture
def test_a_file_that_lost_most_rows_or_is_yesterdays_is_held(office: Office, report: Report) -> None:
    line = report.line("A9 -60 % of the rows, yesterday's file again")
    office.deliver(office.calls(0, 200), "emergency_call-1.csv")
    office.deliver(office.calls(0, 79), "emergency_call-1.csv")
    line.judge("-60 %", office.wrong("emergency_call-1.csv"))
    office.deliver(office.calls(0, 210), "emergency_call-1.csv")
    line.judge("whole again", office.wrong())
    office.deliver(office.calls(0, 210), "emergency_call-2.csv")
    line.judge("yesterday's", office.wrong("emergency_call-2.csv"))
    office.deliver(office.calls(210, 200), "emergency_call-2.csv")
    line.judge("today's", office.wrong())
    line.end()


@pytest.mark.torture
def test_the_same_rows_again_and_again_change_nothing(office: Office, report: Report) -> None:
    line = report.line("A6 the same again, renamed, overlapping, out of order")
    lines = office.calls(0, 60)
    for turn in range(10):
        office.deliver(lines, "emergency_call-1.csv")
        line.judge(f"time {turn}", office.wrong())
    office.deliver(lines[::-1], "emergency_call-2.csv")
    line.judge("another name, another order", office.wrong())
    office.deliver(office.calls(30, 60), "emergency_call-3.csv")
    line.judge("overlapping", office.wrong())
    for begin in (300, 200, 250):
        office.deliver(office.calls(begin, 50), f"emergency_call-{begin}.csv")
        line.judge("pages swapped", office.wrong())
    office.deliver(moved(office.calls(900, 40), -7 * DAY_S), "emergency_call-8.csv")
    line.judge("seven days late", office.wrong())
    line.end()


def moved(lines: list[Line], by_s: int) -> list[Line]:
    """Return calls that came so much later."""
    from tests.torture.city import stamp
    from tests.torture.expected import instant

    return [
        Line((*line.cells[:3], *(stamp((instant(cell) or 0) + by_s) for cell in line.cells[3:5]), *line.cells[5:]))
        for line in lines
    ]


@pytest.mark.torture
def test_corrections_old_revisions_and_restored_values_are_what_they_say(office: Office, report: Report) -> None:
    line = report.line("A7 corrections, old revisions late, restored values, too late rows")
    for rev, later_s in ((0, 0), (2, 9), (1, 4), (3, 0), (2, 9)):
        office.deliver(office.calls(0, 40, rev=rev, later_s=later_s), f"emergency_call-{office.clock.now:.0f}.csv")
        line.judge(f"revision {rev}", office.wrong(*(row["origin"] for row in office.held() if rev == 2 and later_s == 9)))
    too_late = [Line(call.cells, "refused", "late") for call in moved(office.calls(500, 2), -31 * DAY_S)]
    office.deliver([*office.calls(400, 60), *too_late], "emergency_call-late.csv")
    line.judge("too late", office.wrong(*(str(row["origin"]) for row in office.held())))
    line.end()


@pytest.mark.torture
def test_a_held_batch_that_is_released_is_loaded_once(office: Office, report: Report) -> None:
    line = report.line("A9 a held batch released twice")
    lines = [broken(call) if n < 30 else call for n, call in enumerate(office.calls(0, 100))]
    office.deliver(lines, "emergency_call-1.csv")
    number = int(str(office.held()[0]["id"]))
    release_batch(office.store.ledger, office.site, number, as_of=int(office.clock.now), now=office.clock.now)
    line.judge("released", office.wrong())
    office.run()
    line.judge("and read again", office.wrong())
    line.end()


@pytest.mark.torture
def test_a_column_that_is_suddenly_all_zero_is_held(new_store: NewStore, tmp_path: Path, report: Report) -> None:
    line = report.line("A9 a column all zero")
    with new_store() as store:
        office = Office(tmp_path / "zeros", store, report.seed)
        toml = office.departments.inbox / "site.toml"
        told = toml.read_text(encoding="utf-8").replace('outcome = "outcome"', 'loc_error_m = "outcome"')
        toml.write_text(told, encoding="utf-8")
        from cockpit.site import load_site

        office.schedule = Schedule(load_site(office.departments.inbox), store.ledger, office.clock)
        for name, cell in (("emergency_call-1.csv", "12"), ("emergency_call-2.csv", "0")):
            cells = [(*c.cells[:7], cell, *c.cells[8:]) for c in office.calls(0 if cell == "12" else 100, 40)]
            office.deliver([Line(row) for row in cells], name)
        names = [row["origin"] for row in office.held()]
        rows = len(store.rows(CALL))
        line.judge("zeros", [] if (names, rows) == (["emergency_call-2.csv"], 40) else [f"held {names}, {rows} rows"])
    line.end()
