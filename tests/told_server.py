"""The process of `tests.told_again`, started, killed and told to go on."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

READY_WITHIN_S = 300
"""A store of three years is read in half a minute, on two cores that other tests share."""

DIRECT = build_opener(ProxyHandler({}))
"""Whatever proxy the environment names, this is our own machine."""


class ToldServer:
    """A server that tells moments of a store; it can be killed, and started again on the same port."""

    def __init__(self, site: str, store: Path, port: int) -> None:
        """Remember what to serve, and where."""
        self.site, self.store, self.port = site, store, port
        self.address = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, version: str = "told") -> None:
        """Start it, as whatever version of itself, and wait until it answers."""
        command = [sys.executable, "-m", "tests.told_again", "--site", self.site, "--store", f"sqlite:///{self.store}"]
        self.process = subprocess.Popen([*command, "--port", str(self.port), "--version", version])
        began = time.monotonic()
        while time.monotonic() - began < READY_WITHIN_S:
            assert self.process.poll() is None, "the server ended; what it said is above"
            with suppress(OSError):
                self.ask("/livez")
                return
            time.sleep(0.1)
        raise AssertionError(f"the server was not ready within {READY_WITHIN_S} s")

    def ask(self, path: str) -> Any:
        """Return what it answers."""
        with DIRECT.open(f"{self.address}{path}", timeout=10) as answer:
            return json.load(answer)

    def tell(self) -> dict[str, Any]:
        """Let it tell the next moment; return the name and number of the edition, and how many panels were fetched so far."""
        return dict(self.ask("/told/next"))

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)
            self.process = None


@contextmanager
def told_server(site: str, store: Path, port: int) -> Iterator[ToldServer]:
    """Run such a server."""
    server = ToldServer(site, store, port)
    try:
        server.start()
        yield server
    finally:
        server.kill()
