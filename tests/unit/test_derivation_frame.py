"""Tables that a function of frames derives: what it is given, what is touched, and what its definition is."""

import importlib

import pandas as pd
import pytest

import etl
from cockpit.ledger.merge import merge
from cockpit.ledger.store import Ledger
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.text import Text
from etl.derived import Derived, Lookup, derive
from etl.renewal import definition, imported, leaning, text_of

A = Text("甲", "a")
THING = Table(
    name="thing",
    title=A,
    grain="one row per thing",
    key=("thing_id",),
    by=("thing_id",),
    columns=(
        Column("thing_id", Kind.TEXT, A, required=True),
        Column("place_id", Kind.TEXT, A),
        Column("size", Kind.INTEGER, A),
        Column("is_old", Kind.BOOLEAN, A),
    ),
)
PLACE = Table(
    name="place",
    title=A,
    grain="one row per place",
    key=("place_id",),
    columns=(Column("place_id", Kind.TEXT, A, required=True), Column("factor", Kind.INTEGER, A)),
)
RULE = Table(
    name="rule",
    title=A,
    grain="one row per rule",
    key=("rule_id",),
    columns=(Column("rule_id", Kind.TEXT, A, required=True), Column("more", Kind.INTEGER, A)),
)
SIZED_TABLE = Table(
    name="sized",
    title=A,
    grain="one row per thing",
    key=("thing_id",),
    by=("thing_id",),
    columns=(
        Column("thing_id", Kind.TEXT, A, required=True),
        Column("size", Kind.INTEGER, A),
        Column("is_old", Kind.BOOLEAN, A),
    ),
)
LOOKUPS = (Lookup("place", "thing", "place_id"), Lookup("rule"))


class Sizing:
    """A derivation that remembers what it was given: each thing's size times its place's factor, plus what the rules add."""

    def __init__(self) -> None:
        self.given: list[dict[str, pd.DataFrame]] = []

    def __call__(self, current):
        self.given.append(dict(current))
        rows = current["thing"].merge(current["place"], on="place_id", how="left")
        size = rows["size"].astype("float64") * rows["factor"].astype("float64") + sum(current["rule"]["more"])
        return pd.DataFrame({"thing_id": rows["thing_id"], "size": size, "is_old": rows["is_old"]})

    def last(self):
        """Return the rows that it was given last, as sets of their keys, by table."""
        return {name: {*rows.iloc[:, 0]} for name, rows in self.given[-1].items()}


class World:
    """A store of things, places and rules, and the table that follows from them."""

    def __init__(self, url: str) -> None:
        self.sizing = Sizing()
        self.sized = Derived(table=SIZED_TABLE, sources=("thing",), by="thing_id", frame=self.sizing, lookups=LOOKUPS)
        self.ledger = Ledger(url, {table.name: table for table in (THING, PLACE, RULE, SIZED_TABLE)})
        self.ledger.create()
        self.ticks = 0

    def tell(self, name, *rows):
        """Make rows known at a new tick, and derive what follows; return how many rows that opened and closed."""
        self.ticks += 1
        names = list(self.ledger.declared[name].names)
        with self.ledger.writing() as connection:
            merge(connection, self.ledger, name, pd.DataFrame(rows, columns=names, dtype=object), tick=self.ticks)
            delta = derive(connection, self.ledger, self.sized, self.ticks, {name})
        return delta.opened_count, delta.closed_count

    def sizes(self):
        """Return the current sizes by thing."""
        sized = self.ledger.tables["sized"]
        with self.ledger.reading() as connection:
            rows = connection.execute(sized.select().where(sized.c.known_to.is_(None))).all()
        return {row.thing_id: (row.size, row.is_old) for row in rows}


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request, new_url):
    made = World(new_url(request.param))
    yield made
    made.ledger.engine.dispose()


def fill(world):
    world.tell("place", ("p", 2), ("q", 3))
    world.tell("rule", ("r", 1))
    world.tell("thing", ("a", "p", 10, True), ("b", "q", 10, None), ("c", None, 10, False))


def test_a_function_is_given_the_touched_rows_what_they_refer_to_and_whole_lists(world):
    fill(world)
    assert world.tell("thing", ("a", "p", 11, True)) == (1, 1)
    assert world.sizing.last() == {"thing": {"a"}, "place": {"p"}, "rule": {"r"}}
    [given] = world.sizing.given[-1]["thing"].to_dict("records")
    assert given == {"thing_id": "a", "place_id": "p", "size": 11, "is_old": True}


def test_what_is_missing_is_missing_and_whole_numbers_are_whole(world):
    fill(world)
    assert world.sizes() == {"a": (21, True), "b": (31, None), "c": (None, False)}
    assert isinstance(world.sizes()["a"][0], int)
    [_, given] = world.sizing.given[-1]["thing"].sort_values("thing_id").to_dict("records")[1:]
    assert given == {"thing_id": "c", "place_id": None, "size": 10, "is_old": False}


def test_a_row_referred_to_touches_its_own_and_a_whole_list_touches_all(world):
    fill(world)
    assert world.tell("place", ("q", 4)) == (1, 1)
    assert world.sizing.last()["thing"] == {"b"}
    assert world.tell("rule", ("s", 1)) == (2, 2)
    assert world.sizing.last() == {"thing": {"a", "b", "c"}, "place": {"p", "q"}, "rule": {"r", "s"}}
    assert world.sizes() == {"a": (22, True), "b": (42, None), "c": (None, False)}


def test_what_comes_out_as_it_was_writes_nothing_and_what_touches_nothing_derives_nothing(world):
    fill(world)
    assert world.tell("rule", ("s", 0)) == (0, 0)
    runs = len(world.sizing.given)
    assert world.tell("place", ("of no thing", 7)) == (0, 0)
    assert len(world.sizing.given) == runs


def test_a_table_is_derived_in_one_way():
    with pytest.raises(ValueError, match="sized: give a query or a frame function"):
        Derived(table=SIZED_TABLE, sources=("thing",), by="thing_id")


def test_a_definition_changes_with_the_text_of_a_module_that_its_function_leans_on(world, monkeypatch, tmp_path):
    monkeypatch.setattr(etl, "__path__", [*etl.__path__, str(tmp_path)])

    def sizing(current):
        return current["thing"]

    def definition_with(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        text_of.cache_clear()
        imported.cache_clear()
        return definition(world.ledger, sized)

    sizing.__module__ = "etl.leaning_one"
    sized = Derived(table=SIZED_TABLE, sources=("thing",), by="thing_id", frame=sizing, lookups=LOOKUPS)
    texts = {"leaning_one": "from etl.first import x", "first": "import json\nfrom etl import second", "second": "y = 1"}
    before = definition_with(**texts)
    assert leaning("etl.leaning_one") == {"etl.leaning_one", "etl.first", "etl.second"}
    assert definition_with(unused="z = 1") == before
    assert definition_with(second="y = 2") != before
    assert definition_with(second="y = 1") == before
