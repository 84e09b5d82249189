"""What tests stand on: a store, rows told by hand, a small site, a clock that one can set."""

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from cockpit.ledger.read import rows_known
from cockpit.ledger.store import Ledger
from cockpit.scope import CITY, UNKNOWN_TOWN
from cockpit.site import Site, load_site
from etl.batch import Batch
from etl.catalogue import tables
from etl.judging import JUDGED
from etl.load import load
from tests.postgres import Server

TOGETHER = ("tests/browser/", "tests/flow/canary/", "tests/flow/injury_city/")
"""Folders whose files share a city that takes minutes to fill: one worker runs all of one."""

settings.register_profile("cockpit", deadline=None, database=None, print_blob=True)
settings.load_profile("cockpit")


class Clock:
    """A clock that shows what it was set to (UTC s)."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Store:
    """A ledger, and the short way to tell it rows and to ask what it knows."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.told = count()

    def frame(self, name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Return rows as a frame of a table's columns; what a row does not say is missing."""
        names = list(self.ledger.declared[name].names)
        full = [{"rev": 0, "town_code": UNKNOWN_TOWN, "event_local": row.get("event_at"), **row} for row in rows]
        return pd.DataFrame([[row.get(n) for n in names] for row in full], columns=names, dtype=object)

    def tell(self, *, as_of: int = 0, **rows: Sequence[Mapping[str, Any]]) -> int | None:
        """Load rows of some tables as one batch, and return its tick."""
        return load(self.ledger, self.batch(str(next(self.told)), rows), as_of=as_of, now=float(as_of))

    def batch(self, content: str, rows: Mapping[str, Sequence[Mapping[str, Any]]], **said: Any) -> Batch:
        """Return rows of some tables as a batch."""
        return Batch(
            source="told",
            content=content,
            origin="told by hand",
            read_count=0,
            duplicate_count=0,
            rows={name: self.frame(name, some) for name, some in rows.items()},
            refused=self.frame("quarantine", []),
            **said,
        )

    def rows(self, name: str, *, at: int | None = None) -> list[dict[str, Any]]:
        """Return the rows known at a tick, by key, as the table declares them."""
        with self.ledger.reading() as connection:
            frame = rows_known(connection, self.ledger, name, CITY, at=at)
        key = self.ledger.declared[name].key
        return sorted(frame.drop(columns="id").to_dict("records"), key=lambda row: [str(row[k]) for k in key])

    def wipe(self) -> None:
        """Forget everything that is known; what the store says of itself stays."""
        known = [table for table in self.ledger.metadata.sorted_tables if table not in self.ledger.own_books]
        with self.ledger.writing() as connection:
            filled = [sa.select(sa.literal(table.name)).where(sa.exists(sa.select(table))) for table in known]
            for name in connection.scalars(
                sa.union_all(*filled)
            ).all():  # few tables are filled, and a truncation costs each its files
                connection.execute(self.ledger.metadata.tables[name].delete())
            about = self.ledger.about
            connection.execute(about.delete().where(about.c.key.startswith(JUDGED)))


NewStore = Callable[[], AbstractContextManager[Store]]
NewUrl = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Run a PostgreSQL server for as long as the tests last."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewUrl]:
    """Return a function that gives the URL of an empty database of a kind."""
    folder, made = tmp_path_factory.mktemp("stores"), count()

    def give(kind: str) -> str:
        if kind == "postgresql":
            return request.getfixturevalue("postgres").new_database()
        return f"sqlite:///{folder / f'{next(made)}.db'}"

    yield give
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def lenders(new_url: NewUrl) -> Iterator[Callable[[str], NewStore]]:
    """Return a function that gives, for a kind of store, the one that lends them; stores are wiped and lent again."""
    free: dict[str, list[Store]] = {"sqlite": [], "postgresql": []}
    made: list[Store] = []

    @contextmanager
    def lend(kind: str) -> Iterator[Store]:
        if not free[kind]:
            ledger = Ledger(new_url(kind), tables())
            ledger.create()
            made.append(Store(ledger))
            free[kind].append(made[-1])
        store = free[kind].pop()
        try:
            yield store
        finally:
            store.wipe()
            free[kind].append(store)

    yield lambda kind: partial(lend, kind)
    for store in made:
        store.ledger.engine.dispose()


@pytest.fixture(scope="session")
def new_store(request: pytest.FixtureRequest, lenders: Callable[[str], NewStore]) -> NewStore:
    """Return a function that lends an empty store with every table: in SQLite, or as `both_stores` says."""
    return lenders(getattr(request, "param", "sqlite"))


class ByFile(LoadFileScheduling):
    """One worker runs a file, or a folder whose files share a city.

    They begin in the order of their names: the browser's folder, which takes longest, first, and last the quick files of
    `unit`, so that the workers end together. The scheduler's own order, by how many tests there are, ends with the slowest.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Tell `-n 2` how to share out the tests."""
    return ByFile(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_stores`, and uses a store, on SQLite and on PostgreSQL."""
    asked = next((name for name in ("new_store", "new_book") if name in metafunc.fixturenames), None)
    if asked and metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize(asked, ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def store(new_store: NewStore) -> Iterator[Store]:
    """Lend one empty store."""
    with new_store() as lent:
        yield lent


@pytest.fixture
def clock() -> Clock:
    """Return a clock at the epoch."""
    return Clock()


HEADERS = {
    "town": ("code", "name"),
    "station": ("station", "name", "town"),
    "emergency_call": ("call", "rev", "incident", "called", "answered", "accepted", "town", "outcome", "precision"),
    "vehicle_status": ("event", "rev", "run", "incident", "station", "status", "at", "source"),
}
FIELDS = {
    "town": 'town_code = "code", name = "name"',
    "station": 'station_id = "station", name = "name", town_code = "town"',
    "emergency_call": (
        'call_id = "call", rev = "rev", incident_id = "incident", event_at = "called", t_answer = "answered", '
        't_accept_end = "accepted", town_code = "town", outcome = "outcome", time_precision = "precision"'
    ),
    "vehicle_status": (
        'event_id = "event", rev = "rev", run_id = "run", incident_id = "incident", station_id = "station", '
        'status = "status", event_at = "at", source = "source"'
    ),
}


@dataclass(frozen=True)
class SmallCity:
    """A site folder with one `csv` source for each table, read every minute."""

    folder: Path

    def write(self, table: str, *rows: Mapping[str, str], name: str | None = None) -> Path:
        """Write a file of a table's source; what a row does not say is empty."""
        path = self.folder / (name or f"{table}.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADERS[table], restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def site(self, *, time_zone: str = "UTC", replay: Mapping[str, object] | None = None) -> Site:
        """Write `site.toml` and read it; with a replay clock the calls are a record told again."""
        told_again = "emergency_call" if replay else None
        parts = ['key = "small"', 'title = "A small city"', f'time_zone = "{time_zone}"', "date_floor = 2020-01-01"]
        if replay:
            parts += ["[replay]", *(f"{key} = {value}" for key, value in replay.items())]
        for table, header in HEADERS.items():
            kind, interval_s = ("replay", 2) if table == told_again else ("csv", 60)
            parts += [f'[[sources]]\nkey = "{table}"\nkind = "{kind}"\ntitle = "{table}"\npath = "{table}*.csv"']
            parts += [f'encoding = "utf-8"\nheader = {list(header)}\ninterval_s = {interval_s}\nsettle_s = 0']
            parts += [f'[[sources.reads]]\ntable = "{table}"\nfields = {{ {FIELDS[table]} }}']
        (self.folder / "site.toml").write_text("\n".join(parts), encoding="utf-8")
        return load_site(self.folder)


def founded(folder: Path) -> SmallCity:
    """Return a small site of towns A and B in a folder, with a station in each and no call yet."""
    made = SmallCity(folder)
    made.write("town", {"code": "A", "name": "Anning"}, {"code": "B", "name": "Beihe"})
    made.write("station", {"station": "s1", "name": "North", "town": "A"}, {"station": "s2", "name": "South", "town": "B"})
    made.write("emergency_call")
    made.write("vehicle_status")
    return made


@pytest.fixture
def city(tmp_path: Path) -> SmallCity:
    """Return a folder for a small site, as `founded`."""
    return founded(tmp_path)
