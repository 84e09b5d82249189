"""From the recognition to the grade: appraisal, second appraisal, review. Steps F0 to F9."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Codes, Instants, Mask, Random, happens
from etl.simulation.injury.days import DAY_S
from etl.simulation.injury.facts import Draft, days_long
from etl.simulation.injury.recognition import Course, whole_days

HEALED_MEDIAN_DAYS, HEALED_SIGMA = (34.0, 22.0), 0.7
"""From the delivered decision until an appraisal is applied for, before and after going live. [DEF]"""
EXAM_MEDIAN_DAYS, EXAM_SIGMA = (26.0, 12.0), 0.45
CONCLUSION_SIGMA = 0.35
DELIVERED_AFTER_DAYS = (1, 9)
"""Fifteen days are allowed (section 2.2, L11)."""
SECOND_WITHIN_DAYS, SECOND_MEDIAN_DAYS, SECOND_SIGMA = 15, 38.0, 0.3
REVIEW_AFTER_DAYS, EARLY_REVIEW_DAYS = (366, 520), (200, 360)
"""A review may come a year after the conclusion (section 2.2, L14)."""
OTHER_GRADE_SHARE = 0.25
"""Of second appraisals and reviews, that find another grade. [DEF]"""
BOOKED_DAYS = (1, 6)
"""In hospital, an appraisal is booked within days. [DEF]"""
ZERO_DAY = -0.4
"""Of conclusions: rounding lengths from here, as many come a day early as late."""


@dataclass(frozen=True)
class Appraisal:
    """The grades that were found: at first, by the second appraisal, by the review; 0 for none."""

    first: Codes
    second: Codes
    review: Codes
    is_two_certificates: Mask


def appraised(draft: Draft, course: Course) -> Appraisal:
    """Draw who was appraised, when, and what was found."""
    random, parameters, n = draft.seeded("appraisal"), draft.parameters, len(draft)
    chance = appraisal_chance(draft)
    which = course.is_recognised & (random.random(n) < chance)
    booked(draft, random, which)
    delivered_at = draft.newest("D4", "D4.2")
    is_live = draft.live(delivered_at)
    healed = days_long(random, np.where(is_live, HEALED_MEDIAN_DAYS[1], HEALED_MEDIAN_DAYS[0]), HEALED_SIGMA, n)
    ready_on = draft.year.day_of(np.maximum(delivered_at + DAY_S * whole_days(healed), draft.at["E1"] + DAY_S))
    applied_at = draft.year.desk(random, draft.year.opens(ready_on))
    draft.note("F1", which, applied_at)
    concluded(draft, random, which, draft.live(applied_at))
    first = np.where(which, draft.facts.grade, 0)
    second = appraised_again(draft, random, first)
    review = reviewed(draft, random, np.where(draft.had("F7"), second, first))
    is_two = (first > 0) & draft.live(draft.at["F4"]) & happens(random, parameters.two_certificates_share, n)
    return Appraisal(first, second, review, is_two)


def appraisal_chance(draft: Draft) -> np.ndarray:
    """Return each case's chance to be appraised: whoever has a grade is, and of the others as many as make up the share."""
    parameters = draft.parameters
    graded = parameters.graded_share
    others = max(0.0, (parameters.appraised_share - graded) / (1 - graded - parameters.death_share))
    return np.where(draft.facts.is_death, 0.0, np.where(draft.facts.grade > 0, 1.0, others))


def booked(draft: Draft, random: Random, which: Mask) -> None:
    """Draw the appraisals that are booked in hospital (F0), since going live."""
    n = len(draft)
    booked_at = draft.year.desk(random, draft.year.day_of(draft.at["E0"]) + random.integers(*BOOKED_DAYS, n))
    share = draft.parameters.inhosp_share / draft.parameters.appraised_share / draft.parameters.recognised_share
    is_one = which & draft.had("E0") & draft.live(booked_at) & happens(random, share, n)
    draft.note("F0", is_one, booked_at)
    draft.at["E1"] = np.where(is_one, np.maximum(draft.at["E1"], booked_at + DAY_S), draft.at["E1"])


def concluded(draft: Draft, random: Random, which: Mask, is_live: Mask) -> None:
    """Draw acceptance, examination, conclusion and delivery."""
    n, year = len(draft), draft.year
    applied_on = year.day_of(draft.at["F1"])
    before, after = draft.parameters.exam_to_conclusion_days
    accepted_on = year.opens(applied_on, random.integers(0, 5, n))
    wait = days_long(random, np.where(is_live, EXAM_MEDIAN_DAYS[1], EXAM_MEDIAN_DAYS[0]), EXAM_SIGMA, n)
    exam_on = year.opens(accepted_on + np.maximum(whole_days(wait), 1))
    length = days_long(random, np.where(is_live, after, before), CONCLUSION_SIGMA, n) + ZERO_DAY
    concluded_on = year.opens(exam_on + np.maximum(whole_days(length), 1))
    delivered_on = year.opens(concluded_on + random.integers(*DELIVERED_AFTER_DAYS, n))
    draft.note("F2", which, np.maximum(year.desk(random, accepted_on), draft.at["F1"] + 600))
    draft.note("F3", which, year.desk(random, exam_on))
    draft.note("F4", which, year.desk(random, concluded_on))
    draft.note("F5", which, year.desk(random, delivered_on))


def appraised_again(draft: Draft, random: Random, grade: Codes) -> Codes:
    """Draw second appraisals by the province (F6, F7); return the grades that they found, 0 for none."""
    n, year = len(draft), draft.year
    which = draft.had("F5") & happens(random, draft.parameters.reappraised_share, n)
    asked_on = year.open_before(year.day_of(draft.at["F5"]) + random.integers(3, SECOND_WITHIN_DAYS + 1, n))
    asked_at = np.maximum(year.desk(random, asked_on), draft.at["F5"] + 3600)
    found_on = year.opens(year.day_of(asked_at) + whole_days(days_long(random, SECOND_MEDIAN_DAYS, SECOND_SIGMA, n)))
    draft.note("F6", which, asked_at)
    draft.note("F7", which, year.desk(random, found_on))
    return np.where(which, other_grade(random, grade), 0)


def reviewed(draft: Draft, random: Random, grade: Codes) -> Codes:
    """Draw reviews (F8, F9), a year after the conclusion or, wrongly, before; return the grades that they found, 0 for none."""
    n, year, parameters = len(draft), draft.year, draft.parameters
    which = draft.had("F4") & happens(random, parameters.review_share, n)
    is_early = happens(random, parameters.early_review_share, n)
    after = np.where(is_early, random.integers(*EARLY_REVIEW_DAYS, n), random.integers(*REVIEW_AFTER_DAYS, n))
    asked_on = year.opens(year.day_of(draft.at["F4"]) + after)
    found_on = year.opens(asked_on + whole_days(days_long(random, SECOND_MEDIAN_DAYS, SECOND_SIGMA, n)))
    draft.note("F8", which, year.desk(random, asked_on))
    draft.note("F9", which, year.desk(random, found_on))
    return np.where(which, other_grade(random, grade), 0)


def other_grade(random: Random, grade: Codes) -> Codes:
    """Return grades of which some were found one worse."""
    is_other = happens(random, OTHER_GRADE_SHARE, len(grade))
    return np.where(grade == 0, np.where(is_other, 10, 0), np.maximum(grade - is_other, 1))


def graded_at(draft: Draft) -> Instants:
    """Return when a grade was delivered, or found by the province."""
    return draft.newest("F5", "F7")
