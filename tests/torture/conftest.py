"""The report of the torture: what was done how often, what was violated, the worst time, and the seed to do it again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.torture.passes import SEED, Torture

REPORT: pytest.StashKey["Report"] = pytest.StashKey()


@dataclass
class ReportLine:
    """One kind of fault: how often it was done, what it violated, the slowest pass after it (s)."""

    name: str
    seed: int
    times: int = 0
    violations: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    is_over: bool = False

    def hit(self, has_happened: bool, what: str) -> None:
        """Count a fault; one that was asked for and did not happen proves nothing."""
        self.times += has_happened
        if not has_happened:
            self.violations.append(f"{what} never happened (seed {self.seed})")

    def judge(self, what: str, violations: list[str]) -> None:
        """Count a fault, and what it violated."""
        self.times += 1
        self.violations += [f"{what}: {wrong} (seed {self.seed})" for wrong in violations]

    def add(self, torture: Torture, *, times: int = 0) -> None:
        """Add what a city went through."""
        self.times += times
        self.violations += torture.violations
        self.slowest_s = max(self.slowest_s, torture.slowest_s)
        torture.close()

    def end(self) -> None:
        """Fail the test when anything was violated."""
        self.is_over = True
        assert self.times > 0, f"{self.name}: nothing happened"
        assert not self.violations, "\n".join(self.violations[:40])


@dataclass
class Report:
    """Every line of one run."""

    seed: int = SEED
    lines: list[ReportLine] = field(default_factory=list)

    def line(self, name: str) -> ReportLine:
        """Begin a line."""
        self.lines.append(ReportLine(name, self.seed))
        return self.lines[-1]


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Collect the lines of this run."""
    made = Report()
    request.config.stash[REPORT] = made
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the report, if anything was tortured."""
    report = config.stash.get(REPORT, None)
    if report is None:
        return
    terminalreporter.section(f"torture (COCKPIT_SEED={report.seed})")
    width = max(len(line.name) for line in report.lines)
    terminalreporter.write_line(f"{'what':<{width}}  {'times':>6}  violations  worst s")
    for line in report.lines:
        ended = "" if line.is_over else "  did not end"
        counts = f"{line.times:>6}  {len(line.violations):>10}  {line.slowest_s:>7.2f}"
        terminalreporter.write_line(f"{line.name:<{width}}  {counts}{ended}")
