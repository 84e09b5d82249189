"""Imports run down only: every contract of the house is kept, and none has an exception."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


@pytest.fixture(scope="module")
def told():
    """Return what `lint-imports` says of the project."""
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_every_import_contract_is_kept(told):
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"Contracts: {len(RULES['contracts'])} kept, 0 broken" in told.stdout


def test_no_import_contract_ignores_an_edge():
    assert [rule["name"] for rule in RULES["contracts"] if "ignore_imports" in rule] == []


def test_every_room_is_under_the_contracts():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(RULES["root_packages"])
