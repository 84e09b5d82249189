"""How long each step of a case took: the intervals of a case, their seconds and their states."""

from typing import NamedTuple

import numpy as np

from cockpit.interval import Interval, State
from cockpit.metrics import work_injury_intervals as of
from cockpit.window import DAY_S
from etl.derive.injury_case_stamps import Cases, Told, Words, has
from etl.derive.injury_log import Mask, Numbers

FROM_APPRAISAL = ("F2", "F3", "F4", "F5")
AFTER_CONCLUSION = ("F5", "F6", "F7", "F8", "F9")
AFTER_DECISION = ("F1", "F2", "F3", "F4", "F5", "G1", "G2", "G3")


class Ending(NamedTuple):
    """Of one interval without an end: where it will not come any more, and where it should be there."""

    is_void: Mask
    is_due: Mask


def endings(cases: Cases, told: Told, is_disabled: Mask) -> dict[Interval, Ending]:
    """Return what a missing end means. It should be there where a later stamp of the main line, or the closing, stands."""
    no = np.zeros(len(cases.listed), np.bool_)
    is_closed, is_accepted, is_applied = (has(told, name) for name in ("closed", "accepted", "applied"))
    is_delivered, has_ended, is_concluded = has(told, "delivered"), has(told, "ended"), cases.has(*AFTER_CONCLUSION)
    is_over = cases.ended_by("D9", "C2")
    is_unrecognised = is_over | cases.ended_by("D3")
    goes_on = cases.has_now(*AFTER_DECISION) | is_closed
    is_appraised = cases.has_now(*FROM_APPRAISAL)
    is_of_before = cases.has("F1") & ~cases.has_now("F1")

    def left(start: str) -> Mask:
        return np.asarray(is_closed & has(told, start), np.bool_)

    return {
        of.REPORT_LAG: Ending(no, is_applied | is_accepted | has_ended),
        of.APPLY: Ending(no, is_accepted | has_ended | goes_on),
        of.ACCEPT: Ending(is_over, has_ended | is_delivered | goes_on),
        of.LEGAL: Ending(is_over, is_delivered | goes_on),
        of.HANDLING: Ending(is_over, is_delivered | goes_on),
        of.DELIVER: Ending(is_over, goes_on),
        of.TO_APPRAISAL: Ending(is_unrecognised | is_of_before | (~is_appraised & is_closed), is_appraised),
        of.APPRAISE: Ending(no, is_concluded | left("appraisal_applied")),
        of.EXAM: Ending(no, is_concluded | left("exam")),
        of.APPRAISAL_DELIVERY: Ending(
            no, cases.has("F6", "F7") | has(told, "lump_paid") & has(told, "concluded") | left("concluded")
        ),
        of.BENEFIT: Ending(no, left("benefit_applied")),
        of.END_TO_END: Ending(is_unrecognised | (is_closed & ~is_disabled), is_closed),
        of.MEDIATION: Ending(has(told, "mediation_failed"), no),
        of.ARB_ACCEPT: Ending(no, has(told, "settled") | has(told, "awarded")),
        of.AWARD: Ending(has(told, "settled"), no),
        of.INTENT_TO_JOB: Ending(no, no),
    }


def timed(cases: Cases, told: Told, paused_days: Numbers, is_disabled: Mask) -> dict[str, Words | Numbers]:
    """Return the seconds and the state of each interval, as the columns are named; seconds are NaN unless VALID."""
    found: dict[str, Words | Numbers] = {}
    is_of_before = cases.has("F1") & ~cases.has_now("F1")
    for interval, ending in endings(cases, told, is_disabled).items():
        start, end = pair(told, interval.start), pair(told, interval.end)
        if interval is of.TO_APPRAISAL:
            end = np.where(is_of_before, np.nan, end)  # it followed a decision that was revoked
        length, is_negative = in_seconds(start, end) if interval is of.REPORT_LAG else in_days(start, end)
        length -= paused_days * DAY_S if interval is of.LEGAL else 0
        state = state_of(start[0], end[0], is_negative, ending)
        found[interval.value] = np.where(state == State.VALID.value, length, np.nan)
        found[interval.state] = state
    return found


def pair(told: Told, column: str) -> Numbers:
    """Return the instants of a stamp, and below them its wall clocks."""
    return np.stack([told[column], told[f"{column.removesuffix('_at')}_local"]])


def in_seconds(start: Numbers, end: Numbers) -> tuple[Numbers, Mask]:
    """Return the seconds between stamps, and which of them stand in the wrong order."""
    length = end[0] - start[0]
    return length, length < 0


def in_days(start: Numbers, end: Numbers) -> tuple[Numbers, Mask]:
    """Return the whole local days between stamps, in seconds, and which of them stand in the wrong order.

    An end with a time of day may lie before its start on the same day; of one at midnight sharp, a date, nobody knows.
    """
    length = (end[1] // DAY_S - start[1] // DAY_S) * DAY_S
    return length, (length < 0) | ((end[0] < start[0]) & (end[1] % DAY_S != 0))


def state_of(start: Numbers, end: Numbers, is_negative: Mask, ending: Ending) -> Words:
    """Return the state of each interval; the first rule that applies decides."""
    is_begun, is_ended = ~np.isnan(start), ~np.isnan(end)
    rules = [
        (is_begun & is_ended & is_negative, State.NEG),
        (is_begun & is_ended, State.VALID),
        (is_ended, State.MISSING),
        (ending.is_void, State.OUTSIDE),
        (ending.is_due, State.MISSING),
        (~is_begun, State.OUTSIDE),
    ]
    return np.select([rule for rule, _ in rules], [state.value for _, state in rules], State.OPEN.value).astype(object)
