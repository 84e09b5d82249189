"""Whatever happens to a file on its way: it is loaded as meant, refused line by line, or held; never silently wrong."""

import gzip
import random
from itertools import count
from pathlib import Path

import pytest

from etl.quarantine import held_batches
from etl.schedule import Schedule
from tests.conftest import Clock, NewStore, Store
from tests.full import IS_FULL
from tests.torture.city import BEGAN, Departments
from tests.torture.conftest import Report
from tests.torture.expected import SHAPE, version_of
from tests.torture.mutations import MUTATIONS, NAME, Cells, Change, Mutated

CALLS = 40
TURNS = 5 if IS_FULL else 1
SOURCE = "emergency_call"
COLUMNS = tuple(name for name, _ in SHAPE[SOURCE])


class Desk:
    """A small city's schedule in this process, and what it says of one file that arrives."""

    def __init__(self, folder: Path, store: Store, seed: int) -> None:
        self.departments, self.store = Departments(folder, seed), store
        self.clock = Clock(float(BEGAN))
        self.schedule = Schedule(self.departments.write_site(), store.ledger, self.clock)
        self.departments.deliver("vehicle_status", "vehicle_status.csv", [])
        self.departments.deliver(SOURCE, "emergency_call-0.csv", [])
        self.schedule.run_due()
        self.rows: Cells = [list(self.departments.call(n).cells) for n in range(CALLS)]

    def arrive(self, content: bytes, name: str = NAME) -> None:
        """Put a file into its folder, and run a pass."""
        self.departments.place(SOURCE, name, content, [])
        self.clock.now += 60
        self.schedule.run_due(everything=True, only=SOURCE)

    def known(self) -> set[tuple[object, ...]]:
        """Return what is known of the calls."""
        return {tuple(row[name] for name in COLUMNS) for row in self.store.rows(SOURCE)}

    def refused(self) -> list[int]:
        """Return the lines that are refused."""
        return sorted(row["line"] for row in self.store.rows("quarantine"))

    def held(self) -> list[str]:
        """Return what is said of the held batches."""
        with self.store.ledger.reading() as connection:
            return [row["message"] for row in held_batches(connection, self.store.ledger).to_dict("records")]

    def verdict(self, mutated: Mutated) -> list[str]:
        """Return how what became of a file differs from what must become of it."""
        state, known, refused, held = self.state(), self.known(), self.refused(), self.held()
        if mutated.fate is None:
            is_right = state == "held" and not known and not refused and len(held) == 1 and is_sentence(held[0], mutated.name)
            return [] if is_right else [f"should be held: {state}, {len(known)} rows, refused {refused}, said {held}"]
        lines = mutated_lines(mutated)
        expected = {version_of(SOURCE, cells).fields for line, cells in lines.items() if line not in mutated.fate}
        found = [] if known == expected else [f"silently wrong: {sorted(known ^ expected, key=repr)[:2]}"]
        found += [] if refused == sorted(mutated.fate) else [f"refused {refused} and not {sorted(mutated.fate)}"]
        return found + ([] if (state, held) == ("ok", []) else [f"{state}: {held}"])

    def state(self) -> str:
        """Return how the source stands."""
        return self.schedule.states()[SOURCE].state


def mutated_lines(mutated: Mutated) -> dict[int, list[str]]:
    """Return the cells of a file by line, as nobody but a plain reader of lines would split them."""
    content = gzip.decompress(mutated.content) if mutated.name.endswith(".gz") else mutated.content
    lines = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return {n: [cell.strip('"') for cell in line.split(",")] for n, line in enumerate(lines, 1) if n > 1 and line}


def one_cut() -> dict[str, Change]:
    """Return every mutation, but of the twenty places to cut a file only a few."""
    cuts = [name for name in MUTATIONS if name.startswith("cut after")]
    return {name: change for name, change in MUTATIONS.items() if name not in cuts or name in cuts[::6]}


def is_sentence(message: str, name: str) -> bool:
    """Whether a message is one line for a person that names the file."""
    return name in message and "\n" not in message and len(message) < 500


@pytest.mark.torture
def test_a_file_is_loaded_right_or_refused_line_by_line_or_held(new_store: NewStore, tmp_path: Path, report: Report) -> None:
    line, numbers = report.line(f"A5 A8 {len(MUTATIONS)} mutations of a file"), count()
    for turn in range(TURNS):
        for name, change in (MUTATIONS if IS_FULL else one_cut()).items():
            with new_store() as store:
                desk = Desk(tmp_path / str(next(numbers)), store, report.seed + turn)
                mutated = change(desk.rows, random.Random(report.seed + turn))
                desk.arrive(mutated.content, mutated.name)
                line.judge(name, desk.verdict(mutated))
    line.end()
