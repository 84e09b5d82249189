"""One month's orders to put things right 整改指令: which firms get them, when each step is done, and what is due by when."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import MISSING, Codes, Floats, Instants, Mask, Names, Random, happens, pick, pick_codes
from etl.simulation.injury.city import City, first_day
from etl.simulation.injury.days import Year
from etl.simulation.injury.facts import firms_hit
from etl.simulation.injury.mixes import LEVELS, ORDER_KINDS, OVERDUE_BY_TOWN

STEPS = ("pushed", "signed", "inspected", "rectified", "rechecked", "closed")
BEFORE_GO_LIVE_DAYS = 365
"""Orders have been kept in a system since so long before the city went live. [DEF]"""
SIGN_AFTER = (0.35, 0.40, 0.18, 0.03, 0.02, 0.01, 0.01)
"""Working days until an order is signed for, from 0: 93 % keep the two of section 4.1. [DEF]"""
INSPECT_WITHIN = {"红": 5, "橙": 10, "黄": 15}
"""Working days (section 4.1); of 黄 it says nothing. [DEF]"""
INSPECTED_LATER = (1, 8)
TERM_DAYS = {"红": (10, 15), "橙": (20, 30), "黄": (20, 30)}
"""From the inspection to the day by which things must be right: at most 15 and 30 days (section 4.1)."""
LATE_AT_LEAST, LATE_PER_OVERDUE = 0.10, 0.8
"""Of a town's orders those closed late, and how much more with the share of its open ones that is overdue. [DEF]"""
OPEN_MEAN_DAYS = 32.5
"""How long an order is open and not overdue, on the average: what follows from the lengths above."""
LONGEST_OVERDUE_DAYS = 150
STEP_GAP_S = 1_800


@dataclass(frozen=True)
class Orders:
    """The orders of one month. `at` holds the instants (UTC s) of STEPS, one row a step, MISSING where nobody noted it.

    `due_on` are days from 1970-01-01, set at the inspection.
    """

    firm: Codes
    level: Names
    kind: Names
    due_on: Codes
    at: Instants

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.firm)


def orders(city: City, month: int) -> Orders:
    """Draw the orders of a month: firms with many people in dangerous trades get most."""
    random, year = city.random("orders", month), city.year
    days = np.arange(max(first_day(month), city.live_on - BEFORE_GO_LIVE_DAYS), first_day(month + 1))
    n = random.poisson(city.parameters.orders_per_year / 365.25 * len(days)) if len(days) else 0
    pushed_on = year.opens(np.sort(random.choice(days, n) if n else np.zeros(0, np.int64)))
    firm = firms_hit(random, city, first_day(month), n)
    level = pick(random, LEVELS, n)
    inspected_on = year.opens(pushed_on + 1, inspecting(random, city, level) - 1)
    due_on = inspected_on + terms(random, level)
    is_late, overdue_days = overdue(random, city, firm)
    closed_on = closing(random, year, due_on, np.where(is_late, overdue_days, 0))
    rechecked_on = year.open_before(closed_on - random.integers(0, 3, n))
    rectified_on = year.open_before(rechecked_on - random.integers(0, 4, n))
    signed_on = year.opens(pushed_on, pick_codes(random, SIGN_AFTER, n))
    on = np.stack([pushed_on, signed_on, inspected_on, rectified_on, rechecked_on, closed_on])
    at = in_order(np.stack([year.desk(random, day) for day in on]))
    at[forgotten(random, city, n)] = MISSING
    return Orders(firm, level, pick(random, ORDER_KINDS, n), due_on, at)


def inspecting(random: Random, city: City, level: Names) -> Codes:
    """Return after how many working days firms are inspected."""
    limit = np.array([INSPECT_WITHIN[one] for one in level], np.int64)
    is_late = ~happens(random, city.parameters.order_inspected_share, len(level))
    later = limit + random.integers(*INSPECTED_LATER, len(level))
    return np.where(is_late, later, np.ceil(limit * random.random(len(level))).astype(np.int64))


def terms(random: Random, level: Names) -> Codes:
    """Return the days that are given."""
    low, high = (np.array([TERM_DAYS[one][end] for one in level], np.int64) for end in (0, 1))
    return low + np.floor((high - low + 1) * random.random(len(level))).astype(np.int64)


def overdue(random: Random, city: City, firm: Codes) -> tuple[Mask, Codes]:
    """Return which orders are closed late and by how many days, so that each town's share of overdue ones is as stated.

    Of a town where a share s of the open orders is overdue, and L of all are closed late by D days on the average, after
    M days that they were open before, L·D = s/(1−s)·M.
    """
    share: Floats = np.array([OVERDUE_BY_TOWN[code] for code in city.places.towns.codes])
    late = np.where(share > 0, LATE_AT_LEAST + LATE_PER_OVERDUE * share, 0.0)
    mean_days = np.divide(share / (1 - share) * OPEN_MEAN_DAYS, late, out=np.zeros_like(share), where=late > 0)
    town = city.firms.town[firm]
    days = np.ceil(mean_days[town] * random.exponential(size=len(firm)))
    return random.random(len(firm)) < late[town], np.clip(days, 1, LONGEST_OVERDUE_DAYS).astype(np.int64)


def closing(random: Random, year: Year, due_on: Codes, overdue_days: Codes) -> Codes:
    """Return when orders are closed: by the day that is due or a few days before, or so many days after it."""
    return np.where(
        overdue_days > 0,
        year.opens(due_on + overdue_days),
        year.open_before(due_on - random.integers(0, 4, len(due_on))),
    )


def in_order(at: Instants) -> Instants:
    """Return the instants of the steps, none before the one that must come first."""
    found = at.copy()
    for place in range(1, len(found)):
        found[place] = np.maximum(found[place], found[place - 1] + STEP_GAP_S)
    return found


def forgotten(random: Random, city: City, n: int) -> Mask:
    """Return which stamps nobody wrote down: of the signing and of the second check, some."""
    found = np.zeros((len(STEPS), n), np.bool_)
    for step in ("signed", "rechecked"):
        found[STEPS.index(step)] = happens(random, city.parameters.stamp_missing_share, n)
    return found
