"""Databases of departments: nothing that was committed late is missed, what did not change costs nothing, no secret is told."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from etl.batch import Batch
from etl.database import opened
from etl.known import Known
from etl.load import load
from etl.sources.sql import Source

AS_OF = 1_614_945_600  # 2021-03-05 20:00 in Shanghai
HEADER = ("id", "at", "word", "changed")
FIELDS = {"call_id": "id", "incident_id": "id", "event_at": {"column": "at", "format": "%Y-%m-%d %H:%M:%S"}, "cause": "word"}
SECRET = "pa55word"


class Department:
    """A database with one table of calls, and the source that reads it."""

    def __init__(self, folder, monkeypatch):
        self.file, self.folder = folder / "calls.db", folder
        monkeypatch.setenv("S_URL", f"sqlite:///{self.file}")
        self.run("CREATE TABLE calls (id, at, word, changed)")

    def run(self, statement, *rows):
        """Change the database."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.executemany(statement, rows or [()])

    def insert(self, *rows):
        """Add rows: id, minute of the call on 5 March, and the cursor."""
        values = [(str(key), f"2021-03-05 10:{minute:02}:00", "Fire", changed) for key, minute, changed in rows]
        self.run("INSERT INTO calls VALUES (?, ?, ?, ?)", *values)

    def source(self, *, complete=False, header=HEADER, **sql):
        """Return a source, as `site.toml` would say it."""
        read = {"table": "emergency_call", "fields": FIELDS, "complete": complete}
        place = {"url_env": "S_URL", "table": "" if "query" in sql else "calls", **sql}
        config = SourceConfig(key="s", kind="sql", title="s", sql=place, header=header, interval_s=60, reads=(read,))
        site = Site(folder="/", key="k", title="t", time_zone="Asia/Shanghai", date_floor="2020-01-01", sources=(config,))
        return Source(config, site)


@pytest.fixture
def department(tmp_path, monkeypatch):
    """Return an empty database."""
    return Department(tmp_path, monkeypatch)


def read(source, cursor=None, as_of=AS_OF):
    """Read once, and return the batches, the reasons why something is held, and the cursor."""
    brought = list(source.read(cursor or {}, as_of, Known(towns=frozenset("A"))))
    batches = [b for b in brought if isinstance(b, Batch)]
    held = [str(h) for h in brought if isinstance(h, BatchHeld)]
    return batches, held, batches[-1].cursor if batches else cursor


def calls(batches):
    """Return the identifiers of the calls of some batches."""
    return sorted(key for batch in batches for key in batch.rows["emergency_call"]["call_id"])


def fault(source):
    """Return the one sentence with which a read fails."""
    with pytest.raises(SourceError) as failed:
        read(source)
    sentence = str(failed.value)
    assert sentence.startswith("source s: ")
    assert "\n" not in sentence
    assert SECRET not in sentence
    return sentence


def test_a_read_by_cursor_brings_pages_and_each_moves_the_cursor_to_its_last_row(department):
    department.insert(*((i, i, i) for i in range(1, 6)))
    source = department.source(cursor_column="changed", overlap=0, page_rows=2)
    batches, _, cursor = read(source)
    assert [(calls([batch]), batch.cursor["after"], batch.complete) for batch in batches] == [
        (["1", "2"], 2, {}),
        (["3", "4"], 4, {}),
        (["5"], 5, {}),
    ]
    rest, _, _ = read(source, batches[0].cursor)
    assert calls(rest) == ["3", "4", "5"]
    (nothing,), _, again = read(source, cursor)
    assert (nothing.read_count, again) == (0, cursor)


def test_rows_of_one_cursor_that_a_page_parts_are_all_read_whenever_the_reading_stopped(department):
    department.insert(*((i, i, 7) for i in range(1, 6)))
    source = department.source(cursor_column="changed", overlap=0, page_rows=2)
    batches, _, _ = read(source)
    for done, batch in enumerate(batches):
        rest, _, _ = read(source, batch.cursor)
        assert set(calls(rest)) | set(calls(batches[: done + 1])) == {"1", "2", "3", "4", "5"}


@pytest.mark.parametrize("changed", ["2021-03-05 10:{:02}:00", "2021-03-05T10:{:02}:00.000", "2021-03-05 10:{:02}:00.123456"])
def test_a_row_that_was_committed_late_is_found_within_the_overlap(department, changed):
    department.insert(*((i, i, changed.format(i)) for i in range(30)))
    source = department.source(cursor_column="changed", overlap_s=600)
    _, _, cursor = read(source)
    department.insert(("late", 20, changed.format(20)), ("too late", 1, changed.format(1)))
    batches, _, cursor = read(source, cursor)
    assert "late" in calls(batches)
    assert "too late" not in calls(batches)
    (nothing,), _, _ = read(source, cursor)
    assert nothing.read_count == 0


def test_a_row_without_a_cursor_is_read_too(department):
    department.insert(("1", 1, 1), ("2", 2, None))
    source = department.source(cursor_column="changed")
    batches, _, cursor = read(source)
    assert calls(batches) == ["1", "2"]
    department.insert(("3", 3, None))
    batches, _, cursor = read(source, cursor)
    assert "3" in calls(batches)
    assert read(source, cursor)[0][0].read_count == 0


@settings(max_examples=25)
@given(
    steps=st.lists(st.lists(st.tuples(st.integers(0, 99), st.integers(-5, 0)), max_size=6), max_size=5),
    page_rows=st.integers(1, 4),
)
def test_whatever_comes_within_the_overlap_is_read_however_it_comes(tmp_path_factory, steps, page_rows):
    with pytest.MonkeyPatch.context() as monkeypatch:
        department = Department(tmp_path_factory.mktemp("calls"), monkeypatch)
        source = department.source(cursor_column="changed", overlap=5, page_rows=page_rows)
        newest, cursor, told, found = 100, {}, set(), set()
        for step in steps:
            rows = [(f"{len(told)}-{i}-{key}", 1, newest + behind) for i, (key, behind) in enumerate(step)]
            newest = max([newest, *(row[2] for row in rows)]) + 2
            if rows:
                department.insert(*rows)
            told |= {row[0] for row in rows}
            batches, _, cursor = read(source, cursor)
            found |= set(calls(batches))
    assert found == told


def test_all_rows_are_compared_where_there_is_no_cursor_and_what_is_gone_is_gone(department, store):
    department.insert(("1", 1, 1), ("2", 2, 2))
    source = department.source(complete=True)
    cursor = {}
    for statement, left in [(None, ["1", "2"]), ("DELETE FROM calls WHERE id = '1'", ["2"])]:
        if statement:
            department.run(statement)
        batches, _, cursor = read(source, cursor)
        load(store.ledger, batches[0], as_of=AS_OF, now=0.0)
        assert [row["call_id"] for row in store.rows("emergency_call")] == left
    assert read(source, cursor)[0][0].read_count == 0


def test_the_last_days_are_compared_and_what_lies_before_them_stays(department, store):
    old = "INSERT INTO calls VALUES ('old', '2021-03-03 23:59:59', 'Fire', 0), ('new', '2021-03-04 00:00:00', 'Fire', 0)"
    department.run(old)
    department.insert(("1", 1, 1))
    source = department.source(cursor_column="changed", window_column="at", window_days=2, complete=True)
    batches, _, cursor = read(source)
    assert [(calls([b]), b.complete) for b in batches] == [
        (["1", "new", "old"], {}),
        (["1", "new"], {"emergency_call": (1_614_787_200, None)}),  # from midnight in Shanghai
    ]
    for batch in batches:
        load(store.ledger, batch, as_of=AS_OF, now=0.0)
    department.run("DELETE FROM calls WHERE id IN ('old', 'new')")
    batches, _, _ = read(source, cursor)
    for batch in batches:
        load(store.ledger, batch, as_of=AS_OF, now=0.0)
    assert [row["call_id"] for row in store.rows("emergency_call")] == ["1", "old"]


def test_the_last_days_are_compared_no_more_often_than_declared(department):
    department.insert(("1", 1, 1))
    source = department.source(window_column="at", window_days=2, compare_every_s=3600, complete=True)
    _, _, cursor = read(source)
    department.insert(("2", 2, 2))
    (nothing,), _, cursor = read(source, cursor, AS_OF + 3599)
    assert nothing.read_count == 0
    assert calls(read(source, cursor, AS_OF + 3600)[0]) == ["1", "2"]


def test_days_that_come_all_but_empty_are_held_and_nothing_is_taken_for_gone(department):
    department.insert(*((i, i, i) for i in range(50)))
    source = department.source(window_column="at", window_days=2, complete=True)
    _, _, cursor = read(source)
    department.run("DELETE FROM calls")
    batches, (held,), _ = read(source, cursor)
    assert (batches, "0 rows of the last 2 days came where 50 were" in held) == ([], True)


def test_some_days_can_be_read_once_more(department):
    department.run("INSERT INTO calls VALUES ('1', '2021-03-03 23:59:59', 'Fire', 0), ('2', '2021-03-04 00:00:00', 'Fire', 0)")
    source = department.source(window_column="at", window_days=1)
    (batch,) = source.history((1_614_787_200, 1_614_873_600), AS_OF, Known())
    assert calls([batch]) == ["2"]


def test_a_select_is_read_as_a_table_is(department):
    department.insert(("1", 1, 1), ("2", 2, 2))
    source = department.source(query="SELECT id, at, upper(word) AS word, changed FROM calls;", cursor_column="changed")
    batches, _, _ = read(source)
    assert batches[0].rows["emergency_call"]["cause"].tolist() == ["FIRE", "FIRE"]


def test_text_that_no_store_can_keep_refuses_its_row(department):
    department.insert(*((i, 1, i) for i in range(100)))
    department.run("UPDATE calls SET word = 'a' || char(0) WHERE id = '7'")
    (batch,), _, _ = read(department.source())
    assert batch.refused[["reason", "field"]].to_numpy().tolist() == [["mojibake", "word"]]


def test_more_rows_than_declared_are_one_sentence(department):
    department.insert(*((i, 1, i) for i in range(5)))
    assert "more than 4 rows in one read" in fault(department.source(max_rows=4))


def test_a_query_that_never_ends_is_stopped_at_its_deadline(department):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    query = f"{endless} SELECT i AS id, '' AS at, '' AS word, i AS changed FROM n WHERE i < 0"
    assert "(its deadline is 1 s)" in fault(department.source(query=query, deadline_s=1))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "the environment variable S_URL is not set"),
        ("no url at all", "S_URL holds no URL"),
        (f"oracle+oracledb://u:{SECRET}@h/d", "install the package oracledb"),
        (f"nothing://u:{SECRET}@h/d", "nothing is no database that is known"),
        (f"postgresql://u:{SECRET}@127.0.0.1:9/d", "the database says: connection failed"),
        ("sqlite:////not/there.db", "the database file is not there"),
    ],
)
def test_a_database_that_cannot_be_asked_is_one_sentence_without_its_secret(department, monkeypatch, url, sentence):
    monkeypatch.setenv("S_URL", url)
    assert sentence in fault(department.source())


def test_a_table_that_is_not_there_is_one_sentence(department):
    assert "no such table" in fault(department.source(table="others"))


def test_nothing_can_be_written_into_a_departments_database(department):
    with opened("s", department.source().place, "UTC") as connection, pytest.raises(sa.exc.OperationalError, match="readonly"):
        connection.execute(sa.text("DELETE FROM calls"))
