"""Keeping processes running, from outside: each is started again when it ends, and ends when its supervisor is gone."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.request import ProxyHandler, build_opener

LOG = logging.getLogger("cockpit")

RESTART_AFTER_S = (0.5, 1, 2, 5, 10)
"""The pauses before a process is started again, the last one for ever."""

STOP_WITHIN_S = 10
"""How long a process may take to end before it is made to."""


def follow_parent(stop: Callable[[], None]) -> None:
    """Stop when the supervisor is gone, however it went."""
    parent = os.environ.get("COCKPIT_SUPERVISOR")
    if parent is None:
        return

    def look() -> None:
        while os.getppid() == int(parent):
            time.sleep(1)
        stop()

    threading.Thread(target=look, daemon=True, name="follow-parent").start()


def supervise(commands: dict[str, list[str]]) -> int:
    """Keep the processes running, each restarted after a pause that grows while it keeps failing."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [threading.Thread(target=keep_running, args=(name, command, stop)) for name, command in commands.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def keep_running(name: str, command: list[str], stop: threading.Event) -> None:
    """Run one command again and again until told to stop."""
    environment = {**os.environ, "COCKPIT_SUPERVISOR": str(os.getpid())}
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment)  # noqa: S603 our own command line
        while process.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            end(process)
            return
        failures = 0 if time.monotonic() - began > 60 else failures + 1
        pause = RESTART_AFTER_S[min(failures, len(RESTART_AFTER_S)) - 1] if failures else RESTART_AFTER_S[0]
        LOG.error("%s ended with code %s; starting it again in %s s", name, process.returncode, pause)
        stop.wait(pause)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to stop, and make it when it does not."""
    process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def announce(address: str, say: Callable[[], None]) -> None:
    """Say so, once, when there is something to see at an address of this machine."""
    direct = build_opener(ProxyHandler({}))  # whatever proxy the environment names, this is our own machine

    def wait() -> None:
        while True:
            time.sleep(0.5)
            with suppress(OSError), direct.open(f"{address}readyz", timeout=5):
                say()
                return

    threading.Thread(target=wait, daemon=True, name="announce").start()


def own_command(*arguments: str) -> list[str]:
    """Return the command line of another process of this cockpit."""
    return [sys.executable, "-m", "cockpit.cli", *arguments]
