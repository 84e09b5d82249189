"""`enterprise_risk`: how every enterprise of the list stands, judged week by week, all of them in one pass."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cockpit.configuration import read_configuration
from cockpit.judging.risk_index import FirmFigures, FirmIndices, firm_indices
from cockpit.judging.risk_reason import reasons
from cockpit.judging.risk_rules import INDICATORS, RiskRules, risk_rules
from cockpit.judging.rounding import half_up
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.weeks import WEEK_DAYS, sunday_from, week_label, week_of_day
from etl.contracts.judged import ENTERPRISE_RISK
from etl.model import Judging, Model
from etl.models.enterprise_facts import FirmFacts, read_facts
from etl.models.enterprise_figures import YEAR_DAYS, firm_figures, is_carried
from etl.models.enterprise_months import first_day_of

DIGITS = {"person_years": 1, "expected_count": 2, "p_gt_15": 3, "theta": 3, "trend": 3, "severity_ratio": 3, "cost_ratio": 3}
"""What figures are stored to; scores are stored to a tenth."""


class Judged(NamedTuple):
    """All firms at one close."""

    close: int
    figures: FirmFigures
    indices: FirmIndices


def enterprise_risks(judging: Judging) -> pd.DataFrame:
    """Return a row for every enterprise of the list, as it stands at the last close, beside how it stood a week before.

    Both are judged on what is known now, each by the rules in force on its day. Before the first close that the records
    allow nothing was judged.
    """
    connection, ledger, site = judging.connection, judging.ledger, judging.site
    close = judging.closes[-1]
    first = first_close(connection, ledger, site)
    before = close - WEEK_DAYS if first is not None and first < close else None
    closes = (close,) if before is None else (before, close)
    facts = read_facts(connection, ledger, site, closes)
    rules = {one: rules_at(connection, ledger, one) for one in closes}
    return judged_rows(facts, closes, rules)


def judged_rows(facts: FirmFacts, closes: tuple[int, ...], rules: dict[int, RiskRules]) -> pd.DataFrame:
    """Return the rows of the last close, and of the one before it index and grade, if it is given."""
    judged = [judged_at(facts, close, rules[close]) for close in closes]
    newest, earlier = judged[-1], judged[-2] if len(judged) > 1 else None
    nothing = np.full(len(facts.firms), None, object)
    columns: dict[str, Any] = {
        **{str(name): column.to_numpy(object) for name, column in facts.firms.items()},
        **counted(newest),
        **scored(newest),
        "run_week": np.full(len(nothing), week_label(int(week_of_day(newest.close))), object),
        "is_carried": is_carried(facts, newest.close),
        "idx_before": nothing if earlier is None else earlier.indices.idx,
        "grade_before": nothing if earlier is None else earlier.indices.grade,
        "config_version": np.full(len(nothing), rules[newest.close].version or None, object),
    }
    columns["reason"] = reasons(columns, "zh", rules[newest.close])
    return pd.DataFrame({name: pd.Series(columns[name], dtype=columns[name].dtype) for name in ENTERPRISE_RISK.names})


def judged_at(facts: FirmFacts, close: int, rules: RiskRules) -> Judged:
    """Judge all firms at a close."""
    figures = firm_figures(facts, close, rules)
    return Judged(close, figures, firm_indices(figures, rules))


def counted(judged: Judged) -> dict[str, Any]:
    """Return the columns that say what was counted, and what was made of it, rounded as they are stored."""
    figures, indices = judged.figures, judged.indices
    exact = {
        "person_years": figures.person_years,
        "expected_count": indices.expected,
        "trend": indices.trend,
        "severity_ratio": np.where(np.isfinite(indices.severity_ratio), indices.severity_ratio, np.nan),
        "cost_ratio": indices.cost_ratio,
        "theta": indices.theta,
        "p_gt_15": indices.p_gt_15,
    }
    counts = {"observed_count": figures.observed, "observed_before": figures.observed_before}
    return {**counts, **{name: half_up(values, DIGITS[name]) for name, values in exact.items()}}


def scored(judged: Judged) -> dict[str, Any]:
    """Return the columns that say how a firm is graded."""
    indices = judged.indices
    scores = half_up(indices.scores, 1)
    return {
        **{f"{name}_score": scores[:, place] for place, name in enumerate(INDICATORS)},
        "idx": indices.idx,
        "grade": indices.grade,
        "floor": indices.floor,
        "is_gated": indices.is_gated,
        "is_watched": pd.Series(indices.is_watched, dtype=object).mask(pd.isna(indices.grade), None).to_numpy(object),
        "rate_advice": indices.rate_advice,
    }


def rules_at(connection: sa.Connection, ledger: Ledger, close: int) -> RiskRules:
    """Return the rules in force on a day."""
    told = read_configuration(connection, ledger, close, None)
    return risk_rules(told.version, told.sections.get("risk"))


def first_close(connection: sa.Connection, ledger: Ledger, _site: Site) -> int | None:
    """Return the first Sunday with two years of headcounts before it, or None when no headcount is known."""
    row = ledger.tables["enterprise_month"].c
    known = sa.select(sa.func.min(row.month)).where(row.known_to.is_(None), row.headcount.is_not(None))
    month = connection.scalars(known).one()
    if month is None:
        return None
    year, number = map(int, month.split("-"))
    return sunday_from(first_day_of(12 * year + number) + 2 * YEAR_DAYS - 1)


MODEL = Model(
    table=ENTERPRISE_RISK,
    reads=("enterprise", "enterprise_month", "injury_case", "benefit_payment", "config"),
    sources=("enterprise", "enterprise_month", "work_injury_case", "case_event"),
    rhythm="week",
    keeps="newest",
    first=first_close,
    judge=enterprise_risks,
    stamps=("run_week", "config_version"),
)
