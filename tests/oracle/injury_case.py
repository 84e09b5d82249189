"""What `injury_case` should hold of a case whose log was walked through: stamps, words, flags, standing, intervals."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.oracle.injury_walk import DAY, LUMP, MAIN, Round, Row, Stamp, Told, walk

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
