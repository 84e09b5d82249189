"""What of a row a person may see: nothing that identifies, nothing sensitive, moments of persons to the hour."""

import pytest

from cockpit.few import few_in
from cockpit.interval import State
from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.shown import Form, form_of, shown_columns_of
from cockpit.text import Text
from etl.catalogue import tables

WORD = Text("字", "word")


def column(name, kind, pii=Pii.NONE, **said):
    return Column(name, kind, WORD, pii=pii, **said)


@pytest.mark.parametrize(
    ("one", "form"),
    [
        (column("event_at", Kind.INSTANT), Form.MOMENT),
        (column("event_at", Kind.INSTANT, Pii.PERSONAL), Form.HOUR),
        (column("event_at", Kind.INSTANT, Pii.SENSITIVE), Form.HIDDEN),
        (column("due_on", Kind.DAY, Pii.PERSONAL), Form.DAY),
        (column("e6_s", Kind.INTEGER, Pii.PERSONAL), Form.SECONDS),
        (column("run_count", Kind.INTEGER), Form.NUMBER),
        (column("paid_fen", Kind.MONEY), Form.MONEY),
        (column("is_fast", Kind.BOOLEAN, Pii.PERSONAL), Form.TRUTH),
        (column("name", Kind.TEXT, Pii.PERSONAL), Form.HIDDEN),
        (column("name", Kind.TEXT), Form.CODE),
        (column("track", Kind.TEXT, Pii.PERSONAL), Form.CODE),
        (column("kind", Kind.TEXT, Pii.PERSONAL, allowed=("a", "b")), Form.CODE),
        (column("e6_state", Kind.TEXT, Pii.PERSONAL, allowed=(*State,)), Form.STATE),
        (column("town", Kind.TOWN, Pii.PERSONAL), Form.CODE),
        (column("grade", Kind.TEXT, Pii.SENSITIVE), Form.HIDDEN),
    ],
)
def test_a_cell_is_shown_as_personal_as_its_column_is(one, form):
    assert form_of(one) is form


def test_no_table_shows_what_identifies_a_case_a_person_a_vehicle_or_a_firm():
    names = {column.name for table in tables().values() for column in shown_columns_of(table)}
    identifying = {
        "case_id",
        "person_key",
        "incident_id",
        "call_id",
        "run_id",
        "vehicle_id",
        "enterprise_id",
        "order_id",
        "event_id",
    }
    assert names.isdisjoint(identifying | {"raw", "digest", "payload", "evidence"})
    assert not [name for name in names if name.endswith("_local")]


def test_a_sensitive_column_is_hidden_in_every_table():
    for table in tables().values():
        sensitive = {column.name for column in table.columns if column.pii is Pii.SENSITIVE}
        assert {column.form for column in shown_columns_of(table) if column.name in sensitive} <= {Form.HIDDEN}


def test_a_table_of_which_nobody_has_decided_shows_nothing():
    undecided = Table(name="t", title=WORD, grain="one row per x", key=("x",), columns=(Column("x", Kind.INTEGER, WORD),))
    assert [column.form for column in shown_columns_of(undecided)] == [Form.HIDDEN]


def test_a_row_of_few_persons_hides_their_count_and_what_would_tell_it():
    columns = shown_columns_of(tables()["town_colour_history"])
    row = {"observed_count": 3, "expected_count": 4.1, "sir": 0.73, "score": 12.0, "reason_text": "O=3"}
    hidden = few_in(row, columns, 5)
    assert {"observed_count", "expected_count", "sir", "reason_text"} <= hidden
    assert "score" not in hidden
    assert few_in({**row, "observed_count": 5}, columns, 5) == frozenset()
    assert few_in({**row, "observed_count": 0}, columns, 5) == frozenset()
    assert "observed_count" in few_in({**row, "observed_count": 9}, columns, 10)
