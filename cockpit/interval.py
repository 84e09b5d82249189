"""An interval between two stamps of one row, and what can be wrong with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from cockpit.text import Text


class State(StrEnum):
    """What became of one interval of one row. Only VALID has a value."""

    VALID = "VALID"
    NEG = "NEG"  # the stamps stand in the wrong order; not clamped to zero
    ZERO = "ZERO"  # no time passed and no button or fence made the stamp: filled in afterwards
    OUT = "OUT"  # longer than the cap: excluded and listed
    COARSE = "COARSE"  # the source stamps whole minutes, too coarse for this interval
    MISSING = "MISSING"  # it should have a value and has none
    OPEN = "OPEN"  # it has not ended yet
    OUTSIDE = "OUTSIDE"  # cancelled, stood down or without dispatch: the rule does not ask for a value
    WAITING = "WAITING"  # a run whose call is not known yet


COUNTED_IN_TOTAL = (State.VALID, State.NEG, State.ZERO, State.OUT, State.COARSE, State.MISSING)
"""The states that should have had a value: n total."""


STATE_TEXT = {
    State.VALID: Text("有效", "valid"),
    State.NEG: Text("时序颠倒", "negative"),
    State.ZERO: Text("补录零时长", "zero, back-filled"),
    State.OUT: Text("超出上限", "above the cap"),
    State.COARSE: Text("仅到分钟", "whole minutes only"),
    State.MISSING: Text("缺时间点", "stamp missing"),
    State.OPEN: Text("进行中", "still open"),
    State.OUTSIDE: Text("取消或无需出车", "cancelled or no dispatch"),
    State.WAITING: Text("待呼叫记录", "waiting for its call"),
}


@dataclass(frozen=True, kw_only=True)
class Interval:
    """One timed interval: from `start` to `end`, two stamps of one row of `table`.

    `cap_s` is the longest believable value in seconds; `in_cancelled_runs` says whether a run that
    was cancelled on its way still counts (it did turn out); `needs_seconds` and `rejects_zero` are
    the rules of bad times. An interval with a `cohort` is one part of a longer chain of stamps and is
    timed only where the whole chain is: its parts then add up; rules and cap hold for the chain.
    `of` says what an interval is asked of: all, only emergencies (a booked transfer has no response time),
    only runs that take a patient to a hospital, or only incidents that other departments joined.
    One that is still open `open_expires_s` after the row's `event_at` counts as missing; None: it may stay open for ever.
    """

    key: str
    title: Text
    table: str
    start: str
    end: str
    open_expires_s: int | None
    cap_s: int | None = None
    needs_seconds: bool = False
    rejects_zero: bool = False
    in_cancelled_runs: bool = False
    cohort: tuple[str, ...] = ()
    of: Literal["all", "emergencies", "transports", "joint"] = "all"

    @property
    def stamps(self) -> tuple[str, ...]:
        """The stamps that must be there, in their right order."""
        return self.cohort or (self.start, self.end)

    @property
    def value(self) -> str:
        """The column that holds its length in seconds."""
        return f"{self.key}_s"

    @property
    def state(self) -> str:
        """The column that holds its state."""
        return f"{self.key}_state"
