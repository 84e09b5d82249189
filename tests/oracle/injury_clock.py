"""The 21 clocks of a work-injury case, from the text of the law as the domain specification has it (sections 2.2 and 2.4).

One case at a time, event by event, with calendar dates only. Written apart from the derivation, and sharing no line with it.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.oracle.injury_spans import DAY_S, EPOCH, Row, Span, in_order, spans, track

__all__ = ["EPOCH", "LAWS", "Calendar", "clocks"]


class Law(NamedTuple):
    """A limit: so many of a unit, whom it binds, and whether a last day that is a day off moves on (民法典 203)."""

    limit: int
    unit: str
    kind: str = "agency"

    @property
    def moves_on(self) -> bool:
        return self.kind in {"agency", "party"}


LAWS = {
    "L1": Law(30, "day", "party"),
    "L2": Law(1, "year", "party"),
    "L3": Law(5, "workday"),
    "L4": Law(3, "day"),
    "L5": Law(60, "day"),
    "L6": Law(15, "day"),
    "L7": Law(3, "workday"),
    "L8": Law(20, "day"),
    "L9": Law(5, "workday"),
    "L10": Law(60, "day"),
    "L11": Law(15, "day"),
    "L12": Law(15, "day", "party"),
    "L13": Law(60, "day"),
    "L14": Law(1, "year", "not_before"),
    "L15": Law(12, "month", "leave"),
    "L16": Law(20, "workday"),
    "L17": Law(15, "day"),
    "L18": Law(5, "day"),
    "L19": Law(5, "day"),
    "L20": Law(45, "day"),
    "L21": Law(1, "year", "party"),
}


class Calendar(NamedTuple):
    """Which days are worked, and the years whose official notice is out."""

    works: Callable[[date], bool]
    announced: frozenset[int]


def clocks(cases: Iterable[Row], events: Iterable[Row], enterprises: Iterable[Row], calendar: Calendar) -> list[dict[str, Any]]:
    """Return a row for every clock of every case and every start of it."""
    logs: dict[str, list[Row]] = {}
    for event in events:
        logs.setdefault(event["case_id"], []).append(event)
    towns = {firm["enterprise_id"]: firm["prod_town"] for firm in enterprises}
    found = []
    for case in cases:
        log = in_order(logs.get(case["case_id"], []))
        town = towns.get(case.get("enterprise_id"))
        placed = {
            "case_id": case["case_id"],
            "town": case["employer_town"] if town in {None, "?"} else town,
            "track": track(case),
        }
        numbers: dict[str, int] = {}
        for span in sorted(spans(case, log), key=lambda one: one.start.at):
            numbers[span.clock] = numbers.get(span.clock, 0) + 1
            found.append({**placed, "clock": span.clock, "start_no": numbers[span.clock], **judged(span, calendar)})
    return found


def judged(span: Span, calendar: Calendar) -> dict[str, Any]:
    """Return when a span is due, when it warns, and what became of it."""
    law, began = LAWS[span.clock], span.start.day
    plain = last_day(began, law, calendar) + timedelta(days=span.more_days)
    strict = plain + timedelta(days=span.paused_days)
    due = next_worked(strict, calendar) if law.moves_on else strict
    row = {
        "kind": law.kind,
        "event_at": span.start.at,
        "stopped_at": span.end.at if span.end else None,
        "stop_code": span.end.code if span.end else None,
        "limit_days": (plain - began).days,
        "paused_days": span.paused_days,
        "state": state(span, due, law),
        "limit_used_pct": used_share(span, plain),
        "is_provisional": not span.is_suspended and is_provisional(began, strict, due, law, calendar),
    }
    moments = {"strict_due_on": strict, "due_on": due, **instants(span, strict, due, law, calendar)}
    return row | (dict.fromkeys(moments) if span.is_suspended else moments)


def used_share(span: Span, plain: date) -> float | None:
    """Return the days that a span took, pauses left out, in per cent of its limit; None while it runs."""
    if span.end is None or not span.is_stop or span.end.day < span.start.day:
        return None
    used = (span.end.day - span.start.day).days - span.paused_days
    limit = (plain - span.start.day).days
    return 100 * used / limit if limit else None


def last_day(began: date, law: Law, calendar: Calendar) -> date:
    """Return the last day of a limit; that of its start is day 0 (民法典 201), months end on their corresponding day (202)."""
    if law.unit == "day":
        return began + timedelta(days=law.limit)
    if law.unit == "workday":
        day = began
        for _ in range(law.limit):
            day = next_worked(day + timedelta(days=1), calendar)
        return day
    months = began.year * 12 + began.month - 1 + law.limit * (12 if law.unit == "year" else 1)
    for day_of_month in range(began.day, 0, -1):
        try:
            return date(months // 12, months % 12 + 1, day_of_month)
        except ValueError:  # there is no such day in that month
            continue
    raise AssertionError(began)


def next_worked(day: date, calendar: Calendar) -> date:
    """Return a day, or the first one after it on which offices work."""
    while not calendar.works(day):
        day += timedelta(days=1)
    return day


def is_provisional(began: date, strict: date, due: date, law: Law, calendar: Calendar) -> bool:
    """Whether a day off that nobody has announced yet could move the last day."""
    if law.unit != "workday" and not law.moves_on:
        return False
    since = min(began, strict) if law.unit == "workday" else strict
    return not calendar.announced.issuperset(range(since.year, due.year + 1))


def state(span: Span, due: date, law: Law) -> str:
    if span.end is None:
        return "SUSPENDED" if span.is_suspended else "RUNNING"
    if not span.is_stop or span.end.day < span.start.day:
        return "VOID"
    is_kept = span.end.day >= due if law.kind == "not_before" else span.end.day <= due
    return "MET" if is_kept else "LATE"


def instants(span: Span, strict: date, due: date, law: Law, calendar: Calendar) -> dict[str, int | None]:
    """Return the first instants after the last days, and those from which so little of the limit is left (section 2.4)."""
    offset = span.start.local - span.start.at

    def midnight(day: date) -> int:
        return (day - EPOCH).days * DAY_S - offset

    end = midnight(strict + timedelta(days=1))
    found: dict[str, int | None] = {"strict_due_at": end, "due_at": midnight(due + timedelta(days=1))}
    limit_s = (strict - span.start.day).days * DAY_S - span.paused_days * DAY_S
    worked = strict
    while not calendar.works(worked):
        worked -= timedelta(days=1)
    orange = min(end - round(0.1 * limit_s), midnight(worked))
    yellow = min(end - round(0.2 * limit_s), orange)
    blue = min(end - round(0.3 * limit_s), yellow)
    for name, at in (("blue_at", blue), ("yellow_at", yellow), ("orange_at", orange)):
        found[name] = None if law.kind == "not_before" else max(at, span.start.at)
    return found
