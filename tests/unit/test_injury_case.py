"""What the log of a work-injury case means, rule by rule (domain specification, sections 2.1 and 2.3), as small logs."""

import pytest

from etl.derive.injury_case_columns import STAGES
from tests.injury_logs import DAY_S, MIDNIGHT, OFFSET_S, TEN, case, day_of, days, derived, each, event, log, told

MAIN_LINE = "A0 0, A1 0, B1 3, C1 5, D1 9, D4 12, F1 40, F3 60, F4 64, F5 70, G1 75, G2 80, G3 90, Z1 100"


def test_a_case_that_goes_its_main_line_is_timed_from_end_to_end():
    row = told(
        MAIN_LINE.replace(", G3 90", ""), events=[event("G3", 90, item="伤残补助金"), event("F4", 64, event_id="f4", grade=9)]
    )
    assert (row["state"], row["stage"], row["decision"], row["grade"]) == ("Z1", "closed", "D1", "9")
    expected = {"apply": 3, "accept": 2, "legal": 4, "handling": 6, "deliver": 3, "to_appraisal": 28, "appraise": 24, "exam": 4}
    expected |= {"appraisal_delivery": 6, "benefit": 15, "endtoend": 90, "mediation": "OUTSIDE", "intent_to_job": "OUTSIDE"}
    assert {key: days(row, f"{key}_days") for key in expected} == expected
    assert (row["is_open"], row["is_recognised"], row["is_graded"], row["round_count"]) == (False, True, True, 1)


STEPS = {
    "A0 0": ("A0", "accident"),
    "A0 0, A1 0": ("A0", "reported"),
    "A0 0, B1 1": ("B1", "applied"),
    "A0 0, B1 1, B2 2": ("B1", "supplementing"),
    "A0 0, B1 1, B2 2, B3 3": ("B1", "applied"),
    "A0 0, B1 1, B2 2, B3 3, B2 4": ("B1", "supplementing"),
    "A0 0, B1 1, C1 2": ("C1", "accepted"),
    "A0 0, B1 1, C1 2, C3 3": ("C1", "suspended"),
    "A0 0, B1 1, C1 2, C3 3, C4 4": ("C1", "accepted"),
    "A0 0, B1 1, C2 2": ("C2", "ended"),
    "A0 0, B1 1, C1 2, D9 3": ("D9", "ended"),
    "A0 0, B1 1, C1 2, D1 3": ("D1", "decided"),
    "A0 0, B1 1, C1 2, D3 3": ("D3", "decided"),
    "A0 0, B1 1, C1 2, D3 3, D4 4": ("D4", "ended"),
    "A0 0, B1 1, C1 2, D3 3, D4 4, Z1 5": ("Z1", "closed"),
    "A0 0, B1 1, C1 2, D2 3, D4 4": ("D4", "delivered"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, F1 5": ("F1", "appraising"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, F1 5, F4 6": ("F4", "appraised"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, F1 5, F4 6, F5 7, F6 8": ("F5", "appraising"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, F1 5, F4 6, F5 7, F6 8, F7 9": ("F5", "appraised"),
    "A0 0, B1 1, C1 2, D1 3, G1 4": ("G1", "benefit"),
    "A0 0, B1 1, C1 2, D1 3, G1 4, G2 5, G3 6": ("G3", "paid"),
    "A0 0, B1 1, C1 2, D1 3, G1 4, G2 4, G3 4": ("G3", "paid"),
    "A0 0, B1 1, C1 2, D1 3, G1 4, G2 5, G3 6, F1 7": ("G3", "appraising"),
    "A0 0, B1 1, C1 2, D1 3, G1 4, G2 5, G3 6, G1 7": ("G3", "benefit"),
    "A0 0, B1 1, C1 2, D1 3, G1 4, G2 5, G3 6, F4 7, F8 400": ("G3", "appraising"),
    "A0 0, B1 1, C2 2, B1 3": ("B1", "applied"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, F1 5, D8 6": ("C1", "accepted"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, F1 5, F4 6, D8 7, D1 8": ("F4", "appraised"),
    "A0 0, B1 1, C1 2, D1 3, D4 4, Z1 5, D8 6": ("C1", "accepted"),
    "F4 9": ("F4", "appraised"),
}


@pytest.mark.parametrize(("text", "expected"), STEPS.items(), ids=[*STEPS])
def test_a_case_stands_where_its_log_leaves_it(text, expected):
    row = each((*STEPS,))[text]
    assert (row["state"], row["stage"]) == expected


def test_every_stage_is_reached_by_some_log_here():
    assert {stage for _, stage in STEPS.values()} == {*STAGES}


def test_a_case_of_the_list_without_any_event_is_there_and_has_not_begun():
    row = told(cases=case(applied_at=TEN + DAY_S, accepted_at=TEN + DAY_S, decided_at=TEN + 2 * DAY_S, decision="认定"))
    assert (row["state"], row["stage"], row["decision"], row["applied_at"]) == ("A0", "accident", None, None)
    assert (row["event_at"], row["event_local"], row["is_open"], row["round_count"]) == (TEN, TEN + OFFSET_S, False, 0)
    assert {key: days(row, key) for key in ("apply_days", "endtoend_days", "legal_days")} == {
        "apply_days": "OPEN",
        "endtoend_days": "OPEN",
        "legal_days": "OUTSIDE",
    }


def test_events_of_a_case_that_no_list_has_give_no_row_and_touch_no_other():
    rows = {"work_injury_case": [case()], "case_event": [*log(MAIN_LINE, case_id="c0"), *log("A0 0, B1 1")]}
    assert [*derived(**rows)] == ["c1"]
    assert derived(**rows)["c1"]["state"] == "B1"


def test_the_accident_is_the_logs_and_else_the_lists():
    assert told("A0 2")["event_at"] == TEN + 2 * DAY_S
    assert told("B1 2")["event_at"] == TEN


def test_a_decision_on_the_day_of_acceptance_took_no_day_and_is_within_any_limit():
    row = told("A0 0, B1 0, C1 0, D1 0", cases=case(is_fast=True))
    assert (days(row, "legal_days"), row["track"]) == (0, "fast")


@pytest.mark.parametrize(
    ("is_fast", "is_clear", "track"),
    [(True, True, "fast"), (False, True, "clear"), (None, None, "ordinary")],
)
def test_a_case_is_on_one_track(is_fast, is_clear, track):
    row = told("A0 0, B1 0, C1 0, D1 6", cases=case(is_fast=is_fast, is_clear=is_clear))
    assert row["track"] == track


PAUSES = {
    "C3 6, C4 16, D1 20": 10,
    "C3 6, C4 9, C3 11, C4 13, D1 20": 5,
    "C3 6, C3 8, C4 16, D1 20": 10,
    "C3 6, C4 16, C4 18, D1 20": 10,
    "C3 6, C4 7, C3 7, C4 8, D1 20": 2,
    "C4 6, D1 20": 0,
    "C3 4, C4 14, D1 20": 0,
    "C3 6, D1 20": 14,
    "C3 6, C4 20, D1 20": 14,
    "D1 20, C3 21, C4 25": 0,
}


@pytest.mark.parametrize(("text", "paused"), PAUSES.items(), ids=[*PAUSES])
def test_pauses_while_the_clock_runs_are_left_out_of_the_legal_days(text, paused):
    row = told(f"A0 0, B1 3, C1 5, {text}")
    assert (row["paused_days"], row["is_suspended"], days(row, "legal_days")) == (paused, False, 15 - paused)
    assert days(row, "handling_days") == 17


@pytest.mark.parametrize(("text", "paused"), [("C3 6", 0), ("C3 6, C4 16, C3 18", 10)])
def test_a_suspended_case_has_an_age_that_its_ended_pauses_are_left_out_of(text, paused):
    row = told(f"A0 0, B1 3, C1 5, {text}")
    assert (row["is_suspended"], row["is_open"], row["stage"], row["paused_days"]) == (True, True, "suspended", paused)
    assert row["age_from_at"] == MIDNIGHT + (5 + paused) * DAY_S


def test_who_withdrew_or_was_refused_and_applies_again_begins_a_new_application():
    withdrawn = told("A0 0, B1 1, C1 2, D9 4")
    assert (withdrawn["decision"], day_of(withdrawn["withdrawn_at"]), withdrawn["ended_at"]) == (
        "D9",
        4,
        withdrawn["withdrawn_at"],
    )
    assert (days(withdrawn, "legal_days"), days(withdrawn, "accept_days"), withdrawn["is_open"]) == ("OUTSIDE", 1, False)
    again = told("A0 0, B1 1, C1 2, D9 4, B1 10, C1 12, D1 15")
    stamps = [day_of(again[name]) for name in ("applied_at", "accepted_at", "decided_at", "withdrawn_at", "ended_at")]
    assert (stamps, again["decision"], again["round_count"], days(again, "legal_days")) == ([10, 12, 15, None, 15], "D1", 2, 3)
    refused = told("A0 0, B1 1, C2 4")
    assert (day_of(refused["refused_at"]), days(refused, "accept_days"), refused["round_count"]) == (4, "OUTSIDE", 0)
    assert told("A0 0, B1 1, C2 4, B1 10, C1 12")["is_open"] is True


def test_a_second_application_without_an_end_of_the_first_is_none():
    row = told("A0 0, B1 1, C1 2, B1 3, D1 5")
    assert (day_of(row["applied_at"]), row["round_count"]) == (1, 1)


def test_a_revoked_decision_is_taken_again_on_a_clock_of_its_own():
    row = told("A0 0, B1 1, C1 2, C3 4, C4 9, D3 10, D4 12, D8 40")
    stamps = [
        day_of(row[name])
        for name in ("accepted_at", "clock_from_at", "stock_from_at", "revoked_at", "decided_at", "delivered_at")
    ]
    assert (stamps, row["is_open"], row["paused_days"], row["round_count"]) == ([2, 40, 40, 40, None, None], True, 0, 2)
    assert row["age_from_at"] == MIDNIGHT + 40 * DAY_S
    again = told("A0 0, B1 1, C1 2, C3 4, C4 9, D3 10, D4 12, D8 40, D1 50, D4 51")
    assert (again["decision"], days(again, "legal_days"), days(again, "deliver_days"), again["is_recognised"]) == (
        "D1",
        10,
        1,
        True,
    )
    assert days(again, "handling_days") == 49


def test_what_was_appraised_after_a_revoked_decision_is_not_timed_from_the_next_one():
    row = told("A0 0, B1 1, C1 2, D1 10, D4 12, F1 20, F4 30, D8 40, D1 50, D4 51")
    assert (days(row, "to_appraisal_days"), days(row, "appraise_days")) == ("OUTSIDE", 10)


def test_only_the_first_decision_of_a_round_is_one():
    row = told("A0 0, B1 1, C1 2, D3 10, D1 12, D9 13")
    assert (row["decision"], day_of(row["decided_at"]), day_of(row["ended_at"])) == ("D3", 10, 10)


GRADES = {
    "of the conclusion": ([event("F4", 5, grade=8)], 9, "8"),
    "as text": ([event("F4", 5, grade="8")], None, "8"),
    "of the second appraisal": ([event("F4", 5, grade=8), event("F7", 9, grade=7)], None, "7"),
    "of the review, none any more": ([event("F4", 5, grade=8), event("F9", 400, grade=None)], 8, None),
    "of the list, where no conclusion says one": ([event("F4", 5, channel="窗口")], 9, "9"),
    "outside the scale": ([event("F4", 5, grade=11)], None, None),
    "of nobody": ([event("F4", 5)], None, None),
    "of an event that concludes nothing": ([event("F1", 5, grade=3)], None, None),
}


@pytest.mark.parametrize(("events", "listed", "expected"), GRADES.values(), ids=[*GRADES])
def test_the_grade_is_that_of_the_newest_appraisal_that_says_one(events, listed, expected):
    row = told("A0 0, B1 1, C1 2, D1 3", events=events, cases=case(disability_grade=listed))
    assert (row["grade"], row["is_graded"]) == (expected, expected is not None)


@pytest.mark.parametrize(
    ("grade", "died", "is_severe"), [(4, None, True), (5, None, False), (None, TEN, True), (None, None, False)]
)
def test_a_severe_case_is_of_grade_one_to_four_or_a_death(grade, died, is_severe):
    row = told("A0 0", cases=case(disability_grade=grade, death_at=died))
    assert (row["is_severe"], row["death_at"]) == (is_severe, died)


def test_a_lump_sum_is_the_first_payment_of_such_an_item():
    medical, lump = event("G3", 20, item="医疗费"), event("G3", 30, item="工亡补助金")
    row = told("A0 0, B1 1, C1 2, D1 3, G1 10", events=[medical, lump, event("G3", 40, item="丧葬")])
    assert (day_of(row["paid_at"]), day_of(row["lump_paid_at"])) == (20, 30)
    assert (days(row, "benefit_days"), days(row, "endtoend_days")) == (10, 30)
    only_medical = told("A0 0, B1 1, C1 2, D1 3, G1 10", events=[medical])
    assert (only_medical["lump_paid_at"], days(only_medical, "endtoend_days")) == (None, "OPEN")


def payment(item, fen, day):
    paid_on = (MIDNIGHT + OFFSET_S) // DAY_S + day
    return {"pay_id": f"{item}{day}{fen}", "case_id": "c1", "item": item, "amount_fen": fen, "paid_on": paid_on}


def test_where_the_log_does_not_say_what_was_paid_the_payments_do():
    payments = [
        payment("医疗费", 100, 5),
        payment("伤残补助金", -100, 6),
        payment("伤残补助金", 100, 33),
        payment("丧葬", 100, 40),
    ]
    row = told("A0 0, B1 1, C1 2, D1 3, G3 30", benefit_payment=payments)
    assert (row["lump_paid_at"], days(row, "endtoend_days")) == (MIDNIGHT + 33 * DAY_S, 33)
    named = told("A0 0, B1 1, C1 2, D1 3", events=[event("G3", 30, item="医疗费")], benefit_payment=payments)
    assert named["lump_paid_at"] is None


INTERVALS = {
    ("A0 0, B1 3", "report_lag"): "MISSING",
    ("A0 3, A1 1", "report_lag"): "NEG",
    ("A0 0, C1 3", "apply_days"): "MISSING",
    ("A0 5, B1 3", "apply_days"): "NEG",
    ("A0 0, B1 1", "accept_days"): "OPEN",
    ("A0 0, B1 1, D1 3", "accept_days"): "MISSING",
    ("A0 0, C1 1", "accept_days"): "MISSING",
    ("A0 0, B1 1, C1 5, D1 3", "legal_days"): "NEG",
    ("A0 0, B1 1, C1 2, D4 5", "legal_days"): "MISSING",
    ("A0 0, B1 1, C1 2, F4 5", "handling_days"): "MISSING",
    ("A0 0, B1 1, C1 2, D9 5, Z1 6", "handling_days"): "OUTSIDE",
    ("A0 0, B1 1, C1 2, D1 5", "deliver_days"): "OPEN",
    ("A0 0, B1 1, C1 2, D1 5, F1 9", "deliver_days"): "MISSING",
    ("A0 0, B1 1, C1 2, D3 5, D4 6", "to_appraisal_days"): "OUTSIDE",
    ("A0 0, B1 1, C1 2, D1 5, D4 6", "to_appraisal_days"): "OPEN",
    ("A0 0, B1 1, C1 2, D1 5, D4 6, F4 9", "to_appraisal_days"): "MISSING",
    ("A0 0, B1 1, C1 2, D1 5, D4 6, G3 9, Z1 10", "to_appraisal_days"): "OUTSIDE",
    ("A0 0, F1 5", "appraise_days"): "OPEN",
    ("A0 0, F1 5, F5 9", "appraise_days"): "MISSING",
    ("A0 0, F4 9", "exam_days"): "MISSING",
    ("A0 0, F4 9, F6 12", "appraisal_delivery_days"): "MISSING",
    ("A0 0, G1 9, Z1 12", "benefit_days"): "MISSING",
    ("A0 0, B1 1, C1 2, D3 3", "endtoend_days"): "OUTSIDE",
    ("A0 0, B1 1, C1 2, D1 3, Z1 9", "endtoend_days"): "OUTSIDE",
    ("A0 0, H1 3", "mediation_days"): "OPEN",
    ("A0 0, H1 3, H2 8", "mediation_days"): 5,
    ("A0 0, H1 3, H3 8", "mediation_days"): "OUTSIDE",
    ("A0 0, H4 3, H7 8", "arb_accept_days"): "MISSING",
    ("A0 0, H4 3, H5 3, H7 20", "award_days"): 17,
    ("A0 0, H4 3, H5 3, H6 20", "award_days"): "OUTSIDE",
    ("A0 0, R1 3, R4 24", "intent_to_job_days"): 21,
}


@pytest.mark.parametrize(("text", "key", "expected"), [(*asked, said) for asked, said in INTERVALS.items()])
def test_an_interval_without_an_end_says_why(text, key, expected):
    assert days(each(tuple({asked for asked, _ in INTERVALS}))[text], key) == expected


def test_a_closed_case_with_a_grade_should_have_had_its_lump_sum():
    row = told("A0 0, B1 1, C1 2, D1 3, Z1 9", cases=case(disability_grade=9))
    assert days(row, "endtoend_days") == "MISSING"


def test_the_report_lag_is_in_seconds():
    assert told("A0 0", events=[event("A1", 0, at=TEN + 90)])["report_lag_s"] == 90


def test_days_are_local_days_and_an_hour_before_midnight_is_the_day_before():
    late = MIDNIGHT + 23 * 3600
    row = told("B1 0", cases=case(event_at=MIDNIGHT), events=[event("C1", 0, at=late), event("D1", 0, at=late + 2 * 3600)])
    assert days(row, "legal_days") == 1


def test_an_end_earlier_on_the_same_day_is_before_its_start_unless_it_is_only_a_date():
    row = told("A0 0, B1 0", events=[event("C1", 0, at=TEN - 60)])
    assert days(row, "accept_days") == "NEG"
    assert days(told("A0 0, B1 0", events=[event("C1", 0, at=MIDNIGHT)]), "accept_days") == 0
