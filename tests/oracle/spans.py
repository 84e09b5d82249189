"""The intervals between stamps, and what can be wrong with one (domain specification, sections 6.2 and 6.5)."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.oracle.facts import NOT_EMERGENCIES
from tests.oracle.records import Row

N_TOTAL_STATES = ("VALID", "NEG", "ZERO", "OUT", "COARSE", "MISSING")
HALF_DAY_S = 12 * 3600


class Span(NamedTuple):
    """An interval: between which stamps, in what order its marks must stand, and of what it is asked."""

    table: str
    marks: tuple[str, ...]
    cap_min: float = math.inf
    rejects_zero: tuple[str, ...] = ()  # no length at all is none when one of these is true
    needs_seconds: bool = False
    in_cancelled_runs: bool = False
    of: str = "all"
    part: tuple[str, str] | None = None


class Cell(NamedTuple):
    """One interval of one row: its state at evaluation, and its length when it is valid."""

    state: str
    seconds: int | None


CHAIN = ("t_answer", "t_unit_dispatch", "t_unit_enroute", "t_onscene")
DISPATCH, TURN_OUT = "is_dispatch_backfilled", "is_enroute_backfilled"


def response(*marks: str, part: tuple[str, str] | None = None) -> Span:
    return Span("incident", marks, 120, of="emergencies", part=part)


SPANS: Mapping[str, Span] = {
    "e1": Span("incident", ("t_ring", "t_answer"), 5, needs_seconds=True),
    "e2": Span("incident", ("t_answer", "t_accept_end"), 20, needs_seconds=True),
    "e3": Span("incident", ("t_accept_end", "t_dispatch"), 30, rejects_zero=(DISPATCH,), needs_seconds=True),
    "e23": Span("incident", ("t_answer", "t_dispatch"), 50, needs_seconds=True),
    "e6": response("t_answer", "t_onscene"),
    "e6b": response("t_dispatch", "t_onscene"),
    "e6c": response("t_ring", "t_onscene"),
    "chain_handling": response(*CHAIN, part=("t_answer", "t_unit_dispatch")),
    "chain_turnout": response(*CHAIN, part=("t_unit_dispatch", "t_unit_enroute")),
    "chain_travel": response(*CHAIN, part=("t_unit_enroute", "t_onscene")),
    "notify": Span("incident", ("t_answer", "t_notified"), 120, of="joint"),
    "e4": Span(
        "unit_run",
        ("t_dispatch", "t_enroute"),
        30,
        rejects_zero=(DISPATCH, TURN_OUT),
        needs_seconds=True,
        in_cancelled_runs=True,
    ),
    "e5": Span("unit_run", ("t_enroute", "t_onscene"), 90),
    "e7": Span("unit_run", ("t_onscene", "t_leave"), of="transports"),
    "e7b": Span("unit_run", ("t_onscene", "t_back")),
    "e8": Span("unit_run", ("t_leave", "t_hosp"), of="transports"),
    "e9": Span("unit_run", ("t_hosp", "t_handover"), 180, of="transports"),
    "e10": Span("unit_run", ("t_dispatch", "t_back")),
    "ahead": Span("unit_run", ("t_prearrival", "t_hosp"), of="transports"),
    "closing": Span("request_state", ("event_at", "closed_at")),
    "report_delay": Span("work_injury_days", ("event_at", "reported_at")),
}
IN_SECONDS = ("e1", "e2", "e3", "e23", "e4")
IN_DAYS = ("closing", "report_delay")


def cell(row: Row, span: Span, as_of: int) -> Cell:
    """Judge an interval; what has been open for more than half a day is missing at evaluation."""
    if "days" in row:
        return Cell(*row["days"])
    state = state_of(row, span)
    if state == "OPEN" and row["event_at"] < as_of - HALF_DAY_S:
        state = "MISSING"
    if state != "VALID":
        return Cell(state, None)
    start, end = span.part or (span.marks[0], span.marks[-1])
    return Cell(state, row[end] - row[start])


def state_of(row: Row, span: Span) -> str:
    """Return the state of one interval: the first rule that applies."""
    if not row["has_call"]:
        return "WAITING"
    if row["is_outside"] or is_outside(row, span):
        return "OUTSIDE"
    if span.needs_seconds and row.get("time_precision") == "min":
        return "COARSE"
    marks = [row[mark] for mark in span.marks if row.get(mark) is not None]
    if len(marks) < len(span.marks):
        return "MISSING" if row["is_ended"] else "OPEN"
    return state_of_marks(marks, span, row)


def is_outside(row: Row, span: Span) -> bool:
    """Return whether an interval is not asked of a row."""
    if span.of == "emergencies":
        return row["kind"] in NOT_EMERGENCIES
    if span.of == "joint":
        return row["t_notified"] is None
    if span.table == "unit_run" and row["is_cancelled"] and not span.in_cancelled_runs:
        return True
    is_over = row["is_ended"] and row.get(span.marks[-1]) is None
    return span.of == "transports" and is_over and not row["is_transport"]


def state_of_marks(marks: Sequence[int], span: Span, row: Row) -> str:
    if list(marks) != sorted(marks):
        return "NEG"
    length_s = marks[-1] - marks[0]
    if length_s == 0 and any(row[why] for why in span.rejects_zero):
        return "ZERO"
    return "OUT" if length_s > 60 * span.cap_min else "VALID"
