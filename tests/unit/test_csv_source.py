"""Delimited text files: read strictly, held whole when they are not what was declared, no row ever lost."""

import contextlib
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import AlreadyLoaded, BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from etl.batch import Batch
from etl.garbled import is_garbled
from etl.known import Known
from etl.load import load
from etl.sources.csv import Source

HEADER = ("id", "at", "word")
CALL = {"call_id": "id", "incident_id": "id", "event_at": "at", "cause": "word"}
GOOD = "1,2021-03-05T10:00:00,Fire"
AS_OF = 1_614_945_600  # 2021-03-05 12:00 UTC


def source(folder, *reads, header=HEADER, encoding="utf-8", path="*.csv*"):
    """Return a source of one folder, as `site.toml` would say it."""
    reads = reads or ({"table": "emergency_call", "fields": CALL},)
    told = {"path": path, "encoding": encoding, "header": header, "interval_s": 60, "reads": reads, "settle_s": 0}
    config = SourceConfig(key="s", kind="csv", title="s", **told)
    site = Site(folder=folder, key="k", title="t", time_zone="UTC", date_floor="2020-01-01", sources=(config,))
    return Source(config, site)


def write(folder, *lines, name="a.csv", header=HEADER, encoding="utf-8", end="\n"):
    """Write lines below a header."""
    path = folder / name
    text = end.join([",".join(header), *lines, ""])
    path.write_bytes(text.encode(encoding))
    return path


def read(folder, *reads, cursor=None, **options):
    """Read what is new, and return the batches and the reasons why files are held."""
    brought = list(source(folder, *reads, **options).read(cursor or {}, AS_OF, Known(towns=frozenset("A"))))
    return [b for b in brought if isinstance(b, Batch)], [str(h) for h in brought if isinstance(h, BatchHeld)]


def batch_of(folder, *reads, **options):
    """Read the one file that is there."""
    (batch,), held = read(folder, *reads, **options)
    assert held == []
    return batch


def held_of(folder, **options):
    """Return why the one file that is there is held; nothing of it may be loaded."""
    batches, (held,) = read(folder, **options)
    assert batches == []
    return held


def calls(batch):
    """Return the identifiers of the calls of a batch."""
    return batch.rows["emergency_call"]["call_id"].tolist()


def test_a_file_is_one_batch_known_by_its_content(tmp_path):
    write(tmp_path, GOOD, "2,2021-03-05T10:00:01,")
    batch = batch_of(tmp_path)
    assert (calls(batch), batch.read_count, batch.origin) == (["1", "2"], 2, "a.csv")
    assert batch.observed_at == AS_OF - 2 * 3600 + 1


def test_exact_duplicates_are_dropped_and_counted(tmp_path):
    write(tmp_path, GOOD, GOOD, GOOD, "2,2021-03-05T10:00:00,Fire")
    batch = batch_of(tmp_path)
    assert (calls(batch), batch.read_count, batch.duplicate_count, len(batch.refused)) == (["1", "2"], 4, 2, 0)


def test_rows_that_differ_only_where_nobody_looks_are_duplicates_and_counted(tmp_path):
    write(tmp_path, "1,2021-03-05T10:00:00,Fire", "1,2021-03-05T10:00:00,fire")
    fields = {name: field for name, field in CALL.items() if name != "cause"}
    batch = batch_of(tmp_path, {"table": "emergency_call", "fields": fields})
    assert (calls(batch), batch.read_count, batch.duplicate_count, len(batch.refused)) == (["1"], 2, 1, 0)


def test_conflicting_duplicates_of_a_key_are_quarantined_with_their_lines(tmp_path):
    write(tmp_path, GOOD, "1,2021-03-05T10:00:00,Flood", "2,2021-03-05T10:00:00,Fire")
    batch = batch_of(tmp_path)
    assert calls(batch) == ["2"]
    assert batch.refused[["line", "reason", "field"]].to_numpy().tolist() == [
        [2, "conflict", "call_id"],
        [3, "conflict", "call_id"],
    ]


def test_one_read_fills_several_tables(tmp_path):
    write(tmp_path, GOOD, "2,2021-03-05T10:00:00,")
    status = {"event_id": {"template": "{id}-D"}, "run_id": "id", "incident_id": "id", "event_at": "at"}
    units = {"table": "vehicle_status", "fields": {**status, "status": {"constant": "DISPATCHED"}}, "unless_missing": "word"}
    batch = batch_of(tmp_path, {"table": "emergency_call", "fields": CALL}, units)
    assert calls(batch) == ["1", "2"]
    assert batch.rows["vehicle_status"]["event_id"].tolist() == ["1-D"]


def test_two_reads_of_one_table_are_put_together_and_what_they_share_stands_once(tmp_path):
    write(tmp_path, GOOD)
    other = {"table": "emergency_call", "fields": {**CALL, "call_id": {"template": "{id}b"}}}
    same = {"table": "emergency_call", "fields": CALL}
    assert calls(batch_of(tmp_path, same, other, same)) == ["1", "1b"]


def test_a_key_that_two_reads_tell_differently_is_quarantined(tmp_path):
    write(tmp_path, GOOD)
    one = {"table": "emergency_call", "fields": CALL}
    other = {"table": "emergency_call", "fields": {**CALL, "cause": {"constant": "Flood"}}}
    batch = batch_of(tmp_path, one, other)
    assert calls(batch) == []
    assert batch.refused["reason"].tolist() == ["conflict"]


def test_a_row_refused_by_one_table_still_fills_the_other(tmp_path):
    write(tmp_path, "1,2021-03-05T10:00:00,?")
    strict = {"table": "emergency_call", "fields": {**CALL, "outcome": "word"}}
    station = {"table": "station", "fields": {"station_id": "id", "name": "id"}}
    batch = batch_of(tmp_path, strict, station)
    assert (calls(batch), batch.rows["station"]["station_id"].tolist()) == ([], ["1"])
    assert batch.refused["into"].tolist() == ["emergency_call"]


@pytest.mark.parametrize("word", ["007", "123456789012345678", "NA", "1E5", "320102X", "nan", "TRUE", "1,5", 'a"b', "0x1F"])
def test_identifiers_are_kept_byte_for_byte(tmp_path, word, store):
    quoted = '"' + word.replace('"', '""') + '"'
    write(tmp_path, f"{quoted},2021-03-05T10:00:00,Fire")
    load(store.ledger, batch_of(tmp_path), as_of=AS_OF, now=0.0)
    assert [row["call_id"] for row in store.rows("emergency_call")] == [word]


def test_a_gbk_file_declared_utf8_is_held_with_file_and_line(tmp_path):
    write(tmp_path, GOOD, "2,2021-03-05T10:00:00,火警", encoding="gbk")
    assert held_of(tmp_path).startswith("a.csv, line 3: byte 0xbb is not utf-8")


def test_a_gb18030_file_declared_as_such_is_read(tmp_path):
    write(tmp_path, "1,2021-03-05T10:00:00,火警㐀𠀀", encoding="gb18030")
    assert batch_of(tmp_path, encoding="gb18030").rows["emergency_call"]["cause"].tolist() == ["火警㐀𠀀"]


def test_a_byte_order_mark_is_read_where_it_is_declared(tmp_path):
    write(tmp_path, GOOD, encoding="utf-8-sig")
    assert calls(batch_of(tmp_path, encoding="utf-8-sig")) == ["1"]


def test_a_byte_order_mark_never_becomes_part_of_a_name_or_value(tmp_path):
    write(tmp_path, GOOD, encoding="utf-8-sig")
    batches, held = read(tmp_path)
    assert [calls(batch) for batch in batches] == [["1"]] or (batches == [] and "header" in held[0])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_may_end_as_they_do_on_any_system(tmp_path, end):
    write(tmp_path, GOOD, "2,2021-03-05T10:00:00,", end=end)
    assert batch_of(tmp_path).rows["emergency_call"]["cause"].tolist() == ["Fire", None]


def test_a_cell_may_hold_line_breaks_and_the_row_keeps_the_line_it_began_on(tmp_path):
    write(tmp_path, '1,2021-03-05T10:00:00,"a\nb\nc"', "2,x,", "", "3,y,")
    batch = batch_of(tmp_path)
    assert batch.rows["emergency_call"]["cause"].tolist() == ["a\nb\nc"]
    assert batch.refused["line"].tolist() == [5, 7]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (("id", "at", "what"), "the header came without word and with 'what'"),
        (("id", "at"), "the header came without word"),
        (("id", "at", "word", "more"), "the header came with 'more'"),
        (("at", "id", "word"), "the header came in another order"),
        (("ID", "at", "word"), "the header came without id and with 'ID'"),
        (("id ", "at", "word"), "the header came without id and with 'id '"),
        (("id", "at", "word", "word"), "the header came"),
    ],
    ids=["renamed", "dropped", "added", "reordered", "capital", "blank", "doubled"],
)
def test_a_changed_header_holds_the_file_with_one_sentence(tmp_path, header, sentence):
    write(tmp_path, GOOD, header=header)
    held = held_of(tmp_path)
    assert held.startswith(f"a.csv, line 1: {sentence}")
    assert "nothing was loaded" in held
    assert "\n" not in held


def test_an_empty_file_is_held(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert "without id, at, word" in held_of(tmp_path)


def test_a_header_alone_is_read_and_brings_nothing(tmp_path, store):
    write(tmp_path)
    batch = batch_of(tmp_path)
    assert (batch.read_count, len(batch.refused), batch.observed_at) == (0, 0, None)
    assert load(store.ledger, batch, as_of=AS_OF, now=0.0) is None


def test_an_open_quote_holds_the_file(tmp_path):
    write(tmp_path, GOOD, '2,2021-03-05T10:00:00,"Fire')
    assert held_of(tmp_path).startswith("a.csv, line 3")


def test_a_gzipped_file_is_read(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(f"id,at,word\n{GOOD}\n".encode()))
    assert calls(batch_of(tmp_path)) == ["1"]


@pytest.mark.parametrize("kept", [0, 1, 9, 11, 30, -9, -1])
def test_a_truncated_gzip_is_held(tmp_path, kept):
    whole = gzip.compress(f"id,at,word\n{GOOD}\n".encode())
    (tmp_path / "a.csv.gz").write_bytes(whole[:kept])
    assert held_of(tmp_path).startswith("a.csv.gz")


def test_a_damaged_gzip_is_held(tmp_path):
    whole = bytearray(gzip.compress(f"id,at,word\n{GOOD}\n".encode()))
    whole[20] ^= 0xFF
    (tmp_path / "a.csv.gz").write_bytes(whole)
    assert held_of(tmp_path).startswith("a.csv.gz")


def test_ragged_rows_are_quarantined_raw_with_their_line(tmp_path):
    write(tmp_path, GOOD, "2,2021-03-05T10:00:00", "3,2021-03-05T10:00:00,Fire,more", "4,2021-03-05T10:00:00,Fire")
    batch = batch_of(tmp_path)
    assert calls(batch) == ["1", "4"]
    assert batch.refused[["line", "reason", "detail"]].to_numpy().tolist() == [
        [3, "ragged", "2 cells, not 3"],
        [4, "ragged", "4 cells, not 3"],
    ]
    assert json.loads(batch.refused["raw"][1])["cells"] == ["3", "2021-03-05T10:00:00", "Fire", "more"]


def test_refused_rows_are_quarantined_with_reason_field_line_and_value(tmp_path):
    write(tmp_path, GOOD, "2,soon,", "3,2019-12-31T23:59:59,", "4,2021-03-05T13:00:01,", "5,2021-03-05T13:00:00,", ",x,")
    batch = batch_of(tmp_path)
    assert calls(batch) == ["1", "5"]
    assert batch.refused[["line", "reason", "field"]].to_numpy().tolist() == [
        [3, "unparsable", "event_at"],
        [4, "before_floor", "event_at"],
        [5, "in_future", "event_at"],
        [7, "missing", "call_id"],
    ]
    assert batch.refused["detail"][0] == "soon"


def test_what_is_refused_is_in_the_quarantine_of_the_store(tmp_path, store):
    write(tmp_path, "2,soon,Fire")
    load(store.ledger, batch_of(tmp_path), as_of=AS_OF, now=0.0)
    (row,) = store.rows("quarantine")
    assert (row["origin"], row["line"], row["reason"], row["town"]) == ("a.csv", 2, "unparsable", "?")
    assert json.loads(row["raw"]) == {"id": "2", "at": "soon", "word": "Fire"}


def test_a_file_seen_before_is_not_read_again(tmp_path):
    write(tmp_path, GOOD)
    assert read(tmp_path, cursor=batch_of(tmp_path).cursor) == ([], [])


def test_a_file_loaded_before_changes_nothing_under_another_name_either(tmp_path, store):
    write(tmp_path, GOOD)
    first = batch_of(tmp_path)
    load(store.ledger, first, as_of=AS_OF, now=0.0)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    (again,), _ = read(tmp_path, cursor=first.cursor)
    with pytest.raises(AlreadyLoaded, match=r"b\.csv"):
        load(store.ledger, again, as_of=AS_OF, now=0.0)


def test_a_file_that_changed_is_read_again(tmp_path):
    write(tmp_path, GOOD)
    cursor = batch_of(tmp_path).cursor
    write(tmp_path, GOOD, "2,2021-03-05T10:00:00,Fire")
    (batch,), _ = read(tmp_path, cursor=cursor)
    assert calls(batch) == ["1", "2"]


def test_every_file_is_a_batch_of_its_own_and_a_held_one_stops_no_other(tmp_path):
    write(tmp_path, GOOD, name="a.csv")
    write(tmp_path, GOOD, name="b.csv", header=("id", "at", "what"))
    write(tmp_path, "3,2021-03-05T10:00:00,Fire", name="c.csv")
    batches, held = read(tmp_path)
    assert [batch.origin for batch in batches] == ["a.csv", "c.csv"]
    assert [reason.split(",")[0] for reason in held] == ["b.csv"]


def test_a_held_file_is_not_read_again_until_it_or_what_is_declared_changes(tmp_path):
    poison = write(tmp_path, GOOD, name="a.csv", header=("id", "at", "what"))
    write(tmp_path, GOOD, name="b.csv")
    (batch,), held = read(tmp_path)
    assert [reason.split(",")[0] for reason in held] == ["a.csv"]
    assert read(tmp_path, cursor=batch.cursor) == ([], [])
    _, with_another_header = read(tmp_path, cursor=batch.cursor, header=("id", "at", "why"))
    assert [reason.split(",")[0] for reason in with_another_header] == ["a.csv"]
    poison.write_text(f"id,at,word\n{GOOD.replace('1,', '2,')}\n", encoding="utf-8")
    (repaired,), _ = read(tmp_path, cursor=batch.cursor)
    assert calls(repaired) == ["2"]


def test_a_source_without_a_file_is_lost(tmp_path):
    with pytest.raises(SourceError, match=r"\*\.csv"):
        read(tmp_path)


cells = st.tuples(
    st.sampled_from(["1", "2", "3", "007", " 7", ""]),
    st.sampled_from(["2021-03-05T10:00:00", "2021-03-05T11:00:00", "2019-01-01T00:00:00", "2030-01-01T00:00:00", "soon", ""]),
    st.sampled_from(["Fire", "Flood", '"a\nb"', ""]),
)
dirty_lines = st.one_of(
    cells.map(",".join),
    cells.map(",".join),
    st.sampled_from(["1", "1,2021-03-05T10:00:00", "1,2021-03-05T10:00:00,Fire,more", ",,,,"]),
)


@settings(max_examples=40)
@given(lines=st.lists(dirty_lines, max_size=12))
def test_rows_are_never_lost_however_dirty_the_file(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("dirty")
    write(folder, *lines)
    batch = batch_of(folder)
    assert batch.read_count == len(lines)
    assert batch.read_count == len(batch.rows["emergency_call"]) + len(batch.refused) + batch.duplicate_count
    assert not batch.rows["emergency_call"].duplicated(["call_id", "rev"]).any()
    assert not batch.refused["line"].duplicated().any()


def test_what_a_corrected_file_refuses_no_more_leaves_the_quarantine(store, tmp_path):
    write(tmp_path, "9,soon,Fire", name="other.csv")
    for line, quarantined in [("1,soon,Fire", 2), ("1,2021-03-05T09:00:00,Fire", 1)]:
        write(tmp_path, line, name="corrected.csv")
        for batch in read(tmp_path)[0]:
            with contextlib.suppress(AlreadyLoaded):
                load(store.ledger, batch, as_of=0, now=0.0)
        assert len(store.rows("quarantine")) == quarantined


@pytest.mark.parametrize(
    ("stored", "declared", "sentence"),
    [
        ("火警".encode("gbk"), "utf-8", "line 2: byte 0xbb is not utf-8 (it could be gb18030)"),
        ("㐀𠀀火".encode("gb18030"), "gbk", "line 2: byte 0x81 is not gbk (it could be gb18030)"),
        ("é,ü".encode("latin-1"), "utf-8", "line 2: byte 0xe9 is not utf-8"),
    ],
)
def test_another_encoding_holds_the_file_and_says_which_it_could_be(tmp_path, stored, declared, sentence):
    (tmp_path / "a.csv").write_bytes(b"id,at,word\n" + stored + b"\n")
    assert held_of(tmp_path, encoding=declared).startswith(f"a.csv, {sentence}")


@pytest.mark.parametrize(("stored", "declared"), [("utf-16", "utf-8"), ("utf-16", "gb18030"), ("utf-8-sig", "gb18030")])
def test_a_byte_order_mark_of_another_encoding_holds_the_file(tmp_path, stored, declared):
    write(tmp_path, GOOD, encoding=stored)
    assert "begins with the byte order mark of" in held_of(tmp_path, encoding=declared)


@pytest.mark.parametrize("encoding", ["utf-16", "gbk", "gb18030", "utf-8", "utf-8-sig"])
def test_every_declared_encoding_is_read_with_every_character_in_its_place(tmp_path, encoding):
    write(tmp_path, "1,2021-03-05T10:00:00,大朗上海", encoding=encoding)
    assert batch_of(tmp_path, encoding=encoding).rows["emergency_call"]["cause"].tolist() == ["大朗上海"]


@pytest.mark.parametrize(
    "word", ["大朗".encode().decode("gb18030"), "café".encode().decode("cp1252"), "火\ufffd", "锟斤拷", "娓╁箔甯?"]
)
def test_single_garbled_cells_refuse_their_rows_and_many_hold_the_file(tmp_path, word):
    good = [f"{i},2021-03-05T10:00:00,大朗" for i in range(100)]
    write(tmp_path, *good, f"x,2021-03-05T10:00:00,{word}")
    batch = batch_of(tmp_path)
    assert batch.refused[["line", "reason", "field", "detail"]].to_numpy().tolist() == [[102, "mojibake", "word", word]]
    write(tmp_path, *good[:10], f"x,2021-03-05T10:00:00,{word}")
    assert "is garbled, and 1 of 33 cells are" in held_of(tmp_path)


def test_a_garbled_header_holds_the_file_and_says_what_happened(tmp_path):
    header = ("编号".encode().decode("gb18030"), "at", "word")
    write(tmp_path, GOOD, header=header)
    assert "the header is garbled" in held_of(tmp_path, header=("编号", "at", "word"))


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20))
def test_chinese_that_was_read_as_gbk_is_always_noticed(text):
    with contextlib.suppress(UnicodeDecodeError):
        assert is_garbled(text.encode().decode("gb18030"))


@pytest.mark.parametrize("text", ["大朗", "温岭市", "Dún Laoghaire", "25°C", "¥1,234", "Ｎｏ．１", "㐀𠀀", "茅台", "é", "—"])
def test_sound_text_is_never_taken_for_garbled(text):
    assert not is_garbled(text)
