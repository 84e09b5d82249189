"""Telling systemd (Type=notify) that the pages are up, and, for its watchdog, that they still answer."""

import os
import socket
import threading
from contextlib import suppress
from urllib.request import ProxyHandler, build_opener

LONGEST_PAUSE_S = 10.0
FIRST_PAUSE_S = 0.5
ANSWER_WITHIN_S = 5.0


def keep_manager_informed(address: str) -> None:
    """Ask an address of this machine again and again, and pass on that it answers; without a manager nothing is done."""
    if "NOTIFY_SOCKET" in os.environ:
        threading.Thread(
            target=inform, args=(address, pause_s(), threading.Event()), daemon=True, name="inform-manager"
        ).start()


def pause_s() -> float:
    """Return how long to wait between two answers: a third of what the watchdog waits, in seconds."""
    watchdog_us = os.environ.get("WATCHDOG_USEC", "")
    return min(LONGEST_PAUSE_S, int(watchdog_us) / 3e6) if watchdog_us.isdigit() else LONGEST_PAUSE_S


def inform(address: str, every_s: float, stop: threading.Event) -> None:
    """Say READY at the first answer and WATCHDOG at every one, until told to stop; silence says the rest."""
    direct = build_opener(ProxyHandler({}))  # whatever proxy the environment names, this is our own machine
    is_ready = False
    while not stop.wait(every_s if is_ready else FIRST_PAUSE_S):
        with suppress(OSError), direct.open(address, timeout=ANSWER_WITHIN_S):
            tell_manager("WATCHDOG=1" if is_ready else "READY=1\nWATCHDOG=1")
            is_ready = True


def tell_manager(message: str) -> None:
    """Send one message to the socket that systemd names; a name that begins with @ lies outside of the file system."""
    name = os.environ["NOTIFY_SOCKET"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.sendto(message.encode(), f"\0{name[1:]}" if name.startswith("@") else name)
