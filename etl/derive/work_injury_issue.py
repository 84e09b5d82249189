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

NEEDED = tuple(sorted({"C1", "G2"}.union(*(event.after for event in CASE_EVENTS.values()))))
"""Codes that others must follow."""

THE_CASE = "case"
"""Stands for the code in the row of the case itself."""

Value = sa.ColumnElement[Any]


def issues(current: Mapping[str, sa.Subquery]) -> sa.Select[Any]:
    """Derive the issues of the cases that were touched.

    Cases and events are told as one log and looked at in one pass: joined, they would be compared with one another.
    """
    row = counted(told(current["work_injury_case"], current["case_event"])).c
    of_case, of_event = (row.event_code == THE_CASE, row.case_id), (row.event_code != THE_CASE, row.event_id)
    found = [(of_case, rule, condition) for rule, condition in case_rules(row)]
    found += [(of_event, rule, condition) for rule, condition in event_rules(row)]
    return all_of(
        *(breaking(rule, key, row.town, row.case_id).where(is_its, condition) for (is_its, key), rule, condition in found)
    )


def told(cases: sa.Subquery, events: sa.Subquery) -> sa.Subquery:
    """Return events and cases as one log."""
    case, event, text, number = cases.c, events.c, sa.null().cast(sa.Text), sa.null().cast(sa.BigInteger)
    unsaid = (text.label("town"), *(number.label(name) for name in ("applied_at", "decided_at", "grade")))
    said = (case.employer_town, case.applied_at, case.decided_at, case.disability_grade)
    return sa.union_all(
        sa.select(event.case_id, event.event_id, event.event_code, event.event_at, *unsaid),
        sa.select(case.case_id, text, sa.literal(THE_CASE, sa.Text), case.event_at, *said),
    ).subquery("told")


def counted(log: sa.Subquery) -> sa.CTE:
    """Return each row of the log with what came before it, `until_C1` counting what came with it too."""
    row = log.c
    undoes = sa.case((row.event_code.in_(("D8", "C4")), 0), else_=1)  # of one instant, what makes way comes first
    strictly = {"order_by": (row.event_at, undoes, row.event_id), "rows": (None, -1)}

    def count(*codes: str, **frame: Any) -> Value:
        is_one = sa.case((row.event_code.in_(codes), 1), else_=0)
        return sa.func.coalesce(sa.func.sum(is_one).over(partition_by=row.case_id, **frame), 0)

    def first(code: str) -> Value:
        return sa.func.min(sa.case((row.event_code == code, row.event_at))).over(partition_by=row.case_id)

    return sa.select(
        *(column for column in row if column.name != "town"),
        sa.func.max(row.town).over(partition_by=row.case_id).label("town"),
        first("B1").label("first_B1"),
        count(*CASE_EVENTS).label("event_count"),
        count("F4").label("concluded_count"),
        count(*DECIDED, **strictly).label("decided_count"),
        count("D8", **strictly).label("revoked_count"),
        count("C3", **strictly).label("suspended_count"),
        count("C4", **strictly).label("resumed_count"),
        *(count(code, order_by=row.event_at).label(f"until_{code}") for code in NEEDED),
    ).cte("counted")


def case_rules(row: Any) -> Iterator[tuple[quality.Rule, Value]]:
    """Yield what is doubtful about a case itself; where the list of cases leaves a stamp out, the log says it."""
    applied_at = sa.func.coalesce(row.applied_at, row.first_B1)
    yield quality.WI_APPLIED_LATE, applied_at > row.event_at + YEAR_S
    yield quality.WI_STAMP_ORDER, sa.or_(applied_at < row.event_at, row.decided_at < applied_at)
    yield quality.WI_GRADE_UNCONCLUDED, sa.and_(row.grade.is_not(None), row.event_count > 0, row.concluded_count == 0)


def event_rules(row: Any) -> Iterator[tuple[quality.Rule, Value]]:
    """Yield what is doubtful about an event, held against those of the same case that came before it or with it."""
    is_decision = row.event_code.in_(DECIDED)
    is_suspended = row.suspended_count > row.resumed_count
    yield quality.WI_NOT_ACCEPTED, sa.and_(is_decision, row.until_C1 == 0)
    yield quality.WI_TWO_DECISIONS, sa.and_(is_decision, row.decided_count > row.revoked_count)
    yield quality.WI_NOT_ASSESSED, sa.and_(row.event_code == "G3", row.until_G2 == 0)
    yield quality.WI_TRANSITION, sa.or_(strays(row), sa.and_(is_decision, is_suspended))


def strays(row: Any) -> Value:
    """Whether none of the events that must come before an event did; that a decision was accepted has a rule of its own."""
    asked = {code: event.after for code, event in CASE_EVENTS.items() if event.after and code not in DECIDED}
    cases = [(row.event_code == code, sa.and_(*(row[f"until_{one}"] == 0 for one in after))) for code, after in asked.items()]
    return sa.case(*cases, else_=sa.false())


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
