"""From the accident to the application: how soon it is reported, who applies, and how late. Steps A0, A1, B1, E0, E1."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Instants, Mask, Names, Random, happens, lognormal, pick, standard
from etl.simulation.injury import mixes
from etl.simulation.injury.days import DAY_S
from etl.simulation.injury.facts import Draft, days_long

EMPLOYER_DAYS = 30
"""Within which an employer must apply (section 2.2, L1)."""
EXTENSION_DAYS = 30
COUNTER_S = (28_800, 59_400)
"""Applications come between 8:00 and 16:30."""
ADMITTED_S = (1_800, 14_400)
DEATH_AFTER_S, ILLNESS_DEATH_AFTER_S = (600, 12 * DAY_S), (600, 47 * 3600)
"""A sudden illness counts when it kills within 48 h (article 15.1)."""


@dataclass(frozen=True)
class Filing:
    """Who applied and how; `is_live`: after the city went live. `death_at` is MISSING (−1) of those who live."""

    applicant: Names
    channel: Names
    is_extended: Mask
    is_live: Mask
    death_at: Instants


def filed(draft: Draft) -> Filing:
    """Draw how accidents were reported and applied for."""
    random, facts, n = draft.seeded("filing"), draft.facts, len(draft)
    draft.note("A0", np.ones(n, np.bool_), facts.at)
    was_live = draft.live(facts.at)
    applicant = np.where(facts.is_death & happens(random, 0.3, n), "近亲属", pick(random, mixes.APPLICANTS, n)).astype(object)
    delay, is_extended = delays(draft, random, applicant == "用人单位")
    day = draft.year.day_of(facts.at) + np.maximum(np.rint(delay), 1).astype(np.int64)
    channel = np.where(draft.year.at(day, day * 0) >= draft.year.at(day * 0 + draft.live_on, day * 0), *channels(random, n))
    day = np.where(channel == "窗口", draft.year.opens(day), day)
    applied_at = draft.year.at(day, random.integers(*COUNTER_S, n))
    draft.note("B1", np.ones(n, np.bool_), applied_at)
    report(draft, random, was_live)
    care(draft, random)
    return Filing(applicant, channel.astype(object), is_extended, draft.live(applied_at), deaths(draft, random))


def channels(random: Random, n: int) -> tuple[Names, Names]:
    """Return how people apply after going live, and before."""
    return pick(random, mixes.CHANNELS_AFTER, n), pick(random, mixes.CHANNELS_BEFORE, n)


def delays(draft: Draft, random: Random, is_employer: Mask) -> tuple[np.ndarray, Mask]:
    """Return after how many days people apply, and which employers were given more time."""
    parameters, n = draft.parameters, len(draft)
    median, sigma = parameters.employer_median_days, parameters.employer_sigma
    employer = np.minimum(days_long(random, median, sigma, n), 2 * EMPLOYER_DAYS)
    worker = np.minimum(
        days_long(random, parameters.worker_median_days, parameters.worker_sigma, n), parameters.longest_apply_days
    )
    is_late = is_employer & (employer > EMPLOYER_DAYS)
    return np.where(is_employer, employer, worker), is_late & happens(random, parameters.extended_share, n)


def report(draft: Draft, random: Random, was_live: Mask) -> None:
    """Draw when accidents were reported: most within a day, since going live within hours, and never after the application."""
    parameters, n = draft.parameters, len(draft)
    median = np.where(was_live, parameters.report_median_h[1], parameters.report_median_h[0])
    lag_s = 3600 * days_long(random, median, parameters.report_sigma, n)
    reported_at = draft.facts.at + np.maximum(np.rint(lag_s), 120).astype(np.int64)
    is_first = reported_at < draft.at["B1"] - 600
    draft.note("A1", happens(random, parameters.reported_share, n) & is_first, reported_at)


def care(draft: Draft, random: Random) -> None:
    """Draw who went into hospital, and for how long."""
    parameters, n = draft.parameters, len(draft)
    admitted_at = draft.facts.at + random.integers(*ADMITTED_S, n)
    stay_s = DAY_S * np.maximum(lognormal(standard(random, n), parameters.stay_mean_days, parameters.stay_sigma), 1)
    draft.note("E0", draft.facts.is_admitted, admitted_at)
    draft.note("E1", draft.facts.is_admitted, admitted_at + np.rint(stay_s).astype(np.int64))


def deaths(draft: Draft, random: Random) -> Instants:
    """Return when those died who did."""
    n = len(draft)
    is_illness = draft.facts.accident_type == "91"
    after_s = np.where(is_illness, random.integers(*ILLNESS_DEATH_AFTER_S, n), random.integers(*DEATH_AFTER_S, n))
    found: Instants = np.where(draft.facts.is_death, draft.facts.at + after_s, -1)
    return found
