"""Doubtful rows of what the records of the tests tell: stamps out of order, and status against stamp."""

from collections.abc import Iterator, Mapping, Sequence

from tests.oracle.records import Row
from tests.oracle.spans import SPANS, state_of

ORDERS = {"incident": "EM_INCIDENT_ORDER", "unit_run": "EM_RUN_ORDER"}


def issues(derived: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Return one row for each rule and row that breaks it."""
    return [
        *(issue(rule, table, row) for table, rule in ORDERS.items() for row in derived[table] if is_out_of_order(table, row)),
        *(issue(rule, "service_request", row) for row in derived["request_state"] for rule in broken_by(row)),
    ]


def issue(rule: str, table: str, row: Row) -> Row:
    return {"rule": rule, "of_table": table, "town": row["town"]}


def is_out_of_order(table: str, row: Row) -> bool:
    return any(state_of(row, span) == "NEG" for span in SPANS.values() if span.table == table)


def broken_by(row: Row) -> Iterator[str]:
    """Yield the rules that a request breaks."""
    state = row["days"][0]
    if row["contradiction"] == "status_behind":
        yield "SR_STATUS_BEHIND"
    if state == "ZERO" or row["contradiction"] == "stamp_void":
        yield "SR_STAMP_COPIED"
    if state == "NEG":
        yield "SR_STAMP_ORDER"
