"""The log of work-injury cases 工伤案件日志: its order, its rounds, their ends and their pauses, for many cases at once.

A *round* is one way to one decision on recognition. A case begins with its first; every D8 (decision revoked) begins
another, and so does a B1 that follows a withdrawal (D9) or a refusal (C2), which begins a new *application* too. A round
ends with the first D1, D2, D3, D9 or C2 in it; what comes later is an issue and no second end (domain specification,
section 2.1). The legal clock of a round runs from the C1 of its application, or from its D8, less its pauses.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.case_events import CASE_EVENTS
from cockpit.window import DAY_S

DECISIONS = ("D1", "D2", "D3")
ENDINGS = (*DECISIONS, "D9", "C2")
"""What ends a round."""

UNDOING = ("D8", "C4")
"""Of one instant, what makes way comes first: a day that is only a date resumes a case and decides it."""

NOWHERE = -1
"""The place of an event that is not there."""

NUMBERS = {code: number for number, code in enumerate(CASE_EVENTS)}

Places = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def ordered(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events case by case, each case's in order of instant, undoing first, then `event_id`.

    Shape: the columns of `case_event` that were given (`event_code` as a category, `event_at` and `event_local` as integers),
    and numbers that count from 0 over the whole log: `case`, `application` and `round`; `code` is the place of the code in
    CASE_EVENTS, `day` the local day.
    """
    log = events.reset_index(drop=True)
    case, _ = pd.factorize(log["case_id"])
    at = log["event_at"].to_numpy(np.int64)
    undoes = ~log["event_code"].isin(UNDOING).to_numpy()
    by_id, _ = pd.factorize(log["event_id"], sort=True)
    order = np.lexsort((by_id, undoes, at, case))
    log = log.iloc[order].reset_index(drop=True)
    local = log["event_local"].to_numpy(np.int64)
    codes = pd.Categorical(log["event_code"], categories=[*CASE_EVENTS])
    return log.assign(
        event_code=codes,
        code=codes.codes,
        event_at=at[order],
        event_local=local,
        day=local // DAY_S,
        case=case[order],
        **numbered(case[order], codes.codes),
    )


def numbered(case: Places, code: Places) -> dict[str, Places]:
    """Return the number of the application and of the round that each event belongs to."""
    is_first = np.diff(case, prepend=NOWHERE) != 0
    begins = is_first | applied_again(case, code)
    is_revoked = code == NUMBERS["D8"]
    return {"application": np.cumsum(begins) - 1, "round": np.cumsum(begins | is_revoked) - 1}


def applied_again(case: Places, code: Places) -> Mask:
    """Return which B1 follow a withdrawal or a refusal of the same case, with no other B1 between."""
    places = np.flatnonzero(np.isin(code, [NUMBERS[name] for name in ("B1", "D9", "C2")]))
    is_application = code[places] == NUMBERS["B1"]
    follows = np.append(False, (~is_application[:-1]) & (np.diff(case[places]) == 0))[: len(places)]
    found = np.zeros(len(code), np.bool_)
    found[places[is_application & follows]] = True
    return found


def is_any(log: pd.DataFrame, *codes: str) -> Mask:
    """Return which events have one of these codes."""
    return np.isin(log["code"].to_numpy(), [NUMBERS[code] for code in codes])


def first_places(of: Places, chosen: Mask, count: int) -> Places:
    """Return, for each number below `count`, the place of the first chosen event that has it in `of`, or NOWHERE."""
    places = np.flatnonzero(chosen)
    found = np.full(count, len(of), np.intp)
    np.minimum.at(found, of[places], places)  # of several that are assigned to one number, no order is promised
    found[found == len(of)] = NOWHERE
    return found


def last_places(of: Places, chosen: Mask, count: int) -> Places:
    """Return, for each number below `count`, the place of the last chosen event that has it in `of`, or NOWHERE."""
    places = np.flatnonzero(chosen)
    found = np.full(count, NOWHERE, np.intp)
    np.maximum.at(found, of[places], places)
    return found


def taken(values: pd.Series, places: Places) -> Numbers:
    """Return a column of numbers at some places, NaN for NOWHERE."""
    column = np.append(values.to_numpy(np.float64), np.nan)
    return column[places]


def stamped(name: str, log: pd.DataFrame, places: Places) -> dict[str, Numbers]:
    """Return the instant and the wall clock of the events at some places, as `<name>_at` and `<name>_local`."""
    return {f"{name}_at": taken(log["event_at"], places), f"{name}_local": taken(log["event_local"], places)}


def rounds(log: pd.DataFrame) -> pd.DataFrame:
    """Return the rounds of an ordered log, in its order.

    Grain: one row per round. Shape: `case_id`, `case`, `application`, `round` (all three as in the log), `round_no` (from 0 in
    each case), `is_current` (the last of its case), `is_reopened` (begun by D8), `outcome` (D1, D2, D3, D9, C2 or missing),
    `paused_days`, `is_suspended` (paused, and without an outcome), and of these events `_at` and `_local`, NaN where missing:
    `begun` (its first event), `applied` (B1), `accepted` (C1), `clock_from` (C1, or D8), `outcome`, `delivered` (D4) and
    `closed` (Z1). B1 and C1 are the first of its application, the rest the first of the round itself.
    """
    found = frame_of_rounds(log)
    stopped = pauses(log, found)
    lengths = (stopped["to_local"] // DAY_S - stopped["from_local"] // DAY_S).fillna(0)
    paused = np.bincount(stopped["round"], weights=lengths, minlength=len(found))
    is_suspended = np.zeros(len(found), np.bool_)
    is_suspended[stopped["round"][stopped["to_at"].isna()]] = True
    return found.assign(paused_days=paused.astype(np.int64), is_suspended=is_suspended)


def frame_of_rounds(log: pd.DataFrame) -> pd.DataFrame:
    """Return the rounds without what their pauses say; `outcome_place` is the place of the outcome in the log."""
    begun = np.flatnonzero(np.diff(log["round"], prepend=NOWHERE) != 0)
    case = log["case"].to_numpy()[begun]
    first_of_case = np.flatnonzero(np.diff(case, prepend=NOWHERE) != 0)
    found = pd.DataFrame(
        {
            "case_id": log["case_id"].to_numpy()[begun],
            "case": case,
            "application": log["application"].to_numpy()[begun],
            "round": np.arange(len(begun)),
            "round_no": np.arange(len(begun)) - first_of_case[counted_changes(case)],
            "is_current": np.diff(case, append=NOWHERE) != 0,
            "is_reopened": is_any(log, "D8")[begun],
        }
    )
    return found.assign(**stamps_of_rounds(log, found, begun))


def stamps_of_rounds(log: pd.DataFrame, found: pd.DataFrame, begun: Places) -> dict[str, Any]:
    """Return the columns of rounds that events say; `begun` are the places of their first events."""
    number, application = log["round"].to_numpy(), log["application"].to_numpy()
    count, own = len(begun), found["application"].to_numpy()
    applied, accepted = (first_places(application, is_any(log, code), count)[own] for code in ("B1", "C1"))
    ended, delivered, closed = (first_places(number, is_any(log, *codes), count) for codes in (ENDINGS, ("D4",), ("Z1",)))
    return {
        "outcome": words_at(log["event_code"], ended),
        "outcome_place": ended,
        **stamped("begun", log, begun),
        **stamped("applied", log, applied),
        **stamped("accepted", log, accepted),
        **stamped("clock_from", log, np.where(found["is_reopened"], begun, accepted)),
        **stamped("outcome", log, ended),
        **stamped("delivered", log, delivered),
        **stamped("closed", log, closed),
    }


def counted_changes(numbers: Places) -> Places:
    """Return how often the numbers have changed up to each of them, from 0."""
    return np.asarray(np.cumsum(np.diff(numbers, prepend=NOWHERE) != 0) - 1, np.intp)


def words_at(codes: pd.Series, places: Places) -> npt.NDArray[Any]:
    """Return the event codes at some places, None for NOWHERE."""
    words: npt.NDArray[Any] = np.array([*codes.cat.categories, None], object)
    numbers: Places = np.append(codes.cat.codes.to_numpy(), NOWHERE)
    return np.asarray(words[numbers[places]])


def pauses(log: pd.DataFrame, of: pd.DataFrame) -> pd.DataFrame:
    """Return the pauses of the legal clock; `of` are the rounds of the log.

    A C3 counts while its round's clock runs, a C4 while it is suspended; a pause still open when the round ends, ends with it.
    Grain: one row per pause. Shape: `case_id`, `round`, `round_no`, `from_at`, `from_local`, and `to_at`, `to_local`, NaN while
    it goes on.
    """
    places = alternating(log, of)
    is_begin = is_any(log, "C3")[places]
    begins = places[is_begin]
    number = log["round"].to_numpy()[begins]
    follows = np.append(places, NOWHERE)[np.flatnonzero(is_begin) + 1]
    is_resumed = (follows != NOWHERE) & is_any(log, "C4")[follows] if len(log) else np.zeros(0, np.bool_)
    ends = np.where(is_resumed, follows, of["outcome_place"].to_numpy()[number])
    told = {name: of[name].to_numpy()[number] for name in ("case_id", "round", "round_no")}
    return pd.DataFrame({**told, **stamped("from", log, begins), **stamped("to", log, ends)})


def alternating(log: pd.DataFrame, of: pd.DataFrame) -> Places:
    """Return the places of the C3 and C4 that count: in each round a C3, its C4, the next C3 and so on."""
    places = np.flatnonzero(is_any(log, "C3", "C4"))
    number = log["round"].to_numpy()
    ended = of["outcome_place"].to_numpy()[number[places]]
    runs = log["event_at"].to_numpy()[places] >= of["clock_from_at"].to_numpy()[number[places]]  # never so without a clock
    places = places[runs & ((ended == NOWHERE) | (places < ended))]
    is_begin = is_any(log, "C3")[places]
    is_same_round = np.diff(number[places], prepend=NOWHERE) == 0
    was_suspended = is_same_round & np.append(False, is_begin[:-1])[: len(places)]
    return np.asarray(places[is_begin != was_suspended], np.intp)
