"""The city's year: when people work and have accidents, and on which days offices are open."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from etl.instants import offset_of_instant
from etl.simulation.draws import Codes, Floats, Instants, Mask, Random, pick_codes

DAY_S = 86_400
EPOCH = date(1970, 1, 1)
FIRST, LAST = (date(2003, 1, 1) - EPOCH).days, (date(2041, 1, 1) - EPOCH).days
"""Days of which the rhythm is known, counted from 1970-01-01."""

SPRING_FESTIVALS = (
    *(date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22)),
    *(date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13)),
    *(date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8)),
    *(date(2036, 1, 28), date(2037, 2, 15), date(2038, 2, 4), date(2039, 1, 24), date(2040, 2, 12)),
)
"""First days of the lunar year."""
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8)))
"""Month and day. Make-up days and the other holidays are left out: what is told must not change when a notice comes. [DEF]"""

WEEKDAYS = (1.06, 1.05, 1.04, 1.04, 1.04, 0.98, 0.79)
MONTHS = (1.0, 1.0, 1.02, 1.02, 1.0, 1.03, 1.06, 1.05, 1.0, 0.97, 1.0, 0.98)
"""Accidents by weekday, Monday first, and by month, before the holidays. [DEF]"""
AROUND_FESTIVAL = {-10: 0.85, -6: 0.6, -3: 0.35, -1: 0.12, 7: 0.3, 10: 0.6, 15: 0.85, 20: 1.0}
"""From so many days after the first day of the lunar year on, accidents come so much less often. [DEF]"""
HOLIDAY = 0.55
"""Of accidents, on the fixed holidays. [DEF]"""
ACCIDENT_HOURS = (
    *(0.8, 0.6, 0.5, 0.5, 0.6, 1.0, 2.4, 5.0, 8.2, 9.6, 9.0, 6.0),
    *(4.0, 6.2, 8.6, 9.0, 8.0, 6.0, 3.8, 3.0, 2.6, 2.0, 1.5, 1.1),
)
"""How accidents fall on the hours of a day. [DEF]"""
DESK_S = (30_600, 61_200)
"""Offices are open from 8:30 to 17:00."""


class Year:
    """The rhythm of one city. Days are whole numbers, counted from 1970-01-01 on the city's own clock.

    China has kept one offset from UTC since 1991, so one is enough.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        """Work out every day once."""
        self.offset_s = int(offset_of_instant((FIRST + 366) * DAY_S, zone))
        self.open_days: Codes = np.flatnonzero(offices_open()) + FIRST
        weights = accident_weights()
        self.weights: Floats = weights / weights.mean()

    def day_of(self, at: Instants) -> Codes:
        """Return the local day of instants (UTC s)."""
        return (at + self.offset_s) // DAY_S

    def at(self, day: Codes, second: Codes) -> Instants:
        """Return the instants (UTC s) of seconds of local days."""
        found: Instants = day * DAY_S + second - self.offset_s
        return found

    def desk(self, random: Random, day: Codes) -> Instants:
        """Return instants of office hours on these days."""
        return self.at(day, random.integers(*DESK_S, len(day)))

    def opens(self, day: Codes, after: Codes | int = 0) -> Codes:
        """Return the open day that is the `after`-th one from a day on; the day itself is the 0th where it is open."""
        return self.nth_open(np.searchsorted(self.open_days, day, side="left") + after)

    def open_before(self, day: Codes) -> Codes:
        """Return the last open day up to and with a day."""
        return self.nth_open(np.searchsorted(self.open_days, day, side="right") - 1)

    def nth_open(self, place: Codes) -> Codes:
        """Return open days by their place; whoever asks for a day of nowhere, of what did not happen, gets the nearest."""
        return self.open_days[np.clip(place, 0, len(self.open_days) - 1)]

    def accidents(self, random: Random, first: int, expected: Floats) -> Instants:
        """Return when accidents happen from a day on, of which so many are expected on each, were all days the same."""
        index = np.arange(len(expected)) + first - FIRST
        count = random.poisson(expected * self.weights[index])
        day = np.repeat(index + FIRST, count)
        hour = pick_codes(random, ACCIDENT_HOURS, len(day))
        return np.sort(self.at(day, hour * 3600 + random.integers(0, 3600, len(day))))


def every_day() -> list[date]:
    """Return every day of which the rhythm is known."""
    return [EPOCH + timedelta(days=day) for day in range(FIRST, LAST)]


def festivals(begin: int, end: int) -> Mask:
    """Return the days that lie from `begin` to `end` days (excluded) after the first day of a lunar year."""
    found = np.zeros(LAST - FIRST, np.bool_)
    for festival in SPRING_FESTIVALS:
        first = (festival - EPOCH).days - FIRST
        found[first + begin : first + end] = True
    return found


def holidays() -> Mask:
    """Return the fixed holidays."""
    return np.array([(day.month, day.day) in FIXED_HOLIDAYS for day in every_day()], np.bool_)


def offices_open() -> Mask:
    """Return the days on which offices are open: weekdays that are no holiday, and not from New Year's Eve on for a week."""
    weekday = np.array([day.isoweekday() <= 5 for day in every_day()], np.bool_)
    return weekday & ~holidays() & ~festivals(-1, 7)


def accident_weights() -> Floats:
    """Return how often accidents happen on each day, relative to one another."""
    days = every_day()
    weight: Floats = np.array([WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] for day in days])
    weight = np.where(holidays(), weight * HOLIDAY, weight)
    steps = sorted(AROUND_FESTIVAL)
    for begin, end in pairwise(steps):
        weight = np.where(festivals(begin, end), weight * AROUND_FESTIVAL[begin], weight)
    return weight
