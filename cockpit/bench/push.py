"""How soon a commit is heard of, and what it costs the server to tell."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import numpy as np

from cockpit.app import allow_connections
from cockpit.bench.city import Week, ledger_at, load_week
from cockpit.bench.figure import Figure, Measure, Place, Sizes, over
from cockpit.bench.history import Told
from cockpit.errors import CockpitError
from cockpit.supervision import end, own_command

PAUSE_S = (0.4, 0.6)
"""Between two commits; drawn anew each time, or the commits would keep step with the server's looking."""

READY_WITHIN_S = 180
CHANGED_ROWS = 20


@dataclass(frozen=True)
class Pushed:
    """What was measured with some clients: seconds from commit to received, and CPU milliseconds an update."""

    latencies_s: tuple[float, ...]
    cpu_ms: float

    def at(self, q: float) -> float:
        """Return a quantile of the latencies, in seconds."""
        return float(np.quantile(self.latencies_s, q))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def serving(store: Path, port: int, site: str = "dublin") -> Iterator[int]:
    """Run the web server over a store, and give its process number once it answers."""
    arguments = ("serve", "--site", site, "--store", f"sqlite:///{store}", "--only", "web", "--port", str(port))
    process = subprocess.Popen(own_command(*arguments), stderr=subprocess.DEVNULL)  # noqa: S603 our own command line
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/livez")
        yield process.pid
    finally:
        end(process)


def wait_until_it_answers(address: str) -> None:
    """Wait for an address of this machine. Raises: CockpitError when nothing answers in time."""
    direct = build_opener(ProxyHandler({}))
    began = time.monotonic()
    while time.monotonic() - began < READY_WITHIN_S:
        try:
            direct.open(address, timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise CockpitError(f"{address} did not answer within {READY_WITHIN_S} s")


@contextmanager
def listening(port: int, count: int) -> Iterator["subprocess.Popen[str]"]:
    """Run a process of stream clients, and give it once all of them listen."""
    command = [sys.executable, "-m", "cockpit.bench.clients", str(port), str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own
    assert process.stdout is not None
    try:
        if process.stdout.readline() != "listening\n":
            raise CockpitError(f"{count} stream clients could not connect to port {port}")
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def cpu_s(process: int) -> float:
    """Return the CPU time that a process has used, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pushed(told: Told, server: int, port: int, clients: int, sizes: Sizes) -> Pushed:
    """Commit some updates while clients listen. Raises: CockpitError when a client does not hear of one."""
    committed: dict[int, float] = {}
    with listening(port, clients) as process:
        before = cpu_s(server)
        for _ in range(sizes.updates):
            tick = told.commit(CHANGED_ROWS)
            committed[tick] = time.time()
            time.sleep(told.draw.uniform(*PAUSE_S))
        used = cpu_s(server) - before
        time.sleep(sizes.patience_s)
        said, _ = process.communicate()
    latencies = [latency for heard in json.loads(said) for latency in latencies_s(heard, committed)]
    return Pushed(tuple(latencies), 1000 * used / sizes.updates)


def latencies_s(heard: list[tuple[int, float]], committed: dict[int, float]) -> Iterator[float]:
    """Yield how long after each commit one client heard of that tick, or of a newer one (s). Raises: CockpitError."""
    for tick, committed_at in committed.items():
        first = next((at for number, at in heard if number >= tick), None)
        if first is None:
            raise CockpitError(f"a stream client never heard of tick {tick}")
        yield first - committed_at


def run(place: Place) -> Iterable[Figure]:
    """Commit ticks of 20 rows while 1, 200 and 1,000 raw sockets listen to the real server, on loopback.

    Latency runs from the end of the commit to the client's read, so it holds what looking for news, applying
    them and telling everybody take; panels are not fetched. A tick that is told
    together with the next one counts as heard then. CPU is that of the server's process, all threads, from
    the first commit to the last, what it uses while it waits included. `push_1000_over_1` is the p99 latency of
    the most clients over that of one.
    """
    allow_connections()
    week = Week(place.sizes.drawn_incidents)
    ledger = ledger_at(place.folder / "push.db")
    load_week(ledger, week, incidents_a_batch=1000)
    told, port = Told(ledger, week, 1, random.Random(1)), free_port()  # noqa: S311 nothing is kept secret
    with serving(place.folder / "push.db", port) as server:
        found = [pushed(told, server, port, count, place.sizes) for count in place.sizes.clients]
    ledger.engine.dispose()
    yield from figures(found)


LABELS = (1, 200, 1000)
P99_GOALS_S = {1000: 0.5}
MOST_TIMES_ONE = 15


def figures(found: list[Pushed]) -> Iterator[Figure]:
    """Yield the figures of each number of clients."""
    one = found[0]
    for label, of in zip(LABELS, found, strict=True):
        yield Figure(name=f"push_{label}_p50_s", value=of.at(0.5), unit="s", baseline=one.at(0.5))
        yield Figure(
            name=f"push_{label}_p99_s", value=of.at(0.99), unit="s", baseline=one.at(0.99), goal=P99_GOALS_S.get(label)
        )
        yield Figure(name=f"push_{label}_cpu_ms", value=of.cpu_ms, unit="ms", baseline=one.cpu_ms)
    yield over("push_1000_over_1", found[-1].at(0.99), one.at(0.99), MOST_TIMES_ONE)


MEASURE = Measure(
    names=(*(f"push_{label}_{what}" for label in LABELS for what in ("p50_s", "p99_s", "cpu_ms")), "push_1000_over_1"),
    run=run,
)
