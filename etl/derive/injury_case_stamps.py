"""When each thing happened to each case of the list: the first event of a code, and what the current round says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.window import DAY_S
from etl.derive.injury_log import (
    DECISIONS,
    NOWHERE,
    NUMBERS,
    Mask,
    Numbers,
    Places,
    first_places,
    is_any,
    last_places,
    ordered,
    rounds,
    taken,
)

FIRST = {
    "reported": ("A1",),
    "inhosp_booked": ("F0",),
    "appraisal_applied": ("F1",),
    "exam": ("F3",),
    "concluded": ("F4",),
    "appraisal_delivered": ("F5",),
    "reappraisal_applied": ("F6",),
    "reappraisal_concluded": ("F7",),
    "review_applied": ("F8",),
    "review_concluded": ("F9",),
    "benefit_applied": ("G1",),
    "assessed": ("G2",),
    "paid": ("G3",),
    "disputed": ("H1", "H4", "H8", "H9"),
    "mediation_opened": ("H1",),
    "mediated": ("H2",),
    "mediation_failed": ("H3",),
    "arb_applied": ("H4",),
    "arb_accepted": ("H5",),
    "settled": ("H6",),
    "awarded": ("H7",),
}
"""Stamps that are the first event of some codes, in whatever round: what was appraised, paid or disputed stays so."""

BACK_TO_WORK = {"intent": "R1", "trained": "R2", "offered": "R3", "placed": "R4"}
"""Stamps that the list of those who wish to work again says where the log does not."""

ENDS = {"decided": DECISIONS, "withdrawn": ("D9",), "refused": ("C2",)}
"""Stamps that are the end of the current round, by how it ended."""

Words = npt.NDArray[Any]
Pair = tuple[Numbers, Numbers]
"""Instants, and the same on the wall clock."""

Told = Mapping[str, Numbers]
"""Stamps of each case of the list, in its order, as `<name>_at` and `<name>_local`, NaN where missing."""


@dataclass(frozen=True)
class Cases:
    """The cases of the list with their log. `of` is which case of the list each event is of.

    `firsts` has the place in the log of the first event of each code (row) of each case (column), `is_now` whether there is
    one in its current round; `round_count` says how many rounds have a clock that began. Shape of `current`: the columns of
    `rounds` for each case's current round, all missing where a case has no event.
    """

    listed: pd.DataFrame
    log: pd.DataFrame
    of: Places
    firsts: Places
    is_now: Mask
    current: Mapping[str, Words]
    round_count: Places

    def has(self, *codes: str) -> Mask:
        """Return which cases have an event of one of these codes, in whatever round."""
        return np.asarray(np.any(self.firsts[[NUMBERS[code] for code in codes]] != NOWHERE, axis=0), np.bool_)

    def first(self, *codes: str) -> Places:
        """Return the place in the log of each case's first event of these codes, or NOWHERE."""
        of_codes = self.firsts[[NUMBERS[code] for code in codes]]
        found = np.where(of_codes == NOWHERE, len(self.log), of_codes).min(axis=0)
        return np.where(found == len(self.log), NOWHERE, found)

    def has_now(self, *codes: str) -> Mask:
        """Return which cases have an event of one of these codes in their current round."""
        return np.asarray(np.any(self.is_now[[NUMBERS[code] for code in codes]], axis=0), np.bool_)

    def ended_by(self, *codes: str) -> Mask:
        """Return which cases' current round ended with one of these codes."""
        return np.asarray(np.any([self.current["outcome"] == code for code in codes], axis=0), np.bool_)

    def pair_at(self, places: Places) -> Pair:
        """Return the instants and the wall clocks of the events at some places."""
        return taken(self.log["event_at"], places), taken(self.log["event_local"], places)

    @property
    def offset_s(self) -> Numbers:
        """How far each case's wall clock is ahead of UTC; China keeps one offset, so that of the accident serves always."""
        return numbers(self.listed["event_local"]) - numbers(self.listed["event_at"])


def cases_with_log(cases: pd.DataFrame, events: pd.DataFrame) -> Cases:
    """Return the cases of the list with what the log says of them; events of a case that is not listed are left alone."""
    listed = cases.reset_index(drop=True)
    index = pd.Index(listed["case_id"])
    log = ordered(events[events["case_id"].isin(index)])
    of, code = index.get_indexer(pd.Index(log["case_id"])), log["code"].to_numpy()
    found = rounds(log)
    of_round = index.get_indexer(pd.Index(found["case_id"]))
    cells, shape = code.astype(np.intp) * len(listed) + of, (len(NUMBERS), len(listed))
    firsts = first_places(cells, np.ones(len(log), np.bool_), shape[0] * shape[1]).reshape(shape)
    is_now = np.zeros(shape, np.bool_)
    in_current = found["is_current"].to_numpy()[log["round"].to_numpy()]
    is_now[code[in_current], of[in_current]] = True
    clocked = of_round[found["clock_from_at"].notna()]
    current = current_of(found, last_places(of_round, np.ones(len(found), np.bool_), len(listed)))
    return Cases(listed, log, of, firsts, is_now, current, np.bincount(clocked, minlength=len(listed)))


def current_of(found: pd.DataFrame, places: Places) -> dict[str, Words]:
    """Return the columns of the rounds at some places, missing for NOWHERE: NaN in numbers, None in words, False in flags."""
    told: dict[str, Words] = {}
    for name in found.columns:
        values = found[name].to_numpy()
        missing = {"f": np.nan, "i": NOWHERE, "b": False}.get(values.dtype.kind)
        told[name] = np.append(values, np.array([missing], values.dtype if missing is not None else object))[places]
    return told


def has(told: Told, name: str) -> Mask:
    """Return which cases have a stamp."""
    return ~np.isnan(told[f"{name}_at"])


def words(values: list[str | None]) -> Words:
    """Return words as an array; numpy would make one type of them and of what is missing."""
    found: Words = np.empty(len(values), object)
    found[:] = values
    return found


def is_true(values: Words) -> Mask:
    """Return where yes-or-no values say yes; missing is not yes."""
    return np.asarray(values == True, np.bool_)  # noqa: E712  # of an array, element by element


def numbers(values: pd.Series) -> Numbers:
    """Return a column of whole numbers or instants, NaN where missing."""
    return values.to_numpy(np.float64, na_value=np.nan)


def stamps(cases: Cases, back_to_work: pd.DataFrame) -> dict[str, Numbers]:
    """Return the instant and the wall clock of what happened to each case; `back_to_work` are the rows of `reemploy`."""
    listed = (numbers(cases.listed["event_at"]), numbers(cases.listed["event_local"]))
    told = {name: cases.pair_at(cases.first(*codes)) for name, codes in FIRST.items()}
    told["event"] = instead(cases.pair_at(cases.first("A0")), listed)
    told["revoked"] = cases.pair_at(last_places(cases.of, is_any(cases.log, "D8"), len(cases.listed)))
    told |= returns(cases, back_to_work) | of_current_round(cases)
    return {f"{name}_{end}": pair[place] for name, pair in told.items() for place, end in enumerate(("at", "local"))}


def instead(pair: Pair, other: Pair) -> Pair:
    """Return instants and wall clocks, another's where they are missing."""
    is_missing = np.isnan(pair[0])
    return np.where(is_missing, other[0], pair[0]), np.where(is_missing, other[1], pair[1])


def returns(cases: Cases, back_to_work: pd.DataFrame) -> dict[str, Pair]:
    """Return the stamps of going back to work: the log's, or else those of the list."""
    columns = referred(back_to_work, "case_id", cases.listed["case_id"], [f"{name}_at" for name in BACK_TO_WORK])
    told = {}
    for name, code in BACK_TO_WORK.items():
        at = columns[f"{name}_at"].astype(np.float64)
        told[name] = instead(cases.pair_at(cases.first(code)), (at, at + cases.offset_s))
    return told


def of_current_round(cases: Cases) -> dict[str, Pair]:
    """Return the stamps that the current round says."""
    told = {name: pair_of(cases, name) for name in ("applied", "accepted", "clock_from", "delivered", "closed")}
    ended = pair_of(cases, "outcome")
    for name, codes in ENDS.items():
        is_so = cases.ended_by(*codes)
        told[name] = (np.where(is_so, ended[0], np.nan), np.where(is_so, ended[1], np.nan))
    return {**told, "ended": ended, "stock_from": told["clock_from"]}


def pair_of(cases: Cases, name: str) -> Pair:
    """Return an event of the current rounds, its instants and its wall clocks."""
    return cases.current[f"{name}_at"], cases.current[f"{name}_local"]


def age_from(told: Told, paused_days: Numbers) -> Numbers:
    """Return the instant of the midnight from which a case's age counts: that of its clock's first day, its pauses later.

    The day begins by the offset that the wall clock had then; China keeps one offset, so no later midnight is another's.
    """
    at, local = told["clock_from_at"], told["clock_from_local"]
    return np.asarray((local // DAY_S + paused_days) * DAY_S - (local - at), np.float64)


def paused_days(cases: Cases) -> Numbers:
    """Return how many days each case's current round was suspended, 0 without a log."""
    return np.maximum(cases.current["paused_days"], 0).astype(np.float64)


def referred(rows: pd.DataFrame, key: str, of: pd.Series, names: list[str]) -> dict[str, Words]:
    """Return columns of the rows of a list that some keys refer to, None where there is none."""
    places = pd.Index(rows[key]).get_indexer(pd.Index(of))
    return {name: np.append(rows[name].to_numpy(object), [None])[places] for name in names}
