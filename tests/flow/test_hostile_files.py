"""Files that are made to harm: each is refused in one sentence, in bounded time and memory, and nobody dies of it."""

import json
import subprocess
import sys

import pytest

from tests.full import IS_FULL
from tests.hostile import RECIPES

OWN_MB = 900
"""What reading may take of the process that schedules, pandas and pyarrow among it."""

READ_MB = 1_500
"""What the process that schedules may take for a file that is large, and is read: its peak beside all else that it does."""

CHILD_MB = 1_024
"""What a child that reads a workbook may take."""

SLOW = ("many_rows", "five_million_cells", "twenty_eight_mb")
"""Files whose making alone takes a while."""
MADE = SLOW if IS_FULL else SLOW[:1]
"""All of them are made by `make torture`."""

SAYS = {
    "gzip_bomb": "more than 256 MB unpacked",
    "line_of_a_gb_packed": "line 2: the row is longer than 1,000,000 characters",
    "line_of_a_gb": "more than 256 MB",
    "row_without_end": "the row is longer than 1,000,000 characters",
    "open_quote": "the row is longer than 1,000,000 characters",
    "many_columns": "10,002 cells in a row, more than 10,000",
    "many_cells": "more than 20,000,000 cells",
    "many_rows": "more than 3,000,000 rows",
    "utf_16": "is not utf-8",
    "far_cell": "reaches to row 1,048,576 and column 16,384",
    "far_row": "reading it takes more than 1024 MB of memory",
    "far_column_that_says_little": "reaches to row 400,000 and column 16,384",
    "zip_bomb": "packed more than 200 times denser",
    "zip_bomb_that_lies": "it is no whole workbook",
    "many_parts": "it has 1,004 parts, more than 1,000",
    "entities": "declares entities",
    "wide_text": "is not written in UTF-8",
    "password": "it is protected by a password, or an old .xls",
    "no_workbook": "it is no .xlsx workbook",
    "half_a_workbook": "it is no whole workbook",
    "workbook_of_nothing": "it is no whole workbook",
    "parquet_bomb": "it has 4,000,000 rows, more than 3,000,000",
    "says_it_is_large": "it is 400 MB unpacked, more than 300",
    "five_million_cells": "over 5,000,000 cells",
    "twenty_eight_mb": "",
}


def told(folder, names):
    """Read hostile files in a process of its own, and return what became of each."""
    command = [sys.executable, "-m", "tests.hostile", str(folder), *names]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=600)
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Read every hostile file that is made fast: first those that a child reads, while their parent is small."""
    names = sorted((name for name in RECIPES if name not in SLOW), key=lambda name: RECIPES[name][0] == "csv")
    return told(tmp_path_factory.mktemp("hostile"), names)


def check(outcome):
    """Check that a file was refused in one sentence that names it, and within bounds."""
    said = outcome["said"]
    assert said.startswith((outcome["name"], "read "))
    assert SAYS[outcome["name"]] in said
    assert "\n" not in said
    assert outcome["own_mb"] < (READ_MB if said.startswith("read ") else OWN_MB)
    if RECIPES[outcome["name"]][0] != "csv":
        assert outcome["child_mb"] < CHILD_MB


def test_every_recipe_has_its_sentence():
    assert set(SAYS) == set(RECIPES)


@pytest.mark.parametrize("name", [name for name in RECIPES if name not in SLOW])
def test_a_hostile_file_is_one_sentence_and_takes_no_more_than_its_bound(outcomes, name):
    check(outcomes[name])


@pytest.mark.torture
@pytest.mark.parametrize("name", MADE)
def test_a_large_hostile_file_is_one_sentence_and_takes_no_more_than_its_bound(tmp_path, name):
    check(told(tmp_path, [name])[name])
