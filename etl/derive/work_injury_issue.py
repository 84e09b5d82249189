"""Doubtful work-injury cases and events 工伤数据疑点: what the log of a case says against section 2.1."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cockpit import quality
from cockpit.case_events import CASE_EVENTS, DECIDED, RECOGNISED
from cockpit.ledger.tables import Column, Kind, Pii
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from etl.derive.injury_case_stamps import numbers
from etl.derive.injury_log import NOWHERE, Mask, Places, first_places, is_any, ordered, taken
from etl.derived import Derived
from etl.issues import WARN, issue_table

YEAR_S = 366 * 86_400
"""A year at its longest, so that nobody who applied in time is told apart (section 2.2, L2)."""


def issues(current: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the issues of the cases that were touched: of each case itself, and of each event of its log."""
    cases, log = current["work_injury_case"].reset_index(drop=True), ordered(current["case_event"])
    towns = dict(zip(cases["case_id"], cases["employer_town"], strict=True))
    found = [
        *(breaking(rule, cases["case_id"][broken], cases["case_id"][broken]) for rule, broken in case_rules(cases, log)),
        *(breaking(rule, log["event_id"][broken], log["case_id"][broken]) for rule, broken in event_rules(Turns.of(log))),
    ]
    rows = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    town = [towns.get(case_id) or UNKNOWN_TOWN for case_id in rows["case_id"]]
    return rows.assign(town=town)[[*WORK_INJURY_ISSUE.table.names]]


def breaking(rule: quality.Rule, keys: pd.Series, cases: pd.Series) -> pd.DataFrame:
    """Return the issues of rows that break a rule, but for their towns; `keys` are the rows' own."""
    told = keys.to_numpy(object)
    ids = np.array([f"{rule.key}:{key}" for key in told], object)
    said = {"rule": rule.key, "severity": WARN, "of_table": rule.of_table}
    return pd.DataFrame({"issue_id": ids, "row_key": told, "case_id": cases.to_numpy(object), **said}, dtype=object)


def case_rules(cases: pd.DataFrame, log: pd.DataFrame) -> Iterator[tuple[quality.Rule, Mask]]:
    """Yield what is doubtful about a case itself; where the list of cases leaves a stamp out, the log says it."""
    of = pd.Index(cases["case_id"]).get_indexer(pd.Index(log["case_id"]))
    listed, of = log[of != NOWHERE], of[of != NOWHERE]
    applied = first_places(of, is_any(listed, "B1"), len(cases))
    is_logged, is_concluded = (np.bincount(some, minlength=len(cases)) > 0 for some in (of, of[is_any(listed, "F4")]))
    event_at, said, decided_at = (numbers(cases[name]) for name in ("event_at", "applied_at", "decided_at"))
    applied_at = np.where(np.isnan(said), taken(listed["event_at"], applied), said)
    yield quality.WI_APPLIED_LATE, applied_at > event_at + YEAR_S
    yield quality.WI_STAMP_ORDER, (applied_at < event_at) | (decided_at < applied_at)
    yield quality.WI_GRADE_UNCONCLUDED, cases["disability_grade"].notna().to_numpy(np.bool_) & is_logged & ~is_concluded


@dataclass(frozen=True)
class Turns:
    """An ordered log, and for each event what came before it. Instants count from 1; 0 is never."""

    log: pd.DataFrame
    case: Places
    at: Places
    last_of_instant: Places

    @classmethod
    def of(cls, log: pd.DataFrame) -> "Turns":
        """Return the turns of an ordered log."""
        case, at = log["case"].to_numpy(), log["event_at"].to_numpy()
        ends = np.flatnonzero(np.diff(case, append=NOWHERE) | np.diff(at, append=NOWHERE))
        instant = np.searchsorted(ends, np.arange(len(log)))
        return cls(log, case, at - at.min(initial=0) + 1, ends[instant])

    def latest(self, *codes: str) -> Places:
        """Return when one of these codes last happened in its case, up to each event."""
        span = self.at.max(initial=0) + 1
        began = (self.case - self.case.min(initial=0)) * span
        return np.asarray(np.maximum.accumulate(began + np.where(is_any(self.log, *codes), self.at, 0)) - began, np.intp)

    def before(self, *codes: str) -> Places:
        """Return when one of these codes last happened before each event, in the order of the log."""
        is_first = np.diff(self.case, prepend=NOWHERE) != 0
        return np.where(is_first, 0, np.roll(self.latest(*codes), 1))

    def until(self, *codes: str) -> Places:
        """Return the same, what came with an event counted too: stamps that are dates have no order in a day."""
        return self.latest(*codes)[self.last_of_instant]

    def count_before(self, *codes: str) -> Places:
        """Return how many events of these codes came before each event, in the order of the log."""
        is_one = is_any(self.log, *codes)
        total: Places = np.cumsum(is_one) - is_one
        first = np.maximum.accumulate(np.where(np.diff(self.case, prepend=NOWHERE) != 0, np.arange(len(self.log)), 0))
        return np.asarray(total - total[first], np.intp)


def event_rules(turns: Turns) -> Iterator[tuple[quality.Rule, Mask]]:
    """Yield what is doubtful about an event, held against those of the same case that came before it or with it."""
    is_decision = is_any(turns.log, *DECIDED)
    is_second = turns.count_before(*DECIDED) > turns.count_before("D8")
    yield quality.WI_NOT_ACCEPTED, is_decision & (turns.until("C1") == 0)
    yield quality.WI_TWO_DECISIONS, is_decision & is_second
    yield quality.WI_NOT_ASSESSED, is_any(turns.log, "G3") & (turns.until("G2") == 0)
    yield quality.WI_TRANSITION, strays(turns) | out_of_turn(turns)


def strays(turns: Turns) -> Mask:
    """Return where none of the events that must come before did; that a decision was accepted has a rule of its own."""
    asked: dict[tuple[str, ...], list[str]] = {}
    for code, event in CASE_EVENTS.items():
        if event.after and code not in DECIDED:
            asked.setdefault(event.after, []).append(code)
    found = [is_any(turns.log, *codes) & (turns.until(*after) == 0) for after, codes in asked.items()]
    return np.asarray(np.any(found, axis=0), np.bool_)


def out_of_turn(turns: Turns) -> Mask:
    """Return where an event comes when its turn is over, although what must precede it did: a withdrawn case is not decided.

    Suspended is a case from a C3 to the C4, or to the end, after it. What stamps of one instant leave open is no issue.
    """
    decided, revoked, ended = turns.before(*DECIDED), turns.before("D8"), turns.before("D9", "C2")
    applied, applied_until, revoked_until = turns.before("B1"), turns.until("B1"), turns.until("D8")
    is_over = ended > applied_until
    suspended = turns.before("C3")
    is_suspended = is_not_before(suspended, np.maximum.reduce([turns.before("C4"), decided, ended]))
    has_decision = is_not_before(decided, revoked)
    rules: dict[tuple[str, ...], Mask] = {
        DECIDED: is_over | is_suspended,
        ("B1",): (applied > 0) & ~is_not_before(ended, applied),
        ("C1",): is_over,
        ("C2",): is_not_before(turns.before("C1"), applied_until),
        ("C3",): is_over | is_suspended | has_decision,
        ("C4",): ~is_suspended,
        ("D4",): revoked_until > turns.until(*DECIDED),
        ("D8",): ~has_decision,
        ("D9",): has_decision | (turns.before("D9") > applied_until),
        ("F1", "F2", "F3", "F4", "F5"): revoked_until > turns.until(*RECOGNISED),
    }
    return np.asarray(np.any([is_any(turns.log, *codes) & broken for codes, broken in rules.items()], axis=0), np.bool_)


def is_not_before(later: Places, earlier: Places) -> Mask:
    """Return where something happened, and not before something else, which perhaps never did."""
    return np.asarray((later > 0) & (later >= earlier), np.bool_)


WORK_INJURY_ISSUE = Derived(
    table=issue_table(
        "work_injury_issue",
        Text("工伤数据疑点", "Doubtful work-injury rows"),
        Column("case_id", Kind.TEXT, Text("案件", "Case"), required=True, pii=Pii.PERSONAL),
    ),
    sources=("work_injury_case", "case_event"),
    by="case_id",
    frame=issues,
)
