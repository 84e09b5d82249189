"""A template is the source's own header, opens right in Excel, and explains every column in both languages."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from cockpit.site import load_site
from cockpit.source_places import Sheet
from etl.sources.csv import read_text
from etl.template import EXPLANATION_SHEET, csv_template, explained, xlsx_template

WENLING = load_site("wenling")
CALLS = WENLING.source("calls")


def cells(stored, name=0):
    book = CalamineWorkbook.from_filelike(io.BytesIO(stored))
    sheet = book.get_sheet_by_index(name) if isinstance(name, int) else book.get_sheet_by_name(name)
    return sheet.to_python()


def config(**changes):
    return CALLS.model_copy(update={"kind": "csv", "path": "x.csv", "encoding": "utf-8", "stream": ""} | changes)


def test_a_template_begins_with_the_mark_by_which_excel_knows_utf8():
    stored = csv_template(config())
    assert stored.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(stored.decode("utf-8-sig")))) == list(CALLS.header)


def test_a_template_is_in_the_encoding_that_the_source_declares():
    assert csv_template(config(encoding="gb18030")).decode("gb18030").strip().split(",") == list(CALLS.header)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_template_is_taken_by_the_source_that_it_is_made_for(tmp_path, encoding):
    source = config(encoding=encoding)
    path = tmp_path / "x.csv"
    path.write_bytes(csv_template(source) + ",".join(["1"] * len(source.header)).encode() + b"\r\n")
    assert read_text(path, source).read_count == 1


def test_a_workbook_has_the_header_as_text_where_the_source_looks_for_it():
    source = config(kind="excel", path="x.xlsx", encoding="", sheet=Sheet(name="受理", header_row=3))
    assert cells(xlsx_template(source), "受理")[-1] == list(CALLS.header)
    assert cells(xlsx_template(config()))[0] == list(CALLS.header)


def test_a_workbook_explains_every_column_in_both_languages():
    head, *rows = cells(xlsx_template(config()), EXPLANATION_SHEET)
    assert [row[0] for row in rows] == list(CALLS.header)
    assert head[2] == "必填 · Required"
    told = {row[0]: row for row in rows}
    assert told["呼叫流水号"][2] == "必填 · required"
    assert told["经度"][2] == "可空 · may be empty"
    assert told["疑似工伤"][3] == "是\n否"
    assert "2026-01-31T14:05:09" in told["振铃时刻"][4]
    assert all(" · " in row[1] for row in rows), "each is said in Chinese and English"


def test_the_same_template_is_the_same_file():
    assert xlsx_template(config()) == xlsx_template(config())


def test_a_column_that_nothing_is_made_of_may_be_empty():
    source = config(header=(*CALLS.header, "备注"))
    spare = explained(source)[-1]
    assert (spare.column, spare.fills, spare.is_required) == ("备注", (), False)


@pytest.mark.parametrize("site", ["wenling", "dublin"])
def test_every_column_of_every_source_is_explained(site):
    for source in load_site(site).sources:
        assert [one.column for one in explained(source)] == list(source.header)
        assert all(one.written("zh") and one.written("en") for one in explained(source))


def test_a_column_of_a_stamp_shows_the_part_that_it_holds():
    told = {one.column: one.written("en") for one in explained(load_site("dublin").source("dfb"))}
    assert (told["Date"], told["TOC"]) == ("a time, such as 31/01/2026", "a time, such as 14:05:09")
