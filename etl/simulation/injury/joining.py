"""The firms that are insured month by month, and the step of the premium rate 浮动档次 that each was given when it joined."""

import numpy as np

from etl.simulation.draws import Codes, Names, pick
from etl.simulation.injury.city import City, first_day, month_of
from etl.simulation.injury.mixes import FLOAT_STEPS

SENT_S = (30_600, 61_200)


def joining(city: City, month: int) -> tuple[Codes, Codes, Names]:
    """Return the firms that were insured in a month, in which second of their day they are told, and their steps."""
    firms, random = city.firms, city.random("enterprises", month)
    which = np.arange(firms.joined(first_day(month) - 1), firms.joined(first_day(month + 1) - 1))
    return which, random.integers(*SENT_S, len(which)), pick(random, FLOAT_STEPS, len(which))


def float_steps(city: City) -> Names:
    """Return the step of every firm, as the list of firms tells it."""

    def new() -> Names:
        days = city.firms.joined_on
        months = range(month_of(int(days[0])), month_of(int(days[-1])) + 1)
        return np.concatenate([joining(city, month)[2] for month in months])

    found: Names = city.remembered("float_steps", 0, new)
    return found
