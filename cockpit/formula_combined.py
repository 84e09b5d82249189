"""A metric that is made of other metrics: a rate of a count and an exposure, a change on last year, a load of each of many.

Its parts are read in the same scope, for the same town or week, each in its own window, and one function of what they gave
makes the value. Its rows are those of its parts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from cockpit.marks import Sums
from cockpit.statistics import Estimate
from cockpit.text import Text
from cockpit.window import LAST_YEAR, WEEKS, Window, compared, window, year_of_weeks_before

NOTHING = Sums(0, 0, 0, None, {})
"""What a part gives of a town or a week of which it has no rows."""


class Outcome(NamedTuple):
    """A value with its interval, or none; and what must be said of it, or why there is none."""

    estimate: Estimate | None
    note: Text | None = None


@dataclass(frozen=True)
class Part:
    """A metric, and the window it is read in: the same; the same compared with last year, without a 29 February; or now."""

    metric: str
    when: Literal["same", "compared", "last_year", "now"] = "same"

    def span(self, whole: Window, as_of: int, zone: ZoneInfo) -> Window:
        """Return its window where the whole metric is read in another; whole weeks are held against those 52 weeks before."""
        if whole.name in WEEKS and self.when != "now":
            return year_of_weeks_before(whole, zone) if self.when == "last_year" else whole
        if self.when == "now":
            return window("now", as_of, zone)
        if self.when == "last_year":
            return window(f"{whole.name}{LAST_YEAR}", as_of, zone)
        return compared(whole, zone) if self.when == "compared" else whole


@dataclass(frozen=True, kw_only=True)
class Combined:
    """How a metric comes from others: `n` and `n total` are those of the first part."""

    of: tuple[Part, ...]
    combine: Callable[[Sequence[Sums]], Outcome]
    minimum_n: int = 0

    def stamps(self) -> tuple[str, ...]:
        """Return nothing: its parts say what they need."""
        return ()

    def sums(self, parts: Sequence[Sums]) -> Sums:
        """Return what comes of what its parts gave."""
        first, (estimate, note) = parts[0], self.combine(parts)
        return Sums(first.n, first.n_total, first.hit_count, estimate, {}, note=note)


def together(parts: Sequence[Iterable[tuple[str | None, Sums]]]) -> Iterable[tuple[str | None, Sequence[Sums]]]:
    """Yield what every part gave of each town or week that any of them knows, in the order in which they name them."""
    found = [dict(part) for part in parts]
    for word in dict.fromkeys(word for one in found for word in one):
        yield word, [one.get(word, NOTHING) for one in found]


def amount(part: Sums) -> float:
    """Return the value of a part in its own unit, 0 where it has no rows."""
    return part.estimate.value if part.estimate is not None else 0.0
