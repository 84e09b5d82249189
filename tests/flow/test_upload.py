"""A file brought by a person: looked at by the code of the schedule, stored by nobody but the schedule, hostile or not."""

import gzip
import io
import time
from collections.abc import Iterator
from itertools import count

import pytest
import xlsxwriter
from starlette.testclient import TestClient

from cockpit.app import build, open_ledger
from cockpit.errors import BatchHeld
from cockpit.ledger.store import Ledger
from cockpit.site import Site, load_site
from etl.preview import preview
from etl.schedule import Schedule
from tests.conftest import Clock, SmallCity

HEADER = "station,name,town\n"
NUMBERS = count()
WORKBOOKS = """
[[sources]]
key = "workbooks"
kind = "excel"
title = "workbooks"
upload = true
header = ["station", "name", "town"]
interval_s = 60
settle_s = 0
[[sources.reads]]
table = "station"
fields = { station_id = "station", name = "name", town_code = "town" }
"""


def good() -> bytes:
    """Return a file of two rows that nobody brought before."""
    number = next(NUMBERS)
    return f"{HEADER}n{number},West,A\nm{number},East,B\n".encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    city = SmallCity(tmp_path_factory.mktemp("upload"))
    city.write("town", {"code": "A", "name": "Anning"}, {"code": "B", "name": "Beihe"})
    for table in ("station", "emergency_call", "vehicle_status"):
        city.write(table)
    city.site()
    file = city.folder / "site.toml"
    station = 'key = "station"\nkind = "csv"'
    told = file.read_text(encoding="utf-8").replace(station, f"{station}\nupload = true")
    file.write_text(told + WORKBOOKS, encoding="utf-8")
    return load_site(city.folder)


@pytest.fixture(scope="module")
def ledger(site: Site) -> Iterator[Ledger]:
    opened = open_ledger(site, None)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def schedule(site: Site, ledger: Ledger) -> Schedule:
    made = Schedule(site, ledger, Clock(time.time()))
    made.run_due(everything=True)
    return made


@pytest.fixture(scope="module")
def client(site: Site, ledger: Ledger, schedule: Schedule) -> Iterator[TestClient]:
    with TestClient(build(site, ledger), base_url="http://127.0.0.1") as opened:
        yield opened


def send(client: TestClient, content: bytes, name: str = "stations.csv", key: str = "station"):
    return client.post(f"/data/upload/{key}?lang=en", content=content, headers={"X-File-Name": name})


def token_in(answer) -> str:
    return answer.text.split('"data-token":"')[1].split('"')[0]


def stored(site: Site) -> list[str]:
    inbox = site.inbox("station")
    return sorted(path.name for path in inbox.iterdir()) if inbox.exists() else []


def waiting(site: Site) -> int:
    return len(list(site.inbox("x").parent.glob(".spool-*/*")))


def submitted(client: TestClient, site: Site, answer) -> tuple[str, str]:
    """Confirm what was looked at, and return its token and its name in the inbox."""
    before, token = set(stored(site)), token_in(answer)
    assert client.post(f"/data/upload/{token}/confirm").status_code == 200
    (name,) = set(stored(site)) - before
    return token, name


def test_a_preview_says_what_would_be_loaded_and_stores_nothing(client, site, ledger):
    before, there = client.get("/live?after=0").json()["tick"], stored(site)
    told = send(client, HEADER.encode() + b"p1,Preview,A\np2,Other,B\np2,Other,B\n,Nameless,A\nx\n")
    assert told.status_code == 200
    for said in ("5 rows", "would load", "2 rows", "required, but empty", "more or fewer cells", "Preview"):
        assert said in told.text
    assert stored(site) == there
    assert client.get("/live?after=0").json()["tick"] == before
    with ledger.reading() as connection:
        assert not connection.exec_driver_sql("SELECT 1 FROM station WHERE station_id = 'p1'").first()


def test_what_was_confirmed_is_loaded_by_the_next_read_and_known_again(client, site, ledger, schedule):
    content = HEADER.encode() + b"s3,West,A\n"
    token, name = submitted(client, site, send(client, content))
    assert client.get(f"/data/upload/{token}").json()["done"] is False
    assert client.post(f"/data/upload/{token}/confirm").status_code == 404, "a file is confirmed once"
    schedule.run_due(everything=True)
    became = client.get(f"/data/upload/{token}?lang=en").json()
    assert became["done"] is True
    assert "● loaded" in str(became["children"])
    with ledger.reading() as connection:
        assert connection.exec_driver_sql("SELECT name FROM station WHERE station_id = 's3'").scalar() == "West"
        assert connection.exec_driver_sql(f"SELECT state FROM batch WHERE origin = 'inbox/{name}'").scalar() == "loaded"
    again = send(client, content, name="another name.csv")
    assert "This very file came before" in again.text
    assert "data-token" not in again.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the header came without"),
        (b"a,b\n1,2\n", "the header came without station, name, town"),
        ("station,name,town\ns3,北,A\n".encode("gb18030"), "is not utf-8"),
        ("station,name,town\n".encode("utf-16"), "utf-16"),
        (b"\x1f\x8b\x08\x00broken", "gzip"),
        (b"PK\x03\x04" + bytes(200), "NUL"),
        (b"\0" * 1000, "NUL"),
        (HEADER.encode() + b'"' + b"x" * 2_000_000, "longer than"),
    ],
    ids=["empty", "header", "gbk", "utf-16", "gzip", "zip", "nul", "endless"],
)
def test_a_file_that_cannot_be_read_is_said_in_one_sentence(site, ledger, schedule, tmp_path, content, said):
    path = tmp_path / ("upload.csv.gz" if content.startswith(b"\x1f\x8b") else "upload.csv")
    path.write_bytes(content)
    with pytest.raises(BatchHeld, match=said) as told:
        preview(site, ledger, site.source("station"), path, name=path.name, now=time.time())
    assert "\n" not in str(told.value)
    assert path.name in str(told.value)


def test_nothing_is_kept_of_a_file_that_cannot_be_read_and_the_next_one_is_read(client, site):
    before = waiting(site)
    for content, said in ((b"", "the file is empty"), (b"a,b\n1,2\n", "the header came without station, name, town")):
        told = send(client, content, name="hostile.csv")
        assert told.status_code == 400
        assert "This file cannot be read" in told.text
        assert said in told.text
    assert waiting(site) == before
    assert send(client, good()).status_code == 200


def test_a_packed_file_is_read_by_what_it_is_and_not_by_its_name(client, site):
    _, name = submitted(client, site, send(client, gzip.compress(good()), name="stations.csv"))
    assert name.endswith(".csv.gz")


def test_a_file_larger_than_is_taken_is_refused_while_it_comes(client, site):
    before = waiting(site)
    told = send(client, b"x" * 30_000_001)
    assert told.status_code == 400
    assert "larger than 30 MB" in told.text
    assert waiting(site) == before


def test_a_hostile_name_is_only_shown(client, site):
    _, found = submitted(client, site, send(client, good(), name="..%2F..%2Fa%00b" + "x" * 4000))
    assert found.endswith(".csv")
    assert len(found) < 40
    assert not list(site.inbox("station").parent.parent.rglob("*xxxx*"))


@pytest.mark.parametrize("key", ["town", "nobody", "..", "emergency_call"])
def test_only_a_source_that_takes_uploads_takes_them(client, key):
    assert send(client, good(), key=key).status_code in (404, 405)
    assert client.get(f"/data/template/{key}.csv").status_code == 404


def test_another_site_can_neither_send_nor_confirm(client, site):
    headers, there = {"Sec-Fetch-Site": "cross-site"}, stored(site)
    assert client.post("/data/upload/station", content=good(), headers=headers).status_code == 403
    token = token_in(send(client, good()))
    assert client.post(f"/data/upload/{token}/confirm", headers=headers).status_code == 403
    assert stored(site) == there


def test_templates_are_sent_as_files(client):
    for ending, first in (("csv", b"\xef\xbb\xbfstation"), ("xlsx", b"PK")):
        told = client.get(f"/data/template/station.{ending}")
        assert told.content.startswith(first)
        assert told.headers["content-disposition"] == f'attachment; filename="station.{ending}"'
    assert client.get("/data/template/station.exe").status_code == 404


def test_the_state_is_told_once_and_known_again(client):
    first = client.get("/data/state?lang=en")
    assert first.json()["drawing"].startswith("<svg")
    known = client.get("/data/state?lang=en", headers={"If-None-Match": first.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.get("/data/state?lang=zh").headers["etag"] != first.headers["etag"]


def test_a_batch_that_would_be_held_says_so_before_it_is_sent(client, schedule):
    rows = "".join(f"t{i},Station {i},A\n" for i in range(30)) + "".join(f",Nameless {i},A\n" for i in range(10))
    told = send(client, (HEADER + rows).encode())
    assert "it would wait for a person first" in told.text
    assert "10 of 40 rows were refused" in told.text


def workbook(*rows: tuple[str, ...]) -> bytes:
    stored = io.BytesIO()
    book = xlsxwriter.Workbook(stored, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return stored.getvalue()


def test_a_workbook_is_looked_at_in_a_child_and_loaded(client, site, ledger, schedule):
    template = client.get("/data/template/workbooks.xlsx").content
    assert "There is no row to load" in send(client, template, key="workbooks").text
    assert "cannot be read" in send(client, b"PK\x03\x04" + bytes(500), key="workbooks").text
    rows = workbook(("station", "name", "town"), ("007", "West", "A"))
    told = send(client, rows, name="%E7%AB%99%E7%82%B9.xlsx", key="workbooks")
    assert "007" in told.text
    assert "站点.xlsx" in told.text
    client.post(f"/data/upload/{token_in(told)}/confirm")
    schedule.run_due(everything=True)
    assert client.get(f"/data/upload/{token_in(told)}").json()["done"] is True
    with ledger.reading() as connection:
        assert connection.exec_driver_sql("SELECT name FROM station WHERE station_id = '007'").scalar() == "West"
