"""The laws of compaction: what stays is untouched, and what comes afterwards behaves as if nothing had gone."""

from contextlib import contextmanager, suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import UnknownName
from cockpit.ledger.merge import merge
from cockpit.ledger.read import rows_known, tick_at
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.ledger.upgrade import create
from cockpit.operation.compaction import compact, foreseen, planned
from cockpit.scope import CITY
from cockpit.text import Text
from tests.full import IS_FULL

HOUR_S, DAY_S = 3600, 86_400
SHANGHAI = ZoneInfo("Asia/Shanghai")
FOR_EVER = 1_000_000
BEGAN = int(datetime(2026, 3, 1, tzinfo=SHANGHAI).timestamp())


def declare(name, *columns):
    meaning = Text("测试", "test")
    kinds = {"k": Kind.TEXT, "part": Kind.TEXT}
    described = tuple(Column(c, kinds.get(c, Kind.INTEGER), meaning) for c in columns)
    return Table(name=name, title=meaning, grain="test", key=("k",), columns=described)


TABLES = {t.name: t for t in (declare("plain", "k", "part", "size"), declare("revised", "k", "part", "rev", "size"))}


class Dies(Exception):
    """The process is gone."""


class Mortal(Ledger):
    """A ledger whose process dies before its n-th transaction that writes."""

    writes_left = FOR_EVER

    @contextmanager
    def writing(self):
        if self.writes_left == 0:
            raise Dies
        self.writes_left -= 1
        with super().writing() as connection:
            yield connection


class History:
    """A store that is told steps; every step is a tick of its own."""

    def __init__(self, ledger):
        self.ledger, self.number, self.as_of = ledger, 0, BEGAN

    def tell(self, step):
        self.number, self.as_of = self.number + 1, self.as_of + step["after_s"]
        name, table = step["table"], TABLES[step["table"]]
        within = pd.DataFrame({"part": [step["whole"]]}) if step["whole"] else None
        gone = pd.DataFrame(step["gone"], columns=["k", "rev"], dtype=object)
        row = {"number": self.number, "as_of": self.as_of, "committed_at": 0.0, "cause": "told", "is_signed": step["signed"]}
        frame = pd.DataFrame(step["rows"], columns=list(table.names), dtype=object)
        with self.ledger.writing() as connection:
            connection.execute(self.ledger.ticks.insert(), row)
            merge(connection, self.ledger, name, frame, tick=self.number, within=within, deleted=gone)

    def known(self, at=None):
        with self.ledger.reading() as connection:
            return {n: rows_known(connection, self.ledger, n, CITY, at=at).to_dict("records") for n in TABLES}

    def plainly_known(self):
        """Return the current rows without the versions' numbers, which a removed version does not use up."""
        rows = {n: [{k: v for k, v in row.items() if k != "id"} for row in found] for n, found in self.known().items()}
        return {n: sorted(found, key=lambda row: row["k"]) for n, found in rows.items()}

    def ticks(self):
        with self.ledger.reading() as connection:
            return [(row.number, row.as_of, row.is_signed) for row in connection.execute(self.ledger.ticks.select())]


steps = st.fixed_dictionaries(
    {
        "after_s": st.sampled_from([60, HOUR_S, 7 * HOUR_S, DAY_S]),
        "table": st.sampled_from(list(TABLES)),
        "whole": st.sampled_from(["", "", "p", "q"]),
        "signed": st.sampled_from([False, False, False, True]),
        "rows": st.lists(
            st.fixed_dictionaries(
                {
                    "k": st.sampled_from("abc"),
                    "part": st.sampled_from("pq"),
                    "rev": st.integers(0, 3),
                    "size": st.integers(0, 2),
                }
            ),
            max_size=3,
            unique_by=lambda row: row["k"],
        ),
        "gone": st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=1),
    }
)


@pytest.fixture(scope="module")
def new_history(tmp_path_factory):
    """Return a function that gives an empty history; there are two stores, lent by turns."""
    folder = tmp_path_factory.mktemp("histories")
    ledgers = [Mortal(f"sqlite:///{folder / f'{i}.db'}", TABLES) for i in range(2)]
    for ledger in ledgers:
        create(ledger)

    def new(which):
        ledger = ledgers[which]
        ledger.writes_left = FOR_EVER
        with ledger.writing() as connection:
            for table in (*ledger.tables.values(), ledger.ticks):
                connection.execute(table.delete())
        return History(ledger)

    yield new
    for ledger in ledgers:
        ledger.engine.dispose()


def untouched(history, pictures):
    """Check that every tick that is in the store shows what it showed."""
    for number, _, _ in history.ticks():
        assert history.known(number) == pictures[number]
    assert history.known() == pictures[max(pictures)]


@given(
    first=st.lists(steps, min_size=2, max_size=14),
    then=st.lists(steps, max_size=4),
    days=st.integers(1, 3),
    dies_after=st.integers(0, 9),
)
@pytest.mark.torture
@settings(max_examples=50 if IS_FULL else 15)
def test_what_stays_is_untouched_and_what_comes_later_behaves_the_same(new_history, first, then, days, dies_after):
    compacted, other = new_history(0), new_history(1)
    for step in first:
        compacted.tell(step)
        other.tell(step)
    pictures = {number: compacted.known(number) for number, _, _ in compacted.ticks()}
    plan = planned(compacted.ledger, SHANGHAI, days)
    compacted.ledger.writes_left = dies_after
    with suppress(Dies):
        compact(compacted.ledger, plan, at_once=2)
    untouched(compacted, pictures)
    compacted.ledger.writes_left = FOR_EVER
    compact(compacted.ledger, plan, at_once=2)
    untouched(compacted, pictures)
    assert {number for number, _, _ in compacted.ticks()} == set(pictures) - set(plan.removed)
    for step in then:
        compacted.tell(step)
        other.tell(step)
        assert compacted.plainly_known() == other.plainly_known()


@given(first=st.lists(steps, min_size=2, max_size=14), days=st.integers(1, 3))
@settings(max_examples=15)
def test_a_dry_run_foresees_what_goes(new_history, first, days):
    history = new_history(0)
    for step in first:
        history.tell(step)
    plan = planned(history.ledger, SHANGHAI, days)
    expected = foreseen(history.ledger, plan)
    assert compact(history.ledger, plan) == expected
    assert not any(foreseen(history.ledger, planned(history.ledger, SHANGHAI, days)).versions.values())


def told(after_s, *, rows=(), table="plain", signed=False, gone=(), whole=""):
    return {"after_s": after_s, "table": table, "whole": whole, "signed": signed, "rows": list(rows), "gone": list(gone)}


def row(k, size, rev=0):
    return {"k": k, "part": "p", "rev": rev, "size": size}


def test_signed_ticks_last_ticks_of_local_days_whole_recent_days_and_the_newest_stay(new_history):
    history = new_history(0)
    for hour in range(0, 6 * 24, 6):  # four ticks a day of Shanghai, from its midnight on: 0 h, 6 h, 12 h, 18 h
        history.tell(told(6 * HOUR_S if hour else 0, signed=hour == 6))
    plan = planned(history.ledger, SHANGHAI, 2)
    assert plan.whole_from == date(2026, 3, 4)
    compact(history.ledger, plan)
    hours = [(as_of - BEGAN) // HOUR_S for _, as_of, _ in history.ticks()]
    assert hours == [6, 18, 42, 66, *range(72, 144, 6)]


def test_a_time_in_a_removed_stretch_shows_the_tick_before_it_that_stayed(new_history):
    history = new_history(0)
    for size, after_s in enumerate([0, 6 * HOUR_S, 12 * HOUR_S, 12 * HOUR_S, 40 * DAY_S]):
        history.tell(told(after_s, rows=[row("a", size)]))
    compact(history.ledger, planned(history.ledger, SHANGHAI, 30))
    with history.ledger.reading() as connection:
        found = tick_at(connection, history.ledger, as_of=BEGAN + 20 * HOUR_S)
        assert (found.number, found.as_of) == (3, BEGAN + 18 * HOUR_S)
        with pytest.raises(UnknownName):
            tick_at(connection, history.ledger, number=2)
        with pytest.raises(UnknownName):  # nothing that stayed is so old, and a later picture would be a wrong one
            tick_at(connection, history.ledger, as_of=BEGAN + 7 * HOUR_S)
    assert [r["size"] for r in history.known(3)["plain"]] == [2]


def test_a_deletion_still_keeps_an_older_revision_from_coming_back(new_history):
    history = new_history(0)
    history.tell(told(0, table="revised", rows=[row("a", 1, rev=1)]))
    history.tell(told(60, table="revised", gone=[("a", 3)]))
    history.tell(told(60, table="revised", rows=[row("b", 1)]))
    history.tell(told(40 * DAY_S))
    removed = compact(history.ledger, planned(history.ledger, SHANGHAI, 30))
    assert (removed.versions["plain"], removed.versions["revised"]) == (0, 1)
    history.tell(told(60, table="revised", rows=[row("a", 2, rev=2)]))
    assert [r["k"] for r in history.known()["revised"]] == ["b"]


def test_a_version_number_is_never_given_again(new_history):
    history = new_history(0)
    history.tell(told(0, rows=[row("a", 1)]))
    history.tell(told(60, whole="p"))
    history.tell(told(40 * DAY_S))
    compact(history.ledger, planned(history.ledger, SHANGHAI, 30))
    history.tell(told(60, rows=[row("b", 1)]))
    assert [r["id"] for r in history.known()["plain"]] == [2]


def test_an_empty_store_has_nothing_to_remove(new_history):
    history = new_history(0)
    assert not any(compact(history.ledger, planned(history.ledger, SHANGHAI, 30)).versions.values())
