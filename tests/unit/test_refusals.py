"""What section 10.3 refuses (severity R): unknown references, impossible times, grades and headcounts, conflicts."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from etl.known import Known, Lists, known_to
from tests.mapped import mapped

TOWN, FIRM = "331081001", "91350100M000100Y43"
KNOWN = Known(towns=frozenset([TOWN]), aliases={"331081400": "?", "TPJD": TOWN}, keys={"enterprise": frozenset([FIRM])})
CASE = {"case_id": "1", "event_at": "2026-01-05T10:00:00", "enterprise_id": FIRM, "employer_town": TOWN}
BOTH = ("town", "enterprise")


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def refused(table, row, **options):
    """Return (reason, field, detail) of a refused row, or nothing."""
    return [refusal[1:] for refusal in mapped(table, row, **options).refused]


def test_a_case_of_a_town_and_an_enterprise_that_are_known_is_taken():
    found = mapped("work_injury_case", CASE, feeds=BOTH, known=KNOWN)
    assert [(row["employer_town"], row["enterprise_id"]) for row in found.rows] == [(TOWN, FIRM)]


@pytest.mark.parametrize(("field", "word"), [("employer_town", "331081999"), ("enterprise_id", "91110108082846172X")])
def test_a_case_of_an_unknown_town_or_enterprise_is_refused(field, word):
    case = {**CASE, field: word}
    assert refused("work_injury_case", case, feeds=BOTH, known=KNOWN) == [("unknown_reference", field, word)]


@pytest.mark.parametrize("field", ["employer_town", "enterprise_id"])
def test_a_case_that_names_none_is_taken_as_unknown(field):
    (row,) = mapped("work_injury_case", {**CASE, field: ""}, feeds=BOTH, known=KNOWN).rows
    assert row[field] == {"employer_town": "?", "enterprise_id": None}[field]


def test_a_list_that_the_site_does_not_feed_is_not_asked():
    case = {**CASE, "employer_town": "331081999", "enterprise_id": "abc"}
    (row,) = mapped("work_injury_case", case, known=KNOWN).rows
    assert (row["employer_town"], row["enterprise_id"]) == ("?", "abc")


def test_a_list_that_is_fed_but_has_not_come_yet_refuses_all_that_name_it():
    assert refused("work_injury_case", CASE, feeds=("enterprise",)) == [("unknown_reference", "enterprise_id", FIRM)]


def test_an_alias_stands_for_its_town_and_one_of_no_town_for_unknown():
    rows = [{**CASE, "case_id": str(i), "employer_town": code} for i, code in enumerate(["TPJD", "331081400"])]
    found = mapped("work_injury_case", *rows, feeds=BOTH, known=KNOWN).rows
    assert [row["employer_town"] for row in found] == [TOWN, "?"]


def test_an_emergency_call_of_an_unknown_town_is_counted_in_the_city():
    call = {"call_id": "1", "incident_id": "i", "event_at": CASE["event_at"], "town_code": "331081999"}
    (row,) = mapped("emergency_call", call, feeds=BOTH, known=KNOWN).rows
    assert row["town_code"] == "?"


def test_an_accident_in_another_town_of_which_nobody_knows_is_unknown_and_no_reason_to_refuse_the_case():
    (row,) = mapped("work_injury_case", {**CASE, "accident_town": "330000000"}, feeds=BOTH, known=KNOWN).rows
    assert row["accident_town"] == "?"


@pytest.mark.parametrize("field", ["event_at", "applied_at", "decided_at", "death_at"])
def test_what_must_have_happened_lies_neither_before_the_floor_nor_in_the_future(field):
    latest_at = at("2026-02-01T00:00:00")
    early, late = {**CASE, field: "2003-12-31T23:59:59"}, {**CASE, field: "2026-02-01T00:00:01"}
    assert refused("work_injury_case", early, latest_at=latest_at)[0][:2] == ("before_floor", field)
    assert refused("work_injury_case", late, latest_at=latest_at)[0][:2] == ("in_future", field)
    assert refused("work_injury_case", {**CASE, field: "2026-01-05T10:00:00"}, latest_at=latest_at) == []


PAYMENT = {"pay_id": "1", "case_id": "c", "amount_fen": "1", "paid_on": "2026-02-01"}


@pytest.mark.parametrize(
    ("day", "reason"), [("2003-12-31", "before_floor"), ("2004-01-01", None), ("2026-02-01", None), ("2026-02-02", "in_future")]
)
def test_a_day_is_held_against_the_floor_and_the_clock_by_its_beginning(day, reason):
    found = refused("benefit_payment", {**PAYMENT, "paid_on": day}, latest_at=at("2026-02-01T00:30:00"))
    assert [refusal[0] for refusal in found] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("month", "reason"),
    [("2003-12", "before_floor"), ("2023-12", "late"), ("2024-01", None), ("2026-01", None), ("2026-03", "in_future")],
)
def test_a_month_may_come_24_months_late(month, reason):
    clock = at("2026-01-31T12:00:00")
    found = refused("enterprise_month", {"enterprise_id": FIRM, "month": month}, late_against=clock, latest_at=clock)
    assert [refusal[0] for refusal in found] == ([reason] if reason else [])


@pytest.mark.parametrize(("days_ago", "is_late"), [(800, False), (801, True)])
def test_a_case_may_come_800_days_late(days_ago, is_late):
    found = refused("work_injury_case", CASE, late_against=at("2026-01-05T10:00:00") + days_ago * 86_400)
    assert [refusal[0] for refusal in found] == (["late"] if is_late else [])


def test_of_a_first_read_nothing_is_late():
    known = Known(is_first=True)
    assert refused("work_injury_case", CASE, known=known, late_against=at("2036-01-05T10:00:00")) == []


@pytest.mark.parametrize("grade", ["0", "11", "-1"])
def test_a_grade_outside_1_to_10_is_refused(grade):
    assert refused("work_injury_case", {**CASE, "disability_grade": grade}) == [("not_allowed", "disability_grade", grade)]


@pytest.mark.parametrize("grade", ["1", "10", ""])
def test_a_grade_of_1_to_10_or_none_is_taken(grade):
    assert refused("work_injury_case", {**CASE, "disability_grade": grade}) == []


@pytest.mark.parametrize(("word", "is_refused"), [("-1", True), ("0", False), ("", False)])
def test_a_negative_headcount_is_refused_and_zero_is_not_missing(word, is_refused):
    found = mapped("enterprise_month", {"enterprise_id": FIRM, "month": "2026-01", "headcount": word})
    assert [refusal[1:3] for refusal in found.refused] == ([("not_allowed", "headcount")] if is_refused else [])
    assert [row["headcount"] for row in found.rows] == ([] if is_refused else [int(word) if word else None])


def test_two_rows_of_one_key_and_revision_that_differ_are_both_refused():
    rows = [{**CASE, "rev": "1", "applicant": who} for who in ("职工", "工会")]
    assert [refusal[1] for refusal in mapped("work_injury_case", *rows).refused] == ["conflict", "conflict"]


@pytest.mark.parametrize(
    ("word", "is_json"), [('{"grade": 9}', True), ("[]", True), ("{grade: 9}", False), ("NaN", False), ("[" * 9999, False)]
)
def test_a_payload_is_json_or_refused(word, is_json):
    event = {"event_id": "1", "case_id": "c", "event_code": "A0", "event_at": CASE["event_at"], "payload": word}
    found = mapped("case_event", event)
    assert [row["payload"] for row in found.rows] == ([word] if is_json else [])
    assert [refusal[1] for refusal in found.refused] == ([] if is_json else ["unparsable"])


def test_a_pattern_is_of_the_whole_word():
    firms = [{"enterprise_id": FIRM, "gb4754": word} for word in ("34", "3441", "C34", "34410")]
    assert [refused("enterprise", firm)[:1] for firm in firms] == [
        [],
        [],
        [("not_allowed", "gb4754", "C34")],
        [("not_allowed", "gb4754", "34410")],
    ]


def test_the_ledger_tells_towns_aliases_and_keys(store):
    store.tell(
        town=[{"town_code": TOWN, "name": "太平"}],
        town_alias=[{"alias_code": "331081400", "town_code": None}, {"alias_code": "TPJD", "town_code": TOWN}],
        enterprise=[{"enterprise_id": FIRM, "prod_town": TOWN, "reg_town": TOWN}],
    )
    known = known_to(store.ledger, None)
    assert (known.towns, known.aliases) == (KNOWN.towns, KNOWN.aliases)
    assert known.keys["enterprise"] == KNOWN.keys["enterprise"]
    assert known.is_first


def test_a_list_is_read_once_and_only_when_somebody_asks(store):
    lists = Lists(store.ledger)
    assert lists.read == {}
    assert lists["enterprise"] == frozenset()
    store.tell(enterprise=[{"enterprise_id": FIRM, "prod_town": TOWN, "reg_town": TOWN}])
    assert lists["enterprise"] == frozenset()
    assert Lists(store.ledger)["enterprise"] == {FIRM}
    assert "enterprise_month" not in lists
    assert "nowhere" not in lists
