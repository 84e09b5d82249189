"""Arbitration hearings: each is in the town of the enterprise of its case, whatever comes first."""

from itertools import permutations

import pytest

pytestmark = pytest.mark.both_stores

HELD = 1_700_000_000
HEARING = {
    "hearing_id": "h",
    "case_id": "c",
    "event_at": HELD,
    "mode": "一方到场一方在线",
    "minute_count": 50,
    "is_cross_region": True,
    "is_tolerance_accepted": False,
}
CASE = {"case_id": "c", "event_at": HELD - 86_400, "enterprise_id": "e", "employer_town": "A", "accident_town": "C"}
FIRM = {"enterprise_id": "e", "prod_town": "B", "reg_town": "C"}
TOLD = {"arb_hearing": HEARING, "work_injury_case": CASE, "enterprise": FIRM}


def towns(store):
    return [row["town"] for row in store.rows("hearing")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"work_injury_case": [CASE], "enterprise": [FIRM]}, "B"),
        ({"work_injury_case": [CASE], "enterprise": [{**FIRM, "prod_town": "?"}]}, "A"),
        ({"work_injury_case": [CASE]}, "A"),
        ({"work_injury_case": [{**CASE, "enterprise_id": None}], "enterprise": [FIRM]}, "A"),
        ({"enterprise": [FIRM]}, "?"),
    ],
    ids=["where the firm produces", "firm of no town", "firm of no list", "case of no firm", "case not known"],
)
def test_a_hearing_is_in_the_town_of_its_case(store, told, expected):
    store.tell(arb_hearing=[HEARING], **told)
    [row] = store.rows("hearing")
    assert row == {**HEARING, "town": expected, "event_local": HELD}


@pytest.mark.parametrize("order", [*permutations(TOLD)], ids=" ".join)
def test_a_hearing_is_the_same_whatever_is_told_first(store, order):
    for name in order:
        store.tell(**{name: [TOLD[name]]})
    assert towns(store) == ["B"]


def test_a_firm_that_moves_takes_its_hearings_along(store):
    store.tell(**{name: [row] for name, row in TOLD.items()})
    store.tell(enterprise=[{**FIRM, "prod_town": "D"}])
    assert towns(store) == ["D"]


def test_a_case_may_be_heard_twice(store):
    store.tell(work_injury_case=[CASE], arb_hearing=[HEARING, {**HEARING, "hearing_id": "i", "mode": "线上"}])
    assert [row["mode"] for row in store.rows("hearing")] == ["一方到场一方在线", "线上"]
