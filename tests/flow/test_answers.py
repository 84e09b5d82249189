"""Command, interface and rows tell the same numbers."""

import csv
import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cockpit.app import build, open_ledger
from cockpit.cli import app
from cockpit.evaluate import catalogue
from cockpit.site import load_site
from etl.known import known_to
from etl.load import load
from etl.schedule import Schedule
from tests.conftest import Clock

MARCH = 1_615_579_200  # 2021-03-12 20:00 UTC


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Fill a store with 2020, and then with the record up to a Friday in March."""
    path = f"sqlite:///{tmp_path_factory.mktemp('answers') / 'cockpit.db'}"
    site = load_site("dublin")
    schedule = Schedule(site, open_ledger(site, path), Clock(1e9))
    schedule.run_due(everything=True)
    for batch in schedule.readers["dfb"].read(schedule.states()["dfb"].cursor, MARCH, known_to(schedule.ledger, None)):
        load(schedule.ledger, batch, as_of=MARCH, now=1e9)
    return path


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[TestClient]:
    site = load_site("dublin")
    with TestClient(build(site, open_ledger(site, url)), base_url="http://127.0.0.1") as opened:
        yield opened


def run(*words: str) -> str:
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == 0, result.output
    return result.output


def test_command_and_interface_give_the_same_readings(client: TestClient, url: str) -> None:
    told = json.loads(run("metrics", "--site", "dublin", "--store", url, "--json"))
    asked = client.get("/api/v1/metrics").json()
    assert told == asked
    assert {m["key"] for m in told["metrics"]} == set(catalogue())


@pytest.mark.parametrize("key", ["e6_p50", "e6_p90", "out180", "e6_within12", "e6_complete", "calls", "e4_missing"])
@pytest.mark.parametrize("window", ["d28", "d365"])
def test_rows_reproduce_value_n_and_n_total(client: TestClient, key: str, window: str) -> None:
    answer = client.get(f"/api/v1/metrics/{key}/rows?window={window}").json()
    reading, rows = answer["reading"], answer["rows"]
    valid, hit = [r for r in rows if r["is_valid"]], [r for r in rows if r["is_hit"]]
    assert (len(rows), len(valid), len(hit)) == (reading["n_total"], reading["n"], reading["hits"])
    if reading["unit"] == "%":
        assert reading["value"] == pytest.approx(100 * len(hit) / len(valid), rel=1e-12)
    elif key.startswith("e6_p"):
        q = {"e6_p50": 50, "e6_p90": 90}[key]
        assert reading["value"] == pytest.approx(np.percentile([r["e6_s"] for r in valid], q) / 60, rel=1e-12)
    else:
        assert reading["value"] == len(rows)


def test_rows_of_one_station_are_its_own(client: TestClient) -> None:
    answer = client.get("/api/v1/metrics/e6_p50/rows", params={"station_id": "Tallaght Fire Station"}).json()
    assert {r["station_id"] for r in answer["rows"]} == {"Tallaght Fire Station"}
    assert answer["reading"]["dims"] == {"station_id": "Tallaght Fire Station"}


def test_the_command_writes_the_rows_as_csv(client: TestClient, url: str, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    run("rows", "e6_p50", "--site", "dublin", "--store", url, "--out", str(out))
    written = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(written) == client.get("/api/v1/metrics/e6_p50/rows").json()["reading"]["n_total"]
    assert all(row["incident_id"] for row in written)


def test_what_was_known_then_is_told_by_tick_and_by_time(client: TestClient) -> None:
    newest = client.get("/api/v1/metrics?metric=calls&window=d365").json()
    first_fill = newest["tick"] - 1
    then = client.get(f"/api/v1/metrics?metric=calls&window=d365&at={first_fill}").json()
    assert then["tick"] == first_fill
    assert then["as_of"].startswith("2021-01-01T00:00:00")
    assert then["metrics"] == client.get("/api/v1/metrics?metric=calls&window=d365&at=2021-02-01T12:00").json()["metrics"]
    assert then["metrics"][0]["window"] != newest["metrics"][0]["window"]


def test_parts_are_given_for_each_station(client: TestClient) -> None:
    whole, *parts = client.get("/api/v1/metrics?metric=incidents&window=d28&parts=true").json()["metrics"]
    stations = [m for m in parts if "station_id" in m["dims"]]
    assert sum(m["n"] for m in stations) == whole["n"]


def test_what_a_site_cannot_know_is_missing_with_its_reason(client: TestClient) -> None:
    [reading] = client.get("/api/v1/metrics?metric=e1_p50&window=d28&lang=en").json()["metrics"]
    assert (reading["status"], reading["value"]) == ("missing", None)
    assert reading["reason"] == "this source does not stamp the ringing"
    assert reading["n_total"] > 0


def test_old_news_are_not_told_as_fresh(client: TestClient) -> None:
    [reading] = client.get("/api/v1/metrics?metric=e6_p50&window=d28").json()["metrics"]
    assert reading["status"] == "stale", "the store was last fed long ago"


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/api/v1/metrics?metric=nothing", 404, "there is no metric 'nothing'"),
        ("/api/v1/metrics?window=d3", 404, "there is no window 'd3'"),
        ("/api/v1/metrics?at=soon", 404, "'soon' is neither a tick's number nor a time"),
        ("/api/v1/metrics?at=99999", 404, "nothing is known as of 99999"),
        ("/panels/nothing", 404, "there is no screen 'nothing'"),
    ],
)
def test_a_wrong_question_is_answered_in_one_sentence(client: TestClient, address: str, status: int, says: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert says in answer.json()["error"]


def test_errors_of_the_command_are_one_plain_line() -> None:
    result = CliRunner().invoke(app, ["metrics", "--site", "atlantis"])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "atlantis/site.toml does not exist" in result.output


def test_only_this_machine_is_answered_and_every_answer_is_guarded(client: TestClient) -> None:
    assert client.get("/livez", headers={"host": "cockpit.example"}).status_code == 421
    for path in ("/livez", "/readyz", "/screen/emergency", "/assets/live.js", "/panels/emergency", "/nothing"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
    assert client.get("/docs").status_code == 404


def test_the_web_refuses_any_other_address(url: str) -> None:
    result = CliRunner().invoke(app, ["serve", "--site", "dublin", "--store", url, "--only", "web", "--host", "0.0.0.0"])
    assert result.exit_code == 1
    assert "127.0.0.1 only" in result.output


def test_an_unchanged_panel_is_not_sent_again(client: TestClient) -> None:
    whole = client.get("/panels/emergency").json()
    again = client.get(f"/panels/emergency?since={whole['edition']}").json()
    assert len(whole["panels"]) == 9
    assert again["panels"] == {}
    forgotten = client.get("/panels/emergency?since=0-x").json()
    assert forgotten["panels"].keys() == whole["panels"].keys()


def test_help_and_readme_name_every_command() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for group in ([], ["etl"]):
        listed = [line.split()[1] for line in run(*group, "--help").splitlines() if line.startswith("│ ") and line[2].isalpha()]
        for command in listed:
            assert f"cockpit {' '.join([*group, command])}" in readme, command


def test_a_taken_port_is_one_plain_line(url: str) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = str(listening.getsockname()[1])
        result = CliRunner().invoke(app, ["serve", "--site", "dublin", "--store", url, "--port", port])
    assert result.exit_code == 1
    assert f"port {port} of 127.0.0.1 is taken" in result.output
