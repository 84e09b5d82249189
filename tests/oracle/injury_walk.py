"""What the log of a work-injury case means, told by walking through it event by event: one case, one pass, plain Python.

It is written apart from the derivation, from the same rules, and shares no line with it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
Stamp = tuple[int, int]  # the instant, and the wall clock

DAY = 86_400
LUMP = {"伤残补助金", "医疗补助金", "工亡补助金", "丧葬"}
MAIN = ["F1", "F4", "F5", "G1", "G2", "G3"]
AFTER = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "G1", "G2", "G3"]


@dataclass
class Round:
    """One way to one decision, as far as it has come."""

    applied: Stamp | None = None
    accepted: Stamp | None = None
    reopened: Stamp | None = None
    outcome: str | None = None
    ended: Stamp | None = None
    delivered: Stamp | None = None
    closed: Stamp | None = None
    paused_from: Stamp | None = None
    paused_days: int = 0
    asked_at: int = -1  # when a supplement was last asked for, and given
    given_at: int = -1
    codes: set[str] = field(default_factory=set)

    @property
    def clock_from(self) -> Stamp | None:
        return self.reopened or self.accepted


@dataclass
class Told:
    """What the walk has seen of a case."""

    rounds: list[Round] = field(default_factory=lambda: [Round()])
    first: dict[str, Stamp] = field(default_factory=dict)
    revoked: Stamp | None = None
    disputed: Stamp | None = None
    grade: Any = None
    says_grade: bool = False
    two_certificates: bool = False
    specialist: dict[str, str] = field(default_factory=dict)  # whom an H1 or R2 names first
    lump: Stamp | None = None
    names_items: bool = False
    ending: str | None = None  # D9 or C2 was the last of B1, D9 and C2
    after: list[tuple[int, int, str]] = field(default_factory=list)


def order(event: Row) -> tuple[int, bool, str]:
    return event["event_at"], event["event_code"] not in ("D8", "C4"), event["event_id"]


def walk(events: Iterable[Row]) -> Told:
    """Walk through the events of one case; each application's B1 and C1 are found first: a stray C1 may follow its decision."""
    told = Told()
    ordered = sorted(events, key=order)
    applications = first_of_application(ordered)
    told.rounds = [Round(*applications.pop(0))]
    for event in ordered:
        step(told, event, applications)
    for one in told.rounds:
        if one.paused_from and one.ended:
            one.paused_days += one.ended[1] // DAY - one.paused_from[1] // DAY
            one.paused_from = None
    return told


def first_of_application(ordered: list[Row]) -> list[tuple[Stamp | None, Stamp | None]]:
    """Return the first B1 and the first C1 of each application."""
    found: list[tuple[Stamp | None, Stamp | None]] = [(None, None)]
    is_over = False
    for event in ordered:
        stamp = (event["event_at"], event["event_local"])
        if event["event_code"] == "B1":
            if is_over:
                found.append((None, None))
            is_over = False
            found[-1] = (found[-1][0] or stamp, found[-1][1])
        elif event["event_code"] == "C1":
            found[-1] = (found[-1][0], found[-1][1] or stamp)
        elif event["event_code"] in ("D9", "C2"):
            is_over = True
    return found


def step(told: Told, event: Row, applications: list[tuple[Stamp | None, Stamp | None]]) -> None:
    code, stamp = event["event_code"], (event["event_at"], event["event_local"])
    told.first.setdefault(code, stamp)
    if code == "D8":
        before = told.rounds[-1]
        again = Round(before.applied, before.accepted, reopened=stamp, asked_at=before.asked_at, given_at=before.given_at)
        told.rounds[-1:] = [again] if not before.codes else [before, again]
        told.revoked = stamp
    elif code == "B1" and told.ending:
        told.rounds.append(Round(*applications.pop(0)))
    if code in ("B1", "D9", "C2"):
        told.ending = None if code == "B1" else code
    one = told.rounds[-1]
    in_round(one, code, stamp)
    if code in ("H1", "H4", "H8", "H9") and not told.disputed:
        told.disputed = stamp
    if code in AFTER:
        told.after.append((stamp[0], AFTER.index(code), code))
    read_payload(told, code, stamp, event.get("payload"))


def in_round(one: Round, code: str, stamp: Stamp) -> None:
    one.codes.add(code)
    if code in ("D1", "D2", "D3", "D9", "C2") and not one.outcome:
        one.outcome, one.ended = code, stamp
    if code == "D4":
        one.delivered = one.delivered or stamp
    if code == "Z1":
        one.closed = one.closed or stamp
    if code == "B2":
        one.asked_at = stamp[0]
    if code == "B3":
        one.given_at = stamp[0]
    if one.outcome or not one.clock_from or stamp[0] < one.clock_from[0]:
        return
    if code == "C3" and not one.paused_from:
        one.paused_from = stamp
    if code == "C4" and one.paused_from:
        one.paused_days += stamp[1] // DAY - one.paused_from[1] // DAY
        one.paused_from = None


def read_payload(told: Told, code: str, stamp: Stamp, text: str | None) -> None:
    payload = json.loads(text) if text else {}
    if not isinstance(payload, dict):
        return
    if code in ("F4", "F7", "F9") and "grade" in payload:
        told.says_grade, told.grade = True, payload["grade"]
    if code in ("H1", "R2") and isinstance(payload.get("specialist_id"), str):
        told.specialist.setdefault(code, payload["specialist_id"])
    if code == "F4" and payload.get("two_certificates") is True:
        told.two_certificates = True
    if code == "G3" and payload.get("item") is not None:
        told.names_items = True
        if payload["item"] in LUMP:
            told.lump = told.lump or stamp
