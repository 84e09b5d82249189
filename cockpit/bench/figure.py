"""A figure, one measured number, and a measure, what is run to get some of them."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cockpit.bench
from cockpit.errors import UnknownName

TIMES = "×"
"""The unit of a figure that is a ratio."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number, and the most that it may be (`goal`), or with `at_least` the least.

    `baseline` is what it is held against, measured in the same run: in the figure's own unit, or, of a
    figure that is itself a ratio (unit ×), what that was divided by.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    goal: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """The value in baselines."""
        if self.unit == TIMES:
            return self.value
        return self.value / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def plain(self) -> dict[str, Any]:
        """Return it as programs read it."""
        return {**asdict(self), "ratio": self.ratio, "ok": self.ok}


def over(name: str, value: float, baseline: float, goal: float | None = None) -> Figure:
    """Return a figure that is the ratio of two numbers of one run."""
    return Figure(name=name, value=value / baseline, unit=TIMES, baseline=baseline, goal=goal)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is measured; the defaults are what figures are quoted for."""

    block_incidents: int = 20_000  # of one week, each of ten facts
    copies: tuple[int, ...] = (1, 10, 100)  # weeks of history: 0.2, 2 and 20 million facts
    changed_rows: int = 1000
    ticks: int = 9
    warm_ticks: int = 2
    incidents: int = 1_000_000  # held in memory when metrics are read
    reads: int = 31
    clients: tuple[int, ...] = (1, 200, 1000)
    updates: int = 40
    patience_s: float = 3  # after the last update, before a client that has not heard of it counts as deaf
    drawn_incidents: int = 2000
    days: int = 90  # of live ticks …
    days_before: int = 365  # … after so many days told at once …
    day_step_s: int = 7200  # … and how far one pass moves the clock
    injury_cases: int = 5400  # work-injury cases of a year
    town_industries: int = 22  # divisions that have workers, in each of sixteen towns
    enterprises: int = 150_000  # on the register, most of them uninsured
    colour_months: int = 2000  # of sixteen towns of one true rate
    colour_runs: int = 300  # of a town whose rate changes
    city_years: int = 1  # of history of the reference city, whose screens are looked at
    paints: int = 9  # times that each page is opened, cold and warm
    watchers: int = 100  # browsers that listen while one is looked at


@dataclass(frozen=True)
class Place:
    """Where a measure may write, and how much it measures. What it wrote is deleted afterwards."""

    folder: Path
    sizes: Sizes


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is run to get some figures.

    `disk_bytes` is what it writes at most, for the sizes given.
    """

    names: tuple[str, ...]
    run: Callable[[Place], Iterable[Figure]]
    disk_bytes: Callable[[Sizes], int] = lambda _sizes: 0


def measures() -> tuple[Measure, ...]:
    """Return every measure, as the files of `cockpit/bench` declare them."""
    modules = [importlib.import_module(f"cockpit.bench.{info.name}") for info in pkgutil.iter_modules(cockpit.bench.__path__)]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Measure))


def chosen(only: str | None) -> tuple[Measure, ...]:
    """Return the measures that give a figure of a name, or of names that begin so. Raises: UnknownName."""
    found = tuple(measure for measure in measures() if any(is_asked(name, only) for name in measure.names))
    if not found:
        names = ", ".join(name for measure in measures() for name in measure.names)
        raise UnknownName(f"--only {only}: no figure is named so, or begins so; there are {names}")
    return found


def is_asked(name: str, only: str | None) -> bool:
    """Return whether a figure's name is wanted."""
    return only is None or name.startswith(only)


def table(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield figures as the lines of a table, as they are measured."""
    yield f"{'figure':<26} {'value':>10} {'unit':<8} {'baseline':>10} {'ratio':>8} {'goal':>8}  ok"
    for f in figures:
        goal = "≥ " * f.at_least + short(f.goal)
        numbers = f"{short(f.value):>10} {f.unit:<8} {short(f.baseline):>10} {short(f.ratio):>8} {goal:>8}"
        yield f"{f.name:<26} {numbers}  {'' if f.ok is None else 'yes' if f.ok else 'NO'}".rstrip()


def short(number: float | None) -> str:
    """Return a number with three digits that count; whole ones whole."""
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def listed(figures: Iterable[Figure]) -> str:
    """Return figures as one JSON list."""
    return json.dumps([figure.plain() for figure in figures], ensure_ascii=False)
