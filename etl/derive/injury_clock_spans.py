"""Where each of the 21 clocks of a case starts and stops: from the log of a case to one span a clock and start."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cockpit.case_events import DECIDED
from cockpit.injury_clocks import BY_ID, RECOGNITION
from cockpit.window import DAY_S
from etl.derive.injury_clock_pairs import (
    NO_CODE,
    PLACE,
    Values,
    completed,
    matched,
    paired,
    payloads,
    spans_at,
)
from etl.derive.injury_log import NOWHERE, NUMBERS, Mask, Places, first_places, is_any, last_places, rounds, stamped, taken

PAIRED = ("L3", "L4", "L9", "L10", "L11", "L12", "L14", "L17", "L18", "L20")
"""Clocks that run from a start to the first stop of the same case."""

BY_EMPLOYER = "用人单位"

OVERLIVES = "L14"
"""The one clock that goes on when a case is closed: a review may be applied for later."""


def spans(log: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return every start of every clock of the cases; `log` is ordered, and of no other cases; `cases` have a `track`.

    Grain: one row per start. Shape: `row` (of the case in `cases`), `clock` (its place among all), `from_at`, `from_local`,
    `to_at`, `to_local` (NaN while it runs), `to_code` (the number of the event that ended it), `is_stopped` (by what it waits
    for), `extension_days`, `paused_days`, `is_suspended`.
    """
    row = pd.Index(cases["case_id"]).get_indexer(log["case_id"].to_numpy(object)[firsts(log)])
    log = log.assign(row=row[log["case"].to_numpy()])
    of = rounds(log)
    of, said = of.assign(row=row[of["case"].to_numpy()]), payloads(log)
    begun = [clock for clock in (BY_ID[key] for key in PAIRED) if is_any(log, *clock.starts).any()]
    parts = [
        *(paired(log, said, clock) for clock in begun),
        *second_appraisals(log, said),
        *benefits(log, said),
        recognition(of, cases),
        delivery(of),
        service(log, said),
        limitation(log, said),
        *of_accidents(log, said, of, cases),
    ]
    return closed(log, pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True), len(cases))


def second_appraisals(log: pd.DataFrame, said: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the spans of L13, which is asked of the second appraisal and of the review apart."""
    clock = BY_ID["L13"]
    for start, stop in zip(clock.starts, clock.stops, strict=True):
        yield paired(log, said, replace(clock, starts=(start,), stops=(stop,), extended_by=(start,)))


def benefits(log: pd.DataFrame, said: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the spans of L16, item by item; an application that names no item waits for the first payment of any."""
    clock, case = BY_ID["L16"], log["case"].to_numpy()
    item, _ = pd.factorize(said["item"])
    is_named = item != -1
    is_start, is_stop = is_any(log, *clock.starts), is_any(log, *clock.stops)
    by_item = case * (item.max(initial=0) + 1) + np.maximum(item, 0)
    yield spans_at(log, clock, *matched(by_item, is_start & is_named, is_stop & is_named))
    yield spans_at(log, clock, *matched(case, is_start & ~is_named, is_stop))


def recognition(of: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the spans of L5, L6 or L7, as the track of the case says: one for each round whose clock began.

    A round without an outcome ends when the next one begins, as when the decision that is revoked was never told of.
    """
    is_begun = of["clock_from_at"].notna().to_numpy()
    begun, ends = of[is_begun], ends_of(of, "outcome", numbers_of(of["outcome"]), is_begun)
    clocks = cases["track"].map({track: PLACE[key] for track, key in RECOGNITION.items()}).to_numpy(np.int64)
    return completed(
        {**begun_at(begun, "clock_from"), **ends},
        clock=clocks[begun["row"].to_numpy()],
        is_stopped=begun["outcome"].isin(DECIDED).to_numpy(),
        paused_days=begun["paused_days"].to_numpy(),
        is_suspended=begun["is_suspended"].to_numpy(),
    )


def delivery(of: pd.DataFrame) -> pd.DataFrame:
    """Return the spans of L8; a decision that was revoked before anybody had it need not be delivered."""
    is_decided = of["outcome"].isin(DECIDED).to_numpy()
    decided, ends = of[is_decided], ends_of(of, "delivered", NUMBERS["D4"], is_decided)
    is_stopped = decided["delivered_at"].notna().to_numpy()
    return completed({**begun_at(decided, "outcome"), **ends}, clock=PLACE["L8"], is_stopped=is_stopped)


def ends_of(of: pd.DataFrame, own: str, code: Values | int, chosen: Mask) -> dict[str, Values]:
    """Return the ends of the chosen rounds: a stamp of their own, or else that of the event which began the next round."""
    following, is_own, is_followed = of.shift(-1), of[f"{own}_at"].notna().to_numpy(), ~of["is_current"].to_numpy()
    anew = np.where(following["is_reopened"].eq(other=True), NUMBERS["D8"], NUMBERS["B1"])
    ends = {
        f"to_{part}": np.where(is_own, of[f"{own}_{part}"], following[f"begun_{part}"].where(is_followed))
        for part in ("at", "local")
    }
    found = {**ends, "to_code": np.where(is_own, code, np.where(is_followed, anew, NO_CODE))}
    return {name: values[chosen] for name, values in found.items()}


def begun_at(of: pd.DataFrame, name: str) -> dict[str, Values]:
    """Return the rows of rounds, and a stamp of theirs as the beginning of spans."""
    return {"row": of["row"].to_numpy(), **{f"from_{part}": of[f"{name}_{part}"].to_numpy() for part in ("at", "local")}}


def numbers_of(codes: pd.Series) -> Values:
    """Return the numbers of event codes."""
    return codes.map(NUMBERS).fillna(NO_CODE).to_numpy(np.int64)


def service(log: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Return the spans of L19, from H5 to midnight of the day on which it says that the copy was served."""
    clock = BY_ID["L19"]
    begins, ends = matched(log["case"].to_numpy(), is_any(log, *clock.starts), is_any(log, *clock.ends))
    found = spans_at(log, clock, begins, ends)
    served = said["served_on"].to_numpy()[begins] * DAY_S
    is_stopped = ~np.isnan(served)
    offset = (found["from_local"] - found["from_at"]).to_numpy()
    return found.assign(
        to_at=np.where(is_stopped, served - offset, found["to_at"]),
        to_local=np.where(is_stopped, served, found["to_local"]),
        to_code=np.where(is_stopped, NUMBERS["H5"], found["to_code"]),
        is_stopped=is_stopped,
    )


def limitation(log: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Return the spans of L21, from midnight of the day on which the right was known, as H4 says it, to H4."""
    known = said["known_on"].to_numpy() * DAY_S
    places = np.flatnonzero(is_any(log, "H4") & ~np.isnan(known))
    found = spans_at(log, BY_ID["L21"], places, places)
    offset = found["from_local"] - found["from_at"]
    return found.assign(from_at=known[places] - offset, from_local=known[places])


def of_accidents(log: pd.DataFrame, said: pd.DataFrame, of: pd.DataFrame, cases: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the spans of L1, L2 and L15, one a case; where the log lacks A0 or B1, the list of cases has the stamp."""
    row, count = log["row"].to_numpy(), len(cases)
    begun, applied, concluded = (first_places(row, is_any(log, code), count) for code in ("A0", "B1", "F4"))
    began = {"row": np.arange(count), **filled(log, "from", begun, cases, "event")}
    stop = filled(log, "to", applied, cases, "applied")
    is_applied = ~np.isnan(stop["to_at"])
    code = np.where(is_applied, NUMBERS["B1"], NO_CODE)
    added = np.append(said["extension_days"].fillna(0).to_numpy(), 0.0)[applied]
    asked = completed({**began, **stop}, clock=PLACE["L2"], to_code=code, is_stopped=is_applied)
    by_employer = cases["applicant"].eq(BY_EMPLOYER).to_numpy()
    yield asked.assign(clock=PLACE["L1"], extension_days=added)[by_employer | ~is_applied]
    yield asked[~by_employer | ~is_applied]
    yield leave(log, of, began, concluded)


def filled(log: pd.DataFrame, end: str, places: Places, cases: pd.DataFrame, name: str) -> dict[str, Values]:
    """Return the stamps of events at some places, one a case, or the list's, all by its one offset from UTC."""
    found = stamped(end, log, places)
    listed = cases[f"{name}_at"].to_numpy(np.float64)
    offset = cases["event_local"].to_numpy(np.float64) - cases["event_at"].to_numpy(np.float64)
    is_missing = places == NOWHERE
    return {
        f"{end}_at": np.where(is_missing, listed, found[f"{end}_at"]),
        f"{end}_local": np.where(is_missing, listed + offset, found[f"{end}_local"]),
    }


def leave(log: pd.DataFrame, of: pd.DataFrame, began: Mapping[str, Values], concluded: Places) -> pd.DataFrame:
    """Return the spans of L15; who is not recognised in the end has no such leave."""
    clock = BY_ID["L15"]
    current = of[of["is_current"] & of["outcome"].isin(clock.ends)].set_index("row")
    ended = current[["outcome_at", "outcome_local", "outcome"]].reindex(began["row"])
    is_stopped = concluded != NOWHERE
    stop = {
        "to_at": np.where(is_stopped, taken(log["event_at"], concluded), ended["outcome_at"]),
        "to_local": np.where(is_stopped, taken(log["event_local"], concluded), ended["outcome_local"]),
        "to_code": np.where(is_stopped, NUMBERS["F4"], numbers_of(ended["outcome"])),
    }
    return completed({**began, **stop}, clock=PLACE[clock.id], is_stopped=is_stopped)


def closed(log: pd.DataFrame, found: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return spans with those ended that still ran when their case, one of `count`, was closed (Z1)."""
    places = last_places(log["row"].to_numpy(), is_any(log, "Z1"), count)[found["row"].to_numpy()]
    closing = stamped("to", log, places)
    is_over = found["to_at"].isna() & (closing["to_at"] >= found["from_at"]) & (found["clock"] != PLACE[OVERLIVES])
    ends = {name: np.where(is_over, values, found[name]) for name, values in closing.items()}
    return found.assign(**ends, to_code=np.where(is_over, NUMBERS["Z1"], found["to_code"]))


def firsts(log: pd.DataFrame) -> Places:
    """Return the place of the first event of each case."""
    return np.flatnonzero(np.diff(log["case"].to_numpy(), prepend=NOWHERE) != 0)
