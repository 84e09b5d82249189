"""`cockpit etl …` as a person types it: what it prints, and how it fails."""

import json

import pytest
from typer.testing import CliRunner

from cockpit.cli import app

ROWS = [
    {"call": f"c{n}", "rev": "0", "incident": f"i{n}", "called": f"2021-03-05T10:{n:02d}:00", "town": "A"} for n in range(40)
]


@pytest.fixture
def cockpit(city, tmp_path):
    """Return a function that types a command for a small city, and gives what it printed; a wrong end fails."""
    city.site()
    told = city.folder / "site.toml"
    told.write_text(told.read_text(encoding="utf-8").replace("interval_s = 60", "interval_s = 60\nlate_days = 100000"))

    def run(*words, fails=False):
        site = ["--site", str(city.folder), "--store", f"sqlite:///{tmp_path / 'typed.db'}"]
        found = CliRunner().invoke(app, ["etl", *map(str, words), *site])
        assert (found.exit_code != 0) is fails, found.output
        assert "Traceback" not in found.output
        return found.output

    return run


def deliver(city, rows):
    city.write("emergency_call", *rows)


def refused(count):
    return [{**row, "called": "no time"} if n < count else row for n, row in enumerate(ROWS)]


def test_status_says_of_each_source_how_old_it_is_and_what_waits(cockpit, city):
    before = json.loads(cockpit("status", "--json"))
    assert {line["age"] for line in before} == {"never"}
    deliver(city, refused(2))
    cockpit("run")
    lines = {line["source"]: line for line in json.loads(cockpit("status", "--json"))}
    assert (lines["emergency_call"]["age"], lines["emergency_call"]["refused"], lines["town"]["refused"]) == ("fresh", 2, 0)
    assert "source=emergency_call  age=fresh" in cockpit("status")


def test_list_show_and_release_lead_from_a_held_batch_to_its_rows(cockpit, city):
    assert cockpit("quarantine", "list") == "nothing is held or refused\n"
    deliver(city, refused(5))
    cockpit("run")
    listed = json.loads(cockpit("quarantine", "list", "--json"))
    assert [row["can_be_released"] for row in listed["held"]] == [1]
    number = listed["held"][0]["id"]
    assert f"cockpit etl quarantine release {number}" in cockpit("quarantine", "list")
    assert f"batch {number} is loaded, tick" in cockpit("quarantine", "release", number)
    assert "5 rows of emergency_call into emergency_call: event_at unparsable" in cockpit("quarantine", "list")
    assert "emergency_call.csv, line 2, into emergency_call, event_at unparsable: 'no time'" in cockpit(
        "quarantine", "show", "--source", "emergency_call"
    )
    assert "0 rows are loaded" in cockpit("quarantine", "release", "--source", "emergency_call")


def test_a_held_batch_can_be_given_up(cockpit, city):
    deliver(city, refused(5))
    cockpit("run")
    number = json.loads(cockpit("quarantine", "list", "--json"))["held"][0]["id"]
    assert "is given up" in cockpit("quarantine", "release", number, "--discard")
    assert cockpit("quarantine", "list") == "nothing is held or refused\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("quarantine", "release"), "give the number of a held batch"),
        (("quarantine", "release", 7), "no batch 7 waits"),
        (("quarantine", "release", "--source", "emergency_call", "--discard"), "give the number of a held batch"),
        (("quarantine", "show", "--source", "nobody"), "has no source 'nobody'"),
        (("backfill", "--source", "emergency_call", "--from", "yesterday", "--to", "2021-03-05"), "'yesterday' is not a day"),
        (("backfill", "--source", "emergency_call", "--from", "2021-03-06", "--to", "2021-03-05"), "lies after --to"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(cockpit, words, says):
    told = cockpit(*words, fails=True)
    assert says in told
    assert len(told.strip().splitlines()) == 1


def test_backfill_brings_what_the_mapping_missed_and_moves_neither_cursor_nor_age(cockpit, city):
    deliver(city, [{**row, "outcome": "sent"} for row in ROWS[:10]])
    cockpit("run")
    assert "10 rows of emergency_call" in cockpit("quarantine", "list")
    told = city.folder / "site.toml"
    mapped = 'outcome = { column = "outcome", values = { "sent" = "派车" } }'
    told.write_text(told.read_text(encoding="utf-8").replace('outcome = "outcome"', mapped), encoding="utf-8")
    before = json.loads(cockpit("status", "--json"))
    assert "1 ticks" in cockpit("backfill", "--source", "emergency_call", "--from", "2021-03-05", "--to", "2021-03-05")
    assert cockpit("quarantine", "list") == "nothing is held or refused\n"
    after = json.loads(cockpit("status", "--json"))
    assert [line["checked_at"] for line in before] == [line["checked_at"] for line in after]
    again = cockpit("backfill", "--source", "emergency_call", "--from", "2021-03-05", "--to", "2021-03-05")
    assert again.endswith("nothing was missing\n")


def rehearsed(city, fails=False):
    found = CliRunner().invoke(app, ["check", "--site", str(city.folder)])
    assert (found.exit_code != 0) is fails, found.output
    return found.output


def test_check_maps_the_first_rows_and_says_what_would_be_refused(city):
    deliver(city, [*refused(3), *({**ROWS[0], "call": f"d{n}"} for n in range(100))])
    city.site()
    told = rehearsed(city)
    assert "ok   town: 2 into town" in told
    assert "ok   emergency_call: 97 into emergency_call" in told
    assert "would refuse event_at unparsable: 3 rows, first 'no time' (emergency_call.csv, line 2)" in told
    assert not (city.folder / "var").exists()


def test_check_fails_when_a_source_cannot_be_read_and_goes_on_with_the_others(city):
    (city.folder / "station.csv").unlink()
    city.site()
    told = rehearsed(city, fails=True)
    assert "FAIL station: source station: no file matches station*.csv" in told
    assert "ok   vehicle_status" in told
