"""A clock of a work-injury case 工伤时限: what a record of one says, and what can become of it."""

from dataclasses import dataclass
from enum import StrEnum

from cockpit.text import Text


class ClockUnit(StrEnum):
    """What a limit is counted in. The day of the start is day 0 (民法典 201)."""

    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"  # up to the corresponding day, or the last of a month that has none (民法典 202)
    YEAR = "year"


class ClockKind(StrEnum):
    """Whom a clock binds."""

    AGENCY = "agency"  # an office has to act in time
    PARTY = "party"  # a party has to act, or its right lapses: nobody's delay
    NOT_BEFORE = "not_before"  # it must not be done earlier
    LEAVE = "leave"  # how long paid leave 停工留薪期 lasts


class ClockState(StrEnum):
    """What became of one start of a clock."""

    RUNNING = "RUNNING"
    SUSPENDED = "SUSPENDED"  # it has no due date
    MET = "MET"
    LATE = "LATE"  # stopped after its due day; of `not_before`, too early
    VOID = "VOID"  # the matter ended otherwise, or its stamps contradict each other


@dataclass(frozen=True, kw_only=True)
class InjuryClock:
    """One clock: from any of `starts` to the first of `stops` that follows; any of `ends` makes it void before that.

    `limit` is in `unit`. `extended_by` are the events whose payload may say `extension_days`. `is_default`: its limit or its
    unit is [DEF].
    """

    id: str
    title: Text
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    limit: int
    unit: ClockUnit
    kind: ClockKind
    basis: Text
    ends: tuple[str, ...] = ()
    extended_by: tuple[str, ...] = ()
    is_pausable: bool = False
    is_default: bool = False
