"""The insured firms of the simulated city: where they produce, what they make, and how many people they insure."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from etl.identifiers import CODE_SIGNS, CODE_WEIGHTS
from etl.simulation.draws import Codes, Floats, Mask, Names, Random, happens, pick_codes, standard
from etl.simulation.geography import Places
from etl.simulation.injury.days import EPOCH
from etl.simulation.injury.mixes import (
    ACCIDENTS_BY_RISK,
    ACCIDENTS_BY_TOWN,
    INDUSTRIES,
    INSURED_BY_TOWN,
)
from etl.simulation.injury.parameters import InjuryParameters

FIRST_INSURED, LAST_JOINING = date(2004, 1, 1), date(2040, 12, 31)
"""The regulation came into force on the first; beyond the last nobody joins any more."""
SIZE_SIGMA, RISK_SIGMA = 1.35, 0.5
"""Of how many people firms insure, and of how often accidents happen in one of them, beyond its industry. [DEF]"""
ELSEWHERE_SHARE, DISPATCH_CODE, BUILDING = 0.06, "7263", ("4710", "4819", "4910", "5011")
"""Of firms, registered in another town than they produce in [DEF]; industries that send workers out, and that build."""
CODE_HEAD = "91331081MA"
"""Of a credit code: registered by the market authority (9), an enterprise (1), in Wenling, and a new organisation (MA)."""
NEW_SIGNS = 6
"""What follows it; numbers grow from firm to firm, as they do where they are given out one after another."""


@dataclass(frozen=True, kw_only=True)
class Firms:
    """All firms, in the order in which they were insured; `size` is how many people they insure at go-live.

    `joined_on` are days from 1970-01-01, `rounding` is where each firm's part of a person is rounded.
    """

    ids: Names
    town: Codes
    registered: Codes
    industry: Codes
    size: Floats
    rounding: Floats
    joined_on: Codes
    risk: Floats

    def __len__(self) -> int:
        """Return how many firms there are."""
        return len(self.ids)

    def joined(self, day: int) -> int:
        """Return how many firms had been insured by the end of a day."""
        return int(np.searchsorted(self.joined_on, day, side="right"))

    def headcount(self, growth: float) -> Codes:
        """Return how many people each firm insures when the city has grown by this factor since go-live."""
        return np.maximum(np.floor(self.size * growth + self.rounding), 1).astype(np.int64)


def firms(random: Random, parameters: InjuryParameters, towns: Places, go_live: date) -> Firms:
    """Draw the firms of a city."""
    joined_on = joining_days(random, parameters, go_live)
    n, live_on = len(joined_on), (go_live - EPOCH).days
    town = pick_codes(random, [INSURED_BY_TOWN[code] for code in towns.codes], n)
    industry = pick_codes(random, [one.share for one in INDUSTRIES], n)
    size = np.exp(SIZE_SIGMA * standard(random, n))
    is_there = joined_on <= live_on
    for place, code in enumerate(towns.codes):
        of_town = town == place
        insured = parameters.insured_count * INSURED_BY_TOWN[code] / sum(INSURED_BY_TOWN.values())
        size[of_town] = scaled(size[of_town], is_there[of_town], insured)
    is_elsewhere = happens(random, ELSEWHERE_SHARE, n)
    return Firms(
        ids=identifiers(random, n, happens(random, parameters.sole_trader_share, n)),
        town=town,
        registered=np.where(is_elsewhere, random.integers(0, len(towns.codes), n), town),
        industry=industry,
        size=size,
        rounding=random.random(n),
        joined_on=joined_on,
        risk=risks(random, town, industry, towns),
    )


def joining_days(random: Random, parameters: InjuryParameters, go_live: date) -> Codes:
    """Return when firms were insured: since the regulation came into force, and some every year from go-live on."""
    begin, live_on, end = ((day - EPOCH).days for day in (FIRST_INSURED, go_live, LAST_JOINING))
    later = int(parameters.firms_per_year * (end - live_on) / 365.25)
    before = random.integers(begin, live_on + 1, parameters.firm_count)
    return np.sort(np.concatenate([before, random.integers(live_on + 1, end + 1, later)]))


def scaled(size: Floats, is_there: Mask, insured: float) -> Floats:
    """Scale sizes, of which none is below one, so that those of the firms that are there add up."""
    for _ in range(20):
        size = np.maximum(size * insured / size[is_there].sum(), 1.0)
    return size


def risks(random: Random, town: Codes, industry: Codes, towns: Places) -> Floats:
    """Return how often accidents happen to a person of each firm, relative to one another."""
    by_industry = np.array([ACCIDENTS_BY_RISK[one.risk_cat - 1] for one in INDUSTRIES])
    by_town = np.array([ACCIDENTS_BY_TOWN.get(code, 1.0) for code in towns.codes])
    found: Floats = np.exp(RISK_SIGMA * standard(random, len(town))) * by_industry[industry] * by_town[town]
    return found


def identifiers(random: Random, n: int, is_sole: Mask) -> Names:
    """Return credit codes with the check digit of GB 32100, or P and 15 digits for those who have none; no two the same."""
    base = len(CODE_SIGNS)
    step = base**NEW_SIGNS // (n + 1)
    number = (np.arange(n) + 1) * step + random.integers(0, step, n) - step // 2
    return np.where(is_sole, [f"P331081{place:09d}" for place in range(n)], [credit_code(int(one)) for one in number])


def credit_code(number: int) -> str:
    """Return the credit code of a number, its check digit the last sign."""
    signs = ""
    for _ in range(NEW_SIGNS):
        number, place = divmod(number, len(CODE_SIGNS))
        signs = CODE_SIGNS[place] + signs
    body = CODE_HEAD + signs + "A"
    total = sum(CODE_SIGNS.index(sign) * weight for sign, weight in zip(body, CODE_WEIGHTS, strict=True))
    return body + CODE_SIGNS[-total % 31]
