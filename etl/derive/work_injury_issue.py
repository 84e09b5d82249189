"""Doubtful work-injury cases and events 工伤数据疑点: what the log of a case says against section 2.1."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from cockpit import quality
from cockpit.case_events import CASE_EVENTS, DECIDED
from cockpit.ledger.tables import Column, Kind, Pii
from cockpit.text import Text
from etl.derived import Derived
from etl.issues import all_of, breaking, issue_table

YEAR_S = 366 * 86_400
"""A year at its longest, so that nobody who applied in time is told apart (section 2.2, L2)."""

Value = sa.ColumnElement[Any]


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of the cases that were touched."""
    cases, events = current["work_injury_case"], current["case_event"]
    first = first_of_each(events)
    return all_of(*case_issues(cases, first), *event_issues(cases, events, first))


def first_of_each(events: sa.Subquery) -> sa.Subquery:
    """Return when each code of a case came first, a column a code."""
    stamps = [sa.func.min(sa.case((events.c.event_code == code, events.c.event_at))).label(code) for code in CASE_EVENTS]
    return sa.select(events.c.case_id, *stamps).group_by(events.c.case_id).subquery("first")


def case_issues(cases: sa.Subquery, first: sa.Subquery) -> Iterator[sa.Select[Any]]:
    """Yield what is doubtful about cases themselves; where the list of cases leaves a stamp out, the log says it."""
    case = cases.c
    applied_at = sa.func.coalesce(case.applied_at, first.c.B1)
    stamps_disagree = sa.or_(applied_at < case.event_at, case.decided_at < applied_at)
    is_unconcluded = sa.and_(case.disability_grade.is_not(None), first.c.case_id.is_not(None), first.c.F4.is_(None))
    for rule, condition in (
        (quality.WI_APPLIED_LATE, applied_at > case.event_at + YEAR_S),
        (quality.WI_STAMP_ORDER, stamps_disagree),
        (quality.WI_GRADE_UNCONCLUDED, is_unconcluded),
    ):
        found = breaking(rule, case.case_id, case.employer_town, case.case_id)
        yield found.join_from(cases, first, first.c.case_id == case.case_id, isouter=True).where(condition)


def event_issues(cases: sa.Subquery, events: sa.Subquery, first: sa.Subquery) -> Iterator[sa.Select[Any]]:
    """Yield what is doubtful about single events, held against those of the same case that came before or with them."""
    steps = counted(events)
    step, stamps = steps.c, first.c
    is_decision = step.event_code.in_(DECIDED)
    is_suspended = step.suspended_count > step.resumed_count
    for rule, condition in (
        (quality.WI_NOT_ACCEPTED, sa.and_(is_decision, ~came(step, stamps.C1))),
        (quality.WI_TWO_DECISIONS, sa.and_(is_decision, step.decided_count - step.revoked_count > 0)),
        (quality.WI_NOT_ASSESSED, sa.and_(step.event_code == "G3", ~came(step, stamps.G2))),
        (quality.WI_TRANSITION, sa.or_(~follows(step, stamps), sa.and_(is_decision, is_suspended))),
    ):
        found = breaking(rule, step.event_id, cases.c.employer_town, step.case_id)
        joined = found.join_from(steps, first, stamps.case_id == step.case_id)
        yield joined.join(cases, cases.c.case_id == step.case_id, isouter=True).where(condition)


def came(step: Any, stamp: Value) -> Value:
    """Whether something had come when an event happened; stamps of one day may be equal."""
    return sa.and_(stamp.is_not(None), stamp <= step.event_at)


def follows(step: Any, stamps: Any) -> Value:
    """Whether one of the events that must come before an event did; that a decision was accepted has a rule of its own."""
    asked = {code: event.after for code, event in CASE_EVENTS.items() if event.after and code not in DECIDED}
    cases = [
        (step.event_code == code, sa.or_(*(came(step, stamps[before]) for before in after))) for code, after in asked.items()
    ]
    return sa.case(*cases, else_=sa.true())


def counted(events: sa.Subquery) -> sa.Subquery:
    """Return each event with how many decisions, revocations, suspensions and resumptions of its case came before it."""
    event = events.c
    undoes = sa.case((event.event_code.in_(("D8", "C4")), 0), else_=1)  # of one instant, what makes way comes first

    def before(*codes: str) -> Value:
        is_one = sa.case((event.event_code.in_(codes), 1), else_=0)
        so_far = sa.func.sum(is_one).over(
            partition_by=event.case_id, order_by=(event.event_at, undoes, event.event_id), rows=(None, -1)
        )
        return sa.func.coalesce(so_far, 0)

    return sa.select(
        *event,
        before(*DECIDED).label("decided_count"),
        before("D8").label("revoked_count"),
        before("C3").label("suspended_count"),
        before("C4").label("resumed_count"),
    ).subquery("step")


WORK_INJURY_ISSUE = Derived(
    table=issue_table(
        "work_injury_issue",
        Text("工伤数据疑点", "Doubtful work-injury rows"),
        Column("case_id", Kind.TEXT, Text("案件", "Case"), required=True, pii=Pii.PERSONAL),
    ),
    sources=("work_injury_case", "case_event"),
    by="case_id",
    query=issues,
)
