"""`injury_case`: the whole chain of one work-injury case 工伤全链条, from the accident to the day that it is closed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from etl.derive.injury_case_columns import INJURY_CASE_TABLE
from etl.derive.injury_case_facts import NOT_PRODUCTION, fast_eligible, grades, lump_paid, two_certificates, who
from etl.derive.injury_case_stamps import Cases, Told, Words, age_from, cases_with_log, has, paused_days, stamps
from etl.derive.injury_case_standing import open_now, standing
from etl.derive.injury_case_timing import timed
from etl.derive.injury_log import Mask
from etl.derived import Derived, Lookup

SEVERE = ("1", "2", "3", "4")
"""Grades of those who keep no capacity for work (domain specification, section 2.8, severe_share)."""


def injury_cases(current: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per case of the list, whatever its log says: a step that should not follow is an issue and stops nothing.

    All is said of the current round of recognition, and of the first event of each code after it.
    """
    cases = cases_with_log(current["work_injury_case"], current["case_event"])
    told = stamps(cases, current["reemploy"])
    told["lump_paid_at"], told["lump_paid_local"] = lump_paid(cases, current["benefit_payment"])
    paused = paused_days(cases)
    listed = who(cases, current)
    grade = grades(cases)
    is_dead = pd.notna(listed["death_at"])
    times = timed(cases, told, paused, pd.notna(grade) | is_dead)
    columns = {
        **listed,
        **{name: told[name] for name in told if name in INJURY_CASE_TABLE.names},
        **standing(cases, told),
        **times,
        **judged(cases, told, listed["package"], grade, is_dead),
        "grade": grade,
        "decision": cases.current["outcome"],
        "is_production": ~np.isin(listed["basis"].astype(str), NOT_PRODUCTION),
        "age_from_at": age_from(told, paused),
        "paused_days": paused,
        "round_count": cases.round_count,
    }
    return pd.DataFrame({name: columns[name] for name in INJURY_CASE_TABLE.names})


def judged(cases: Cases, told: Told, package: Words, grade: Words, is_dead: Mask) -> dict[str, Words]:
    """Return what is so or not of each case, from its log."""
    has_dispute = has(told, "disputed")
    return {
        "is_recognised": cases.ended_by("D1", "D2"),
        "is_suspended": cases.current["is_suspended"],
        "is_graded": pd.notna(grade),
        "is_severe": np.isin(grade.astype(str), SEVERE) | is_dead,
        "has_dispute": has_dispute,
        "is_mediated": cases.has("H2", "H6"),
        "is_in_package": pd.notna(package),
        "is_two_certificates": two_certificates(cases, package),
        "is_inhosp": cases.has("F0"),
        "is_fast_eligible": fast_eligible(cases, has_dispute),
        "is_open": open_now(cases),
    }


INJURY_CASE = Derived(
    table=INJURY_CASE_TABLE,
    sources=("work_injury_case", "case_event", "benefit_payment", "case_material", "reemploy"),
    by="case_id",
    frame=injury_cases,
    lookups=(
        Lookup("enterprise", "work_injury_case", "enterprise_id"),
        Lookup("specialist"),
    ),
)
