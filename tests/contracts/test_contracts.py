"""What every contract must say of every column: its unit, how personal it is, how it is named, what it refers to."""

import re

import pytest

from cockpit.ledger.tables import NUMBERS, Column, Kind, Pii, Table
from etl.catalogue import contracts
from etl.words import CONVERT

IDENTITY = re.compile(
    r"person_key|(^|_)(lon|lat)$|diag|oprn|body_part|injury_nature|disability|care_level|death|hilist|med_list"
)
"""Columns whose very name says identity, whereabouts or health (个人信息保护法, article 28), if the row is about a person."""

OF_PLACES = ("town", "station", "aed_point", "town_colour_history")
"""Tables whose positions, and whose numbers of the dead, are those of places."""

MARKS = {
    Kind.INSTANT: r"t_\w+|\w+_at",
    Kind.LOCAL: r"\w+_local",
    Kind.DAY: r"\w+_on",
    Kind.MONEY: r"\w+_fen",
    Kind.SCALED: r"\w+_e4",
    Kind.MONTH: "month",
    Kind.BOOLEAN: r"(is|has|in|needs)_\w+",
}
"""How a column of a kind is named: what could be misread carries its unit."""

every_contract = pytest.mark.parametrize("table", contracts().values(), ids=lambda table: table.name)
every_column = pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in contracts().values() for column in table.columns],
    ids=lambda value: value.name,
)


@every_contract
def test_what_may_come_late_says_when_it_happened(table: Table):
    assert table.late_days is None or table.placed_by is not None
    assert table.placed_by is None or table.column(table.placed_by).kind in (Kind.INSTANT, Kind.DAY, Kind.MONTH)


@every_column
def test_every_number_has_a_unit_and_nothing_else_has(table: Table, column: Column):
    assert bool(column.unit) is (column.kind in NUMBERS)
    assert column.bounds is None or column.kind in NUMBERS


@every_column
def test_a_column_is_named_by_the_rule_of_its_kind(table: Table, column: Column):
    assert re.fullmatch(MARKS.get(column.kind, r"\w+"), column.name)
    of_other = [kind for kind in (Kind.DAY, Kind.MONEY, Kind.SCALED, Kind.LOCAL) if kind is not column.kind]
    assert not any(re.fullmatch(MARKS[kind], column.name) for kind in of_other)


@every_contract
def test_somebody_decided_how_personal_the_rows_are(table: Table):
    assert table.pii is not None
    assert all(column.pii is not None for column in table.columns)


@every_column
def test_identity_whereabouts_and_health_of_persons_are_sensitive(table: Table, column: Column):
    if IDENTITY.search(column.name) and table.name not in OF_PLACES:
        assert column.pii is Pii.SENSITIVE


def test_what_nobody_has_decided_is_sensitive():
    column = Column("x", Kind.TEXT, contracts()["town"].title)
    undecided = Table(name="x", title=contracts()["town"].title, grain="one row per x", key=("x",), columns=(column,))
    assert undecided.column("x").pii is Pii.SENSITIVE


@every_column
def test_a_reference_names_a_list_whose_key_is_one_column(table: Table, column: Column):
    if column.references is not None:
        assert len(contracts()[column.references].key) == 1


def test_only_what_a_case_must_know_is_refused_for_its_reference():
    found = {f"{t.name}.{c.name}": c.references for t in contracts().values() for c in t.columns if c.references}
    assert found == {
        "work_injury_case.enterprise_id": "enterprise",
        "work_injury_case.employer_town": "town",
        "town_alias.town_code": "town",
    }


@every_column
def test_a_pattern_is_one_and_stands_on_a_text(table: Table, column: Column):
    if column.pattern is not None or column.check is not None:
        assert column.kind is Kind.TEXT
        re.compile(column.pattern or "")


@every_column
def test_what_must_be_past_is_a_time(table: Table, column: Column):
    assert not column.is_past or column.kind in (Kind.INSTANT, Kind.DAY, Kind.MONTH)


@every_contract
def test_nothing_is_required_but_the_key_the_event_and_what_nothing_works_without(table: Table):
    works_without_none_of = {
        "town": {"name"},
        "station": {"name"},
        "hospital": {"name"},
        "vehicle": {"station_id"},
        "cn_workday": {"is_workday"},
        "case_event": {"case_id", "event_code"},
        "benefit_payment": {"case_id", "amount_fen", "paid_on"},
        "claim": {"mdtrt_id"},
        "claim_line": {"mdtrt_id"},
        "claim_alert": {"mdtrt_id"},
        "emergency_call": {"incident_id"},
        "vehicle_status": {"run_id", "incident_id", "status"},
        "prearrival": {"incident_id", "run_id"},
        "linkage": {"incident_id", "department"},
        "enterprise_risk": {"run_week"},
        "aed_point": {"in_service"},
        "aed_use": {"incident_id", "aed_id"},
        "video_link": {"scheduled_min", "up_min"},
        "arb_hearing": {"case_id"},
        "risk_push": {"push_id", "state"},
        "appraisal_slot": {"begin_at"},
        "duty": {"begin_at", "end_at", "post"},
        "job_post": {"posted_on"},
        "config": {"effective_from_on", "json"},
    }
    required = {c.name for c in table.columns if c.required and c.kind is not Kind.TOWN}
    placed = {"event_at", "event_local"} & {*table.names}
    assert required - {*table.key} == (placed | works_without_none_of.get(table.name, set())) - {*table.key}


def test_every_kind_of_value_is_read_from_words():
    by_format = {Kind.INSTANT, Kind.DAY, Kind.MONTH}
    assert {*CONVERT} | by_format | {Kind.TOWN} == {*Kind}
