"""What a browser calls a file never becomes a path; a file reaches the inbox whole, or not at all."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.spool import LONGEST_NAME, MOST_KEPT, Spool, ending_as, shown_name
from cockpit.errors import UnknownName

HOSTILE = (
    "../../etc/passwd",
    "/etc/passwd",
    "a\0b.csv",
    "x" * 5000,
    "..",
    "",
    "C:\\a.csv",
    "a\nb\x1b[31m.csv",
    "\u202efdp.csv",
    ".csv",
)


@pytest.fixture
def spool(city):
    return Spool(city.site())


def received(spool, name="a.csv", content=b"station,name,town\n"):
    path = spool.place() / "upload.csv"
    path.write_bytes(content)
    return spool.keep(spool.site.source("station"), name, path)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_a_path(spool, name):
    spooled = received(spool, name)
    sent = spool.submit(spooled.token, "hash", now=0.0)
    inbox = spool.site.inbox("station")
    (found,) = inbox.iterdir()
    assert re.fullmatch(r"19700101T000000Z-[0-9a-f]{12}\.csv", found.name)
    assert sent.origin == f"inbox/{found.name}"
    assert found.read_bytes() == b"station,name,town\n"


@given(st.text())
def test_a_name_is_shown_as_one_short_line(name):
    shown = shown_name(name)
    assert 0 < len(shown) <= LONGEST_NAME + 1
    assert shown.isprintable()


def test_a_file_waits_until_it_is_confirmed_and_only_once(spool):
    spooled = received(spool)
    assert not spool.site.inbox("station").exists()
    spool.submit(spooled.token, "hash", now=0.0)
    with pytest.raises(UnknownName, match="choose the file again"):
        spool.submit(spooled.token, "hash", now=0.0)


@pytest.mark.parametrize("token", ["..", "../..", "", "x"])
def test_a_token_that_was_never_given_names_nothing(spool, token):
    received(spool)
    with pytest.raises(UnknownName):
        spool.submit(token, "hash", now=0.0)


def test_no_more_than_a_few_files_wait(spool):
    first, *others = [received(spool) for _ in range(MOST_KEPT + 1)]
    assert not first.path.exists()
    assert all(other.path.exists() for other in others)
    assert list(spool.waiting) == [other.token for other in others]


def test_what_a_dead_process_left_is_swept_away_and_what_a_living_one_keeps_is_not(spool):
    folder = spool.folder.parent
    gone, alive = folder / ".spool-999999999", folder / f".spool-{os.getppid()}"
    for left in (gone, alive):
        (left / "x").mkdir(parents=True)
    received(spool)
    assert not gone.exists()
    assert alive.exists()


def test_a_source_that_waits_for_markers_gets_one_after_the_file(spool):
    config = spool.site.source("station").model_copy(update={"done_suffix": ".done"})
    path = spool.place() / "upload.csv"
    path.write_bytes(b"x")
    spool.submit(spool.keep(config, "a.csv", path).token, "hash", now=0.0)
    names = sorted(found.name for found in spool.site.inbox("station").iterdir())
    assert names[1] == f"{names[0]}.done"


@pytest.mark.parametrize(
    ("name", "path", "told"),
    [
        ("a.csv", "upload.csv", "a.csv"),
        ("a.CSV", "upload.csv", "a.CSV"),
        ("a.csv", "upload.csv.gz", "a.csv.gz"),
        ("a.csv.gz", "upload.csv", "a.csv.gz.csv"),
        ("a.txt", "upload.csv.gz", "a.txt.csv.gz"),
        ("a.exe", "upload.xlsx", "a.exe.xlsx"),
    ],
)
def test_what_a_file_is_called_ends_as_what_it_is(name, path, told):
    assert ending_as(name, Path(path)) == told
