"""On a machine without network: install from a folder of wheels, begin, load, show, upgrade, back up and restore.

The wheels of the locked dependencies are fetched once, into `dist/wheels-of-lock`; that needs the package index.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
KEPT = ROOT / "dist" / "wheels-of-lock"
NOT_SOURCE = (".*", "dist", "build", "docs", "tests", "var", "*.egg-info", "__pycache__")

OLD_STORE = """
from alembic.migration import MigrationContext
from alembic.operations import Operations
from cockpit.ledger.engine import open_engine
from cockpit.ledger.migrations.versions import r0001_first_schema
with open_engine("{url}").begin() as connection, Operations.context(MigrationContext.configure(connection)):
    r0001_first_schema.upgrade()
"""
"""Makes a store as the first version left it."""

SERVING = """
import fcntl, socket, struct, subprocess, sys, time, urllib.error, urllib.request
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:  # the loopback device of a new namespace is off
    fcntl.ioctl(plug, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    try:
        plug.connect(("192.0.2.1", 9))
        sys.exit("there is a network")
    except OSError:
        pass
serving = subprocess.Popen([sys.argv[1], "serve", "--site", sys.argv[2], "--only", "web", "--port", "8050", "--log", "json"])
try:
    for path in sys.argv[3:]:
        for attempt in range(600):
            try:
                with urllib.request.urlopen("http://127.0.0.1:8050" + path, timeout=10) as answer:
                    print(path, answer.status, len(answer.read()))
                break
            except urllib.error.URLError:
                assert serving.poll() is None, "the server ended"
                time.sleep(0.1)
finally:
    serving.terminate()
    serving.wait(20)
"""
"""Serves a site inside the namespace and fetches pages from it."""


COMMANDS = """
import json, sys
from typer.testing import CliRunner
from cockpit.cli import app
exec(sys.argv[1])
done = [CliRunner().invoke(app, words) for words in json.loads(sys.argv[2])]
print(json.dumps([(one.exit_code, one.output) for one in done]))
"""
"""Runs some text, and then commands one after the other in one process, which imports everything once."""


@pytest.fixture(scope="module")
def without_network():
    """Return the beginning of a command that runs in a network namespace of its own, where there is no network."""
    for prefix in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return prefix
    pytest.skip("this machine lets nobody make a network namespace (unshare -n, unshare -rn), so being offline cannot be tried")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Return the folders of the project's wheel and of those of the locked dependencies."""
    stamp = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    noted = KEPT / "of-lock"
    if not noted.exists() or noted.read_text() != stamp:
        shutil.rmtree(KEPT, ignore_errors=True)
        fetch = ["download", "--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", LOCK, "-d", KEPT]
        done = pip(*fetch)
        if done.returncode:
            pytest.skip(f"the wheels of the dependencies cannot be fetched: {done.stderr.strip().splitlines()[-1]}")
        noted.write_text(stamp)
    work = tmp_path_factory.mktemp("wheels")
    source = shutil.copytree(ROOT, work / "source", ignore=shutil.ignore_patterns(*NOT_SOURCE))
    done = pip("wheel", "--no-deps", "--no-build-isolation", "-w", work / "wheels", source)
    assert done.returncode == 0, done.stderr
    return work / "wheels", KEPT


def pip(*words):
    called = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, words)]
    return subprocess.run(called, capture_output=True, text=True, check=False)


class Machine:
    """A machine without network, on which the cockpit was installed."""

    def __init__(self, prefix, folder):
        self.prefix, self.folder, self.bin = prefix, folder, folder / "venv" / "bin"
        spoken_for = ("PIP_", "PYTHON", "VIRTUAL_ENV", "COCKPIT_")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(spoken_for)} | {
            "PIP_CONFIG_FILE": os.devnull
        }

    def run(self, command, *words):
        called = [str(word) for word in (*self.prefix, self.bin / command, *words)]
        how = {"cwd": self.folder, "env": self.environment, "timeout": 240}
        done = subprocess.run(called, **how, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command} {words}: {done.stdout}{done.stderr}"
        return done.stdout

    def commands(self, *commands, before=""):
        """Run commands of the cockpit, and return what each said."""
        done = json.loads(self.run("python", "-c", COMMANDS, before, json.dumps([list(map(str, words)) for words in commands])))
        for words, (code, said) in zip(commands, done, strict=True):
            assert code == 0, f"{words}: {said}"
        return [said for _, said in done]


@pytest.fixture(scope="module")
def machine(without_network, wheels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    installed = Machine(without_network, folder)
    found = [word for folder in wheels for word in ("--find-links", folder)]
    installed.run("pip", "install", "--no-compile", "--no-index", *found, "city-cockpit")
    return installed


def test_a_city_is_begun_loaded_served_upgraded_backed_up_and_restored_without_network(machine):
    asked = ["metrics", "--site", "city", "--window", "d7", "--json"]
    machine.run("cockpit", "init", "city")
    _, told = machine.commands(["etl", "run", "--site", "city"], asked)
    first = json.loads(told)["metrics"]
    assert next(reading["value"] for reading in first if reading["key"] == "e1_p50") is not None

    paths = ("/readyz", "/screen/emergency", "/assets/cockpit.css", "/assets/live.js", "/panels/emergency", "/metrics")
    served = machine.run("python", "-c", SERVING, machine.bin / "cockpit", "city", *paths)
    assert [line.split()[:2] for line in served.splitlines()] == [[path, "200"] for path in paths]

    old, new = (f"sqlite:///{machine.folder / name}" for name in ("old.db", "new.db"))
    _, upgraded, _, restored, again, found = machine.commands(
        ["etl", "run", "--site", "city", "--store", old],
        [*asked, "--store", old],
        ["backup", "--site", "city", "--out", "city.zip"],
        ["restore", "city.zip", "--store", new, "--verify"],
        [*asked, "--store", new],
        ["doctor", "--site", "city", "--json"],
        before=OLD_STORE.format(url=old),
    )
    assert json.loads(upgraded)["metrics"] == json.loads(again)["metrics"] == first
    assert "compared and equal" in restored
    assert "fail" not in {finding["status"] for finding in json.loads(found)}


def test_nothing_of_the_source_tree_is_needed(machine):
    where = machine.run("python", "-c", "import cockpit.app, assets; print(cockpit.app.ASSETS, *assets.__path__)")
    assert str(ROOT) not in where
    assert where.split()[0] == where.split()[1]
