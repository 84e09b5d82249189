"""What firms owe for their insured: wages, rates and premiums by month, and what of them nobody knows or did not pay."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.draws import Codes, Mask, Names, happens, lognormal, standard
from etl.simulation.injury.city import MONTHS_A_YEAR, City
from etl.simulation.injury.joining import float_steps
from etl.simulation.injury.mixes import BASE_RATES, INDUSTRIES

TEN_THOUSAND, PER_CENT, FEN_A_YUAN = 10_000, 100, 100
PAID_AT_LEAST, PAID_AT_MOST = 0.0, 0.9
"""Of what was due, where a firm paid less. [DEF]"""


@dataclass(frozen=True)
class Premiums:
    """One month of firms, amounts in 分, rates in ten-thousandths.

    Where the office that collects premiums has not told yet (`is_known` false), no amount is known: it is not 0.
    """

    wage_fen: Codes
    due_fen: Codes
    paid_fen: Codes
    rate_e4: Codes
    is_known: Mask


def premiums(city: City, month: int, firm: Codes, count: Codes) -> Premiums:
    """Return what firms owe for a month in which they insure so many people."""
    wage_fen = count * wages_yuan(city)[firm] * FEN_A_YUAN
    rate_e4 = rates_e4(city)[firm]
    due_fen = (wage_fen * rate_e4 + TEN_THOUSAND // 2) // TEN_THOUSAND
    random, n = city.random("premiums", month), len(city.firms)
    is_known = ~happens(random, city.parameters.premium_unknown_share, n)
    is_short = happens(random, city.parameters.premium_short_share, n)
    part = np.where(is_short, random.uniform(PAID_AT_LEAST, PAID_AT_MOST, n), 1.0)[firm]
    paid_fen = np.where(part < 1, np.floor(due_fen * part).astype(np.int64), due_fen)
    return Premiums(wage_fen, due_fen, paid_fen, rate_e4, is_known[firm])


def wages_yuan(city: City) -> Codes:
    """Return the mean monthly wage of each firm, in whole 元; that of all people together is what is stated."""

    def new() -> Codes:
        firms, parameters = city.firms, city.parameters
        wage = lognormal(standard(city.random("wages", 0), len(firms)), 1.0, parameters.wage_sigma)
        mean = np.average(wage, weights=np.where(firms.joined_on <= city.live_on, firms.size, 0))
        return np.rint(wage / mean * parameters.wage_mean_yuan / MONTHS_A_YEAR).astype(np.int64)

    found: Codes = city.remembered("wages", 0, new)
    return found


def rates_e4(city: City) -> Codes:
    """Return the rate that each firm pays, in ten-thousandths: that of its category, times its step (浮动费率)."""

    def new() -> Codes:
        base = np.rint(TEN_THOUSAND * np.array(BASE_RATES)).astype(np.int64)
        category = np.array([one.risk_cat for one in INDUSTRIES])[city.firms.industry]
        rate: Codes = base[category - 1] * float_steps(city).astype(np.int64) // PER_CENT
        return rate

    found: Codes = city.remembered("rates", 0, new)
    return found


def yuan(fen: Codes) -> Names:
    """Return amounts of 分 as text in 元 with two decimals."""
    return np.array([f"{one / FEN_A_YUAN:.2f}" for one in fen.tolist()], object)


def whole_yuan(fen: Codes) -> Names:
    """Return amounts that are whole 元 as text with two decimals, at half the cost."""
    return np.array([f"{one}.00" for one in (fen // FEN_A_YUAN).tolist()], object)
