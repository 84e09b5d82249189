"""The cost of a batch follows what it touches: no statement of a load walks a history."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

HISTORIES = re.compile(r"SCAN (emergency_call|vehicle_status|unit_run|incident|quarantine|old|tick|batch)\b|SCAN \w+ LEFT-JOIN")
"""Steps that grow with what is stored; a joined list scanned again for every row grows with the square of the batch."""
OF_FIRMS = re.compile(
    r"SCAN (enterprise|enterprise_month|enterprise_stratum|headcount_gap|insured_month|exposed_month|exposure|exchange_call|"
    r"exchange_timing|arb_hearing|hearing|work_injury_case)\b|SCAN \w+ LEFT-JOIN"
)
"""The same of what firms, their months, calls and hearings leave in the store."""
NEWEST = re.compile(r"ORDER BY tick\.number DESC\s+LIMIT")
"""The newest tick is the first step of a walk along its index, and the only one."""

ROW = {"town_code": "A", "event_at": 1000, "t_answer": 1000}


@contextmanager
def planned(engine: sa.Engine) -> Iterator[list[tuple[str, str]]]:
    """Note how SQLite plans each statement that an engine runs inside the block."""
    plans: list[tuple[str, str]] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, is_many: bool) -> None:
        if statement.split(maxsplit=1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            bound = parameters[0] if is_many else parameters
            steps = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", bound).fetchall()
            plans.extend((step[3], statement) for step in steps)

    sa.event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        sa.event.remove(engine, "before_cursor_execute", explain)


def test_no_statement_of_a_load_walks_a_history(store):
    def tell(number: int) -> None:
        call = {"call_id": f"c{number}", "incident_id": f"i{number}", **ROW}
        run = {
            "event_id": f"e{number}",
            "run_id": f"r{number}",
            "incident_id": f"i{number}",
            "status": "DISPATCHED",
            "event_at": 1060,
        }
        store.tell(emergency_call=[call], vehicle_status=[run])

    tell(1)
    with planned(store.ledger.engine) as plans:
        tell(2)
    assert len(plans) > 20
    walks = [(step, statement) for step, statement in plans if HISTORIES.search(step)]
    assert [(step, statement) for step, statement in walks if not NEWEST.search(statement)] == []


def test_a_headcount_a_call_or_a_hearing_is_derived_without_a_walk_of_a_history(store):
    def tell(number: int) -> None:
        firm = {"enterprise_id": f"f{number}", "prod_town": "A", "reg_town": "A"}
        counts = [{"enterprise_id": "f1", "month": f"2023-{m:02}", "headcount": number or None} for m in (number, number + 2)]
        case = {"case_id": f"j{number}", "enterprise_id": f"f{number}", "event_at": 1000}
        held = {"hearing_id": f"h{number}", "case_id": f"j{number}", "event_at": 2000}
        call = {"call_id": f"k{number}", "event_at": 1000}
        told = {"enterprise": [firm], "enterprise_month": counts, "exchange_call": [call]}
        store.tell(**told, work_injury_case=[{**case, "employer_town": "A", "accident_town": "A"}], arb_hearing=[held])

    tell(1)
    with planned(store.ledger.engine) as plans:
        tell(2)
    of_these = re.compile("headcount_gap|insured_month|exposed_month|exposure|exchange_timing|hearing")
    steps = [(step, statement) for step, statement in plans if of_these.search(statement)]
    assert len(steps) > 20
    assert [(step, statement) for step, statement in steps if OF_FIRMS.search(step)] == []
