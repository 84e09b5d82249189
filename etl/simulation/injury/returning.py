"""Back to work 再就业: the wish, the training, the offer, the post. Steps R1 to R4."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Codes, Mask, Random, happens, pick_codes
from etl.simulation.injury.appraisal import Appraisal, graded_at
from etl.simulation.injury.facts import Draft, days_long
from etl.simulation.injury.recognition import whole_days

WISH_MEDIAN_DAYS, WISH_SIGMA = 12.0, 0.7
PLACED_SIGMA = 0.55
LATEST_PLACED_DAYS = 178
"""Within which a placement counts (section 2.8)."""
OFFERED_SHARE = 0.8
"""Of those who find no post, that were offered one. [DEF]"""


@dataclass(frozen=True)
class Returning:
    """Who wished to work again, and the firm that took each one on (its place in the list)."""

    wishes: Mask
    employer: Codes


def returned(draft: Draft, appraisal: Appraisal, employers: Codes) -> Returning:
    """Draw who wished to work again since going live, and what became of it."""
    random, parameters, n, year = draft.seeded("returning"), draft.parameters, len(draft), draft.year
    may = (appraisal.first > 0) & draft.had("F5")
    share = parameters.since_go_live(
        parameters.intents_per_year, of_share=parameters.recognised_share * parameters.graded_share
    )
    after = 1 + whole_days(days_long(random, WISH_MEDIAN_DAYS, WISH_SIGMA, n))
    wished_at = year.desk(random, year.opens(year.day_of(graded_at(draft)) + after))
    wishes = may & draft.live(wished_at) & happens(random, share, n)
    draft.note("R1", wishes, wished_at)
    train(draft, random, wishes)
    place(draft, random, wishes)
    return Returning(wishes, employers[pick_codes(random, np.ones(len(employers)), n)])


def train(draft: Draft, random: Random, wishes: Mask) -> None:
    """Draw who was trained (R2): as many a year as the chosen year's page says."""
    parameters, n = draft.parameters, len(draft)
    is_trained = wishes & happens(random, parameters.profile.trained_per_year / parameters.intents_per_year, n)
    trained_on = draft.year.opens(draft.year.day_of(draft.at["R1"]) + random.integers(2, 13, n))
    draft.note("R2", is_trained, np.maximum(draft.year.desk(random, trained_on), draft.at["R1"] + 3_600))


def place(draft: Draft, random: Random, wishes: Mask) -> None:
    """Draw who was offered a post and who took one (R3, R4)."""
    parameters, n, year = draft.parameters, len(draft), draft.year
    is_placed = wishes & happens(random, parameters.placed_share, n)
    is_offered = is_placed | (wishes & happens(random, OFFERED_SHARE, n))
    days = np.clip(whole_days(days_long(random, parameters.intent_to_job_days, PLACED_SIGMA, n)), 3, LATEST_PLACED_DAYS)
    wished_on = year.day_of(draft.at["R1"])
    placed_at = year.desk(random, year.open_before(wished_on + days))
    offered_at = year.desk(random, year.opens(wished_on + np.maximum(days - random.integers(1, 9, n), 1)))
    first_at = draft.newest("R1", "R2") + 3_600
    offered_at = np.maximum(offered_at, first_at)
    draft.note("R3", is_offered, offered_at)
    draft.note("R4", is_placed, np.maximum(placed_at, offered_at + 3_600))
