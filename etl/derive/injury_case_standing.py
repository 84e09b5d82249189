"""Where a case stands: the furthest main-line event that stands, and the stage that it is in now."""

from collections.abc import Sequence

import numpy as np

from cockpit.case_events import RECOGNISED
from etl.derive.injury_case_stamps import Cases, Told, Words, has, words
from etl.derive.injury_log import DECISIONS, ENDINGS, NOWHERE, NUMBERS, Mask, Places, is_any, last_places

Rules = list[tuple[Mask, Words | str]]

LANE = {
    "F1": "appraising",
    "F2": "appraising",
    "F3": "appraising",
    "F4": "appraised",
    "F5": "appraised",
    "F6": "appraising",
    "F7": "appraised",
    "F8": "appraising",
    "F9": "appraised",
    "G1": "benefit",
    "G2": "benefit",
    "G3": "paid",
}
"""The stage that each event after recognition brings a case to, in their usual order."""

MAIN_LINE = ("F1", "F4", "F5", "G1", "G2", "G3")
"""The main line after recognition (domain specification, section 2.1)."""

UNRECOGNISED = ("D9", "C2")


def standing(cases: Cases, told: Told) -> dict[str, Words]:
    """Return `state` and `stage` of each case.

    While recognition is under way, or has ended without one, what is appraised and paid does not stand. After it the last
    event says where a case is, whatever came before: medical fees are paid before the appraisal, and after it again.
    """
    return {"state": states(cases, told), "stage": stages(cases, told)}


def states(cases: Cases, told: Told) -> Words:
    """Return the code of the furthest main-line event of each case that stands; of a case without any, that of its accident."""
    outcome, is_decided = cases.current["outcome"], cases.ended_by(*DECISIONS)
    furthest = ranked(cases, MAIN_LINE, by_time=False)
    has_more, after = furthest != NOWHERE, words([*MAIN_LINE, None])[furthest]
    rules: Rules = [
        (has(told, "closed"), "Z1"),
        (cases.ended_by(*UNRECOGNISED), outcome),
        (cases.ended_by(*RECOGNISED) & has_more, after),
        (is_decided & has(told, "delivered"), "D4"),
        (is_decided, outcome),
        (has(told, "accepted"), "C1"),
        (has(told, "applied"), "B1"),
        (has_more & ~open_now(cases), after),
    ]
    return chosen(rules, "A0")


def stages(cases: Cases, told: Told) -> Words:
    """Return where each case stands now; a refused one is decided until that was delivered, and then has ended."""
    is_decided, is_delivered, is_open = cases.ended_by(*DECISIONS), has(told, "delivered"), open_now(cases)
    latest = ranked(cases, [*LANE], by_time=True)
    has_more, after = latest != NOWHERE, words([*LANE.values(), None])[latest]
    rules: Rules = [
        (has(told, "closed"), "closed"),
        (cases.ended_by(*UNRECOGNISED) | (cases.ended_by("D3") & is_delivered), "ended"),
        (cases.ended_by(*RECOGNISED) & has_more, after),
        (is_decided & is_delivered, "delivered"),
        (is_decided, "decided"),
        (is_open & cases.current["is_suspended"], "suspended"),
        (is_open, "accepted"),
        (has(told, "applied") & supplementing(cases), "supplementing"),
        (has(told, "applied"), "applied"),
        (has_more, after),
        (has(told, "reported"), "reported"),
    ]
    return chosen(rules, "accident")


def chosen(rules: Rules, otherwise: str) -> Words:
    """Return for each case the word of the first rule that applies."""
    found: Words = np.full(len(rules[0][0]), otherwise, object)
    for condition, word in reversed(rules):
        found = np.where(condition, word, found)
    return found


def open_now(cases: Cases) -> Mask:
    """Return which cases are open: their clock began, and the round has not ended."""
    return ~np.isnan(cases.current["clock_from_at"]) & ~cases.ended_by(*ENDINGS)


def ranked(cases: Cases, codes: Sequence[str], *, by_time: bool) -> Places:
    """Return for each case the greatest place in `codes` of its events, or of those of its last instant; or NOWHERE."""
    places = np.flatnonzero(is_any(cases.log, *codes))
    ranks = np.full(len(NUMBERS), NOWHERE)
    ranks[[NUMBERS[code] for code in codes]] = np.arange(len(codes))
    rank = ranks[cases.log["code"].to_numpy()[places]]
    at = cases.log["event_at"].to_numpy()[places] if by_time else np.zeros(len(places), np.int64)
    order = np.lexsort((rank, at, cases.of[places]))
    last = last_places(cases.of[places][order], np.ones(len(places), np.bool_), len(cases.listed))
    return np.append(rank[order], NOWHERE)[last]


def supplementing(cases: Cases) -> Mask:
    """Return which cases' current application was asked for a supplement (B2) that has not come since (B3)."""
    own = cases.current["application"][cases.of]
    is_own = cases.log["application"].to_numpy() == own
    at = np.append(cases.log["event_at"].to_numpy(np.float64), -np.inf)
    asked, given = (at[last_places(cases.of, is_own & is_any(cases.log, code), len(cases.listed))] for code in ("B2", "B3"))
    return np.asarray(asked > given, np.bool_)
