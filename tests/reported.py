"""Worlds whose law of reporting is known: how many cases happened, and in which week each came to be known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cockpit.nowcast import Nowcast, nowcast
from cockpit.reporting_delay import MAX_DELAY_WEEKS, ReportingLaw, Triangle

TOWN_PERSON_YEARS = (62, 60, 48, 44, 38, 34, 30, 26, 20, 16, 12, 11, 9, 7, 5, 3)
"""Sixteen towns of a city like 温岭, in thousands; the largest and smallest as in the domain specification, section 3.5."""

A_WEEK = 100
DELAYS = np.arange(MAX_DELAY_WEEKS + 1)


def employers_and_workers(employers: float = 0.8) -> np.ndarray:
    """Most are reported by employers, who have thirty days; the rest by workers, who have a year: a long tail."""
    within_thirty_days = np.zeros(len(DELAYS))
    within_thirty_days[:7] = (0.12, 0.22, 0.24, 0.22, 0.14, 0.04, 0.02)
    tail = 0.93**DELAYS
    return employers * within_thirty_days + (1 - employers) * tail / tail.sum()


def prompt() -> np.ndarray:
    """Nearly half is known within the week, and all but nothing comes after two months."""
    return 0.55**DELAYS / (0.55**DELAYS).sum()


LAWS = {"employers and workers": employers_and_workers(), "prompt": prompt()}


@dataclass(frozen=True)
class World:
    """Cases by week, town and delay: all of them, as nobody knows them at the time."""

    cases: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        """The final counts by week and town."""
        return self.cases.sum(axis=2)

    def known(self, running_week: int, town: int | None = None) -> Triangle:
        """Return what is known when a week begins, of a town or the city."""
        own = self.cases.sum(axis=1) if town is None else self.cases[:, town]
        weeks = np.arange(running_week)[:, None]
        return Triangle(
            0, np.where(weeks + DELAYS < running_week, own[:running_week], 0), np.zeros(running_week, np.int64), 0.0
        )

    def city(self, running_week: int) -> Nowcast:
        """Return the city's nowcast."""
        return nowcast(self.known(running_week))

    def town(self, running_week: int, town: int, law: ReportingLaw) -> Nowcast:
        """Return a town's nowcast by the city's law."""
        return nowcast(self.known(running_week, town), law)


def world(seed: int, weeks: int, law: Callable[[int], np.ndarray] | np.ndarray, a_week: float = A_WEEK) -> World:
    """Return a world of a flat truth, under one law, or a law by the week of the accident."""
    draw = np.random.default_rng(seed)
    shares = np.array(TOWN_PERSON_YEARS) / sum(TOWN_PERSON_YEARS)
    counts = draw.poisson(a_week * shares, (weeks, len(shares)))
    laws = (law(week) if callable(law) else law for week in range(weeks))
    return World(np.stack([draw.multinomial(row, each) for row, each in zip(counts, laws, strict=True)]))


def a_week_later(law: np.ndarray) -> np.ndarray:
    """Return a law by which everything comes one week later."""
    later = np.append(0.0, law[:-1])
    later[-1] += law[-1]
    return later


def held_up(before: World, since: int, share: float, seed: int) -> World:
    """Return a world in which, from a week on, a share of what comes is held up by a week, whenever the accident was."""
    draw = np.random.default_rng(seed)
    weeks = np.arange(len(before.cases))[:, None, None]
    is_after = np.broadcast_to(weeks + DELAYS >= since, before.cases.shape) & (DELAYS < MAX_DELAY_WEEKS)
    moved = np.where(is_after, draw.binomial(before.cases, share), 0)
    cases = before.cases - moved
    cases[:, :, 1:] += moved[:, :, :-1]
    return World(cases)
