"""Work injury of one town, told by hand: cases on every way that a case can go, and all that belongs to them."""

import json

from tests.injury import DAY_S, day, notices

BEGUN = {"A0": 0, "A1": 0, "B1": 5, "C1": 6}
DECIDED = BEGUN | {"D1": 20, "D4": 22}
APPRAISED = DECIDED | {"E0": 23, "F0": 24, "F1": 26, "F2": 30, "F3": 50, "F4": 60, "F5": 63}
PAID = APPRAISED | {"G1": 66, "G2": 68, "G3": 70}
WAYS = (
    PAID | {"F6": 70, "F7": 90, "F8": 95, "F9": 99, "H1": 71, "H2": 73, "R1": 75, "R2": 80, "R3": 85, "R4": 90, "Z1": 100},
    APPRAISED | {"G1": 66, "H1": 66, "H3": 70, "H4": 72, "H5": 75, "H7": 99},
    {"A0": 0, "A1": 0, "B1": 2, "C1": 2, "D2": 4, "D4": 5},
    BEGUN,
    BEGUN | {"C3": 9},
    BEGUN | {"D9": 12},
    {"A0": 0, "B1": 5, "C2": 7},
    DECIDED | {"D8": 40},
    BEGUN | {"D3": 30, "D4": 31},
    BEGUN | {"C3": 9, "C4": 20, "D1": 100, "D4": 102, "F1": 105, "F2": 106},
)
"""The ways of cases: what happens how many days after the accident. They are taken in turn."""

FAST, OPEN, LATE = 2, 3, 9
OPEN_DAYS = (7, 8, 16, 29, 44, 51, 57, 62, 64, 66, 68, 80)
"""Ages of cases that wait to be decided: one in each class of the stock, and in each warning."""

CONCLUDED = {"grade": 3, "two_certificates": True}
SAID = {"F2": {"extension_days": 700}, "F4": CONCLUDED, "F7": CONCLUDED, "F9": CONCLUDED}
"""What the payload of an event says; so long an extension ends in a year whose holidays nobody knows."""

DIED_DAYS = 20
"""How long ago the workers died who did not live."""

STEP_DAYS, FIRST_DAYS, LONGEST_DAYS = 37, 150, 560
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)] + ["2026-01", "2026-02"]
TABLES = (
    "work_injury_case",
    "case_event",
    "benefit_payment",
    "case_material",
    "reemploy",
    "arb_hearing",
    "enterprise",
    "enterprise_month",
    "specialist",
    "appraisal_slot",
    "job_post",
    "exchange_call",
)
CALENDAR = notices(2024, 2025, 2026)
"""The working days of all towns."""


def injured(town, name, count, *, elsewhere, as_of, ahead_s):
    """Return rows of every contract of work injury for one town, their codes beginning with a name.

    Its enterprise is registered, and its accidents happen, in a town `elsewhere`: neither says whose they are.
    """
    rows = {table: [] for table in TABLES}
    firm(rows, town, name, elsewhere)
    ages = [(FIRST_DAYS + number * STEP_DAYS) % LONGEST_DAYS + 1 for number in range(count)]
    ways = [number % len(WAYS) for number in range(count)]
    for number, (days, way) in enumerate(zip([*ages, *OPEN_DAYS], [*ways, *(OPEN for _ in OPEN_DAYS)], strict=True)):
        began = as_of - days * DAY_S
        case = listed(town, name, f"{name}-X{number}", way, accident_town=elsewhere)
        died = as_of - DIED_DAYS * DAY_S if way == LATE else None
        rows["work_injury_case"].append(timed(began, ahead_s, case | {"death_at": died}))
        told = {code: began + after * DAY_S + 60 * place for place, (code, after) in enumerate(WAYS[way].items())}
        one_case(rows, town, case["case_id"], {code: at for code, at in told.items() if at <= as_of}, ahead_s)
    city_wide(rows, name, as_of=as_of, ahead_s=ahead_s)
    return rows


def firm(rows, town, name, registered):
    """Add an enterprise with its workers of every month, and a specialist."""
    code = f"{name}-F"
    told = {"enterprise_id": code, "name": f"{name}-firm", "prod_town": town, "reg_town": registered, "gb4754": "3411"}
    rows["enterprise"].append(told)
    rows["enterprise_month"] += [{"enterprise_id": code, "month": month, "headcount": 12} for month in MONTHS]
    role = {"role": "代办陪跑员", "is_active": True}
    rows["specialist"].append({"specialist_id": f"{name}-P", "town_code": town, **role})


def one_case(rows, town, case_id, told, ahead_s):
    """Add what happened to a case so far, and what belongs to it."""
    for code, at in told.items():
        happened = {"event_id": f"{case_id}-{code}", "case_id": case_id, "event_code": code}
        rows["case_event"].append(timed(at, ahead_s, {**happened, "payload": json.dumps(SAID.get(code, {}))}))
    material = {"package": "P1", "material_count": 3, "is_card_only": False}
    rows["case_material"].append({"case_id": case_id, **material})
    if "G3" in told:
        paid = {"item": "伤残补助金", "amount_fen": 100_000, "paid_on": told["G3"] // DAY_S}
        rows["benefit_payment"].append({"pay_id": f"{case_id}-Y", "case_id": case_id, **paid})
    if "R1" in told:
        rows["reemploy"].append({"case_id": case_id, "post_town": town, "intent_at": told["R1"]})
    if "H7" in told:
        heard = {"mode": "一方到场一方在线", "minute_count": 90, "is_cross_region": True, "is_tolerance_accepted": True}
        rows["arb_hearing"].append(timed(told["H7"], ahead_s, {"hearing_id": f"{case_id}-B", "case_id": case_id, **heard}))


def listed(town, name, case_id, way, *, accident_town):
    """Return what the list of cases says of a case."""
    worker = {"person_key": f"{case_id}-W", "hospital_id": f"{name}-H", "specialist_id": f"{name}-P"}
    where = {"enterprise_id": f"{name}-F", "employer_town": town, "accident_town": accident_town}
    how = {"is_fast": way == FAST, "is_clear": False, "is_accompanied": True, "basis": "14.1", "accident_type": "03"}
    facts = {"is_insured_at_accident": True, "injury_nature": "1", "has_third_party": False, "lost_days": 9}
    return {"case_id": case_id, "applicant": "职工", "advance_avoided_fen": 50_000, **worker, **where, **how, **facts}


def city_wide(rows, name, *, as_of, ahead_s):
    """Add what no town can be said of: a session of appraisal, a post, and a call between departments."""
    people = {"capacity_count": 9, "booked_count": 8, "no_show_count": 1}
    session = {"slot_id": f"{name}-L", "hospital_id": f"{name}-H", "begin_at": as_of - 9 * DAY_S, **people}
    rows["appraisal_slot"].append(session)
    rows["job_post"].append({"post_id": f"{name}-O", "employer_id": f"{name}-F", "posted_on": day("2026-03-01")})
    asked = {"call_id": f"{name}-D", "from_dept": f"{name}-from", "to_dept": f"{name}-to", "is_ok": True}
    rows["exchange_call"].append(timed(as_of - 600, ahead_s, {**asked, "answered_at": as_of - 590}))


def timed(at, ahead_s, row):
    """Place a row in time, on a wall clock that is so many seconds ahead too."""
    return {**row, "event_at": at, "event_local": at + ahead_s}
