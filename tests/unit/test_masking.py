"""Of a refused row only what says nothing of anybody is shown."""

import json

import pytest

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.masking import shown_columns, shown_row
from cockpit.source_config import SourceConfig
from cockpit.text import Text

CASE = Table(
    name="case",
    title=Text("案件", "Case"),
    grain="one row per case",
    key=("case_id",),
    pii=Pii.PERSONAL,
    columns=(
        Column("case_id", Kind.TEXT, Text("案号", "Case"), pii=Pii.NONE),
        Column("person", Kind.TEXT, Text("姓名", "Name")),
        Column("injury", Kind.TEXT, Text("伤情", "Injury"), pii=Pii.SENSITIVE),
        Column("town", Kind.TOWN, Text("乡镇", "Town"), pii=Pii.NONE),
    ),
)
TABLES = {"case": CASE}
FIELDS = {
    "case_id": {"template": "{Number}"},
    "person": "Name",
    "injury": {"first_of": ["Injury", "Note"]},
    "town": {"first_of": ["Town", "Note"]},
}
SOURCE = SourceConfig.model_validate(
    {
        "key": "cases",
        "kind": "csv",
        "title": "Cases",
        "path": "cases.csv",
        "encoding": "utf-8",
        "header": ["Number", "Name", "Injury", "Note", "Town", "Spare"],
        "interval_s": 60,
        "reads": [{"table": "case", "fields": FIELDS}],
    }
)
CELLS = {"Number": "1", "Name": "N.N.", "Injury": "hand", "Note": "private", "Town": "A", "Spare": "who knows"}
ROW = {"origin": "cases.csv", "line": 2, "into": "case", "claimed_at": None, "raw": json.dumps(CELLS)}


def shown(*, field, detail="x", **changes):
    return shown_row({**ROW, "field": field, "detail": detail, **changes}, SOURCE, TABLES)


def test_a_column_that_nobody_maps_or_that_a_personal_field_uses_too_is_hidden():
    assert shown_columns(SOURCE, TABLES) == {"Number", "Town"}
    row = shown(field="town")
    assert row.cells == {"Number": "1", "Town": "A"}
    assert row.hidden_count == 4


@pytest.mark.parametrize(
    ("field", "value"), [("case_id", "x"), ("town", "x"), ("person", None), ("injury", None), ("gone", None)]
)
def test_a_value_is_shown_only_of_a_column_that_says_nothing_of_anybody(field, value):
    assert shown(field=field).value == value


def test_a_row_that_is_refused_before_it_meant_a_table_is_judged_by_its_column():
    assert shown(field="Town", into="").value == "x"
    assert shown(field="Spare", into="").value is None
    assert shown(field="Name", into="").value is None


def test_a_row_of_the_wrong_length_shows_how_long_it_is_and_no_cell():
    row = shown(field="", into="", detail="3 cells, not 6", raw=json.dumps({"cells": ["1", "N.N.", "hand"]}))
    assert (row.value, row.cells, row.hidden_count) == ("3 cells, not 6", {}, 3)


def test_of_a_source_that_the_site_knows_no_more_nothing_is_shown():
    row = shown_row({**ROW, "field": "person", "detail": "N.N."}, None, TABLES)
    assert (row.cells, row.value, row.hidden_count) == ({}, None, 6)


def test_a_table_that_decided_nothing_is_hidden_whole():
    undecided = Table(
        name="case", title=CASE.title, grain="", key=("case_id",), columns=(Column("case_id", Kind.TEXT, CASE.title),)
    )
    assert (
        shown_row(
            {**ROW, "field": "case_id", "detail": "1"}, SOURCE.model_copy(update={"reads": ()}), {"case": undecided}
        ).value
        is None
    )
