"""Workbooks: text to the letter, what the format lost is refused, what is no workbook is one sentence."""

import datetime as dt

import pytest
import xlsxwriter

from cockpit.errors import BatchHeld
from cockpit.site import SourceConfig
from etl.sources.excel import read_text

HEADER = ("id", "at", "word")


def declared(header=HEADER, **sheet):
    """Return a source of workbooks, as `site.toml` would say it."""
    reads = ({"table": "town", "fields": {"town_code": header[0], "name": header[0]}},)
    return SourceConfig(
        key="s", kind="excel", title="s", path="*", header=header, interval_s=60, sheet=sheet or None, reads=reads
    )


def workbook(path, fill, *, header=HEADER, at=0, name="Sheet1", **options):
    """Write a workbook of one sheet, and what `fill` does to it."""
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(name)
        sheet.write_row(at, 0, header)
        fill(book, sheet)
    return path


def rows(path, **sheet):
    """Return the rows of the sheet as lists, without their numbers."""
    return read_text(path, declared(**sheet)).raw[list(HEADER)].to_numpy().tolist()


def test_text_is_kept_to_the_letter_and_numbers_as_excel_shows_them(tmp_path):
    texts = ["007", " 7", "123456789012345678", "NA", "1E5", "320102X", "1,234", '"q"', "a\nb", "二〇二六年", "-0"]
    numbers = {
        7: "7",
        0.1 + 0.2: "0.3",
        12.349999999999999: "12.35",
        1e5: "100000",
        123456789012345: "123456789012345",
        1e-7: "0.0000001",
    }

    def fill(book, sheet):
        for i, text in enumerate(texts, start=1):
            sheet.write_string(i, 0, text)
        for i, number in enumerate(numbers, start=1):
            sheet.write_number(i, 2, number)

    found = rows(workbook(tmp_path / "a.xlsx", fill))
    assert [row[0] for row in found] == texts
    assert [row[2] for row in found][: len(numbers)] == list(numbers.values())


def test_a_number_that_excel_cannot_hold_exactly_refuses_its_row(tmp_path):
    def fill(book, sheet):
        sheet.write_string(1, 0, "1")
        sheet.write_number(1, 2, 123456789012345678)
        sheet.write_string(2, 0, "2")

    extract = read_text(workbook(tmp_path / "a.xlsx", fill), declared())
    assert extract.raw["id"].tolist() == ["2"]
    assert extract.ragged[["line", "reason", "field", "detail"]].to_numpy().tolist() == [
        [2, "inexact", "word", "1.23456789012346E+17"]
    ]


@pytest.mark.parametrize("epoch", [1900, 1904])
def test_instants_are_iso_text_whatever_the_epoch(tmp_path, epoch):
    def fill(book, sheet):
        day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm:ss"})
        stamp, hours = book.add_format({"num_format": "yyyy/m/d h:mm"}), book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write_datetime(1, 0, dt.datetime(2021, 3, 5), day)
        sheet.write_datetime(1, 1, dt.datetime(2021, 3, 5, 10, 0, 1), stamp)
        sheet.write_datetime(1, 2, dt.time(10, 5, 3), clock)
        sheet.write_number(2, 2, 1.5, hours)

    found = rows(workbook(tmp_path / "a.xlsx", fill, date_1904=epoch == 1904))
    assert found == [["2021-03-05T00:00:00", "2021-03-05T10:00:01", "10:05:03"], ["", "", "36:00:00"]]


def test_truths_are_words_and_what_a_formula_has_not_told_or_got_wrong_is_nothing(tmp_path):
    def fill(book, sheet):
        sheet.write_boolean(1, 0, True)
        sheet.write_formula(1, 1, "=A1", None, "")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 0, "=1+1", None, 2)

    assert rows(workbook(tmp_path / "a.xlsx", fill)) == [["true", "", ""], ["2", "", ""]]


def test_hidden_rows_count_and_each_row_keeps_its_number(tmp_path):
    def fill(book, sheet):
        for i in (3, 5):
            sheet.write_string(i, 0, str(i))
        sheet.set_row(5, None, None, {"hidden": True})

    extract = read_text(workbook(tmp_path / "a.xlsx", fill), declared())
    assert extract.raw.to_numpy().tolist() == [["3", "", "", 4], ["5", "", "", 6]]


@pytest.mark.parametrize(("fill_merged", "expected"), [(True, ["North", "North", "South"]), (False, ["North", "", "South"])])
def test_a_merged_block_is_filled_only_where_that_is_declared(tmp_path, fill_merged, expected):
    def fill(book, sheet):
        sheet.merge_range(1, 0, 2, 0, "North")
        sheet.write_string(3, 0, "South")
        for i in (1, 2, 3):
            sheet.write_string(i, 2, str(i))

    assert [row[0] for row in rows(workbook(tmp_path / "a.xlsx", fill), fill_merged=fill_merged)] == expected


def test_the_header_may_stand_further_down_and_the_table_further_right(tmp_path):
    path = workbook(tmp_path / "a.xlsx", lambda book, sheet: (sheet.write(0, 0, "Report"), sheet.write(4, 0, "1")), at=3)
    assert rows(path, header_row=4) == [["1", "", ""]]
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, HEADER)
        sheet.write_row(3, 1, ["1", "2", "3"])
    header = ("", *HEADER)
    assert read_text(tmp_path / "b.xlsx", declared(header, header_row=3)).raw.to_numpy().tolist() == [["", "1", "2", "3", 4]]


def test_a_cell_beside_the_table_refuses_its_row(tmp_path):
    extract = read_text(
        workbook(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_row(1, 0, ["1", "", "", "beside"])), declared()
    )
    assert extract.ragged[["line", "reason"]].to_numpy().tolist() == [[2, "ragged"]]


@pytest.mark.parametrize(
    ("sheet", "header", "sentence"),
    [
        ({"name": "2024"}, HEADER, "there is no sheet '2024'; it has 'Sheet1'"),
        ({}, ("id", "at", "what"), "the header came without what and with 'word'"),
        ({"header_row": 9}, HEADER, "the header came without id, at, word"),
    ],
)
def test_another_sheet_or_header_holds_the_file_with_one_sentence(tmp_path, sheet, header, sentence):
    path = workbook(tmp_path / "a.xlsx", lambda book, sheet: sheet.write(1, 0, "1"))
    with pytest.raises(BatchHeld) as held:
        read_text(path, declared(header, **sheet))
    assert str(held.value).startswith("a.xlsx")
    assert sentence in str(held.value)
    assert "\n" not in str(held.value)
