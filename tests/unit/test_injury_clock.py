"""The clocks of a work-injury case: one worked case for each of the 21, pauses, endings, switches and warnings."""

import pytest

from cockpit.injury_clocks import BY_ID, CLOCKS
from tests.injury import DAY_S, case, clocks, event, moment, notices, rules

EMPLOYER, FAST, CLEAR = {"applicant": "用人单位"}, {"is_fast": True}, {"is_clear": True}

WORKED = {
    "L1 in time": ("L1", EMPLOYER, [("A0", "2024-03-04"), ("B1", "2024-04-03")], ("2024-04-03", "2024-04-03", "MET", 30)),
    "L1 extended": (
        "L1",
        EMPLOYER,
        [("A0", "2024-03-04"), ("B1", "2024-04-15", {"extension_days": 10})],
        ("2024-04-13", "2024-04-15", "MET", 40),
    ),
    "L2 a day late": ("L2", {}, [("A0", "2024-03-04"), ("B1", "2025-03-05")], ("2025-03-04", "2025-03-04", "LATE", 365)),
    "L3 over a make-up Sunday and National Day": (
        "L3",
        {},
        [("B1", "2024-09-27"), ("C1", "2024-10-10")],
        ("2024-10-10", "2024-10-10", "MET", 13),
    ),
    "L3 ends by asking for a supplement": (
        "L3",
        {},
        [("B1", "2024-03-04"), ("B2", "2024-03-12")],
        ("2024-03-11", "2024-03-11", "LATE", 7),
    ),
    "L4 due inside Labour Day": (
        "L4",
        {},
        [("B3", "2024-04-30"), ("C2", "2024-05-06")],
        ("2024-05-03", "2024-05-06", "MET", 3),
    ),
    "L4 and it was accepted": ("L4", {}, [("B3", "2024-04-30"), ("C1", "2024-05-06")], ("2024-05-03", "2024-05-06", "VOID", 3)),
    "L5, T1 of the golden tests": ("L5", {}, [("C1", "2024-08-02")], ("2024-10-01", "2024-10-08", "RUNNING", 60)),
    "L5 decided on the last day": (
        "L5",
        {},
        [("C1", "2024-08-02"), ("D1", "2024-10-08T17:00")],
        ("2024-10-01", "2024-10-08", "MET", 60),
    ),
    "L5 decided a day late": (
        "L5",
        {},
        [("C1", "2024-08-02"), ("D1", "2024-10-09")],
        ("2024-10-01", "2024-10-08", "LATE", 60),
    ),
    "L5, T2 of the golden tests": (
        "L5",
        {},
        [("C1", "2024-07-26"), ("C3", "2024-08-01"), ("C4", "2024-08-11")],
        ("2024-10-04", "2024-10-08", "RUNNING", 60),
    ),
    "L6 due on a Sunday": ("L6", CLEAR, [("C1", "2024-06-01"), ("D2", "2024-06-17")], ("2024-06-16", "2024-06-17", "MET", 15)),
    "L7 over the Spring Festival": (
        "L7",
        FAST,
        [("C1", "2024-02-08"), ("D1", "2024-02-20")],
        ("2024-02-19", "2024-02-19", "LATE", 11),
    ),
    "L8": ("L8", {}, [("D1", "2024-09-20"), ("D4", "2024-10-10")], ("2024-10-10", "2024-10-10", "MET", 20)),
    "L9 over New Year": ("L9", {}, [("F1", "2024-12-27"), ("F2", "2025-01-06")], ("2025-01-06", "2025-01-06", "MET", 10)),
    "L9 concluded without a notice": (
        "L9",
        {},
        [("F1", "2024-12-27"), ("F4", "2025-01-03")],
        ("2025-01-06", "2025-01-06", "VOID", 10),
    ),
    "L10 extended": (
        "L10",
        {},
        [("F1", "2024-03-01"), ("F2", "2024-03-05", {"extension_days": 30}), ("F4", "2024-05-30")],
        ("2024-05-30", "2024-05-30", "MET", 90),
    ),
    "L11": ("L11", {}, [("F4", "2024-05-20"), ("F5", "2024-06-05")], ("2024-06-04", "2024-06-04", "LATE", 15)),
    "L12": ("L12", {}, [("F5", "2024-06-01"), ("F6", "2024-06-17")], ("2024-06-16", "2024-06-17", "MET", 15)),
    "L12 not used": ("L12", {}, [("F5", "2024-06-01")], ("2024-06-16", "2024-06-17", "RUNNING", 15)),
    "L13 of a second appraisal": (
        "L13",
        {},
        [("F6", "2024-01-02"), ("F7", "2024-03-05")],
        ("2024-03-02", "2024-03-04", "LATE", 60),
    ),
    "L13 of a review, extended": (
        "L13",
        {},
        [("F8", "2024-01-02", {"extension_days": 30}), ("F9", "2024-04-01")],
        ("2024-04-01", "2024-04-01", "MET", 90),
    ),
    "L14 a day too early": ("L14", {}, [("F4", "2024-02-29"), ("F8", "2025-02-27")], ("2025-02-28", "2025-02-28", "LATE", 365)),
    "L14 on the day": ("L14", {}, [("F4", "2024-02-29"), ("F8", "2025-02-28")], ("2025-02-28", "2025-02-28", "MET", 365)),
    "L15 is not rolled out of a holiday": (
        "L15",
        {},
        [("A0", "2024-01-31"), ("F4", "2024-08-01")],
        ("2025-01-31", "2025-01-31", "MET", 366),
    ),
    "L16": (
        "L16",
        {},
        [("G1", "2024-04-24", {"item": "医疗费"}), ("G3", "2024-05-23", {"item": "医疗费"})],
        ("2024-05-23", "2024-05-23", "MET", 29),
    ),
    "L17": ("L17", {}, [("H1", "2024-09-16"), ("H3", "2024-10-08")], ("2024-10-01", "2024-10-08", "MET", 15)),
    "L18": ("L18", {}, [("H4", "2024-04-26"), ("H5", "2024-05-07")], ("2024-05-01", "2024-05-06", "LATE", 5)),
    "L19": ("L19", {}, [("H5", "2024-03-01", {"served_on": "2024-03-07"})], ("2024-03-06", "2024-03-06", "LATE", 5)),
    "L20 extended": (
        "L20",
        {},
        [("H5", "2024-03-01", {"extension_days": 15}), ("H7", "2024-04-30")],
        ("2024-04-30", "2024-04-30", "MET", 60),
    ),
    "L21": ("L21", {}, [("H4", "2024-04-10", {"known_on": "2023-04-10"})], ("2024-04-10", "2024-04-10", "MET", 366)),
}


def of_one(events, *, happened="2024-01-02", config=(), workdays=None, **said):
    """Return the clocks of one case that tells these events: code, wall clock and, perhaps, payload."""
    told = [event("a", code, at, n, **(rest[0] if rest else {})) for n, (code, at, *rest) in enumerate(events)]
    return clocks([case("a", happened, **said)], told, workdays, config)


def one(events, clock, **said):
    """Return the only start of a clock."""
    [row] = [row for row in of_one(events, **said) if row["clock"] == clock]
    return row


def starts(events, clock, **said):
    """Return number, state and what ended it of each start of a clock."""
    return [(row["start_no"], row["state"], row["stop_code"]) for row in of_one(events, **said) if row["clock"] == clock]


@pytest.mark.parametrize(("clock", "said", "events", "expected"), WORKED.values(), ids=[*WORKED])
def test_a_clock_is_due_and_ends_as_worked_out_by_hand(clock, said, events, expected):
    row = one(events, clock, **said)
    assert (row["strict_due_on"], row["due_on"], row["state"], row["limit_days"]) == expected
    assert (row["is_provisional"], row["kind"]) == (False, BY_ID[clock].kind)


def test_every_clock_has_a_worked_case():
    assert [clock.id for clock in CLOCKS] == [f"L{n}" for n in range(1, 22)]
    assert {clock for clock, *_ in WORKED.values()} == {*BY_ID}


def test_a_case_decided_on_the_day_it_was_accepted_took_no_time_and_met_its_limit():
    row = one([("C1", "2024-08-02T09:00"), ("D1", "2024-08-02T16:00")], "L7", **FAST)
    assert (row["used_s"], row["state"], row["stop_code"]) == (0, "MET", "D1")


def test_due_instants_are_the_first_after_the_last_days_and_warnings_begin_by_what_remains():
    row = one([("C1", "2024-08-02")], "L5")
    end = moment("2024-10-02T00:00")["event_at"]
    assert (row["strict_due_at"], row["due_at"]) == (end, moment("2024-10-09T00:00")["event_at"])
    assert (row["blue_at"], row["yellow_at"], row["orange_at"]) == tuple(end - days * DAY_S for days in (18, 12, 6))


def test_the_orange_warning_begins_one_working_day_ahead_at_the_latest():
    row = one([("C1", "2024-05-31")], "L6", **CLEAR)  # strictly due on Saturday 15 June; the last working day is the 14th
    assert row["orange_at"] == moment("2024-06-14T00:00")["event_at"]
    assert row["blue_at"] <= row["yellow_at"] <= row["orange_at"]


def test_no_warning_begins_before_its_clock_and_there_is_none_of_what_is_only_too_early():
    fast = one([("C1", "2024-08-02")], "L7", config=[rules("1", "2020-01-01", L7={"limit": 0, "unit": "day"})], **FAST)
    assert (fast["strict_due_on"], fast["orange_at"]) == ("2024-08-02", moment("2024-08-02")["event_at"])
    review = one([("F4", "2024-02-29")], "L14")
    assert [review[name] for name in ("blue_at", "yellow_at", "orange_at")] == [None, None, None]


def test_a_suspended_clock_has_no_due_date():
    row = one([("C1", "2024-08-02"), ("C3", "2024-08-05")], "L5")
    hidden = ("due_on", "due_at", "strict_due_on", "strict_due_at", "blue_at", "yellow_at", "orange_at", "used_s", "stopped_at")
    assert (row["state"], row["limit_days"], {row[name] for name in hidden}) == ("SUSPENDED", 60, {None})


def test_pauses_add_up_and_one_that_is_open_ends_with_the_decision():
    events = [("C1", "2024-03-01"), ("C3", "2024-03-05"), ("C4", "2024-03-08"), ("C3", "2024-03-20"), ("D1", "2024-03-27")]
    row = one(events, "L5")
    assert (row["paused_days"], row["used_s"], row["strict_due_on"]) == (10, 16 * DAY_S, "2024-05-10")


def test_recognition_has_one_clock_and_the_fast_track_goes_before_clear_facts():
    for said, clock in (({}, "L5"), (CLEAR, "L6"), ({**FAST, **CLEAR}, "L7"), ({"is_fast": False}, "L5")):
        found = {row["clock"] for row in of_one([("C1", "2024-08-02")], **said)}
        assert found & {"L5", "L6", "L7"} == {clock}


def test_a_revoked_decision_starts_recognition_again_and_need_not_be_delivered():
    events = [("C1", "2024-03-01"), ("D3", "2024-03-20"), ("D8", "2024-06-03"), ("D1", "2024-07-01"), ("D4", "2024-07-02")]
    assert starts(events, "L5") == [(1, "MET", "D3"), (2, "MET", "D1")]
    assert starts(events, "L8") == [(1, "VOID", "D8"), (2, "MET", "D4")]
    second = [row for row in of_one(events) if row["clock"] == "L5"][1]
    assert (second["strict_due_on"], second["used_s"]) == ("2024-08-02", 28 * DAY_S)


def test_a_decision_that_is_revoked_but_was_never_told_leaves_no_clock_running():
    assert starts([("C1", "2024-03-01"), ("D8", "2024-06-03")], "L5") == [(1, "VOID", "D8"), (2, "RUNNING", None)]


def test_a_matter_that_ended_otherwise_is_void_and_has_no_length():
    row = one([("B1", "2024-02-28"), ("C1", "2024-03-01"), ("D9", "2024-03-20")], "L5")
    assert (row["state"], row["stop_code"], row["used_s"]) == ("VOID", "D9", None)
    assert starts([("F1", "2024-03-01"), ("Z1", "2024-03-20")], "L10") == [(1, "VOID", "Z1")]
    assert starts([("F4", "2024-03-01"), ("Z1", "2024-03-20")], "L14") == [(1, "RUNNING", None)]
    assert starts([("B1", "2024-01-05"), ("C1", "2024-01-08"), ("D3", "2024-03-20")], "L15") == [(1, "VOID", "D3")]


def test_stamps_that_contradict_each_other_are_void():
    assert starts([("H4", "2024-04-10", {"known_on": "2024-05-10"})], "L21") == [(1, "VOID", "H4")]


def test_the_same_start_told_twice_starts_nothing_and_a_new_one_counts_on():
    events = [("F1", "2024-03-01"), ("F1", "2024-03-05"), ("F4", "2024-04-01"), ("F1", "2024-09-02")]
    assert starts(events, "L10") == [(1, "MET", "F4"), (2, "RUNNING", None)]


def test_each_item_of_a_benefit_has_its_own_clock():
    medical, grant = {"item": "医疗费"}, {"item": "伤残补助金"}
    events = [("G1", "2024-03-01", medical), ("G1", "2024-03-04", grant), ("G3", "2024-03-06", grant), ("G1", "2024-03-11")]
    assert starts([*events, ("G3", "2024-03-12", {"item": "康复"})], "L16") == [
        (1, "RUNNING", None),
        (2, "MET", "G3"),
        (3, "MET", "G3"),
    ]


def test_while_nobody_has_applied_both_periods_run_and_then_only_the_applicants():
    def asked(events, **said):
        return {row["clock"]: row["state"] for row in of_one(events, **said) if row["clock"] in ("L1", "L2")}

    assert asked([]) == {"L1": "RUNNING", "L2": "RUNNING"}
    assert asked([("B1", "2024-01-05")], applicant="职工") == {"L2": "MET"}
    assert asked([("B1", "2024-01-05")], **EMPLOYER) == {"L1": "MET"}
    assert asked([], applied_at=moment("2024-03-05")["event_at"], **EMPLOYER) == {"L1": "LATE"}


def test_payloads_that_say_nothing_believable_add_nothing():
    for said in ({"extension_days": -5}, {"extension_days": "30"}, {"extension_days": True}, {"other": 1}):
        assert one([("F1", "2024-03-01"), ("F2", "2024-03-05", said)], "L10")["limit_days"] == 60
    assert starts([("H5", "2024-03-01", {"served_on": "soon"})], "L19") == [(1, "RUNNING", None)]
    assert starts([("H4", "2024-03-01", {"known_on": "0001-01-01"})], "L21") == []


def test_the_town_is_that_of_the_production_site_where_it_is_known():
    enterprises = [{"enterprise_id": "e", "prod_town": "P"}, {"enterprise_id": "u", "prod_town": "?"}]
    cases = [case(name, "2024-01-02", enterprise_id=name) for name in ("e", "u", "x")]
    found = {row["case_id"]: row["town"] for row in clocks(cases, enterprise=enterprises)}
    assert found == {"e": "P", "u": "T", "x": "T"}


def test_an_event_of_a_case_that_no_list_has_starts_nothing():
    assert clocks([], [event("a", "C1", "2024-03-01")]) == []


def test_switches_hold_for_clocks_that_start_once_they_are_in_force():
    config = [
        rules("1", "2024-01-01", roll_forward=False, fast_unit="day"),
        rules("2", "2024-09-01", L17={"limit": 7}),
    ]
    assert one([("C1", "2024-08-02")], "L5", config=config)["due_on"] == "2024-10-01"
    assert one([("C1", "2023-08-02")], "L5", config=config)["due_on"] == "2023-10-07"
    assert one([("C1", "2024-08-02")], "L7", config=config, **FAST)["due_on"] == "2024-08-05"
    assert one([("H1", "2024-08-16")], "L17", config=config)["limit_days"] == 15
    late = one([("H1", "2024-09-24")], "L17", config=config)
    assert (late["limit_days"], late["due_on"]) == (7, "2024-10-08")  # the newer version says nothing of rolling


@pytest.mark.parametrize(
    "wrong",
    [{"L5": {"limit": -1}}, {"L5": {"unit": "hour"}}, {"L5": 30}, {"L99": {"limit": 1}}, {"roll_forward": "no"}],
    ids=str,
)
def test_a_switch_that_is_not_understood_is_said_and_its_default_stands(wrong, caplog):
    row = one([("C1", "2024-08-02")], "L5", config=[rules("7", "2024-01-01", **wrong)])
    assert (row["due_on"], row["limit_days"]) == ("2024-10-08", 60)
    assert "config version 7: injury." in caplog.text


def test_a_due_date_is_provisional_where_it_needs_a_notice_that_is_not_out():
    def told(events, clock, **said):
        row = one(events, clock, workdays=notices(2024), **said)
        return row["due_on"], row["is_provisional"]

    assert told([("C1", "2024-11-02")], "L5") == ("2025-01-02", True)  # New Year's Day is fixed by law
    assert told([("C1", "2024-12-04")], "L5") == ("2025-02-03", True)  # a Sunday; the notice will say 5 February
    assert told([("C1", "2024-10-04")], "L5") == ("2024-12-03", False)
    assert told([("F1", "2024-12-27")], "L9") == ("2025-01-06", True)
    assert told([("F4", "2024-11-02")], "L14") == ("2025-11-02", False)  # what is only too early needs no calendar
    off = [rules("1", "2024-01-01", roll_forward=False)]
    assert told([("C1", "2024-12-04")], "L5", config=off) == ("2025-02-02", False)
    suspended = one([("C1", "2024-11-02"), ("C3", "2024-11-05")], "L5", workdays=notices(2024))
    assert suspended["is_provisional"] is False
