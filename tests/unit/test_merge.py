"""The laws of merge, the one primitive that writes versioned rows."""

from contextlib import contextmanager

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.ledger.merge import merge
from cockpit.ledger.read import ids_closed, rows_known, rows_opened
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.scope import CITY
from cockpit.text import Text

MEANING = Text("测试", "test")


def declare(name, *columns, key):
    return Table(
        name=name,
        title=MEANING,
        grain="test",
        key=key,
        columns=tuple(Column(c, Kind.TEXT if c in ("k", "part", "colour") else Kind.INTEGER, MEANING) for c in columns),
    )


PLAIN = declare("plain", "k", "part", "colour", "size", key=("k",))
REVISED = declare("revised", "k", "rev", "colour", key=("k",))
PAIRED = declare("paired", "part", "k", "size", key=("part", "k"))


class Book:
    """A ledger of three small tables; every merge is a tick of its own."""

    def __init__(self, ledger):
        self.ledger, self.tick = ledger, 0

    def merge(self, name, rows, within=None):
        self.tick += 1
        with self.ledger.writing() as connection:
            return merge(connection, self.ledger, name, self.frame(name, rows), tick=self.tick, within=within)

    def frame(self, name, rows):
        if isinstance(rows, sa.Select):
            return rows
        names = self.ledger.declared[name].names
        return pd.DataFrame([[row.get(n) for n in names] for row in rows], columns=list(names), dtype=object)

    def known(self, name, at=None):
        with self.ledger.reading() as connection:
            frame = rows_known(connection, self.ledger, name, CITY, at=at)
        rows = frame.drop(columns="id").to_dict("records")
        return sorted(rows, key=lambda row: tuple(str(row[k]) for k in self.ledger.declared[name].key))

    def versions(self, name):
        table = self.ledger.tables[name]
        names = self.ledger.declared[name].names
        query = sa.select(*(table.c[n] for n in names), table.c.known_from, table.c.known_to).order_by(table.c.id)
        with self.ledger.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]


pytestmark = pytest.mark.both_stores


@pytest.fixture(scope="module")
def new_book(request, new_url):
    """Return a function that lends one book, empty each time."""
    ledger = Ledger(new_url(request.param), {t.name: t for t in (PLAIN, REVISED, PAIRED)})
    ledger.create()

    @contextmanager
    def lend():
        with ledger.writing() as connection:
            for table in ledger.tables.values():
                connection.execute(table.delete())
        yield Book(ledger)

    yield lend
    ledger.engine.dispose()


@pytest.fixture
def book(new_book):
    with new_book() as lent:
        yield lent


def red(k, **rest):
    return {"k": k, "part": "p", "colour": "red", "size": 1, **rest}


def test_new_rows_are_opened_at_the_tick(book):
    delta = book.merge("plain", [red("a"), red("b")])
    assert (delta.opened_count, delta.closed_count) == (2, 0)
    assert book.versions("plain") == [("a", "p", "red", 1, 1, None), ("b", "p", "red", 1, 1, None)]


def test_unchanged_rows_write_nothing(book):
    book.merge("plain", [red("a"), red("b")])
    before = book.versions("plain")
    assert not book.merge("plain", [red("b"), red("a")])
    assert book.versions("plain") == before


def test_a_changed_row_closes_the_old_version_and_opens_the_new(book):
    book.merge("plain", [red("a"), red("b")])
    delta = book.merge("plain", [red("a", colour="blue")])
    assert (delta.opened_count, delta.closed_count) == (1, 1)
    assert book.versions("plain") == [
        ("a", "p", "red", 1, 1, 2),
        ("b", "p", "red", 1, 1, None),
        ("a", "p", "blue", 1, 2, None),
    ]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_null_equals_null(book, missing):
    book.merge("plain", [red("a", colour=None, size=missing)])
    assert not book.merge("plain", [red("a", colour=missing, size=None)])
    assert book.known("plain") == [red("a", colour=None, size=None)]


@pytest.mark.parametrize(("old", "new"), [(None, 0), (0, None), (None, 1)])
def test_null_differs_from_every_value(book, old, new):
    book.merge("plain", [red("a", size=old)])
    assert book.merge("plain", [red("a", size=new)])
    assert book.known("plain") == [red("a", size=new)]


def test_text_that_looks_like_a_number_stays_text(book):
    book.merge("plain", [red("a", colour="007")])
    assert book.merge("plain", [red("a", colour="7")])
    assert [row["colour"] for row in book.known("plain", at=1)] == ["007"]


def test_without_within_nothing_vanishes(book):
    book.merge("plain", [red("a"), red("b")])
    assert not book.merge("plain", [])
    assert len(book.known("plain")) == 2


def test_within_closes_what_vanished_and_nothing_outside(book):
    book.merge("plain", [red("a"), red("b"), red("c", part="q"), red("d", part="r"), red("e", part=None)])
    delta = book.merge("plain", [red("a")], within=pd.DataFrame({"part": ["p", "q", "empty"]}, dtype=object))
    assert (delta.opened_count, delta.closed_count) == (0, 2)
    assert [row["k"] for row in book.known("plain")] == ["a", "d", "e"]


def test_within_looks_at_the_whole_key(book):
    book.merge("paired", [{"part": "p", "k": "a", "size": 1}, {"part": "q", "k": "a", "size": 1}])
    book.merge("paired", [{"part": "q", "k": "a", "size": 1}], within=pd.DataFrame({"part": ["p", "q"]}))
    assert [row["part"] for row in book.known("paired")] == ["q"]


def test_what_vanished_and_comes_again_is_opened_again(book):
    book.merge("plain", [red("a")])
    book.merge("plain", [], within=pd.DataFrame({"part": ["p"]}))
    book.merge("plain", [red("a")])
    assert book.versions("plain") == [("a", "p", "red", 1, 1, 2), ("a", "p", "red", 1, 3, None)]
    assert book.known("plain", at=2) == []


def test_merge_takes_a_select_as_well_as_a_frame(book):
    book.merge("plain", [red("a", size=3), red("b", size=4)])
    plain = book.ledger.tables["plain"]
    rows = sa.select(plain.c.part, plain.c.k, plain.c.size).where(plain.c.known_to.is_(None), plain.c.size > 3)
    parts = sa.select(plain.c.part).where(plain.c.known_to.is_(None)).distinct()
    book.merge("paired", [{"part": "p", "k": "z", "size": 0}])
    delta = book.merge("paired", rows, within=parts)
    assert (delta.opened_count, delta.closed_count) == (1, 1)
    assert book.known("paired") == [{"part": "p", "k": "b", "size": 4}]


def rev(number, colour="red", k="a"):
    return {"k": k, "rev": number, "colour": colour}


def test_a_newer_revision_replaces_the_older(book):
    book.merge("revised", [rev(1)])
    book.merge("revised", [rev(2, "blue")])
    assert book.versions("revised") == [("a", 1, "red", 1, 2), ("a", 2, "blue", 2, None)]


def test_a_revision_arriving_late_is_kept_as_never_current(book):
    book.merge("revised", [rev(2, "blue")])
    delta = book.merge("revised", [rev(1)])
    assert (delta.opened_count, delta.closed_count) == (1, 0)
    assert book.versions("revised") == [("a", 2, "blue", 1, None), ("a", 1, "red", 2, 2)]
    assert [book.known("revised", at=tick) for tick in (1, 2)] == [[rev(2, "blue")]] * 2


def test_a_late_revision_is_kept_once(book):
    book.merge("revised", [rev(2, "blue")])
    book.merge("revised", [rev(1)])
    assert not book.merge("revised", [rev(1)])
    assert len(book.versions("revised")) == 2


def test_of_two_revisions_in_one_batch_the_newest_is_current_and_both_are_kept(book):
    book.merge("revised", [rev(1), rev(3, "green"), rev(2, "blue")])
    assert sorted(book.versions("revised")) == [("a", 1, "red", 1, 1), ("a", 2, "blue", 1, 1), ("a", 3, "green", 1, None)]


def test_replaying_an_old_batch_after_a_newer_revision_changes_nothing(book):
    book.merge("revised", [rev(1), rev(1, k="b")])
    book.merge("revised", [rev(2, "blue")])
    before = book.versions("revised")
    assert not book.merge("revised", [rev(1), rev(1, k="b")])
    assert book.versions("revised") == before


def test_a_version_that_was_current_and_comes_again_beside_a_newer_writes_only_the_newer(book):
    book.merge("revised", [rev(1)])
    delta = book.merge("revised", [rev(1), rev(2, "blue")])
    assert (delta.opened_count, delta.closed_count) == (1, 1)
    assert book.known("revised") == [rev(2, "blue")]


def test_of_one_revision_told_twice_the_last_told_is_current(book):
    book.merge("revised", [rev(1)])
    book.merge("revised", [rev(1, "blue")])
    assert book.known("revised") == [rev(1, "blue")]


def test_a_row_without_a_revision_is_refused_where_revisions_are_kept(book):
    with pytest.raises(sa.exc.IntegrityError):
        book.merge("revised", [rev(None)])
    assert book.versions("revised") == []


def test_a_merge_that_fails_leaves_the_table_and_the_connection_as_they_were(book):
    book.merge("plain", [red("a")])
    before = book.versions("plain")
    with pytest.raises(sa.exc.IntegrityError):
        book.merge("plain", [red("b"), red("b", colour="blue")])
    assert book.versions("plain") == before
    assert book.merge("plain", [red("b")])


keys = st.sampled_from("abc")
colours = st.sampled_from(["red", "blue", None])
plain_rows = st.lists(
    st.builds(lambda k, part, colour: red(k, part=part, colour=colour), keys, st.sampled_from("pq"), colours),
    max_size=3,
    unique_by=lambda row: row["k"],
)
plain_merges = st.lists(st.tuples(plain_rows, st.sets(st.sampled_from("pq"))), min_size=1, max_size=4)
revised_rows = st.lists(st.builds(rev, st.integers(0, 4), colours, keys), max_size=4, unique_by=lambda r: (r["k"], r["rev"]))
revised_merges = st.lists(revised_rows, min_size=1, max_size=4)


@settings(max_examples=25)
@given(plain_merges)
def test_what_was_known_at_a_tick_never_changes_and_now_is_what_was_told_last(new_book, merges):
    with new_book() as book:
        told, remembered = {}, {}
        for rows, parts in merges:
            book.merge("plain", rows, within=pd.DataFrame({"part": sorted(parts)}, dtype=object))
            named = {row["k"] for row in rows}
            told = {k: row for k, row in told.items() if row["part"] not in parts or k in named}
            told.update({row["k"]: row for row in rows})
            assert book.known("plain") == [told[k] for k in sorted(told)]
            remembered[book.tick] = book.known("plain")
        assert {tick: book.known("plain", at=tick) for tick in remembered} == remembered


@settings(max_examples=25)
@given(revised_merges)
def test_the_highest_revision_is_current_and_every_version_told_is_kept_once(new_book, merges):
    with new_book() as book:
        told, remembered = {}, {}
        for rows in merges:
            book.merge("revised", rows)
            for row in sorted(rows, key=lambda row: row["rev"]):
                if row["k"] not in told or row["rev"] >= told[row["k"]]["rev"]:
                    told[row["k"]] = row
            assert book.known("revised") == [told[k] for k in sorted(told)]
            remembered[book.tick] = book.known("revised")
        assert {tick: book.known("revised", at=tick) for tick in remembered} == remembered
        every = {(row["k"], row["rev"], row["colour"]) for rows in merges for row in rows}
        assert {version[:3] for version in book.versions("revised")} == every


@settings(max_examples=20)
@given(plain_merges, st.integers(0, 4))
def test_what_ticks_opened_and_closed_leads_from_one_state_to_the_next(new_book, merges, after):
    with new_book() as book:
        for rows, parts in merges:
            book.merge("plain", rows, within=pd.DataFrame({"part": sorted(parts)}, dtype=object))
        upto = book.tick
        with book.ledger.reading() as connection:
            old = rows_known(connection, book.ledger, "plain", CITY, at=after).set_index("id")
            new = rows_known(connection, book.ledger, "plain", CITY, at=upto).set_index("id")
            opened = rows_opened(connection, book.ledger, "plain", CITY, after=after, upto=upto).set_index("id")
            closed = ids_closed(connection, book.ledger, "plain", after=after, upto=upto)
        assert [*old.drop(index=closed).index, *opened.index] == list(new.index)
