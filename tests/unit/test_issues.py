"""Doubtful rows: each rule finds the row that breaks it and leaves alone the one that does not (section 10.3, severity W)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cockpit.case_events import CASE_EVENTS
from cockpit.quality import RULES
from etl.derive.work_injury_issue import YEAR_S
from etl.months import month_number, month_of

pytestmark = pytest.mark.both_stores

DAY_S = 86_400
ACCIDENT = 1_700_000_000
MONTH = "2023-11"  # of the accident


def case(**more):
    return {"case_id": "c1", "event_at": ACCIDENT, "enterprise_id": "e1", "employer_town": "331081001", **more}


def log(*steps):
    """Return events of one case, a code a day, or (code, day)."""
    dated = [step if isinstance(step, tuple) else (step, day) for day, step in enumerate(steps)]
    return [
        {"event_id": f"{number}{code}", "case_id": "c1", "event_code": code, "event_at": ACCIDENT + day * DAY_S}
        for number, (code, day) in enumerate(dated)
    ]


def log_of(case_id, steps):
    """Return events of a case of many, each known by its case too."""
    return [{**event, "case_id": case_id, "event_id": f"{case_id} {event['event_id']}"} for event in log(*steps)]


MAIN_LINE = ("A0", "B1", "C1", "D1", "D4", "F1", "F4", "F5", "G1", "G2", "G3", "Z1")


def found(store, **rows):
    """Tell rows and return (rule, row) of each issue."""
    store.tell(**rows)
    return [(row["rule"], row["row_key"]) for row in store.rows("data_quality_issue")]


def test_a_case_that_goes_its_main_line_raises_no_issue(store):
    told = case(applied_at=ACCIDENT + DAY_S, decided_at=ACCIDENT + 3 * DAY_S, disability_grade=9)
    assert found(store, work_injury_case=[told], case_event=log(*MAIN_LINE)) == []


def test_a_case_applied_for_over_a_year_after_the_accident_is_doubtful(store):
    in_time, late = case(applied_at=ACCIDENT + YEAR_S), case(case_id="c2", applied_at=ACCIDENT + YEAR_S + 1)
    assert found(store, work_injury_case=[in_time, late]) == [("WI_APPLIED_LATE", "c2")]


def test_where_the_list_does_not_say_when_it_was_applied_for_the_log_does(store):
    rows = {"work_injury_case": [case()], "case_event": log("A0", ("B1", 367))}
    assert found(store, **rows) == [("WI_APPLIED_LATE", "c1")]


@pytest.mark.parametrize(
    ("applied", "decided", "expected"),
    [(1, 2, []), (1, 1, []), (-1, 2, [("WI_STAMP_ORDER", "c1")]), (2, 1, [("WI_STAMP_ORDER", "c1")]), (1, None, [])],
)
def test_accident_application_and_decision_follow_each_other(store, applied, decided, expected):
    decided_at = None if decided is None else ACCIDENT + decided * DAY_S
    assert found(store, work_injury_case=[case(applied_at=ACCIDENT + applied * DAY_S, decided_at=decided_at)]) == expected


def test_a_grade_without_a_concluded_appraisal_is_doubtful_where_there_is_a_log(store):
    assert found(store, work_injury_case=[case(disability_grade=9)]) == []
    assert found(store, case_event=log("A0", "B1", "C1", "D1")) == [("WI_GRADE_UNCONCLUDED", "c1")]
    assert found(store, case_event=[{**log("F4")[0], "event_at": ACCIDENT + 9 * DAY_S}]) == []


@pytest.mark.parametrize("decision", ["D1", "D2", "D3"])
def test_a_decision_without_acceptance_is_doubtful(store, decision):
    assert found(store, case_event=log("A0", "B1", decision)) == [("WI_NOT_ACCEPTED", f"2{decision}")]


def test_a_decision_on_the_day_of_acceptance_is_not_doubtful(store):
    assert found(store, case_event=log(("A0", 0), ("B1", 0), ("C1", 0), ("D1", 0))) == []


def test_an_acceptance_after_the_decision_accepts_nothing(store):
    assert found(store, case_event=log("A0", "B1", ("C1", 5), ("D1", 4))) == [("WI_NOT_ACCEPTED", "3D1")]


def test_a_second_decision_without_revocation_is_doubtful(store):
    assert found(store, case_event=log("A0", "B1", "C1", "D3", "D1")) == [("WI_TWO_DECISIONS", "4D1")]


@pytest.mark.parametrize("day", [4, 5])
def test_a_second_decision_after_revocation_is_not_doubtful_on_the_same_day_either(store, day):
    assert found(store, case_event=log("A0", "B1", "C1", "D3", ("D8", 4), ("D1", day))) == []


def test_a_payment_without_assessment_is_doubtful(store):
    assert found(store, case_event=log("A0", "B1", "C1", "D1", "G1", "G3")) == [("WI_NOT_ASSESSED", "5G3")]


WAYS = [
    (("A0", "C1"), ["1C1"]),
    (("A0", "B3"), ["1B3"]),
    (("A0", "B1", "B2", "B3", "C1"), []),
    (("A0", "B1", "C2", "H8"), []),
    (("A0", "H8"), ["1H8"]),
    (("A0", "R1"), ["1R1"]),
    (("H1", "H2", "H4", "H7"), []),
    (("E0",), ["0E0"]),
    (("A0", "B1", "C1", "C3", "D1"), ["4D1"]),
    (("A0", "B1", "C1", "C3", "C4", "D1"), []),
    (("A0", "B1", "C1", "C3", ("C4", 4), ("D1", 4)), []),
    (("A0", "B1", "D9"), []),
    (("A0", "D9"), ["1D9"]),
    (("A0", "B1", "C1", "C3", "C3"), ["4C3"]),
    (("A0", "B1", "C1", "C3", "C4", "C4"), ["5C4"]),
    (("A0", "B1", "C1", "C3", "C3", "C4", "D1"), ["4C3"]),
    (("A0", "B1", "C1", "C3", "C4", "C3", "C4", "D1"), []),
    (("A0", "B1", "C1", "D9", "D1"), ["4D1"]),
    (("A0", "B1", "C1", "D9", "C1"), ["4C1"]),
    (("A0", "B1", "C1", "D9", "B1", "C1", "D1"), []),
    (("A0", "B1", "C1", "D9", "D9"), ["4D9"]),
    (("A0", "B1", "C2", "D9"), []),
    (("A0", "B1", "C2", "B1", "C1", "D2"), []),
    (("A0", "B1", "B1"), ["2B1"]),
    (("A0", "B1", "C1", "C2"), ["3C2"]),
    (("A0", "B1", "C1", "D1", "D9"), ["4D9"]),
    (("A0", "B1", "C1", "D1", "C3"), ["4C3"]),
    (("A0", "B1", "C1", "D1", "D8", "D8"), ["5D8"]),
    (("A0", "B1", "C1", "D1", "D8", "D4"), ["5D4"]),
    (("A0", "B1", "C1", "D1", "D8", "F1"), ["5F1"]),
    (("A0", "B1", "C1", "D1", "D8", "C3", "C4", "D1", "D4", "F1"), []),
    ((("A0", 0), ("B1", 0), ("C1", 0), ("D4", 0), ("D1", 0), ("F1", 0)), []),
]
"""What happened to a case in turn, and the events of it that do not follow."""


def test_an_event_must_follow_from_one_that_came_before(store):
    told = {f"way {number:02}": steps for number, (steps, _) in enumerate(WAYS)}
    events = [event for way, steps in told.items() for event in log_of(way, steps)]
    expected = [f"way {number:02} {event}" for number, (_, wrong) in enumerate(WAYS) for event in wrong]
    assert sorted(found(store, case_event=events)) == [("WI_TRANSITION", event) for event in sorted(expected)], told


def test_every_code_that_must_follow_another_names_codes_that_exist():
    assert {before for event in CASE_EVENTS.values() for before in event.after} <= {*CASE_EVENTS}
    assert len({event.name for event in CASE_EVENTS.values()}) == len(CASE_EVENTS)


def months(**headcounts):
    """Return a firm's months, named m2023_11."""
    return [
        {"enterprise_id": "e1", "month": name[1:].replace("_", "-"), "headcount": count} for name, count in headcounts.items()
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"m2023_11": 30}, []),
        ({}, [("ENT_NO_HEADCOUNT", "e1/2023-11")]),
        ({"m2023_10": 30}, []),  # the newest month always comes late
        ({"m2023_10": 30, "m2023_12": 30}, [("ENT_NO_HEADCOUNT", "e1/2023-11")]),
        ({"m2023_11": None}, [("ENT_NO_HEADCOUNT", "e1/2023-11")]),
    ],
    ids=["there", "no month at all", "not come yet", "left out", "told empty"],
)
def test_an_insured_workers_accident_needs_the_headcount_of_its_month(store, told, expected):
    rows = {"work_injury_case": [case(is_insured_at_accident=True)], "enterprise_month": months(**told)}
    assert found(store, **rows) == expected


@pytest.mark.parametrize("is_insured", [False, None])
def test_who_is_not_said_to_be_insured_needs_none(store, is_insured):
    assert found(store, work_injury_case=[case(is_insured_at_accident=is_insured)]) == []


@pytest.mark.parametrize(
    ("before", "after", "is_doubtful"),
    [(20, 30, False), (20, 31, True), (20, 10, False), (20, 9, True), (19, 60, False), (20, 0, True), (20, None, False)],
)
def test_a_headcount_that_jumps_by_more_than_half_is_doubtful(store, before, after, is_doubtful):
    expected = [("ENT_HEADCOUNT_JUMP", "e1/2024-01")] if is_doubtful else []
    assert found(store, enterprise_month=months(m2023_12=before, m2024_01=after)) == expected


def test_a_jump_is_from_one_month_to_the_next_and_not_across_a_gap(store):
    assert found(store, enterprise_month=months(m2023_11=20, m2024_01=200)) == []


def bill(**more):
    at = {f"{end}_{clock}": ACCIDENT + day * DAY_S for end, day in (("begin", 0), ("end", 5)) for clock in ("at", "local")}
    return {"setl_id": "s1", "mdtrt_id": "m1", "event_at": ACCIDENT + 5 * DAY_S, **at, **more}


def line(day, **more):
    return {"feedetl_sn": f"f{day}", "mdtrt_id": "m1", "setl_id": "s1", "event_at": ACCIDENT + day * DAY_S, **more}


def test_a_stay_that_ends_before_it_begins_is_doubtful(store):
    assert found(store, claim=[bill()]) == []
    turned = bill(setl_id="s2", mdtrt_id="m2", end_at=ACCIDENT - 1)
    assert found(store, claim=[turned]) == [("MED_ENDS_BEFORE", "s2")]


def test_a_line_outside_the_days_of_the_stay_is_doubtful_and_the_laboratory_has_a_day_more(store):
    lines = [line(-1), line(0), line(5), line(6), {**line(6, med_chrgitm_type="04"), "feedetl_sn": "lab6"}]
    issues = found(store, claim=[bill()], claim_line=[*lines, {**line(7, med_chrgitm_type="04"), "feedetl_sn": "lab7"}])
    assert issues == [("MED_OUTSIDE_STAY", key) for key in ("f-1", "f6", "lab7")]


def test_a_line_of_a_stay_that_goes_on_is_not_outside_of_it(store):
    assert found(store, claim=[bill(end_at=None, end_local=None)], claim_line=[line(90)]) == []
    assert found(store, claim_line=[{**line(3), "mdtrt_id": "unknown"}]) == []


def test_stamps_out_of_order_are_doubtful_of_the_incident_and_of_the_run(store):
    call = {"call_id": "k1", "incident_id": "i1", "event_at": ACCIDENT, "t_answer": ACCIDENT, "t_accept_end": ACCIDENT + 60}
    status = {"run_id": "r1", "incident_id": "i1"}
    stamps = (("DISPATCHED", 30), ("EN_ROUTE", 20), ("ON_SCENE", 700))
    events = [{**status, "event_id": code, "status": code, "event_at": ACCIDENT + s} for code, s in stamps]
    assert found(store, emergency_call=[call], vehicle_status=events) == [
        ("EM_INCIDENT_ORDER", "i1"),  # dispatched before the call was taken
        ("EM_RUN_ORDER", "i1/r1"),  # turned out before it was dispatched
    ]
    right = [{**event, "rev": 1, "event_at": event["event_at"] + 120 * place} for place, event in enumerate(events, 1)]
    assert found(store, vehicle_status=right) == []


@pytest.mark.parametrize(
    ("closed_s", "status", "rules"),
    [
        (DAY_S, "closed", []),
        (None, "open", []),
        (DAY_S, "assigned", ["SR_STATUS_BEHIND"]),
        (0, "open", ["SR_STAMP_COPIED"]),
        (0, "closed", ["SR_STAMP_COPIED"]),
        (-DAY_S, "closed", ["SR_STAMP_ORDER"]),
    ],
)
def test_a_request_whose_status_and_stamps_contradict_each_other_is_doubtful(store, closed_s, status, rules):
    closed = None if closed_s is None else ACCIDENT + closed_s
    asked = {"service_request_id": "q1", "event_at": ACCIDENT, "closed_at": closed, "closed_local": closed, "status": status}
    assert found(store, service_request=[asked]) == [(rule, "q1") for rule in rules]


def test_an_issue_is_resolved_when_the_row_is_put_right_and_what_was_known_stays(store):
    store.tell(case_event=log("A0", "B1", "D1"))
    before = store.rows("data_quality_issue")
    assert [row["rule"] for row in before] == ["WI_NOT_ACCEPTED"]
    assert before[0]["town"] == "?"
    store.tell(case_event=[{**log("C1")[0], "event_id": "x", "event_at": ACCIDENT + DAY_S}])
    assert store.rows("data_quality_issue") == []
    assert store.rows("data_quality_issue", at=1) == before


def test_an_issue_stands_in_the_town_of_the_employer(store):
    store.tell(work_injury_case=[case()], case_event=log("A0", "D1"))
    assert [row["town"] for row in store.rows("data_quality_issue")] == ["331081001"]


def test_every_rule_of_the_list_has_a_test_here():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [rule for rule in RULES if f'"{rule}"' not in text] == []


def test_months_of_two_centuries_are_those_of_the_calendar(store):
    days = [date(1970, 1, 1) + timedelta(days=i) for i in range(0, 80_000, 13)]
    days += [date(year, month, 1) - timedelta(days=1) for year in range(1971, 2190) for month in (1, 3)]
    seconds = [(day - date(1970, 1, 1)).days * DAY_S + 86_399 for day in days]
    told = sa.Table("told", sa.MetaData(), sa.Column("second", sa.BigInteger), prefixes=["TEMPORARY"])
    with store.ledger.writing() as connection:
        told.create(connection)
        connection.execute(told.insert(), [{"second": second} for second in seconds])
        rows = connection.execute(sa.select(told.c.second, month_of(told.c.second).label("month")))
        found = {row.second: row.month for row in rows}
        told.drop(connection)
    assert [found[second] for second in seconds] == [f"{day:%Y-%m}" for day in days]


def test_neighbouring_months_differ_by_one(store):
    with store.ledger.reading() as connection:
        numbers = [connection.scalar(sa.select(month_number(sa.literal(m)))) for m in ("2023-12", "2024-01", "2024-02")]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
