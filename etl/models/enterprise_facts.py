"""What the risk of enterprises rests on: their list, months, cases and benefits, read by sums wherever there are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.judging.risk_index import Codes
from cockpit.ledger.read import frame
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.statistics import Numbers
from cockpit.window import EPOCH, midnight
from etl.models.enterprise_months import FEN_A_YUAN, FirmMonths, first_day_of, month_of_day, read_months

NOT_COUNTED = ("D3", "C2", "D9")
"""不予认定, 不予受理, 撤回: ends of a round after which a case counts no more (domain specification, section 3.3)."""

DEATH_ITEMS = ("丧葬", "工亡补助金", "抚恤金")
"""What is paid for a death, and counted up to a cap (domain specification, section 4)."""

FUND = "基金"
RATE_MONTHS, COST_MONTHS = 36, 24
"""Months that the rates of a risk category rest on: of cases, and of severity and costs."""

Span = tuple[int, int]
"""The first and the last day (since 1970) of a stretch of days."""


@dataclass(frozen=True)
class Cases:
    """Cases that count (accepted, at work, not refused), one value each: place of the firm, instants (UTC s, NaN: never)."""

    firm: Codes
    accepted_at: Numbers
    graded_at: Numbers
    died_at: Numbers
    grade: Codes


@dataclass(frozen=True)
class Benefits:
    """What the fund paid (yuan) for the workers of each firm in a stretch of days, what it pays for deaths apart."""

    others_yuan: Numbers
    deaths_yuan: Numbers


@dataclass(frozen=True, kw_only=True)
class FirmFacts:
    """All that is known of the enterprises of the list, in the order of their ids."""

    firms: pd.DataFrame
    months: FirmMonths
    cases: Cases
    benefits: Mapping[Span, Benefits]
    zone: ZoneInfo

    @property
    def risk_cat(self) -> Numbers:
        """The risk category of each firm, NaN where unknown."""
        return self.firms["risk_cat"].to_numpy(object).astype(np.float64)

    def begins_at(self, day_on: int) -> int:
        """Return the instant (UTC s) at which a local day begins."""
        return midnight(EPOCH + timedelta(days=day_on), self.zone)


def read_facts(connection: sa.Connection, ledger: Ledger, site: Site, closes: Sequence[int]) -> FirmFacts:
    """Read what the judgement of some closes (days since 1970, rising) needs, as it is known now."""
    firms = read_firms(connection, ledger)
    places = pd.Index(firms["enterprise_id"])
    asked = [span for close in closes for span in spans(close)]
    is_fed = bool(site.feeding(("benefit_payment",)))
    first, last = closed_month(closes[0]) - RATE_MONTHS + 1, month_of_day(closes[-1])
    return FirmFacts(
        firms=firms,
        months=read_months(connection, ledger, places, first, last),
        cases=read_cases(connection, ledger, places),
        benefits=read_benefits(connection, ledger, places, asked) if is_fed else unknown_benefits(len(firms), asked),
        zone=site.zone,
    )


def closed_month(close: int) -> int:
    """Return the last month that is over at the end of a day, as months since the year 0."""
    return month_of_day(close + 1) - 1


def spans(close: int) -> tuple[Span, Span]:
    """Return the days whose benefits count at a close: those of the firm's 24 months, and those of its category's."""
    own, closed = month_of_day(close), closed_month(close)
    return (first_day_of(own - COST_MONTHS + 1), close), (first_day_of(closed - COST_MONTHS + 1), first_day_of(closed + 1) - 1)


def read_firms(connection: sa.Connection, ledger: Ledger) -> pd.DataFrame:
    """Return the list of enterprises, ordered alike on every store."""
    row = ledger.tables["enterprise"].c
    columns = (row.enterprise_id, row.name, row.prod_town, sa.func.substr(row.gb4754, 1, 2), row.risk_cat)
    names = ("enterprise_id", "name", "town_code", "division", "risk_cat")
    query = sa.select(*(column.label(name) for column, name in zip(columns, names, strict=True)))
    return frame(connection, query.where(row.known_to.is_(None))).sort_values("enterprise_id", ignore_index=True)


def counts(case: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a case, given by the columns of `injury_case`, counts."""
    is_refused = case.decision.in_(NOT_COUNTED)
    is_accepted = case.accepted_at.is_not(None)
    return sa.and_(case.known_to.is_(None), case.is_production, is_accepted, sa.or_(case.decision.is_(None), ~is_refused))


def read_cases(connection: sa.Connection, ledger: Ledger, places: pd.Index) -> Cases:
    """Read the cases of the firms of the list."""
    case = ledger.tables["injury_case"].c
    query = sa.select(case.enterprise_id, case.accepted_at, case.concluded_at, case.death_at, case.grade).where(counts(case))
    found = frame(connection, query)
    firm = places.get_indexer(pd.Index(found["enterprise_id"]))
    at = {name: found[name].to_numpy(np.float64)[firm >= 0] for name in ("accepted_at", "concluded_at", "death_at")}
    grade = found["grade"].fillna("0").to_numpy(np.intp)[firm >= 0]
    return Cases(firm[firm >= 0], at["accepted_at"], at["concluded_at"], at["death_at"], grade)


def read_benefits(connection: sa.Connection, ledger: Ledger, places: pd.Index, asked: Sequence[Span]) -> dict[Span, Benefits]:
    """Read what the fund paid in some stretches of days, by the firm of the case and the day of payment."""
    pay, case = ledger.tables["benefit_payment"].c, ledger.tables["injury_case"].c
    is_death = sa.case((pay.item.in_(DEATH_ITEMS), 1), else_=0)
    paid = [sa.func.sum(sa.case((pay.paid_on.between(*span), pay.amount_fen), else_=0)).cast(sa.BigInteger) for span in asked]
    query = (
        sa.select(case.enterprise_id, is_death, *paid)
        .join_from(ledger.tables["benefit_payment"], ledger.tables["injury_case"], pay.case_id == case.case_id)
        .where(pay.known_to.is_(None), pay.payer == FUND, counts(case), case.enterprise_id.is_not(None))
        .group_by(case.enterprise_id, is_death)
    )
    rows = connection.execute(query).all()
    firm = places.get_indexer(pd.Index([row[0] for row in rows], dtype=object))
    of_death = np.array([row[1] == 1 for row in rows], np.bool_)
    sums = np.array([row[2:] for row in rows], np.float64).reshape(-1, len(asked)) / FEN_A_YUAN
    known = firm >= 0
    kinds = [
        np.stack([np.bincount(firm[kind], sums[kind, i], len(places)) for i in range(len(asked))])
        for kind in (known & ~of_death, known & of_death)
    ]
    return {span: Benefits(kinds[0][i], kinds[1][i]) for i, span in enumerate(asked)}


def unknown_benefits(count: int, asked: Sequence[Span]) -> dict[Span, Benefits]:
    """Return the benefits of a city that tells none: unknown, and not 0."""
    unknown = np.full(count, np.nan)
    return dict.fromkeys(asked, Benefits(unknown, unknown))
