"""From the application to the delivered decision: tracks, supplements, pauses, withdrawals. Steps B2 to D9, H8, H9."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Codes, Floats, Instants, Mask, Names, Random, happens, pick_codes
from etl.simulation.injury import mixes
from etl.simulation.injury.days import DAY_S
from etl.simulation.injury.facts import Draft, days_long, from_knots
from etl.simulation.injury.filing import Filing

ACCEPTED_AFTER = (0.34, 0.30, 0.19, 0.09, 0.05, 0.03)
"""Working days until an application is accepted; five are allowed (section 2.2, L3). [DEF]"""
SLOWER_AFTER = (0.10, 0.25, 0.30, 0.18, 0.11, 0.06)
"""The same before going live. [DEF]"""
LAST_GRADE_BUT_SIX = 6
PAUSE_MEDIAN_DAYS, PAUSE_SIGMA = 38.0, 0.5
REVOKED_AFTER_DAYS, DECIDED_AGAIN_DAYS = (60, 130), (15, 55)
STEP_S = (600, 5_400)
"""Between two steps that one official takes after another."""


@dataclass(frozen=True)
class Course:
    """How cases went: their track, whether they were accepted, and what the decision that stands is (D1, D2, D3 or none)."""

    is_fast: Mask
    is_clear: Mask
    is_accepted: Mask
    is_withdrawn: Mask
    is_again: Mask
    is_suspended: Mask
    decision: Names

    @property
    def is_recognised(self) -> Mask:
        """Whether the case was recognised."""
        found: Mask = (self.decision == "D1") | (self.decision == "D2")
        return found


def recognised(draft: Draft, filing: Filing) -> Course:
    """Draw how applications were decided."""
    random, parameters, n = draft.seeded("recognition"), draft.parameters, len(draft)
    is_accepted = ~happens(random, parameters.not_accepted_share, n)
    is_withdrawn = is_accepted & happens(random, parameters.withdrawn_share, n)
    is_suspended = is_accepted & happens(random, parameters.suspended_share, n)
    is_refused = happens(random, parameters.refused_share, n)
    is_plain = is_accepted & ~is_withdrawn & ~is_suspended & ~is_refused & eligible(draft)
    is_fast = filing.is_live & is_plain & happens(random, parameters.fast_chance, n)
    is_clear = filing.is_live & ~is_fast & happens(random, parameters.clear_share, n)
    is_again = is_withdrawn & happens(random, parameters.reapplied_share, n)
    is_deemed = (draft.facts.basis == "15.1") | np.char.startswith(draft.facts.basis.astype(str), "ZJ")
    is_decided = is_accepted & (~is_withdrawn | is_again)
    decision = np.select([~is_decided, is_refused, is_deemed], ["", "D3", "D2"], "D1").astype(object)
    course = Course(is_fast, is_clear, is_accepted, is_withdrawn, is_again, is_suspended & ~is_withdrawn, decision)
    first_round(draft, random, filing, course)
    withdraw(draft, random, filing, course)
    decided_again(draft, random, course)
    is_twice = draft.had("D1") & happens(random, parameters.decided_twice_share, n)
    draft.note("D1.9", is_twice, draft.at["D1"] + 86_400 * random.integers(1, 9, n))
    return course


def eligible(draft: Draft) -> Mask:
    """Return which cases the fast track would take, as far as the accident says (section 2.5)."""
    facts = draft.facts
    is_severe = facts.is_death | ((facts.grade > 0) & (facts.grade <= LAST_GRADE_BUT_SIX))
    is_usual = ~np.isin(facts.accident_type, list(mixes.BASIS_OF_TYPE)) & np.isin(facts.basis, mixes.CLEAR_BASES)
    found: Mask = is_usual & ~is_severe & facts.is_insured & ~facts.is_contested
    return found


def first_round(draft: Draft, random: Random, filing: Filing, course: Course) -> None:
    """Draw the steps of the first round."""
    complete_at = supplemented(draft, random, filing, course)
    accepted_at = accepting(draft, random, filing, course, complete_at)
    draft.note("C1", course.is_accepted, accepted_at)
    draft.note("C2", ~course.is_accepted, accepted_at)
    pause_days = suspended(draft, random, course)
    is_decided = course.is_accepted & ~course.is_withdrawn
    decided_at = deciding(draft, random, filing, course, pause_days)
    decide(draft, "", course, is_decided, decided_at)
    deliver(draft, random, "D4", is_live=filing.is_live, which=is_decided, decided_at=decided_at)


def supplemented(draft: Draft, random: Random, filing: Filing, course: Course) -> Instants:
    """Draw who was asked for more papers; return when the papers were complete."""
    parameters, n, applied_at = draft.parameters, len(draft), draft.at["B1"]
    share = np.where(filing.is_live, parameters.supplement_share_after, parameters.supplement_share_before)
    which = ~course.is_fast & (random.random(n) < share)
    applied_on = draft.year.day_of(applied_at)
    asked_at = draft.year.desk(random, draft.year.opens(applied_on + 1, random.integers(0, 4, n)))
    told_at = draft.year.desk(random, draft.year.opens(draft.year.day_of(asked_at) + random.integers(3, 12, n)))
    draft.note("B2", which, asked_at)
    draft.note("B3", which, told_at)
    return np.where(which, told_at, applied_at)


def accepting(draft: Draft, random: Random, filing: Filing, course: Course, complete_at: Instants) -> Instants:
    """Return when applications are accepted: at once on the fast track, else within the five working days that are allowed."""
    n = len(draft)
    after = np.where(filing.is_live, pick_codes(random, ACCEPTED_AFTER, n), pick_codes(random, SLOWER_AFTER, n))
    after = np.where(course.is_fast, 0, np.where(draft.had("B3"), np.minimum(after, 2), after))
    day = draft.year.opens(draft.year.day_of(complete_at), after)
    found: Instants = np.maximum(draft.year.desk(random, day), complete_at + random.integers(*STEP_S, n))
    return found


def suspended(draft: Draft, random: Random, course: Course) -> Codes:
    """Draw pauses (C3, C4); return how many days each took, 0 for none."""
    n, accepted_on = len(draft), draft.year.day_of(draft.at["C1"])
    from_on = draft.year.opens(accepted_on + random.integers(3, 20, n))
    upto_on = draft.year.opens(from_on + np.rint(days_long(random, PAUSE_MEDIAN_DAYS, PAUSE_SIGMA, n)).astype(np.int64))
    draft.note("C3", course.is_suspended, np.maximum(draft.year.desk(random, from_on), draft.at["C1"] + 600))
    draft.note("C4", course.is_suspended, draft.year.desk(random, upto_on))
    return np.where(course.is_suspended, upto_on - from_on, 0)


def deciding(draft: Draft, random: Random, filing: Filing, course: Course, pause_days: Codes) -> Instants:
    """Return when cases are decided, on a day that offices are open: before the limit rather than after it."""
    parameters, n = draft.parameters, len(draft)
    slow = [from_knots(random, knots, n) for knots in (parameters.days_before, parameters.ordinary_days, parameters.clear_days)]
    days = whole_days(np.where(filing.is_live, np.where(course.is_clear, slow[2], slow[1]), slow[0]))
    limit = np.where(course.is_clear, 15, 60)
    accepted_on = draft.year.day_of(draft.at["C1"])
    wanted_on = accepted_on + days + pause_days
    before_on = np.maximum(draft.year.open_before(wanted_on), accepted_on)
    slow_on = np.where(days <= limit, before_on, draft.year.opens(wanted_on))
    day = np.where(course.is_fast, fast_day(draft, random), slow_on)
    not_before = np.maximum(draft.at["C1"], draft.at["C4"]) + random.integers(*STEP_S, n)
    found: Instants = np.maximum(draft.year.desk(random, day), not_before)
    return found


def fast_day(draft: Draft, random: Random) -> Codes:
    """Return the day on which the fast track decides: counted from the application, the nearest that offices are open."""
    applied_on = draft.year.day_of(draft.at["B1"])
    wanted_on = applied_on + np.maximum(whole_days(from_knots(random, draft.parameters.fast_days, len(draft))), 0)
    before_on, after_on = draft.year.open_before(wanted_on), draft.year.opens(wanted_on)
    is_nearer = (wanted_on - before_on <= after_on - wanted_on) & (before_on >= applied_on)
    return np.maximum(np.where(is_nearer, before_on, after_on), draft.year.day_of(draft.at["C1"]))


def whole_days(days: Floats) -> Codes:
    """Return lengths in whole days."""
    return np.rint(days).astype(np.int64)


def decide(draft: Draft, again: str, course: Course, which: Mask, at: Instants) -> None:
    """Write down which decision was taken."""
    for code in ("D1", "D2", "D3"):
        draft.note(code + again, which & (course.decision == code), at)


def deliver(draft: Draft, random: Random, step: str, *, is_live: Mask, which: Mask, decided_at: Instants) -> None:
    """Draw when decisions were delivered; twenty days are allowed (section 2.2, L8)."""
    n = len(draft)
    days = np.minimum(days_long(random, np.where(is_live, 2.0, 8.0), 0.5, n), 24)
    day = draft.year.opens(draft.year.day_of(decided_at) + whole_days(days))
    draft.note(step, which, np.maximum(draft.year.desk(random, day), decided_at + random.integers(*STEP_S, n)))


def withdraw(draft: Draft, random: Random, filing: Filing, course: Course) -> None:
    """Draw withdrawals (D9), and the second round of those who apply again."""
    n = len(draft)
    left_on = draft.year.opens(draft.year.day_of(draft.at["C1"]) + random.integers(1, 25, n))
    left_at = np.maximum(draft.year.desk(random, left_on), draft.at["C1"] + 600)
    draft.note("D9", course.is_withdrawn, left_at)
    back_at = draft.year.desk(random, draft.year.opens(left_on + random.integers(5, 40, n)))
    draft.note("B1.2", course.is_again, back_at)
    accepted_at = draft.year.desk(random, draft.year.opens(draft.year.day_of(back_at) + 1, random.integers(0, 3, n)))
    draft.note("C1.2", course.is_again, accepted_at)
    days = whole_days(from_knots(random, draft.parameters.ordinary_days, n))
    decided_at = draft.year.desk(random, draft.year.opens(draft.year.day_of(accepted_at) + days))
    decide(draft, ".2", course, course.is_again, decided_at)
    deliver(draft, random, "D4.2", is_live=filing.is_live, which=course.is_again, decided_at=decided_at)


def decided_again(draft: Draft, random: Random, course: Course) -> None:
    """Draw the decisions that were revoked by reconsideration or a court (H8, H9, D8), and the ones that took their place."""
    parameters, n = draft.parameters, len(draft)
    is_revoked = draft.had("D4") & happens(random, parameters.revoked_share, n)
    is_court = happens(random, 0.4, n)
    delivered_on = draft.year.day_of(draft.at["D4"])
    asked_on = draft.year.opens(delivered_on + random.integers(10, 50, n))
    revoked_on = draft.year.opens(asked_on + random.integers(*REVOKED_AFTER_DAYS, n))
    again_on = draft.year.opens(revoked_on + random.integers(*DECIDED_AGAIN_DAYS, n))
    draft.note("H8", is_revoked & ~is_court, draft.year.desk(random, asked_on))
    draft.note("H9", is_revoked & is_court, draft.year.desk(random, asked_on))
    draft.note("D8", is_revoked, draft.year.desk(random, revoked_on))
    decide(draft, ".3", course, is_revoked, draft.year.desk(random, again_on))
    draft.note("D4.3", is_revoked, draft.year.desk(random, again_on + 1) + 8 * DAY_S)
