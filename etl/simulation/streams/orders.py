"""`orders`: orders to put things right 整改指令, one row when pushed and one at each step, with all that went before."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import MISSING, Codes, Instants, Names, Random, between, happens
from etl.simulation.injury.city import City, month_text
from etl.simulation.injury.rectification import STEPS, Orders, orders
from etl.simulation.sending import AGAIN_AFTER_S, CORRECTED_AFTER_S, PROMPT_S, Cells, late, stamps, texts
from etl.simulation.streams.posts import NEVER, days

HEADER = (
    "指令编号", "修订", "单位代码", "乡镇", "类别", "级别", "推送时间", "签收时间", "检查时间", "整改期限", "整改时间",
    "复查时间", "销号时间",
)  # fmt: skip
MONTHS_BEFORE, MONTHS_AHEAD = 1, 0
"""An order of a month's last days, when offices are closed, is pushed in the next."""
COLUMNS = dict(zip(("推送时间", "签收时间", "检查时间", "整改时间", "复查时间", "销号时间"), STEPS, strict=True))
WRONG_BY_S = (3_600, 86_400)
"""By how much a stamp that is corrected later was too early."""
UNLISTED_TOWN = "331081998"
INSPECTED = STEPS.index("inspected")


@dataclass(frozen=True)
class Told:
    """Rows: which order, after which step, in which revision, by how much that step's stamp is too early, and when sent."""

    order: Codes
    step: Codes
    rev: Codes
    wrong_s: Instants
    sent_at: Instants

    def __getitem__(self, which: Codes) -> "Told":
        """Return some rows."""
        return Told(*(part[which] for part in (self.order, self.step, self.rev, self.wrong_s, self.sent_at)))


def block_of(city: City, month: int) -> Block:
    """Return the rows about one month's orders."""
    found = orders(city, month)
    told = rows(city, city.random("order rows", month), found)
    words = town_words(city, city.random("order towns", month), found)
    began_on = city.year.day_of(found.at[0])[told.order]
    return block(told.sent_at, began_on, lambda places: cells(city, month, found, told[places], words))


def rows(city: City, random: Random, found: Orders) -> Told:
    """Return a row for each step that was noted, some late, some with a stamp that is corrected later, some twice."""
    parameters = city.parameters
    step, order = np.nonzero(found.at != MISSING)
    n = len(order)
    sent_at = late(
        random,
        found.at[step, order] + between(random, *PROMPT_S, n),
        hours_share=parameters.event_late_share,
        day_share=parameters.event_day_late_share,
    )
    is_wrong = happens(random, parameters.order_corrected_share, n) & (step > 0)
    first = Told(order, step, 2 * step, between(random, *WRONG_BY_S, n) * is_wrong, sent_at)
    again = first[np.flatnonzero(is_wrong)]
    mended_at = again.sent_at + between(random, *CORRECTED_AFTER_S, len(again.order))
    whole = joined(first, Told(again.order, again.step, again.rev + 1, again.wrong_s * 0, mended_at))
    twice = whole[np.flatnonzero(happens(random, parameters.event_duplicate_share, len(whole.order)))]
    sent_again_at = twice.sent_at + between(random, *AGAIN_AFTER_S, len(twice.order))
    return joined(whole, Told(twice.order, twice.step, twice.rev, twice.wrong_s, sent_again_at))


def joined(one: Told, other: Told) -> Told:
    """Return the rows of both."""
    return Told(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in Told.__dataclass_fields__))


def town_words(city: City, random: Random, found: Orders) -> tuple[Names, Names]:
    """Return what orders call their town until the inspection, and then: its code or, in some offices, another word for it.

    Of a few nobody can tell it at first.
    """
    town, n = city.firms.town[found.firm], len(found)
    has_alias = happens(random, city.parameters.order_alias_share, n)
    place, code = random.random(n), texts(city.places.towns.codes, town)
    known = np.array(
        [alias(city.aliases, one, at) if is_so else one for one, at, is_so in zip(code, place, has_alias, strict=True)], object
    )
    is_lost = happens(random, city.parameters.order_unknown_town_share, n)
    return np.where(is_lost, UNLISTED_TOWN, known).astype(object), known


def alias(aliases: dict[str, list[str]], code: str, place: float) -> str:
    """Return another word for a town, the one at a place from 0 to 1 among those that the list has."""
    words = aliases.get(code, [code])
    return words[int(place * len(words))]


def cells(city: City, month: int, found: Orders, told: Told, words: tuple[Names, Names]) -> Cells:
    """Return rows of orders as the system has them after each step."""
    order, step, number = told.order, told.step, month_text(month).replace("-", "")
    at = np.where(np.arange(len(STEPS))[:, None] <= step, found.at[:, order], MISSING)
    at[step, np.arange(len(step))] -= told.wrong_s
    is_seen = step >= INSPECTED
    return {
        "指令编号": np.array([f"ZG{number}{place + 1:04d}" for place in order.tolist()], object),
        "修订": told.rev.astype(str).astype(object),
        "单位代码": city.firms.ids[found.firm[order]],
        "乡镇": np.where(is_seen, words[1][order], words[0][order]).astype(object),
        "类别": found.kind[order],
        "级别": found.level[order],
        **{name: stamps(at[STEPS.index(key)], city.zone, "blank") for name, key in COLUMNS.items()},
        "整改期限": days(np.where(is_seen, found.due_on[order], NEVER)),
    }
