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
STAGE_AFTER = {
    **dict.fromkeys(["F1", "F2", "F3", "F6", "F8"], "appraising"),
    **dict.fromkeys(["F4", "F5", "F7", "F9"], "appraised"),
    **dict.fromkeys(["G1", "G2"], "benefit"),
    "G3": "paid",
}
FIRST_EVER = {
    "reported_at": "A1",
    "inhosp_booked_at": "F0",
    "appraisal_applied_at": "F1",
    "exam_at": "F3",
    "concluded_at": "F4",
    "appraisal_delivered_at": "F5",
    "reappraisal_applied_at": "F6",
    "reappraisal_concluded_at": "F7",
    "review_applied_at": "F8",
    "review_concluded_at": "F9",
    "benefit_applied_at": "G1",
    "assessed_at": "G2",
    "paid_at": "G3",
    "mediation_opened_at": "H1",
    "mediated_at": "H2",
    "mediation_failed_at": "H3",
    "arb_applied_at": "H4",
    "arb_accepted_at": "H5",
    "settled_at": "H6",
    "awarded_at": "H7",
}


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


def injury_cases(
    *,
    cases: Iterable[Row],
    events: Iterable[Row] = (),
    payments: Iterable[Row] = (),
    materials: Iterable[Row] = (),
    reemploy: Iterable[Row] = (),
    enterprises: Iterable[Row] = (),
    specialists: Iterable[Row] = (),
) -> dict[str, dict[str, Any]]:
    """Return each case of the list as `injury_case` should have it, by its number."""
    logs: dict[str, list[Row]] = {}
    paid: dict[str, list[Row]] = {}
    for event in events:
        logs.setdefault(event["case_id"], []).append(event)
    for payment in payments:
        paid.setdefault(payment["case_id"], []).append(payment)
    lists = {
        "material": {row["case_id"]: row for row in materials},
        "back": {row["case_id"]: row for row in reemploy},
        "firm": {row["enterprise_id"]: row for row in enterprises},
        "specialist": {row["specialist_id"]: row for row in specialists},
    }
    return {
        case["case_id"]: injury_case(case, logs.get(case["case_id"], []), paid.get(case["case_id"], []), lists)
        for case in cases
    }


def injury_case(case: Row, log: list[Row], payments: list[Row], lists: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
    told = walk(log)
    now = told.rounds[-1]
    offset = case["event_local"] - case["event_at"]
    stamps = stamps_of(case, told, payments, lists["back"].get(case["case_id"], {}), offset)
    row = {name: at(stamp) for name, stamp in stamps.items()}
    row["event_local"] = stamps["event_at"][1]
    row |= words(case, told, lists)
    row["grade"] = grade(case, told)
    row |= flags(case, told, row)
    row |= standing(told, now)
    row["decision"], row["paused_days"] = now.outcome, now.paused_days
    row["round_count"] = sum(1 for one in told.rounds if one.clock_from)
    row["age_from_at"] = None
    if now.clock_from:
        instant, local = now.clock_from
        row["age_from_at"] = (local // DAY + now.paused_days) * DAY - (local - instant)
    return row | timed(told, now, stamps, row)


def at(stamp: Stamp | None) -> int | None:
    return stamp[0] if stamp else None


def stamps_of(case: Row, told: Told, payments: list[Row], back: Row, offset: int) -> dict[str, Stamp | None]:
    now, first = told.rounds[-1], told.first
    stamps = {name: first.get(code) for name, code in FIRST_EVER.items()}
    stamps["event_at"] = first.get("A0") or (case["event_at"], case["event_local"])
    stamps["death_at"] = (case["death_at"], 0) if case.get("death_at") is not None else None
    stamps |= {"applied_at": now.applied, "accepted_at": now.accepted, "clock_from_at": now.clock_from}
    stamps |= {"delivered_at": now.delivered, "closed_at": now.closed, "ended_at": now.ended, "stock_from_at": now.clock_from}
    stamps["decided_at"] = now.ended if now.outcome in ("D1", "D2", "D3") else None
    stamps["withdrawn_at"] = now.ended if now.outcome == "D9" else None
    stamps["refused_at"] = now.ended if now.outcome == "C2" else None
    stamps |= {"revoked_at": told.revoked, "disputed_at": told.disputed, "lump_paid_at": told.lump}
    if not told.lump and not told.names_items:
        days = [p["paid_on"] for p in payments if p.get("item") in LUMP and p["amount_fen"] > 0]
        stamps["lump_paid_at"] = (min(days) * DAY - offset, min(days) * DAY) if days else None
    for name, code in (("intent_at", "R1"), ("trained_at", "R2"), ("offered_at", "R3"), ("placed_at", "R4")):
        listed = back.get(name)
        stamps[name] = first.get(code) or (None if listed is None else (listed, listed + offset))
    return stamps


def words(case: Row, told: Told, lists: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
    firm = lists["firm"].get(case.get("enterprise_id"), {})
    material = lists["material"].get(case["case_id"], {})
    names = ("case_id", "person_key", "enterprise_id", "accident_town", "basis", "accident_type", "applicant", "specialist_id")
    more = ("hospital_id", "is_fast", "is_clear", "is_accompanied", "advance_avoided_fen")
    industry, category = firm.get("gb4754"), firm.get("risk_cat")
    return {
        **{name: case.get(name) for name in (*names, *more)},
        "town": firm["prod_town"] if firm.get("prod_town") not in (None, "?") else case["employer_town"],
        "division": industry[:2] if industry else "?",
        "risk_cat": str(category) if category else "?",
        "package": material.get("package") or case.get("package"),
        "specialist_role": lists["specialist"].get(case.get("specialist_id"), {}).get("role"),
        "mediator_role": lists["specialist"].get(told.specialist.get("H1"), {}).get("role"),
        "trainer_role": lists["specialist"].get(told.specialist.get("R2"), {}).get("role"),
        "track": "fast" if case.get("is_fast") else "clear" if case.get("is_clear") else "ordinary",
        "is_insured": case.get("is_insured_at_accident"),
        "material_count": material.get("material_count"),
        "is_card_only": material.get("is_card_only"),
    }


def grade(case: Row, told: Told) -> str | None:
    said = told.grade if told.says_grade else case.get("disability_grade")
    return str(said) if str(said) in {str(number) for number in range(1, 11)} else None


def flags(case: Row, told: Told, row: Row) -> dict[str, Any]:
    now, seen = told.rounds[-1], told.first
    return {
        "is_recognised": now.outcome in ("D1", "D2"),
        "is_production": case.get("basis") not in ("14.6", "15.1"),
        "is_suspended": now.paused_from is not None,
        "is_graded": row["grade"] is not None,
        "is_severe": row["grade"] in ("1", "2", "3", "4") or case.get("death_at") is not None,
        "has_dispute": told.disputed is not None,
        "is_mediated": "H2" in seen or "H6" in seen,
        "is_in_package": row["package"] is not None,
        "is_two_certificates": told.two_certificates or (row["package"] == "P4" and "F4" in seen),
        "is_inhosp": "F0" in seen,
        "is_fast_eligible": eligible(case, told),
        "is_open": now.clock_from is not None and now.outcome is None,
    }


def eligible(case: Row, told: Told) -> bool | None:
    """Whether every condition holds; one that fails settles it, one that is unknown leaves it open."""

    def if_known(cell: str, value: bool) -> bool | None:
        return None if case.get(cell) is None else value

    answers = [
        case.get("is_insured_at_accident"),
        told.disputed is None,
        if_known("basis", case.get("basis") in ("14.1", "14.2", "14.3")),
        case.get("death_at") is None and (case.get("lost_days") or 0) < 105,
        if_known("accident_type", case.get("accident_type") not in ("90", "91", "92")),
        if_known("injury_nature", True),
        if_known("has_third_party", not case.get("has_third_party")),
    ]
    return False if False in answers else None if None in answers else True


def standing(told: Told, now: Round) -> dict[str, str]:
    last = STAGE_AFTER[max(told.after)[2]] if told.after else None
    furthest = max((MAIN.index(code) for _, _, code in told.after if code in MAIN), default=None)
    main = None if furthest is None else MAIN[furthest]
    state, stage = before_or_without_recognition(told, now, main, last)
    if now.outcome in ("D1", "D2") and not now.closed:
        state, stage = main or state, last or stage
    return {"state": state, "stage": stage}


def before_or_without_recognition(told: Told, now: Round, main: str | None, last: str | None) -> tuple[str, str]:
    """Return where a case stands that nothing after recognition has moved on."""
    if now.closed:
        return "Z1", "closed"
    if now.outcome in ("D9", "C2"):
        return now.outcome, "ended"
    if now.outcome:
        usual = "ended" if now.outcome == "D3" else "delivered"
        return ("D4", usual) if now.delivered else (now.outcome, "decided")
    state = "C1" if now.accepted else "B1" if now.applied else "A0" if now.clock_from else main or "A0"
    if now.clock_from:
        return state, "suspended" if now.paused_from else "accepted"
    if now.applied:
        return state, "supplementing" if now.asked_at > now.given_at else "applied"
    return state, last or ("reported" if "A1" in told.first else "accident")


def timed(told: Told, now: Round, stamps: Mapping[str, Stamp | None], row: Row) -> dict[str, Any]:
    """Return the seconds and the state of every interval."""
    found: dict[str, Any] = {}
    for key, start, end, will_not, should in spans(told, now, stamps, row):
        seconds, state = span(key, stamps[start], stamps[end], will_not=will_not, should=should)
        if key == "legal_days" and state == "VALID":
            seconds -= now.paused_days * DAY
        if key == "to_appraisal_days" and "F1" in told.first and "F1" not in now.codes:
            seconds, state = None, "OUTSIDE"  # it followed a decision that was revoked
        found |= {f"{key}_s": seconds, f"{key}_state": state}
    return found


def spans(told: Told, now: Round, stamps: Mapping[str, Stamp | None], row: Row) -> list[tuple[str, str, str, bool, bool]]:
    """Return each interval: its key and stamps, whether its end will not come, and whether it should be there."""
    seen, closed = told.first.keys(), now.closed is not None
    over = now.outcome in ("D9", "C2")
    refused = over or now.outcome == "D3"
    further = closed or not now.codes.isdisjoint(["F1", "F2", "F3", "F4", "F5", "G1", "G2", "G3"])
    appraised = not now.codes.isdisjoint(["F2", "F3", "F4", "F5"])
    beyond = not seen.isdisjoint(["F5", "F6", "F7", "F8", "F9"])
    disabled = row["grade"] is not None or row["death_at"] is not None

    def left(name: str) -> bool:
        return closed and stamps[name] is not None

    again = "F6" in seen or "F7" in seen or (stamps["lump_paid_at"] is not None and stamps["concluded_at"] is not None)
    ended = now.outcome is not None
    return [
        ("report_lag", "event_at", "reported_at", False, bool(now.applied or now.accepted or ended)),
        ("apply_days", "event_at", "applied_at", False, bool(now.accepted or ended or further)),
        ("accept_days", "applied_at", "accepted_at", over, bool(ended or now.delivered or further)),
        ("legal_days", "clock_from_at", "decided_at", over, bool(now.delivered or further)),
        ("handling_days", "applied_at", "decided_at", over, bool(now.delivered or further)),
        ("deliver_days", "decided_at", "delivered_at", over, further),
        ("to_appraisal_days", "delivered_at", "appraisal_applied_at", refused or (closed and not appraised), appraised),
        ("appraise_days", "appraisal_applied_at", "concluded_at", False, beyond or left("appraisal_applied_at")),
        ("exam_days", "exam_at", "concluded_at", False, beyond or left("exam_at")),
        ("appraisal_delivery_days", "concluded_at", "appraisal_delivered_at", False, again or left("concluded_at")),
        ("benefit_days", "benefit_applied_at", "paid_at", False, left("benefit_applied_at")),
        ("endtoend_days", "event_at", "lump_paid_at", refused or (closed and not disabled), closed),
        ("mediation_days", "mediation_opened_at", "mediated_at", "H3" in seen, False),
        ("arb_accept_days", "arb_applied_at", "arb_accepted_at", False, "H6" in seen or "H7" in seen),
        ("award_days", "arb_accepted_at", "awarded_at", "H6" in seen, False),
        ("intent_to_job_days", "intent_at", "placed_at", False, False),
    ]


def span(key: str, start: Stamp | None, end: Stamp | None, *, will_not: bool, should: bool) -> tuple[int | None, str]:
    if start and end:
        in_seconds = key == "report_lag"
        length = end[0] - start[0] if in_seconds else (end[1] // DAY - start[1] // DAY) * DAY
        is_before = end[0] < start[0] and (in_seconds or end[1] % DAY != 0)
        return (None, "NEG") if length < 0 or is_before else (length, "VALID")
    if end:
        return None, "MISSING"
    if will_not:
        return None, "OUTSIDE"
    if should:
        return None, "MISSING"
    return None, "OUTSIDE" if start is None else "OPEN"
