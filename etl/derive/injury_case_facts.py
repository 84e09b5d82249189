"""What the lists say of each case: who and where, its grade, its payments, and whether the fast track was open to it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cockpit.code_names import GRADES
from cockpit.industries import UNKNOWN_CODE
from cockpit.scope import UNKNOWN_TOWN
from cockpit.window import DAY_S
from etl.derive.enterprise_stratum import DIVISION_DIGITS
from etl.derive.injury_case_stamps import Cases, Pair, Words, instead, is_true, numbers, referred, words
from etl.derive.injury_log import NOWHERE, Mask, is_any

LUMP_SUMS = ("伤残补助金", "医疗补助金", "工亡补助金", "丧葬")
"""Items that are paid once (domain specification, section 2.7)."""

NOT_PRODUCTION = ("14.6", "15.1")
"""Commuting and sudden illness, which no production site causes (domain specification, section 2.8)."""

AS_LISTED = (
    "case_id",
    "person_key",
    "enterprise_id",
    "accident_town",
    "basis",
    "accident_type",
    "applicant",
    "specialist_id",
    "hospital_id",
    "death_at",
    "is_fast",
    "is_clear",
    "is_accompanied",
    "advance_avoided_fen",
)
"""Columns that are as the list of cases says."""

INDUSTRY = ("gb4754", "risk_cat")
"""What the list of enterprises says of an enterprise's industry."""

FAST_NEEDS = ("is_insured_at_accident", "basis", "accident_type", "injury_nature", "has_third_party")
"""Cells without which nobody can say that the fast track was open to a case."""

FAST_BASES = ("14.1", "14.2", "14.3")
NOT_FAST_TYPES = ("90", "91", "92")
"""Commuting traffic, sudden illness, occupational disease (domain specification, sections 2.5 and 2.10)."""

SERIOUS_LOST_DAYS = 105
"""重伤: this many working days lost, or more (GB 6441)."""

Frames = Mapping[str, pd.DataFrame]


def who(cases: Cases, current: Frames) -> dict[str, Words]:
    """Return the words of each case that lists say; the production site's town is the enterprise's where that is known."""
    row = {name: cases.listed[name].to_numpy(object) for name in cases.listed}
    firm = referred(current["enterprise"], "enterprise_id", cases.listed["enterprise_id"], ["prod_town", *INDUSTRY])
    names = ["package", "material_count", "is_card_only"]
    material = referred(current["case_material"], "case_id", cases.listed["case_id"], names)
    specialist = referred(current["specialist"], "specialist_id", cases.listed["specialist_id"], ["role"])
    is_placed = pd.notna(firm["prod_town"]) & (firm["prod_town"] != UNKNOWN_TOWN)
    track = np.where(is_true(row["is_fast"]), "fast", np.where(is_true(row["is_clear"]), "clear", "ordinary"))
    return {
        **{name: row[name] for name in AS_LISTED},
        **material,
        "is_insured": row["is_insured_at_accident"],
        "town": np.where(is_placed, firm["prod_town"], row["employer_town"]),
        "division": words([UNKNOWN_CODE if code is None else code[:DIVISION_DIGITS] for code in firm["gb4754"]]),
        "risk_cat": words([UNKNOWN_CODE if pd.isna(number) else str(int(number)) for number in firm["risk_cat"]]),
        "package": np.where(pd.notna(material["package"]), material["package"], row["package"]),
        "specialist_role": specialist["role"],
        "mediator_role": role_at(cases, current["specialist"], "H1"),
        "trainer_role": role_at(cases, current["specialist"], "R2"),
        "track": track,
    }


def payloads(cases: Cases, *codes: str) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """Yield the case, the place in the log and the payload of each event of some codes that has one, in order."""
    of, told = cases.of, cases.log["payload"].to_numpy(object)
    for place in np.flatnonzero(is_any(cases.log, *codes) & cases.log["payload"].notna().to_numpy()).tolist():
        payload = json.loads(told[place])
        if isinstance(payload, dict):
            yield of[place], place, payload


def role_at(cases: Cases, specialists: pd.DataFrame, code: str) -> Words:
    """Return the role of the specialist that each case's first event of a code names."""
    role = dict(zip(specialists["specialist_id"], specialists["role"], strict=True))
    found = words([None] * len(cases.listed))
    for case, _, payload in reversed([*payloads(cases, code)]):
        if isinstance(payload.get("specialist_id"), str):
            found[case] = role.get(payload["specialist_id"])
    return found


def grades(cases: Cases) -> Words:
    """Return each case's grade, 1 to 10 as text: the newest appraisal's that says one, or says none; or else the list's."""
    listed = cases.listed["disability_grade"]
    found = ["" if pd.isna(grade) else str(int(grade)) for grade in listed]
    for case, _, payload in payloads(cases, "F4", "F7", "F9"):
        if "grade" in payload:
            found[case] = str(payload["grade"])
    return words([grade if grade in GRADES else None for grade in found])


def two_certificates(cases: Cases, package: Words) -> Mask:
    """Return which cases had one appraisal for two certificates: a conclusion says so, or package P4 was concluded."""
    found = np.asarray(package == "P4", np.bool_) & cases.has("F4")
    found[[case for case, _, payload in payloads(cases, "F4") if payload.get("two_certificates") is True]] = True
    return found


def lump_paid(cases: Cases, payments: pd.DataFrame) -> Pair:
    """Return when a lump sum was first paid: the first G3 of such an item, or where no G3 names its item, the payment's day."""
    places = np.full(len(cases.listed), NOWHERE, np.intp)
    names_items = np.zeros(len(cases.listed), np.bool_)
    for case, place, payload in payloads(cases, "G3"):
        names_items[case] |= payload.get("item") is not None
        if payload.get("item") in LUMP_SUMS and places[case] == NOWHERE:
            places[case] = place
    paid = payments[payments["item"].isin(LUMP_SUMS) & (numbers(payments["amount_fen"]) > 0)]
    first_on = paid.assign(paid_on=numbers(paid["paid_on"])).groupby("case_id")["paid_on"].min()
    day = first_on.reindex(cases.listed["case_id"]).to_numpy(np.float64)
    day_local = np.where(names_items, np.nan, day * DAY_S)
    return instead(cases.pair_at(places), (day_local - cases.offset_s, day_local))


def fast_eligible(cases: Cases, has_dispute: Mask) -> Words:
    """Return which cases meet all conditions of the fast track; None where what is known does not settle it.

    Source: domain specification, section 2.5 [DEF]. That the employer disputes is a dispute in the log; a first diagnosis
    is there when the nature of the injury is known; days lost that nobody has counted are no sign of a serious injury.
    """
    row = {name: cases.listed[name].to_numpy(object) for name in ("death_at", *FAST_NEEDS)}
    is_missing = np.any([pd.isna(row[name]) for name in FAST_NEEDS], axis=0)
    is_serious = numbers(cases.listed["lost_days"]) >= SERIOUS_LOST_DAYS
    fails = [
        has_dispute,
        pd.notna(row["death_at"]) | is_serious,
        is_true(row["has_third_party"]),
        pd.notna(row["is_insured_at_accident"]) & ~is_true(row["is_insured_at_accident"]),
        pd.notna(row["basis"]) & ~cases.listed["basis"].isin(FAST_BASES).to_numpy(np.bool_),
        cases.listed["accident_type"].isin(NOT_FAST_TYPES).to_numpy(np.bool_),
    ]
    found: Words = np.full(len(is_missing), True, object)  # noqa: FBT003  # one of three answers
    found[is_missing] = None
    found[np.any(fails, axis=0)] = False
    return found
