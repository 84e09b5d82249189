"""How far the wall clock can be believed: a clock that was set is held against one that nobody can set.

After a step nobody knows which of the two times was the right one. So for a day rows may be as new, and as old, as either
of them allows, and no batch of true rows waits for a person because a clock was wrong for a while.
"""

import logging
from collections.abc import Callable

Clock = Callable[[], float]

LOG = logging.getLogger("cockpit.etl")

STEP_S = 2.0
"""Two clocks that part by more than this did not drift: one was set."""

REMEMBERED_S = 86_400.0
"""How long a time that was shown before a step may still have been the right one. [DEF]"""


class Steadiness:
    """What the wall clock showed beside the steady one, since this process began."""

    def __init__(self, wall: Clock, steady: Clock) -> None:
        """Look at both clocks for the first time. Both show seconds; the steady one begins anywhere."""
        self.wall, self.steady = wall, steady
        self.ahead_s = wall() - steady()
        self.before: list[tuple[float, float]] = []

    def doubt_s(self) -> tuple[int, int]:
        """Return how many seconds later, and how many earlier, it may be than the wall clock shows."""
        now, ahead_s = self.steady(), self.wall() - self.steady()
        if abs(ahead_s - self.ahead_s) > STEP_S:
            LOG.warning(
                "the clock was set by %+.0f s; for a day rows may be as new and as old as either time allows",
                ahead_s - self.ahead_s,
            )
            self.before.append((now, self.ahead_s))
        self.ahead_s = ahead_s  # a drift, too, is followed
        self.before = [(at, shown) for at, shown in self.before if now - at < REMEMBERED_S]
        shown = [ahead_s, *(before for _, before in self.before)]
        return int(max(shown) - ahead_s), int(ahead_s - min(shown))
