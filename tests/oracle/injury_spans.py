"""Where each clock of a work-injury case starts and stops, event by event, as the domain specification has it (section 2.2)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

Row = Mapping[str, Any]

EPOCH = date(1970, 1, 1)
DAY_S = 86_400
DECISIONS = ("D1", "D2", "D3")
OUTCOMES = (*DECISIONS, "D9", "C2")
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


def track(case: Row) -> str:
    return "fast" if case.get("is_fast") else "clear" if case.get("is_clear") else "ordinary"


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
