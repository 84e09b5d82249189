"""What `/metrics` tells can be parsed, adds every batch once, and names nobody."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from callbacks.board import Board
from callbacks.prometheus import Books
from cockpit.app import build
from cockpit.freshness import Age
from etl.schedule import Schedule

NOW = 1_700_000_000.0


@pytest.fixture
def filled(city, store):
    """Return a site and its store, which has read its lists, ten calls, one of them refused, and a row that came twice."""
    stamps = [{"call": f"c{n}", "incident": f"i{n}", "called": f"2023-11-14T20:{n:02d}:00", "town": "A"} for n in range(10)]
    stamps[3]["answered"] = "no time"
    city.write("emergency_call", *stamps, stamps[0])
    site = city.site()
    schedule = Schedule(site, store.ledger, lambda: NOW)
    schedule.run_due(everything=True)
    return site, store.ledger, schedule


def asked(client):
    """Return every sample by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}


def test_it_tells_ages_states_batches_sizes_and_the_process(filled):
    site, ledger, _ = filled
    with TestClient(build(site, ledger), base_url="http://127.0.0.1") as client:
        told = asked(client)
        client.get("/panels/emergency")
        drawn = asked(client)
    with ledger.reading() as connection:
        assert told["cockpit_tick_number",] == connection.execute(ledger.ticks.select()).all()[-1].number
    assert told["cockpit_tick_age_seconds",] > 0
    assert told["cockpit_source_rows_total", "emergency_call", "read"] == 11
    assert told["cockpit_source_rows_total", "emergency_call", "refused"] == 1
    assert told["cockpit_source_rows_total", "duplicate", "emergency_call"] == 1
    assert told["cockpit_quarantined_rows", "emergency_call"] == 1
    assert told["cockpit_batches", "held", "town"] == 0
    assert told["cockpit_batches", "loaded", "town"] == 1
    for source in site.sources:
        assert told["cockpit_source_age_seconds", source.key] > 0
        assert sum(told["cockpit_source_state", *sorted((source.key, state.value))] for state in Age) == 1
    assert told["cockpit_store_readable",] == 1
    assert told["cockpit_store_bytes",] > 0
    assert told["process_resident_memory_bytes",] > 0
    assert told["process_open_fds",] > 0
    assert told["cockpit_open_streams",] == 0
    assert told["cockpit_event_loop_lag_seconds",] >= 0
    assert not any(name == "cockpit_panel_drawing_seconds_count" for name, *_ in told)
    assert any(name == "cockpit_panel_drawing_seconds_count" and value > 0 for (name, *_), value in drawn.items())


def test_no_label_is_a_town_or_a_value_of_a_record(filled):
    site, ledger, _ = filled
    with TestClient(build(site, ledger), base_url="http://127.0.0.1") as client:
        client.get("/panels/emergency")
        text = client.get("/metrics").text
    labels = {s.labels[name] for f in text_string_to_metric_families(text) for s in f.samples for name in s.labels}
    with ledger.reading() as connection:
        town = ledger.tables["town"]
        towns = {word for row in connection.execute(town.select()) for word in (row.town_code, row.name)}
    assert len(towns) == 4
    assert not labels & towns
    assert not [label for label in labels if label.startswith("no time") or label in {f"c{n}" for n in range(10)}]


def test_it_stands_behind_the_guard(filled):
    site, ledger, _ = filled
    with TestClient(build(site, ledger), base_url="http://cockpit.example") as client:
        assert client.get("/metrics").status_code == 421


def test_a_store_that_cannot_be_read_is_told_and_the_rest_goes_on(filled):
    site, ledger, _ = filled
    with TestClient(build(site, ledger), base_url="http://127.0.0.1") as client:
        with ledger.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE batch RENAME TO lost")
        try:
            told = asked(client)
        finally:
            with ledger.writing() as connection:
                connection.exec_driver_sql("ALTER TABLE lost RENAME TO batch")
    assert told["cockpit_store_readable",] == 0
    assert told["cockpit_tick_number",] > 0


def test_two_applications_share_nothing(filled):
    site, ledger, _ = filled
    first, second = (Board(site, ledger, {}, "1") for _ in range(2))
    first.meter.streams.inc()
    assert first.meter.registry.get_sample_value("cockpit_open_streams") == 1
    assert second.meter.registry.get_sample_value("cockpit_open_streams") == 0


def test_the_books_are_added_once_and_a_held_batch_that_is_let_go_is_counted_anew(filled):
    _, ledger, _ = filled
    books = Books(ledger)
    books.read_on()
    whole = dict(books.rows)
    row = {"source": "town", "content": "x", "origin": "x", "finished_at": NOW, "tick": None, "message": ""}
    counts = {"read_count": 7, "duplicate_count": 0, "refused_count": 0, "opened_count": 0, "closed_count": 0}
    with ledger.writing() as connection:
        connection.execute(ledger.batches.insert(), {**row, **counts, "state": "held"})
    books.read_on()
    assert books.batches()["town", "held"] == 1
    with ledger.writing() as connection:
        connection.execute(ledger.batches.update().where(ledger.batches.c.state == "held").values(state="discarded"))
    for _ in range(3):
        books.read_on()
    assert dict(books.rows) == whole
    assert books.batches()["town", "held"] == 0
    assert books.batches()["town", "discarded"] == 1
