"""One line an event: whatever a record says, no line is forged, no secret is told, and no flood is written."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs import MOST_A_MINUTE, MOST_CHARACTERS, Restraint, handler_to


@pytest.fixture
def heard():
    """Return a logger of its own, and a function that gives the lines it wrote in a form."""
    logger = logging.getLogger("cockpit.test")
    logger.propagate, logger.level = False, logging.INFO
    streams = {form: io.StringIO() for form in ("json", "text")}
    logger.handlers = [handler_to(stream, form) for form, stream in streams.items()]

    def lines(form):
        told = streams[form].getvalue()
        streams[form].seek(0)
        streams[form].truncate()
        assert told == "" or told.endswith("\n")
        return told.split("\n")[:-1]

    yield logger, lines
    logger.handlers, logger.propagate = [], True


def test_a_line_of_json_says_when_what_and_of_which_source(heard):
    logger, lines = heard
    logger.info("tick %d: %s", 7, "通话.csv", extra={"source": "calls", "tick": 7})
    (line,) = lines("json")
    told = json.loads(line)
    assert abs((datetime.fromisoformat(told.pop("ts")) - datetime.now(UTC)).total_seconds()) < 5
    assert told == {"event": "tick 7: 通话.csv", "level": "info", "logger": "cockpit.test", "source": "calls", "tick": 7}


@given(text=st.text(max_size=60), source=st.text(max_size=20))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_record_says_forges_no_line(heard, text, source):
    logger, lines = heard
    logger.handlers[0].filters.clear()
    logger.handlers[1].filters.clear()
    logger.error("source is lost: %s", text, extra={"source": source})
    for form in ("json", "text"):
        told = lines(form)
        assert len(told) == 1
        assert told[0].isprintable() or not any(c in told[0] for c in "\r\n\x1b\x9b\u2028\u2029\x85\u202e")
    assert len("".join(lines("json")).splitlines()) <= 1


def test_colours_of_a_terminal_are_shown_and_not_obeyed(heard):
    logger, lines = heard
    logger.info("file %s", "\x1b[31mred\x1b[0m\nts=2026 level=info forged")
    assert [line.count("\x1b") for line in lines("text")] == [0]
    (line,) = lines("json")
    assert json.loads(line)["event"] == "file \\x1b[31mred\\x1b[0m\\nts=2026 level=info forged"


def test_secrets_are_not_told(heard, monkeypatch):
    monkeypatch.setenv("HALL_TOKEN", "correct-horse-battery")
    logger, lines = heard
    logger.error("no answer of %s with %s", "postgresql://clerk:hunter2secret@hall/x", "Authorization: Bearer abc.def-123")
    logger.error("it says correct-horse-battery")
    told = "".join(lines("json") + lines("text"))
    assert "hunter2" not in told
    assert "abc.def" not in told
    assert "correct-horse" not in told
    assert "clerk:***@hall" in told


def test_an_error_with_its_traceback_is_one_line(heard):
    logger, lines = heard
    try:
        int("first\nsecond")
    except ValueError:
        logger.exception("it failed")
    (line,) = lines("json")
    assert "ValueError" in json.loads(line)["exception"]
    assert len(lines("text")) == 1


def test_a_record_is_cut_short(heard):
    logger, lines = heard
    logger.info("%s", "x" * 1_000_000)
    assert len(lines("json")[0]) < MOST_CHARACTERS + 300


def test_an_event_that_repeats_is_held_back_and_counted():
    now = 0.0
    restraint = Restraint(lambda: now)

    def passes(message, *values):
        record = logging.LogRecord("cockpit.etl", logging.ERROR, "", 0, message, values, None)
        return restraint.filter(record), getattr(record, "held_back", 0)

    passed = [passes("source %s is lost", i)[0] for i in range(MOST_A_MINUTE + 70)]
    assert sum(passed) == MOST_A_MINUTE
    assert passes("another sentence") == (True, 0)
    now = 61.0
    assert passes("source %s is lost", 1) == (True, 70)
    assert passes("source %s is lost", 1) == (True, 0)
