"""What the models store of towns and enterprises, and what the oracle says of them from what departments sent."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from tests.conftest import Store
from tests.injury_city.filled import Filled, Moment
from tests.oracle import wenling
from tests.oracle.enterprise_risk import Close, Firms
from tests.oracle.exposure import workers
from tests.oracle.injury_case import injury_cases
from tests.oracle.town_colour import Judge, Known, counted, counts
from tests.oracle.workdays import announced, calendar, workdays

EPOCH = date(1970, 1, 1).toordinal()
FIRM_COUNT = 500
"""Enterprises that are compared at each instant."""


@dataclass
class Judged:
    """What the store says and what the oracle says: of towns by town and Sunday, of enterprises by instant and id."""

    ours: dict = field(default_factory=dict)
    theirs: dict = field(default_factory=dict)
    our_firms: dict = field(default_factory=dict)
    their_firms: dict = field(default_factory=dict)
    firm_counts: dict = field(default_factory=dict)
    judge: Judge = field(default_factory=Judge)
    upto: int | None = None

    def compare(self, filled: Filled, moment: Moment) -> None:
        """Note what is stored at an instant, and what the oracle says."""
        store, cases = Store(filled.ledger), derived_cases(moment.records)
        self.judge_towns(moment, known_at(moment.records, cases))
        for row in store.rows("town_colour_history"):
            self.ours.setdefault((row["town_code"], row["week_end_on"] + EPOCH), row)
        rows = {row["enterprise_id"]: row for row in store.rows("enterprise_risk")}
        tell_firms(self, moment.as_of, rows, moment.records, cases)

    def judge_towns(self, moment: Moment, known: Known) -> None:
        """Let the oracle judge every week that has closed since the instant before."""
        last = sunday_before(moment.as_of)
        for close in range(first_close(known) if self.upto is None else self.upto + 7, last + 1, 7):
            for town, row in self.judge.judge(known, close).items():
                since = None if row["since_on"] is None else row["since_on"] - EPOCH
                self.theirs[town, close] = {**row, "since_on": since, "judged_at": moment.as_of}
        self.upto = last


@cache
def day_of(instant):
    """Return the local day of an instant, as an ordinal."""
    return datetime.fromtimestamp(instant, wenling.CITY.zone).toordinal()


def sunday_before(as_of):
    """Return the newest Sunday that is over."""
    yesterday = day_of(as_of) - 1
    return yesterday - yesterday % 7


def first_close(known):
    """Return the first Sunday with two years of person-years."""
    last = known.exposed_from + 730 - 1
    return last + -last % 7


def tell_firms(told, as_of, rows, records, cases):
    """Note what is stored of some firms, drawn by lot, those of high grade among them, and what the oracle says of them."""
    close, chance = sunday_before(as_of), random.Random(as_of)
    firms = Firms(
        firms=records["enterprise"],
        months=records["enterprise_month"],
        cases=counted(cases.values(), day_of),
        payments=records["benefit_payment"],
        firm_of_case={number: row["enterprise_id"] for number, row in cases.items() if counts(row)},
    )
    told.firm_counts[as_of] = len(rows), len(firms.list)
    now, before = Close(firms, close), Close(firms, close - 7)
    high = [firm for firm in sorted(rows) if rows[firm]["grade"] != "绿" or rows[firm]["is_gated"]]
    drawn = chance.sample(high, min(len(high), FIRM_COUNT // 2))
    drawn += chance.sample(sorted(rows.keys() - {*drawn}), FIRM_COUNT - len(drawn))
    for firm in drawn:
        told.our_firms[as_of, firm] = rows[firm]
        told.their_firms[as_of, firm] = now.row(firm) | {f"{n}_before": before.row(firm)[n] for n in ("idx", "grade")}


def derived_cases(records):
    return injury_cases(cases=records["work_injury_case"], events=records["case_event"], enterprises=records["enterprise"])


def known_at(records, cases):
    announcing = announced()
    works = calendar(workdays(range(2004, max(announcing) + 1))).works
    return Known(
        towns=tuple(sorted(row["code"] for row in wenling.listed("towns") if row["is_functional"] == "false")),
        cases=counted(cases.values(), day_of),
        workers=workers(records["enterprise"], records["enterprise_month"]),
        orders=records["rectification_order"],
        works=cache(lambda day: works(date.fromordinal(day))),
        is_announced=cache(lambda day: date.fromordinal(day).year in announcing),
        day_of=day_of,
    )
