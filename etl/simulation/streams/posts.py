"""`posts`: posts 岗位清单 for those who wish to work again, since going live; a row when posted, one when closed."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, happens
from etl.simulation.injury.city import MONTHS_A_YEAR, City, first_day, month_of
from etl.simulation.sending import Cells, answers

HEADER = ("岗位编号", "修订", "单位代码", "发布日期", "关闭日期", "面向残疾人")
MONTHS_BEFORE, MONTHS_AHEAD = 0, 0
OPEN_MEDIAN_DAYS, OPEN_SIGMA = 100.0, 0.6
FOR_DISABLED_SHARE = 0.35
SENT_S = (30_600, 61_200)
NEVER = -1


def block_of(city: City, month: int) -> Block:
    """Return the posts of a month: those of its twelve months since going live, in equal parts."""
    since = month - month_of(city.live_on)
    firm = (
        offering(city, since // MONTHS_A_YEAR)[since % MONTHS_A_YEAR :: MONTHS_A_YEAR] if since >= 0 else np.zeros(0, np.int64)
    )
    random, n = city.random("posts", month), len(firm)
    first, end = max(first_day(month), city.live_on), max(first_day(month + 1), city.live_on + 1)
    posted_on = np.sort(random.integers(first, end, n))
    open_days = 7 + np.rint(OPEN_MEDIAN_DAYS * np.exp(OPEN_SIGMA * np.clip(random.standard_normal(n), -3, 3))).astype(np.int64)
    second = random.integers(*SENT_S, n)
    is_for_disabled = happens(random, FOR_DISABLED_SHARE, n)
    sent_at = np.concatenate([city.year.at(posted_on, second), city.year.at(posted_on + open_days, second)])
    rev, place = np.repeat([0, 1], n), np.tile(np.arange(n), 2)

    def text(rows: Codes) -> Cells:
        one = place[rows]
        closed_on = np.where(rev[rows] == 1, posted_on[one] + open_days[one], NEVER)
        return {
            "岗位编号": np.array([f"J{month}{number + 1:04d}" for number in one.tolist()], object),
            "修订": rev[rows].astype(str).astype(object),
            "单位代码": city.firms.ids[firm[one]],
            "发布日期": days(posted_on[one]),
            "关闭日期": days(closed_on),
            "面向残疾人": answers(is_for_disabled[one]),
        }

    return block(sent_at, np.concatenate([posted_on, posted_on]), text)


def offering(city: City, year: int) -> Codes:
    """Return the firm of each post of a year since going live: every employer has one, some have more."""
    random, count = city.random("offering", year), city.parameters.posts_per_year
    more = random.choice(city.employers, count - len(city.employers))
    return random.permutation(np.concatenate([city.employers, more]))


def days(on: Codes) -> np.ndarray:
    """Return days as text, '' for none."""
    text = np.datetime_as_string(on.astype("datetime64[D]")).astype(object)
    return np.where(on == NEVER, "", text).astype(object)
