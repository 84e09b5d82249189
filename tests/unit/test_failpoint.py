"""Failpoints: named places fail as asked, at the asked passage, and nowhere else."""

import errno
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import cockpit
import etl
from cockpit.failpoint import OTHER_STEPS, PASSED, STEPS, failpoint


@pytest.fixture(autouse=True)
def forget():
    PASSED.clear()


def ask(monkeypatch, asked):
    monkeypatch.setenv("COCKPIT_FAIL", asked)


def end_of(step, written=None):
    """Let a process come by a place, and return how it ended."""
    where = f"pathlib.Path({str(written)!r})" if written else "None"
    code = f"import pathlib; from cockpit.failpoint import failpoint; failpoint({step!r}, written={where})"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_every_named_step_stands_in_the_code_once_and_no_other_does():
    code = [path.read_text(encoding="utf-8") for package in (cockpit, etl) for path in Path(package.__path__[0]).rglob("*.py")]
    found = [name for text in code for name in re.findall(r'^\s+failpoint\("(\w+)"', text, re.MULTILINE)]
    assert sorted(found) == sorted((*STEPS, *OTHER_STEPS))


def test_without_the_variable_nothing_fails(monkeypatch):
    monkeypatch.delenv("COCKPIT_FAIL", raising=False)
    for step in STEPS:
        failpoint(step)
    assert PASSED == {}


def test_another_step_does_not_fail(monkeypatch):
    ask(monkeypatch, "merged:1:raise")
    failpoint("begun")


def test_a_step_fails_at_the_asked_passage_and_then_no_more(monkeypatch):
    ask(monkeypatch, "merged:2:raise")
    failpoint("merged")
    with pytest.raises(RuntimeError, match="merged"):
        failpoint("merged")
    failpoint("merged")


def test_a_full_disk_is_told_as_the_system_tells_it(monkeypatch):
    ask(monkeypatch, "merged:1:enospc")
    with pytest.raises(OSError, match="No space") as told:
        failpoint("merged")
    assert told.value.errno == errno.ENOSPC


@pytest.mark.parametrize("asked", ["merged", "merged:1", "merged:1:kill"])
def test_a_killed_process_is_gone_at_once(monkeypatch, asked):
    ask(monkeypatch, asked)
    assert end_of("merged") == -signal.SIGKILL


def test_half_of_what_was_written_stays_and_the_process_is_gone(monkeypatch, tmp_path):
    written = tmp_path / "file"
    written.write_bytes(b"0123456789")
    ask(monkeypatch, "merged:1:partial")
    assert (end_of("merged", written=written), written.read_bytes()) == (-signal.SIGKILL, b"01234")


@pytest.mark.parametrize(
    ("asked", "said"), [("merged:1:partial", "writes no file"), ("merged:1:sleep", "'sleep' is no action")]
)
def test_what_a_step_cannot_do_is_said(monkeypatch, asked, said):
    ask(monkeypatch, asked)
    with pytest.raises(ValueError, match=said):
        failpoint("merged")
