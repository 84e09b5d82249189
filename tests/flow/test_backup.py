"""A backup holds the store as it was at one moment, and proves it; whatever is damaged is found, and nothing is written."""

import json
import multiprocessing
import os
import shutil
import signal
import stat
import threading
import time
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.errors import BackupError
from cockpit.ledger.store import Ledger
from cockpit.ledger.upgrade import create
from cockpit.operation.archive import is_sealed
from cockpit.operation.backup import back_up, kept_tables, metrics_told
from cockpit.operation.restore import opened, proven, put_site, restore
from cockpit.site import load_site
from etl.catalogue import tables
from etl.schedule import Schedule
from tests.conftest import SmallCity

NOW = 1_700_000_000.0
EPOCH = 1_699_900_000
"""A little before NOW, so that the windows of the metrics reach the calls."""


def stamp(second):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(EPOCH + second))


def calls(numbers):
    answered = {0: "no time"}  # one row is refused, so that the quarantine is not empty
    return [
        {"call": f"c{n}", "rev": "0", "incident": f"i{n}", "called": stamp(60 * n), "town": "AB?"[n % 3]}
        | {"answered": answered.get(n, stamp(60 * n + 5)), "accepted": stamp(60 * n + 40 + n % 9)}
        for n in numbers
    ]


@pytest.fixture
def new_ledger(tmp_path):
    """Return a function that gives a new store of its own."""
    made = []

    def new(name="cockpit"):
        ledger = Ledger(f"sqlite:///{tmp_path / 'stores' / f'{name}.db'}", tables())
        create(ledger)
        made.append(ledger)
        return ledger

    yield new
    for ledger in made:
        ledger.engine.dispose()


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """Return the folder of a small city, whose store has read some calls in two ticks."""
    city = SmallCity(tmp_path_factory.mktemp("example"))
    for table in ("town", "station", "vehicle_status"):
        city.write(table)
    city.write("emergency_call", *calls(range(40)))
    ledger = Ledger(city.site().default_store, tables())
    create(ledger)
    Schedule(city.site(), ledger, lambda: NOW).run_due(everything=True)
    city.write("emergency_call", *calls(range(30, 60)), name="emergency_call2.csv")
    Schedule(city.site(), ledger, lambda: NOW + 60).run_due(everything=True)
    ledger.engine.dispose()
    return city.folder


@pytest.fixture
def city(example, tmp_path):
    """Return a copy of the example."""
    shutil.copytree(example, tmp_path / "city")
    return SmallCity(tmp_path / "city")


@pytest.fixture
def told(city):
    """Return the example's site and its store."""
    site = load_site(city.folder)
    ledger = Ledger(site.default_store, tables())
    yield site, ledger
    ledger.engine.dispose()


def backed_up(told, path):
    site, ledger = told
    return back_up(ledger, site, path, version="1", now=NOW)


def content(ledger):
    """Return every row of every table that is no book of the store itself."""
    with ledger.reading() as connection:
        found = {name: connection.execute(sa.select(table)).all() for name, table in kept_tables(ledger).items()}
    return {name: sorted(map(tuple, rows), key=repr) for name, rows in found.items()}


def test_a_restored_store_is_the_store(told, new_ledger, tmp_path):
    manifest = backed_up(told, tmp_path / "b.zip")
    archive, other = opened(tmp_path / "b.zip"), new_ledger("other")
    restore(archive, other)
    assert content(other) == content(told[1])
    said = proven(archive, other)
    assert "compared and equal" in said
    assert manifest["tables"]["quarantine"]["rows"] > 0
    assert json.loads(ZipFile(tmp_path / "b.zip").read("metrics.json"))["tick"] == manifest["tick"] > 0


def test_it_goes_on_where_the_backup_ended(told, city, new_ledger, tmp_path):
    site, ledger = told
    backed_up(told, tmp_path / "b.zip")
    other = new_ledger("other")
    restore(opened(tmp_path / "b.zip"), other)
    city.write("emergency_call", *calls(range(60, 70)), name="emergency_call3.csv")
    for each in (ledger, other):
        Schedule(site, each, lambda: NOW + 120).run_due(everything=True)
    assert content(other) == content(ledger)


def test_a_backup_is_the_road_to_postgresql_and_back(told, postgres, new_ledger, tmp_path):
    site, ledger = told
    server = Ledger(postgres.new_database(), tables())
    create(server)
    backed_up(told, tmp_path / "there.zip")
    restore(opened(tmp_path / "there.zip"), server)
    proven(opened(tmp_path / "there.zip"), server)
    SmallCity(site.folder).write("emergency_call", *calls(range(60, 65)), name="emergency_call3.csv")
    for each in (ledger, server):  # numbers go on behind those that were put in
        Schedule(site, each, lambda: NOW + 120).run_due(everything=True)
    assert content(server) == content(ledger)
    back_up(server, site, tmp_path / "back.zip", version="1", now=NOW)
    other = new_ledger("other")
    restore(opened(tmp_path / "back.zip"), other)
    proven(opened(tmp_path / "back.zip"), other)
    assert content(other) == content(ledger)
    server.engine.dispose()


def test_a_backup_under_write_load_is_one_moment(told, city, new_ledger, tmp_path):
    site, ledger = told
    stop = threading.Event()

    def write():
        number = 100
        while not stop.is_set():
            city.write("emergency_call", *calls(range(number, number + 5)), name=f"emergency_call{number}.csv")
            Schedule(site, ledger, lambda now=NOW + number: now).run_due(everything=True)
            number += 5

    writing = threading.Thread(target=write)
    writing.start()
    try:
        ticks = [backed_up(told, tmp_path / f"{i}.zip")["tick"] for i in range(2)]
    finally:
        stop.set()
        writing.join()
    for i, tick in enumerate(ticks):
        archive, other = opened(tmp_path / f"{i}.zip"), new_ledger(f"other{i}")
        restore(archive, other)
        proven(archive, other)
        assert metrics_told(other, site, tick) == metrics_told(ledger, site, tick)
    assert ticks[-1] > ticks[0], "nothing was written meanwhile"


def test_every_damaged_byte_is_found_and_nothing_is_written(told, new_ledger, tmp_path):
    path = tmp_path / "b.zip"
    backed_up(told, path)
    sound = path.read_bytes()
    places = {}
    with ZipFile(path) as bundle:
        for info in bundle.infolist():
            extra = int.from_bytes(sound[info.header_offset + 28 : info.header_offset + 30], "little")
            data = info.header_offset + 30 + len(info.filename.encode()) + extra  # what follows the local header
            places |= {data + info.compress_size // 2: info.filename} if info.compress_size > 40 else {}
    places |= dict.fromkeys(range(0, len(sound), 997))
    for place, name in places.items():
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x10]) + sound[place + 1 :])
        with pytest.raises(BackupError, match=name or "is damaged"):
            opened(path)
    for cut in (0, 10, len(sound) // 2, len(sound) - 1):
        path.write_bytes(sound[:cut])
        with pytest.raises(BackupError, match="is damaged"):
            opened(path)
    path.write_bytes(sound)
    opened(path)


def test_a_store_that_knows_something_is_not_overwritten(told, tmp_path):
    backed_up(told, tmp_path / "b.zip")
    before = content(told[1])
    with pytest.raises(BackupError, match="not empty"):
        restore(opened(tmp_path / "b.zip"), told[1])
    assert content(told[1]) == before


def test_a_restore_that_fails_half_way_leaves_an_empty_store(told, new_ledger, tmp_path):
    backed_up(told, tmp_path / "b.zip")
    archive, other = opened(tmp_path / "b.zip"), new_ledger("other")
    archive.tables["tick"]["rows"] += 1
    with pytest.raises(BackupError, match="tick"):
        restore(archive, other)
    assert not any(content(other).values())


def test_a_backup_is_never_overwritten_and_only_its_owner_reads_it(told, tmp_path):
    backed_up(told, tmp_path / "b.zip")
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="exists"):
        backed_up(told, tmp_path / "b.zip")


def test_a_backup_of_another_version_is_refused_by_name(told, new_ledger, tmp_path):
    backed_up(told, tmp_path / "b.zip")
    archive = opened(tmp_path / "b.zip")
    archive.tables["tick"]["columns"][-1] = "mood"
    with pytest.raises(BackupError, match=r"column tick\.mood"):
        restore(archive, new_ledger("other"))


def test_the_configuration_goes_along_and_secrets_and_records_do_not(told, city, tmp_path):
    (city.folder / ".env").write_text("COCKPIT_SECRET=hush")
    (city.folder / ".env").chmod(0o600)
    written = city.folder / "site.toml"
    written.write_text(written.read_text().replace('path = "town*.csv"', 'path = "town*.csv"\nstatic = true'))
    back_up(told[1], load_site(city.folder), tmp_path / "b.zip", version="1", now=NOW)
    put_site(opened(tmp_path / "b.zip"), tmp_path / "again")
    assert {path.name for path in (tmp_path / "again").rglob("*")} == {"site.toml", "town.csv"}
    assert b"hush" not in (tmp_path / "b.zip").read_bytes()
    with pytest.raises(BackupError, match="not empty"):
        put_site(opened(tmp_path / "b.zip"), tmp_path / "again")


def die_in_the_middle(folder, url, path):
    """Back up, and be killed when the first table is in the file."""
    from cockpit.operation import archive
    from cockpit.site import load_site

    ledger = Ledger(url, tables())
    add = archive.Writing.add

    def add_and_die(self, name, pieces):
        add(self, name, pieces)
        os.kill(os.getpid(), signal.SIGKILL)

    archive.Writing.add = add_and_die
    back_up(ledger, load_site(folder), path, version="1", now=NOW)


def test_a_killed_backup_leaves_no_file_under_the_name_and_the_next_one_is_whole(told, city, tmp_path):
    _, ledger = told
    url = ledger.engine.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(
        target=die_in_the_middle, args=(city.folder, url, tmp_path / "b.zip")
    )
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert not (tmp_path / "b.zip").exists()
    assert (tmp_path / "b.zip.partial").exists()
    backed_up(told, tmp_path / "b.zip")
    assert is_sealed(tmp_path / "b.zip")
    assert not (tmp_path / "b.zip.partial").exists()


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Return two stores that hold nothing but books."""
    folder = tmp_path_factory.mktemp("books")
    ledgers = [Ledger(f"sqlite:///{folder / f'{name}.db'}", {}) for name in ("from", "into")]
    for ledger in ledgers:
        create(ledger)
    yield ledgers
    for ledger in ledgers:
        ledger.engine.dispose()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.fixed_dictionaries(
    {
        "key": texts,
        "checked_at": st.floats(allow_nan=False),
        "loaded_at": st.none() | st.floats(allow_nan=False),
        "observed_at": st.none() | st.integers(-(2**63), 2**63 - 1),
        "cursor": texts,
        "state": texts,
        "message": texts,
    }
)


@given(rows=st.lists(values, max_size=4, unique_by=lambda row: row["key"]), extract=st.binary(max_size=40))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_comes_back_bit_for_bit(city, books, tmp_path, rows, extract):
    source, into = books
    for ledger in books:
        with ledger.writing() as connection:
            for table in kept_tables(ledger).values():
                connection.execute(table.delete())
    with source.writing() as connection:
        connection.execute(source.held.insert(), {"batch": 1, "extract": extract})
        for row in rows:
            connection.execute(source.sources.insert(), row)
    (tmp_path / "b.zip").unlink(missing_ok=True)
    back_up(source, load_site(city.folder), tmp_path / "b.zip", version="1", now=NOW)
    restore(opened(tmp_path / "b.zip"), into)
    assert repr(content(into)) == repr(content(source))  # by repr, for -0.0 equals 0.0
