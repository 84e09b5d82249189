"""New York's 311 requests, by a site file alone: the cockpit reads what the oracle works out from the raw lines."""

import json
import os
import random
import shutil
from collections import Counter
from datetime import datetime, time, timedelta
from functools import cache

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cockpit.app import build, open_ledger, screens
from cockpit.cli import app
from cockpit.columns import load_columns
from cockpit.evaluate import NOT_FED, catalogue, tables_read
from cockpit.ledger.read import rows_known, tick_at
from cockpit.metric import Status
from cockpit.scope import CITY, UNKNOWN_TOWN, town_scope
from cockpit.site import load_site
from cockpit.view import open_view
from etl.schedule import Schedule
from tests.conftest import Clock
from tests.oracle import nyc311
from tests.oracle.comparison import differences
from tests.oracle.days import DAY_S
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import WHOLE, Oracle
from tests.oracle.spans import SPANS

SPRING = datetime(2024, 3, 10, 12, 0)  # summer time began in the night
AUTUMN = datetime(2024, 11, 4, 1, 30)  # it ended the night before, on a day that is not frozen yet
END = datetime(2025, 8, 19, 6, 0)  # where the site's clock stands
MOMENTS = (SPRING, AUTUMN, END)
KEYS = [key for key, metric in METRICS.items() if metric.table == "request_state"]
PIECE = 600
"""How many lines a piece has, where they are told again in pieces."""


def copied(folder):
    """Return a folder with the site's own files, all but the record; one that comes is whole at once."""
    shutil.copyfile(nyc311.FOLDER / "towns.csv", folder / "towns.csv")
    declared = (nyc311.FOLDER / "site.toml").read_text(encoding="utf-8")
    at_once = declared.replace('kind = "parquet"', 'kind = "parquet"\nsettle_s = 0')
    (folder / "site.toml").write_text(at_once, encoding="utf-8")
    return folder


def deliver(lines, path):
    """Write lines as a file that nobody takes for the one before."""
    nyc311.write(lines, path)
    os.utime(path, (len(lines), len(lines)))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site in a folder of its own, whose clock is that of the test."""
    site = load_site(copied(tmp_path_factory.mktemp("nyc311")))
    return site.model_copy(update={"replay": None})


@pytest.fixture(scope="module")
def ledger(site):
    """The record as it stood at each of the moments, delivered one after the other."""
    ledger = open_ledger(site, f"sqlite:///{site.folder / 'cockpit.db'}")
    clock = Clock()
    schedule = Schedule(site, ledger, clock)
    for moment in MOMENTS:
        deliver(nyc311.told(moment), site.folder / nyc311.FILE.name)
        clock.now = float(nyc311.utc(moment))
        schedule.run_due(everything=True)
    yield ledger
    ledger.engine.dispose()


@pytest.fixture(scope="module")
def columns_at(ledger):
    @cache
    def columns_at(moment):
        with ledger.reading() as connection:
            return load_columns(connection, ledger, tables_read(), tick_at(connection, ledger, as_of=nyc311.utc(moment)))

    return columns_at


@pytest.fixture(scope="module")
def oracle_at():
    return cache(lambda moment: Oracle(nyc311.records(moment), nyc311.CITY, nyc311.utc(moment)))


def states(ledger):
    """Return every request as it is known now, by its number."""
    with ledger.reading() as connection:
        rows = rows_known(connection, ledger, "request_state", CITY).to_dict("records")
    return {row.pop("service_request_id"): {n: v for n, v in row.items() if n != "id"} for row in rows}


@pytest.fixture(scope="module")
def known(ledger):
    return states(ledger)


@pytest.fixture(scope="module")
def raw():
    return {str(line["unique_key"]): line for line in nyc311.raw_lines()}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_cockpit_and_oracle_read_the_same(moment, key, columns_at, oracle_at, site):
    assert columns_at(moment).tick.as_of == nyc311.utc(moment)
    differing, compared = differences(columns_at(moment), site, oracle_at(moment), key)
    assert compared
    assert differing == []


def test_the_oracle_answers_every_metric_of_requests(oracle_at):
    assert {*KEYS} == {key for key, metric in catalogue().items() if metric.table == "request_state"}
    shown = {state for moment in MOMENTS for state in oracle_at(moment).answers("closing_p50", "d365")[WHOLE].states}
    assert shown >= {"VALID", "ZERO", "OPEN"}
    assert SPANS["closing"].marks == ("event_at", "closed_at")


def test_every_line_is_known_and_none_is_refused(ledger, known, raw):
    assert len(raw) == 22_504
    assert known.keys() == raw.keys()
    with ledger.reading() as connection:
        assert rows_known(connection, ledger, "quarantine", CITY).empty


def test_the_days_of_every_request_are_those_between_its_stamps_and_those_that_the_record_says(known, raw):
    for key, line in raw.items():
        row = known[key]
        if row["closing_state"] in {"OPEN", "ZERO"}:
            assert row["closing_s"] is None
            assert line["closed_date"] in {None, line["created_date"]}
            continue
        days = (line["closed_date"].date() - line["created_date"].date()).days
        assert (row["closing_state"], row["closing_s"]) == ("VALID", days * DAY_S), key
        assert days == line["closed_in_days"]


def test_requests_count_the_same_by_month_by_board_and_by_status(known, raw):
    def month(row):
        return f"{datetime(1970, 1, 1) + timedelta(seconds=row['event_local']):%Y-%m}"

    assert Counter(map(month, known.values())) == Counter(f"{line['created_date']:%Y-%m}" for line in raw.values())
    assert Counter(row["status"] for row in known.values()) == Counter(line["status"].lower() for line in raw.values())
    named = Counter(line["community_board"] for line in raw.values())
    unnamed = {board: count for board, count in named.items() if board.startswith("Unspecified")}
    assert (len(named), len(unnamed)) == (65, 4)
    counted = Counter(row["town"] for row in known.values())
    assert counted.pop(UNKNOWN_TOWN) == sum(unnamed.values()) == 24
    assert counted == {board: count for board, count in named.items() if board not in unnamed}


def test_where_status_and_stamp_contradict_each_other_the_stamp_wins_unless_it_is_that_of_the_request(known, raw):
    """295 lines do not say Closed. Those that an agency took bear a stamp of their closure; the others were never touched."""
    lines = {key: line for key, line in raw.items() if line["status"] != "Closed"}
    assert len(lines) == 295
    found = Counter((line["status"], known[key]["state"], known[key]["contradiction"]) for key, line in lines.items())
    assert found == {
        ("Open", "open", None): 9,
        ("Open", "open", "stamp_void"): 207,
        ("Assigned", "closed", "status_behind"): 79,
    }
    void = [line for key, line in lines.items() if known[key]["contradiction"] == "stamp_void"]
    assert all(line["closed_date"] == line["created_date"] for line in void)
    assert all("has been submitted" in line["resolution_description"] for line in void)


def test_nobody_knows_the_days_of_what_was_closed_in_the_second_it_was_asked(known, raw):
    copied = {key for key, line in raw.items() if line["closed_date"] == line["created_date"] and line["status"] == "Closed"}
    assert len(copied) == 362
    assert copied == {key for key, row in known.items() if row["closing_state"] == "ZERO"}
    assert {known[key]["state"] for key in copied} == {"closed"}


def test_every_contradiction_of_the_record_is_counted_as_an_issue(ledger):
    with ledger.reading() as connection:
        rows = rows_known(connection, ledger, "data_quality_issue", CITY)
    assert Counter(rows["rule"]) == {"SR_STATUS_BEHIND": 79, "SR_STAMP_COPIED": 207 + 362}


def test_a_closure_stamped_at_midnight_is_a_date_and_the_others_have_a_time_of_day(known, raw):
    found = Counter((row["closed_precision"], raw[key]["agency"]) for key, row in known.items() if row["state"] == "closed")
    assert found == {("day", "DOB"): 20_256, (None, "DOB"): 362, ("s", "HPD"): 1_670}
    is_date = {key for key, row in known.items() if row["closed_precision"] == "day"}
    assert all((raw[key]["closed_date"].time() == time()) is (key in is_date) for key, row in known.items() if row["closed_at"])


def test_a_day_is_the_citys_own_across_both_changes_of_the_clock(known, raw):
    for on in (SPRING.date(), AUTUMN.date() - timedelta(days=1)):
        across = [
            k
            for k, line in raw.items()
            if line["closed_date"] and line["created_date"].date() < on <= line["closed_date"].date()
        ]
        whole = [known[k]["closed_at"] - known[k]["event_at"] for k in across]
        assert len(whole) > 100
        assert all(known[k]["closing_s"] % DAY_S == 0 for k in across)


def test_areas_of_several_boards_are_counted_in_the_city_and_are_no_boards(ledger, site):
    view = open_view(ledger, site, float(nyc311.utc(END)))
    [city] = view.readings("requests", "d365", CITY)
    parts = {part.dims["town"]: part.n for part in view.readings("requests", "d365", CITY, "town")}
    assert sum(parts.values()) == city.n
    assert {"81 QUEENS"} <= view.functional & parts.keys()
    assert len(nyc311.boards() - view.functional) == 59
    for board in ("05 BRONX", "81 QUEENS"):
        [own] = view.readings("requests", "d365", town_scope(board))
        assert own.n == parts[board]


def test_the_record_in_pieces_in_any_order_gives_the_same(tmp_path, known):
    order = random.Random(311)
    lines = order.sample(nyc311.raw_lines(), 5 * PIECE)
    site = load_site(copied(tmp_path))
    ledger = open_ledger(site, f"sqlite:///{tmp_path / 'cockpit.db'}")
    schedule = Schedule(site, ledger, Clock(1e10))
    for number in range(5):
        deliver(lines[number * PIECE : (number + 1) * PIECE], tmp_path / f"nyc311_elevator_2024_{number}.parquet")
        schedule.run_due(everything=True)
    assert states(ledger) == {key: known[key] for key in (str(line["unique_key"]) for line in lines)}
    ledger.engine.dispose()


def test_a_metric_that_nothing_feeds_says_so_and_not_that_its_source_is_late(ledger, site):
    view = open_view(ledger, site, float(nyc311.utc(END)))
    for key in ("calls", "e6_p50", "injury_cases"):
        [reading] = view.readings(key, "d28", CITY)
        assert (reading.value, reading.status, reading.reason) == (None, Status.MISSING, NOT_FED)


def test_a_site_that_feeds_no_screen_has_none_and_opens_on_its_data(ledger, site):
    with TestClient(build(site, ledger), base_url="http://127.0.0.1") as client:
        opened = client.get("/", follow_redirects=True)
        assert (opened.status_code, opened.url.path) == (200, "/data")
        assert client.get("/panels/emergency").status_code == 404


def test_a_city_that_takes_emergency_calls_has_the_screen_of_emergencies():
    for folder in ("wenling", "dublin", nyc311.FOLDER.parent / "san_francisco"):
        assert screens()["emergency"].shows(load_site(folder))
    assert not screens()["emergency"].shows(load_site(nyc311.FOLDER))


def test_the_command_reads_the_folder_as_it_ships(tmp_path, oracle_at):
    store = f"sqlite:///{tmp_path / 'cockpit.db'}"
    for words in (["etl", "run"], ["metrics", "--window", "d365", "--json"]):
        result = CliRunner().invoke(app, [*words, "--site", str(nyc311.FOLDER), "--store", store])
        assert result.exit_code == 0, result.output
    told = {metric["key"]: metric for metric in json.loads(result.stdout)["metrics"]}
    for key in ("requests", "closing_p50", "closing_p90", "closing_mean", "closing_complete"):
        expected = oracle_at(END).answers(key, "d365")[WHOLE]
        assert told[key]["value"] == pytest.approx(expected.value), key
        assert (told[key]["n"], told[key]["n_total"]) == (expected.n, expected.n_total)
    assert {told[key]["unit"] for key in ("closing_p50", "closing_p90", "closing_mean")} == {"d"}
