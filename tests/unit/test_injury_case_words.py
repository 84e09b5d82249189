"""What is said of a work-injury case besides its course: its place, its industry, its lists, its flags."""

import pytest

from cockpit.ledger.tables import Pii
from etl.derive.injury_case_columns import INJURY_CASE_TABLE
from tests.injury_logs import DAY_S, TEN, case, day_of, days, derived, event, told


def test_the_town_is_that_of_the_production_site():
    firm = {"enterprise_id": "e1", "prod_town": "C"}
    row = told("A0 0", cases=case(enterprise_id="e1"), enterprise=[firm])
    assert (row["town"], row["accident_town"]) == ("C", "B")
    assert told("A0 0", cases=case(enterprise_id="e1"), enterprise=[{**firm, "prod_town": "?"}])["town"] == "A"
    assert told("A0 0", cases=case(enterprise_id="e9"), enterprise=[firm])["town"] == "A"


def test_industry_and_risk_category_are_the_firms_and_a_word_of_their_own_where_no_list_says_them():
    firm = {"enterprise_id": "e1", "prod_town": "C", "gb4754": "3411", "risk_cat": 4}
    row = told("A0 0", cases=case(enterprise_id="e1"), enterprise=[firm])
    assert (row["division"], row["risk_cat"]) == ("34", "4")
    bare = told("A0 0", cases=case(enterprise_id="e1"), enterprise=[{**firm, "gb4754": None, "risk_cat": None}])
    of_no_list = told("A0 0", cases=case(enterprise_id="e9"), enterprise=[firm])
    assert (bare["division"], bare["risk_cat"]) == (of_no_list["division"], of_no_list["risk_cat"]) == ("?", "?")


def test_lists_beside_the_log_say_package_materials_specialist_and_return_to_work():
    rows = {
        "case_material": [{"case_id": "c1", "package": "P4", "material_count": 2, "is_card_only": True}],
        "specialist": [{"specialist_id": "s1", "role": "代办陪跑员", "town_code": "A"}],
        "reemploy": [{"case_id": "c1", "intent_at": TEN + 9 * DAY_S, "placed_at": TEN + 30 * DAY_S}],
    }
    row = told("A0 0, F4 5, R1 8", cases=case(package="P3", specialist_id="s1", is_accompanied=True), **rows)
    assert (row["package"], row["is_in_package"], row["material_count"], row["is_card_only"]) == ("P4", True, 2, True)
    assert (row["specialist_role"], row["is_accompanied"], row["is_two_certificates"]) == ("代办陪跑员", True, True)
    assert (day_of(row["intent_at"]), day_of(row["placed_at"]), days(row, "intent_to_job_days")) == (8, 30, 22)
    assert (told("A0 0")["package"], told("A0 0")["is_in_package"], told("A0 0")["is_card_only"]) == (None, False, None)


def test_a_conclusion_may_say_that_two_certificates_were_given():
    assert told("A0 0", events=[event("F4", 5, two_certificates=True)])["is_two_certificates"] is True
    assert told("A0 0", events=[event("F4", 5, two_certificates="no")])["is_two_certificates"] is False


@pytest.mark.parametrize(
    ("code", "has_dispute"), [("H1", True), ("H4", True), ("H8", True), ("H9", True), ("H2", False), ("H5", False)]
)
def test_a_dispute_is_a_mediation_an_arbitration_a_reconsideration_or_a_suit(code, has_dispute):
    row = told(f"A0 0, {code} 3")
    assert (row["has_dispute"], day_of(row["disputed_at"])) == (has_dispute, 3 if has_dispute else None)
    assert row["is_mediated"] is (code == "H2")


FAST = {
    "is_insured_at_accident": True,
    "basis": "14.1",
    "accident_type": "03",
    "injury_nature": "2.06",
    "has_third_party": False,
}
ELIGIBLE = {
    "all conditions": ({}, True),
    "not insured": ({"is_insured_at_accident": False}, False),
    "commuting": ({"basis": "14.6"}, False),
    "traffic": ({"accident_type": "90"}, False),
    "died": ({"death_at": TEN}, False),
    "105 days lost": ({"lost_days": 105}, False),
    "104 days lost": ({"lost_days": 104}, True),
    "a third party": ({"has_third_party": True}, False),
    "basis unknown": ({"basis": None}, None),
    "no diagnosis": ({"injury_nature": None}, None),
    "basis unknown, and not insured": ({"basis": None, "is_insured_at_accident": False}, False),
}


@pytest.mark.parametrize(("change", "expected"), ELIGIBLE.values(), ids=[*ELIGIBLE])
def test_the_fast_track_is_open_to_who_meets_every_condition_and_unknown_where_one_is(change, expected):
    assert told("A0 0", cases=case(**{**FAST, **change}))["is_fast_eligible"] is expected


def test_a_disputed_case_is_not_for_the_fast_track():
    assert told("A0 0, H8 3", cases=case(**FAST))["is_fast_eligible"] is False


@pytest.mark.parametrize(("basis", "is_production"), [("14.1", True), ("14.6", False), ("15.1", False), (None, True)])
def test_commuting_and_sudden_illness_are_not_of_production(basis, is_production):
    assert told("A0 0", cases=case(basis=basis))["is_production"] is is_production


def test_identity_and_health_are_as_sensitive_as_the_contracts_say():
    sensitive = {column.name for column in INJURY_CASE_TABLE.columns if column.pii is Pii.SENSITIVE}
    assert sensitive == {"person_key", "hospital_id", "grade", "death_at", "is_graded", "is_severe", "is_two_certificates"}
    assert {column.pii for column in INJURY_CASE_TABLE.columns} == {Pii.SENSITIVE, Pii.PERSONAL}


def test_nothing_derives_nothing():
    assert derived() == {}
