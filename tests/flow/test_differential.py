"""One record of rows, told by every kind of source into every kind of store: the same tables and the same metrics."""

import csv
import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
import xlsxwriter

from cockpit.answer import metrics_answer
from cockpit.scope import CITY
from cockpit.site import load_site
from cockpit.view import open_view
from etl.schedule import Schedule
from tests.conftest import FIELDS, HEADERS

NOON = int(datetime(2021, 3, 5, 12, tzinfo=UTC).timestamp())
CALLS = 120
SEED = 20_261_122
PLACED = ("origin", "line")
"""Where a refused row was read says how it came, and not what it is."""

Rows = list[dict[str, str]]
Record = Mapping[str, Rows]


def stamp(second: int) -> str:
    return datetime.fromtimestamp(NOON - 86_400 + second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def record(seed: int) -> Record:
    """Return a day of a city with the dirt of every day: corrections out of order, doubles, contradictions, bad stamps."""
    dice = random.Random(seed)
    calls: Rows = []
    events: Rows = []
    for n in range(CALLS):
        called = dice.randrange(80_000)
        call = {"call": f"00{n}", "rev": "0", "incident": f"i{n}", "called": stamp(called), "town": dice.choice("AB?")}
        call |= {"answered": stamp(called + 9), "precision": "s", "outcome": dice.choice(["派车", "取消", ""])}
        calls.append(call)
        after = {"DISPATCHED": 60, "EN_ROUTE": 150, "ON_SCENE": dice.randrange(200, 1500), "AVAILABLE": 4000}
        run = {"rev": "0", "run": f"r{n}", "incident": f"i{n}", "station": dice.choice(["s1", "s2"]), "source": "按键"}
        events += [{"event": f"{n}-{s}", "status": s, "at": stamp(called + after_s), **run} for s, after_s in after.items()]
    corrected = calls[::9]
    calls += [{**call, "rev": "2", "town": "A"} for call in corrected]
    calls += [{**call, "rev": "1", "town": "B"} for call in corrected]
    calls += [*map(dict, calls[5:8]), {**calls[11], "incident": "i-other"}]
    calls[20] |= {"called": "yesterday"}
    events[33] |= {"status": "FLYING"}
    dice.shuffle(calls)
    dice.shuffle(events)
    towns = [{"code": "A", "name": "Anning"}, {"code": "B", "name": "Beihe"}]
    stations = [{"station": "s1", "name": "北站", "town": "A"}, {"station": "s2", "name": "=1+1", "town": "B"}]
    told = {"town": towns, "station": stations, "emergency_call": calls, "vehicle_status": events}
    return {name: [{column: row.get(column, "") for column in HEADERS[name]} for row in rows] for name, rows in told.items()}


def as_csv(folder: Path, name: str, rows: Rows) -> str:
    with (folder / f"{name}.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, HEADERS[name])
        writer.writeheader()
        writer.writerows(rows)
    return f'path = "{name}.csv"\nencoding = "gb18030"'


def as_excel(folder: Path, name: str, rows: Rows) -> str:
    with xlsxwriter.Workbook(folder / f"{name}.xlsx") as book:
        sheet = book.add_worksheet("数据")
        for line, cells in enumerate([list(HEADERS[name]), *(list(row.values()) for row in rows)]):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell)
    return f'path = "{name}.xlsx"\nsheet = {{ name = "数据" }}'


def as_parquet(folder: Path, name: str, rows: Rows) -> str:
    frame = pd.DataFrame(rows, columns=list(HEADERS[name])).replace("", None)
    frame.to_parquet(folder / f"{name}.parquet")
    return f'path = "{name}.parquet"'


def as_sql(folder: Path, name: str, rows: Rows) -> str:
    engine = sa.create_engine(f"sqlite:///{folder / 'department.db'}")
    columns = [sa.Column(column, sa.Text) for column in HEADERS[name]]
    table = sa.Table(name, sa.MetaData(), sa.Column("number", sa.Integer, primary_key=True), *columns)
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{column: cell or None for column, cell in row.items()} for row in rows])
    engine.dispose()
    return f'sql = {{ url_env = "DEPARTMENT_URL", table = "{name}" }}'


def as_http(folder: Path, name: str, rows: Rows) -> str:
    (folder / f"{name}.json").write_text(json.dumps({"data": {"items": rows}}), encoding="utf-8")
    port = (folder / "port").read_text()
    return f'http = {{ url = "http://127.0.0.1:{port}/{name}.json", rows = "data.items" }}'


WAYS: Mapping[str, Callable[[Path, str, Rows], str]] = {
    "csv": as_csv,
    "excel": as_excel,
    "parquet": as_parquet,
    "sql": as_sql,
    "http": as_http,
}


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """Serve a folder's files from this machine, as a department's interface."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self):
            told = (folder / self.path.lstrip("/")).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        (folder / "port").write_text(str(server.server_address[1]))
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        yield
        server.shutdown()
        thread.join()


def site_of(folder: Path, kind: str, told: Record) -> None:
    """Write a record as a kind of source has it, and the site that reads it."""
    parts = ['key = "told"', 'title = "One record"', 'time_zone = "UTC"', "date_floor = 2020-01-01"]
    for name, rows in told.items():
        where = WAYS[kind](folder, name, rows)
        parts += [f'[[sources]]\nkey = "{name}"\nkind = "{kind}"\ntitle = "{name}"\n{where}']
        parts += [f"header = {json.dumps(HEADERS[name])}\ninterval_s = 60"]
        parts += [f'[[sources.reads]]\ntable = "{name}"\nfields = {{ {FIELDS[name]} }}']
    (folder / "site.toml").write_text("\n".join(parts), encoding="utf-8")


def outcome(folder: Path, kind: str, told: Record, lender: Callable) -> tuple[dict[str, Rows], list[dict[str, object]]]:
    """Load a record by a kind of source, and return what is known and what the metrics say."""
    folder.mkdir()
    with served(folder), lender() as store:
        site_of(folder, kind, told)
        site = load_site(folder)
        schedule = Schedule(site, store.ledger, lambda: float(NOON))
        schedule.run_due(everything=True)
        assert {key: state.message for key, state in schedule.states().items() if state.state != "ok"} == {}
        known = {name: store.rows(name) for name in store.ledger.declared}
        view = open_view(store.ledger, site, float(NOON))
        answer = metrics_answer(view, CITY, "zh", with_parts=True)
    known["quarantine"] = [{k: v for k, v in row.items() if k not in PLACED} for row in known["quarantine"]]
    return known, answer["metrics"]


@pytest.fixture(scope="module")
def told() -> Record:
    return record(SEED)


@pytest.fixture(scope="module")
def expected(told, tmp_path_factory, lenders) -> tuple[dict[str, Rows], list[dict[str, object]]]:
    return outcome(tmp_path_factory.mktemp("told") / "csv", "csv", told, lenders("sqlite"))


def test_the_record_has_dirt_in_it_and_most_of_it_is_known(expected):
    known, metrics = expected
    assert [row["reason"] for row in known["quarantine"]].count("conflict") == 2
    assert {row["reason"] for row in known["quarantine"]} == {"conflict", "unparsable", "not_allowed"}
    assert len(known["emergency_call"]) == CALLS - 2
    assert sum(metric["value"] is not None for metric in metrics) > 100


@pytest.mark.parametrize("store_kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("kind", WAYS)
def test_every_kind_of_source_and_store_gives_the_same(kind, store_kind, told, expected, tmp_path, lenders, monkeypatch):
    folder = tmp_path / kind
    monkeypatch.setenv("DEPARTMENT_URL", f"sqlite:///{folder / 'department.db'}")
    known, metrics = outcome(folder, kind, told, lenders(store_kind))
    for name in known:
        assert known[name] == expected[0][name], name
    assert metrics == expected[1]
