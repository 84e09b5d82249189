"""Folders: a file is taken when it is whole, and never in part; what is held is not tried again for nothing."""

import os

import pytest

from cockpit.errors import BatchHeld, SiteError, SourceError
from cockpit.site import Site, SourceConfig, load_site
from etl.batch import Batch
from etl.known import Known
from etl.sources.csv import Source

GOOD = "1,2021-03-05T10:00:00,Fire"
AS_OF = 1_614_945_600  # 2021-03-05 12:00 UTC
READ = {"table": "emergency_call", "fields": {"call_id": "id", "incident_id": "id", "event_at": "at", "cause": "word"}}


class Watch:
    """A clock of files that moves when somebody waits; what happens meanwhile can be told."""

    def __init__(self, path):
        self.path, self.waits, self.meanwhile = path, [], []

    def __call__(self):
        return self.path.stat().st_ctime + 0.5 + sum(self.waits)

    def wait(self, seconds):
        self.waits.append(seconds)
        for event in self.meanwhile:
            event()


def source(folder, path="*.csv", **told):
    """Return a source of a folder, as `site.toml` would say it."""
    declared = {"encoding": "utf-8", "header": ("id", "at", "word"), "interval_s": 60, "reads": (READ,), **told}
    config = SourceConfig(key="s", kind="csv", title="s", path=path, **declared)
    return Source(config, Site(folder=folder, key="k", title="t", time_zone="UTC", date_floor="2020-01-01", sources=(config,)))


def read(reader, cursor=None):
    """Read once, and return the batches, the reasons why files are held, and what is lost."""
    brought, lost = [], None
    try:
        brought.extend(reader.read(cursor or {}, AS_OF, Known(towns=frozenset("A"))))
    except SourceError as error:
        lost = str(error)
    return [b for b in brought if isinstance(b, Batch)], [str(h) for h in brought if isinstance(h, BatchHeld)], lost


def write(path, *lines):
    """Write lines below the header."""
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("\n".join(["id,at,word", *lines, ""]), encoding="utf-8")
    return path


def test_a_young_file_is_looked_at_twice_and_an_old_one_once(tmp_path):
    path = write(tmp_path / "a.csv", GOOD)
    reader = source(tmp_path)
    watch = reader.clock = Watch(path)
    reader.wait = watch.wait
    batches, _, _ = read(reader)
    assert (len(batches), watch.waits) == (1, [2])
    assert len(read(reader)[0]) == 1
    assert watch.waits == [2]


@pytest.mark.parametrize("kept", [i / 20 for i in range(1, 20)])
def test_a_file_that_is_still_being_written_is_left_alone_until_it_is_whole(tmp_path, kept):
    path = write(tmp_path / "a.csv", *(f"{i},2021-03-05T10:00:00,Fire" for i in range(50)))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    reader = source(tmp_path)
    watch = reader.clock = Watch(path)
    reader.wait = watch.wait
    watch.meanwhile.append(lambda: path.write_bytes(whole))
    assert read(reader) == ([], [], None)
    watch.meanwhile.clear()
    (batch,), _, _ = read(reader)
    assert batch.read_count == 50


def test_what_was_read_of_a_file_that_changed_meanwhile_is_thrown_away(tmp_path):
    path = write(tmp_path / "a.csv", GOOD)
    reader = source(tmp_path, settle_s=0)
    extract = reader.extract

    def and_somebody_writes(*told):
        read_so_far = extract(*told)
        write(path, GOOD, "2,2021-03-05T10:00:00,Fire")
        return read_so_far

    reader.extract = and_somebody_writes
    assert read(reader) == ([], [], None)
    reader.extract = extract
    assert read(reader)[0][0].read_count == 2


def test_a_file_that_is_deleted_while_it_is_read_is_lost_and_stops_no_other(tmp_path):
    path = write(tmp_path / "a.csv", GOOD)
    write(tmp_path / "b.csv", GOOD.replace("1,", "2,"))
    reader = source(tmp_path, settle_s=0)
    extract = reader.extract

    def and_somebody_deletes(*told):
        read_so_far = extract(*told)
        path.unlink(missing_ok=True)
        return read_so_far

    reader.extract = and_somebody_deletes
    batches, _, lost = read(reader)
    assert [batch.origin for batch in batches] == ["b.csv"]
    assert "a.csv was lost while it was read" in lost
    assert "\n" not in lost


@pytest.mark.parametrize("gone", ["empty", "away"])
def test_a_drop_folder_that_vanishes_is_lost_even_where_files_are_also_uploaded(tmp_path, gone):
    path = write(tmp_path / "mount" / "a.csv", GOOD)
    reader = source(tmp_path / "site", path=str(tmp_path / "mount" / "*.csv"), settle_s=0, upload=True)
    (batch,), _, _ = read(reader)
    path.unlink()
    if gone == "away":
        path.parent.rmdir()
    _, _, lost = read(reader, batch.cursor)
    assert "no file matches" in lost


def test_a_file_with_a_marker_is_taken_when_the_marker_is_there_and_no_older(tmp_path):
    path = write(tmp_path / "a.csv", GOOD)
    reader = source(tmp_path, path="*", done_suffix=".done")
    assert read(reader) == ([], [], None)
    marker = tmp_path / "a.csv.done"
    marker.touch()
    os.utime(marker, (0, 0))
    assert read(reader) == ([], [], None)
    os.utime(marker)
    assert [batch.origin for batch in read(reader)[0]] == ["a.csv"]
    assert path.exists()


@pytest.mark.parametrize("name", [".a.csv", "~$a.csv", "a.csv.part", "a.csv.tmp"])
def test_what_a_program_is_still_working_at_is_no_file(tmp_path, name):
    write(tmp_path / "b.csv", GOOD)
    write(tmp_path / name, "2,2021-03-05T10:00:00,Fire")
    assert [batch.origin for batch in read(source(tmp_path, path="*", settle_s=0))[0]] == ["b.csv"]


def test_files_of_one_name_in_two_folders_are_two_files(tmp_path):
    write(tmp_path / "drop" / "n" / "a.csv", GOOD)
    write(tmp_path / "drop" / "s" / "a.csv", GOOD.replace("1,", "2,"))
    assert [batch.origin for batch in read(source(tmp_path, path="drop/*/a.csv", settle_s=0))[0]] == ["n/a.csv", "s/a.csv"]


def test_uploaded_files_are_read_besides_the_path_or_without_one(tmp_path, monkeypatch):
    monkeypatch.setenv("COCKPIT_VAR", str(tmp_path / "var"))
    reader = source(tmp_path, path="", settle_s=0, upload=True)
    assert read(reader) == ([], [], None)
    write(reader.site.inbox("s") / "a.csv", GOOD)
    (batch,), _, _ = read(reader)
    assert (batch.origin, reader.site.inbox("s")) == ("inbox/a.csv", tmp_path / "var" / "k" / "inbox" / "s")
    assert read(reader, batch.cursor) == ([], [], None)


def test_a_poison_file_is_read_once_and_stands_in_the_books_until_it_changes(tmp_path):
    path = write(tmp_path / "a.csv", '1,2021-03-05T10:00:00,"Fire')
    reader = source(tmp_path, settle_s=0)
    (held,) = reader.read({}, AS_OF, Known())
    assert (held.origin, "\n" in str(held)) == ("a.csv", False)
    assert list(reader.read(held.cursor, AS_OF, Known())) == []
    assert len(list(source(tmp_path, settle_s=0, max_mb=1).read(held.cursor, AS_OF, Known()))) == 1
    write(path, GOOD)
    (batch,) = reader.read(held.cursor, AS_OF, Known())
    assert batch.read_count == 1


PIECE = """
key = "k"
title = "t"
time_zone = "UTC"
date_floor = 2020-01-01
[[sources]]
key = "{key}"
kind = "{kind}"
title = "s"
header = ["id"]
interval_s = 60
{more}
[[sources.reads]]
table = "town"
fields = {{ town_code = "id", name = "id" }}
"""


@pytest.mark.parametrize(
    ("kind", "more", "sentence"),
    [
        ("csv", 'path = "a.csv"', "it needs path and encoding"),
        ("csv", 'encoding = "utf-8"', "it needs path and encoding"),
        ("csv", 'path = "a.csv"\nencoding = "utf-9"', "'utf-9' is no encoding of text"),
        ("csv", 'path = "a.csv"\nencoding = "base64"', "'base64' is no encoding of text"),
        ("excel", 'encoding = "utf-8"\npath = "a.xlsx"', "it needs path, and nothing else"),
        ("parquet", 'path = "a"\nsheet = { name = "x" }', "only a workbook (kind excel) has a [sources.sheet]"),
        ("sql", 'sql = { url_env = "postgresql://u:p@h/d", table = "t" }', "write the name of an environment variable"),
        ("sql", 'sql = { url_env = "A" }', "give exactly one of table, query"),
        ("sql", 'sql = { url_env = "A", query = "DELETE FROM t" }', "query must be a SELECT"),
        ("sql", 'sql = { url_env = "A", table = "t", cursor_column = "when" }', "cursor_column 'when' is not in its header"),
        ("sql", 'path = "a"\nsql = { url_env = "A", table = "t" }', "it needs sql, and nothing else"),
        ("http", 'upload = true\nhttp = { url = "https://example.org" }', "upload needs kind csv, excel or parquet"),
    ],
)
def test_a_wrong_declaration_names_file_key_and_what_to_do(tmp_path, kind, more, sentence):
    (tmp_path / "site.toml").write_text(PIECE.format(key="s", kind=kind, more=more), encoding="utf-8")
    with pytest.raises(SiteError) as wrong:
        load_site(tmp_path)
    assert str(wrong.value).startswith(str(tmp_path / "site.toml"))
    assert sentence in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_key_that_cannot_name_a_folder_takes_no_uploads(tmp_path):
    more = 'upload = true\nencoding = "utf-8"'
    (tmp_path / "site.toml").write_text(PIECE.format(key="../s", kind="csv", more=more), encoding="utf-8")
    with pytest.raises(SiteError, match="a key of letters"):
        load_site(tmp_path)
