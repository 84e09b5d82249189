"""Work-injury cases told as small logs, derived, and held against the plain walk through them."""

import json
from functools import cache

import pandas as pd

from etl.contracts.enterprise import ENTERPRISE
from etl.contracts.work_injury import BENEFIT_PAYMENT, CASE_EVENT, CASE_MATERIAL, WORK_INJURY_CASE
from etl.contracts.work_injury_care import REEMPLOY, SPECIALIST
from etl.derive.injury_case import injury_cases
from etl.derive.injury_case_columns import INJURY_CASE_TABLE
from etl.derived import stored
from tests.oracle.injury_case import injury_cases as oracle

DAY_S = 86_400
OFFSET_S = 8 * 3600
MIDNIGHT = 19_675 * DAY_S - OFFSET_S  # 2023-11-14 00:00 in China
TEN = MIDNIGHT + 10 * 3600
CONTRACTS = (WORK_INJURY_CASE, CASE_EVENT, BENEFIT_PAYMENT, CASE_MATERIAL, REEMPLOY, ENTERPRISE, SPECIALIST)
OF_ORACLE = {
    "work_injury_case": "cases",
    "case_event": "events",
    "benefit_payment": "payments",
    "case_material": "materials",
    "reemploy": "reemploy",
    "enterprise": "enterprises",
    "specialist": "specialists",
}


def case(**more):
    at = more.pop("event_at", TEN)
    towns = {"employer_town": "A", "accident_town": "B"}
    return {"case_id": "c1", "event_at": at, "event_local": at + OFFSET_S, **towns, **more}


def event(code, day, *, at=None, case_id="c1", event_id=None, **payload):
    """Return an event at ten o'clock of a day after the accident's, or at an instant."""
    at = TEN + day * DAY_S if at is None else at
    told = json.dumps(payload, ensure_ascii=False) if payload else None
    event_id = event_id or f"{case_id}-{at}-{code}"
    return {"event_id": event_id, "case_id": case_id, "event_code": code, "event_at": at, "event_local": at + OFFSET_S} | {
        "payload": told
    }


def log(text, **more):
    """Return the events of a text such as `A0 0, B1 3`: codes and days."""
    return [event(code, int(day), **more) for code, day in (step.split() for step in text.split(","))]


def frames(**rows):
    """Return frames as a derivation gets them: every declared column, of Python objects."""
    return {
        table.name: pd.DataFrame(
            [[row.get(name) for name in table.names] for row in rows.get(table.name, [])], columns=[*table.names], dtype=object
        )
        for table in CONTRACTS
    }


def derived(**rows):
    """Return the derived rows by case, as the store takes them, None where missing."""
    found = stored(INJURY_CASE_TABLE, injury_cases(frames(**rows))).astype(object)
    return {row["case_id"]: row for row in found.mask(found.isna(), None).to_dict("records")}


def told(text="", *, events=(), cases=None, **rows):
    """Derive one case of a log, and hold it against the plain walk through it."""
    rows = {"work_injury_case": [cases or case()], "case_event": [*(log(text) if text else ()), *events], **rows}
    found = derived(**rows)
    assert found == oracle(**{OF_ORACLE[name]: some for name, some in rows.items()})
    return found["c1"]


@cache
def each(texts):
    """Derive one case for each text, all at once, hold them against the walk, and return each by its text."""
    rows = {"work_injury_case": [case(case_id=text) for text in texts]}
    rows["case_event"] = [one for text in texts for one in log(text, case_id=text)]
    found = derived(**rows)
    assert found == oracle(**{OF_ORACLE[name]: some for name, some in rows.items()})
    return found


def days(row, key):
    """Return the state of an interval, or its days."""
    state, seconds = row[f"{key}_state"], row[f"{key}_s"]
    assert (seconds is None) is (state != "VALID")
    return state if seconds is None else seconds // DAY_S


def day_of(instant):
    return None if instant is None else (instant - MIDNIGHT) // DAY_S
