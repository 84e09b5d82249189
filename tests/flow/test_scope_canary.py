"""What belongs to one town is never given to another: a canary in Chengdong that nobody in Taiping may hear."""

import json
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from callbacks.board import drawn_panel, gathered
from cockpit.answer import metrics_answer
from cockpit.app import build, screens
from cockpit.cli import app
from cockpit.errors import ScopeError
from cockpit.evaluate import catalogue, read_metric
from cockpit.formula import Count, InState
from cockpit.ledger.read import rows_known, rows_opened, tick_at
from cockpit.panel import Latest
from cockpit.scope import CITY, town_scope
from cockpit.site import load_site
from cockpit.text import LANGUAGES
from cockpit.view import open_view
from cockpit.window import Window
from etl.books import note_source
from etl.catalogue import tables
from tests.oracle import wenling
from tests.oracle.comparison import differences, said
from tests.oracle.oracle import Oracle

HERE, THERE, EMPTY = "331081001", "331081002", "331081110"
TOWNS = (HERE, THERE, "331081400", "?")
AS_OF = wenling.utc(datetime(2026, 3, 4, 21, 20))
ALWAYS = Window("all", 0, AS_OF + 1, is_provisional=True)
CANARY = "CANARY"
STEPS_S = {"DISPATCHED": 100, "ACK": 110, "EN_ROUTE": 160, "ON_SCENE": 700, "LEFT_SCENE": 1500, "AT_HOSPITAL": 2200}
STEPS_S |= {"HANDOVER": 2900, "AVAILABLE": 3000}
WAYS = (
    ("all the way", len(STEPS_S)),
    ("under way", 3),
    ("on scene", 4),
    ("taken back", 0),
    ("empty", 4),
)
"""How far the runs of incidents go, in turn."""

panels = pytest.mark.parametrize(
    "panel",
    {panel.key: panel for screen in screens().values() for one in screen.arrangements for panel in one.panels}.values(),
    ids=lambda panel: panel.key,
)
DOUBTFUL = ("emergency_issue", "enterprise_issue", "work_injury_issue")
"""Told in a store of their own, for the oracle of the other one knows no doubtful case and no jump of a headcount."""
CITY_WIDE = ("medical_issue",)
"""A bill names no town, so its issues are the city's alone."""
placed = sorted(name for name, table in tables().items() if table.town and name not in {*DOUBTFUL, *CITY_WIDE})
unplaced = sorted(name for name, table in tables().items() if not table.town)


def rows_of(town, name, count, *, newest_s=900):
    """Return rows of every contract for one town, their codes beginning with a name; the newest is under way."""
    rows = {table: [] for table in (*wenling.CITY.fed, "service_request", "work_injury_case", *OVERSEEN) if table != "town"}
    overseen(rows, town, name)
    rows["station"].append({"station_id": f"{name}-S", "name": f"{name}-站", "name_en": f"{name}-Stn", "town_code": town})
    rows["vehicle"].append({"vehicle_id": f"{name}-V", "station_id": f"{name}-S", "type": f"{name}-T", "in_service": True})
    rows["aed_point"].append({"aed_id": f"{name}-A", "name": f"{name}-P", "town_code": town, "in_service": True})
    for number in range(count):
        called = AS_OF - newest_s - number * 4_000
        incident(rows, town, name, number, called)
        in_days(rows, town, name, number, called)
    return rows


OVERSEEN = (
    "enterprise",
    "enterprise_month",
    "hospital",
    "specialist",
    "reemploy",
    "arb_hearing",
    "risk_push",
    "rectification_order",
    "town_colour_history",
)
NAMELESS = ("insured_month", "exposure")
"""Derived tables that hold a town's counts and name nobody."""


def overseen(rows, town, name):
    """Add a row to each contract that names a town, or whose rows are given one."""
    firm, at = {"enterprise_id": f"{name}-F", "town_code": town}, AS_OF - 86_400
    rows["enterprise"].append({"enterprise_id": f"{name}-F", "name": f"{name}-firm", "prod_town": town, "reg_town": town})
    rows["hospital"].append({"hospital_id": f"{name}-H", "name": f"{name}-hospital", "town_code": town})
    rows["enterprise_month"].append({"enterprise_id": f"{name}-F", "month": "2026-02", "headcount": 12})
    rows["arb_hearing"].append(timed(at, {"hearing_id": f"{name}-B", "case_id": f"{name}-J0"}))
    rows["specialist"].append({"specialist_id": f"{name}-P", "town_code": town})
    rows["reemploy"].append({"case_id": f"{name}-J0", "post_town": town})
    rows["risk_push"].append(timed(at, {**firm, "event_id": f"{name}-E", "push_id": f"{name}-U", "state": "PUSHED"}))
    rows["rectification_order"].append(timed(at, {**firm, "order_id": f"{name}-O"}))
    rows["town_colour_history"].append({"town_code": town, "week_end_on": 20_000, "reason_text": name})


def doubtful(town, name):
    """Return rows of one town that break a rule in each domain: late, jumped, out of order."""
    case = {"case_id": f"{name}-J", "employer_town": town, "applied_at": AS_OF - 1}
    call = {"call_id": f"{name}-C", "incident_id": f"{name}-I", "town_code": town, "t_answer": AS_OF, "t_accept_end": AS_OF}
    sent = {"event_id": f"{name}-E", "run_id": f"{name}-R", "incident_id": f"{name}-I", "status": "DISPATCHED"}
    months = [{"enterprise_id": f"{name}-F", "month": month, "headcount": count} for month, count in JUMP.items()]
    return {
        "work_injury_case": [timed(AS_OF, case)],
        "enterprise": [{"enterprise_id": f"{name}-F", "prod_town": town, "reg_town": town}],
        "enterprise_month": months,
        "emergency_call": [timed(AS_OF, call)],
        "vehicle_status": [timed(AS_OF - 60, sent)],
    }


JUMP = {"2026-01": 20, "2026-02": 200}


def in_days(rows, town, name, number, began):
    """Add one service request and one case of work injury; of three the first is still open."""
    after = began + 86_400 * (number % 3)
    closed = after if number % 3 else None
    asked = {"service_request_id": f"{name}-Q{number}", "town_code": town, "service_name": f"{name}-N"}
    asked["status"] = "closed" if number % 3 == 1 else "open"  # of the third a stamp says otherwise
    who = {"agency_responsible": f"{name}-G", "channel": f"{name}-W"}
    rows["service_request"].append(timed(began, {**asked, **who, "closed_at": closed, "closed_local": on_the_wall(closed)}))
    hurt = {"case_id": f"{name}-J{number}", "employer_town": town, "accident_town": town}
    rows["work_injury_case"].append(timed(began, {**hurt, "reported_at": closed, "reported_local": on_the_wall(closed)}))


def incident(rows, town, name, number, called):
    """Add one incident with a run, and all that goes with it."""
    one = {"incident_id": f"{name}-I{number}"}
    run = {**one, "run_id": f"{name}-R{number}"}
    way, reached = WAYS[(number + 1) % len(WAYS)]
    call = {
        "call_id": f"{name}-C{number}",
        "t_ring": called - 7,
        "t_answer": called,
        "t_accept_end": called + 60,
        "is_onekey": number % 3 == 0,
        "channel": f"{name}-CH",
        "loc_source": "GPS",
        "loc_error_m": 10.0 * number,
        "town_code": town,
        "kind": "急救",
        "priority": "P1",
        "cause": f"{name}-K",
        "needs_dispatch": True,
        "outcome": "取消" if way == "taken back" else "派车",
        "time_precision": "s",
    }
    rows["emergency_call"].append(timed(called, one | call))
    for status, after_s in list(STEPS_S.items())[:reached]:
        rows["vehicle_status"].append(timed(called + after_s + number, event(run, name, status)))
    if way == "empty":
        rows["vehicle_status"].append(timed(called + 1_200, event(run, name, "AVAILABLE")))
    if way == "all the way":
        rows["prearrival"].append(timed(called + 1_600, {**run, "message_id": f"{name}-M{number}", "hospital_id": f"{name}-H"}))
    rows["linkage"].append(timed(called + 90, {**one, "notice_id": f"{name}-N{number}", "department": f"{name}-D"}))
    aed = {**one, "use_id": f"{name}-U{number}", "aed_id": f"{name}-A", "town_code": town}
    rows["aed_use"].append(timed(called + 120, aed))
    minutes = {"vehicle_id": f"{name}-V", "town_code": town, "scheduled_min": 60.0, "up_min": 60.0 - number}
    rows["video_link"].append(timed(AS_OF - AS_OF % 3600 - 3600 * (number + 1), minutes))


def event(run, name, status):
    stamped = {"event_id": f"{run['run_id']}-{status}", "status": status, "source": "按键"}
    is_last_leg = status in {"LEFT_SCENE", "AT_HOSPITAL", "HANDOVER"}
    hospital = {"hospital_id": f"{name}-H"} if is_last_leg else {}
    return {**run, **stamped, **hospital, "vehicle_id": f"{name}-V", "station_id": f"{name}-S"}


def timed(at, row):
    """Place a row in time, on Wenling's wall clock too."""
    return {**row, "event_at": at, "event_local": on_the_wall(at)}


def on_the_wall(at):
    """Return an instant as Wenling's wall clock shows it."""
    return None if at is None else at + int(datetime.fromtimestamp(at, wenling.CITY.zone).utcoffset() / timedelta(seconds=1))


def joined(*some):
    return {table: [row for rows in some for row in rows.get(table, [])] for table in some[0]}


BASE = joined(*(rows_of(town, name, 30) for town, name in zip(TOWNS, ("HERE", "THERE", "ZONE", "NOWHERE"), strict=True)))
TOWN_LIST = [{"town_code": row["code"], "name": row["short_zh"], "name_en": row["name_en"]} for row in wenling.listed("towns")]
SECRET = rows_of(THERE, CANARY, 5, newest_s=300)


@pytest.fixture(scope="module")
def site():
    return load_site("wenling")


@pytest.fixture(scope="module")
def store(new_store, site):
    """A store with four towns, whose sources have all been read just now."""
    with new_store() as store:
        store.tell(as_of=AS_OF, town=TOWN_LIST, **BASE)
        with store.ledger.writing() as connection:
            for source in site.sources:
                note_source(connection, store.ledger, source.key, now=float(AS_OF), loaded_at=float(AS_OF))
        yield store


@pytest.fixture(scope="module")
def before(store, site):
    """The view without the canary."""
    return open_view(store.ledger, site, float(AS_OF))


@pytest.fixture(scope="module")
def after(store, site, before):
    """The view with it."""
    store.tell(as_of=AS_OF, **SECRET)
    return open_view(store.ledger, site, float(AS_OF))


@pytest.fixture(scope="module")
def client(store, site, after):
    """The server of one town."""
    with TestClient(build(site, store.ledger, scope=town_scope(HERE)), base_url="http://127.0.0.1") as opened:
        yield opened


def is_silent(given):
    return CANARY not in repr(given)


@pytest.mark.parametrize("name", placed)
def test_the_ledger_gives_no_row_of_another_town(name, store, after):
    with store.ledger.reading() as connection:
        newest = tick_at(connection, store.ledger).number
        for read in (
            lambda scope: rows_known(connection, store.ledger, name, scope),
            lambda scope: rows_known(connection, store.ledger, name, scope, at=newest),
            lambda scope: rows_opened(connection, store.ledger, name, scope, after=newest - 1, upto=newest),
        ):
            here, there = read(town_scope(HERE)), read(town_scope(THERE))
            assert is_silent(here.to_dict("records"))
            assert {*here[tables()[name].town]} <= {HERE}
            assert is_silent(there.to_dict("records")) == (name in {"town", "quarantine", *NAMELESS})
            assert name not in NAMELESS or len(there) > 0


@pytest.mark.parametrize("name", [*DOUBTFUL, "data_quality_issue"])
def test_the_ledger_gives_no_doubtful_row_of_another_town(name, new_store):
    with new_store() as store:
        store.tell(as_of=AS_OF, **joined(doubtful(HERE, "HERE"), doubtful(THERE, CANARY)))
        with store.ledger.reading() as connection:
            here, there = (rows_known(connection, store.ledger, name, town_scope(town)) for town in (HERE, THERE))
        assert len(here) == len(there) > 0
        assert is_silent(here.to_dict("records"))
        assert not is_silent(there.to_dict("records"))


@pytest.mark.parametrize("name", unplaced)
def test_the_ledger_gives_a_town_no_table_that_names_none(name, store, after):
    with store.ledger.reading() as connection:
        with pytest.raises(ScopeError):
            rows_known(connection, store.ledger, name, town_scope(HERE))
        with pytest.raises(ScopeError):
            rows_opened(connection, store.ledger, name, town_scope(HERE), after=0, upto=1)


def test_columns_give_no_row_of_another_town(after):
    for name, held in after.columns.tables.items():
        for scope in (town_scope(HERE), town_scope("?"), town_scope(EMPTY), town_scope(HERE, "?")):
            rows = after.columns.rows(name, scope, ALWAYS)
            texts = {word for column in held.vocabulary for word in rows.texts(column) if word}
            assert is_silent(texts), (name, scope)


counts = [metric for metric in catalogue().values() if "town" in metric.by and isinstance(metric.formula, Count | InState)]


@pytest.mark.parametrize("metric", counts, ids=lambda metric: metric.key)
def test_towns_functional_zones_and_unknown_together_are_the_city(metric, after, site):
    for window in metric.windows:
        (city,) = read_metric(after.columns, site, metric, CITY, window)
        parts = read_metric(after.columns, site, metric, CITY, window, "town")
        assert sum(part.n for part in parts) == city.n
        assert city.value in (None, sum(part.value or 0 for part in parts))


@pytest.mark.parametrize("town", [*TOWNS, EMPTY])
def test_a_town_reads_what_the_oracle_makes_of_its_rows_alone(town, after, site):
    oracle = Oracle(joined(BASE, SECRET), wenling.CITY, AS_OF, town=town)
    found = [differences(after.columns, site, oracle, key, town_scope(town)) for key in catalogue()]
    assert [difference for differing, _ in found for difference in differing] == []
    assert sum(count for _, count in found) > 300


def test_the_city_reads_what_the_oracle_makes_of_all_rows(after, site):
    oracle = Oracle(joined(BASE, SECRET), wenling.CITY, AS_OF)
    assert [d for key in catalogue() for d in differences(after.columns, site, oracle, key)[0]] == []


@pytest.mark.parametrize("town", [HERE, "331081400", "?", EMPTY])
def test_a_canary_changes_no_reading_of_another_town(town, before, after, site):
    assert said(after.columns, site, town_scope(town)) == said(before.columns, site, town_scope(town))


def test_a_canary_changes_what_its_own_town_and_the_city_read(before, after, site):
    for scope in (town_scope(THERE), CITY):
        assert said(after.columns, site, scope) != said(before.columns, site, scope)


def test_readings_of_a_view_name_no_canary(after):
    for key, metric in catalogue().items():
        for window in metric.windows:
            for by in (None, *metric.by):
                given = [dict(reading.dims) for reading in after.readings(key, window, town_scope(HERE), by)]
                assert is_silent(given), (key, window, by)


def test_the_newest_rows_of_a_town_are_its_own(after):
    for name in after.columns.tables:
        table = tables().get(name)
        if table is not None and "event_at" in table.names:
            wanted = Latest(name, table.names, 10_000)
            assert is_silent(after.latest(wanted, town_scope(HERE))), name
            assert not is_silent(after.latest(wanted, town_scope(THERE))), name


def test_the_rows_behind_a_number_are_the_towns_own(before, after):
    for metric in catalogue().values():
        for window in metric.windows:
            given = after.rows_behind(metric, window, town_scope(HERE), {})
            assert is_silent(given), (metric.key, window)
            assert given == before.rows_behind(metric, window, town_scope(HERE), {})
            if "town" in metric.by:
                assert after.rows_behind(metric, window, town_scope(HERE), {"town": THERE}) == []


@panels
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_panel_drawn_for_a_town_shows_nothing_of_another(panel, language, before, after):
    drawn = [drawn_panel(panel, gathered(view, panel, town_scope(HERE)), language).children for view in (before, after)]
    assert CANARY not in drawn[1]


@panels
@pytest.mark.parametrize("town", [THERE, "331081400", EMPTY])
def test_a_panel_can_be_drawn_for_any_town(panel, town, after):
    for language in LANGUAGES:
        assert drawn_panel(panel, gathered(after, panel, town_scope(town)), language).children


def test_some_panel_shows_the_canary_to_its_own_town(after):
    drawn = {
        panel.key: drawn_panel(panel, gathered(after, panel, town_scope(THERE)), "en").children
        for screen in screens().values()
        for one in screen.arrangements
        for panel in one.panels
    }
    assert [key for key, children in drawn.items() if CANARY in children]


def answers(view, town):
    return metrics_answer(view, town_scope(town), "en", with_parts=True)["metrics"]


def test_a_canary_changes_no_answer_that_another_town_is_given(before, after):
    told = [[{**m, "observed_at": None} for m in answers(view, HERE)] for view in (before, after)]
    assert told[0] == told[1]


def test_an_answer_for_a_town_does_not_tell_when_something_happened_in_another(before, after):
    told = [{m["key"]: m["observed_at"] for m in answers(view, HERE)} for view in (before, after)]
    assert told[0] == told[1]


def run(*words):
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_for_a_town_tells_nothing_of_another(store, after):
    url = str(store.ledger.engine.url)
    assert is_silent(run("metrics", "--site", "wenling", "--store", url, "--scope", HERE, "--parts", "--json"))
    assert not is_silent(run("metrics", "--site", "wenling", "--store", url, "--scope", THERE, "--parts", "--json"))


@pytest.mark.parametrize("key", ["incidents", "runs", "calls", "e6_p50", "vehicles", "aed_uses", "video_online", "aed_points"])
def test_the_rows_that_the_command_writes_for_a_town_are_its_own(key, store, after, tmp_path):
    url = str(store.ledger.engine.url)
    written = {town: tmp_path / f"{town}.csv" for town in (HERE, THERE)}
    window = "h24" if "h24" in catalogue()[key].windows else "now"
    for town, out in written.items():
        run("rows", key, "--site", "wenling", "--store", url, "--window", window, "--scope", town, "--out", str(out))
    assert "HERE-" in written[HERE].read_text(encoding="utf-8")
    assert is_silent(written[HERE].read_text(encoding="utf-8"))
    assert not is_silent(written[THERE].read_text(encoding="utf-8"))


def test_a_command_for_a_town_that_there_is_not_says_so(store, after):
    for code in ("331081999", "?", "city", ""):
        words = ["metrics", "--site", "wenling", "--store", str(store.ledger.engine.url), "--scope", code]
        result = CliRunner().invoke(app, words)
        assert result.exit_code != 0, code


def test_the_server_of_a_town_tells_nothing_of_another(client):
    answer = client.get("/api/v1/metrics?parts=true").json()
    assert answer["scope"] == HERE
    assert is_silent(answer)
    assert {m["dims"]["town"] for m in answer["metrics"] if "town" in m["dims"]} == {HERE}


def test_the_server_of_a_town_gives_its_own_rows_only(client):
    for key, metric in catalogue().items():
        for window in metric.windows:
            answer = client.get(f"/api/v1/metrics/{key}/rows?window={window}")
            assert answer.status_code == 200
            assert is_silent(answer.json()), (key, window)


@pytest.mark.parametrize(
    "asked", [f"town={THERE}", f"station_id={CANARY}-S", f"cause={CANARY}-K", f"scope={THERE}", "scope=city"]
)
def test_no_question_gets_another_towns_rows_out_of_the_server_of_a_town(asked, client):
    for key in ("incidents", "e6_p50"):
        assert not client.get(f"/api/v1/metrics/{key}/rows?window=d7&{asked}").text.count(f"{CANARY}-I")
    assert CANARY not in client.get(f"/api/v1/metrics?parts=true&{asked}").text


def test_the_server_of_a_town_draws_its_own_panels(client):
    for key in screens():
        for language in LANGUAGES:
            for address in (f"/panels/{key}?lang={language}", f"/panels/{key}?lang={language}&scope=city"):
                answer = client.get(address)
                assert answer.status_code == 200
                assert CANARY not in answer.text


def test_a_moved_incident_leaves_the_one_town_and_is_seen_in_the_other(new_store, site):
    call = {**SECRET["emergency_call"][0]}
    with new_store() as store:
        store.tell(as_of=AS_OF, town=TOWN_LIST, **SECRET)
        for rev, town in enumerate((HERE, THERE), start=1):
            store.tell(as_of=AS_OF, emergency_call=[{**call, "rev": rev, "town_code": town}])
            view = open_view(store.ledger, site, float(AS_OF))
            for name in ("emergency_call", "incident", "unit_run"):
                columns = tables()[name].names
                seen = {t: view.latest(Latest(name, columns, 99), town_scope(t)) for t in (HERE, THERE)}
                ids = {t: {row["incident_id"] for row in rows} for t, rows in seen.items()}
                other = THERE if town == HERE else HERE
                assert f"{CANARY}-I0" in ids[town]
                assert f"{CANARY}-I0" not in ids[other]
                assert json.dumps(seen[other]).count(call["incident_id"]) == 0
