"""The template of a source's files: its header, and what may stand in each column, from `site.toml` and the contracts."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from cockpit.ledger.tables import Column, Kind
from cockpit.source_config import Field_, SourceConfig
from cockpit.source_places import Sheet
from cockpit.text import Text
from cockpit.upload import Explained
from etl.catalogue import contracts
from etl.fields import FORMATS as STAMP_FORMATS

EXAMPLE = datetime(2026, 1, 31, 14, 5, 9)  # noqa: DTZ001 a stamp as it is written, in no zone
FORMS: Mapping[Kind, Text] = {
    Kind.TEXT: Text("文字", "text"),
    Kind.INTEGER: Text("整数，如 12", "a whole number, such as 12"),
    Kind.REAL: Text("小数，如 28.37", "a decimal number, such as 28.37"),
    Kind.BOOLEAN: Text("true 或 false", "true or false"),
    Kind.MONEY: Text(
        "金额，单位元，最多两位小数，如 1,234.56", "an amount in yuan with at most two decimals, such as 1,234.56"
    ),
    Kind.SCALED: Text("最多四位小数，如 12.5", "at most four decimals, such as 12.5"),
    Kind.LOCAL: Text("整数", "a whole number"),
    Kind.JSON: Text("JSON 文本", "JSON text"),
    Kind.TOWN: Text("乡镇代码", "a town's code"),
}
HEADINGS = (
    Text("列名", "Column"),
    Text("含义", "Meaning"),
    Text("必填", "Required"),
    Text("允许的取值", "Allowed values"),
    Text("写法", "Form"),
    Text("单位", "Unit"),
)
DATA_SHEET, EXPLANATION_SHEET = "数据", "填写说明"
UNUSED = Text("本系统不使用，可空", "not used; may be empty")


def explained(source: SourceConfig) -> tuple[Explained, ...]:
    """Return what each column of a source's files is for, in the order of its header."""
    return tuple(explained_column(source, name) for name in source.header)


def explained_column(source: SourceConfig, name: str) -> Explained:
    """Return what one column is for, by all the fields that are made of it."""
    uses = [
        (contracts()[read.table].column(key), field)
        for read in source.reads
        for key, field in read.fields.items()
        if name in field.columns
    ]
    return Explained(
        column=name,
        fills=tuple(dict.fromkeys(column.meaning for column, _ in uses)),
        is_required=any(column.required and needs(field, name) for column, field in uses),
        allowed=next((words for column, field in uses if (words := allowed(column, field))), ()),
        written=next((written(column, field, name) for column, field in uses), UNUSED),
        unit=next((unit for column, _ in uses if (unit := unit_of(column))), ""),
    )


def unit_of(column: Column) -> str:
    """Return the unit a value is written in; what is only counted has none."""
    return "" if column.kind in (Kind.MONEY, Kind.BOOLEAN) or column.unit == "1" else column.unit


def needs(field: Field_, name: str) -> bool:
    """Whether a field cannot be made without a column: the first of several need not be there."""
    return field.column == name or name in (field.date, field.clock) or field.template is not None


def allowed(column: Column, field: Field_) -> tuple[str, ...]:
    """Return the words that may stand in a column; any may, where unlisted ones have a meaning too."""
    if field.values:
        return () if field.otherwise is not None else tuple(word for word in field.values if word)
    return column.allowed


def written(column: Column, field: Field_, name: str) -> Text:
    """Return how a value is written, with an example."""
    if column.kind not in STAMP_FORMATS:
        return FORMS[Kind.TEXT] if field.values or field.template is not None else FORMS[column.kind]
    form = field.format or STAMP_FORMATS[column.kind]
    if field.date is not None:
        parts = form.split(" ", 1)
        form = parts[0] if name == field.date else parts[-1]
    example = EXAMPLE.strftime(form)
    return Text(f"时间，如 {example}", f"a time, such as {example}")


def csv_template(source: SourceConfig) -> bytes:
    """Return an empty file with the header; UTF-8 begins with a mark by which Excel knows it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(source.header)
    encoding = source.encoding or "utf-8"
    is_utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    return text.getvalue().encode("utf-8-sig" if is_utf8 else encoding)


def xlsx_template(source: SourceConfig) -> bytes:
    """Return a workbook: an empty sheet with the header, every cell text, and a sheet that explains each column."""
    stored = io.BytesIO()
    book = xlsxwriter.Workbook(stored, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": EXAMPLE})  # the same template is the same file
    text, head = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    asked = source.sheet or Sheet()
    sheet = book.add_worksheet(asked.name or DATA_SHEET)
    sheet.set_column(0, len(source.header) - 1, 18, text)
    sheet.write_row(asked.header_row - 1, 0, source.header, head)
    sheet.freeze_panes(asked.header_row, 0)
    explain(book, source, head)
    book.close()
    return stored.getvalue()


def explain(book: Any, source: SourceConfig, head: Any) -> None:
    """Write the sheet that explains each column, in both languages."""
    sheet, wrapped = (
        book.add_worksheet(EXPLANATION_SHEET),
        book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
    )
    sheet.set_column(0, 5, 26, wrapped)
    sheet.write_row(0, 0, [both(text) for text in HEADINGS], head)
    for place, column in enumerate(explained(source), start=1):
        required = Text("必填", "required") if column.is_required else Text("可空", "may be empty")
        cells = [
            column.column,
            "\n".join(map(both, column.fills)),
            both(required),
            "\n".join(column.allowed),
            both(column.written),
            column.unit,
        ]
        sheet.write_row(place, 0, cells)


def both(text: Text) -> str:
    """Return a text in both languages."""
    return f"{text.zh} · {text.en}" if text.zh != text.en else text.zh
