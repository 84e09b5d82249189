"""A new site runs at once, its secrets stay secret, and the doctor names what is wrong and what to do."""

import json
import os
import stat
import time

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from cockpit.cli import app
from cockpit.environment import environment
from cockpit.errors import SiteError
from cockpit.operation.new_site import make_site
from cockpit.site import load_site
from etl.catalogue import check_reads

NOW = time.time()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a new site's folder; what its `.env` sets is forgotten afterwards."""
    monkeypatch.setenv("COCKPIT_SECRET", "of the environment")
    monkeypatch.delenv("COCKPIT_VAR", raising=False)
    make_site(tmp_path / "My City", NOW)
    return tmp_path / "My City"


def run(*words, code=0):
    result = CliRunner().invoke(app, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def test_a_new_site_loads_every_example_row_and_has_numbers(folder):
    assert load_site(folder).key == "my_city"
    check_reads(load_site(folder))
    run("etl", "run", "--site", folder)
    told = json.loads(run("metrics", "--site", folder, "--window", "d7", "--json"))["metrics"]
    values = {reading["key"]: reading["value"] for reading in told}
    assert values["e1_p50"] is not None
    assert values["e6_p50"] is not None
    with sa.create_engine(load_site(folder).default_store).connect() as connection:
        refused = connection.exec_driver_sql("SELECT count(*) FROM quarantine").scalar()
        read = connection.exec_driver_sql("SELECT sum(read_count) FROM batch").scalar()
    assert (refused, read) == (0, 3 + 84)


def test_a_new_site_says_that_it_is_simulated(folder):
    notice = load_site(folder).notice
    assert "模拟数据" in notice("zh")
    assert "模拟数据" in notice("en")


def test_a_new_site_has_fresh_secrets_that_only_its_owner_reads(folder, tmp_path):
    make_site(tmp_path / "other", NOW)
    first, other = (dict(environment(place / ".env"))["COCKPIT_SECRET"] for place in (folder, tmp_path / "other"))
    assert len(first) >= 32
    assert first != other
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert "not an empty folder" in run("init", tmp_path, code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_the_environment_says_goes_before_the_file(folder, monkeypatch):
    monkeypatch.delenv("TOWN_HALL_URL", raising=False)
    with (folder / ".env").open("a") as file:
        file.write('\nexport TOWN_HALL_URL="sqlite:///x y.db"\n')
    load_site(folder)
    assert os.environ.pop("TOWN_HALL_URL") == "sqlite:///x y.db"
    assert os.environ["COCKPIT_SECRET"] == "of the environment"


def test_secrets_that_everybody_may_read_are_refused(folder):
    (folder / ".env").chmod(0o604)
    with pytest.raises(SiteError, match="chmod 600"):
        load_site(folder)


def test_a_line_that_is_no_assignment_is_named_and_not_told(tmp_path):
    (tmp_path / ".env").write_text("# a comment\n\nhush hush\n")
    (tmp_path / ".env").chmod(0o600)
    with pytest.raises(SiteError, match="line 3") as refused:
        list(environment(tmp_path / ".env"))
    assert "hush" not in str(refused.value)


def examined(folder, code=0):
    found = json.loads(run("doctor", "--site", folder, "--json", code=code))
    return {finding["about"]: (finding["status"], finding["says"]) for finding in found}


def test_the_doctor_makes_no_store(folder):
    assert examined(folder)["store"][0] == "warn"
    assert not (folder / "var" / "cockpit.db").exists()


def test_the_doctor_finds_a_sound_site_well(folder):
    run("etl", "run", "--site", folder)
    found = examined(folder)
    assert {about for about, (status, _) in found.items() if status == "fail"} == set()
    assert found["integrity"] == ("ok", "quick check passed")
    assert found["source calls"][0] == "ok"
    assert found["schedule"][0] == "warn", "nobody runs it here"


def test_the_doctor_fails_where_something_is_broken_and_says_what_to_do(folder):
    run("etl", "run", "--site", folder)
    with sa.create_engine(load_site(folder).default_store).begin() as connection:
        connection.exec_driver_sql("UPDATE source SET loaded_at = loaded_at - 999999 WHERE key = 'calls'")
        connection.exec_driver_sql("UPDATE tick SET committed_at = committed_at + 86400")
    found = examined(folder, code=1)
    assert found["source calls"][0] == "fail"
    assert found["newest tick"][0] == "fail"
    assert "clock" in found["newest tick"][1]
    with sa.create_engine(load_site(folder).default_store).begin() as connection:
        connection.exec_driver_sql("UPDATE about SET value = 'of another version' WHERE key = 'schema'")
    assert "stop the cockpit" in examined(folder, code=1)["schema"][1]


def test_the_doctor_finds_a_damaged_file(folder):
    run("etl", "run", "--site", folder)
    path = folder / "var" / "cockpit.db"
    with sa.create_engine(load_site(folder).default_store).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as file:
        for place in range(size // 2, size, 4096):
            file.seek(place)
            file.write(b"\x55" * 600)
    found = examined(folder, code=1)
    assert "restore the last backup" in (found.get("integrity") or found["store"])[1]


def test_the_doctor_tells_of_a_site_that_cannot_be_read(folder):
    (folder / ".env").chmod(0o644)
    assert examined(folder, code=1)["site"][0] == "fail"
