"""Disputes 争议: mediation, arbitration, reconsideration, litigation. Steps H1 to H9."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Instants, Mask, Names, Random, happens, pick
from etl.simulation.injury import mixes
from etl.simulation.injury.days import DAY_S
from etl.simulation.injury.facts import Draft, days_long
from etl.simulation.injury.recognition import Course, whole_days

AFTER_DECISION_DAYS, AFTER_SIGMA = 16.0, 0.7
SPOT_S = (1_800, 9_000)
MEDIATED_DAYS = {True: (1, 8), False: (3, 18)}
LATE_MEDIATED_DAYS = (8, 16)
AWARDED_DAYS = {True: (12, 31), False: (25, 46)}
LATE_AWARDED_DAYS = (31, 50)
SETTLED_DAYS = (4, 26)
ACCEPTED_DAYS = (1, 6)
GIVEN_UP_SHARE = 0.4
"""Of failed mediations, that do not go on to arbitration. [DEF]"""
KNOWN_BEFORE_DAYS = (5, 120)
EXTENDED_SHARE = 0.04
"""Of arbitrations, given 15 more days. [DEF]"""


@dataclass(frozen=True)
class Disputes:
    """Which mediations ended on the spot, how hearings were held, and since when people knew their right (local day)."""

    is_on_spot: Mask
    mode: Names
    is_extended: Mask
    known_on: Instants


def disputed(draft: Draft, course: Course) -> Disputes:
    """Draw the disputes of recognised cases, and how they ended."""
    random, parameters, n = draft.seeded("disputes"), draft.parameters, len(draft)
    which = course.is_recognised & happens(random, parameters.dispute_chance, n)
    way = pick(random, mixes.DISPUTES, n)
    after_s = DAY_S * (1 + whole_days(days_long(random, AFTER_DECISION_DAYS, AFTER_SIGMA, n)))
    from_on = draft.year.opens(draft.year.day_of(draft.newest("D4", "D4.2") + after_s))
    opened_at = draft.year.desk(random, from_on)
    for step, name in (("H8", "reconsideration"), ("H9", "litigation")):
        draft.at[step] = np.maximum(draft.at[step], np.where(which & (way == name), opened_at, -1))
    is_live = draft.live(opened_at)
    is_on_spot = mediated(draft, random, which & (way == "mediation"), opened_at, is_live)
    asked_at = arbitrating(draft, random, which & (way == "arbitration"), opened_at)
    mode = np.where(draft.live(asked_at), pick(random, mixes.MODES_AFTER, n), pick(random, mixes.MODES_BEFORE, n))
    arbitrated(draft, random, asked_at)
    known_on = draft.year.day_of(asked_at) - random.integers(*KNOWN_BEFORE_DAYS, n)
    return Disputes(is_on_spot, mode.astype(object), happens(random, EXTENDED_SHARE, n), known_on)


def mediated(draft: Draft, random: Random, which: Mask, opened_at: Instants, is_live: Mask) -> Mask:
    """Draw mediations (H1, H2, H3); return which ended on the spot."""
    n, parameters, year = len(draft), draft.parameters, draft.year
    share = parameters.since_go_live(
        parameters.mediated_per_year,
        of_share=parameters.recognised_share * parameters.dispute_chance * mixes.DISPUTES.parts["mediation"],
    )
    is_on_spot = which & is_live & happens(random, share, n)
    later = np.where(is_live, (parameters.mediation_ok_share - share) / (1 - share), parameters.mediation_ok_share)
    is_ok = is_on_spot | (random.random(n) < later)
    is_quick = happens(random, parameters.mediated_in_7_share, n)
    swift = np.where(is_live, random.integers(*MEDIATED_DAYS[True], n), random.integers(*MEDIATED_DAYS[False], n))
    days = np.where(is_quick, swift, random.integers(*LATE_MEDIATED_DAYS, n))
    done_at = year.desk(random, year.day_of(opened_at) + days)
    done_at = np.where(is_on_spot, opened_at + random.integers(*SPOT_S, n), done_at)
    draft.note("H1", which, opened_at)
    draft.note("H2", which & is_ok, done_at)
    draft.note("H3", which & ~is_ok, done_at)
    return is_on_spot


def arbitrating(draft: Draft, random: Random, which: Mask, opened_at: Instants) -> Instants:
    """Return when arbitration was asked for: at once, or after a mediation that failed; MISSING where it was not."""
    n = len(draft)
    goes_on = draft.had("H3") & ~happens(random, GIVEN_UP_SHARE, n)
    failed_on = draft.year.opens(draft.year.day_of(draft.at["H3"]) + random.integers(2, 20, n))
    asked_at = np.where(goes_on, draft.year.desk(random, failed_on), np.where(which, opened_at, -1))
    draft.note("H4", asked_at >= 0, asked_at)
    return draft.at["H4"]


def arbitrated(draft: Draft, random: Random, asked_at: Instants) -> None:
    """Draw acceptance, settlement and award (H5, H6, H7)."""
    n, parameters, year = len(draft), draft.parameters, draft.year
    which, is_live = draft.had("H4"), draft.live(asked_at)
    is_same_day = is_live & happens(random, parameters.same_day_share, n)
    later_at = year.desk(random, year.opens(year.day_of(asked_at) + random.integers(*ACCEPTED_DAYS, n)))
    accepted_at = np.where(is_same_day, asked_at + random.integers(600, 7_200, n), later_at)
    is_settled = happens(random, parameters.settled_share, n)
    is_quick = happens(random, parameters.awarded_in_30_share, n)
    swift = np.where(is_live, random.integers(*AWARDED_DAYS[True], n), random.integers(*AWARDED_DAYS[False], n))
    award = np.where(is_quick, swift, random.integers(*LATE_AWARDED_DAYS, n))
    days = np.where(is_settled, random.integers(*SETTLED_DAYS, n), award)
    done_at = np.maximum(year.desk(random, year.open_before(year.day_of(accepted_at) + days)), accepted_at + DAY_S)
    draft.note("H5", which, accepted_at)
    draft.note("H6", which & is_settled, done_at)
    draft.note("H7", which & ~is_settled, done_at)
