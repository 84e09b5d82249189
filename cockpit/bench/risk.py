"""What the risk of a city's enterprises costs: the pass over all of them, and the whole weekly run on a store."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.bench.city import TOWNS, ZONE_OFFSET_S, ledger_at
from cockpit.bench.figure import Figure, Measure, Place
from cockpit.judging.risk_rules import RiskRules
from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from cockpit.window import DAY_S, EPOCH
from etl.judging import written
from etl.model import Judging
from etl.models.enterprise_facts import RATE_MONTHS, Benefits, Cases, FirmFacts, closed_month, spans
from etl.models.enterprise_months import FirmMonths, label, month_of_day
from etl.models.enterprise_risk import MODEL, judged_rows

CLOSE = (pd.Timestamp("2026-05-17").date() - EPOCH).days
"""A Sunday."""

CLOSES = (CLOSE - 7, CLOSE)
INSURED_SHARE = 14_000 / 150_000
CASES_A_YEAR = 5000
PAYMENTS_A_CASE = 3
PASSES = 3
GOAL_S = 3.0
"""All enterprises of the reference city, on two cores."""

FIRST_TICK = 1
ROWS_AT_ONCE = 20_000


def run(place: Place) -> Iterable[Figure]:
    """Judge all enterprises of a city, each with months, cases and premiums; then a store in which most are uninsured.

    The pass makes rows of two closes from arrays in memory; the model reads a store as well, and writes what it judged.
    """
    count = place.sizes.enterprises
    facts, rules = city(count), dict.fromkeys(CLOSES, RiskRules())
    took = median(lasting_s(lambda: judged_rows(facts, CLOSES, rules)) for _ in range(PASSES))
    yield Figure(name="risk_index_s", value=took, unit="s", goal=GOAL_S)
    ledger = ledger_at(place.folder / "risk.db")
    fill_store(ledger, facts, max(1, round(count * INSURED_SHARE)))
    first, again = (lasting_s(lambda tick=tick: judge(ledger, tick)) for tick in (FIRST_TICK, FIRST_TICK + 1))
    yield Figure(name="risk_model_s", value=first, unit="s")
    yield Figure(name="risk_model_unchanged_s", value=again, unit="s")
    ledger.engine.dispose()


def lasting_s(work: Any) -> float:
    """Return how long work takes, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def city(count: int) -> FirmFacts:
    """Return what would be read of so many enterprises, all of them insured; everything about them follows from a seed."""
    draw, first = np.random.default_rng(1), closed_month(CLOSES[0]) - RATE_MONTHS + 1
    shape = (count, month_of_day(CLOSE) + 1 - first)
    headcount = np.round(draw.lognormal(2, 1.2, count))[:, None] + np.zeros(shape)
    risk_cat = draw.integers(1, 9, count)
    accepted_at = ((CLOSE + 1) * DAY_S - draw.integers(0, 3 * 365 * DAY_S, 3 * CASES_A_YEAR)).astype(np.float64)
    grade = draw.choice(11, len(accepted_at), p=[0.5, *[0.005] * 6, 0.02, 0.04, 0.11, 0.3])
    place = draw.integers(0, count, len(accepted_at))
    names = [f"{number:018}" for number in range(count)]
    firms = {"enterprise_id": names, "name": names, "town_code": [f"t{n % TOWNS:02}" for n in range(count)]}
    paid = np.zeros(count)
    np.add.at(paid, place, draw.lognormal(9, 1, len(place)))
    return FirmFacts(
        firms=pd.DataFrame({**firms, "division": "34", "risk_cat": risk_cat}, dtype=object),
        months=FirmMonths(first, headcount, np.zeros(shape, np.bool_), headcount * 5000 * risk_cat[:, None]),
        cases=Cases(
            place, accepted_at, np.where(grade > 0, accepted_at + 90 * DAY_S, np.nan), np.full(len(place), np.nan), grade
        ),
        benefits={span: Benefits(paid, np.zeros(count)) for close in CLOSES for span in spans(close)},
        zone=load_site("wenling").zone,
    )


def fill_store(ledger: Ledger, facts: FirmFacts, insured: int) -> None:
    """Write a city as facts and derived cases stand: all enterprises, the months of the insured, cases and payments."""
    insert(ledger, "enterprise", enterprises(facts))
    insert(ledger, "enterprise_month", months(facts, insured))
    insert(ledger, "injury_case", cases(facts, insured))
    insert(ledger, "benefit_payment", payments(facts))


def enterprises(facts: FirmFacts) -> Iterator[dict[str, Any]]:
    """Yield the rows of the list of enterprises."""
    for name, _, town, _, risk_cat in facts.firms.itertuples(index=False):
        place = {"reg_town": town, "prod_town": town}
        yield {"enterprise_id": name, "name": name, **place, "gb4754": "3441", "risk_cat": int(risk_cat)}


def months(facts: FirmFacts, insured: int) -> Iterator[dict[str, Any]]:
    """Yield the months of the first so many enterprises."""
    told = facts.months
    for place, name in enumerate(facts.firms["enterprise_id"][:insured]):
        for column in range(told.headcount.shape[1]):
            counts = {"headcount": int(told.headcount[place, column]), "premium_due_fen": int(told.premium_fen[place, column])}
            yield {"enterprise_id": name, "month": label(told.first + column), "rev": 0, **counts}


def cases(facts: FirmFacts, insured: int) -> Iterator[dict[str, Any]]:
    """Yield the cases, as they would be derived, of insured enterprises."""
    case, names = facts.cases, facts.firms["enterprise_id"]
    for number, (firm, at, grade) in enumerate(zip(case.firm, case.accepted_at.astype(int).tolist(), case.grade, strict=True)):
        town = f"t{firm % TOWNS:02}"
        who = {"case_id": f"c{number}", "enterprise_id": names[firm % insured], "town": town, "accident_town": town}
        code = {"division": "34", "risk_cat": "4", "track": "fast", "state": "D1", "stage": "decided", "is_production": True}
        graded = {"grade": str(grade), "concluded_at": at + 90 * DAY_S} if grade else {}
        yield {**who, **code, **graded, "event_at": at, "event_local": at + ZONE_OFFSET_S, "accepted_at": at}


def payments(facts: FirmFacts) -> Iterator[dict[str, Any]]:
    """Yield what the fund paid for each case."""
    for number, at in enumerate(facts.cases.accepted_at.astype(int).tolist()):
        for turn in range(PAYMENTS_A_CASE):
            paid = {"amount_fen": 500_000 + number, "paid_on": at // DAY_S + 30 * turn, "payer": "基金", "item": "医疗费"}
            yield {"pay_id": f"c{number}-{turn}", "rev": 0, "case_id": f"c{number}", **paid}


def insert(ledger: Ledger, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of a table as one tick knows them; what they do not say is missing."""
    history = ledger.tables[name]
    with ledger.writing() as connection:
        missing = dict.fromkeys(ledger.declared[name].names)
        every = ({**missing, **row, "known_from": FIRST_TICK} for row in rows)
        while some := [*islice(every, ROWS_AT_ONCE)]:
            connection.execute(sa.insert(history), some)


def judge(ledger: Ledger, tick: int) -> None:
    """Judge the newest close as the schedule does."""
    with ledger.writing() as connection:
        as_of = (CLOSE + 1) * DAY_S - ZONE_OFFSET_S
        written(connection, MODEL, Judging(connection, ledger, load_site("wenling"), (CLOSE,), as_of), tick)


MEASURE = Measure(
    names=("risk_index_s", "risk_model_s", "risk_model_unchanged_s"),
    run=run,
    disk_bytes=lambda sizes: 4_000 * sizes.enterprises,
)
