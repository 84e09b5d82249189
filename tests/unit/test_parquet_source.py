"""Parquet files: every type as text, what is nested or was rounded is not believed."""

import contextlib
import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as arrow
import pytest
from pyarrow import parquet

from cockpit.errors import BatchHeld
from cockpit.site import SourceConfig
from etl.sources.parquet import read_text


def declared(*header, **told):
    """Return a source of Parquet files, as `site.toml` would say it."""
    reads = ({"table": "town", "fields": {"town_code": header[0], "name": header[0]}},)
    return SourceConfig(key="s", kind="parquet", title="s", path="*", header=header, interval_s=60, reads=reads, **told)


def read(path, columns, **told):
    """Write columns into a file, and return them as they are read."""
    parquet.write_table(arrow.table(columns), path)
    return read_text(path, declared(*columns, **told))


def test_every_type_is_told_as_text_and_nothing_as_nothing(tmp_path):
    local = dt.datetime(2021, 3, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    columns = {
        "text": ["007", None],
        "word": arrow.array(["a", None]).dictionary_encode(),
        "integer": arrow.array([2**62, None], arrow.int64()),
        "real": [0.1, None],
        "short": arrow.array([0.1, None], arrow.float32()),
        "count": [12.0, float("nan")],
        "truth": [True, None],
        "money": [Decimal("0.10"), None],
        "day": [dt.date(2021, 3, 5), None],
        "wall": [dt.datetime(2021, 3, 5, 10), None],
        "nano": arrow.array([1_614_938_400_000_000_000, None], arrow.timestamp("ns")),
        "instant": arrow.array([local, None], arrow.timestamp("us", "Asia/Shanghai")),
    }
    extract = read(tmp_path / "a.parquet", columns)
    first, second = extract.raw[list(columns)].to_numpy().tolist()
    assert dict(zip(columns, first, strict=True)) == {
        "text": "007",
        "word": "a",
        "integer": "4611686018427387904",
        "real": "0.1",
        "short": "0.1",
        "count": "12",
        "truth": "true",
        "money": "0.10",
        "day": "2021-03-05",
        "wall": "2021-03-05T10:00:00",
        "nano": "2021-03-05T10:00:00",
        "instant": "2021-03-05T10:00:00+08:00",
    }
    assert second == [""] * len(columns)


def test_a_whole_number_that_was_kept_as_a_fraction_and_rounded_refuses_its_row(tmp_path):
    extract = read(tmp_path / "a.parquet", {"id": [1.0, 123456789012345678.0]})
    assert extract.raw["id"].tolist() == ["1"]
    assert extract.ragged[["line", "reason", "field"]].to_numpy().tolist() == [[2, "inexact", "id"]]


@pytest.mark.parametrize(
    ("columns", "told", "sentence"),
    [
        ({"id": [[1], [2]]}, {}, "column 'id' is of type list"),
        ({"id": [b"\x00"]}, {}, "column 'id' is of type binary"),
        ({"id": [{"a": 1}]}, {}, "column 'id' is of type struct"),
        ({"id": arrow.array(range(200_000))}, {"max_mb": 1}, "MB unpacked, more than 1"),
    ],
)
def test_what_is_not_flat_or_too_large_is_one_sentence(tmp_path, columns, told, sentence):
    with pytest.raises(BatchHeld) as held:
        read(tmp_path / "a.parquet", columns, **told)
    assert sentence in str(held.value)
    assert "\n" not in str(held.value)


def test_a_renamed_column_holds_the_file(tmp_path):
    parquet.write_table(arrow.table({"ID": ["1"]}), tmp_path / "a.parquet")
    with pytest.raises(BatchHeld, match="the header came without id and with 'ID'"):
        read_text(tmp_path / "a.parquet", declared("id"))


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_held(tmp_path, share):
    parquet.write_table(arrow.table({"id": [str(i) for i in range(1000)]}), tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BatchHeld, match=r"a\.parquet: it is no whole Parquet file"):
        read_text(tmp_path / "a.parquet", declared("id"))


@pytest.mark.parametrize("at", [10, 100, -30, -100])
def test_a_damaged_file_never_takes_its_reader_along(tmp_path, at):
    parquet.write_table(arrow.table({"id": [str(i) for i in range(1000)]}), tmp_path / "a.parquet")
    damaged = bytearray((tmp_path / "a.parquet").read_bytes())
    damaged[at : at + 8 if at + 8 else None] = b"\xff" * 8
    (tmp_path / "a.parquet").write_bytes(damaged)
    with contextlib.suppress(BatchHeld):
        assert read_text(tmp_path / "a.parquet", declared("id")).read_count == 1000
