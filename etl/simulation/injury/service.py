"""How a case was served 智享服务: its package, papers and steps, its specialist, and the bill that nobody paid in advance."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Codes, Floats, Mask, Names, Random, happens
from etl.simulation.injury.appraisal import Appraisal
from etl.simulation.injury.facts import Draft
from etl.simulation.injury.filing import Filing

MATERIALS_SPREAD = 3
"""Before going live as many papers more or fewer. [DEF]"""
ONE_MORE_SHARE = 0.05
"""Of cases since going live that bring two papers; as many bring none. [DEF]"""
STEPS_BEFORE, STEPS_AFTER = (9, 14), (2, 5)
PACKAGES = np.array(["", "P1", "P2", "P3", "P4", "P5", "P6", "P7"], object)
LONG_TERM_GRADE = 4


@dataclass(frozen=True)
class Service:
    """How each case was served; `specialist` is its place in the list, −1 for nobody; `avoided_yuan` 0 for nothing."""

    package: Names
    materials: Codes
    is_card_only: Mask
    steps: Codes
    specialist: Codes
    is_accompanied: Mask
    avoided_yuan: Floats


def served(draft: Draft, filing: Filing, appraisal: Appraisal, specialists: Codes) -> Service:
    """Draw how cases were served: `specialists` are the places of those who accompany."""
    random, parameters, n, is_live = draft.seeded("service"), draft.parameters, len(draft), filing.is_live
    is_card_only = is_live & happens(random, parameters.card_only_share, n)
    is_accompanied = is_live & happens(random, parameters.since_go_live(parameters.accompanied_per_year), n)
    avoided_share = parameters.avoided_per_year_yuan / (parameters.accepted_per_year * parameters.medical_mean_yuan)
    is_avoided = is_live & happens(random, avoided_share, n)
    who = specialists[random.integers(0, len(specialists), n)]
    return Service(
        package=packages(draft, random, is_live, appraisal),
        materials=materials(random, parameters.materials_before, parameters.materials_after, is_live),
        is_card_only=is_card_only,
        steps=np.where(is_live, random.integers(*STEPS_AFTER, n), random.integers(*STEPS_BEFORE, n)),
        specialist=np.where(is_accompanied, who, -1),
        is_accompanied=is_accompanied,
        avoided_yuan=np.where(is_avoided, draft.facts.medical_yuan, 0),
    )


def materials(random: Random, before: float, after: float, is_live: Mask) -> Codes:
    """Return how many papers were handed in: twelve on the average, one since going live."""
    n, draw = len(is_live), random.random(len(is_live))
    few = after + (draw > 1 - ONE_MORE_SHARE) - (draw < ONE_MORE_SHARE)
    many = before + random.integers(-MATERIALS_SPREAD, MATERIALS_SPREAD + 1, n)
    return np.where(is_live, few, many).astype(np.int64)


def packages(draft: Draft, random: Random, is_live: Mask, appraisal: Appraisal) -> Names:
    """Return the package (section 2.6, working names) that each case is handled in, '' for none."""
    n, facts = len(draft), draft.facts
    is_covered = is_live & happens(random, draft.parameters.package_coverage, n)
    is_graded = appraisal.first > 0
    is_leaving = draft.had("G1.3")
    place = np.select(
        [
            facts.is_death,
            is_graded & (appraisal.first <= LONG_TERM_GRADE),
            is_leaving,
            is_graded & appraisal.is_two_certificates,
            is_graded,
            facts.is_admitted,
        ],
        [6, 7, 5, 4, 3, 2],
        1,
    )
    return PACKAGES[np.where(is_covered, place, 0)]
