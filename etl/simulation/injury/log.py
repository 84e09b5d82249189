"""The events of a month's accidents as their department tells them: one row a step, with what goes wrong with rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.simulation.blocks import Block, block
from etl.simulation.draws import MISSING, Codes, Instants, Mask, Random, between, happens
from etl.simulation.injury.accidents import Accidents
from etl.simulation.sending import AGAIN_AFTER_S, CORRECTED_AFTER_S, DAY_LATE_S, HOURS_LATE_S, PROMPT_S, Cells

FORGOTTEN = ("A1", "B2", "D4", "E1", "F2", "F3", "F5", "G2", "H1", "R3")
"""Steps that a department can forget to write down."""
WRONG_BY_S = (3_600, 3 * 86_400)
"""By how much a stamp that is corrected later was too early."""


Whole = npt.NDArray[np.signedinteger[Any]]
"""Whole numbers, of any width."""


@dataclass(frozen=True)
class Log:
    """Rows of events: which case, which step (its place in `steps`), when it says it happened, and what is wrong with it."""

    steps: tuple[str, ...]
    case: Whole
    step: Whole
    at: Instants
    sent_at: Instants
    rev: Whole
    is_refused: Mask

    def __getitem__(self, which: Codes | Mask) -> "Log":
        """Return some rows."""
        case, step, at, sent_at, rev = (part[which] for part in (self.case, self.step, self.at, self.sent_at, self.rev))
        return Log(self.steps, case, step, at, sent_at, rev, self.is_refused[which])


def log_of(told: Accidents) -> Log:
    """Return the rows of a month's events, in no order."""
    random, parameters = told.city.random("log", told.month), told.city.parameters
    log = happened(told, random)
    log = log[~forgotten(log, random, parameters.stamp_missing_share, FORGOTTEN)]
    log = log[~forgotten(log, random, parameters.acceptance_missing_share, ("C1",))]
    n = len(log.case)
    delay_s = happens(random, parameters.event_late_share, n) * between(random, *HOURS_LATE_S, n)
    delay_s += happens(random, parameters.event_day_late_share, n) * between(random, *DAY_LATE_S, n)
    is_refused = happens(random, parameters.event_refused_share, n)
    log = Log(log.steps, log.case, log.step, log.at, log.sent_at + delay_s, log.rev, is_refused)
    log = corrected(log, random, parameters.event_corrected_share)
    return repeated(log, random, parameters.event_duplicate_share)


def happened(told: Accidents, random: Random) -> Log:
    """Return every step of every case, sent seconds after it; the accident itself when somebody first tells of it."""
    steps = tuple(told.at)
    cases = [np.flatnonzero(told.at[step] != MISSING) for step in steps]
    case = np.concatenate(cases)
    step = np.repeat(np.arange(len(steps)), [len(some) for some in cases])
    at = np.concatenate([told.at[name][some] for name, some in zip(steps, cases, strict=True)])
    heard_at = np.where(told.at["A1"] != MISSING, told.at["A1"], told.at["B1"])
    known_at = np.maximum(at, np.where(np.isin(step, places_of(steps, ("A0", "E0", "E1"))), heard_at[case], at))
    n = len(case)
    return Log(steps, case, step, at, known_at + between(random, *PROMPT_S, n), np.zeros(n, np.int64), np.zeros(n, np.bool_))


def places_of(steps: tuple[str, ...], codes: tuple[str, ...]) -> list[int]:
    """Return the places of the steps that have one of these codes."""
    return [place for place, step in enumerate(steps) if step[:2] in codes]


def forgotten(log: Log, random: Random, share: float, codes: tuple[str, ...]) -> Mask:
    """Return the rows that nobody wrote down."""
    found: Mask = np.isin(log.step, places_of(log.steps, codes)) & happens(random, share, len(log.case))
    return found


def corrected(log: Log, random: Random, share: float) -> Log:
    """Let some rows be sent with a wrong stamp first, and right as revision 1 some days later."""
    which = happens(random, share, len(log.case)) & (log.step != log.steps.index("A0"))
    n = int(which.sum())
    again = log[which]
    wrong_at = np.where(which, log.at - between(random, *WRONG_BY_S, len(log.at)), log.at)
    sent_at = again.sent_at + between(random, *CORRECTED_AFTER_S, n)
    return joined(
        Log(log.steps, log.case, log.step, wrong_at, log.sent_at, log.rev, log.is_refused),
        Log(log.steps, again.case, again.step, again.at, sent_at, np.ones(n, np.int64), again.is_refused),
    )


def repeated(log: Log, random: Random, share: float) -> Log:
    """Send some rows again as they were."""
    again = log[happens(random, share, len(log.case))]
    later_at = again.sent_at + between(random, *AGAIN_AFTER_S, len(again.case))
    return joined(log, Log(log.steps, again.case, again.step, again.at, later_at, again.rev, again.is_refused))


def joined(one: Log, other: Log) -> Log:
    """Return the rows of both."""
    names = ("case", "step", "at", "sent_at", "rev", "is_refused")
    return Log(one.steps, *(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))


def compact(log: Log) -> Log:
    """Return the rows in as little room as they need: months of them are kept."""
    case, step, rev = log.case.astype(np.int32), log.step.astype(np.int16), log.rev.astype(np.int8)
    return Log(log.steps, case, step, log.at, log.sent_at, rev, log.is_refused)


def log_block(told: Accidents, text: Callable[[Accidents, Log], Cells]) -> Block:
    """Return a month's events as a block; `text` makes cells of some rows of them."""
    log = compact(log_of(told))
    began_on = told.city.year.day_of(told.at["B1"])[log.case]
    return block(log.sent_at, began_on, lambda places: text(told, log[places]))
