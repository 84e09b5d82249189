"""The 21 clocks of a work-injury case, from the text of the law as the domain specification has it (sections 2.2 and 2.4).

One case at a time, event by event, with calendar dates only. Written apart from the derivation, and sharing no line with it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

Row = Mapping[str, Any]

EPOCH = date(1970, 1, 1)
DAY_S = 86_400
DECISIONS = ("D1", "D2", "D3")
OUTCOMES = (*DECISIONS, "D9", "C2")


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
ONE_BY_ONE = {
    "L3": ("B1", ("C1", "C2", "B2"), ("D9", *DECISIONS)),
    "L4": ("B3", ("C2",), ("C1", "D9", *DECISIONS)),
    "L9": ("F1", ("F2",), ("F4",)),
    "L10": ("F1", ("F4",), ()),
    "L11": ("F4", ("F5",), ("F6",)),
    "L12": ("F5", ("F6",), ()),
    "L14": ("F4", ("F8",), ()),
    "L17": ("H1", ("H2", "H3"), ("H4",)),
    "L18": ("H4", ("H5",), ("H6", "H7")),
    "L20": ("H5", ("H6", "H7"), ()),
}
"""Clock → what starts it, what it waits for, and what ends the matter otherwise: one running clock at a time."""


class Calendar(NamedTuple):
    """Which days are worked, and the years whose official notice is out."""

    works: Callable[[date], bool]
    announced: frozenset[int]


class Event(NamedTuple):
    """An event of the log, or a stamp that stands for one."""

    code: str
    at: int
    local: int
    said: Mapping[str, Any] = {}

    @property
    def day(self) -> date:
        return EPOCH + timedelta(days=self.local // DAY_S)


class Span(NamedTuple):
    """One start of a clock: until when, whether that is what it waited for, and what lengthens it."""

    clock: str
    start: Event
    end: Event | None = None
    is_stop: bool = False
    more_days: int = 0
    paused_days: int = 0
    is_suspended: bool = False


class Round:
    """One way to one decision."""

    def __init__(self, begun: Event, clock_from: Event | None) -> None:
        self.begun, self.clock_from = begun, clock_from
        self.outcome: Event | None = None
        self.delivered: Event | None = None
        self.paused_days = 0
        self.paused_from: Event | None = None


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


def track(case: Row) -> str:
    return "fast" if case.get("is_fast") else "clear" if case.get("is_clear") else "ordinary"


def in_order(rows: Iterable[Row]) -> list[Event]:
    """Return events as they happened; of one instant, what gives the way free comes first."""
    ordered = sorted(rows, key=lambda row: (row["event_at"], row["event_code"] not in {"D8", "C4"}, row["event_id"]))
    return [Event(row["event_code"], row["event_at"], row["event_local"], said(row.get("payload"))) for row in ordered]


def said(text: str | None) -> Mapping[str, Any]:
    told = json.loads(text) if text else {}
    return told if isinstance(told, dict) else {}


def spans(case: Row, log: Sequence[Event]) -> Iterator[Span]:
    """Yield every start of every clock; the end of the case (Z1) ends all but the waiting time of a review."""
    closed = next((event for event in reversed(log) if event.code == "Z1"), None)
    for span in open_spans(case, log):
        is_ended_by_case = closed is not None and span.end is None and span.clock != "L14" and closed.at >= span.start.at
        yield span._replace(end=closed) if is_ended_by_case else span


def open_spans(case: Row, log: Sequence[Event]) -> Iterator[Span]:
    yield from of_accident(case, log)
    yield from of_recognition(case, log)
    for clock, (start, stops, ends) in ONE_BY_ONE.items():
        yield from one_by_one(clock, log, start, stops, ends)
    yield from one_by_one("L13", log, "F6", ("F7",), ())
    yield from one_by_one("L13", log, "F8", ("F9",), ())
    yield from of_benefits(log)
    yield from of_arbitration(log)


def one_by_one(clock: str, log: Sequence[Event], start: str, stops: tuple[str, ...], ends: tuple[str, ...]) -> Iterator[Span]:
    """Yield the spans of a clock of which one runs at a time; an event on its way may say how many days are added."""
    more_time = {"L10": "F2", "L13": start, "L20": "H5"}
    running: Span | None = None
    for event in log:
        if running is None and event.code == start:
            running = Span(clock, event)
        if running is None:
            continue
        more = event.said.get("extension_days")
        if event.code == more_time.get(clock) and is_believable(more):
            running = running._replace(more_days=more)
        if event.code in stops or event.code in ends:
            yield running._replace(end=event, is_stop=event.code in stops)
            running = None
    if running is not None:
        yield running


def is_believable(more: Any) -> bool:
    return type(more) is int and 0 < more <= 3660


def of_accident(case: Row, log: Sequence[Event]) -> Iterator[Span]:
    """Yield the limits of the application, and the paid leave; where the log lacks a stamp, the list of cases has it."""
    offset = case["event_local"] - case["event_at"]
    begun = first(log, "A0") or Event("A0", case["event_at"], case["event_local"])
    listed = case.get("applied_at")
    applied = first(log, "B1") or (None if listed is None else Event("B1", listed, listed + offset))
    is_employer = case.get("applicant") == "用人单位"
    more = applied.said.get("extension_days") if applied else None
    if is_employer or applied is None:
        yield Span("L1", begun, applied, applied is not None, more if is_believable(more) else 0)
    if not is_employer or applied is None:
        yield Span("L2", begun, applied, applied is not None)
    concluded = first(log, "F4")
    outcome = rounds(log)[-1].outcome if log else None
    lost = outcome if outcome and outcome.code in {"D3", "D9", "C2"} else None
    yield Span("L15", begun, concluded or lost, concluded is not None)


def first(log: Iterable[Event], *codes: str) -> Event | None:
    return next((event for event in log if event.code in codes), None)


def of_recognition(case: Row, log: Sequence[Event]) -> Iterator[Span]:
    """Yield the limits of the decision and of its delivery, round by round; a round that another follows is over with it."""
    clock = {"fast": "L7", "clear": "L6", "ordinary": "L5"}[track(case)]
    told = rounds(log)
    for one, after in zip_longest(told, told[1:]):
        following = after.begun if after else None
        if one.clock_from:
            yield Span(
                clock,
                one.clock_from,
                one.outcome or following,
                one.outcome is not None and one.outcome.code in DECISIONS,
                paused_days=one.paused_days,
                is_suspended=one.paused_from is not None and one.outcome is None,
            )
        if one.outcome and one.outcome.code in DECISIONS:
            yield Span("L8", one.outcome, one.delivered or following, one.delivered is not None)


def rounds(log: Sequence[Event]) -> list[Round]:
    """Return the rounds of a case: a decision that is revoked asks for another, and so does a new application."""
    told: list[Round] = []
    is_over = False
    for place, event in enumerate(log):
        is_new = event.code == "B1" and is_over
        if not told or event.code == "D8" or is_new:
            accepted = first(application(log, place), "C1")
            told.append(Round(event, event if event.code == "D8" else accepted))
        if event.code in {"B1", "D9", "C2"}:
            is_over = event.code != "B1"
        walk(told[-1], event)
    for one in told:
        if one.paused_from and one.outcome:
            one.paused_days += (one.outcome.day - one.paused_from.day).days
    return told


def application(log: Sequence[Event], place: int) -> Iterator[Event]:
    """Yield the events from one on, up to the one before the next application."""
    is_over = False
    for number, event in enumerate(log[place:]):
        if event.code == "B1" and is_over and number:
            return
        if event.code in {"B1", "D9", "C2"}:
            is_over = event.code != "B1"
        yield event


def walk(one: Round, event: Event) -> None:
    """Let a round take one event in: its first outcome, its first delivery, and its pauses while its clock runs."""
    if event.code == "D4" and one.delivered is None:
        one.delivered = event
    if event.code in OUTCOMES and one.outcome is None:
        one.outcome = event
    if one.outcome or one.clock_from is None or event.at < one.clock_from.at:
        return
    if event.code == "C3" and one.paused_from is None:
        one.paused_from = event
    elif event.code == "C4" and one.paused_from is not None:
        one.paused_days += (event.day - one.paused_from.day).days
        one.paused_from = None


def of_benefits(log: Sequence[Event]) -> Iterator[Span]:
    """Yield one limit an item; an application that names none waits for the first payment of any."""
    named = {item for event in log if (item := item_of(event)) is not None}
    for item in sorted(named):
        yield from one_by_one("L16", [event for event in log if item_of(event) == item], "G1", ("G3",), ())
    unnamed = [event for event in log if event.code == "G3" or (event.code == "G1" and item_of(event) is None)]
    yield from one_by_one("L16", unnamed, "G1", ("G3",), ())


def item_of(event: Event) -> str | None:
    item = event.said.get("item") if event.code in {"G1", "G3"} else None
    return item if isinstance(item, str) else None


def of_arbitration(log: Sequence[Event]) -> Iterator[Span]:
    """Yield the limit of serving the copy, and the time in which one may turn to arbitration."""
    for span in one_by_one("L19", log, "H5", (), ("H6", "H7")):
        offset = span.start.local - span.start.at
        served = day_said(span.start.said.get("served_on"))
        yield span if served is None else span._replace(end=at_midnight("H5", served, offset), is_stop=True)
    for event in log:
        known = day_said(event.said.get("known_on")) if event.code == "H4" else None
        if known is not None:
            yield Span("L21", at_midnight("H4", known, event.local - event.at), event, is_stop=True)


def day_said(text: Any) -> date | None:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return day if date(1950, 1, 1) <= day <= date(2099, 12, 31) else None


def at_midnight(code: str, day: date, offset: int) -> Event:
    local = (day - EPOCH).days * DAY_S
    return Event(code, local - offset, local)


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
