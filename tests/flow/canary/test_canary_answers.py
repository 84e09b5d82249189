"""What the commands and the server of a town answer tells nothing of another one."""

import pytest
from typer.testing import CliRunner

from cockpit.answer import metrics_answer
from cockpit.cli import app
from cockpit.evaluate import catalogue
from cockpit.scope import town_scope
from tests.canary import CANARY, CITY_ONLY, HERE, THERE, is_silent, some_windows

WITH_ROWS = {
    "calls": "h24",
    "incidents": "h24",
    "vehicles": "now",
    "cases_accepted": "r12",
    "overdue_open": "now",
    "incidence": "r12",
    "hearings": "r12_ly",
    "accidents_nowcast": "w156",
}
"""A metric of each kind of table and of formula; every metric's rows are asked for in `test_canary_rows`."""


WINDOWS = ("now", "h24", "r12", "w156")
"""A window of each kind; every window's readings are compared in `test_canary_readings`."""


def answers(view, town):
    told = [metrics_answer(view, town_scope(town), "en", name=name, with_parts=True)["metrics"] for name in WINDOWS]
    return [m for metrics in told for m in metrics]


def test_a_canary_changes_no_answer_that_another_town_is_given_nor_when_something_happened(before, after):
    told = [[m for m in answers(view, HERE) if m["key"] != "accidents_nowcast"] for view in (before, after)]
    assert told[0] == told[1]
    assert any(m["observed_at"] for m in told[0])


def run(*words):
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_for_a_town_tells_nothing_of_another(url):
    asked = ["metrics", "--site", "wenling", "--store", url, "--parts", "--json"]
    assert is_silent(run(*asked, "--scope", HERE))
    assert not is_silent(run(*asked, "--scope", THERE, "--metric", "incidents"))


@pytest.mark.parametrize(("key", "window"), WITH_ROWS.items())
def test_the_rows_that_the_command_writes_for_a_town_are_its_own(key, window, url, tmp_path):
    written = {town: tmp_path / f"{town}.csv" for town in (HERE, THERE)}
    for town, out in written.items():
        run("rows", key, "--site", "wenling", "--store", url, "--window", window, "--scope", town, "--out", str(out))
    assert "HERE-" in written[HERE].read_text(encoding="utf-8")
    assert is_silent(written[HERE].read_text(encoding="utf-8"))
    assert not is_silent(written[THERE].read_text(encoding="utf-8"))


def test_a_command_for_a_town_says_in_a_sentence_what_is_known_of_the_whole_city_only(url, tmp_path):
    scoped = ["--site", "wenling", "--store", url, "--scope", HERE, "--window", "d28"]
    assert "只按全市统计，不分乡镇" in run("metrics", "--metric", "exchange_success", "--parts", *scoped)
    result = CliRunner().invoke(app, ["rows", "exchange_success", "--out", str(tmp_path / "rows.csv"), *scoped])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "exchange_success has no rows of a town alone: known of the whole city only" in result.output
    assert not (tmp_path / "rows.csv").exists()


def test_a_command_for_a_town_that_there_is_not_says_so(url):
    for code in ("331081999", "?", "city", ""):
        words = ["metrics", "--site", "wenling", "--store", url, "--scope", code]
        result = CliRunner().invoke(app, words)
        assert result.exit_code != 0, code


def test_the_server_of_a_town_tells_nothing_of_another(client):
    for name in WINDOWS:
        answer = client.get(f"/api/v1/metrics?parts=true&window={name}").json()
        assert answer["scope"] == HERE
        assert is_silent(answer)
        assert {m["dims"]["town"] for m in answer["metrics"] if "town" in m["dims"]} <= {HERE}
        assert {m["key"] for m in answer["metrics"]} == {key for key, m in catalogue().items() if name in m.windows}


def test_the_server_of_a_town_gives_its_own_rows_only(client):
    for key, metric in catalogue().items():
        for window in some_windows(metric):
            answer = client.get(f"/api/v1/metrics/{key}/rows?window={window}")
            assert answer.status_code == (400 if key in {*CITY_ONLY, "quarantined"} else 200)
            assert is_silent(answer.json()), (key, window)


@pytest.mark.parametrize("key", [*CITY_ONLY, "quarantined"])
def test_the_server_of_a_town_refuses_rows_that_name_no_town_in_a_sentence(key, client):
    answer = client.get(f"/api/v1/metrics/{key}/rows")
    assert (answer.status_code, [*answer.json()]) == (400, ["error"])
    assert answer.json()["error"].startswith(f"{key} has no rows of a town alone: ")


def test_the_server_of_a_town_gives_its_own_rows_of_a_week_only(client):
    weeks = [m["dims"]["week"] for m in weekly(client) if m["n"]]
    assert len(weeks) > 9
    for week in weeks:
        answer = client.get(f"/api/v1/metrics/cases_accepted/rows?window=w156&week={week}")
        assert {row["town"] for row in answer.json()["rows"]} == {HERE}
        assert is_silent(answer.json())


def weekly(client):
    """Return the readings of each week."""
    told = client.get("/api/v1/metrics?metric=cases_accepted&window=w156&parts=true").json()["metrics"]
    return [m for m in told if "week" in m["dims"]]


@pytest.mark.parametrize(
    "asked", [f"town={THERE}", f"station_id={CANARY}-S", f"cause={CANARY}-K", f"scope={THERE}", "scope=city"]
)
def test_no_question_gets_another_towns_rows_out_of_the_server_of_a_town(asked, client):
    for key in ("incidents", "e6_p50", "cases_accepted", "overdue_open"):
        assert is_silent(client.get(f"/api/v1/metrics/{key}/rows?{asked}").json().get("rows", []))
    assert is_silent(client.get(f"/api/v1/metrics?metric=incidents&parts=true&{asked}").json()["metrics"])
    assert is_silent(client.get(f"/api/v1/metrics?metric=cases_accepted&parts=true&{asked}").json()["metrics"])
